import { type Command, counts, inWords, runIn, shown } from "./command.ts";
import { localTime, quantity, table } from "./show.ts";

type Counts = Readonly<Record<string, number>>;

type Run = {
  readonly id: number;
  readonly tick_at: string;
  readonly stop_reason: string | null;
};

type ListedRun = Run & {
  readonly planned: number;
  readonly open_batches: number;
  readonly bounced: number;
  readonly complained: number;
};

type RunInFull = Run & {
  readonly account: { readonly planned: number; readonly adds_up: boolean } & Readonly<
    Record<string, number | boolean>
  >;
  readonly reasons: Counts;
  readonly passed: Counts;
  readonly steps: Counts;
  readonly feedback: Counts;
  readonly waiting_for: readonly {
    readonly why: string | null;
    readonly batches: number;
    readonly retry_at: string | null;
  }[];
};

export const runs: Command = {
  about: "the latest runs",
  run: async ({ admin }) => {
    const list = await admin<{ data: ListedRun[] }>("GET", "/runs");
    return shown(list, () =>
      list.data.length === 0
        ? ["No runs yet: nothing was due."]
        : [
            table(list.data, {
              run: (each) => each.id,
              tick: (each) => localTime(each.tick_at),
              letters: (each) => each.planned,
              "open batches": (each) => each.open_batches,
              "hard bounces": (each) => each.bounced,
              complained: (each) => each.complained,
              stopped: (each) => inWords(each.stop_reason ?? ""),
            }),
          ],
    );
  },
};

export const run: Command = {
  about: "one run: where every letter is",
  args: "<number>",
  run: async ({ admin, words }) => {
    const found = await admin<RunInFull>("GET", `/runs/${runIn(words)}`);
    const { planned, adds_up, ...places } = found.account;
    return shown(found, () => [
      `Run ${found.id}, ${localTime(found.tick_at)}: ${quantity(planned, "letter")} (${counts(places)})${adds_up ? "" : ". THESE DON'T ADD UP"}.`,
      `Reasons: ${counts(found.reasons)}. Slots that passed without a letter: ${counts(found.passed)}.`,
      `Steps: ${counts(found.steps)}. Feedback from mailboxes: ${counts(found.feedback)}.`,
      ...found.waiting_for.map(
        ({ why, batches, retry_at }) =>
          `Waiting: ${quantity(batches, "batch", "batches")} (${inWords(why ?? "for a turn")})${retry_at === null ? "" : ` until ${localTime(retry_at)}`}.`,
      ),
      found.stop_reason === null
        ? ""
        : `It stopped by itself: ${inWords(found.stop_reason)}. To continue it: resume-run ${found.id}`,
    ]);
  },
};

export const resumeRun: Command = {
  about: "continue a run that stopped by itself",
  args: "<number>",
  run: async ({ admin, words }) => {
    const result = await admin<{ batches: number }>("POST", `/runs/${runIn(words)}/resume`);
    return shown(result, () => [
      `It's running again, with ${quantity(result.batches, "batch", "batches")} in the queue.`,
    ]);
  },
};
