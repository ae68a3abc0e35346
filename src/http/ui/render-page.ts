import type { Child } from "hono/jsx";

/**
 * A page as an HTML answer: never cached or indexed unless `publicPage`, because most pages stand behind a signed link
 * (rule 3.14).
 */
export async function renderPage(
  page: Child,
  options: {
    readonly status?: number;
    /** `true`: the same for everybody for a minute; "fresh": for search engines too, but made for each visitor. */
    readonly publicPage?: boolean | "fresh";
  } = {},
): Promise<Response> {
  const html = `<!doctype html>${await String(page)}`;
  return new Response(html, {
    status: options.status ?? 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": options.publicPage === true ? "public, max-age=60" : "no-store",
      ...(options.publicPage === undefined ? { "x-robots-tag": "noindex" } : {}),
    },
  });
}
