import { expect, test } from "vitest";
import { listOpenBatches } from "../../src/domain/ledger/queries/sweep.ts";
import { sendBatch } from "../../src/domain/sending/send-batch.ts";
import { planTick } from "../../src/domain/sequences/plan-tick.ts";
import { emptyTables } from "../support/empty-tables.ts";
import {
  becomeReader,
  DAY,
  HOUR,
  linkIn,
  type Service,
  sequenceOf,
  startService,
} from "../support/service.ts";

const READERS = 6;
const ACTIONS = 220;
const ZONES = [
  "Europe/Berlin",
  "Pacific/Kiritimati",
  "Pacific/Pago_Pago",
  "America/Santiago",
  "Australia/Lord_Howe",
];

/** Small and good enough for schedules (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test.each([1, 2, 3, 4, 5, 6])(
  "whatever readers, edits, faults and overlaps do, nobody gets a theme twice or two within six days (seed %i)",
  async (seed) => {
    const chance = seeded(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;
    const service = startService();
    await emptyTables(service);
    await service.publish({ ...sequenceOf(8), first_letter: seed % 2 === 0 ? "at_once" : "in_slot" });
    const emails = Array.from({ length: READERS }, (_, n) => `sim-${seed}-${n}@web.de`);
    for (const email of emails) await becomeReader(service, email, { time_zone: pick(ZONES) });
    /** Spans in which a reader was unsubscribed or paused, by address: nothing may be accepted in them. */
    const silent = new Map<string, boolean>(emails.map((email) => [email, false]));
    let seen = (await service.accepted()).length;

    const link = async (email: string, purpose: "preferences" | "unsubscribe") =>
      linkIn(
        (await service.accepted(email)).find((message) => message.html.includes(`/${purpose}/`)),
        purpose,
      );
    const enrollmentOf = async (email: string) =>
      (
        await service.rows<{ id: number }>(
          `select e.id from enrollments e join subscribers s on s.id = e.subscriber_id where s.address_key = '${email}'`,
        )
      )[0]?.id ?? 0;
    const change = async (email: string, fields: Record<string, string>) =>
      service.change(await link(email, "preferences"), {
        enrollment: String(await enrollmentOf(email)),
        ...fields,
      });
    const send = async () => {
      const ids = await listOpenBatches(service.db);
      await Promise.all([...ids, ...ids].map(({ id, lane }) => sendBatch(service.deps(), id, lane)));
    };
    const actions: ((email: string) => Promise<unknown>)[] = [
      async () => service.moveTo(service.clock.now + pick([15 * 60_000, HOUR, 6 * HOUR, DAY, 3 * DAY])),
      async () => service.moveTo(service.clock.now + pick([HOUR, DAY, 2 * DAY])),
      async () => void (await Promise.all([service.tick(), service.tick()])),
      async () =>
        planTick(service.deps(), {
          tickAt: service.clock.now,
          statementBudget: 900,
          growth: 0,
          lostUntil: 0,
          lettersLeft: null,
        }),
      send,
      async () => {
        await service.arrangeFaults(
          pick(["drop_after_accept", "error_500_after_accept", "garbage_200", "drop_before_accept"]),
        );
        await send();
        service.clock.wall += HOUR;
      },
      async (email) =>
        change(email, {
          action: "slot",
          weekday: String(1 + Math.floor(chance() * 7)),
          hour: String(Math.floor(chance() * 24)),
          time_zone: pick(ZONES),
          every_weeks: pick(["1", "1", "2", "4"]),
        }),
      async (email) => {
        const answer = await change(email, { action: "pause", pause: "open" });
        if (answer.headers.get("location")?.includes("changed=")) silent.set(email, true);
      },
      async (email) => {
        const answer = await change(email, { action: "pause", pause: pick(["2", "4", "8"]) });
        // It ends by itself.
        if (answer.headers.get("location")?.includes("changed=")) silent.set(email, false);
      },
      async (email) => {
        const [row] = await service.rows<{ due: number | null }>(
          `select next_due_at as due from enrollments where id = ${await enrollmentOf(email)}`,
        );
        await change(email, { action: "skip", due: String(row?.due ?? 1) });
      },
      async (email) => {
        const page = await (await service.request(await link(email, "preferences"))).text();
        const way = pick(["as_before", "fewer", "pause"]);
        if (!page.includes(`return_${way}`)) return;
        const answer = await change(email, { action: `return_${way}` });
        if (answer.headers.get("location")?.includes("changed=")) silent.set(email, false);
      },
      async (email) => {
        const [last] = await service.rows<{ id: number; kind: string; was: string; became: string }>(
          `select r.* from reader_changes r join subscribers s on s.id = r.subscriber_id
           where s.address_key = '${email}' order by r.id desc limit 1`,
        );
        const answer = await change(email, { action: "undo", change: String(last?.id ?? 1) });
        if (!answer.headers.get("location")?.includes("changed=")) return;
        const was = JSON.parse(last?.was ?? "{}") as { state?: string; pauseUntil?: string | null };
        silent.set(email, was.state === "paused" && was.pauseUntil === null);
      },
      async (email) => {
        const page = await change(email, { action: "resume" });
        if (page.headers.get("location")?.includes("changed=")) silent.set(email, false);
      },
      async (email) => {
        await service.form(await link(email, "unsubscribe"), {});
        silent.set(email, true);
      },
      async (email) => {
        await service.signUp({ email });
        await send();
        const confirmation = (await service.accepted(email)).findLast((message) =>
          message.subject.startsWith("Please confirm"),
        );
        const answer = await service.request(linkIn(confirmation, "confirm"), { method: "POST" });
        if (/(Your next letter|The next one) comes on/.test(await answer.text())) silent.set(email, false);
      },
      async () => {
        const body = sequenceOf(8);
        body.steps.sort(() => chance() - 0.5);
        await service.publish({
          ...body,
          first_letter: seed % 2 === 0 ? "at_once" : "in_slot",
          steps: body.steps.slice(0, 5 + Math.floor(chance() * 4)),
        });
      },
    ];

    for (let n = 0; n < ACTIONS; n += 1) {
      // Most of the time nothing happens but that half a day passes and mail goes out.
      if (chance() < 0.6) {
        service.moveTo(service.clock.now + 12 * HOUR);
        await service.tick();
        await send();
      } else {
        await pick(actions)(pick(emails));
      }
      const accepted = await service.accepted();
      for (const message of accepted.slice(seen)) {
        const theme = message.tags.some((tag) => tag.value === "theme");
        if (theme && silent.get(message.to) === true)
          expect.fail(`${message.to} was mailed while silent, action ${n}`);
      }
      seen = accepted.length;
    }
    await assertGuarantees(service, emails);
  },
);

async function assertGuarantees(service: Service, emails: readonly string[]): Promise<void> {
  for (const email of emails) {
    const subjects = (await service.accepted(email))
      .filter((message) => message.tags.some((tag) => tag.value === "theme"))
      .map((message) => message.subject);
    expect(new Set(subjects).size).toBe(subjects.length);
    const slots = await service.rows<{ slot_at: number }>(
      `select d.slot_at from deliveries d join subscribers s on s.id = d.recipient_id
       where s.address_key = '${email}' and d.kind = 'theme' and d.item is not null order by d.slot_at`,
    );
    slots.slice(1).forEach((later, index) => {
      expect(later.slot_at - (slots[index]?.slot_at ?? 0)).toBeGreaterThanOrEqual(6 * DAY);
    });
  }
  const [{ n } = { n: 0 }] = await service.rows<{ n: number }>(
    "select count(*) as n from deliveries where kind = 'theme' and state = 'accepted'",
  );
  expect(n).toBeGreaterThan(emails.length);
  const unaccounted = await service.rows(
    `select id from deliveries where (state = 'accepted') <> (provider_id is not null)
     or (state in ('skipped', 'failed', 'held', 'uncertain') and reason is null)`,
  );
  expect(unaccounted).toEqual([]);
}
