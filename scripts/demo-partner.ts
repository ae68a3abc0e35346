// A partner's site as npm start serves it beside Themepost, on an origin of its own: both embeds under a strict policy.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { asSeen, type Service, USER_AGENT } from "./content/publish.ts";
import { messageOf } from "./project.ts";

const DEMO_SLUG = "garden-mornings";

/** The pages with a form, and the kind of embed that each shows. */
const KINDS = new Map([
  ["/", "element"],
  ["/plain", "plain"],
]);

const STYLE = `:root { color-scheme: light dark; --ground: #fff; --ink: #23301f; --soft: #5c6b55; --leaf: #2f6b45; --line: #d9e2d3; --bed: #f2f6ee; }
@media (prefers-color-scheme: dark) { :root { --ground: #171c15; --ink: #e6ece2; --soft: #a9b5a2; --leaf: #8fd0a8; --line: #3a4436; --bed: #20271d; } }
* { box-sizing: border-box; }
body { margin: 0; font: 1.0625rem/1.65 Georgia, "Iowan Old Style", serif; background: var(--ground); color: var(--ink); }
a { color: var(--leaf); }
header { border-bottom: 1px solid var(--line); padding: 1rem 1.25rem; display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; justify-content: space-between; }
.name { display: flex; gap: .6rem; align-items: center; font-weight: 700; font-size: 1.25rem; text-decoration: none; color: inherit; }
.name svg { flex: none; }
nav a { margin-inline-end: 1rem; display: inline-block; padding: .25rem 0; }
main { max-width: 68rem; margin: 0 auto; padding: 2rem 1.25rem; display: grid; gap: 2.5rem; }
@media (min-width: 56rem) { main { grid-template-columns: 1fr 22rem; align-items: start; } }
h1 { font-size: clamp(1.8rem, 5vw, 2.6rem); line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 0 0 .75rem; }
.by { color: var(--soft); margin: 0 0 1.5rem; }
figure { margin: 0 0 1.5rem; background: var(--bed); border-radius: 12px; overflow: hidden; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { padding: .6rem 1rem; color: var(--soft); font-size: .9375rem; }
.box { background: var(--bed); border: 1px solid var(--line); border-radius: 12px; padding: 1.25rem; }
input, button { font: inherit; padding: .5rem .75rem; max-width: 100%; min-height: 2.75rem; }
footer { border-top: 1px solid var(--line); padding: 1rem 1.25rem 3rem; color: var(--soft); font-size: .9375rem; }
themepost-form { --themepost-accent: #2f6b45; --themepost-accent-text: #fff; }`;

const LEAF = `<svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true"><path d="M4 24C4 11 12 4 25 3c0 13-7 21-18 18" fill="none" stroke="#2f6b45" stroke-width="2.4" stroke-linecap="round"/><path d="M4 25c4-8 9-12 15-15" fill="none" stroke="#2f6b45" stroke-width="2.4" stroke-linecap="round"/></svg>`;

const BEDS = `<svg viewBox="0 0 640 240" role="img" aria-label="Three raised beds with young plants in the morning sun"><circle cx="540" cy="62" r="34" fill="#f0c66a"/><path d="M0 170c120-46 240-46 340-16s200 30 300-10v96H0z" fill="#8fb58a"/><g fill="#8a5a3a"><rect x="50" y="168" width="150" height="46" rx="4"/><rect x="240" y="176" width="150" height="46" rx="4"/><rect x="430" y="168" width="150" height="46" rx="4"/></g><g fill="none" stroke="#2f6b45" stroke-width="5" stroke-linecap="round"><path d="M80 168v-26m0 8c-10-2-14-9-14-16m14 10c10-2 14-9 14-16M125 168v-34m0 12c-10-2-14-9-14-16m14 10c10-2 14-9 14-16M170 168v-24m0 8c-10-2-14-9-14-16m14 10c10-2 14-9 14-16M285 176v-28m0 10c-10-2-14-9-14-16m14 10c10-2 14-9 14-16M345 176v-34m0 12c-10-2-14-9-14-16m14 10c10-2 14-9 14-16M470 168v-30m0 10c-10-2-14-9-14-16m14 10c10-2 14-9 14-16M540 168v-26m0 8c-10-2-14-9-14-16m14 10c10-2 14-9 14-16"/></g></svg>`;

const ARTICLE = `<article>
<h1>What the first frost teaches a gardener</h1>
<p class="by">By Hanna Brook · 6 minutes</p>
<figure>${BEDS}<figcaption>The beds at seven, before the sun is over the fence.</figcaption></figure>
<p>On the first cold morning of the year I go out before breakfast and count. Six lettuces under glass, nine leeks that never mind, one row of beans that I should have covered. The garden doesn’t scold. It shows you what you did with the warm weeks.</p>
<p>My son comes along in my coat, sleeves over his hands. He asks why I don’t just water them more. We sit on the step, and I try to tell him about roots: how a plant that was watered every day stays near the top, and one that had to look for water is still there in October.</p>
<h2>Three things to do this week</h2>
<ol><li>Cover what’s tender by four in the afternoon, not by dusk.</li><li>Leave the leeks alone.</li><li>Write down what you lost. You’ll have forgotten by March.</li></ol>
</article>`;

type Snippets = { readonly embeds: readonly { kind: string; html: string; csp: string }[] };

type Page = {
  readonly title: string;
  readonly body: string;
  readonly lang?: string;
  readonly csp?: string;
  readonly referrer?: string | null;
};

/** Makes the demo partner known to the service (the same each time), with the origin of its site and the first sequence. */
export async function setUpDemoPartner(where: Service & { readonly origin: string }): Promise<void> {
  const { url, token, origin } = where;
  const resource = `${url}/api/v1/admin/partners/${DEMO_SLUG}`;
  const headers = { authorization: `Bearer ${token}`, "user-agent": USER_AGENT };
  const listed = await fetch(`${url}/api/v1/admin/sequences`, { headers });
  const { data } = (await listed.json()) as { data: { slug: string; title: string }[] };
  const [first] = data;
  if (first === undefined) throw new Error("There's no sequence for the demo partner's form.");
  const answer = await fetch(resource, {
    method: "PUT",
    headers: { ...headers, "content-type": "application/json", ...(await asSeen(resource, headers)) },
    body: JSON.stringify({
      name: "Garden Mornings (demo)",
      sequence: first.slug,
      origins: [origin],
      time_zone: "Europe/London",
      return_urls: { thanks: `${origin}/thanks` },
      consent_text: `Yes, please send me the letters of “${first.title}” by email. Garden Mornings shows the form, Themepost sends the letters, and each letter has a link that stops them.`,
    }),
  });
  if (!answer.ok) throw new Error(`The demo partner was refused: ${JSON.stringify(await answer.json())}`);
}

/**
 * Serves the site. Pages take their snippets from the service as any partner would, and carry the policy lines exactly as they
 * are printed beside them. What breaks the policy is reported to /csp-report and told at /csp-reports.
 */
export function serveDemoPartner(
  where: Service & { readonly port: number },
): Promise<{ readonly close: () => void }> {
  const { url, token, port } = where;
  const reports: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, response).catch((error) => {
      response.writeHead(502, { "content-type": "text/plain; charset=utf-8" });
      response.end(`The demo site couldn't get its form from Themepost: ${messageOf(error)}`);
    });
  });
  server.listen(port, "localhost");

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://demo.invalid");
    if (pathname === "/csp-report") {
      let body = "";
      for await (const chunk of request) body += chunk;
      reports.push(body.slice(0, 5000));
      if (reports.length > 100) reports.shift();
      response.writeHead(204).end();
      return;
    }
    if (pathname === "/csp-reports") return send(response, "application/json", JSON.stringify(reports));
    if (pathname === "/style.css") return send(response, "text/css", STYLE);
    if (pathname === "/thanks") {
      return page(response, {
        title: "Thank you",
        body: "<article><h1>Thank you</h1><p id=thanks>Check your inbox: tap the button in the email we’re sending you.</p></article>",
      });
    }
    const kind = KINDS.get(pathname);
    if (kind === undefined) {
      response.writeHead(404, { "content-type": "text/plain" }).end("Page not found.");
      return;
    }
    const wanted = searchParams.get("lang") ?? "";
    const lang = /^[a-z]{2}$/.test(wanted) ? wanted : "en";
    const found = await fetch(`${url}/api/v1/admin/partners/${DEMO_SLUG}/snippets?lang=${lang}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { embeds } = (await found.json()) as Snippets;
    const embed = embeds.find((each) => each.kind === kind);
    if (embed === undefined) throw new Error(`it has no form of the kind ${kind}`);
    const { html, csp } = embed;
    return page(response, {
      title: "Garden Mornings",
      lang,
      csp,
      body: `${ARTICLE}<aside class=box aria-labelledby=letters><h2 id=letters>A letter a week for mothers of sons</h2>${html}</aside>`,
      referrer: searchParams.has("no-referrer") ? "no-referrer" : null,
    });
  }

  function page(response: ServerResponse, what: Page): void {
    const { title, body, lang = "en", csp = "", referrer = null } = what;
    const dir = lang === "ar" ? "rtl" : "ltr";
    send(
      response,
      "text/html",
      `<!doctype html><html lang="${lang}" dir="${dir}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<link rel="stylesheet" href="/style.css"></head><body>
<header><a class="name" href="/">${LEAF} Garden Mornings</a><nav aria-label="Garden Mornings"><a href="/">Journal</a><a href="/">Beds</a><a href="/">About</a></nav></header>
<main>${body}</main>
<footer><p>This site is made up. It stands for a partner’s, on an origin of its own, and shows the form in several ways:</p>
<nav aria-label="Pages of this demo"><a href="/">With script</a><a href="/plain">Plain</a><a href="/?lang=de">Deutsch</a><a href="/?lang=ar">العربية</a><a href="/plain?no-referrer">No referrer</a></nav></footer></body></html>`,
      {
        "content-security-policy": [
          "default-src 'none'",
          "style-src 'self'",
          "base-uri 'none'",
          csp,
          "report-uri /csp-report",
        ]
          .filter(Boolean)
          .join("; "),
        ...(referrer === null ? {} : { "referrer-policy": referrer }),
      },
    );
  }

  function send(
    response: ServerResponse,
    type: string,
    body: string,
    headers: Readonly<Record<string, string>> = {},
  ): void {
    response.writeHead(200, {
      "content-type": `${type}; charset=utf-8`,
      "cache-control": "no-store",
      ...headers,
    });
    response.end(body);
  }

  return new Promise((resolve, reject) => {
    server.once("listening", () => resolve({ close: () => server.close() }));
    server.once("error", reject);
  });
}
