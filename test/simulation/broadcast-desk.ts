import { localDate } from "../../src/platform/calendar/slot.ts";
import type { Service } from "../support/service.ts";
import type { Chance } from "./seeded.ts";
import type { World } from "./world.ts";

/** Each reader of the beginning has one of these tags, for good. */
export const TAGS = ["garden", "kitchen"] as const;

/** What can be done to a broadcast in each state, and what of it lets it leave. */
const ACTS: Readonly<Record<string, readonly string[]>> = {
  draft: ["schedule"],
  scheduled: ["take-back", "take-back", "stop"],
  sending: ["stop", "take-back"],
  stopped: ["send-to-rest"],
  held: ["go-on", "take-back", "stop"],
  done: ["send-to-joined", "send-to-rest"],
};
const GOING: readonly string[] = ["schedule", "go-on", "send-to-rest", "send-to-joined"];

/**
 * Those at the desk who write broadcasts. Each call begins one, changes the saved segment that some of them are for, or does what a broadcast's state
 * allows; often two of them at once.
 */
export async function broadcastDesk(
  service: Service,
  world: World,
  chance: Chance,
  tell: (line: string) => void,
): Promise<() => Promise<void>> {
  const segmentFor = (tag: string) => ({
    name: "tagged",
    segment: { all: [{ field: "tag", any_of: [tag] }] },
  });
  for (const tag of TAGS) await service.rows("insert into tags (name, created_at) values (?, 0)", tag);
  await service.admin("POST", "/segments", segmentFor(TAGS[0]));
  const etagOf = async (path: string) => (await service.admin("GET", path)).headers.get("etag") ?? "";
  const ask = (method: string, etag: string, body?: unknown) =>
    ({
      method,
      headers: {
        authorization: `Bearer ${service.config.adminToken}`,
        "content-type": "application/json",
        "if-match": etag,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }) as const;

  const begin = async (place: number) => {
    const time = chance.happens(0.5)
      ? { kind: "now" }
      : {
          kind: "clock",
          date: localDate(service.clock.now, "UTC"),
          hour: chance.below(24),
          passed: "tomorrow",
        };
    const whom = chance.happens(0.4) ? { segment_id: 1 } : { audience: { all: [] } };
    tell(`owner: a broadcast ${JSON.stringify({ ...time, ...whom })}`);
    await service.admin("POST", "/broadcasts", {
      ...{
        language: "en",
        subject: `News ${place}`,
        preheader: "What is new",
        markdown: "# News\n\nIt is new.",
      },
      ...{ ...whom, time, on_theme_days: chance.pick(["move", "leave_out", "regardless"]) },
      hold_minutes: chance.pick([0, 10]),
    });
  };
  const changeSegment = async () => {
    const tag = chance.pick(TAGS);
    tell(`owner: the segment is for ${tag}`);
    const path = "/api/v1/admin/segments/1";
    world.request("change segment", path, ask("PUT", await etagOf("/segments/1"), segmentFor(tag)));
  };
  const act = async ({ id, state }: { readonly id: number; readonly state: string }) => {
    const acts = ACTS[state] ?? [];
    if (acts.length === 0) return;
    const etag = await etagOf(`/broadcasts/${id}`);
    for (let desks = chance.happens(0.3) ? 2 : 1; desks > 0; desks -= 1) {
      const verb = chance.pick(acts);
      tell(`owner: ${verb} broadcast ${id}`);
      if (GOING.includes(verb)) world.withdrawn.delete(id);
      const init = ask("POST", etag, verb === "schedule" ? {} : undefined);
      world.request(`${verb} ${id}`, `/api/v1/admin/broadcasts/${id}/${verb}`, init, (answer) => {
        if (answer.status !== 200) return;
        if (GOING.includes(verb)) world.withdrawn.delete(id);
        else world.withdrawn.set(id, { since: world.turn, act: verb });
      });
    }
  };
  return async () => {
    const all = await service.rows<{ id: number; state: string }>("select id, state from broadcasts");
    if (all.length === 0 || chance.happens(0.2)) return begin(all.length);
    if (chance.happens(0.2)) return changeSegment();
    return act(chance.pick(all));
  };
}
