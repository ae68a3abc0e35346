import type { Child } from "hono/jsx";

/**
 * A page as an HTML answer: never cached or indexed unless `publicPage`, because most pages stand behind a signed link
 * (rule 3.14).
 */
export async function renderPage(
  page: Child,
  options: { readonly status?: number; readonly publicPage?: boolean } = {},
): Promise<Response> {
  const html = `<!doctype html>${await String(page)}`;
  return new Response(html, {
    status: options.status ?? 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      ...(options.publicPage === true
        ? { "cache-control": "public, max-age=60" }
        : { "cache-control": "no-store", "x-robots-tag": "noindex" }),
    },
  });
}
