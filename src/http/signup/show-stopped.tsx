import type { Context } from "hono";
import type { Stop } from "../../domain/signup/judge-post.ts";
import type { Language } from "../../platform/texts/languages.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { showPage } from "../ui/show-page.ts";
import { StoppedPage, type Told } from "./confirm-pages.tsx";

type Ctx = Context<AppEnv>;

/** What Cloudflare's own rate limit comes to: it looks at the last minute. */
export const ASKS_TOO_OFTEN: Told = { by: "network", afterMs: 60_000 };

/** A stop with the time from now on. */
export async function toldOf(c: Ctx, { by, endsAt }: Stop): Promise<Told> {
  return { by, afterMs: endsAt - (await c.var.now()) };
}

/** The page that says when to try again. */
export function showStopped(c: Ctx, stop: Told, language: Language): Promise<Response> {
  c.header("retry-after", retryAfterOf(stop));
  return showPage(c, <StoppedPage stop={stop} />, { status: 429, language });
}

/** The header of the same name. */
export function retryAfterOf({ afterMs }: Told): string {
  return String(Math.max(1, Math.ceil(afterMs / 1000)));
}
