import { beforeEach, expect, test } from "vitest";
import { runJob } from "../../src/domain/jobs/run-job.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { becomeReader, type Service, sequenceOf, startService } from "../support/service.ts";
import { expectDescribed } from "./described.ts";

let service: Service;

beforeEach(async () => {
  service = startService();
  await emptyTables(service);
  await service.publish(sequenceOf(3));
});

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  return expectDescribed<T>(method, `/api/v1/admin${path}`, await service.admin(method, path, body));
}

type People = {
  readonly data: ReadonlyArray<{ readonly address: string; readonly state: string }>;
  readonly next: string | null;
};

test("readers are listed newest first, page by page, each once, and by a state or a saved segment", async () => {
  for (const name of ["ada", "bea", "cleo"]) await becomeReader(service, `${name}@list-themepost.dev`);
  await service.signUp({ email: "dora@list-themepost.dev" });
  const names: string[] = [];
  for (let cursor = ""; ; ) {
    const { data, next } = await ask<People>("GET", `/subscribers?limit=2${cursor}`);
    names.push(...data.map(({ address }) => address.split("@")[0] ?? ""));
    if (next === null) break;
    cursor = `&cursor=${next}`;
  }
  expect(names).toEqual(["dora", "cleo", "bea", "ada"]);
  const pending = await ask<People>("GET", "/subscribers?state=pending");
  expect(pending.data.map(({ address }) => address)).toEqual(["dora@list-themepost.dev"]);
  const { id } = await ask<{ id: number }>("POST", "/segments", {
    name: "Active",
    segment: { all: [{ field: "state", any_of: ["active"] }] },
  });
  expect((await ask<People>("GET", `/subscribers?segment=${id}`)).data).toHaveLength(3);
  expect((await service.admin("GET", "/subscribers?segment=999")).status).toBe(422);
  expect((await service.admin("GET", "/subscribers?address=ada@list-themepost.dev")).status).toBe(422);
});

test("a file of readers has a line for each, and both its beginning and its end are kept", async () => {
  await becomeReader(service, "ada@list-themepost.dev");
  const answer = await service.admin("POST", "/subscribers/export", {});
  expect(answer.headers.get("content-type")).toContain("text/csv");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  // Nothing of a file is kept for a repeated request.
  const again = await service.admin("POST", "/subscribers/export", {}, { "idempotency-key": "again" });
  await again.text();
  expect(await service.rows("select 1 from kept_answers where key_hash <> ''")).toEqual([]);
  const lines = (await answer.text()).trimEnd().split("\r\n");
  expect(lines[0]).toMatch(/^email,first_name,state,/);
  expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(["ada@list-themepost.dev"]);
  const acts = await service.rows<{ stage: string; changed: string }>(
    "select stage, changed from acts where verb = 'export_readers' order by id",
  );
  expect(acts.map(({ stage }) => stage)).toEqual(["intent", "settled", "intent", "settled"]);
  expect(acts[1]?.changed).toContain('"people":1');
});

test("an import says what it would do, changes nothing before it's run, and needs the number of many", async () => {
  await becomeReader(service, "ada@list-themepost.dev");
  const data = btoa("email\nada@list-themepost.dev\nbea@web.de\nno address\n");
  type Import = {
    readonly id: number;
    readonly state: string;
    readonly people: number;
    readonly unusable: unknown;
  };
  const begun = await ask<Import>("POST", "/imports", { name: "old.csv", data, intent: "stop" });
  await runJob(service.deps(), begun.id);
  const ready = await ask<Import>("GET", `/imports/${begun.id}`);
  expect(ready).toMatchObject({ state: "ready", people: 2, unusable: [{ line: 4, why: "bad_address" }] });
  expect(await service.rows("select 1 from suppressions")).toEqual([]);
  const wrong = await service.admin("POST", `/imports/${begun.id}/run`, { people: 3 });
  expect(wrong.status).toBe(422);
  await ask("POST", `/imports/${begun.id}/run`, { people: 2 });
  await runJob(service.deps(), begun.id);
  expect(await service.rows("select reason from suppressions")).toEqual([
    { reason: "owner" },
    { reason: "owner" },
  ]);
  expect((await service.admin("POST", `/imports/${begun.id}/run`, { people: 2 })).status).toBe(409);
  const listed = await ask<{ data: Import[] }>("GET", "/imports");
  expect(listed.data.map(({ id }) => id)).toEqual([begun.id]);
  expect((await service.admin("GET", "/imports/999")).status).toBe(404);
  const unasked = await service.admin("POST", "/imports", {
    name: "old.csv",
    data,
    intent: "ask",
    sequence: "nowhere",
  });
  expect(unasked.status).toBe(422);
});
