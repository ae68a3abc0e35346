import { createServer, type Server } from "node:http";
import { expect, test } from "vitest";
import { PHONE, partnerSiteOfFile } from "../support/partner-site.ts";
import { freePort, mailbox, waitForMessages } from "../support/running-themepost.ts";

const { themepost, visit, admin } = partnerSiteOfFile();

const policyReports = async () =>
  (await fetch(`${themepost.demoUrl}/csp-reports`)).json() as Promise<string[]>;

test("with scripts a visitor signs up on the partner's page itself; nothing is asked of us before they touch the form, nothing stored", async () => {
  const { page, context, asked } = await visit("/");
  expect(asked).toEqual(["GET /embed/form-4.js"]);
  await page.locator("#email").fill("script@example.com");
  await page.getByRole("button", { name: "Send me the letters" }).click();
  await page.getByRole("status").filter({ hasText: "Almost done" }).waitFor();
  expect(asked.slice(1)).toEqual(["GET /api/v1/form-stamp", "POST /api/v1/subscriptions"]);
  expect(new URL(page.url()).origin).toBe(themepost.demoUrl);
  await waitForMessages(themepost.url, "script@example.com", 1);
  expect(await context.cookies()).toEqual([]);
  expect(await page.evaluate("localStorage.length + sessionStorage.length")).toBe(0);
  expect(await policyReports()).toEqual([]);
  await context.close();
});

test("the policy on the partner's page is exactly the printed line, and nothing breaks it", async () => {
  const { embeds } = (await (await admin("GET", "/partners/garden-mornings/snippets")).json()) as {
    embeds: { kind: string; csp: string }[];
  };
  for (const [path, kind] of [
    ["/", "element"],
    ["/plain", "plain"],
  ] as const) {
    const policy = (await fetch(`${themepost.demoUrl}${path}`)).headers.get("content-security-policy");
    const line = embeds.find((embed) => embed.kind === kind)?.csp ?? "?";
    expect(policy).toBe(
      `default-src 'none'; style-src 'self'; base-uri 'none'; ${line}; report-uri /csp-report`,
    );
  }
});

for (const path of ["/", "/plain", "/plain?no-referrer"]) {
  test(`without scripts the form on ${path} leads to one page of ours, a button, and back to the partner`, async () => {
    const email = `bare-${path.length}@example.com`;
    const { page, context } = await visit(path, { javaScriptEnabled: false, ...PHONE });
    await page.getByLabel("Email address").fill(email);
    await page.getByLabel("First name").fill("Ada");
    await page.getByRole("button", { name: "Send me the letters" }).click();
    await page.getByRole("heading", { name: "One last step" }).waitFor();
    expect(await page.getByLabel("Email address").inputValue()).toBe(email);
    expect(await mailbox(themepost.url, email)).toEqual([]);
    await page.getByRole("button", { name: "Send me the letters" }).click();
    await page.waitForURL(`${themepost.demoUrl}/thanks`);
    const [mail] = await waitForMessages(themepost.url, email, 1);
    expect(mail?.text).not.toContain("Ada");
    expect(await policyReports()).toEqual([]);
    await context.close();
  });
}

test("a visitor whom the form's limit stops is told when to try again, on the partner's page, and keeps the form", async () => {
  const partner = (await (await admin("GET", "/partners/garden-mornings")).json()) as Record<string, unknown>;
  const { name, origins, time_zone, return_urls, consent_text } = partner;
  const limited = (limits: Record<string, number>) => {
    const body = { name, origins, time_zone, return_urls, consent_text, limits };
    return admin("PUT", "/partners/garden-mornings", body);
  };
  expect((await limited({ mails_per_partner_hour: 0 })).status).toBe(200);
  const { page, context } = await visit("/", PHONE);
  await page.locator("#email").fill("many@example.com");
  await page.getByRole("button", { name: "Send me the letters" }).click();
  await page.getByRole("status").filter({ hasText: "Please try again in" }).waitFor();
  expect(await page.locator("#email").inputValue()).toBe("many@example.com");
  expect((await limited({})).status).toBe(200);
  await context.close();
});

test("a page with scripts and no-referrer works as well: the script's requests tell their origin", async () => {
  const { page, context } = await visit("/?no-referrer");
  await page.locator("#email").fill("quiet@example.com");
  await page.getByRole("button", { name: "Send me the letters" }).click();
  await page.getByRole("status").filter({ hasText: "Almost done" }).waitFor();
  await waitForMessages(themepost.url, "quiet@example.com", 1);
  await context.close();
});

test("the form works with the keyboard alone: reach, type, a fault told at the field, mend, send", async () => {
  const { page, context } = await visit("/");
  const active = () =>
    page.evaluate(
      "(document.activeElement.shadowRoot?.activeElement ?? document.activeElement).id || document.activeElement.tagName",
    );
  for (let stops = 0; stops < 10 && (await active()) !== "email"; stops += 1)
    await page.keyboard.press("Tab");
  expect(await active()).toBe("email");
  await page.keyboard.type("not an address");
  await page.keyboard.press("Enter");
  await page.getByText("Please check the email address").waitFor();
  expect(await active()).toBe("email");
  const described = await page.locator("#email").getAttribute("aria-describedby");
  expect(await page.locator(`#${described}`).textContent()).toContain("ada@gmail.com");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("keys@gmial.com");
  await page.keyboard.press("Enter");
  // The trap is not on the way; the suggestion's first button has the focus.
  await page.getByRole("button", { name: "Yes, use that one" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("status").filter({ hasText: "Almost done" }).waitFor();
  await waitForMessages(themepost.url, "keys@gmial.com", 1);
  await context.close();
});

test("a site that is not the partner's gets nowhere with the form, by script or by hand", async () => {
  const html = await (await fetch(themepost.demoUrl)).text();
  const port = await freePort();
  const thief: Server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html);
  }).listen(port, "127.0.0.1");
  for (const javaScriptEnabled of [true, false]) {
    const context = await themepost.browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${port}/`, { waitUntil: "networkidle" });
    const email = page.locator(javaScriptEnabled ? "#email" : "input[name=email]");
    await email.fill("stolen@example.com");
    await email.press("Enter");
    await page.getByRole("heading", { name: "This form isn’t connected" }).waitFor();
    await context.close();
  }
  thief.close();
  expect(await mailbox(themepost.url, "stolen@example.com")).toEqual([]);
});

test("a partner copies a snippet, tries the preview, and nothing is sent", async () => {
  const { url } = (await (await admin("POST", "/partners/garden-mornings/links")).json()) as { url: string };
  const context = await themepost.browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  const posts: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" || request.url().includes("/api/")) posts.push(request.url());
  });
  const refused: string[] = [];
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) refused.push(message.text());
  });
  await page.goto(url);
  await page.locator("#email").fill("preview@example.com");
  await page.getByRole("button", { name: "Send me the letters" }).click();
  await page.getByRole("status").filter({ hasText: "Almost done" }).waitFor();
  await page.getByRole("button", { name: "Copy the HTML" }).first().click();
  await page.getByText("Copied.").waitFor();
  expect(await page.evaluate("navigator.clipboard.readText()")).toContain("<themepost-form partner=");
  expect([posts, refused]).toEqual([[], []]);
  await context.close();
});

test("a frozen partner's visitors are told so, by script and by hand", async () => {
  const partner = (await (await admin("GET", "/partners/garden-mornings")).json()) as Record<string, unknown>;
  const { name, origins, time_zone, return_urls, consent_text } = partner;
  const put = (frozen: boolean) =>
    admin("PUT", "/partners/garden-mornings", {
      name,
      origins,
      time_zone,
      return_urls,
      consent_text,
      frozen,
    });
  expect((await put(true)).status).toBe(200);
  const scripted = await visit("/");
  await scripted.page.locator("#email").fill("cold@example.com");
  await scripted.page.getByRole("status").filter({ hasText: "isn’t taking sign-ups" }).waitFor();
  await scripted.context.close();
  const bare = await visit("/plain?lang=de", { javaScriptEnabled: false });
  await bare.page.getByLabel("E-Mail-Adresse").fill("cold@example.com");
  await bare.page.getByRole("button").click();
  await bare.page.getByRole("heading", { name: "Zurzeit geschlossen" }).waitFor();
  await bare.context.close();
  expect((await put(false)).status).toBe(200);
});
