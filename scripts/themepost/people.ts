import { writeFileSync } from "node:fs";
import type { Ask } from "./api.ts";
import { type Command, inWords, Misused, numbers, shown, textOf } from "./command.ts";
import { dayOf, localTime, quantity, table } from "./show.ts";

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
  about: "everything about one reader's mail, and what comes next",
  args: "<address-or-number>",
  run: async ({ admin, words: [who] }) => {
    if (who === undefined) throw new Misused("Whose? Give an address or a number.");
    const ask: Ask = who.includes("@")
      ? ["POST", "/subscribers/timeline", { address: who }]
      : ["GET", `/subscribers/${numbers([who], "an address or a number")[0]}/timeline`];
    const found = await admin<Timeline>(...ask);
    return shown(found, () => [
      `Subscriber ${found.subscriber_id} is ${found.state}${found.suppressed === null ? "" : `, and on the suppression list (${inWords(found.suppressed.reason)})`}.`,
      found.entries.length === 0
        ? "Nothing has happened yet."
        : table(found.entries, {
            when: (entry) => localTime(entry.at),
            what: (entry) => inWords([entry.kind, entry.what].filter(Boolean).join(" ")),
            step: (entry) => entry.step ?? "",
            why: (entry) => inWords(entry.reason ?? ""),
            slot: (entry) => localTime(entry.slot_at),
            letter: (entry) => entry.letter_id ?? "",
          }),
      ...found.upcoming.map(({ sequence, next_at, next_step, why, slot }) =>
        why === "comes"
          ? `Next in ${sequence}: ${next_step}, ${localTime(next_at)} (${WEEKDAYS[slot.weekday - 1]}s at ${slot.hour}:00 in ${slot.time_zone}).`
          : `${sequence}: ${WHY_NOT[why] ?? inWords(why)}${next_at === null ? "" : `; next slot ${localTime(next_at)}`}.`,
      ),
    ]);
  },
};

export const consents: Command = {
  about: "what someone agreed to, as proof",
  args: "<address-or-number>",
  flags: ["html"],
  run: async ({ admin, page, words: [who], flags, at }) => {
    if (who === undefined) throw new Misused("Whose? Give an address or a number.");
    const ask: Ask = who.includes("@")
      ? ["POST", "/subscribers/consents", { address: who }]
      : ["GET", `/subscribers/${numbers([who], "an address or a number")[0]}/consents`];
    if (flags.html !== undefined) {
      const file = at(flags.html);
      writeFileSync(file, await page(...ask), { mode: 0o600 });
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
  about: "refused sign-ups, and why",
  args: "[days]",
  run: async ({ admin, words: [typed] }) => {
    const days = daysIn(typed);
    const list = await admin<{ data: Refusal[] }>("GET", `/refusals?days=${days}`);
    const count = (rows: readonly Refusal[]) => rows.reduce((sum, row) => sum + row.count, 0);
    const ever = async () =>
      count((await admin<{ data: Refusal[] }>("GET", `/refusals?days=${DAYS_MAX}`)).data);
    const empty = list.data.length > 0 ? "" : await emptyWindow("sign-up was refused", days, ever);
    return shown(list, () => [
      empty ||
        table(list.data, {
          day: (row) => dayOf(row.day),
          partner: (row) => row.partner ?? "own page",
          why: (row) => inWords(row.reason),
          times: (row) => row.count,
        }),
    ]);
  },
};

type Reason = { readonly reason: string | null; readonly people: number };

export const reasons: Command = {
  about: "why people left, if they said",
  args: "[days]",
  run: async ({ admin, words: [typed] }) => {
    const days = daysIn(typed);
    const list = await admin<{ data: Reason[] }>("GET", `/leave-reasons?days=${days}`);
    const count = (rows: readonly Reason[]) => rows.reduce((sum, row) => sum + row.people, 0);
    const ever = async () =>
      count((await admin<{ data: Reason[] }>("GET", `/leave-reasons?days=${DAYS_MAX}`)).data);
    const empty = list.data.length > 0 ? "" : await emptyWindow("one left", days, ever);
    return shown(list, () => [
      empty ||
        table(list.data, {
          reason: ({ reason }) => (reason === null ? "(didn't say)" : inWords(reason)),
          people: ({ people }) => people,
        }),
    ]);
  },
};

/** As many as the service takes. */
const DAYS_MAX = 400;

function daysIn(typed = "30"): number {
  return numbers([typed], "a number of days, for instance: 7")[0] ?? 0;
}

/** "No one left in the last 30 days; 1 in 400." */
async function emptyWindow(what: string, days: number, ever: () => Promise<number>): Promise<string> {
  const since = `No ${what} in the last ${quantity(days, "day")}`;
  return days >= DAYS_MAX ? `${since}.` : `${since}; ${(await ever()) || "none"} in ${DAYS_MAX}.`;
}

function addressIn([address]: readonly string[]): string {
  if (address === undefined || !address.includes("@"))
    throw new Misused("Which address? For instance ada@gmail.com");
  return address;
}

export const erase: Command = {
  about: "erase everything about someone, for good",
  args: "<address>",
  risk: ({ words }) =>
    `This erases everything about ${addressIn(words)} for good, and we never email that address again.`,
  run: async ({ admin, words }) => {
    const address = addressIn(words);
    const result = await admin<{ result: string }>("POST", "/subscribers/erase", { address });
    return shown(result, () => [
      result.result === "erased"
        ? "Erased."
        : "They get no more letters. One was just going out; the rest is erased once the provider has answered, within two days.",
    ]);
  },
};

export const suppress = suppression(
  "",
  "never email an address again; the note says why",
  "We never email that address again.",
);
export const lift = suppression(
  "/lift",
  "take an address off the list again; the note says why",
  "It's off the list. Anyone stopped by a bounce or a complaint has to sign up again; others carry on.",
);

function suppression(path: string, about: string, said: string): Command {
  return {
    about,
    args: "<address> <note...>",
    run: async ({ admin, words: [address, ...note] }) => {
      const body = { address: addressIn([address ?? ""]), note: textOf(note, "why, as a note") };
      return shown(await admin("POST", `/suppressions${path}`, body), () => [said]);
    },
  };
}
