import { expect } from "vitest";
import { wrongCounts } from "../support/counts.ts";
import { DAY, type Service } from "../support/service.ts";
import type { Played } from "./schedule.ts";

/** The guarantees of the design, asserted by identity against what the emulator accepted. */
export async function assertGuarantees(service: Service, { world, restored }: Played): Promise<void> {
  if (world.violations.length > 0) expect.fail(world.violations.join("; "));
  const accepted = (await service.accepted()).map((message) => ({
    providerId: message.id,
    id: Number(message.tags.find(({ name }) => name === "delivery_id")?.value.split("-")[1]),
  }));

  // 1. Nobody gets a letter twice.
  const keys = accepted.map(({ id }) => {
    const was = world.sentAs.get(id);
    return was === undefined ? `unknown ${id}` : [was.kind, was.anchor, was.round, was.item].join(" ");
  });
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);

  // 3. Six days apart, by their slots, or by when the provider took them where that was later; what it failed afterwards never arrived.
  const failed = new Set(
    (await service.rows<{ id: number }>("select id from deliveries where state = 'failed'")).map(
      ({ id }) => id,
    ),
  );
  const themes = accepted
    .flatMap(({ id, providerId }) => {
      const was = world.sentAs.get(id);
      if (was === undefined) return [];
      return { ...was, acceptedAt: failed.has(id) ? 0 : (world.acceptedAt.get(providerId) ?? 0) };
    })
    .filter(({ kind }) => kind === "theme");
  for (const [anchor, own] of Map.groupBy(themes, (theme) => theme.anchor)) {
    const arrivals = own.map(({ slot, acceptedAt }) => Math.max(slot, acceptedAt)).sort((a, b) => a - b);
    const close = arrivals.filter((at, index) => index > 0 && at - (arrivals[index - 1] ?? 0) < 6 * DAY);
    expect(close, `themes of enrollment ${anchor} less than six days apart`).toEqual([]);
  }

  // 2. Every letter ends somewhere, with a reason, and the runs add up.
  const unsettled = await service.rows(
    `select id, kind, state, reason, batch_id from deliveries where state = 'planned'
       or (state = 'accepted') <> (provider_id is not null and state <> 'failed')
       or (state in ('skipped', 'failed', 'held', 'uncertain') and reason is null)`,
  );
  expect(unsettled).toEqual([]);
  expect(await service.rows("select id, state, last_outcome from batches where state <> 'done'")).toEqual([]);
  for (const { id } of await service.rows<{ id: number }>("select id from runs")) {
    const answer = await service.admin("GET", `/runs/${id}`);
    const run = (await answer.json()) as { account: { adds_up: boolean } };
    if (!restored) expect(run.account.adds_up, `run ${id} adds up`).toBe(true);
  }

  // The numbers of each day are what happened on it.
  const wrong = await wrongCounts(service);
  if (wrong.length > 0) expect.fail(`the numbers are not the facts: ${JSON.stringify(wrong)}`);

  // What the provider took is known as sent; what is known as accepted, the provider took.
  const rows = await service.rows<{
    id: number;
    state: string;
    reason: string | null;
    provider_id: string | null;
    kind: string;
    anchor: number;
  }>("select id, state, reason, provider_id, kind, anchor from deliveries");
  const ledger = new Map(rows.map((row) => [row.id, row]));
  const owners = await service.rows<{ name: string }>(
    "select 'confirmation ' || id as name from consents union all select 'theme ' || id from enrollments union all select 'welcome ' || id from enrollments union all select 'broadcast ' || id from subscribers",
  );
  const known = new Set(owners.map(({ name }) => name));
  for (const { id, providerId } of accepted) {
    const was = world.sentAs.get(id);
    const found = ledger.get(id);
    // Before a restore is found, a tick that had begun may give a lost letter's id away once more.
    const isAnother = restored && (found?.kind !== was?.kind || found?.anchor !== was?.anchor);
    const row = isAnother ? undefined : found;
    // Of a sign-up or an enrollment that was made in a lost time nothing is left.
    const gone = row === undefined && restored && !known.has(`${was?.kind} ${was?.anchor}`);
    const counted =
      row?.state === "accepted" ||
      row?.state === "uncertain" ||
      (row?.state === "failed" && row.reason !== "refused");
    if (!gone && !counted)
      expect.fail(`letter ${id} was accepted, and the ledger says ${JSON.stringify(row)}`);
    if (row?.state === "accepted" && row.provider_id !== providerId)
      expect.fail(`letter ${id} has another id`);
  }
  const taken = new Set(accepted.map(({ id }) => id));
  const invented = rows.filter((row) => row.state === "accepted" && !taken.has(row.id));
  expect(invented).toEqual([]);

  // A broadcast that's done forgot nobody: everyone it's for, who was a reader all the time, has a delivery of it.
  const missed = await service.rows(
    `select b.id as broadcast, s.id as person from broadcasts b join subscribers s on s.id <= b.id_mark
     where b.state = 'done' and b.joined_after = 0 and s.state = 'active' and s.broadcasts = 1 and s.confirmed_at = 0
       and s.unsubscribed_at is null
       and (b.segment_id is null or exists (select 1 from reader_tags r join tags t on t.id = r.tag_id
         where r.subscriber_id = s.id and t.name = json_extract(b.audience, '$.all[0].any_of[0]')))
       and not exists (select 1 from suppressions x where x.address_hash = s.address_hash)
       and not exists (select 1 from opt_outs o where o.address_hash = s.address_hash)
       and not exists (select 1 from deliveries d where d.kind = 'broadcast' and d.anchor = s.id and d.intended_item = b.id)`,
  );
  if (!restored) expect(missed).toEqual([]);

  // A broadcast for a saved segment is for those whom that meant when it was scheduled, whatever became of the segment since.
  const strangers = await service.rows(
    `select d.id, d.intended_item as broadcast, d.recipient_id as person, meant.tag
     from deliveries d
     join (select scheduled.broadcast, (select json_extract(m.changed, '$.segment.all[0].any_of[0]') from acts m
             where m.object = 'segment:1' and m.id < scheduled.act order by m.id desc limit 1) as tag
           from (select b.id as broadcast, min(a.id) as act
             from broadcasts b join acts a on a.object = 'broadcast:' || b.id and a.verb = 'schedule_broadcast'
               and not exists (select 1 from acts t where t.object = a.object and t.verb = 'take_back_broadcast' and t.id > a.id)
             where b.segment_id = 1 group by b.id) scheduled) meant
       on d.kind = 'broadcast' and meant.broadcast = d.intended_item
     where not exists (select 1 from reader_tags r join tags t on t.id = r.tag_id
       where r.subscriber_id = d.recipient_id and t.name = meant.tag)`,
  );
  expect(strangers, "people that the segment didn't mean").toEqual([]);

  // Nobody is forgotten: who is in the sequence waits for a slot, and who completed it lacks nothing.
  const forgotten = await service.rows(
    `select e.id, e.state from enrollments e join subscribers s on s.id = e.subscriber_id
     where e.state = 'active' and e.next_due_at is null or e.state <> 'active' and e.next_due_at is not null`,
  );
  expect(forgotten).toEqual([]);
}
