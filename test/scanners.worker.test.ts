import { beforeAll, expect, test } from "vitest";
import {
  becomeReader,
  HOUR,
  linkIn,
  runUntil,
  type Service,
  START,
  sequenceOf,
  startService,
  WEEK,
} from "./support/service.ts";

const EMAIL = "scanned@themepost.dev";
let service: Service;
let links: string[] = [];

/** Addresses on our own origin in HTML, as paths; entities undone. */
const pathsIn = (html: string) =>
  [...html.matchAll(/(?:href|action|src)="([^"]+)"/g)]
    .map((match) => (match[1] ?? "").replaceAll("&amp;", "&").replaceAll("&#38;", "&"))
    .flatMap((url) =>
      URL.canParse(url, service.config.publicUrl) ? [new URL(url, service.config.publicUrl)] : [],
    )
    .filter((url) => url.origin === service.config.publicUrl)
    .map((url) => `${url.pathname}${url.search}`);

/** Every row of every table, as text. */
const database = async () => {
  const tables = await service.rows<{ name: string }>(
    "select name from sqlite_master where type = 'table' and name not like '\\_%' escape '\\' order by name",
  );
  const rows = await Promise.all(
    tables.map(async ({ name }) => [name, await service.rows(`select * from ${name}`)] as const),
  );
  return JSON.stringify(rows);
};

beforeAll(async () => {
  service = startService();
  await service.publish(sequenceOf(10));
  await becomeReader(service, EMAIL, { first_name: "Ada" });
  await service.signUp({ email: "pending@themepost.dev" });
  await service.drain();
  await runUntil(service, START + 11 * WEEK, 6 * HOUR);
  const preferences = linkIn((await service.accepted(EMAIL))[1], "preferences");
  await service.form(`${preferences}/link`, {});
  await service.drain();
  const own = linkIn((await service.accepted(EMAIL)).at(-1), "data");
  await service.form(`${own}/erase`, {});
  await service.drain();
  const messages = await service.accepted();
  expect(messages.length).toBeGreaterThanOrEqual(14);
  const inMail = messages.flatMap(({ html, headers }) => [
    ...pathsIn(html),
    ...pathsIn(`<a href="${/<([^>]+)>/.exec(headers["List-Unsubscribe"] ?? "")?.[1] ?? ""}">`),
  ]);
  links = [...new Set(inMail)];
});

test("a scanner that opens every link of every letter, and every link and form address behind it, changes not one byte", async () => {
  expect(links.length).toBeGreaterThan(20);
  for (const purpose of ["confirm", "unsubscribe", "preferences", "read", "erase", "data"]) {
    expect(links.some((link) => link.startsWith(`/${purpose}/`))).toBe(true);
  }
  const before = await database();
  const seen = new Set<string>();
  // Two steps deep: pages behind the links, and what stands on those.
  let wave = links;
  for (let depth = 0; depth < 3; depth += 1) {
    const next: string[] = [];
    for (const path of wave) {
      if (seen.has(path)) continue;
      seen.add(path);
      const page = await service.request(path, { headers: { "user-agent": "Mozilla/5.0 SafeLinks" } });
      expect(page.status, path).toBeLessThan(500);
      next.push(...pathsIn(await page.text()));
      const target = page.headers.get("location");
      if (target !== null) next.push(...pathsIn(`<a href="${target}">`));
    }
    wave = next;
  }
  expect(seen.size).toBeGreaterThan(links.length);
  for (const path of seen) {
    for (const [method, headers] of [
      ["HEAD", {}],
      ["OPTIONS", { origin: "https://scanner.themepost.dev" }],
      ["GET", { "sec-purpose": "prefetch;prerender", purpose: "prefetch" }],
      ["GET", { range: "bytes=0-99" }],
    ] as const) {
      await service.request(path, { method, headers });
    }
  }
  expect(await database()).toBe(before);
});

test("no page does anything by itself: no script presses, no refresh, no form is sent on load", async () => {
  for (const path of links) {
    const page = await (await service.request(path)).text();
    expect(page).not.toMatch(/http-equiv|onload|autosubmit/i);
    for (const script of page.matchAll(/<script[^>]*src="([^"]+)"/g)) {
      const source = await (await service.request(script[1] ?? "")).text();
      expect(source).not.toMatch(/\.submit\(|requestSubmit|\.click\(/);
    }
  }
});

test("every page behind a link is for one person only: not stored, not indexed, no referrer, nothing from elsewhere", async () => {
  for (const path of links.filter((link) => /^\/(confirm|unsubscribe|preferences|read|erase)\//.test(link))) {
    const answer = await service.request(path);
    expect(answer.headers.get("cache-control"), path).toContain("no-store");
    expect(answer.headers.get("x-robots-tag"), path).toBe("noindex");
    expect(answer.headers.get("referrer-policy"), path).toBe("no-referrer");
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    const page = await answer.text();
    expect(page).not.toMatch(/ style="|<style|<script(?![^>]*src=)/);
    for (const [, url] of page.matchAll(/(?:src|href)="(https?:\/\/[^"]+)"/g)) {
      expect(url?.startsWith(service.config.publicUrl), `${path} names ${url}`).toBe(true);
    }
  }
});
