import { beforeEach, expect, test } from "vitest";
import { sendBatch } from "../../src/domain/sending/send-batch.ts";
import type { Services } from "../../src/domain/services.ts";
import { openDb } from "../../src/platform/db/client.ts";
import { signLink } from "../../src/platform/links/token.ts";
import { say } from "../../src/platform/texts/texts.ts";
import { gatedD1, gatedGuard } from "../simulation/gated.ts";
import { Invocation } from "../simulation/scheduler.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { type Service, sequenceOf, startService } from "../support/service.ts";

const TUESDAY = Date.UTC(2026, 10, 24, 8);
let service: Service;

beforeEach(async () => {
  await emptyTables(startService());
  service = startService({ ownGuard: true });
  await service.publish(sequenceOf(1));
  service.moveTo(TUESDAY);
});

type Reader = { readonly address: string; readonly preferences: string; readonly unsubscribe: string };

/** What the reader is told at the end of it. */
type Act = (reader: Reader) => Promise<string>;

const ACTS: Readonly<Record<string, Act>> = {
  "leaves by the letter's link": async ({ unsubscribe }) => {
    const answer = await service.form(unsubscribe, { scope: "sequence" });
    return answer.text();
  },
  "leaves on their page": async ({ preferences }) => shown(preferences, { action: "unsubscribe" }),
  pauses: async ({ preferences }) => shown(preferences, { action: "pause", pause: "open" }),
  "is erased by the owner": async ({ address }) => {
    const answer = await service.admin("POST", "/subscribers/erase", { address });
    return answer.status === 202 ? say("standing.underWay") : "";
  },
};

/** Posts a form of the reader's page and follows to what it shows then. */
async function shown(preferences: string, fields: Record<string, string>): Promise<string> {
  const page = await (await service.request(preferences)).text();
  const enrollment = /name="enrollment" value="(\d+)"/.exec(page)?.[1] ?? "";
  const answer = await service.change(preferences, { enrollment, ...fields });
  return (await service.request(answer.headers.get("location") ?? "")).text();
}

/** Two active readers, whose letters wait in one batch. */
async function twoDue(name: string): Promise<{ readonly batchId: number; readonly reader: Reader }> {
  const [leaver, other] = [`${name}-leaves@themepost.dev`, `${name}-stays@themepost.dev`];
  for (const address of [leaver, other]) {
    await service.rows(
      `insert into subscribers (address, address_key, address_hash, state, created_at, confirmed_at)
       values (?1, ?1, ?1, 'active', 0, 0)`,
      address,
    );
    await service.rows(
      `insert into enrollments (subscriber_id, sequence_id, state, weekday, hour, time_zone, next_due_at, enrolled_at)
       select s.id, q.id, 'active', 2, 9, 'Europe/Berlin', ?, 0 from subscribers s, sequences q where s.address_key = ?`,
      TUESDAY,
      address,
    );
  }
  await service.tick();
  const [row] = await service.rows<{ batch: number; delivery: number; subscriber: number }>(
    `select d.batch_id as batch, d.id as delivery, s.id as subscriber from deliveries d
     join subscribers s on s.id = d.recipient_id where s.address = ?`,
    leaver,
  );
  if (row === undefined) throw new Error("nothing was planned");
  const [secret] = service.config.signingSecrets;
  const path = async (purpose: "preferences" | "unsubscribe", id: number) =>
    `/${purpose}/${await signLink(secret, { purpose, id, expiresAt: null, generation: 0 })}`;
  return {
    batchId: row.batch,
    reader: {
      address: leaver,
      preferences: await path("preferences", row.subscriber),
      unsubscribe: await path("unsubscribe", row.delivery),
    },
  };
}

/** Sends a batch that stands still at each operation. */
function sending(batchId: number): Invocation {
  return new Invocation("send", service.clock.wall, async (invocation) => {
    const own = service.deps();
    const deps: Services = {
      ...own,
      db: openDb(gatedD1(service.bindings.DB, invocation, () => {})),
      guard: gatedGuard(own.guard, invocation),
      provider: {
        ...own.provider,
        send: (call) => invocation.operation("call", () => own.provider.send(call)),
      },
    };
    await sendBatch(deps, batchId, "letters");
  });
}

test.each(Object.keys(ACTS))(
  "a reader who %s at any moment of a batch on its way gets no call that begins later, or is told that one letter is under way",
  async (name) => {
    const told: boolean[] = [];
    for (let at = 0; ; at += 1) {
      const { batchId, reader } = await twoDue(`${at}`);
      const invocation = sending(batchId);
      for (let step = 0; step < at; step += 1) {
        await invocation.standing();
        await invocation.step("go");
      }
      const over = invocation.finished;
      const before = (await service.accepted(reader.address)).length;
      const text = (await ACTS[name]?.(reader)) ?? "";
      const underWay = text.includes(say("standing.underWay"));
      while (!invocation.finished) {
        await invocation.standing();
        await invocation.step("go");
      }
      expect(invocation.failure).toBeNull();
      await service.drain();
      const after = (await service.accepted(reader.address)).length;
      // No more than said, and no word of a letter that does not come.
      expect([at, after - before > 0 && !underWay]).toEqual([at, false]);
      expect([at, await service.accepted(`${at}-stays@themepost.dev`)]).toMatchObject([at, [{}]]);
      told.push(underWay);
      if (over) break;
    }
    // It is said from the beginning of the attempt to the end of the call, and at no other moment.
    const first = told.indexOf(true);
    const last = told.lastIndexOf(true);
    expect(first).toBeGreaterThan(2);
    expect(told.slice(first, last + 1)).not.toContain(false);
    expect(told.at(-1)).toBe(false);
  },
  60_000,
);

test("a run that is stopped between reading and beginning sends nothing of its batch", async () => {
  const { batchId } = await twoDue("run");
  const invocation = sending(batchId);
  while (!invocation.at.includes("insert into")) {
    await invocation.standing();
    if (invocation.at.includes("insert into")) break;
    await invocation.step("go");
  }
  await service.rows("update runs set stop_reason = 'too many failed'");
  while (!invocation.finished) await invocation.step("go");
  expect(await service.accepted()).toEqual([]);
  expect(await service.rows("select id from attempts")).toEqual([]);
});
