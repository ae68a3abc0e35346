import { beforeEach, expect, test } from "vitest";
import { addToDesk, atDesk, textOf } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { sequenceOf, startService } from "../support/service.ts";

const service = startService({ ownGuard: true });
const OWNER = "rosa@lindner.at";
let rosa: Awaited<ReturnType<typeof atDesk>>;
const CONSENT = "Yes, I want one letter a week by email, until I say stop.";
const FIELDS = {
  slug: "garden",
  name: "Garden <b>Mornings</b>",
  origins: "https://garden.example\nhttps://www.garden.example",
  sequence: "strengthening-bonds",
  consent_text: CONSENT,
  consent_locale: "en",
  tag: "garden",
  daily_limit: "",
};

beforeEach(async () => {
  await emptyTables(service);
  await service.publish(sequenceOf(2));
  await addToDesk(service, OWNER, "owner");
  rosa = await atDesk(service, OWNER);
});

const revision = async () =>
  /name="revision" value="([^"]+)"/.exec(await rosa.see("/desk/sites/garden"))?.[1] ?? "";
const partner = async () =>
  (await (await service.admin("GET", "/partners/garden")).json()) as Record<string, unknown>;

test("an owner adds a site, sees what it pastes, changes it, and two who change it at once don't overwrite each other", async () => {
  expect(textOf(await rosa.see("/desk/sites"))).toContain("No other site embeds your form yet.");
  const made = await rosa.post("/desk/sites", FIELDS);
  expect(made.headers.get("location")).toBe("/desk/sites/garden?done=made");
  const html = await rosa.see("/desk/sites/garden?done=made");
  expect(html).toContain("&lt;themepost-form");
  expect(html).not.toContain("<b>Mornings");
  expect(await partner()).toMatchObject({
    tag: "garden",
    origins: ["https://garden.example", "https://www.garden.example"],
  });
  const seen = await revision();
  const changed = await rosa.post("/desk/sites/garden", {
    ...FIELDS,
    name: "Garden Mornings",
    revision: seen,
  });
  expect(changed.headers.get("location")).toContain("done=saved");
  const late = await rosa.post("/desk/sites/garden", { ...FIELDS, name: "Other", revision: seen });
  expect([late.status, textOf(await late.text())]).toEqual([
    409,
    expect.stringContaining("nothing was saved"),
  ]);
  expect(await partner()).toMatchObject({ name: "Garden Mornings" });
});

test("what's wrong is named, what was typed stays, and nothing is changed", async () => {
  const wrong = await rosa.post("/desk/sites", {
    ...FIELDS,
    origins: "https://*.garden.example",
    consent_text: "short",
  });
  const html = await wrong.text();
  expect(wrong.status).toBe(422);
  expect(textOf(html)).toMatch(
    /Its addresses: must be an exact origin.*What visitors agree to: must say what a visitor agrees to/,
  );
  expect(html).toContain("https://*.garden.example");
  expect((await rosa.post("/desk/sites", { ...FIELDS, slug: "../x" })).status).toBe(422);
  await rosa.post("/desk/sites", FIELDS);
  expect((await rosa.post("/desk/sites", FIELDS)).status).toBe(422);
  expect((await rosa.get("/desk/sites/nothing")).status).toBe(404);
});

test("other languages, addresses to return to, a zone and limits are set at the desk, and taken away by emptying them", async () => {
  const more = {
    consent_text_de: "Ja, ich möchte jede Woche einen Brief, bis ich abbestelle.",
    return_urls: "thanks https://garden.example/thanks\r\n\r\nhome https://garden.example/",
    time_zone: "Europe/Berlin",
    limit_posts_per_network_hour: "200",
    limit_mails_per_domain_day: "0",
  };
  await rosa.post("/desk/sites", { ...FIELDS, ...more });
  expect(await partner()).toMatchObject({
    consent_translations: { de: more.consent_text_de },
    return_urls: { thanks: "https://garden.example/thanks", home: "https://garden.example/" },
    time_zone: "Europe/Berlin",
    limits: { posts_per_network_hour: 200, mails_per_domain_day: 0 },
  });
  const html = await rosa.see("/desk/sites/garden");
  expect(html).toContain("thanks https://garden.example/thanks\nhome https://garden.example/");
  expect(html).toMatch(/name="limit_mails_per_domain_day"[^>]*value="0"/);
  const wrong = await rosa.post("/desk/sites/garden", {
    ...{ ...FIELDS, ...more, revision: await revision() },
    ...{ limit_posts_per_network_hour: "many", consent_text_de: "Ja", return_urls: "thanks" },
  });
  expect([wrong.status, textOf(await wrong.text())]).toEqual([
    422,
    expect.stringMatching(
      /In Deutsch: must say.*From one network, an hour: must be a whole number from 0 to 1,000,000/,
    ),
  ]);
  await rosa.post("/desk/sites/garden/freeze", { frozen: "1" });
  expect(await partner()).toMatchObject({ frozen: true, limits: { posts_per_network_hour: 200 } });
  await rosa.post("/desk/sites/garden", { ...FIELDS, revision: await revision() });
  expect(await partner()).toMatchObject({ consent_translations: {}, return_urls: {}, limits: {} });
});

test("a site is frozen with a banner and opened again, gets a new key, and a page of its own that's revoked", async () => {
  await rosa.post("/desk/sites", FIELDS);
  await rosa.post("/desk/sites/garden/freeze", { frozen: "1" });
  expect(textOf(await rosa.see("/desk/sites/garden"))).toContain("Frozen: its forms take no sign-ups");
  expect(await partner()).toMatchObject({ frozen: true, name: FIELDS.name });
  await rosa.post("/desk/sites/garden/freeze", { frozen: "0" });
  expect(await partner()).toMatchObject({ frozen: false, tag: "garden" });
  const { form_key: before } = await partner();
  await rosa.post("/desk/sites/garden/key");
  expect((await partner()).form_key).not.toBe(before);
  await rosa.post("/desk/sites/garden/links");
  const html = await rosa.see("/desk/sites/garden");
  const url = /href="(https:\/\/[^"]+\/partner\/[^"]+)"/.exec(html)?.[1] ?? "";
  expect((await service.request(new URL(url).pathname)).status).toBe(200);
  const link = /name="link" value="(\d+)"/.exec(html)?.[1] ?? "";
  await rosa.post("/desk/sites/garden/links/revoke", { link });
  expect((await service.request(new URL(url).pathname)).status).not.toBe(200);
  const acts = await service.rows<{ verb: string; actor: string }>(
    "select verb, actor from acts where object = 'partner:garden'",
  );
  expect(new Set(acts.map(({ verb }) => verb))).toEqual(
    new Set(["save_partner", "rotate_form_key", "make_partner_link", "revoke_partner_link"]),
  );
  expect(acts.every(({ actor }) => /^desk:\d+$/.test(actor))).toBe(true);
});
