import { afterEach, beforeEach, expect, test } from "vitest";
import { FIELD_CHARACTERS_MAX } from "../../src/http/ui/read-form.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { putPartner } from "../support/partner.ts";
import {
  becomeReader,
  linkIn,
  OWN_ORIGIN,
  type Service,
  sequenceOf,
  startService,
} from "../support/service.ts";

/** A mark whose normalisation takes time out of proportion, as often as fits into a post. */
const MARK = "\u0301";
const LONG = `a${MARK.repeat(14_000)}`;
/** Where it all comes from. */
const NETWORK = "203.0.113.7";
/** No text that's longer may be looked at, whatever the field; those of people have closer limits. */
const LOOKED_AT_MAX = FIELD_CHARACTERS_MAX;

/** The runtime's own class, which this test stands in front of. */
const url = globalThis as unknown as { URL: typeof URL };
const original = {
  normalize: String.prototype.normalize,
  exec: RegExp.prototype.exec,
  URL: url.URL,
};
let longest = 0;
/** Notes how long a text is that an expensive function is given, where it comes from a field of ours. */
const note = (text: unknown) => {
  const given = String(text);
  if (given.includes(MARK) || given.includes("%CC%81")) longest = Math.max(longest, given.length);
};

let service: Service;
beforeEach(async () => {
  service = startService();
  await emptyTables(service);
  await service.publish(sequenceOf(3));
  longest = 0;
  String.prototype.normalize = function (this: string, ...form: [string?]) {
    note(this);
    return original.normalize.apply(this, form as [string]);
  };
  RegExp.prototype.exec = function (this: RegExp, text: string) {
    note(text);
    return original.exec.call(this, text);
  };
  url.URL = class extends original.URL {
    constructor(url: string | URL, base?: string | URL) {
      note(url);
      super(url, base);
    }
    static override canParse(url: string | URL, base?: string | URL): boolean {
      note(url);
      return original.URL.canParse(url, base);
    }
  } as typeof URL;
});
afterEach(() => {
  String.prototype.normalize = original.normalize;
  RegExp.prototype.exec = original.exec;
  url.URL = original.URL;
});

const SIGN_UP = [
  "email",
  "first_name",
  "time_zone",
  "partner",
  "wording",
  "return",
  "lang",
  "stamp",
  "from",
  "page",
  "use_suggested",
  "challenge",
  "leave_empty",
  "keep_domain",
  "cf-turnstile-response",
  "a_field_of_nobodys",
];

test("no field of a sign-up is looked at beyond its length, on any route and with or without a stamp", async () => {
  const partner = await putPartner(service, "garden", {});
  for (const name of SIGN_UP) {
    for (const stamped of [true, false]) {
      const fields = stamped
        ? await service.stamped({ email: "ada@garden.org" }, NETWORK)
        : { email: "ada@garden.org" };
      const form = { ...fields, partner: partner.form_key, [name]: LONG };
      for (const body of [new URLSearchParams(form), JSON.stringify(form)]) {
        const type: Record<string, string> =
          typeof body === "string" ? { "content-type": "application/json" } : {};
        for (const path of ["/subscribe", "/api/v1/subscriptions"]) {
          const headers = { origin: OWN_ORIGIN, "cf-connecting-ip": NETWORK, ...type };
          const answer = await service.request(path, { method: "POST", headers, body });
          expect([path, name, answer.status < 500]).toEqual([path, name, true]);
          // The page shows again what was typed, but never more than was read.
          expect([path, name, (await answer.text()).length < 40_000]).toEqual([path, name, true]);
        }
      }
    }
    const asked = await service.request(`/api/v1/form-stamp?partner=${"x".repeat(5000)}`);
    expect(asked.status).toBe(422);
  }
  expect(longest).toBeLessThanOrEqual(LOOKED_AT_MAX);
});

test("no field behind a link is looked at beyond its length", async () => {
  await becomeReader(service, "ada@garden.org");
  const mail = (await service.accepted("ada@garden.org")).at(-1);
  const links = [linkIn(mail, "unsubscribe"), linkIn(mail, "preferences")];
  const paths = [...links, ...links.map((path) => `${path}/after`), ...links.map((path) => `${path}/erase`)];
  const names = [
    "action",
    "scope",
    "seen",
    "first_name",
    "answer",
    "answer_1",
    "sequence",
    "enrollment",
    "weekday",
    "hour",
    "time_zone",
  ];
  const more = ["every_weeks", "pause", "until", "due", "change", "reason", "List-Unsubscribe"];
  const actions = [
    "slot",
    "preview",
    "pause",
    "pause_until",
    "skip",
    "personal",
    "undo",
    "why",
    "return_fewer",
  ];
  for (const path of paths) {
    for (const action of actions) {
      for (const name of [...names, ...more]) {
        const fields = { action, seen: "0", enrollment: "1", weekday: "1", hour: "9", [name]: LONG };
        const body = new URLSearchParams(fields);
        const headers = { "cf-connecting-ip": NETWORK };
        await service.request(path, { method: "POST", headers, body });
      }
    }
    await service.request(`${path}?said=${encodeURIComponent(LONG.slice(0, 500))}&changed=1`);
  }
  expect(longest).toBeLessThanOrEqual(LOOKED_AT_MAX);
});
