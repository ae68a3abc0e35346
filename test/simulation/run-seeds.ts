import { forgetRenditions } from "../../src/delivery/compose-call.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { type Service, sequenceOf, startService } from "../support/service.ts";
import { assertGuarantees } from "./guarantees.ts";
import { play, STEPS_OF_SEQUENCE } from "./schedule.ts";

/**
 * Plays seeds from `from` until `stop` says so, each on empty tables, and returns how many. A seed that breaks a guarantee is told with its
 * story; `npm run simulate -- --seed N` plays it again, exactly.
 */
export async function runSeeds(from: number, stop: (seed: number) => boolean): Promise<number> {
  // What the service logs of thousands of schedules is nobody's to read.
  const { log, error } = console;
  console.log = () => undefined;
  console.error = () => undefined;
  try {
    let seed = from;
    for (; !stop(seed); seed += 1) await runSeed(seed);
    return seed - from;
  } finally {
    Object.assign(console, { log, error });
  }
}

async function runSeed(seed: number): Promise<void> {
  // As at the beginning, so that a seed plays the same whatever was played before it.
  await emptyTables(idle());
  await idle().rows("delete from renditions");
  await idle().rows("delete from sqlite_sequence where name <> 'd1_migrations'");
  forgetRenditions();
  const service = startService({ ownGuard: true, vars: { STOP_AFTER_LETTERS: "3" } });
  await service.publish(sequenceOf(STEPS_OF_SEQUENCE));
  const story: string[] = [];
  try {
    const played = await play(service, seed, story);
    story.push(JSON.stringify(await service.rows("select id, kind, owner, item, intended_item, state, reason, batch_id, slot_at, planned_at, settled_at from deliveries ")).replaceAll("},","},\n"));
    await assertGuarantees(service, played);
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const failure = new Error(`Seed ${seed}:\n${story.join("\n")}\n\n${message}`);
    // The story says it all; where it was thrown again does not.
    delete failure.stack;
    throw failure;
  }
}

let cleaner: Service | null = null;

function idle(): Service {
  cleaner ??= startService();
  return cleaner;
}
