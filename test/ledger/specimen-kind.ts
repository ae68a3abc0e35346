import { eq, sql } from "drizzle-orm";
import { defineKind } from "../../src/domain/ledger/kind.ts";
import { LATE_AFTER_MS } from "../../src/domain/ledger/late-after.ts";
import {
  memberColumns,
  memberCondition,
  memberOf,
  memberValues,
} from "../../src/domain/ledger/queries/member-rows.ts";
import { prepared } from "../../src/platform/db/prepared.ts";
import { deliveries, partners } from "../../src/platform/db/schema/index.ts";

const NAME = "specimen";

const members = prepared(memberValues, (db, of) =>
  db
    .select({
      ...memberColumns,
      slug: partners.slug,
      frozen: partners.frozen,
      standing: sql<number>`${partners.frozen} + 0`,
    })
    .from(deliveries)
    .innerJoin(partners, eq(partners.id, deliveries.recipientId))
    .where(memberCondition(NAME, of))
    .orderBy(deliveries.place),
);

/** A kind that the product doesn't have: a report to a partner, who is no subscriber. It hangs on the partner, too. */
export const specimen = defineKind<{ readonly slug: string }>({
  name: NAME,
  title: "data.kind.notice",
  lane: "letters",
  lateAfterMs: LATE_AFTER_MS,
  skipFreesItem: true,
  foundBySubject: true,
  hadAs: null,
  leaving: () => ({ stops: "nothing" }),
  runOf: () => sql`null`,
  itemName: (item) => sql`'report ' || cast(${item} as integer)`,
  mailbox: (recipient) => ({
    address: sql`(select ${partners.slug} || '@partners.themepost.dev' from ${partners} where ${partners.id} = ${recipient})`,
    firstName: sql`''`,
  }),
  standing: (recipient) =>
    sql`(select ${partners.frozen} + 0 from ${partners} where ${partners.id} = ${recipient})`,
  anchorsOf: () => null,
  belongs: (anchor, recipient) =>
    sql`exists (select 1 from ${partners} where ${partners.id} = ${anchor} and ${partners.id} = ${recipient})`,
  unwanted: () => ({}),
  readMembers: async (db, rows) => {
    const found = await members(db, rows).run();
    return found.map(({ slug, frozen, ...row }) =>
      memberOf(
        { ...row, address: `${slug}@partners.themepost.dev`, addressHash: `partner ${slug}`, firstName: "" },
        {
          eligibility: frozen ? { kind: "ineligible", reason: "frozen" } : { kind: "eligible" },
          onProvidersList: false,
          details: { slug },
        },
      ),
    );
  },
  message: ({ details }) => ({
    links: [],
    subjectMark: "",
    oneClick: null,
    texts: { erase_url: "https://partners.themepost.dev" },
    list: null,
    stream: `${details.slug}:report`,
  }),
});
