import { Hono } from "hono";
import * as z from "zod";
import { batch } from "../db/batch.ts";
import { logEvent } from "../delivery/log-event.ts";
import { readAddress } from "../subscribers/address.ts";
import { addressHash } from "../subscribers/address-hash.ts";
import { journalOptOuts } from "../subscribers/opt-out.ts";
import { liftSuppression, suppressStatements } from "../subscribers/queries.ts";
import { suppressionFor } from "../subscribers/suppression.ts";
import type { AppEnv } from "../web/app-env.ts";
import { problem } from "../web/problem.ts";

const bodySchema = z.strictObject({ address: z.string().max(300), note: z.string().trim().min(1).max(300) });

/** The owner's API of the suppression list: put an address on it, take one off, each with a note. */
export function feedbackAdmin(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .post("/suppressions", async (c) => {
      const read = await readBody(await c.req.json().catch(() => null));
      if (read === null) return faulty();
      const hash = await addressHash(c.var.config, read.key);
      const now = await c.var.now();
      await batch(c.var.db, suppressStatements(hash, suppressionFor("owner", now)));
      await journalOptOuts(c.var).catch(() => 0);
      logEvent("owner.act", { act: "suppress" });
      return c.json({ suppressed: true });
    })
    .post("/suppressions/lift", async (c) => {
      const read = await readBody(await c.req.json().catch(() => null));
      if (read === null) return faulty();
      const hash = await addressHash(c.var.config, read.key);
      const lift = { addressHash: hash, now: await c.var.now(), note: read.note };
      const lifted = await liftSuppression(c.var.db, lift);
      logEvent("owner.act", { act: "lift" });
      return lifted ? c.json({ lifted }) : problem(404, "Not there", "Nothing is in force on that address.");
    });
}

async function readBody(body: unknown): Promise<{ readonly key: string; readonly note: string } | null> {
  const parsed = bodySchema.safeParse(body);
  const address = readAddress(parsed.data?.address ?? "", { reservedAllowed: true });
  if (!parsed.success || address.kind === "faulty") return null;
  return { key: address.value.key, note: parsed.data.note };
}

function faulty(): Response {
  return problem(422, "Not understood", 'Send {"address": "ada@…", "note": "why"}.');
}
