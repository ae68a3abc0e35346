import { Hono } from "hono";
import * as z from "zod";
import { readAddress } from "../../../domain/people/address.ts";
import { lift, suppress } from "../../../domain/people/suppress.ts";
import { logEvent } from "../../../platform/log/log-event.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { problem } from "../../ui/problem.ts";

const bodySchema = z.strictObject({ address: z.string().max(300), note: z.string().trim().min(1).max(300) });

/** The owner's API of the suppression list: put an address on it, take one off, each with a note. */
export function feedbackAdmin(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .post("/suppressions", async (c) => {
      const read = await readBody(await c.req.json().catch(() => null));
      if (read === null) return faulty();
      await suppress(await c.var.services(), read.key);
      logEvent("owner.act", { act: "suppress" });
      return c.json({ suppressed: true });
    })
    .post("/suppressions/lift", async (c) => {
      const read = await readBody(await c.req.json().catch(() => null));
      if (read === null) return faulty();
      const lifted = await lift(await c.var.services(), read.key, read.note);
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
