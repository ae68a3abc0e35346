import { Hono } from "hono";
import * as z from "zod";
import { readAddress } from "../../../domain/people/address.ts";
import { eraseByOwner } from "../../../domain/privacy/erase.ts";
import { logEvent } from "../../../platform/log/log-event.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { problem } from "../../ui/problem.ts";

const bodySchema = z.strictObject({ address: z.string().max(300) });

/** The owner's API of erasing: for people who cannot be mailed any more, or who asked by letter. */
export function retentionAdmin(): Hono<AppEnv> {
  return new Hono<AppEnv>().post("/subscribers/erase", async (c) => {
    const body = bodySchema.safeParse(await c.req.json().catch(() => null));
    const address = readAddress(body.data?.address ?? "", { reservedAllowed: true });
    if (address.kind === "faulty") return problem(422, "Not understood", 'Send {"address": "ada@…"}.');
    const result = await eraseByOwner({ ...c.var, now: await c.var.now() }, address.value);
    logEvent("owner.act", { act: "erase", result });
    return result === "unknown"
      ? problem(404, "Not there", "There is no such subscriber.")
      : c.json({ result }, result === "erased" ? 200 : 202);
  });
}
