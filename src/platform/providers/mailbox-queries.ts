import { sql } from "drizzle-orm";
import * as z from "zod";
import type { Db } from "../db/client.ts";
import { mailboxClock, mailboxMessages } from "../db/schema/index.ts";

/** A message without its bodies, as the list shows it. */
export type MessageLine = {
  readonly id: number;
  readonly to: string;
  readonly subject: string;
  readonly kind: string;
  readonly sentAt: number;
};

/** A whole message. */
export type MailboxMessage = {
  readonly id: number;
  readonly to: string;
  readonly from: string;
  readonly replyTo: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: ReadonlyArray<{ readonly name: string; readonly value: string }>;
  readonly sentAt: number;
};

const headersSchema = z.record(z.string(), z.string());
const tagsSchema = z.array(z.object({ name: z.string(), value: z.string() }));

/** The newest messages with an id below `before` first, to one address only where `to` is given (exact, without regard to case). */
export async function listMessages(
  db: Db,
  to: string | null,
  before: number,
  limit: number,
): Promise<MessageLine[]> {
  return db.all<MessageLine>(sql`
    select id, recipient as "to", subject, sent_at as sentAt,
      coalesce((select value ->> 'value' from json_each(tags) where value ->> 'name' = 'kind'), '') as kind
    from ${mailboxMessages} where ${recipientIs(to)} and id < ${before} order by id desc limit ${limit}`);
}

/** The newest whole messages first. */
export async function readMessages(db: Db, to: string | null, limit: number): Promise<MailboxMessage[]> {
  return select(db, sql`where ${recipientIs(to)} order by id desc limit ${limit}`);
}

/** One whole message; null when there is none. */
export async function readMessage(db: Db, id: number): Promise<MailboxMessage | null> {
  const [message] = await select(db, sql`where id = ${id}`);
  return message ?? null;
}

/** How many messages there are, to one address only where `to` is given. */
export async function countMessages(db: Db, to: string | null): Promise<number> {
  const row = await db.get<{ n: number }>(
    sql`select count(*) as n from ${mailboxMessages} where ${recipientIs(to)}`,
  );
  return row?.n ?? 0;
}

/** How far the mailbox's clock runs ahead of real time (ms). */
export async function readSkippedMs(db: Db): Promise<number> {
  const row = await db.get<{ skippedMs: number }>(
    sql`select skipped_ms as skippedMs from ${mailboxClock} where id = 1`,
  );
  return row?.skippedMs ?? 0;
}

/** Moves the clock ahead to `skippedMs`, never back. */
export async function skipAhead(db: Db, skippedMs: number): Promise<void> {
  await db.run(sql`
    insert into ${mailboxClock} (id, skipped_ms) values (1, ${skippedMs})
    on conflict (id) do update set skipped_ms = max(skipped_ms, excluded.skipped_ms)`);
}

function recipientIs(to: string | null) {
  return to === null ? sql`true` : sql`lower(recipient) = ${to.trim().toLowerCase()}`;
}

async function select(db: Db, condition: ReturnType<typeof sql>): Promise<MailboxMessage[]> {
  type Row = Omit<MailboxMessage, "headers" | "tags"> & { readonly headers: string; readonly tags: string };
  const rows = await db.all<Row>(sql`
    select id, recipient as "to", sender as "from", reply_to as replyTo, subject, html, text, headers, tags,
      sent_at as sentAt from ${mailboxMessages} ${condition}`);
  return rows.map((row) => ({
    ...row,
    headers: headersSchema.parse(JSON.parse(row.headers)),
    tags: tagsSchema.parse(JSON.parse(row.tags)),
  }));
}
