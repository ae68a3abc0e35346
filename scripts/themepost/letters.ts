import { type Command, type Given, inWords, Misused, numbers, runIn, shown } from "./command.ts";
import { localTime, quantity, table } from "./show.ts";

type Letter = {
  readonly id: number;
  readonly subscriber_id: number | null;
  readonly run_id: number | null;
  readonly kind: string;
  readonly step: string | null;
  readonly reason: string | null;
  readonly slot_at: string;
  readonly settled_at: string | null;
};

export const held = waiting("held");
export const uncertain = waiting("uncertain");

export const release: Command = {
  about: "send held letters now",
  args: "[numbers...]",
  flags: ["run"],
  risk: ({ words, flags }) => {
    released(words, flags);
    return "Letters that have left can't be taken back.";
  },
  run: async ({ admin, words, flags }) => {
    const result = await admin<{ released: number }>("POST", "/letters/release", released(words, flags));
    return shown(result, () => [
      result.released === 0 ? "None of them are held." : `Released ${quantity(result.released, "letter")}.`,
    ]);
  },
};

export const reconcile: Command = {
  about: "ask the provider which uncertain letters it has",
  args: "<numbers...>",
  run: async ({ admin, words }) => {
    const result = await admin<{ found: number; unsent: number }>("POST", "/letters/reconcile", {
      ids: numbers(words),
    });
    const { found, unsent } = result;
    return shown(result, () => [
      found === 0
        ? "The provider doesn't list any of them (or they aren't uncertain)."
        : `The provider has ${found} of them, and we now count ${found === 1 ? "it" : "them"} as accepted.`,
      ...(unsent === 0
        ? []
        : [`Never sent: ${unsent}. A theme is up next again; any other letter is sent again.`]),
    ]);
  },
};

export const giveUp: Command = {
  about: "give up on held or uncertain letters",
  args: "[numbers...]",
  flags: ["run", "reason"],
  risk: ({ words, flags }) => {
    chosen("give-up", words, flags);
    return "These letters are never sent. You can't take that back.";
  },
  run: async ({ admin, words, flags }) => {
    const ended = await untilNone(chosen("give-up", words, flags), async (which) => {
      const result = await admin<{ given_up: number[] }>("POST", "/letters/give-up", which);
      return result.given_up;
    });
    return shown({ given_up: ended }, () => [
      ended.length === 0
        ? "None of them are held or uncertain."
        : `Gave up on ${quantity(ended.length, "letter")}.`,
    ]);
  },
};

export const sendAgain: Command = {
  about: "send failed or uncertain letters again; they may come twice",
  args: "[numbers...]",
  flags: ["run", "reason"],
  risk: ({ words, flags }) => {
    chosen("send-again", words, flags);
    return "Readers may get these letters twice. What has left can't be taken back.";
  },
  run: async ({ admin, words, flags }) => {
    const again = await untilNone(chosen("send-again", words, flags), async (which) => {
      const result = await admin<{ sent_again: number[] }>("POST", "/letters/send-again", which);
      return result.sent_again;
    });
    return shown({ sent_again: again }, () => [
      again.length === 0
        ? "None of them failed or are uncertain, or they've already been sent again."
        : `Sending ${quantity(again.length, "letter")} again, to readers we can still email.`,
    ]);
  },
};

function released(words: readonly string[], { run }: Given["flags"]) {
  if (run !== undefined && words.length > 0)
    throw new Misused("release takes letters' numbers, or a run with --run, not both.");
  return run === undefined ? { ids: numbers(words) } : { run: runIn([run]) };
}

type Chosen = { readonly ids: readonly number[] } | { readonly run: number; readonly reason: string };

/** Letters by their numbers, or by a run and the reason why they ended. */
function chosen(command: string, words: readonly string[], { run, reason }: Given["flags"]): Chosen {
  if (run === undefined && reason === undefined) return { ids: numbers(words) };
  if (run === undefined || reason === undefined || words.length > 0)
    throw new Misused(`${command} takes letters' numbers, or a run with --run and a reason with --reason.`);
  return { run: runIn([run]), reason };
}

/** What is chosen by run and reason comes a part at a time. */
async function untilNone(
  which: Chosen,
  part: (which: Chosen) => Promise<readonly number[]>,
): Promise<readonly number[]> {
  const all: number[] = [];
  for (;;) {
    const some = await part(which);
    all.push(...some);
    if ("ids" in which || some.length === 0) return all;
  }
}

function waiting(state: "held" | "uncertain"): Command {
  return {
    about: `${state} letters, which wait for your decision`,
    run: async ({ list }) => {
      const result = await list<Letter>(`/letters?state=${state}`);
      return shown(result, () => [
        result.data.length === 0
          ? `No ${state} letters.`
          : table(result.data, {
              letter: (letter) => letter.id,
              reader: (letter) => letter.subscriber_id ?? "",
              run: (letter) => letter.run_id ?? "",
              what: (letter) => letter.step ?? letter.kind,
              why: (letter) => inWords(String(letter.reason)),
              slot: (letter) => localTime(letter.slot_at),
              since: (letter) => localTime(letter.settled_at),
            }),
      ]);
    },
  };
}
