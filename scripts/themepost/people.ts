import { writeFileSync } from "node:fs";
import type { Ask } from "./api.ts";
import { ANY_NUMBER, type Command, numbers, Refused, shown, textOf } from "./command.ts";
import { localTime, table } from "./show.ts";

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

type Timeline = {
  readonly subscriber_id: number;
  readonly state: string;
  readonly suppressed: { readonly reason: string } | null;
  readonly entries: readonly {
    readonly at: string;
    readonly kind: string;
    readonly what: string;
    readonly step?: string | null;
    readonly reason?: string | null;
    readonly slot_at?: string;
    readonly letter_id?: number | null;
  }[];
  readonly upcoming: readonly {
    readonly sequence: string;
    readonly next_at: string | null;
    readonly next_step: string | null;
    readonly why: string;
    readonly slot: { readonly weekday: number; readonly hour: number; readonly time_zone: string };
  }[];
};

type Consents = {
  readonly address: string;
  readonly state: string;
  readonly consents: readonly {
    readonly requested_at: string;
    readonly confirmed_at: string | null;
    readonly sequence: string;
    readonly origin: string | null;
    readonly page: string;
    readonly partner: string | null;
    readonly wording_version: string;
    readonly wording_text: string;
  }[];
};

type Refusal = {
  readonly day: string;
  readonly partner: string | null;
  readonly reason: string;
  readonly count: number;
};

export const timeline: Command = {
  words: 1,
  run: async ({ admin, words: [who] }) => {
    if (who === undefined) throw new Refused("Whose? Give an address or a number.");
    const ask: Ask = who.includes("@")
      ? ["POST", "/subscribers/timeline", { address: who }]
      : ["GET", `/subscribers/${numbers([who], "a person by address or number")[0]}/timeline`];
    const found = await admin<Timeline>(...ask);
    return shown(found, () => [
      `Times are those of ${Intl.DateTimeFormat().resolvedOptions().timeZone}.`,
      `Subscriber ${found.subscriber_id} is ${found.state}${found.suppressed === null ? "" : `, on the suppression list (${found.suppressed.reason})`}.`,
      found.entries.length === 0
        ? "Nothing has happened yet."
        : table(found.entries, {
            when: (entry) => localTime(entry.at),
            what: (entry) => [entry.kind, entry.what].filter(Boolean).join(" "),
            step: (entry) => entry.step ?? "",
            why: (entry) => entry.reason ?? "",
            slot: (entry) => localTime(entry.slot_at),
            letter: (entry) => entry.letter_id ?? "",
          }),
      ...found.upcoming.map(({ sequence, next_at, next_step, why, slot }) =>
        why === "comes"
          ? `Next in ${sequence}: ${next_step} on ${localTime(next_at)} (${WEEKDAYS[slot.weekday - 1]}s at ${slot.hour}:00 in ${slot.time_zone}).`
          : `Next in ${sequence}: nothing now, because ${why.replaceAll("_", " ")}${next_at === null ? "" : ` (next slot ${localTime(next_at)})`}.`,
      ),
    ]);
  },
};

export const consents: Command = {
  words: 1,
  flags: ["html"],
  run: async ({ admin, page, words: [who], flags }) => {
    if (who === undefined) throw new Refused("Whose? Give an address or a number.");
    const ask: Ask = who.includes("@")
      ? ["POST", "/subscribers/consents", { address: who }]
      : ["GET", `/subscribers/${numbers([who], "a person by address or number")[0]}/consents`];
    if (flags.html === true) {
      const file = "consents.html";
      writeFileSync(file, await page(...ask));
      return shown({ file }, () => [`Written to ${file}. Open it in a browser and print it.`]);
    }
    const found = await admin<Consents>(...ask);
    return shown(found, () => [
      `${found.address} is ${found.state}.`,
      ...found.consents.flatMap((consent) => [
        `${localTime(consent.requested_at)} asked for ${consent.sequence} at ${consent.origin ?? "?"}${consent.page} (${consent.partner ?? "own page"}); ${
          consent.confirmed_at === null ? "not confirmed" : `confirmed ${localTime(consent.confirmed_at)}`
        }.`,
        `  ${consent.wording_version}: ${consent.wording_text}`,
      ]),
    ]);
  },
};

export const refusals: Command = {
  words: 1,
  run: async ({ admin, words: [days] }) => {
    const list = await admin<{ data: Refusal[] }>("GET", `/refusals${lastDays(days)}`);
    return shown(list, () => [
      list.data.length === 0
        ? "None."
        : table(list.data, {
            day: (row) => row.day,
            partner: (row) => row.partner ?? "own page",
            why: (row) => row.reason.replaceAll("_", " "),
            times: (row) => row.count,
          }),
    ]);
  },
};

export const reasons: Command = {
  words: 1,
  run: async ({ admin, words: [days] }) => {
    const list = await admin<{ data: { reason: string | null; people: number }[] }>(
      "GET",
      `/leave-reasons${lastDays(days)}`,
    );
    return shown(list, () => [
      list.data.length === 0
        ? "Nobody left."
        : table(list.data, {
            reason: ({ reason }) => reason ?? "(said nothing)",
            people: ({ people }) => people,
          }),
    ]);
  },
};

function lastDays(days: string | undefined): string {
  return days === undefined ? "" : `?days=${numbers([days], "how many days, for instance: 7")[0]}`;
}

export const erase: Command = {
  words: 1,
  flags: ["yes"],
  run: async ({ admin, words: [address], flags }) => {
    if (address === undefined || !address.includes("@"))
      throw new Refused("Whom? Give the address, for instance ada@gmail.com");
    if (flags.yes !== true)
      throw new Refused(
        `This erases everything about ${address} for good, and nothing is mailed there any more. If you are sure: erase ${address} --yes`,
      );
    const result = await admin<{ result: string }>("POST", "/subscribers/erase", { address });
    return shown(result, () => [
      result.result === "erased"
        ? "Erased."
        : "No letter goes there any more. One was just on its way; the rest is erased when its answer is here, within two days.",
    ]);
  },
};

export const suppress = suppression("", "That address is never mailed again.");
export const lift = suppression(
  "/lift",
  "It is off the list. Whom a bounce or a complaint had stopped must sign up anew; others go on.",
);

function suppression(path: string, said: string): Command {
  return {
    words: ANY_NUMBER,
    run: async ({ admin, words: [address, ...note] }) => {
      if (address === undefined || !address.includes("@"))
        throw new Refused("Which address? For instance ada@gmail.com");
      const body = { address, note: textOf(note, "why, as a note") };
      return shown(await admin("POST", `/suppressions${path}`, body), () => [said]);
    },
  };
}
