import type { Context } from "hono";
import type { RenderedLetter } from "../../../domain/letters/render-letter.tsx";
import type { AppEnv } from "../../ui/app-env.ts";
import { inScheme, LETTER_POLICY, schemeOf } from "../../ui/letter-frame.tsx";

type Ctx = Context<AppEnv>;

/** A letter as the page of a frame, in the scheme that's asked for, for someone who isn't a reader; an empty page where there's none (null). */
export async function framedLetter(c: Ctx, letter: RenderedLetter | null): Promise<Response> {
  c.set("ownHeaders", {
    "content-security-policy": LETTER_POLICY,
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
    // Sandboxed, it has an origin of its own, for which browsers refuse what the header asks for, and say so.
    "origin-agent-cluster": "?0",
  });
  c.header("cache-control", "no-store");
  if (letter === null) return c.body("", 200, { "content-type": "text/html; charset=utf-8" });
  const { compileRendition, mergeLetter } = await import("../../../domain/sending/merge.ts");
  const { puppetOf } = await import("../../../domain/letters/puppet.ts");
  const values = puppetOf({
    language: letter.language,
    publicUrl: c.var.config.publicUrl,
    now: await c.var.now(),
  });
  const merged = mergeLetter(compileRendition({ ...letter, id: 0 }), values);
  return c.html(merged.kind === "merged" ? inScheme(merged.html, schemeOf(c.req.query("scheme"))) : "");
}
