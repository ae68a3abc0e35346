/** What happens to an operation at the point where control leaves our code. */
export type Fate =
  | "go"
  /** The isolate dies before the operation, or after it with its answer lost. */
  | "crash_before"
  | "crash_after"
  /** The operation fails, or succeeds and answers with a failure; the isolate lives. */
  | "fail_before"
  | "fail_after";

/** Thrown into code whose isolate is gone; whatever it does afterwards has no effect. */
class Crash extends Error {
  constructor() {
    super("the isolate is gone");
  }
}

/** Thrown for an operation that failed, or whose answer was lost. */
class LostAnswer extends Error {
  constructor() {
    super("Network connection lost.");
  }
}

function isInjected(error: unknown): boolean {
  if (error instanceof Crash || error instanceof LostAnswer) return true;
  return error instanceof Error && error.cause !== undefined && isInjected(error.cause);
}

/**
 * One invocation of our code (a tick, a message, a request). It stands still at each operation until the scheduler lets it
 * do one, so that any number of them interleave as the seed says, and the same seed gives the same order.
 */
export class Invocation {
  readonly name: string;
  /** When it began, in the schedule's real time. */
  readonly startedAt: number;
  finished = false;
  dead = false;
  /** The operation it stands at. */
  at = "";
  private release: ((fate: Fate) => void) | null = null;
  private stood: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(name: string, startedAt: number, run: (invocation: Invocation) => Promise<void>) {
    this.name = name;
    this.startedAt = startedAt;
    void run(this)
      .catch((error: unknown) => {
        if (!(this.dead || this.mayFail || isInjected(error))) this.failure = error;
      })
      .finally(() => {
        this.finished = true;
        this.stood.resolve();
      });
  }

  /** Whether its own failures are no bugs: the database was restored under it. */
  mayFail = false;

  /** What our code threw by itself: a bug. */
  failure: unknown = null;

  /** Runs an operation when the scheduler says so, with the fate that it gives. */
  async operation<T>(point: string, run: (fate: Fate) => Promise<T>): Promise<T> {
    if (this.dead) throw new Crash();
    const turn = Promise.withResolvers<Fate>();
    this.at = point;
    this.release = turn.resolve;
    this.stood.resolve();
    const fate = await turn.promise;
    if (fate === "crash_before") {
      this.dead = true;
      throw new Crash();
    }
    if (fate === "fail_before") throw new LostAnswer();
    const result = await run(fate);
    if (fate === "crash_after") {
      this.dead = true;
      throw new Crash();
    }
    if (fate === "fail_after") throw new LostAnswer();
    return result;
  }

  /** Until it stands at an operation or has finished. */
  async standing(): Promise<void> {
    await this.stood.promise;
  }

  /** Lets it do the operation it stands at, and waits until it stands again. */
  async step(fate: Fate): Promise<void> {
    const { release } = this;
    if (this.finished || release === null) return;
    this.release = null;
    this.stood = Promise.withResolvers();
    release(fate);
    await this.stood.promise;
  }
}
