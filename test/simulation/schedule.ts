import { addressHash } from "../../src/domain/people/address-hash.ts";
import { nextSlot } from "../../src/platform/calendar/slot.ts";
import { type Purpose, signLink } from "../../src/platform/links/token.ts";
import { say } from "../../src/platform/texts/texts.ts";
import type { Fault } from "../support/resend-emulator/server.ts";
import { HOUR, linkIn, OWN_ORIGIN, type Service, sequenceOf } from "../support/service.ts";
import { broadcastDesk, TAGS } from "./broadcast-desk.ts";
import { listWithFault } from "./list-faults.ts";
import type { Fate } from "./scheduler.ts";
import { Chance } from "./seeded.ts";
import { restoreSnapshot, type Snapshot, takeSnapshot } from "./snapshot.ts";
import { World } from "./world.ts";

export const STEPS_OF_SEQUENCE = 5;
const READERS = 3;
const TURNS = 90;
/** How many operations an invocation gets through before another one has its turn. */
const BURST_MAX = 9;
const RUNNING_MAX = 4;
const ZONES = [
  "Europe/Berlin",
  "Pacific/Kiritimati",
  "Pacific/Pago_Pago",
  "America/Santiago",
  "Australia/Lord_Howe",
];

/** From this seed on, seeds restore the database some five times as often: to try what a restore needs. */
const RESTORED_OFTEN = 1_000_000;

/** How far back D1 can be restored (developers.cloudflare.com/d1/reference/time-travel). */
const TIME_TRAVEL_MS = 30 * 24 * HOUR;

/** Cloudflare ends ticks and consumers after this (developers.cloudflare.com/workers/platform/limits). */
const INVOCATION_MS = 15 * 60_000;

const FAULTS: readonly Fault[] = [
  "drop_before_accept",
  "drop_after_accept",
  "drop_after_accept",
  "error_500_before_accept",
  "error_500_after_accept",
  "garbage_200",
  "short_answer",
  "refuse:rate_limit_exceeded",
  "refuse:daily_quota_exceeded",
  "refuse:validation_error",
  "refuse:concurrent_idempotent_requests",
  "refuse:invalid_api_key",
];

/** What the emulator makes of mail to such addresses. */
const FATES_OF_MAIL = ["bounce-soft", "bounce-hard", "complain", "fail"] as const;

/** What our pages say to someone whom a letter may still reach, and to someone who is paused. */
const ON_ITS_WAY = say("standing.underWay");
const PAUSED = say("standing.paused");
const NO_BROADCASTS = say("changed.no_broadcasts");

const FATES: readonly Fate[] = ["crash_before", "crash_after", "crash_after", "fail_before", "fail_after"];

/** What a schedule did, line by line, and the world that it left. */
export type Played = { readonly world: World; readonly restored: boolean };

/**
 * Plays a seed: at each turn either an invocation that stands at an operation goes on (or dies, or fails there), or something
 * new happens: time passes, a tick fires, a message is delivered (again), someone clicks, the owner edits, the provider
 * reports, the database is restored. Everything follows from the seed. What happens is written into `story`.
 */
export async function play(service: Service, seed: number, story: string[]): Promise<Played> {
  const chance = new Chance(seed % RESTORED_OFTEN);
  const world = new World(service, chance);
  const emails = Array.from(
    { length: READERS },
    (_, n) => `${chance.happens(0.3) ? chance.pick(FATES_OF_MAIL) : "sim"}-${seed}-${n}@web.de`,
  );
  let snapshot: Snapshot | null = null;
  let snapshotAt = 0;
  let restored = false;
  let restoredAt = -1;
  let outage = false;
  let order = sequenceOf(STEPS_OF_SEQUENCE).steps;

  const tell = (line: string) => story.push(`${String(world.turn).padStart(3)} ${line}`);
  const pass = async (ms: number) => {
    service.moveTo(service.clock.wall + ms);
    await service.arrangeAccount({ aheadMs: service.clock.wall - Date.now() });
    for (const invocation of world.running) {
      if (service.clock.wall - invocation.startedAt <= INVOCATION_MS) continue;
      await invocation.standing();
      await invocation.step("crash_before");
    }
  };
  const link = async (email: string, purpose: Purpose) => {
    if (purpose === "confirm") {
      const mail = (await service.accepted(email)).findLast((message) => message.html.includes("/confirm/"));
      return mail === undefined ? null : linkIn(mail, "confirm");
    }
    // The same link as in a letter, without asking the provider for it.
    const [row] = await service.rows<{ id: number | null }>(
      purpose === "preferences"
        ? "select id from subscribers where address_key = ?"
        : "select max(d.id) as id from deliveries d join subscribers s on s.id = d.recipient_id where s.address_key = ?",
      email,
    );
    if (row?.id == null) return null;
    const [secret] = service.config.signingSecrets;
    return `/${purpose}/${await signLink(secret, { purpose, id: row.id, expiresAt: null, generation: 0 })}`;
  };
  const form = (fields: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(fields) });
  // Each visitor from a network of their own, the same each time: a form is only taken from where it was given.
  const signUpForm = async (fields: { readonly email: string; readonly time_zone: string }) => {
    const network = `${130 + emails.indexOf(fields.email)}.20.30.7`;
    return {
      ...form(await service.stamped(fields, network)),
      headers: { origin: OWN_ORIGIN, "cf-connecting-ip": network },
    };
  };
  // Of two acts of a reader at once nobody can say which was first: only a later one silences.
  const silent = (email: string, paused: boolean, asked: number, told: boolean) => {
    if ((spoke.get(email) ?? -1) >= asked) return;
    // A page may tell of a pause that it read a moment before the restore that took it back.
    if (paused && asked <= restoredAt) return;
    const known = world.silence.get(email) ?? null;
    const since = world.turn;
    if (known === null || (known.paused && !paused)) world.silence.set(email, { since, paused, told });
  };
  const toldOf = async (answer: Response) => (await answer.text()).includes(ON_ITS_WAY);
  const spoke = new Map<string, number>();
  const speaks = (email: string) => () => {
    spoke.set(email, world.turn);
    world.silence.set(email, null);
  };
  const enrollmentOf = async (email: string) => {
    const [row] = await service.rows<{ id: number }>(
      "select e.id from enrollments e join subscribers s on s.id = e.subscriber_id where s.address_key = ?",
      email,
    );
    return String(row?.id ?? 0);
  };
  const admin = (name: string, path: string, body: unknown = {}) =>
    world.request(name, `/api/v1/admin${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${service.config.adminToken}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  const clicks: ReadonlyArray<(email: string) => Promise<void>> = [
    async (email) =>
      void world.request(
        `sign-up ${email}`,
        "/subscribe",
        await signUpForm({ email, time_zone: chance.pick(ZONES) }),
      ),
    async (email) => {
      const path = await link(email, "confirm");
      // Confirming may bring someone back: they may be mailed from its first operation on, and after its last.
      if (path !== null) {
        speaks(email)();
        world.request(`confirm ${email}`, path, { method: "POST" }, speaks(email));
      }
    },
    async (email) => {
      const asked = world.turn;
      const path = await link(email, "unsubscribe");
      if (path === null) return;
      world.request(`unsubscribe ${email}`, path, form({ scope: "everything" }), async (answer) => {
        if (answer.status === 200) silent(email, false, asked, await toldOf(answer));
      });
    },
    async (email) => {
      const asked = world.turn;
      const path = await link(email, "preferences");
      if (path === null) return;
      const action = chance.pick(["pause", "resume", "slot", "skip"] as const);
      const slot = {
        weekday: String(1 + chance.below(7)),
        hour: String(chance.below(24)),
        time_zone: chance.pick(ZONES),
      };
      const [person] = await service.rows<{ revision: number; due: number | null }>(
        `select s.revision as revision, e.next_due_at as due from subscribers s
         left join enrollments e on e.subscriber_id = s.id where s.address_key = ?`,
        email,
      );
      const fields = {
        action,
        seen: String(person?.revision ?? 0),
        enrollment: await enrollmentOf(email),
        ...(action === "slot" ? slot : {}),
        ...(action === "skip" ? { due: String(person?.due ?? 1) } : {}),
        ...(action === "pause" ? { pause: chance.pick(["open", "open", "2"]) } : {}),
      };
      // A pause with an end lets letters come again by itself.
      const goesOn = action === "resume" || (action === "pause" && fields.pause !== "open");
      if (goesOn) speaks(email)();
      world.request(`${action} ${email}`, path, form(fields), (answer) => {
        if (goesOn) speaks(email)();
        const changed = answer.headers.get("location")?.includes("changed=") === true;
        if (action !== "pause" || fields.pause !== "open" || !changed) return;
        // What the browser shows next is the page that says it.
        world.request(`paused ${email}`, answer.headers.get("location") ?? "", {}, async (page) => {
          const text = await page.text();
          if (text.includes(PAUSED)) silent(email, true, asked, text.includes(ON_ITS_WAY));
        });
      });
    },
    async (email) => {
      const asked = world.turn;
      const path = await link(email, "preferences");
      if (path === null) return;
      const [person] = await service.rows<{ revision: number }>(
        "select revision from subscribers where address_key = ?",
        email,
      );
      const fields = { action: "stop_broadcasts", seen: String(person?.revision ?? 0) };
      world.request(`stop broadcasts ${email}`, path, form(fields), (answer) => {
        if (answer.headers.get("location")?.includes("no_broadcasts") !== true) return;
        // What the browser shows next is the page that says it.
        world.request(`left broadcasts ${email}`, answer.headers.get("location") ?? "", {}, async (page) => {
          const text = await page.text();
          if (text.includes(NO_BROADCASTS))
            world.leftBroadcasts.set(email, {
              since: Math.max(asked, world.turn),
              told: text.includes(ON_ITS_WAY),
            });
        });
      });
    },
    async (email) => {
      // Once in a while, one of them: the others must go on having something to be tested with.
      if (world.erased.size > 0 || !chance.happens(0.2)) return;
      const headers = {
        authorization: `Bearer ${service.config.adminToken}`,
        "content-type": "application/json",
      };
      const init = { method: "POST", headers, body: JSON.stringify({ address: email }) };
      world.request(`erase ${email}`, "/api/v1/admin/subscribers/erase", init, (answer) => {
        const told = answer.status === 202;
        if (told || answer.status === 200) world.erased.set(email, { since: world.turn, told });
      });
    },
  ];

  const keepBackup = async () => {
    tell("a backup point");
    snapshotAt = service.clock.wall;
    snapshot = await takeSnapshot(service.bindings.DB);
  };
  const restore = async (to: Snapshot) => {
    tell("the database is restored");
    restored = true;
    restoredAt = world.turn;
    for (const invocation of world.running) invocation.mayFail = true;
    await restoreSnapshot(service.bindings.DB, to);
    // What readers asked for since is lost but for their opt-outs, which the journal keeps.
    for (const email of emails) if (world.silence.get(email)?.paused === true) world.silence.set(email, null);
  };
  const goBack = async (what: number): Promise<boolean> => {
    if (what < 0.05) await keepBackup();
    else if (what < 0.1 && snapshot !== null && service.clock.wall - snapshotAt < TIME_TRAVEL_MS)
      await restore(snapshot);
    else if (what < 0.14) admin("re-arm", "/sending/re-arm", {});
    else return false;
    return true;
  };

  const broadcast = await broadcastDesk(service, world, chance, tell);

  const happen = async (): Promise<void> => {
    if (chance.happens(0.07)) return broadcast();
    if (seed >= RESTORED_OFTEN && (await goBack(chance.next()))) return;
    // Mostly the queue is quicker than time.
    const what = world.queue.length > 0 && chance.happens(0.5) ? 0.5 : chance.next();
    if (what < 0.12) {
      const ms = chance.pick([
        60_000,
        60_000,
        15 * 60_000,
        HOUR,
        HOUR,
        6 * HOUR,
        23 * HOUR,
        49 * HOUR,
        8 * 24 * HOUR,
      ]);
      tell(`${ms / 60_000} minutes pass`);
      return pass(ms);
    }
    if (what < 0.34) {
      const [row] = await service.rows<{ at: number | null }>(
        "select min(next_due_at) as at from enrollments",
      );
      if (world.queue.length > 0 && chance.happens(0.7)) return;
      const ms = Math.max(60_000, (row?.at ?? 0) - service.clock.wall);
      tell("a tick at the next slot");
      await pass(ms);
      world.tick();
    } else if (what < 0.38) {
      tell("a tick");
      world.tick();
    } else if (what < 0.7 && world.queue.length > 0) {
      const place = chance.below(world.queue.length);
      const message = world.queue[place];
      const kept = chance.happens(0.15);
      if (!kept) world.queue.splice(place, 1);
      if (!kept && chance.happens(0.08)) return void tell("a message is lost");
      if (message !== undefined) tell(world.consume(message).name + (kept ? " (and again later)" : ""));
    } else if (what < 0.79) {
      const email = chance.pick(emails);
      const before = world.running.length;
      await chance.pick(clicks)(email);
      tell(world.running[before]?.name ?? "a click that finds no letter");
    } else if (what < 0.9 && world.events.length > 0) {
      const place = chance.below(world.events.length);
      const event = world.events[place];
      if (!chance.happens(0.2)) world.events.splice(place, 1);
      if (event === undefined) return;
      const { headers, body } = event;
      const asked = world.turn;
      tell(`webhook ${JSON.parse(body).type} ${JSON.parse(body).data.tags.delivery_id}`);
      world.request(
        "webhook",
        "/webhooks/resend",
        { method: "POST", headers: { ...headers }, body },
        async (answer) => {
          if (answer.status !== 200) world.events.push(event);
          const to: string = JSON.parse(body).data.to[0];
          // The provider is told nothing: its calls under way are its own.
          if (await isSuppressed(service, to)) silent(to, false, asked, true);
        },
      );
    } else if (what < 0.915) {
      order = [...order].sort(() => chance.next() - 0.5).slice(0, 3 + chance.below(3));
      const inserted = sequenceOf(STEPS_OF_SEQUENCE + 2).steps.filter(
        ({ slug }) => !order.some((step) => step.slug === slug),
      );
      if (chance.happens(0.6) && inserted.length > 0)
        order.splice(chance.below(order.length), 0, chance.pick(inserted));
      tell(`publish ${order.map(({ slug }) => slug).join(" ")}`);
      const first_letter = chance.happens(0.6) ? "at_once" : "in_slot";
      const resume = chance.happens(0.3);
      await service.publish({ ...sequenceOf(1), first_letter, steps: order, resume });
    } else if (what < 0.945) {
      const act = chance.pick(["stop", "resume", "resume", "re-arm"] as const);
      tell(`owner: ${act}`);
      admin(act, `/sending/${act}`, act === "stop" ? { reason: "a test" } : {});
    } else if (what < 0.95) {
      const list = await listWithFault(service, chance);
      tell(`the provider's list: ${JSON.stringify(list)}`);
      await service.arrangeAccount({ list });
    } else if (what < 0.955) {
      outage = !outage;
      tell(outage ? "the provider goes away" : "the provider is back");
      await service.arrangeAccount({ outage: outage ? "refuse" : null });
    } else if (what < 0.96) {
      const held = await service.rows<{ id: number }>("select id from deliveries where state = 'held'");
      if (held.length === 0) return;
      tell("owner: release");
      admin("release", "/letters/release", { ids: held.map(({ id }) => id) });
    } else if (what < 0.975 || snapshot === null || service.clock.wall - snapshotAt > TIME_TRAVEL_MS) {
      await keepBackup();
    } else {
      await restore(snapshot);
    }
  };

  await service.arrangeAccount({ aheadMs: service.clock.wall - Date.now() });
  // One visitor begins with the form; the others are readers already.
  const [visitor = "", ...readers] = emails;
  for (const email of readers) await enrollReader(service, email, chance);
  world.request(
    `sign-up ${visitor}`,
    "/subscribe",
    await signUpForm({ email: visitor, time_zone: chance.pick(ZONES) }),
  );
  for (world.turn = 1; world.turn <= TURNS; world.turn += 1) {
    const { running } = world;
    if (running.length > 0 && (running.length >= RUNNING_MAX || chance.happens(0.6))) {
      const invocation = chance.pick(running);
      await invocation.standing();
      for (let burst = 1 + chance.below(BURST_MAX); burst > 0 && !invocation.finished; burst -= 1) {
        const calls = invocation.at === "provider send";
        const fate = chance.happens(calls ? 0.12 : 0.02) ? chance.pick(FATES) : "go";
        if (calls && chance.happens(0.25)) world.nextFault = chance.pick(FAULTS);
        if (fate !== "go" || (calls && world.nextFault !== null)) {
          tell(`${invocation.name}: ${invocation.at}: ${fate} ${world.nextFault ?? ""}`);
        }
        await invocation.step(fate);
      }
      if (invocation.finished) running.splice(running.indexOf(invocation), 1);
      if (invocation.failure !== null) throw invocation.failure;
    } else await happen();
    if (world.violations.length > 0) throw new Error(world.violations.join("; "));
  }

  await calmDown(service, world, pass);

  return { world, restored };
}

async function enrollReader(service: Service, email: string, chance: Chance): Promise<void> {
  const slot = { weekday: 1 + chance.below(7), hour: chance.below(24), timeZone: chance.pick(ZONES) };
  const due = nextSlot(slot, service.clock.wall, null);
  await service.rows(
    `insert into subscribers (address, address_key, address_hash, state, broadcasts, created_at, confirmed_at)
     values (?, ?, ?, 'active', ?, 0, 0)`,
    email,
    email,
    await addressHash(service.config, email),
    chance.happens(0.8) ? 1 : 0,
  );
  await service.rows(
    `insert into enrollments (subscriber_id, sequence_id, state, weekday, hour, time_zone, next_due_at, enrolled_at)
     select s.id, q.id, 'active', ?, ?, ?, ?, 0 from subscribers s, sequences q where s.address_key = ?`,
    slot.weekday,
    slot.hour,
    slot.timeZone,
    due,
    email,
  );
  await service.rows(
    "insert into reader_tags (tag_id, subscriber_id, at) select t.id, s.id, 0 from tags t, subscribers s where t.name = ? and s.address_key = ?",
    chance.pick(TAGS),
    email,
  );
}

/** Whether an address is on the suppression list for good. */
async function isSuppressed(service: Service, address: string): Promise<boolean> {
  const rows = await service.rows(
    `select 1 from suppressions x join subscribers s on s.address_hash = x.address_hash
     where s.address = ? and x.lifted_at is null and x.until is null`,
    address,
  );
  return rows.length > 0;
}

/** What's held waits for an owner: they let it go on. */
async function decideHeld(service: Service, world: World): Promise<void> {
  for (const { id } of await service.rows<{ id: number }>("select id from broadcasts where state = 'held'")) {
    const etag = (await service.admin("GET", `/broadcasts/${id}`)).headers.get("etag") ?? "";
    world.withdrawn.delete(id);
    await service.admin("POST", `/broadcasts/${id}/go-on`, undefined, { "if-match": etag });
  }
  // What an act put on the queue of the service goes on with the others.
  for (const { lane, message } of service.queued.splice(0))
    world.queue.push({ lane, body: message, notBefore: service.clock.wall });
}

/** Everything under way ends, the owner switches on what is off, and nothing fails any more until all is settled. */
async function calmDown(service: Service, world: World, pass: (ms: number) => Promise<void>): Promise<void> {
  const finish = async () => {
    while (world.running.length > 0) {
      const [invocation] = world.running;
      if (invocation === undefined) return;
      await invocation.standing();
      while (!invocation.finished) await invocation.step("go");
      world.running.shift();
      if (invocation.failure !== null) throw invocation.failure;
    }
  };
  world.nextFault = null;
  await service.arrangeAccount({ outage: null });
  await finish();
  // A broadcast on readers' clocks, locked late, waits for some days more.
  const waits = () => service.rows("select id from deliveries where state = 'planned' and batch_id is null");
  const later = Array.from({ length: 10 }, () => 25);
  for (const [place, hours] of [0, 1, 25, 49, 49, 1, ...later].entries()) {
    if (place > 5 && (await waits()).length === 0) return;
    await pass(hours * HOUR);
    world.turn += 1;
    world.tick();
    await finish();
    await service.admin("POST", "/sending/re-arm");
    await service.admin("POST", "/sending/resume");
    await decideHeld(service, world);
    for (let rounds = 0; rounds < 4 && world.queue.length > 0; rounds += 1) {
      await pass(60_000);
      for (const message of world.queue.splice(0)) world.consume(message);
      await finish();
    }
    for (const event of world.events.splice(0)) await service.hook(event);
  }
}
