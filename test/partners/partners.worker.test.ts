import { beforeEach, expect, test } from "vitest";
import { addressHash } from "../../src/domain/people/address-hash.ts";
import { RELEASES } from "../../src/http/partners/embed/releases.ts";
import { sha256Hex } from "../../src/platform/links/mac.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { CONSENT, putPartner } from "../support/partner.ts";
import {
  becomeReader,
  DAY,
  HOUR,
  linkIn,
  OWN_ORIGIN,
  PARTNER_ORIGIN,
  type Service,
  START,
  sequenceOf,
  startService,
  WEEK,
} from "../support/service.ts";

let service: Service;

beforeEach(async () => {
  service = startService();
  await emptyTables(service);
  await service.publish(sequenceOf(3));
});

const json = async (answer: Response | Promise<Response>) =>
  (await (await answer).json()) as Record<string, unknown>;

/** Signs up through the script of the partner's form and reports the status. */
async function signUp(slug: string, email: string, fields: Record<string, string> = {}) {
  const partner = await json(service.admin("GET", `/partners/${slug}`));
  const { version } = partner.wording as { version: string };
  return (await service.partnerForm(String(partner.form_key), version, { email, ...fields })).status;
}

async function confirm(email: string) {
  await service.drain();
  await service.request(linkIn((await service.accepted(email)).at(-1), "confirm"), { method: "POST" });
  await service.drain();
}

test("a partner is made, shown again, and the same once more changes nothing and notes nothing", async () => {
  const first = await putPartner(service, "garden", {
    origins: ["http://localhost:8788", PARTNER_ORIGIN],
    return_urls: { thanks: `${PARTNER_ORIGIN}/thanks` },
    daily_limit: 40,
  });
  expect(first.form_key).toMatch(/^fk_[0-9a-f]{32}$/);
  expect(first.test_origins).toEqual(["http://localhost:8788"]);
  expect(first.wording).toEqual({ version: "garden/1", hash: await sha256Hex(CONSENT) });
  const second = await putPartner(service, "garden", {
    origins: [PARTNER_ORIGIN, "http://localhost:8788"],
    return_urls: { thanks: `${PARTNER_ORIGIN}/thanks` },
    daily_limit: 40,
  });
  expect(second).toEqual(first);
  await putPartner(service, "garden", { frozen: true });
  const { changes } = (await json(service.admin("GET", "/partners/garden"))) as {
    changes: { changed: object }[];
  };
  expect(changes.map(({ changed }) => Object.keys(changed).sort())).toEqual([
    ["daily_limit", "frozen", "origins", "return_urls"],
    expect.arrayContaining(["consent_text", "name", "origins"]),
  ]);
});

test.each([
  ["a wildcard origin", { origins: ["https://*.themepost.dev"] }],
  ["an origin with a path", { origins: [`${PARTNER_ORIGIN}/`] }],
  ["http on a public host", { origins: ["http://www.themepost.dev"] }],
  ["the origin null", { origins: ["null"] }],
  ["user and password", { origins: ["https://a:b@themepost.dev"] }],
  ["our own origin", { origins: [OWN_ORIGIN] }],
  ["no origin", { origins: [] }],
  ["a script as return address", { return_urls: { x: "javascript:alert(1)" } }],
  ["http as return address", { return_urls: { x: "http://www.themepost.dev/" } }],
  ["a line break in a return address", { return_urls: { x: "https://themepost.dev/\r\nx: y" } }],
  ["an id with a slash", { return_urls: { "a/b": "https://themepost.dev/" } }],
  ["a sequence that is not there", { sequence: "nothing" }],
  ["a zone that is not there", { time_zone: "Mars/Olympus" }],
  ["bidi characters in the wording", { consent_text: "Yes, send me letters \u202e once a week" }],
  ["a translation into the language of the text", { consent_translations: { en: CONSENT } }],
  ["a translation into a language that we don't speak", { consent_translations: { tlh: CONSENT } }],
  ["a name of two lines", { name: "Garden\nMornings" }],
  ["an unknown field", { orgins: [] }],
  ["a daily limit of nothing", { daily_limit: 0 }],
])("a partner with %s is refused with the field's name, and nothing is stored", async (_, fields) => {
  const answer = await service.admin("PUT", "/partners/garden", {
    name: "Garden",
    origins: [PARTNER_ORIGIN],
    consent_text: CONSENT,
    ...fields,
  });
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain(String(Object.keys(fields)[0]));
  expect(await service.rows("select 1 from partners")).toEqual([]);
});

test("a changed wording is a new version, going back takes the old one again, and old versions stay readable", async () => {
  await putPartner(service, "garden");
  const changed = await putPartner(service, "garden", { consent_text: `${CONSENT} And my name.` });
  expect(changed.wording.version).toBe("garden/2");
  expect((await putPartner(service, "garden")).wording.version).toBe("garden/1");
  expect((await putPartner(service, "garden", { consent_locale: "en-GB" })).wording.version).toBe("garden/3");
  const { wordings } = (await json(service.admin("GET", "/partners/garden"))) as {
    wordings: { version: string }[];
  };
  expect(wordings.map(({ version }) => version).sort()).toEqual(["garden/1", "garden/2", "garden/3"]);
});

const DEUTSCH = "Ja, schickt mir einen Brief pro Woche, bis ich Stopp sage.";

test("a form in a language shows the partner's words in it, a consent keeps them, and what's missing is told", async () => {
  const partner = await putPartner(service, "garden", { consent_translations: { de: DEUTSCH } });
  expect(partner).toMatchObject({
    consent_text: CONSENT,
    consent_translations: { de: DEUTSCH },
    consent_untranslated: ["fr", "es", "pt", "ar"],
    wording: { version: "garden/1" },
  });
  const plainIn = async (lang: string) =>
    JSON.stringify(await json(service.admin("GET", `/partners/garden/snippets?lang=${lang}`)));
  expect(await plainIn("de-AT")).toContain(DEUTSCH);
  expect(await plainIn("de-AT")).not.toContain(CONSENT);
  expect(await plainIn("fr")).toContain(CONSENT);
  const headers = { origin: PARTNER_ORIGIN };
  const stamp = `/api/v1/form-stamp?partner=${partner.form_key}&language=de`;
  expect(await json(service.request(stamp, { headers }))).toMatchObject({
    wording: { version: "garden/2", text: DEUTSCH, locale: "de" },
  });
  await service.partnerForm(partner.form_key, "garden/2", { email: "ada@themepost.dev", language: "de" });
  expect(await service.rows("select wording_version as version, language from consents")).toEqual([
    { version: "garden/2", language: "de" },
  ]);
});

test("the same translations again are no change, new words are a new version, and none are taken away", async () => {
  const put = (de: string) => putPartner(service, "garden", { consent_translations: { de } });
  const first = await put(DEUTSCH);
  expect(await put(DEUTSCH)).toEqual(first);
  await put(`${DEUTSCH} Und meinen Namen.`);
  expect(await put(DEUTSCH)).toMatchObject({ consent_translations: { de: DEUTSCH } });
  expect(
    await service.rows("select version, locale from wordings where partner_id is not null order by version"),
  ).toEqual([
    { version: "garden/1", locale: "en" },
    { version: "garden/2", locale: "de" },
    { version: "garden/3", locale: "de" },
  ]);
  expect(await putPartner(service, "garden")).toMatchObject({ consent_translations: {} });
});

test("the consent names the version that the visitor saw, even after the wording has changed since", async () => {
  const { form_key, wording } = await putPartner(service, "garden");
  await putPartner(service, "garden", { consent_text: `${CONSENT} And my name.` });
  await service.partnerForm(form_key, wording.version, { email: "ada@themepost.dev" });
  expect(await service.rows("select wording_version as version from consents")).toEqual([
    { version: "garden/1" },
  ]);
  const answer = await service.partnerForm(form_key, "garden/9", { email: "bea@themepost.dev" });
  expect(await answer.json()).toMatchObject({ code: "press:wording" });
});

test("a rotated key works until its grace is over; rotating the same key twice rotates once", async () => {
  const { form_key: old, wording } = await putPartner(service, "garden");
  const rotate = () =>
    json(service.admin("POST", "/partners/garden/rotate-key", { from: old, grace_days: 7 }));
  expect(await rotate()).toMatchObject({ rotated: true });
  expect(await rotate()).toMatchObject({ rotated: false });
  const { form_key } = await putPartner(service, "garden");
  expect(form_key).not.toBe(old);
  const post = async (key: string, email: string) =>
    (await service.partnerForm(key, wording.version, { email })).status;
  expect(await post(old, "ada@themepost.dev")).toBe(202);
  service.moveTo(START + 7 * DAY);
  expect(await post(old, "bea@themepost.dev")).toBe(403);
  expect(await post(form_key, "bea@themepost.dev")).toBe(202);
  expect((await service.admin("POST", "/partners/garden/rotate-key", { from: "fk_other" })).status).toBe(404);
});

test("a frozen partner's forms answer that they are closed, at once; its readers go on", async () => {
  await putPartner(service, "garden");
  expect(await signUp("garden", "ada@themepost.dev")).toBe(202);
  await confirm("ada@themepost.dev");
  const { form_key } = await putPartner(service, "garden", { frozen: true });
  const stamp = await service.request(`/api/v1/form-stamp?partner=${form_key}`, {
    headers: { origin: PARTNER_ORIGIN },
  });
  expect([stamp.status, await stamp.json()]).toMatchObject([403, { code: "frozen" }]);
  expect(await signUp("garden", "bea@themepost.dev")).toBe(403);
  const plain = await service.request("/subscribe", {
    method: "POST",
    headers: { origin: PARTNER_ORIGIN },
    body: new URLSearchParams({ partner: form_key, email: "cyd@themepost.dev", lang: "de" }),
  });
  expect(plain.status).toBe(403);
  expect(await plain.text()).toContain("Zurzeit geschlossen");
  expect(await service.rows("select count(*) as n from subscribers")).toEqual([{ n: 1 }]);
  expect(await service.rows("select state from enrollments")).toEqual([{ state: "active" }]);
  // Mending something else does not unfreeze it.
  await putPartner(service, "garden", { name: "Garden" });
  expect(await signUp("garden", "bea@themepost.dev")).toBe(403);
  await putPartner(service, "garden", { frozen: false });
  expect(await signUp("garden", "bea@themepost.dev")).toBe(202);
});

test("readers of a partner get its sequence, and its zone where the browser tells none", async () => {
  await service.publish(sequenceOf(2, "Other letters"), "other-letters");
  await putPartner(service, "garden", { sequence: "other-letters", time_zone: "Asia/Tokyo" });
  await signUp("garden", "ada@themepost.dev");
  await confirm("ada@themepost.dev");
  expect(
    await service.rows(
      "select q.slug, e.time_zone from enrollments e join sequences q on q.id = e.sequence_id",
    ),
  ).toEqual([{ slug: "other-letters", time_zone: "Asia/Tokyo" }]);
});

test("an expired link of a frozen partner's visitor renews nothing; of an open one it is a new act on our page", async () => {
  await putPartner(service, "garden");
  await signUp("garden", "ada@themepost.dev");
  await service.drain();
  const path = linkIn((await service.accepted("ada@themepost.dev"))[0], "confirm");
  service.moveTo(START + 8 * DAY);
  await putPartner(service, "garden", { frozen: true });
  expect((await service.request(path, { method: "POST" })).status).toBe(403);
  await putPartner(service, "garden", { frozen: false });
  expect(await (await service.request(path)).text()).toContain(CONSENT);
  await service.request(path, { method: "POST" });
  expect(
    await service.rows("select origin, page, wording_version as version from consents order by id"),
  ).toEqual([
    { origin: PARTNER_ORIGIN, page: "/", version: "garden/1" },
    { origin: OWN_ORIGIN, page: "/confirm", version: "garden/1" },
  ]);
});

test("a partner's page opens by its link, shows snippets and report, and no longer once the link is revoked", async () => {
  await putPartner(service, "garden", { name: "Garden <Mornings>" });
  await putPartner(service, "other", { name: "Other" });
  const { id: link, url } = await json(service.admin("POST", "/partners/garden/links"));
  const path = String(url).replace(OWN_ORIGIN, "");
  const page = await service.request(path);
  const html = await page.text();
  expect([page.status, page.headers.get("cache-control"), page.headers.get("referrer-policy")]).toEqual([
    200,
    "private, no-store",
    "no-referrer",
  ]);
  expect(html).toContain("Garden &lt;Mornings&gt;");
  expect(html).toContain("No finished weeks yet");
  expect((await service.request(`${path.slice(0, -1)}A`)).status).toBe(404);
  expect((await service.admin("DELETE", `/partners/other/links/${link}`)).status).toBe(404);
  expect((await service.admin("DELETE", `/partners/garden/links/${link}`)).status).toBe(200);
  expect((await service.request(path)).status).toBe(404);
});

test("the report counts people by whole weeks for the partner they first confirmed by, and hides cells of one to four", async () => {
  await putPartner(service, "garden");
  await putPartner(service, "other");
  const emails = Array.from({ length: 6 }, (_, n) => `ada@g${n}-themepost.dev`);
  for (const [n, email] of emails.entries()) {
    service.moveTo(START + n * 7 * HOUR);
    await signUp("garden", email);
    await confirm(email);
  }
  service.moveTo(START + 3 * DAY);
  await service.request(linkIn((await service.accepted(emails[0]))[1], "unsubscribe"), { method: "POST" });
  await signUp("other", emails[1] ?? "");
  await signUp("other", "never@g9.themepost.dev");
  await service.drain();
  await bounce("never@g9.themepost.dev");
  const report = async (slug: string) =>
    ((await json(service.admin("GET", `/partners/${slug}/report`))) as { data: Record<string, unknown>[] })
      .data;
  // A running week would tell by its growing who is a reader.
  expect([await report("garden"), await report("other")]).toEqual([[], []]);
  service.moveTo(START + WEEK);
  expect(await report("garden")).toEqual([
    {
      week: "2026-11-23",
      submitted: 6,
      confirmed: 6,
      active_after_four_weeks: null,
      unsubscribed: "<5",
      bounced: 0,
      complained: 0,
      refused: 0,
    },
  ]);
  // The second reader of the other one's was a reader already, which its report does not tell.
  expect(await report("other")).toMatchObject([{ submitted: "<5", confirmed: 0, bounced: 0, refused: 0 }]);
  await bounce(emails[2] ?? "");
  service.moveTo(START + 5 * WEEK);
  expect((await report("garden"))[0]).toMatchObject({ active_after_four_weeks: "<5", bounced: "<5" });
});

/** A hard bounce of whatever was sent to the address last. */
async function bounce(email: string) {
  const hash = await addressHash(service.config, email);
  await service.rows(
    "insert into suppressions (address_hash, reason, at) values (?, 'bounce', ?)",
    hash,
    service.clock.now,
  );
}

test("the running week counts posts that passed the gate, one each, whatever the state of the address", async () => {
  await putPartner(service, "garden");
  const { url } = await json(service.admin("POST", "/partners/garden/links"));
  const path = String(url).replace(OWN_ORIGIN, "");
  const week = async () => /This week: (.*?)<\/strong>/.exec(await (await service.request(path)).text())?.[1];
  expect(await week()).toBe("no sign-ups yet.");
  expect(await (await service.request(path)).text()).toContain("Your form hasn’t been used yet.");
  // New, pending, a reader, one who left, and one who's never to be mailed: each post counts as one.
  const counted = async (email: string) => {
    await signUp("garden", email);
    return week();
  };
  expect(await counted("ada@week-themepost.dev")).toBe("1 sign-up so far.");
  expect(await counted("ada@week-themepost.dev")).toBe("2 sign-ups so far.");
  await confirm("ada@week-themepost.dev");
  expect(await counted("ada@week-themepost.dev")).toBe("3 sign-ups so far.");
  await service.request(linkIn((await service.accepted("ada@week-themepost.dev"))[1], "unsubscribe"), {
    method: "POST",
  });
  expect(await counted("ada@week-themepost.dev")).toBe("4 sign-ups so far.");
  await bounce("never@week-themepost.dev");
  expect(await counted("never@week-themepost.dev")).toBe("5 sign-ups so far.");
  expect(await (await service.request(path)).text()).toContain("Your form was last used on Mon 23 Nov.");
});

test("a partner's page looks only at the partner's own sites, over https, and changes nothing", async () => {
  await putPartner(service, "garden");
  const { url } = await json(service.admin("POST", "/partners/garden/links"));
  const path = String(url).replace(OWN_ORIGIN, "");
  const check = async (origin: string, page: string) =>
    (await service.form(path, { origin, path: page })).text();
  for (const [origin, page] of [
    ["https://elsewhere.example", "/"],
    ["", "/"],
    [PARTNER_ORIGIN, "news"],
    [PARTNER_ORIGIN, "/a b"],
    [PARTNER_ORIGIN, "@elsewhere.example/"],
  ] as const)
    expect(await check(origin, page)).toContain("Choose one of your sites");
  await putPartner(service, "garden", { origins: ["http://localhost:5999"] });
  expect(await check("http://localhost:5999", "/")).toContain("isn’t https, so we don’t open it");
});

test("whoever comes back by another partner still counts for the first", async () => {
  await putPartner(service, "garden");
  await putPartner(service, "other");
  const email = "ada@themepost.dev";
  await signUp("garden", email);
  await confirm(email);
  await service.request(linkIn((await service.accepted(email))[1], "unsubscribe"), { method: "POST" });
  service.moveTo(START + 2 * DAY);
  await signUp("other", email);
  await confirm(email);
  expect(
    await service.rows(
      `select p.slug from subscribers s join consents c on c.id = s.first_consent_id join partners p on p.id = c.partner_id`,
    ),
  ).toEqual([{ slug: "garden" }]);
});

test("the record of consent tells wording, form, page, mail and both times, as JSON and as a page", async () => {
  const { form_key, wording } = await putPartner(service, "garden", { consent_text: `${CONSENT} <b>` });
  const email = "ada@themepost.dev";
  const network = "203.0.113.77";
  await service.partnerForm(
    form_key,
    wording.version,
    {
      email,
      ...(await service.stamped({ partner: form_key, wording: wording.version }, network)),
      page: "/spring",
    },
    { "cf-connecting-ip": network },
  );
  service.moveTo(START + 60_000);
  await confirm(email);
  const proof = await json(service.admin("POST", "/subscribers/consents", { address: "ADA@themepost.dev" }));
  expect(proof).toMatchObject({
    address: email,
    state: "active",
    consents: [
      {
        partner: "garden",
        form_key,
        origin: PARTNER_ORIGIN,
        page: "/spring",
        wording_version: "garden/1",
        wording_text: `${CONSENT} <b>`,
        wording_hash: await sha256Hex(`${CONSENT} <b>`),
        locale: "en",
        ip_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        requested_at: new Date(START).toISOString(),
        confirmed_at: new Date(START + 60_000).toISOString(),
        mail_state: "accepted",
        mail_provider_id: expect.any(String),
      },
    ],
  });
  const page = await service.request(`/api/v1/admin/subscribers/${proof.subscriber_id}/consents`, {
    headers: { authorization: "Bearer test-admin-token-0123456789abcdef", accept: "text/html" },
  });
  const html = await page.text();
  expect(html).toContain("&lt;b&gt;");
  expect(html).toContain(await sha256Hex(`${CONSENT} <b>`));
  expect((await service.request(`/api/v1/admin/subscribers/${proof.subscriber_id}/consents`)).status).toBe(
    401,
  );
});

test("published versions of the form's script never change, and are small", async () => {
  for (const [index, { path, source }] of RELEASES.entries()) {
    const answer = await service.request(path);
    expect(await answer.text()).toBe(source);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
    });
    const zipped = new Response(source).body?.pipeThrough(new CompressionStream("gzip"));
    expect((await new Response(zipped).arrayBuffer()).byteLength).toBeLessThan(6 * 1024);
    expect([index + 1, await sha256Hex(source)]).toEqual([index + 1, PUBLISHED[index]]);
  }
});

/** SHA-256 of each release. A new release adds a line; no line ever changes once its release was deployed. */
const PUBLISHED = [
  "b171051046d89408f17f635675426326593037ce708f959b4cf23aeff9fa01be",
  "231e9d6b02f3cce2ea56542d5ee85aeef165235c3d793b3ceed909d2c7b57732",
  "77b91aa4b38df2fc809e0f732d03a7807cd2bb7b6d4bc127678e479a15e7e684",
  "2103b2fee2905b90e00fb9e7a5d849f15c06ee40f9e6cdc838abba02f70e331c",
];

test("snippets carry the current key, wording and policy, and no inline style or script", async () => {
  const { form_key } = await putPartner(service, "garden", {
    name: "G",
    consent_text: `${CONSENT} "quoted" <i>`,
  });
  for (const lang of ["en", "de", "fr", "es", "pt", "ar"]) {
    const found = (await json(service.admin("GET", `/partners/garden/snippets?lang=${lang}`))) as {
      lang: string;
      embeds: { kind: string; html: string; csp: string }[];
    };
    expect(found.lang).toBe(lang);
    for (const { html } of found.embeds) {
      expect(html).toContain(`value="${form_key}"`);
      expect(html).toContain("&quot;quoted&quot; &lt;i&gt;");
      expect(html).not.toMatch(/style=|<style| on\w+=|<script>/);
    }
  }
});

test.each([
  ["a stranger", async () => {}],
  ["pending", (email: string) => service.signUp({ email })],
  ["a reader", (email: string) => becomeReader(service, email)],
  [
    "someone who left",
    async (email: string) => {
      await becomeReader(service, email);
      await service.form(linkIn((await service.accepted(email))[1], "unsubscribe"), {});
    },
  ],
  [
    "never to be mailed",
    (email: string) => service.admin("POST", "/suppressions", { address: email, note: "asked us" }),
  ],
  ["bounced", bounce],
  [
    "someone who said that it wasn't them",
    async (email: string) => {
      await service.signUp({ email });
      await service.drain();
      await service.form(`${linkIn((await service.accepted(email))[0], "confirm")}/deny`, {});
    },
  ],
  [
    "erased",
    async (email: string) => {
      await becomeReader(service, email);
      await service.admin("POST", "/subscribers/erase", { address: email });
    },
  ],
  [
    "at a domain whose budget is used up",
    async (email: string) => {
      for (let n = 0; n < 6; n += 1) await service.signUp({ email: `${n}${email}` });
    },
  ],
] as const)("a partner's report says the same whoever the sixth address is: %s", async (_, arrange) => {
  const email = "sixth@asked-about-themepost.dev";
  await arrange(email);
  await service.drain();
  const { form_key: key, wording } = await putPartner(service, "oracle");
  for (let n = 0; n < 5; n += 1)
    await service.partnerForm(key, wording.version, { email: `decoy@d${n}-themepost.dev` });
  await service.partnerForm(key, wording.version, { email });
  await service.drain();
  await bounce("decoy@d1-themepost.dev");
  // One that's on the list of suppressions already stays what it is.
  await bounce(email).catch(() => null);
  for (const weeks of [1, 6]) {
    service.moveTo(START + weeks * WEEK);
    await service.tick();
    const answer = await service.admin("GET", "/partners/oracle/report");
    const { data } = (await answer.json()) as { data: Record<string, unknown>[] };
    const told = data.map(({ active_after_four_weeks: _, ...rest }) => rest);
    expect([weeks, told]).toEqual([
      weeks,
      [
        {
          week: "2026-11-23",
          submitted: 6,
          confirmed: 0,
          unsubscribed: 0,
          bounced: 0,
          complained: 0,
          refused: 0,
        },
      ],
    ]);
  }
});

test("no field of our own forms has the name of a property of its form: it would hide it from scripts", async () => {
  const partner = await putPartner(service, "garden", {
    return_urls: { thanks: `${PARTNER_ORIGIN}/thanks` },
  });
  const { embeds } = await json(service.admin("GET", "/partners/garden/snippets"));
  const plain = await service.request("/subscribe", {
    method: "POST",
    body: new URLSearchParams({
      partner: partner.form_key,
      wording: partner.wording.version,
      email: "a@b.dev",
    }),
  });
  const pages = [
    ...(embeds as { html: string }[]).map(({ html }) => html),
    await plain.text(),
    await (await service.request("/")).text(),
  ];
  const names = new Set(
    pages.flatMap((html) =>
      [...html.matchAll(/<(?:input|button|select)[^>]* name="([^"]+)"/g)].map(([, name]) => name),
    ),
  );
  expect(names.size).toBeGreaterThan(6);
  expect([...names].filter((name) => OF_FORMS.has(name ?? ""))).toEqual([]);
});

/** What a form has by itself (html.spec.whatwg.org and dom.spec.whatwg.org: HTMLFormElement, HTMLElement, Element, Node, EventTarget). */
const OF_FORMS = new Set(
  `acceptCharset action autocomplete elements encoding enctype length method name noValidate rel relList target checkValidity
  reportValidity requestSubmit reset submit accessKey accessKeyLabel attachInternals autocapitalize autocorrect autofocus blur
  click contentEditable dataset dir draggable editContext enterKeyHint focus hidden hidePopover inert innerText inputMode
  isContentEditable lang nonce offsetHeight offsetLeft offsetParent offsetTop offsetWidth outerText popover showPopover
  spellcheck style tabIndex title togglePopover translate virtualKeyboardPolicy writingSuggestions after animate append
  assignedSlot attachShadow attributes before children classList className clientHeight clientWidth closest firstElementChild
  getAttribute hasAttribute id innerHTML insertAdjacentElement lastElementChild localName matches nextElementSibling outerHTML
  part prefix prepend previousElementSibling querySelector querySelectorAll remove removeAttribute replaceChildren replaceWith
  role scrollIntoView setAttribute shadowRoot slot tagName toggleAttribute appendChild baseURI childNodes cloneNode contains
  firstChild insertBefore isConnected lastChild nextSibling nodeName nodeType nodeValue normalize ownerDocument parentElement
  parentNode previousSibling removeChild replaceChild textContent addEventListener dispatchEvent removeEventListener
  constructor toString valueOf hasOwnProperty`.split(/\s+/),
);
