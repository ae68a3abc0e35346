import { sql } from "drizzle-orm";
import type { Service } from "./service.ts";

/** `count` active readers named reader-1 … in the one sequence, all due at `dueAt` (Tuesday 09:00 Europe/Berlin). */
export async function enroll(service: Pick<Service, "db">, count: number, dueAt: number): Promise<void> {
  const numbers = sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})`;
  await service.db.run(sql`${numbers}
    insert into subscribers (address, address_key, address_hash, first_name, state, created_at, confirmed_at)
    select 'reader-' || i || '@themepost.dev', 'reader-' || i || '@themepost.dev', 'hash-' || i, 'Reader ' || i, 'active', 0, 0 from n`);
  await service.db.run(sql`
    insert into enrollments (subscriber_id, sequence_id, state, weekday, hour, time_zone, next_due_at, enrolled_at)
    select s.id, q.id, 'active', 2, 9, 'Europe/Berlin', ${dueAt}, 0 from subscribers s, sequences q order by s.id`);
}
