import { type ListFaults, WHOLE_LIST } from "../support/resend-emulator/account.ts";
import type { Service } from "../support/service.ts";
import type { Chance } from "./seeded.ts";

/** A list with something wrong: it may not be read, has forgotten the oldest, is late, or lacks a page on which something is known to us. */
export async function listWithFault(service: Service, chance: Chance): Promise<ListFaults> {
  const emails = await service.accepted();
  const place = chance.below(Math.max(1, emails.length));
  const keptSince = Date.parse(emails[place]?.created_at ?? "1970-01-01T00:00:00Z");
  const page = emails.slice(place, place + 2).map(({ id }) => id);
  const known = await service.rows(
    `select 1 from deliveries where provider_id in (${page.map(() => "?").join(", ")})`,
    ...page,
  );
  return {
    ...WHOLE_LIST,
    ...chance.pick<Partial<ListFaults>>([
      { sendOnly: true },
      { keptSince },
      { keptSince, slowMs: 4 * 60_000 },
      { lagMs: 50 * 60_000 },
      known.length > 0 ? { missing: page } : {},
      {},
    ]),
  };
}
