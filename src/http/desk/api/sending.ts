import { type Context, Hono } from "hono";
import * as z from "zod";
import { giveUp, listUnresolved } from "../../../domain/ledger/queries/letters.ts";
import { listRuns, readRun, resumeRun } from "../../../domain/ledger/queries/runs.ts";
import { readAddress } from "../../../domain/people/address.ts";
import { addressHash } from "../../../domain/people/address-hash.ts";
import { findSubscriber } from "../../../domain/people/queries/subscribers.ts";
import { timeline } from "../../../domain/privacy/timeline.ts";
import { dryRun } from "../../../domain/sending/dry-run.ts";
import { releaseLetters, sendAgain, wakeBatches } from "../../../domain/sending/owner-acts.ts";
import { reArm } from "../../../domain/sending/re-arm.ts";
import { reconcileUncertain } from "../../../domain/sending/reconcile.ts";
import { accountOf } from "../../../domain/sending/run-report.ts";
import { logEvent } from "../../../platform/log/log-event.ts";
import { clearAlert, listAlerts } from "../../../platform/log/queries.ts";
import { answerRow, iso } from "../../ui/answer-row.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { problem } from "../../ui/problem.ts";

type Ctx = Context<AppEnv>;

const RECONCILE_PAGES = 50;

const id = z.coerce.number().int().positive();
const ids = z.array(z.number().int().positive()).min(1).max(500);
const chosenBody = z.union([z.strictObject({ ids }), z.strictObject({ run: z.number().int().positive() })]);
const idsBody = z.strictObject({ ids: ids.max(100) });
const stopBody = z.strictObject({ reason: z.string().trim().min(1).max(200) });
const dryRunBody = z.strictObject({ at: z.iso.datetime({ offset: true }).optional() });
const addressBody = z.strictObject({ address: z.string().max(300) });

/** The owner's API of sending (docs/openapi.yaml): runs, letters, switches, alerts, timelines. */
export function deliveryAdmin(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/runs", async (c) => {
      const before = id.catch(Number.MAX_SAFE_INTEGER).parse(c.req.query("before"));
      const runs = await listRuns(c.var.db, before);
      return c.json({ runs: runs.map(({ runId, ...run }) => ({ run: runId, ...answerRow(run) })) });
    })
    .get("/runs/:id", async (c) => {
      const run = await readRun(c.var.db, c.var.kinds, Number(c.req.param("id")));
      if (run === null) return unknown("run");
      const { letters: _, passed: __, waiting, runId, ...line } = run;
      return c.json({
        run: runId,
        ...answerRow(line),
        ...accountOf(run),
        waiting_for: waiting.map(answerRow),
      });
    })
    .post("/runs/:id/resume", async (c) => {
      const runId = Number(c.req.param("id"));
      if (!(await resumeRun(c.var.db, runId))) return unknown("stopped run");
      acted("resume_run", { runId });
      return c.json({ batches: await wakeBatches(await c.var.services()) });
    })
    .get("/letters", async (c) => {
      const state = z.enum(["held", "uncertain"]).safeParse(c.req.query("state"));
      if (!state.success) return faulty("Ask with ?state=held or ?state=uncertain.");
      const after = id.catch(0).parse(c.req.query("after"));
      const letters = await listUnresolved(c.var.db, c.var.kinds, state.data, after);
      return c.json({
        letters: letters.map(({ deliveryId, ...letter }) => ({ letter: deliveryId, ...answerRow(letter) })),
      });
    })
    .post("/letters/release", async (c) => {
      const body = chosenBody.safeParse(await json(c));
      if (!body.success) return faulty('Send {"ids": [1, 2]} or {"run": 7}.');
      const which = "ids" in body.data ? { ids: body.data.ids } : { runId: body.data.run };
      const released = await releaseLetters(await c.var.services(), which);
      acted("release", { released });
      return c.json({ released });
    })
    .post("/letters/reconcile", async (c) => {
      const body = idsBody.safeParse(await json(c));
      if (!body.success) return faulty('Send {"ids": [1, 2]}, 100 at most.');
      const which = { ids: body.data.ids, since: 0, pages: RECONCILE_PAGES };
      return c.json({ found: await reconcileUncertain(await c.var.services(), which) });
    })
    .post("/letters/give-up", async (c) => {
      const body = idsBody.safeParse(await json(c));
      if (!body.success) return faulty('Send {"ids": [1, 2]}, 100 at most.');
      const given = await giveUp(c.var.db, c.var.kinds, body.data.ids, await c.var.now());
      acted("give_up", { letters: given.length });
      return c.json({ given_up: given });
    })
    .post("/letters/send-again", async (c) => {
      const body = idsBody.safeParse(await json(c));
      if (!body.success) return faulty('Send {"ids": [1, 2]}, 100 at most.');
      const repeated = await sendAgain(await c.var.services(), body.data.ids);
      acted("send_again", { letters: repeated.length });
      return c.json({ sent_again: repeated });
    })
    .get("/sending", async (c) => c.json(await sendingStatus(c)))
    .post("/sending/stop", async (c) => {
      const body = stopBody.safeParse(await json(c));
      if (!body.success) return faulty('Send {"reason": "…"}, up to 200 characters.');
      await c.var.guard.stop(body.data.reason, c.var.wallNow());
      acted("stop", {});
      return c.json(await sendingStatus(c));
    })
    .post("/sending/resume", async (c) => {
      await c.var.guard.resume();
      await c.var.guard.release();
      logEvent("sending.resumed", {});
      const batches = await wakeBatches(await c.var.services());
      return c.json({ ...(await sendingStatus(c)), batches });
    })
    .post("/sending/re-arm", async (c) => {
      const armed = await reArm(await c.var.services());
      if (armed === null)
        return problem(409, "Armed already", "The database was not found restored; nothing to do.");
      return c.json({ opt_outs: armed.optOuts, letters: armed.letters, ...(await sendingStatus(c)) });
    })
    .post("/dry-run", async (c) => {
      const body = dryRunBody.safeParse((await json(c)) ?? {});
      if (!body.success) return faulty('Send {} or {"at": "2027-01-05T09:00:00Z"}.');
      const { at } = body.data;
      return c.json(
        await dryRun(await c.var.services(), at === undefined ? await c.var.now() : Date.parse(at)),
      );
    })
    .get("/alerts", async (c) => c.json({ alerts: (await listAlerts(c.var.db)).map(answerRow) }))
    .delete("/alerts/:name", async (c) => {
      return (await clearAlert(c.var.db, c.req.param("name"))) ? c.json({ cleared: true }) : unknown("alert");
    })
    .get("/subscribers/:id/timeline", (c) => personTimeline(c, Number(c.req.param("id"))))
    .post("/subscribers/timeline", async (c) => {
      const body = addressBody.safeParse(await json(c));
      const address = readAddress(body.data?.address ?? "", { reservedAllowed: true });
      if (address.kind === "faulty") return faulty('Send {"address": "ada@…"}.');
      const { key } = address.value;
      const found = await findSubscriber(c.var.db, { key, hash: await addressHash(c.var.config, key) });
      const subscriberId = found?.id ?? null;
      return subscriberId === null ? unknown("subscriber") : personTimeline(c, subscriberId);
    });
}

async function personTimeline(c: Ctx, subscriberId: number): Promise<Response> {
  const found = await timeline({ db: c.var.db, kinds: c.var.kinds, now: await c.var.now() }, subscriberId);
  return found === null ? unknown("subscriber") : c.json(found);
}

async function sendingStatus(c: Ctx) {
  const { sending, reason, since, limitPerSecond, heldUntil, heldWhy } = await c.var.guard.status();
  const held = heldUntil !== null && heldUntil > c.var.wallNow();
  return {
    sending,
    reason: reason === "" ? null : reason,
    since: iso(since),
    calls_per_second: limitPerSecond,
    held_until: held ? iso(heldUntil) : null,
    held_for: held ? heldWhy : null,
  };
}

function json(c: Ctx): Promise<unknown> {
  return c.req.json().catch(() => null);
}

function acted(act: string, fields: Record<string, number>): void {
  logEvent("owner.act", { act, ...fields });
}

function unknown(what: string): Response {
  return problem(404, "Not there", `There is no such ${what}.`);
}

function faulty(detail: string): Response {
  return problem(422, "Not understood", detail);
}
