import { beforeEach, expect, test } from "vitest";
import { KEY_LIFE_MS } from "../../src/domain/sending/compose-attempt.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { enroll } from "../support/enroll.ts";
import { type ListFaults, WHOLE_LIST } from "../support/resend-emulator/account.ts";
import { DAY, HOUR, type Service, sequenceOf, startService, WEEK } from "../support/service.ts";

const TUESDAY = Date.UTC(2026, 10, 24, 8);
let service: Service;

beforeEach(async () => {
  await emptyTables(startService());
  service = startService({ ownGuard: true });
  await service.publish(sequenceOf(3));
});

async function to(instant: number): Promise<void> {
  service.moveTo(instant);
  await service.arrangeAccount({ aheadMs: instant - Date.now() });
}

async function signUp(email: string): Promise<void> {
  await service.signUp({ email });
  await service.drain();
}

/**
 * Two readers' themes and a confirmation are called for while the provider doesn't answer for more than 23 hours, so that nobody knows what
 * became of them; with `taken` it took the calls all the same. Letters of before and after it were answered.
 */
async function playOutage(taken: boolean): Promise<void> {
  await to(TUESDAY - HOUR);
  await signUp("before@themepost.dev");
  await enroll(service, 2, TUESDAY);
  await to(TUESDAY);
  await service.tick();
  await service.signUp({ email: "ada@themepost.dev" });
  const fault = taken ? "drop_after_accept" : "drop_before_accept";
  await service.arrangeFaults(fault, fault);
  await service.drain();
  await to(TUESDAY + KEY_LIFE_MS);
  await service.drain();
  await to(TUESDAY + DAY);
  await signUp("after@themepost.dev");
}

const unknown = () =>
  service.rows<{ address: string; state: string; reason: string | null }>(
    `select s.address, d.state, d.reason from deliveries d join subscribers s on s.id = d.recipient_id
     where d.copy = 0 and s.address not in ('before@themepost.dev', 'after@themepost.dev') order by s.id`,
  );
const mailTo = async (email: string) => (await service.accepted(email)).map(({ subject }) => subject);

test("what was never sent comes after all: a theme in the next slot, a confirmation at once, each once", async () => {
  await playOutage(false);
  expect((await unknown()).map(({ state }) => state)).toEqual(["uncertain", "uncertain", "uncertain"]);
  await to(TUESDAY + DAY + HOUR / 2);
  expect(await service.tick()).toMatchObject({ found: 0, unsent: 0 });
  await to(TUESDAY + DAY + 1.25 * HOUR);
  expect(await service.tick()).toMatchObject({ found: 0, unsent: 3 });
  expect(await unknown()).toMatchObject([
    { state: "skipped", reason: "never_sent" },
    { state: "skipped", reason: "never_sent" },
    { state: "failed", reason: "never_sent" },
  ]);
  await service.drain();
  expect(await mailTo("ada@themepost.dev")).toHaveLength(1);
  await service.tick();
  await to(TUESDAY + WEEK);
  await service.tick();
  await service.drain();
  expect(await mailTo("reader-1@themepost.dev")).toEqual(["A letter on theme-1"]);
  expect(await mailTo("ada@themepost.dev")).toHaveLength(1);
  const { data } = (await (await service.admin("GET", "/acts")).json()) as { data: { verb: string }[] };
  expect(data.filter(({ verb }) => verb === "free_letters")).toHaveLength(1);
});

test("what was taken though no answer came is found, or stays uncertain where the list can't tell it by its subject", async () => {
  await playOutage(true);
  await to(TUESDAY + DAY + 1.25 * HOUR);
  expect(await service.tick()).toMatchObject({ found: 2, unsent: 0 });
  expect((await unknown()).map(({ state }) => state)).toEqual(["accepted", "accepted", "uncertain"]);
  await to(TUESDAY + WEEK);
  await service.tick();
  await service.drain();
  expect(await mailTo("reader-1@themepost.dev")).toEqual(["A letter on theme-1", "A letter on theme-2"]);
  expect(await mailTo("ada@themepost.dev")).toHaveLength(1);
});

/** The ids of what the provider took before the outage, in it and after it. */
async function takenIds() {
  const accepted = await service.accepted();
  return {
    before: accepted.filter((email) => email.to.startsWith("before")).map(({ id }) => id),
    meanwhile: accepted.filter(({ late }) => late).map(({ id }) => id),
  };
}

test.each<[string, (ids: Awaited<ReturnType<typeof takenIds>>) => Partial<ListFaults>]>([
  ["the key may only send", () => ({ sendOnly: true })],
  ["it forgets what is older than a day", () => ({ keptSince: TUESDAY + HOUR })],
  [
    "it shows what was taken without an answer a day later",
    () => ({ lagMs: 2 * DAY, keptSince: TUESDAY - 60_000 }),
  ],
  ["a page of it is left out", ({ before, meanwhile }) => ({ missing: [...before, ...meanwhile] })],
])("a list of which %s proves nothing: nobody is sent anything twice", async (_, faultsOf) => {
  await playOutage(true);
  const list = { ...WHOLE_LIST, ...faultsOf(await takenIds()) };
  await service.arrangeAccount({ list });
  for (const hours of [1.25, 2, 6]) {
    await to(TUESDAY + DAY + hours * HOUR);
    expect(await service.tick()).toMatchObject({ unsent: 0 });
    await service.drain();
  }
  expect((await unknown()).map(({ state }) => state)).toEqual(["uncertain", "uncertain", "uncertain"]);
  expect(await mailTo("ada@themepost.dev")).toHaveLength(1);
});

test("a theme that the owner sent again meanwhile doesn't come once more when it's proven that it was never sent", async () => {
  await playOutage(false);
  const [row] = await service.rows<{ id: number }>(
    "select d.id from deliveries d join subscribers s on s.id = d.recipient_id where s.address = 'reader-1@themepost.dev'",
  );
  await service.admin("POST", "/letters/send-again", { ids: [row?.id] });
  await service.drain();
  await to(TUESDAY + DAY + 2.25 * HOUR);
  expect(await service.tick()).toMatchObject({ unsent: 3 });
  expect(await unknown()).toMatchObject([
    { state: "failed", reason: "never_sent" },
    { state: "skipped", reason: "never_sent" },
    { state: "failed", reason: "never_sent" },
  ]);
  await to(TUESDAY + WEEK + DAY);
  await service.tick();
  await service.drain();
  await to(TUESDAY + 2 * WEEK);
  await service.tick();
  await service.drain();
  const sent = await mailTo("reader-1@themepost.dev");
  expect(sent.filter((subject) => subject === "A letter on theme-1")).toHaveLength(1);
  expect(sent).toContain("A letter on theme-2");
});

test("an owner who asks is told how many were never sent", async () => {
  await playOutage(false);
  await to(TUESDAY + DAY + 2 * HOUR);
  const rows = await service.rows<{ id: number }>("select id from deliveries where state = 'uncertain'");
  const answer = await service.admin("POST", "/letters/reconcile", { ids: rows.map(({ id }) => id) });
  expect(await answer.json()).toEqual({ found: 0, unsent: 3 });
});

test("a letter that a restored database lost the attempts of is never proven unsent", async () => {
  await playOutage(false);
  await service.rows("update deliveries set reason = 'restored' where state = 'uncertain'");
  await to(TUESDAY + DAY + 2 * HOUR);
  expect(await service.tick()).toMatchObject({ unsent: 0 });
});

test("a confirmation waits out an outage of days, as long as its link works; then it's held", async () => {
  await to(TUESDAY);
  await service.signUp({ email: "ada@themepost.dev" });
  await to(TUESDAY + 4 * DAY);
  await service.signUp({ email: "bea@themepost.dev" });
  await service.drain();
  expect(await mailTo("ada@themepost.dev")).toHaveLength(1);
  await service.signUp({ email: "cleo@themepost.dev" });
  await to(TUESDAY + 4 * DAY + WEEK + HOUR);
  await service.drain();
  expect(await mailTo("cleo@themepost.dev")).toEqual([]);
  expect(await service.rows("select state, reason from deliveries where state <> 'accepted'")).toEqual([
    { state: "held", reason: "late" },
  ]);
});
