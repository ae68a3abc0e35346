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

const STYLE = `:root { color-scheme: light dark; background: Canvas; color: CanvasText; }
a { color: LinkText; }
body { font: 1.0625rem/1.6 Georgia, serif; max-width: 40rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
nav a { margin-inline-end: 1rem; display: inline-block; padding: .25rem 0; }
input, button { font: inherit; padding: .5rem .75rem; max-width: 100%; min-height: 2.75rem; }
.box { border: 1px solid GrayText; border-radius: 12px; padding: 1.25rem; margin: 1.5rem 0; }
themepost-form { --themepost-accent: #2f6b45; --themepost-accent-text: #fff; }`;

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
        body: "<p id=thanks>Check your inbox: tap the button in the email we’re sending you.</p>",
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
      body: `<p>Someone else’s page, with our form in it.</p><div class=box>${html}</div>`,
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
<link rel="stylesheet" href="/style.css"></head><body><main><h1>${title}</h1>${body}
<nav aria-label="Pages of this demo"><a href="/">With script</a><a href="/plain">Plain</a><a href="/?lang=de">Deutsch</a><a href="/?lang=ar">العربية</a><a href="/plain?no-referrer">No referrer</a></nav></main></body></html>`,
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
