import { expect, test } from "vitest";
import { OWNERS_API } from "../../src/http/desk/api/all.ts";
import { CHANGES } from "../desk/samples.ts";
import { addToDesk, atDesk, tokenIn } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { putPartner } from "../support/partner.ts";
import { becomeReader, OWN_ORIGIN, type Service, sequenceOf, startService } from "../support/service.ts";
import type { Fate } from "./scheduler.ts";
import { Chance } from "./seeded.ts";
import { restoreSnapshot, type Snapshot, takeSnapshot } from "./snapshot.ts";
import { World } from "./world.ts";

/**
 * What's written besides a change: the act itself, what tells of the service's own state, answers kept, who looked, and numbers. That an erasure
 * was asked for is its intent.
 */
const BESIDE = [
  ...["acts", "facts", "kept_answers", "desk_looks", "desk_sessions", "gate_counts", "day_counts"],
  "erasures",
];

/** Acts outside of the database: their intent is there first, and what came of it may be told later. */
const OUTSIDE = ["stop_sending", "resume_sending", "re_arm", "set_up_webhook", "test_letter"];

/** More than any request has. */
const OPERATIONS_MAX = 40;

type Request = { readonly path: string; readonly init: RequestInit };

const rowsOf = (snapshot: Snapshot, table: string) =>
  snapshot.tables.find(([name]) => name === table)?.[1] ?? [];

/** The tables that a request changed, and the acts that it left. */
function told(before: Snapshot, after: Snapshot) {
  const changed = before.tables
    .filter(([name, rows]) => JSON.stringify(rows) !== JSON.stringify(rowsOf(after, name)))
    .map(([name]) => name)
    .filter((name) => !BESIDE.includes(name));
  const acts = rowsOf(after, "acts").slice(rowsOf(before, "acts").length);
  return { changed, acts: acts.map(({ verb, stage }) => `${verb} ${stage}`) };
}

/** As it was before; with another Guard, because one that knows of an opt-out would bring it back into a database without it. */
async function asItWas(service: Service, before: Snapshot, verb: string): Promise<Service> {
  await restoreSnapshot(service.bindings.DB, before);
  if (OUTSIDE.includes(verb)) return service;
  await service.rows("delete from facts");
  return startService({ ownGuard: true });
}

/** Plays a request once for each of its operations, cut short there; returns what was left where a change had no act, or an act no change. */
async function cutShort(service: Service, { path, init }: Request, verb: string): Promise<string[]> {
  const before = await takeSnapshot(service.bindings.DB);
  const wrong: string[] = [];
  for (const fate of ["crash_before", "crash_after"] as const satisfies readonly Fate[]) {
    for (let place = 0; place < OPERATIONS_MAX; place += 1) {
      const world = new World(await asItWas(service, before, verb), new Chance(place));
      const invocation = world.request(verb, path, init);
      await invocation.standing();
      for (let step = 0; step < place && !invocation.finished; step += 1) await invocation.step("go");
      if (invocation.finished) break;
      const at = invocation.at;
      await invocation.step(fate);
      while (!invocation.finished) await invocation.step("crash_before");
      const { changed, acts } = told(before, await takeSnapshot(service.bindings.DB));
      const settled = acts.filter((act) => act.endsWith("settled"));
      const both = changed.length > 0 === settled.length > 0;
      const outside = OUTSIDE.includes(verb) && changed.length === 0;
      if (!both && !outside) wrong.push(`${fate} ${at}: changed ${changed.join()}, acts ${acts.join()}`);
    }
  }
  await restoreSnapshot(service.bindings.DB, before);
  return wrong;
}

async function begin(): Promise<Service> {
  await emptyTables(startService());
  const service = startService({ ownGuard: true });
  await service.publish(sequenceOf(3));
  return service;
}

test.each(
  OWNERS_API.flatMap(({ name, method, act }) =>
    act == null ? [] : [[name, method.toUpperCase(), act] as const],
  ),
)("%s, cut short anywhere, leaves its change and its act, or neither", async (name, method, verb) => {
  const service = await begin();
  const sample = CHANGES[name];
  if (sample === undefined) throw new Error(`no sample of ${name}`);
  await sample.arrange?.(service);
  const etag =
    sample.seen === undefined ? null : (await service.admin("GET", sample.seen)).headers.get("etag");
  const headers = {
    authorization: `Bearer ${service.config.adminToken}`,
    "content-type": "application/json",
    ...(etag === null ? {} : { "if-match": etag }),
  };
  const body = sample.body === undefined ? {} : { body: JSON.stringify(sample.body) };
  const request = { path: `/api/v1/admin${sample.path}`, init: { method, headers, ...body } };
  expect(await cutShort(service, request, verb)).toEqual([]);
});

type DeskSample = {
  readonly path: (id: number) => string;
  readonly fields: (page: string) => Readonly<Record<string, string>>;
};

const field = (page: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]+)"`).exec(page)?.[1] ?? "";
const ofPerson = (page: string) => ({
  seen: field(page, "seen"),
  enrollment: field(page, "enrollment"),
  due: field(page, "due"),
});
const PARTNER = {
  name: "Garden",
  origins: "https://garden.example",
  consent_text: "Yes, I want one letter a week by email, until I say stop.",
};

/** What the forms of the desk do that no endpoint of the API does. */
const FORMS: Readonly<Record<string, DeskSample>> = {
  "pausing a reader": {
    path: (id) => `/desk/readers/${id}/change`,
    fields: (page) => ({ ...ofPerson(page), pause: "4" }),
  },
  "skipping a theme for a reader": {
    path: (id) => `/desk/readers/${id}/change`,
    fields: (page) => ({ ...ofPerson(page), action: "skip" }),
  },
  "unsubscribing a reader": {
    path: (id) => `/desk/readers/${id}/change`,
    fields: (page) => ({ ...ofPerson(page), action: "unsubscribe" }),
  },
  "tagging a reader": { path: (id) => `/desk/readers/${id}/tag`, fields: () => ({ tag: "garden" }) },
  "suppressing a reader": {
    path: (id) => `/desk/readers/${id}/suppress`,
    fields: () => ({ note: "asked us" }),
  },
  "erasing a reader": {
    path: (id) => `/desk/readers/${id}/erase`,
    fields: () => ({ address: "ada@themepost.dev" }),
  },
  "tagging all readers": { path: () => "/desk/readers/tags", fields: () => ({ new_tag: "garden" }) },
  "changing a site": {
    path: () => "/desk/sites/garden",
    fields: (page) => ({ ...PARTNER, revision: field(page, "revision"), sequence: "strengthening-bonds" }),
  },
  "freezing a site": { path: () => "/desk/sites/garden/freeze", fields: () => ({ frozen: "1" }) },
  "giving someone a place": {
    path: () => "/desk/settings/people/add",
    fields: () => ({ address: "ada@lindner.at", role: "viewer" }),
  },
};

test.each(Object.entries(FORMS))(
  "%s at the desk, cut short anywhere, leaves its change and its act, or neither",
  async (_, sample) => {
    const service = await begin();
    await becomeReader(service, "ada@themepost.dev");
    await putPartner(service, "garden");
    await addToDesk(service, "rosa@lindner.at", "owner");
    const rosa = await atDesk(service, "rosa@lindner.at");
    const [{ id } = { id: 0 }] = await service.rows<{ id: number }>("select max(id) as id from subscribers");
    const path = sample.path(id);
    const page = await rosa.see(
      path.startsWith("/desk/sites") ? "/desk/sites/garden" : `/desk/readers/${id}`,
    );
    const fields = { desk: tokenIn(page), ...sample.fields(page) };
    const init = {
      method: "POST",
      headers: {
        cookie: rosa.cookie,
        origin: OWN_ORIGIN,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams(fields).toString(),
    };
    const before = await takeSnapshot(service.bindings.DB);
    expect((await service.request(path, init)).status).toBe(303);
    const done = told(before, await takeSnapshot(service.bindings.DB));
    expect(done.acts.length, JSON.stringify(done)).toBeGreaterThan(0);
    await restoreSnapshot(service.bindings.DB, before);
    expect(await cutShort(service, { path, init }, done.acts[0]?.split(" ")[0] ?? "")).toEqual([]);
  },
);
