import { writeFileSync } from "node:fs";
import type { Ask } from "./api.ts";
import { ANY_NUMBER, type Command, numbers, Refused, shown, textOf } from "./command.ts";
import { dayOf, localTime, table } from "./show.ts";

/** Why nothing comes next, by the names that a timeline has for it. */
const WHY_NOT: Readonly<Record<string, string>> = {
  completed: "finished, every letter has been sent",
  no_theme_left: "no letters left",
  letter_held: "waiting, because a letter is held",
  letter_on_its_way: "a letter is on its way",
  next_theme_is_a_draft: "waiting, because the next letter is a draft",
  not_confirmed: "not confirmed yet",
};

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
      : ["GET", `/subscribers/${numbers([who], "an address or a number")[0]}/timeline`];
    const found = await admin<Timeline>(...ask);
    return shown(found, () => [
      `All times are in ${Intl.DateTimeFormat().resolvedOptions().timeZone}.`,
      `Subscriber ${found.subscriber_id} is ${found.state}${found.suppressed === null ? "" : `, and on the suppression list (${found.suppressed.reason})`}.`,
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
          ? `Next in ${sequence}: ${next_step}, ${localTime(next_at)} (${WEEKDAYS[slot.weekday - 1]}s at ${slot.hour}:00 in ${slot.time_zone}).`
          : `${sequence}: ${WHY_NOT[why] ?? why.replaceAll("_", " ")}${next_at === null ? "" : `; next slot ${localTime(next_at)}`}.`,
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
      : ["GET", `/subscribers/${numbers([who], "an address or a number")[0]}/consents`];
    if (flags.html === true) {
      const file = "consents.html";
      writeFileSync(file, await page(...ask));
      return shown({ file }, () => [`Saved as ${file}. Open it in a browser to print it.`]);
    }
    const found = await admin<Consents>(...ask);
    return shown(found, () => [
      `${found.address} is ${found.state}.`,
      ...found.consents.flatMap((consent) => [
        `${localTime(consent.requested_at)} signed up for ${consent.sequence} at ${consent.origin ?? "?"}${consent.page} (${consent.partner ?? "own page"}); ${
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
        ? "No refused sign-ups."
        : table(list.data, {
            day: (row) => dayOf(row.day),
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
        ? "No one has left."
        : table(list.data, {
            reason: ({ reason }) => reason ?? "(didn't say)",
            people: ({ people }) => people,
          }),
    ]);
  },
};

function lastDays(days: string | undefined): string {
  return days === undefined ? "" : `?days=${numbers([days], "a number of days, for instance: 7")[0]}`;
}

export const erase: Command = {
  words: 1,
  flags: ["yes"],
  run: async ({ admin, words: [address], flags }) => {
    if (address === undefined || !address.includes("@"))
      throw new Refused("Who? Give an address, for instance ada@gmail.com");
    if (flags.yes !== true)
      throw new Refused(
        `This erases everything about ${address} for good, and we never email that address again. If you're sure: erase ${address} --yes`,
      );
    const result = await admin<{ result: string }>("POST", "/subscribers/erase", { address });
    return shown(result, () => [
      result.result === "erased"
        ? "Erased."
        : "They get no more letters. One was just going out; the rest is erased once the provider has answered, within two days.",
    ]);
  },
};

export const suppress = suppression("", "We never email that address again.");
export const lift = suppression(
  "/lift",
  "It's off the list. Anyone stopped by a bounce or a complaint has to sign up again; others carry on.",
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
