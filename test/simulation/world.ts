import { createApp } from "../../src/app.ts";
import { byItself } from "../../src/domain/acts/act.ts";
import { unparkFeedback } from "../../src/domain/feedback/take-feedback.ts";
import { KINDS } from "../../src/domain/kinds.ts";
import { consumeQueue } from "../../src/domain/sending/consume-queue.ts";
import { runTick } from "../../src/domain/sending/run-tick.ts";
import type { Services } from "../../src/domain/services.ts";
import type { Env, QueueMessage } from "../../src/platform/config.ts";
import { openDb } from "../../src/platform/db/client.ts";
import { openGuard } from "../../src/platform/guard/open-guard.ts";
import type { Lane } from "../../src/platform/guard/rate.ts";
import type { MailProvider, ProviderCall } from "../../src/platform/providers/mail-provider.ts";
import { resendProvider } from "../../src/platform/providers/resend.ts";
import type { Fault, SignedEvent } from "../support/resend-emulator/server.ts";
import type { Service } from "../support/service.ts";
import { gatedD1, gatedGuard } from "./gated.ts";
import { Invocation } from "./scheduler.ts";
import type { Chance } from "./seeded.ts";

/** What a letter was in the ledger when the provider was called for it. */
export type SentAs = {
  readonly id: number;
  readonly kind: string;
  readonly anchor: number;
  readonly round: number;
  readonly item: number | null;
  readonly slot: number;
  readonly address: string;
};

type Message = { readonly lane: Lane; readonly body: QueueMessage; notBefore: number };

/**
 * Since which turn a reader may not be mailed: in no attempt that is begun later, and in no call that is made later, unless they were
 * told that a letter was on its way (`told`). A pause keeps back themes only.
 */
type Silence = Map<
  string,
  { readonly since: number; readonly paused: boolean; readonly told: boolean } | null
>;

/**
 * The service as a schedule sees it: invocations of the real code over a real D1, Guard and emulator, with every operation
 * held until the schedule lets it go; a queue; and what the schedule knows of its readers.
 */
export class World {
  readonly running: Invocation[] = [];
  readonly queue: Message[] = [];
  readonly events: SignedEvent[] = [];
  readonly sentAs = new Map<number, SentAs>();
  readonly silence: Silence = new Map();
  /** Addresses that were erased, in which turn, and whether it was said that a letter was on its way: nothing at all may go there after it. */
  readonly erased = new Map<string, { readonly since: number; readonly told: boolean }>();
  /** Who left broadcasts, as it was said to them. */
  readonly leftBroadcasts = new Map<string, { readonly since: number; readonly told: boolean }>();
  /** Broadcasts that were taken back or stopped, in which turn, until someone set them going again. */
  readonly withdrawn = new Map<number, { readonly since: number; readonly act: string }>();
  readonly violations: string[] = [];
  /** When the provider took each message, by its id there. */
  readonly acceptedAt = new Map<string, number>();
  /** The fault of the next provider call, chosen by the schedule. */
  nextFault: Fault | null = null;
  turn = 0;
  private readonly app: ReturnType<typeof createApp>;

  constructor(
    readonly service: Service,
    readonly chance: Chance,
  ) {
    const wait = async (ms: number) => service.moveTo(service.clock.wall + ms);
    this.app = createApp({ wallNow: () => service.clock.wall, random: () => chance.hex(), wait });
  }

  private start(name: string, run: (invocation: Invocation) => Promise<void>): Invocation {
    const invocation = new Invocation(name, this.service.clock.wall, run);
    this.running.push(invocation);
    return invocation;
  }

  private depsOf(invocation: Invocation, begun: { at: number }): Services {
    const { service } = this;
    const d1 = gatedD1(service.bindings.DB, invocation, (query) => {
      // When the attempt was begun whose call follows, which guarantee 4 is about.
      if (query.includes('insert into "attempts"')) begun.at = this.turn;
    });
    return {
      db: openDb(d1),
      config: service.config,
      provider: this.provider(invocation, begun),
      guard: gatedGuard(openGuard(service.bindings.GUARD), invocation),
      kinds: KINDS,
      bucket: null,
      by: byItself(() => this.chance.hex()),
      enqueue: (lane, messages, delaySeconds = 0) =>
        messages.length === 0
          ? Promise.resolve()
          : invocation.operation("enqueue", async () => {
              const notBefore = service.clock.wall + delaySeconds * 1000;
              this.queue.push(...messages.map((body) => ({ lane, body, notBefore })));
            }),
      now: service.clock.now,
      wallNow: () => service.clock.wall,
      random: () => this.chance.hex(),
      wait: async (ms) => service.moveTo(service.clock.wall + ms),
    };
  }

  private provider(invocation: Invocation, begun: { readonly at: number }): MailProvider {
    const { bindings } = this.service;
    const real = resendProvider({
      apiKey: String(bindings.RESEND_API_KEY),
      baseUrl: String(bindings.RESEND_BASE_URL),
    });
    return {
      rateLimited: true,
      send: (call) =>
        invocation.operation("provider send", async () => {
          await this.note(call, begun.at);
          if (this.nextFault !== null) await this.service.arrangeFaults(this.nextFault);
          this.nextFault = null;
          const answer = await real.send(call);
          await this.noteAccepted();
          this.events.push(...(await this.service.takeEvents()));
          return answer;
        }),
      listSent: (after) => invocation.operation("provider list", () => real.listSent(after)),
      readDomain: async () => null,
      readUsage: async () => null,
      readWebhook: async () => null,
      setUpWebhook: async () => null,
      quotaResetsAt: (quota) => invocation.operation("provider usage", () => real.quotaResetsAt(quota)),
      forgetSuppression: (address) =>
        invocation.operation("provider suppression", () => real.forgetSuppression(address)),
    };
  }

  /** Before a call: what its letters are in the ledger, and whether anyone in it had fallen silent. */
  private async note(call: ProviderCall, begunAt: number): Promise<void> {
    const late = ({ since, told }: { readonly since: number; readonly told: boolean }) =>
      since < begunAt || (!told && since < this.turn);
    const ids = call.messages.map((message) =>
      Number(message.tags.find(({ name }) => name === "delivery_id")?.value.split("-")[1]),
    );
    const rows = await this.service.rows<SentAs>(
      `select d.id, d.kind, d.anchor, d.round, d.intended_item as item, d.slot_at as slot, s.address from deliveries d
       join subscribers s on s.id = d.recipient_id where d.id in (${ids.join(", ")})`,
    );
    for (const row of rows) {
      // The first note stands: a later repeat must not be able to make it another letter.
      if (!this.sentAs.has(row.id)) this.sentAs.set(row.id, row);
      const erased = this.erased.get(row.address);
      if (erased !== undefined && late(erased)) {
        this.violations.push(`${row.address} was mailed (${row.kind} ${row.id}) though erased`);
      }
      const silence = this.silence.get(row.address) ?? null;
      const left = this.leftBroadcasts.get(row.address);
      if (row.kind === "broadcast" && left !== undefined && late(left))
        this.violations.push(`${row.address} was mailed broadcast ${row.item} though they left broadcasts`);
      const withdrawn = row.kind === "broadcast" ? this.withdrawn.get(row.item ?? 0) : undefined;
      // What was taken back has reached nobody; of what was stopped, a call that had begun may still go on.
      if (withdrawn !== undefined && (withdrawn.act === "take-back" || withdrawn.since < begunAt))
        this.violations.push(`${row.address} was mailed broadcast ${row.item} though ${withdrawn.act}`);
      const concerned =
        row.kind === "theme" ||
        (row.kind === "broadcast" && silence?.paused === false) ||
        (row.kind === "welcome" && silence?.paused === false);
      if (concerned && silence !== null && late(silence)) {
        this.violations.push(
          `${row.address} was mailed (${row.kind} ${row.id}) though silent: ${JSON.stringify(silence)}`,
        );
      }
    }
  }

  private async noteAccepted(): Promise<void> {
    const { accepted } = await this.service.account(this.acceptedAt.size);
    for (const { id } of accepted) this.acceptedAt.set(id, this.service.clock.now);
  }

  tick(): Invocation {
    const now = this.service.clock.now;
    return this.start("tick", async (invocation) => {
      const deps = this.depsOf(invocation, { at: 0 });
      if ((await runTick(deps, now)).parked) await unparkFeedback(deps);
    });
  }

  /** Delivers one message of the queue; it comes again unless it is acknowledged. */
  consume(message: Message): Invocation {
    return this.start(`consume ${JSON.stringify(message.body)}`, async (invocation) => {
      const deps = this.depsOf(invocation, { at: 0 });
      let settled = false;
      const settle = (again: number | null) => {
        if (settled || invocation.dead) return;
        settled = true;
        if (again !== null)
          this.queue.push({ ...message, notBefore: this.service.clock.wall + again * 1000 });
      };
      const handed = {
        body: message.body,
        ack: () => settle(null),
        retry: (options?: { delaySeconds?: number }) => settle(options?.delaySeconds ?? 0),
      };
      await consumeQueue(deps, message.lane, [handed as unknown as globalThis.Message<unknown>]);
    });
  }

  /** A request of a person, the provider or the owner; `done` hears of the answer, unless the isolate died. */
  request(
    name: string,
    path: string,
    init: RequestInit,
    done: (answer: Response) => void | Promise<void> = () => undefined,
  ): Invocation {
    return this.start(name, async (invocation) => {
      const guard = gatedGuard(openGuard(this.service.bindings.GUARD), invocation);
      const deps = this.depsOf(invocation, { at: 0 });
      const queueOf = (lane: Lane) => ({
        send: (body: QueueMessage) => deps.enqueue(lane, [body]),
        sendBatch: (messages: { body: QueueMessage }[]) =>
          deps.enqueue(
            lane,
            messages.map(({ body }) => body),
          ),
      });
      const bindings = {
        ...this.service.bindings,
        DB: deps.db.$client,
        GUARD: { idFromName: () => "guard", get: () => guard },
        LETTERS: queueOf("letters"),
        CONFIRMATIONS: queueOf("confirmations"),
        // It counts in real time, of which a seed knows nothing.
        SIGN_UP_RATE: { limit: async () => ({ success: true }) },
      } as unknown as Env;
      const later: Promise<unknown>[] = [];
      const ctx = {
        waitUntil: (promise: Promise<unknown>) => void later.push(Promise.allSettled([promise])),
        passThroughOnException() {},
      };
      const answer = await this.app.request(
        `https://letters.themepost.dev${path}`,
        init,
        bindings,
        ctx as unknown as ExecutionContext,
      );
      await Promise.all(later);
      if (!invocation.dead) await done(answer);
    });
  }
}
