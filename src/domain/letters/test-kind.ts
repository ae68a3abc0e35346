import { eq, sql } from "drizzle-orm";
import { DAY_MS } from "../../platform/calendar/durations.ts";
import { prepared } from "../../platform/db/prepared.ts";
import { deliveries, deskPeople, drafts, renditions, type SentTest } from "../../platform/db/schema/index.ts";
import type { Language } from "../../platform/texts/languages.ts";
import { defineKind } from "../ledger/kind.ts";
import { memberColumns, memberCondition, memberValues } from "../ledger/queries/member-rows.ts";
import { puppetDates } from "./puppet.ts";
import { deskMember, deskStanding, isToDesk, TO_DESK } from "./queries/desk-recipient.ts";
import { BROADCAST_LIST, OF_SITE } from "./queries/drafts.ts";

const NAME = "test";
/** Whoever tries a letter looks at it now. */
const LATE_AFTER_MS = DAY_MS;

const standing = deskStanding(sql<number>`(${deskPeople.removedAt} is null)`);

type Details = {
  readonly sequenceSlug: string | null;
  readonly sequenceTitle: string | null;
  readonly stepSlug: string | null;
  readonly language: Language | null;
};

const members = prepared(memberValues, (db, of) =>
  db
    .select({
      ...memberColumns,
      address: deskPeople.address,
      standing: standing.own,
      sequenceSlug: drafts.sequence,
      content: drafts.content,
      language: renditions.language,
    })
    .from(deliveries)
    .innerJoin(deskPeople, isToDesk)
    .leftJoin(drafts, eq(drafts.id, deliveries.anchor))
    .leftJoin(renditions, eq(renditions.id, deliveries.renditionId))
    .where(memberCondition(NAME, of))
    .orderBy(deliveries.place),
);

/**
 * A letter that someone at the desk sends themselves while they write it: as readers will get it, but for a mark before its subject and links that
 * change nothing. It hangs on the note of it among the saves.
 */
export const test = defineKind<Details>({
  ...TO_DESK,
  name: NAME,
  lateAfterMs: LATE_AFTER_MS,
  standing: standing.of,
  belongs: (anchor, recipient) =>
    sql`exists (select 1 from ${drafts} where ${drafts.id} = ${anchor} and ${drafts.kind} = 'sent'
      and ${drafts.content} ->> 'personId' = ${recipient})`,
  readMembers: async (db, rows) => {
    const found = await members(db, rows).run();
    return found.map(({ sequenceSlug, content, language, ...row }) => {
      const { title = null, step = null } = (content ?? {}) as Partial<SentTest>;
      return deskMember(row, { sequenceSlug, sequenceTitle: title, stepSlug: step, language });
    });
  },
  message: ({ id, renditionId, slotAt, details }) => {
    const { sequenceSlug, sequenceTitle, stepSlug, language } = details;
    const list = sequenceSlug === OF_SITE ? BROADCAST_LIST : sequenceSlug;
    const nowhere = { purpose: "test", id, expiresAt: null, generation: 0 } as const;
    return {
      links: [
        { slot: "preferences_url", ...nowhere },
        { slot: "unsubscribe_url", ...nowhere },
        { slot: "read_url", ...nowhere, purpose: "read", id: renditionId },
      ],
      subjectMark: "[Test] ",
      oneClick: "unsubscribe_url",
      texts: puppetDates(language ?? "en", slotAt),
      list: list === null ? null : { slug: list, title: sequenceTitle ?? "" },
      stream: `${stepSlug ?? "none"}:${list ?? "account"}`,
    };
  },
});
