import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { takeFeedback } from "../../src/domain/feedback/take-feedback.ts";
import { KINDS } from "../../src/domain/kinds.ts";
import { kindsOf } from "../../src/domain/ledger/kind.ts";
import { listUnresolved } from "../../src/domain/ledger/queries/letters.ts";
import { lettersOf } from "../../src/domain/ledger/queries/person.ts";
import { planWaiting } from "../../src/domain/ledger/queries/plan-delivery.ts";
import { restoreAdmissions } from "../../src/domain/ledger/queries/restore.ts";
import { personalData } from "../../src/domain/privacy/personal-data.ts";
import { timeline } from "../../src/domain/privacy/timeline.ts";
import { releaseLetters, sendAgain } from "../../src/domain/sending/owner-acts.ts";
import { reconcileUncertain } from "../../src/domain/sending/reconcile.ts";
import { gatherAndSend, sendBatch } from "../../src/domain/sending/send-batch.ts";
import { readLetter } from "../../src/domain/sequences/queries/letter.ts";
import { run } from "../../src/platform/db/batch.ts";
import { partners, systemMails } from "../../src/platform/db/schema/index.ts";
import { putPartner } from "../support/partner.ts";
import { becomeReader, DAY, HOUR, type Service, sequenceOf, startService } from "../support/service.ts";
import { specimen } from "./specimen-kind.ts";

const TO = "garden@partners.themepost.dev";
const kinds = kindsOf([...KINDS.all, specimen]);

let service: Service;
const deps = () => ({ ...service.deps(), kinds });

beforeAll(async () => {
  service = startService();
  await service.publish(sequenceOf(2));
  await putPartner(service, "garden");
  // Partner and reader have the same id: nothing may take one for the other.
  await becomeReader(service, "ada@themepost.dev");
});

/** Plans report number `item`, for a slot or at once; returns the delivery's id, or null where it was planned before. */
async function plan(item: number, slotAt = service.clock.now): Promise<number | null> {
  const [row] = await run(
    service.db,
    planWaiting(
      specimen,
      {
        anchor: partners.id,
        round: 0,
        item,
        recipientId: partners.id,
        renditionId: systemMails.renditionId,
        slotAt,
      },
      service.clock.now,
      sql`from ${partners} join ${systemMails} on ${systemMails.name} = 'erase' and ${systemMails.language} = 'en'`,
    ),
  );
  return row?.id ?? null;
}

const gather = () => gatherAndSend(deps(), "letters");
const stateOf = async (id: number | null) =>
  (
    await service.rows<{ state: string; reason: string | null; item: number | null }>(
      "select state, reason, item from deliveries where id = ?",
      id,
    )
  )[0];

test("a kind that is only registered is planned once, waits for its slot without a batch, and is sent", async () => {
  const id = await plan(1, service.clock.now + HOUR);
  expect(await plan(1)).toBeNull();
  expect(await gather()).toEqual({ kind: "not_claimed", batchId: null });
  service.moveTo(service.clock.now + HOUR);
  expect(await gather()).toEqual({ kind: "done", accepted: 1, batchId: expect.any(Number) });
  expect(await stateOf(id)).toMatchObject({ state: "accepted" });
  const [message] = await service.accepted(TO);
  expect(message?.tags).toContainEqual({ name: "kind", value: "specimen" });
  expect(message?.headers["Feedback-ID"]).toBe("garden:report:specimen:themepost");
  expect(message?.headers["List-Unsubscribe"]).toBeUndefined();
});

test("one that may not be mailed now is skipped with the kind's own reason, and what it was for is free again", async () => {
  await service.rows("update partners set frozen = 1");
  const id = await plan(2);
  await gather();
  expect(await stateOf(id)).toEqual({ state: "skipped", reason: "frozen", item: null });
  await service.rows("update partners set frozen = 0");
  const again = await plan(2);
  expect(again).not.toBeNull();
  expect(await gather()).toEqual({ kind: "done", accepted: 1, batchId: expect.any(Number) });
});

test("one that is late is held for the owner, shown by the name of what it is, and goes when it is released", async () => {
  const id = await plan(3, service.clock.now - 3 * DAY);
  await gather();
  expect(await stateOf(id)).toMatchObject({ state: "held", reason: "late" });
  expect(await listUnresolved(service.db, kinds, "held", { after: 0, limit: 10 })).toMatchObject([
    { id, kind: "specimen", step: "report 3", subscriberId: null },
  ]);
  service.queued.length = 0;
  expect(await releaseLetters(deps(), { ids: [id ?? 0] })).toBe(1);
  const [queued] = service.queued;
  expect(queued?.lane).toBe("letters");
  if (queued !== undefined && "batchId" in queued.message)
    await sendBatch(deps(), queued.message.batchId, "letters");
  expect(await stateOf(id)).toMatchObject({ state: "accepted" });
});

test("after a restore it is entered as uncertain where its anchor is that recipient's, and nowhere else", async () => {
  const id = await plan(4);
  const [row] = await service.rows<{
    anchor: number;
    recipient_id: number;
    rendition_id: number;
    slot_at: number;
  }>("select anchor, recipient_id, rendition_id, slot_at from deliveries where id = ?", id);
  await service.rows("delete from deliveries where id = ?", id);
  const admitted = {
    id: id ?? 0,
    kind: specimen.name,
    anchor: row?.anchor ?? 0,
    round: 0,
    item: 4,
    copy: 0,
    recipientId: row?.recipient_id ?? 0,
    renditionId: row?.rendition_id ?? 0,
    slotAt: row?.slot_at ?? 0,
  };
  const enter = (member: typeof admitted) =>
    restoreAdmissions(service.db, kinds, [member], service.clock.now);
  expect(await enter({ ...admitted, recipientId: 99 })).toBe(0);
  expect(await enter({ ...admitted, kind: "unheard_of" })).toBe(0);
  expect(await enter(admitted)).toBe(1);
  expect(await enter(admitted)).toBe(0);
  expect(await stateOf(id)).toMatchObject({ state: "uncertain", reason: "restored" });
  expect(await plan(4)).toBeNull();
});

test("an uncertain one is looked for at its own address, found once the provider has it, and sent again if the owner says so", async () => {
  service.moveTo(service.clock.now + DAY);
  await service.arrangeAccount({ aheadMs: service.clock.now - Date.now() });
  await service.arrangeFaults("drop_after_accept");
  const id = await plan(5);
  await gather();
  await service.rows(
    "update deliveries set state = 'uncertain', reason = 'no_answer', settled_at = ? where id = ?",
    service.clock.now,
    id,
  );
  await service.rows(
    "update batches set state = 'done' where id = (select batch_id from deliveries where id = ?)",
    id,
  );
  const found = await reconcileUncertain(deps(), { ids: [id ?? 0], since: 0, pages: 5, pagesToProve: 5 });
  expect([found.found, (await stateOf(id))?.state]).toEqual([1, "accepted"]);
  await service.rows("update deliveries set state = 'failed', reason = 'test' where id = ?", id);
  expect(await sendAgain(deps(), [id ?? 0])).toEqual([id]);
});

test("it is none of a reader's letters: not in their timeline or export, and it keeps no erasure waiting", async () => {
  const [ada] = await service.rows<{ id: number }>(
    "select id from subscribers where address_key = 'ada@themepost.dev'",
  );
  const adaId = ada?.id ?? 0;
  const waiting = await plan(6);
  expect(waiting).not.toBeNull();
  expect((await lettersOf(service.db, kinds, adaId)).map(({ kind }) => kind)).not.toContain("specimen");
  expect(JSON.stringify(await timeline(deps(), adaId))).not.toContain("specimen");
  expect(JSON.stringify(await personalData(service.db, kinds, adaId, service.clock.now))).not.toContain(
    "specimen",
  );
});

test("there may be as many kinds for subscribers as we like: their timelines and exports find them all", async () => {
  const [one] = KINDS.all.filter((kind) => kind.anchorsOf(sql`0`) !== null);
  if (one === undefined) throw new Error("no kind has subscribers");
  const many = kindsOf([...KINDS.all, ...Array.from({ length: 12 }, (_, n) => ({ ...one, name: `k${n}` }))]);
  const own = await lettersOf(service.db, KINDS, 1);
  expect(own.length).toBeGreaterThan(0);
  expect(await lettersOf(service.db, many, 1)).toEqual(own);
});

test("a one-click link to it stops nothing, and a bounce or complaint of it touches no reader", async () => {
  const [sent] = await service.rows<{ id: number; provider_id: string }>(
    "select id, provider_id from deliveries where kind = 'specimen' and state = 'accepted' order by id limit 1",
  );
  expect(await readLetter(service.db, kinds, sent?.id ?? 0)).toBeNull();
  for (const kind of ["bounced", "complained"] as const) {
    const event = {
      deliveryId: sent?.id ?? 0,
      providerId: sent?.provider_id ?? "",
      at: service.clock.now,
      domain: "partners.themepost.dev",
      kind,
      reason: "5.1.1",
      bounceClass: kind === "bounced" ? ("hard" as const) : null,
      mirrored: null,
    };
    expect(await takeFeedback(deps(), `svix-${kind}`, event)).toBe("taken");
  }
  expect(await service.rows("select feedback from deliveries where id = ?", sent?.id)).toEqual([
    { feedback: "complained" },
  ]);
  expect(await service.rows("select * from suppressions")).toEqual([]);
  expect(await service.rows("select state from subscribers where address_key = 'ada@themepost.dev'")).toEqual(
    [{ state: "active" }],
  );
});
