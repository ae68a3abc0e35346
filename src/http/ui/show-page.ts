import type { Context } from "hono";
import type { Language } from "../../platform/texts/languages.ts";
import type { AppEnv } from "./app-env.ts";
import { pagePolicy } from "./page-policy.ts";

type Rendered = Parameters<Context<AppEnv>["render"]>[0];

/**
 * A page as the answer to a request: never cached or indexed unless it is public, because most pages stand behind a signed link
 * (rule 3.14).
 */
export async function showPage(
  c: Context<AppEnv>,
  page: Rendered,
  options: {
    readonly status?: number;
    /** `true`: the same for everybody for a minute; "fresh": for search engines too, but made for each visitor. */
    readonly publicPage?: boolean | "fresh";
    /** Whose page it is: the trial's strip leads to their mailbox. */
    readonly person?: string | null;
    /** Whether it shows a letter, which may have pictures of other sites. */
    readonly letter?: boolean;
    /** Otherwise that of the person or form, else the site's. */
    readonly language?: Language;
  } = {},
): Promise<Response> {
  const { status = 200, publicPage, person = null, language, letter = false } = options;
  if (letter)
    c.set("ownHeaders", { ...c.var.ownHeaders, "content-security-policy": pagePolicy({ pictures: true }) });
  c.set("person", person);
  const site = await c.var.site();
  c.set("shown", { language: language ?? c.var.language ?? site.language, now: await c.var.now(), site });
  c.status(status as 200);
  c.header("cache-control", publicPage === true ? "public, max-age=60" : "private, no-store");
  if (publicPage === undefined) c.header("x-robots-tag", "noindex");
  return c.render(page);
}
