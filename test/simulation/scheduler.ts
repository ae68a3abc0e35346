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
  /** The operations it stands at, the one that goes next first: what our code starts at once is done one by one. */
  private readonly waiting: { readonly point: string; readonly release: (fate: Fate) => void }[] = [];
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

  /** The operation that goes next. */
  get at(): string {
    return this.waiting[0]?.point ?? "";
  }

  /** Whether its own failures are no bugs: the database was restored under it. */
  mayFail = false;

  /** What our code threw by itself: a bug. */
  failure: unknown = null;

  /** Runs an operation when the scheduler says so, with the fate that it gives. */
  async operation<T>(point: string, run: (fate: Fate) => Promise<T>): Promise<T> {
    if (this.dead) throw new Crash();
    const turn = Promise.withResolvers<Fate>();
    this.waiting.push({ point, release: turn.resolve });
    this.stood.resolve();
    const fate = await turn.promise;
    try {
      if (this.dead || fate === "crash_before") throw this.die();
      if (fate === "fail_before") throw new LostAnswer();
      const result = await run(fate);
      if (fate === "crash_after") throw this.die();
      if (fate === "fail_after") throw new LostAnswer();
      return result;
    } finally {
      if (this.waiting.length > 0) this.stood.resolve();
    }
  }

  /** With the isolate goes whatever else it stands at. */
  private die(): Crash {
    this.dead = true;
    for (const { release } of this.waiting.splice(0)) release("crash_before");
    return new Crash();
  }

  /** Until it stands at an operation or has finished. */
  async standing(): Promise<void> {
    await this.stood.promise;
  }

  /** Lets it do the operation it stands at, and waits until it stands again. */
  async step(fate: Fate): Promise<void> {
    const next = this.finished ? undefined : this.waiting.shift();
    if (next === undefined) return;
    this.stood = Promise.withResolvers();
    next.release(fate);
    await this.stood.promise;
  }
}
