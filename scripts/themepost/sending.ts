import { type Alert, alertTable } from "./acts.ts";
import { type Command, counts, inWords, Misused, shown, textOf } from "./command.ts";
import { localTime, quantity } from "./show.ts";

type Counts = Readonly<Record<string, number>>;

type Sending = {
  readonly sending: string;
  readonly reason: string | null;
  readonly since: string | null;
  readonly held_until: string | null;
  readonly held_for: string | null;
  readonly calls_per_second: number | null;
};

type DryRun = {
  readonly due: number;
  readonly cut: boolean;
  readonly letters: Counts;
  readonly passed: Counts;
  readonly composed: {
    readonly letters: number;
    readonly bytes: number;
    readonly faults: readonly string[];
  };
};

export const status: Command = {
  about: "whether email can go out, what's late, and alerts",
  run: async ({ admin, health: askHealth }) => {
    const health = await askHealth<{ faults?: string[]; open_batches?: number }>();
    const sending = await admin<Sending>("GET", "/sending");
    const { data: alerts } = await admin<{ data: Alert[] }>("GET", "/alerts");
    const faults = health.faults ?? [];
    return shown({ health, sending, alerts }, () => [
      `Sending is ${sending.sending}${sending.reason === null ? "" : `: ${sending.reason} (since ${localTime(sending.since)})`}.`,
      sending.held_until === null
        ? ""
        : `The provider asked us to wait until ${localTime(sending.held_until)} (${sending.held_for}).`,
      faults.length > 0
        ? `Failing: ${faults.map(inWords).join(", ")} (see Health in docs/operations/when-something-is-wrong.md).`
        : "Nothing is late or failing.",
      `Open batches: ${health.open_batches === 0 ? "none" : (health.open_batches ?? "?")}.${sending.calls_per_second === null ? "" : ` The provider takes ${sending.calls_per_second} calls a second.`}`,
      alerts.length === 0 ? "No alerts." : `Alerts:\n${alertTable(alerts)}`,
    ]);
  },
};

export const stop: Command = {
  about: "stop all sending; the reason is for the next person who looks",
  args: "<reason...>",
  run: async ({ admin, words }) => {
    const reason = textOf(words, "why, for the next person who looks");
    const result = await admin<{ reason: string }>("POST", "/sending/stop", { reason });
    return shown(result, () => [`Sending is stopped (${result.reason}). To continue: resume`]);
  },
};

export const resume: Command = {
  about: "start it again, even if the provider asked us to wait",
  run: async ({ admin }) => {
    const result = await admin<Sending & { batches: number }>("POST", "/sending/resume");
    return shown(result, () => [
      result.sending === "on"
        ? `Sending is on, with ${quantity(result.batches, "batch", "batches")} in the queue.`
        : `Sending is still ${result.sending} (${result.reason}). The database was restored, so make it safe first: re-arm`,
    ]);
  },
};

export const reArm: Command = {
  about: "make a restored database safe, and send again",
  risk: () =>
    "Only after a restore: letters that may have been sent in the lost time become uncertain. You can't take that back.",
  run: async ({ admin }) => {
    const result = await admin<{ opt_outs: number; letters: number; sending: string }>(
      "POST",
      "/sending/re-arm",
    );
    return shown(result, () => [
      `Re-armed. Opt-outs replayed: ${result.opt_outs || "none"}. Letters that may have been sent, now uncertain: ${result.letters || "none"}. Sending is ${result.sending}.`,
    ]);
  },
};

export const dryRun: Command = {
  about: "what a tick would do now or at an instant; writes and sends nothing",
  args: "[instant]",
  run: async ({ admin, words: [at] }) => {
    if (at !== undefined && Number.isNaN(Date.parse(at)))
      throw new Misused("When? For instance 2027-01-05T09:00:00Z");
    const body = at === undefined ? {} : { at: new Date(at).toISOString() };
    const result = await admin<DryRun>("POST", "/dry-run", body);
    const { composed } = result;
    return shown(result, () => [
      `Slots due: ${result.due === 0 ? "none" : result.due}${result.cut ? " (and more)" : ""}. Letters: ${counts(result.letters)}. Passed over: ${counts(result.passed)}.`,
      `Composed: ${composed.letters === 0 ? "none" : `${quantity(composed.letters, "letter")} (${composed.bytes} characters)`}. Faults: ${composed.faults.join(", ") || "none"}.`,
    ]);
  },
};
