import { type Context, Hono } from "hono";
import * as z from "zod";
import { readAddress } from "../../../domain/people/address.ts";
import { addressHash } from "../../../domain/people/address-hash.ts";
import { findSubscriber } from "../../../domain/people/queries/subscribers.ts";
import { listRefusals } from "../../../domain/signup/gate/queries.ts";
import { readConsentRecords } from "../../../domain/signup/queries/consent-records.ts";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { answerRow } from "../../ui/answer-row.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { pageContext } from "../../ui/page-context.ts";
import { problem } from "../../ui/problem.ts";
import { ProofPage } from "../../ui/proof-page.tsx";
import { renderPage } from "../../ui/render-page.ts";

type Ctx = Context<AppEnv>;

const days = z.coerce.number().int().min(1).max(400).catch(30);
const addressBody = z.strictObject({ address: z.string().max(300) });

/** The owner's API of sign-ups (docs/openapi.yaml): what was refused and why, and what somebody agreed to. */
export function signupAdmin(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/refusals", async (c) => {
      const rows = await listRefusals(c.var.db, {
        now: await c.var.now(),
        days: days.parse(c.req.query("days")),
      });
      const refusals = rows.map(({ day, ...row }) => ({
        day: new Date(day * DAY_MS).toISOString().slice(0, 10),
        ...row,
      }));
      return c.json({ refusals });
    })
    .get("/subscribers/:id/consents", (c) => proof(c, Number(c.req.param("id"))))
    .post("/subscribers/consents", async (c) => {
      const body = addressBody.safeParse(await c.req.json().catch(() => null));
      const address = readAddress(body.data?.address ?? "", { reservedAllowed: true });
      if (address.kind === "faulty") return problem(422, "Not understood", 'Send {"address": "ada@…"}.');
      const { key } = address.value;
      const found = await findSubscriber(c.var.db, { key, hash: await addressHash(c.var.config, key) });
      return proof(c, found?.id ?? null);
    });
}

/** The record of somebody's consent, as JSON, or as a page to print where that is asked for. */
async function proof(c: Ctx, subscriberId: number | null): Promise<Response> {
  const found = subscriberId === null ? null : await readConsentRecords(c.var.db, subscriberId);
  if (found === null) return problem(404, "Not there", "There is no such subscriber.");
  const { address, state, records } = found;
  if (c.req.header("accept")?.includes("text/html") === true) {
    const { config } = c.var;
    const page = (
      <ProofPage
        context={pageContext(config)}
        owner={config.owner}
        address={address}
        state={state}
        records={records}
        madeAt={await c.var.now()}
      />
    );
    return renderPage(page);
  }
  return c.json({
    subscriber: subscriberId,
    address,
    state,
    consents: records.map(({ consentId, ...record }) => ({
      consent: consentId,
      ...answerRow(record),
    })),
  });
}
