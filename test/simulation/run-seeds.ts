import { forgetRenditions } from "../../src/domain/sending/compose-call.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { type Service, sequenceOf, startService } from "../support/service.ts";
import { assertGuarantees } from "./guarantees.ts";
import { play, STEPS_OF_SEQUENCE } from "./schedule.ts";
import { restoreSnapshot, type Snapshot, takeSnapshot } from "./snapshot.ts";

/** What was played: seeds, and how many letters, confirmations among them, the provider was called for in them. */
export type PlayedSeeds = {
  readonly seeds: number;
  readonly letters: number;
  readonly confirmations: number;
};

/**
 * Plays seeds from `from` until `stop` says so, each on empty tables. A seed that breaks a guarantee is told with its story;
 * `npm run simulate -- --seed N` plays it again, exactly. `progress` hears of each.
 */
export async function runSeeds(
  from: number,
  stop: (seed: number) => boolean,
  progress: (played: PlayedSeeds) => void = () => undefined,
): Promise<PlayedSeeds> {
  // What the service logs of thousands of schedules is nobody's to read.
  const { log, error } = console;
  console.log = (line: unknown) => {
    if (/"batch\.crashed"(?!.*(isolate is gone|Network connection lost))/.test(String(line)))
      bugs.push(String(line));
  };
  console.error = () => undefined;
  let letters = 0;
  let confirmations = 0;
  try {
    for (let seed = from; !stop(seed); seed += 1) {
      const kinds = await runSeed(seed);
      letters += kinds.length;
      confirmations += kinds.filter((kind) => kind === "confirmation").length;
      const played = { seeds: seed - from + 1, letters, confirmations };
      progress(played);
      if (stop(seed + 1)) return played;
    }
    return { seeds: 0, letters, confirmations };
  } finally {
    Object.assign(console, { log, error });
  }
}

/** Plays one; returns the kinds of the letters that the provider was called for. */
async function runSeed(seed: number): Promise<string[]> {
  const service = startService({ ownGuard: true, vars: { STOP_AFTER_LETTERS: "3" } });
  // As at the beginning, so that a seed plays the same whatever was played before it.
  beginning ??= await publishedOnly(service);
  await restoreSnapshot(service.bindings.DB, beginning);
  forgetRenditions();
  const story: string[] = [];
  bugs.length = 0;
  try {
    const played = await play(service, seed, story);
    const ledger = await service.rows(
      "select id, kind, anchor, item, intended_item, state, reason, batch_id from deliveries order by id",
    );
    story.push(...ledger.map((row) => JSON.stringify(row)));
    // What a consumer throws is retried and so hidden; a restore under its feet may make it throw.
    if (!played.restored && bugs.length > 0) throw new Error(bugs.join("\n"));
    await assertGuarantees(service, played);
    return [...played.world.sentAs.values()].map(({ kind }) => kind);
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const failure = new Error(`Seed ${seed}:\n${story.join("\n")}\n\n${message}`);
    // The story says it all; where it was thrown again does not.
    delete failure.stack;
    throw failure;
  }
}

/** Failures of our own code that were only logged. */
const bugs: string[] = [];

let beginning: Snapshot | null = null;

/** A database with the sequence published and nobody in it. */
async function publishedOnly(service: Service): Promise<Snapshot> {
  await emptyTables(service);
  await service.rows("delete from renditions");
  await service.rows("delete from facts");
  await service.rows("delete from sqlite_sequence where name <> 'd1_migrations'");
  await service.publish({ ...sequenceOf(STEPS_OF_SEQUENCE), first_letter: "at_once" });
  await service.rows("delete from facts");
  return takeSnapshot(service.bindings.DB);
}
