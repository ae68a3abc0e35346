import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../platform/db/client.ts";
import type { Details, PinnedMember } from "../../platform/db/schema/index.ts";
import type { Write } from "../../platform/db/write.ts";
import type { Lane } from "../../platform/guard/rate.ts";
import type { LinkSubject } from "../../platform/links/token.ts";
import type { WordKey } from "../../platform/texts/texts.ts";

/** Whether a delivery may be mailed now; if not, why: the reason with which it is skipped. */
export type Eligibility =
  | { readonly kind: "eligible" }
  | { readonly kind: "ineligible"; readonly reason: string };

/** A planned delivery of a batch, with where its recipient stands right now. */
export type Member<Own extends Details = Details> = {
  /** As the first attempt will pin it. */
  readonly pinned: PinnedMember<Own>;
  /** By it the Guard names the opt-outs of its recipient. */
  readonly addressHash: string;
  /** Its slot, or when it was released: `lateAfterMs` from here it is held. */
  readonly fromAt: number;
  readonly lateAfterMs: number;
  readonly eligibility: Eligibility;
  /** The recipient's number of standing as it was read, in the same statement. */
  readonly standing: number;
  /** Whether the provider may still have the address on a list of its own, from which it must be taken first. */
  readonly onProvidersList: boolean;
};

/** A member as its kind reads it; how late it may be, the kind says once for all. */
export type ReadMember<Own extends Details = Details> = Omit<Member<Own>, "lateAfterMs">;

/** What a message carries besides its merged letter. */
export type MessageParts = {
  /** Signed links, by the slot of the letter that each fills. */
  readonly links: ReadonlyArray<LinkSubject & { readonly slot: string }>;
  /** What stands before the letter's own subject; empty for nothing. */
  readonly subjectMark: string;
  /** The slot whose link is the one-click of RFC 8058; null where there is nothing to leave. */
  readonly oneClick: string | null;
  /** Other slots of the letter, as plain text. */
  readonly texts: Readonly<Record<string, string>>;
  /** The list that it belongs to; null for mail that belongs to none. */
  readonly list: { readonly slug: string; readonly title: string } | null;
  /** What the letter is of its list, for the provider's statistics. */
  readonly stream: string;
};

/** What leaving by the one-click of a letter stops. */
export type Leaving =
  | { readonly stops: "sequence"; readonly enrollmentId: number }
  | { readonly stops: "broadcasts"; readonly subscriberId: number }
  /** Its letters carry no such link. */
  | { readonly stops: "nothing" };

/** Which rows a kind reads as members: the planned deliveries of a batch that are of this kind. */
export type MemberRows = { readonly batchId: number; readonly now: number };

/** The deliveries of one person by their anchors: anchor and the slug of its sequence (or null), and where they are read from. */
export type Anchors = { readonly anchor: SQL; readonly sequence: SQL; readonly from: SQL };

/**
 * What a kind of delivery must answer. The folder that plans a kind exports its answers, `domain/kinds.ts` lists them, and
 * nothing else knows a kind's name. Every answer is asked for: there are no defaults to forget.
 */
export type Kind = {
  /** In the ledger, in tags, timelines and exports. Never changed. */
  readonly name: string;
  /** How a person's own pages call such a letter that has no title of its own. */
  readonly title: WordKey;
  /** Which of the two lanes it leaves by. */
  readonly lane: Lane;
  /** How long after its slot it may still leave; then it is held for the owner. */
  readonly lateAfterMs: number;
  /** Whether one that was skipped gives its item back, so that the same can be planned again. */
  readonly skipFreesItem: boolean;
  /** Whether the provider's list can tell one of them by address, subject and time: several alike could not be told apart. */
  readonly foundBySubject: boolean;
  /** What its one-click stops. */
  readonly leaving: (delivery: { readonly anchor: number }) => Leaving;
  /** What a segment means that asks who had one of them; null where none asks. */
  readonly hadAs: "theme" | "broadcast" | null;
  /** The name of what the item is, as an SQL expression; null where items are nothing by themselves. */
  readonly itemName: (item: SQL) => SQL;
  /** The run that the item was planned by, where that's known from it, as an SQL expression; null where it isn't. A restore enters its letters there. */
  readonly runOf: (item: SQL) => SQL;
  /** Where a message reaches a recipient, and how it names them, as SQL expressions over the recipient's id. */
  readonly mailbox: (recipient: SQL) => { readonly address: SQL; readonly firstName: SQL };
  /**
   * A recipient's number of standing now, as an SQL expression over their id: every change that decides whether they may be mailed raises
   * it, in its own transaction.
   */
  readonly standing: (recipient: SQL) => SQL;
  /** A subscriber's anchors; null where recipients of this kind are no subscribers: they are no one's to stop, show or erase. */
  readonly anchorsOf: (subscriberId: SQL) => Anchors | null;
  /** Condition that an anchor is there and belongs to that recipient: only then does a restore enter the delivery again. */
  readonly belongs: (anchor: SQL, recipient: SQL) => SQL;
  /** What a first hard bounce of one of them, or a first complaint about it, counts in besides its run: statements that hold where `isFirst` does. */
  readonly unwanted: (
    anchor: number,
    report: { readonly as: "bounced" | "complained"; readonly now: number; readonly isFirst: SQL },
  ) => Readonly<Record<string, Write>>;
  /** Its planned deliveries of a batch in call order, each with whether it may be mailed now. One statement. */
  readonly readMembers: (db: Db, rows: MemberRows) => Promise<readonly ReadMember[]>;
  /** What its message carries; the same for the same member, always. */
  readonly message: (member: PinnedMember) => MessageParts;
};

/** A kind whose members carry details of their own. Only the kind itself writes and reads them, so their type is kept here. */
export function defineKind<Own extends Details>(
  answers: Omit<Kind, "readMembers" | "message"> & {
    readonly readMembers: (db: Db, rows: MemberRows) => Promise<ReadonlyArray<ReadMember<Own>>>;
    readonly message: (member: PinnedMember<Own>) => MessageParts;
  },
): Kind {
  return answers as unknown as Kind;
}

/** The registry: every kind by its name, and what statements need of all kinds together. */
export type Kinds = ReturnType<typeof kindsOf>;

/** The registry of these kinds. Throws where two have one name. */
export function kindsOf(all: readonly Kind[]) {
  const byName = new Map(all.map((kind) => [kind.name, kind]));
  if (byName.size !== all.length) throw new Error("two kinds have one name");
  /** `case kind when … end` over all kinds. */
  const byKind = (kind: SQL, answer: (of: Kind) => SQL, otherwise: SQL) =>
    sql`case ${kind} ${sql.join(
      all.map((each) => sql`when ${each.name} then ${answer(each)}`),
      sql` `,
    )} else ${otherwise} end`;
  return {
    all,
    /** Throws where no kind has this name: then a row was written by something that is not registered. */
    of: (name: string): Kind => {
      const kind = byName.get(name);
      if (kind === undefined) throw new Error(`no kind of delivery is named ${name}`);
      return kind;
    },
    byKind,
    /** The names of those whose recipients are subscribers. */
    toSubscribers: all.filter((kind) => kind.anchorsOf(sql`0`) !== null).map(({ name }) => name),
    /** The names of those that leave by a lane. */
    inLane: (lane: Lane): string[] => all.filter((kind) => kind.lane === lane).map(({ name }) => name),
    /** The names of those of which `is` is true. */
    namesWhere: (is: (kind: Kind) => boolean): string[] => all.filter(is).map(({ name }) => name),
  };
}
