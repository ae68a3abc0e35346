import { expect, test } from "vitest";
import { type Checks, type Door, diagnosis, type HealthSaid } from "../../scripts/themepost/diagnosis.ts";

const NOW = Date.parse("2026-11-24T12:10:00Z");
const WELL: Checks = {
  provider: "resend",
  domain: "mail.garden.org",
  checks: ["domain", "tracking", "spf", "dkim", "dmarc", "webhook", "reports"].map((what) => ({
    what,
    state: "right",
  })),
  can_read_list: true,
  ticked_at: "2026-11-24T12:00:00Z",
  at_desk: { people: 1, owners: 1 },
  access_audience: null,
  now: "2026-11-24T12:10:00Z",
  probe: {
    at: "2026-11-24T12:09:00Z",
    taken: true,
    seen: {
      sent: "2026-11-24T12:09:01Z",
      delivered: "2026-11-24T12:09:02Z",
      bounced: "2026-11-24T12:09:02Z",
      complained: "2026-11-24T12:09:03Z",
    },
  },
};
const HEALTH: HealthSaid = { status: "ok", faults: [], database_bytes: 10, database_bytes_max: 1000 };
const wrongOf = (checks: Partial<Checks>, health: Partial<HealthSaid> = {}, now = NOW, door: Door = "open") =>
  diagnosis({ ...WELL, ...checks }, { ...HEALTH, ...health }, now, { door, probed: true })
    .filter(({ state }) => state !== "right")
    .map(({ what, state }) => [what, state]);

test("a whole installation has nothing to fix", () => {
  expect(wrongOf({})).toEqual([]);
});

test.each([
  [
    "a record that's missing",
    { checks: [{ what: "dkim", state: "wrong" as const }] },
    {},
    [["DKIM (DNS)", "wrong"]],
  ],
  [
    "name servers that don't answer",
    { checks: [{ what: "spf", state: "could_not_ask" as const }] },
    {},
    [["SPF (DNS)", "could_not_ask"]],
  ],
  ["a key that may only send", { can_read_list: false }, {}, [["the key's rights", "wrong"]]],
  ["a cron that never fired", { ticked_at: null }, {}, [["the cron", "wrong"]]],
  ["a cron that stopped", { ticked_at: "2026-11-24T10:00:00Z" }, {}, [["the cron", "wrong"]]],
  [
    "a clock that's off",
    { now: "2026-11-24T12:15:00Z", ticked_at: "2026-11-24T12:00:00Z" },
    {},
    [["the clock", "wrong"]],
  ],
  ["a database that fills up", {}, { database_bytes: 700 }, [["the database's size", "wrong"]]],
  ["a desk without an owner", { at_desk: { people: 1, owners: 0 } }, {}, [["the desk", "wrong"]]],
  ["a service that isn't well", {}, { faults: ["late"] }, [["the service", "wrong"]]],
  [
    "mail that doesn't leave",
    { probe: { at: WELL.now, taken: false, seen: {} } },
    {},
    [
      ["a letter that leaves", "wrong"],
      ["a report of what's delivered", "wrong"],
      ["a report of what's bounced", "wrong"],
      ["a report of what's complained", "wrong"],
    ],
  ],
])("%s is named, with what to do", (_, checks, health, lines) => {
  expect(wrongOf(checks, health)).toEqual(lines);
  for (const { state, fix } of diagnosis({ ...WELL, ...checks }, { ...HEALTH, ...health }, NOW, {
    door: "open",
    probed: true,
  }))
    if (state === "wrong") expect(fix).not.toBe("");
});

test("a trial isn't asked for what only mail needs", () => {
  const trial = { provider: "mailbox" as const, checks: [], can_read_list: null, probe: null };
  expect(wrongOf(trial)).toEqual([]);
});

test.each<[string, string | null, Door, "right" | "wrong" | "could_not_ask"]>([
  ["links alone", null, "open", "right"],
  ["Access with the audience that the desk trusts", "aud-1", { audience: "aud-1" }, "right"],
  ["Access with another application's audience", "aud-1", { audience: "aud-2" }, "wrong"],
  ["Access that the service doesn't know of", null, { audience: "aud-2" }, "wrong"],
  ["an audience without Access before the desk", "aud-1", "open", "wrong"],
  ["Access that doesn't name its application", "aud-1", { audience: null }, "could_not_ask"],
  ["a desk that doesn't answer", "aud-1", null, "could_not_ask"],
])("the desk's door, %s", (_, access_audience, door, state) => {
  expect(wrongOf({ access_audience }, {}, NOW, door)).toEqual(
    state === "right" ? [] : [["the desk's door", state]],
  );
});
