import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { partnerSiteOfFile } from "../support/partner-site.ts";
import { freePort, mailbox, waitForMessages } from "../support/running-themepost.ts";

const { themepost, admin } = partnerSiteOfFile();

let host: Server;
let origin = "";
const snippets = { element: "", plain: "" };
/** What the site's server gives, by path: the page, and how it says that it's encoded. */
const pages = new Map<string, readonly [body: Buffer, charset: string]>();

beforeAll(async () => {
  const port = await freePort();
  origin = `http://localhost:${port}`;
  host = createServer((request, response) => {
    const [body, charset] = pages.get(request.url?.split("?")[0] ?? "") ?? [Buffer.from("?"), "utf-8"];
    response.writeHead(200, { "content-type": `text/html; charset=${charset}` }).end(body);
  });
  await new Promise<void>((resolve) => host.listen(port, "127.0.0.1", resolve));
  const partner = {
    name: "Strange Pages",
    origins: [origin],
    consent_text: "Yes, one letter a week, please.",
  };
  expect((await admin("PUT", "/partners/strange", partner)).status).toBe(200);
  const { embeds } = (await (await admin("GET", "/partners/strange/snippets")).json()) as {
    embeds: { kind: "plain" | "element"; html: string }[];
  };
  for (const { kind, html } of embeds) snippets[kind] = html;
});
afterAll(() => void host.close());

const serve = (path: string, html: string, encoding: "utf8" | "latin1" = "utf8") =>
  pages.set(path, [Buffer.from(html, encoding), encoding === "utf8" ? "utf-8" : "iso-8859-1"]);

async function visit(path: string) {
  const context = await themepost.browser.newContext();
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${origin}${path}`, { waitUntil: "networkidle" });
  return { page, context, errors };
}
const BUTTON = { name: "Send me the letters" };

for (const [name, opening] of [
  ["no language", "<html>"],
  ["an empty one", '<html lang="">'],
] as const) {
  test(`the form stands on a page with ${name} and signs people up`, async () => {
    const email = `${name.replaceAll(" ", "-")}@example.com`;
    serve("/bare", `<!doctype html>${opening}<title>Garden</title><h1>Garden</h1>${snippets.element}`);
    const { page, context, errors } = await visit("/bare");
    await page.locator("#email").fill(email);
    await page.getByRole("button", BUTTON).click();
    await page.getByRole("status").filter({ hasText: "Almost done" }).waitFor();
    await waitForMessages(themepost.url, email, 1);
    expect(errors).toEqual([]);
    await context.close();
  });
}

test("inside another form the element still signs people up, and what's around it is sent without it", async () => {
  serve(
    "/nested",
    `<!doctype html><html lang="en"><title>Intranet</title><form action="/search"><input name="q" value="roses">
    ${snippets.element}</form></html>`,
  );
  const { page, context, errors } = await visit("/nested");
  await page.locator("#email").fill("nested@example.com");
  await page.getByRole("button", BUTTON).click();
  await page.getByRole("status").filter({ hasText: "Almost done" }).waitFor();
  await waitForMessages(themepost.url, "nested@example.com", 1);
  await page.evaluate("document.forms[0].requestSubmit()");
  await page.waitForURL(`${origin}/search?q=roses`);
  expect(errors).toEqual([]);
  await context.close();
});

test("in a frame the plain form leads out of it, to the one page of ours", async () => {
  serve("/plain", `<!doctype html><html lang="en"><title>Plain</title>${snippets.plain}`);
  serve(
    "/frame",
    '<!doctype html><title>Host</title><iframe src="/plain" width="500" height="600"></iframe>',
  );
  const { page, context } = await visit("/frame");
  const frame = page.frameLocator("iframe");
  await frame.getByLabel("Email address").fill("framed@example.com");
  await frame.getByRole("button", BUTTON).click();
  await page.getByRole("heading", { name: "One last step" }).waitFor();
  await page.getByRole("button", BUTTON).click();
  await waitForMessages(themepost.url, "framed@example.com", 1);
  await context.close();
});

test("in a frame without an origin of its own the element goes on in a new window", async () => {
  serve("/element", `<!doctype html><html lang="en"><title>Element</title>${snippets.element}`);
  serve(
    "/sandbox",
    '<!doctype html><title>Host</title><iframe sandbox="allow-forms allow-scripts allow-popups" src="/element" width="500" height="600"></iframe>',
  );
  const { page, context } = await visit("/sandbox");
  const frame = page.frameLocator("iframe");
  await frame.locator("#email").fill("sandboxed@example.com");
  await frame.getByRole("button", BUTTON).click();
  const [opened] = await Promise.all([
    context.waitForEvent("page"),
    frame.getByRole("button", { name: "Continue in a new window" }).click(),
  ]);
  await opened.getByRole("heading", { name: "One last step" }).waitFor();
  expect(await opened.getByLabel("Email address").inputValue()).toBe("sandboxed@example.com");
  expect(await mailbox(themepost.url, "sandboxed@example.com")).toEqual([]);
  await opened.getByRole("button", BUTTON).click();
  await waitForMessages(themepost.url, "sandboxed@example.com", 1);
  await context.close();
});

test("a name stays as it was typed on a page in an old encoding", async () => {
  serve(
    "/latin",
    `<!doctype html><html lang="de"><title>Grüße</title>${snippets.plain.replace(/“|”/g, '"')}`,
    "latin1",
  );
  const { page, context } = await visit("/latin");
  await page.getByLabel("Email address").fill("jose@example.com");
  await page.getByLabel("First name").fill("José Müller");
  await page.getByRole("button", BUTTON).click();
  expect(await page.locator("#first_name").inputValue()).toBe("José Müller");
  await context.close();
});
