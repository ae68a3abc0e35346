import { Temporal } from "temporal-polyfill";
import { expect } from "vitest";
import { becomeReader, type Service, sequenceOf } from "./service.ts";

/** Zones with every oddity: half hours, quarter hours, midnight gaps, both ends of the day, no DST. */
const REPLAY_ZONES = [
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Africa/Cairo",
  "America/Santiago",
  "Pacific/Kiritimati",
  "Pacific/Pago_Pago",
  "America/St_Johns",
  "Asia/Kolkata",
  "Pacific/Chatham",
  "Africa/Casablanca",
  "America/Sao_Paulo",
  "UTC",
];

const SLOTS = [
  { weekday: 2, hour: 9 },
  { weekday: 7, hour: 2 },
  { weekday: 5, hour: 0 },
];

const TICK_MS = 15 * 60_000;

/**
 * Signs a reader up for each zone and slot, then runs every tick of `ticks`, each with its batches sent. Asserts by
 * identity that each reader got each of `steps` themes once, in order, at the wall-clock time of a slot of their own,
 * one week after another.
 */
export async function replay(
  service: Service,
  options: { readonly ticks: number; readonly steps: number },
): Promise<void> {
  await service.publish(sequenceOf(options.steps));
  const readers = REPLAY_ZONES.flatMap((timeZone) => SLOTS.map((slot) => ({ ...slot, timeZone })));
  for (const [index, reader] of readers.entries()) {
    const email = `replay@z${index}-themepost.dev`;
    await becomeReader(service, email, { time_zone: reader.timeZone });
    const welcome = (await service.accepted(email))[1];
    const path = /https:\/\/[^"]+(\/preferences\/[\w-]+)/.exec(welcome?.html ?? "")?.[1] ?? "";
    const [row] = await service.rows<{ id: number }>(
      `select e.id from enrollments e join subscribers s on s.id = e.subscriber_id where s.address_key = '${email}'`,
    );
    const { weekday, hour, timeZone } = reader;
    await service.change(path, {
      enrollment: String(row?.id),
      action: "slot",
      weekday: String(weekday),
      hour: String(hour),
      time_zone: timeZone,
    });
  }
  const startedAt = service.clock.now;
  for (let tick = 1; tick <= options.ticks; tick += 1) {
    service.moveTo(startedAt + tick * TICK_MS);
    await service.tick();
    if (service.queued.length > 0) await service.drain();
  }
  const received = await service.rows<{
    address: string;
    slug: string;
    slot_at: number;
    settled_at: number;
    state: string;
  }>(
    `select s.address, t.slug, d.slot_at, d.settled_at, d.state from deliveries d join subscribers s on s.id = d.recipient_id
     join steps t on t.id = d.intended_item where d.kind = 'theme' order by d.slot_at`,
  );
  const taken = (await service.accepted()).filter((message) =>
    message.tags.some((tag) => tag.value === "theme"),
  );
  expect(taken).toHaveLength(received.length);
  const weeks = Math.floor((options.ticks * TICK_MS) / (7 * 24 * 3_600_000));
  readers.forEach(({ weekday, hour, timeZone }, index) => {
    const own = received.filter((row) => row.address === `replay@z${index}-themepost.dev`);
    const subjects = taken
      .filter((message) => message.to === `replay@z${index}-themepost.dev`)
      .map((message) => message.subject);
    const count = Math.min(options.steps, Math.max(own.length, weeks));
    expect(own.map((row) => row.slug)).toEqual(
      Array.from({ length: count }, (_, step) => `theme-${step + 1}`),
    );
    expect(subjects).toEqual(own.map((row) => `A letter on ${row.slug}`));
    own.forEach((row, step) => {
      expect(row.state).toBe("accepted");
      expect(row.settled_at - row.slot_at).toBeLessThan(TICK_MS);
      const local = Temporal.Instant.fromEpochMilliseconds(row.slot_at).toZonedDateTimeISO(timeZone);
      const wall = local.toPlainDate().toPlainDateTime({ hour });
      expect(local.dayOfWeek).toBe(weekday);
      expect(row.slot_at).toBe(wall.toZonedDateTime(timeZone).epochMilliseconds);
      const before = own[step - 1];
      if (before === undefined) return;
      const days = Temporal.Instant.fromEpochMilliseconds(before.slot_at)
        .toZonedDateTimeISO(timeZone)
        .toPlainDate()
        .until(local.toPlainDate()).days;
      expect(days).toBe(7);
    });
  });
}
