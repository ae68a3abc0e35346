import { beforeEach, expect, test } from "vitest";
import { emptyTables } from "../support/empty-tables.ts";
import { becomeReader, DAY, linkIn, type Service, sequenceOf, startService } from "../support/service.ts";
import { ownVersion } from "../support/site.ts";

const EMAIL = "victim@themepost.dev";
const NETWORK = "203.0.113.9";
let service: Service;

beforeEach(async () => {
  service = startService();
  await emptyTables(service);
  await service.publish(sequenceOf(3));
});

/** A sign-up by our own form, from a network. */
const signUp = async (email: string, network = NETWORK) =>
  service.request("/subscribe", {
    method: "POST",
    headers: { origin: "https://letters.themepost.dev", "cf-connecting-ip": network },
    body: new URLSearchParams(await service.stamped({ email, first_name: "Buy pills" }, network)),
  });
const confirmations = async (email = EMAIL) =>
  (await service.accepted(email)).filter(({ html }) => html.includes("/confirm/"));
const link = async (email = EMAIL) => linkIn((await confirmations(email)).at(-1), "confirm");
const deny = async (email = EMAIL) => service.form(`${await link(email)}/deny`, {});

test("“I didn’t sign up for this” deletes the sign-up: name, address and network are gone, and the link is dead", async () => {
  await signUp(EMAIL);
  await service.drain();
  const page = await (await service.request(await link())).text();
  expect(page).toContain("I didn’t sign up for this");
  expect(await (await deny()).text()).toContain("We’ve deleted the sign-up");
  expect(await service.rows("select address, first_name, state from subscribers")).toEqual([
    { address: "", first_name: "", state: "erased" },
  ]);
  expect(await service.rows("select first_name, ip_hash, confirmed_at from consents")).toEqual([
    { first_name: "", ip_hash: null, confirmed_at: null },
  ]);
  for (const press of [await link(), `${await link()}/deny`]) {
    expect(await (await service.form(press, {})).text()).toContain("We’ve deleted the sign-up");
  }
  expect(await (await service.request(await link())).text()).toContain("We’ve deleted the sign-up");
  expect(await service.rows("select 1 from enrollments")).toEqual([]);
});

test("after it no form can send to that address for a month, by no spelling of it, and then one may again", async () => {
  await signUp(EMAIL);
  await service.drain();
  await deny();
  for (const email of [EMAIL, "victim+again@themepost.dev", "VICTIM@themepost.dev"]) {
    await signUp(email, "198.51.100.7");
  }
  service.moveTo(service.clock.now + 29 * DAY);
  await signUp(EMAIL, "198.51.100.8");
  await service.drain();
  expect(await confirmations()).toHaveLength(1);
  expect(await confirmations("victim+again@themepost.dev")).toHaveLength(0);
  service.moveTo(service.clock.now + 32 * DAY);
  await signUp(EMAIL, "198.51.100.9");
  await service.drain();
  expect(await confirmations()).toHaveLength(2);
});

test("a network from which three people were signed up against their will signs nobody up that day", async () => {
  for (const email of ["a@one.themepost.dev", "b@two.themepost.dev", "c@three.themepost.dev"]) {
    await signUp(email);
    await service.drain();
    await deny(email);
  }
  await signUp("d@four.themepost.dev");
  await signUp("e@five.themepost.dev", "198.51.100.7");
  await service.drain();
  expect(await confirmations("d@four.themepost.dev")).toHaveLength(0);
  expect(await confirmations("e@five.themepost.dev")).toHaveLength(1);
  const { data: refusals } = (await (await service.admin("GET", "/refusals")).json()) as {
    data: { reason: string; count: number }[];
  };
  expect(Object.fromEntries(refusals.map(({ reason, count }) => [reason, count]))).toEqual({
    denied: 3,
    denied_network: 1,
  });
});

test("a reader whom someone signs up again keeps their letters when they say that it was not them", async () => {
  await service.publish(sequenceOf(3, "Other Letters"), "other-letters");
  await becomeReader(service, EMAIL);
  await service.rows(
    `insert into consents (subscriber_id, sequence_id, wording_version, locale, page, origin, time_zone, request_id, requested_at)
     select s.id, q.id, '${await ownVersion()}', 'en', '/', '', 'UTC', 'other', ${service.clock.now + 1} from subscribers s, sequences q
     where q.slug = 'other-letters'`,
  );
  const { signLink } = await import("../../src/platform/links/token.ts");
  const [consent] = await service.rows<{ id: number }>("select max(id) as id from consents");
  const expiresAt = service.clock.now + DAY;
  const token = await signLink(service.config.signingSecrets[0], {
    purpose: "confirm",
    id: consent?.id ?? 0,
    expiresAt,
    generation: 0,
  });
  await service.form(`/confirm/${token}/deny`, {});
  await service.form(`/confirm/${token}`, {});
  expect(await service.rows("select address, state from subscribers")).toEqual([
    { address: EMAIL, state: "active" },
  ]);
  expect(await service.rows("select state from enrollments")).toEqual([{ state: "active" }]);
});

test("what was confirmed is not denied by an old link, and of a confirmation and a denial at once one counts", async () => {
  await becomeReader(service, EMAIL);
  expect(await (await deny()).text()).toContain("You’re in");
  expect(await service.rows("select state from enrollments")).toEqual([{ state: "active" }]);

  await signUp("both@themepost.dev", "198.51.100.7");
  await service.drain();
  const path = await link("both@themepost.dev");
  await Promise.all([service.form(path, {}), service.form(`${path}/deny`, {})]);
  const [row] = await service.rows<{ confirmed: number; denied: number; state: string }>(
    `select c.confirmed_at is not null as confirmed, c.denied_at is not null as denied, s.state as state
     from consents c join subscribers s on s.id = c.subscriber_id order by c.id desc limit 1`,
  );
  expect([
    { confirmed: 1, denied: 0, state: "active" },
    { confirmed: 0, denied: 1, state: "erased" },
  ]).toContainEqual(row);
});
