import { and, count, desc, eq, lt, max, or, sql } from "drizzle-orm";
import type { Db } from "../db/client.ts";
import { mailboxClock, mailboxMessages } from "../db/schema/index.ts";
import { excluded } from "../db/write.ts";

/** A message without its bodies, as the list shows it. */
export type MessageLine = Awaited<ReturnType<typeof listMessages>>[number];

/** A whole message. */
export type MailboxMessage = Awaited<ReturnType<typeof readMessages>>[number];

const line = {
  id: mailboxMessages.id,
  to: mailboxMessages.recipient,
  subject: mailboxMessages.subject,
  sentAt: mailboxMessages.sentAt,
};

const whole = {
  ...line,
  from: mailboxMessages.sender,
  replyTo: mailboxMessages.replyTo,
  html: mailboxMessages.html,
  text: mailboxMessages.text,
  headers: mailboxMessages.headers,
  tags: mailboxMessages.tags,
};

/** The newest messages with an id below `before` first, only those with `q` in their address or subject where it's given. */
export async function listMessages(db: Db, q: string | null, before: number, limit: number) {
  const rows = await db
    .select({ ...line, tags: mailboxMessages.tags })
    .from(mailboxMessages)
    .where(and(hasPart(q), lt(mailboxMessages.id, before)))
    .orderBy(desc(mailboxMessages.id))
    .limit(limit);
  return rows.map(({ tags, ...row }) => ({
    ...row,
    kind: tags.find(({ name }) => name === "kind")?.value ?? "",
  }));
}

/** The newest whole messages first, to one address only where `to` is given (exact, without regard to case). */
export function readMessages(db: Db, to: string | null, limit: number) {
  return db
    .select(whole)
    .from(mailboxMessages)
    .where(recipientIs(to))
    .orderBy(desc(mailboxMessages.id))
    .limit(limit);
}

/** One whole message; null when there is none. */
export async function readMessage(db: Db, id: number): Promise<MailboxMessage | null> {
  const [message] = await db.select(whole).from(mailboxMessages).where(eq(mailboxMessages.id, id));
  return message ?? null;
}

/** How many messages there are with `q` in their address or subject, all where it's null; and the id of the newest of all, 0 for none. */
export async function countMessages(
  db: Db,
  q: string | null,
): Promise<{ readonly count: number; readonly newest: number }> {
  const [[found], [all]] = await Promise.all([
    db.select({ n: count() }).from(mailboxMessages).where(hasPart(q)),
    db.select({ newest: max(mailboxMessages.id) }).from(mailboxMessages),
  ]);
  return { count: found?.n ?? 0, newest: all?.newest ?? 0 };
}

/** How far the mailbox's clock runs ahead of real time (ms). */
export async function readSkippedMs(db: Db): Promise<number> {
  const [row] = await db.select({ skippedMs: max(mailboxClock.skippedMs) }).from(mailboxClock);
  return row?.skippedMs ?? 0;
}

/** Moves the clock ahead to `skippedMs`, never back. */
export async function skipAhead(db: Db, skippedMs: number): Promise<void> {
  const later = sql`max(${mailboxClock.skippedMs}, ${excluded(mailboxClock, "skippedMs")})`;
  await db
    .insert(mailboxClock)
    .values({ id: 1, skippedMs })
    .onConflictDoUpdate({ target: mailboxClock.id, set: { skippedMs: later } });
}

/** The letters of ASCII count as the same in both cases, as SQLite's `lower` has it. */
function hasPart(q: string | null) {
  if (q === null) return undefined;
  const part = q.toLowerCase();
  return or(
    sql`instr(lower(${mailboxMessages.recipient}), ${part}) > 0`,
    sql`instr(lower(${mailboxMessages.subject}), ${part}) > 0`,
  );
}

function recipientIs(to: string | null) {
  return to === null ? undefined : sql`lower(${mailboxMessages.recipient}) = ${to.trim().toLowerCase()}`;
}
