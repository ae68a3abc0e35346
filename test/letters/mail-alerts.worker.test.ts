import { beforeEach, expect, test } from "vitest";
import { alertsToMail, mailAlerts } from "../../src/domain/letters/mail-alerts.ts";
import { raiseAlert } from "../../src/platform/log/queries.ts";
import { addToDesk } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { DAY, HOUR, sequenceOf, startService } from "../support/service.ts";

const service = startService({ ownGuard: true });
let n = 0;
let owner = "";

beforeEach(async () => {
  await emptyTables(service);
  await service.publish(sequenceOf(1));
  n += 1;
  owner = `rosa${n}@lindner.at`;
  await addToDesk(service, owner, "owner");
  await addToDesk(service, `hugo${n}@lindner.at`, "helper");
});

const raise = (name: string, detail: string) =>
  raiseAlert(service.db, { name, detail, now: service.clock.now });
async function tell() {
  await mailAlerts(service.deps());
  await service.drain();
  return (await service.accepted(owner)).length;
}

test("owners get a mail of what needs a look, with what to do and the way to the desk; no one else does", async () => {
  expect(await tell()).toBe(0);
  await raise("provider.quota", "daily");
  await raise("letters.uncertain", "timeout {{unsubscribe_url}}");
  expect(await tell()).toBe(1);
  const [mail] = await service.accepted(owner);
  expect(mail?.subject).toBe("2 things need a look at letters.themepost.dev");
  expect(mail?.text).toContain("Your quota at the provider is used up.");
  expect(mail?.text).toContain("letters.uncertain · timeout unsubscribe_url");
  expect(mail?.html).toContain("https://letters.themepost.dev/desk");
  expect(await service.accepted(`hugo${n}@lindner.at`)).toEqual([]);
});

test("the same alert is mailed once an hour at most, one that stays once a day, and none that was cleared", async () => {
  await raise("plan.ceiling", "100");
  expect(await tell()).toBe(1);
  expect(await tell()).toBe(1);
  service.moveTo(service.clock.now + HOUR / 2);
  await raise("plan.ceiling", "100");
  expect(await tell()).toBe(1);
  service.moveTo(service.clock.now + HOUR / 2);
  expect(await tell()).toBe(2);
  service.moveTo(service.clock.now + 2 * HOUR);
  expect(await tell()).toBe(2);
  service.moveTo(service.clock.now + DAY);
  expect(await tell()).toBe(3);
  await service.admin("DELETE", "/alerts/plan.ceiling");
  service.moveTo(service.clock.now + DAY);
  expect(await tell()).toBe(3);
});

test("someone who isn't an owner any more gets no alert that waits", async () => {
  await addToDesk(service, `second${n}@lindner.at`, "owner");
  await raise("plan.ceiling", "100");
  await mailAlerts(service.deps());
  await addToDesk(service, owner, "viewer");
  await service.drain();
  expect(await service.accepted(owner)).toEqual([]);
  expect(await service.accepted(`second${n}@lindner.at`)).toHaveLength(1);
});

test("which alerts are told now is decided by when they were raised and told last", () => {
  const at = (mailedAt: number | null, lastAt: number) => ({ name: "a", detail: "", lastAt, mailedAt });
  const now = 100 * HOUR;
  expect(alertsToMail([at(null, now)], now)).toHaveLength(1);
  expect(alertsToMail([at(now - HOUR + 1, now)], now)).toHaveLength(0);
  expect(alertsToMail([at(now - HOUR, now)], now)).toHaveLength(1);
  expect(alertsToMail([at(now - HOUR, now - 2 * HOUR)], now)).toHaveLength(0);
  expect(alertsToMail([at(now - DAY, now - 2 * DAY)], now)).toHaveLength(1);
});
