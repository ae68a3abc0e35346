import { readRows } from "./rows.ts";
import type { Service } from "./service.ts";

/** `count` active readers named reader-1 … in the one sequence, all due at `dueAt` (Tuesday 09:00 Europe/Berlin). */
export async function enroll(
  { bindings: { DB } }: Pick<Service, "bindings">,
  count: number,
  dueAt: number,
): Promise<void> {
  await readRows(
    DB,
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
    insert into subscribers (address, address_key, address_hash, first_name, state, created_at, confirmed_at)
    select 'reader-' || i || '@themepost.dev', 'reader-' || i || '@themepost.dev', 'hash-' || i, 'Reader ' || i, 'active', 0, 0 from n`,
    count,
  );
  await readRows(
    DB,
    `insert into enrollments (subscriber_id, sequence_id, state, weekday, hour, time_zone, next_due_at, enrolled_at)
    select s.id, q.id, 'active', 2, 9, 'Europe/Berlin', ?, 0 from subscribers s, sequences q order by s.id`,
    dueAt,
  );
}
