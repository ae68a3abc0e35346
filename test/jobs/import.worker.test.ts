import { beforeEach, expect, test } from "vitest";
import { runJob } from "../../src/domain/jobs/run-job.ts";
import { openDb } from "../../src/platform/db/client.ts";
import { wrongCounts } from "../support/counts.ts";
import { addToDesk, atDesk, textOf, tokenIn } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { becomeReader, DAY, linkIn, OWN_ORIGIN, sequenceOf, startService } from "../support/service.ts";

const service = startService({ ownGuard: true });
const OWNER = "rosa@lindner.at";
let rosa: Awaited<ReturnType<typeof atDesk>>;

beforeEach(async () => {
  await emptyTables(service);
  await service.publish(sequenceOf(3));
  await addToDesk(service, OWNER, "owner");
  rosa = await atDesk(service, OWNER);
});

/** Uploads a file as a browser does, and has its dry run done; the id of its job. */
async function upload(
  file: string | Uint8Array<ArrayBuffer>,
  fields: Record<string, string> = {},
  name = "people.csv",
) {
  const body = new FormData();
  const all = {
    desk: tokenIn(await rosa.see("/desk/settings")),
    intent: "ask",
    sequence: "strengthening-bonds",
    ...fields,
  };
  for (const [key, value] of Object.entries(all)) body.set(key, value);
  body.set("file", new File([file], name, { type: "text/csv" }));
  const answer = await service.request("/desk/imports", {
    method: "POST",
    headers: { cookie: rosa.cookie, origin: OWN_ORIGIN },
    body,
  });
  if (answer.status !== 303) return { id: 0, text: textOf(await answer.text()), status: answer.status };
  const id = Number(/\d+$/.exec(answer.headers.get("location") ?? "")?.[0]);
  await runJob(service.deps(), id);
  return { id, text: textOf(await rosa.see(`/desk/jobs/${id}`)), status: 303 };
}
const run = async (id: number, fields: Record<string, string> = {}) => {
  const answer = await rosa.post(`/desk/imports/${id}/run`, fields);
  await runJob(service.deps(), id);
  return answer.headers.get("location");
};
const states = async () =>
  Object.fromEntries(
    (await service.rows<{ address: string; state: string }>("select address, state from subscribers")).map(
      ({ address, state }) => [address, state],
    ),
  );
const suppressed = () =>
  service.rows<{ reason: string; note: string }>("select reason, note from suppressions order by reason");

test("people of an old list are asked once each, in the owner's words above ours, and join by confirming", async () => {
  const { id, text } = await upload(
    "email,first_name\nada@web.de,Ada\nbea@web.de,Bea\nBEA@web.de,\nnot an address,\n",
    {
      words: "You know me from the garden club.\n\nRosa {{unsubscribe_url}}",
    },
  );
  expect(text).toContain("people.csv is checked. Nothing has been changed yet.");
  expect(text).toContain("Asked by a confirmation email 2 (in a day)");
  expect(text).toMatch(/4 The address stands further up already\. 5 That.s not an address\./);
  const file = await (await rosa.get(`/desk/imports/${id}/faults.csv`)).text();
  expect(file).toBe("line,why\r\n4,The address stands further up already.\r\n5,That’s not an address.\r\n");
  expect(await states()).toEqual({});
  expect(await run(id)).toBe(`/desk/jobs/${id}`);
  await run(id);
  await service.drain();
  expect(await states()).toEqual({ "ada@web.de": "pending", "bea@web.de": "pending" });
  const mails = await service.accepted();
  expect(mails.map(({ to }) => to).toSorted()).toEqual(["ada@web.de", "bea@web.de"]);
  const [mail] = mails;
  expect(mail?.html).toContain("You know me from the garden club.");
  expect(mail?.text).toMatch(/garden club\.[\s\S]+Rosa unsubscribe_url[\s\S]+confirm/i);
  await service.request(linkIn(mail, "confirm"), { method: "POST" });
  expect((await states())[mail?.to ?? ""]).toBe("active");
  const proof = textOf(await rosa.see("/desk/readers"));
  expect(proof).toContain("ada@web.de");
  expect(textOf(await rosa.see(`/desk/jobs/${id}`))).toContain("people.csv is imported.");
  expect(await service.rows("select count(*) as n from import_lines")).toEqual([{ n: 0 }]);
});

test("an import asks nobody who left or was suppressed here, and whoever left in the old service stays out", async () => {
  await becomeReader(service, "active@web.de");
  await becomeReader(service, "left@web.de");
  await becomeReader(service, "leaver@web.de");
  const letter = (await service.accepted("left@web.de")).at(-1);
  await service.request(linkIn(letter, "unsubscribe"), { method: "POST" });
  await service.admin("POST", "/suppressions", { address: "never@web.de", note: "asked" });
  await service.admin("POST", "/subscribers/erase", { address: "active@web.de" });
  await service.tick();
  const { id, text } = await upload(
    "email,status\nactive@web.de,active\nleft@web.de,active\nleaver@web.de,unsubscribed\nnever@web.de,active\nstranger@web.de,complained\nnew@web.de,active\nunsure@web.de,pending\n",
  );
  expect(text).toMatch(
    /Asked by a confirmation email 1 .*Stopped: they get no mail any more 2 .*Not changed[^0-9]*3 .*never confirmed[^0-9]*1/,
  );
  await run(id);
  await service.drain();
  expect(await states()).toMatchObject({
    "left@web.de": "unsubscribed",
    "leaver@web.de": "unsubscribed",
    "new@web.de": "pending",
  });
  expect(Object.keys(await states())).not.toContain("stranger@web.de");
  expect(await suppressed()).toContainEqual({ reason: "complaint", note: `import ${id}` });
  expect((await service.accepted("new@web.de")).length).toBe(1);
  for (const out of ["active@web.de", "never@web.de", "stranger@web.de", "unsure@web.de"]) {
    const before = out === "active@web.de" ? 2 : 0;
    expect([out, (await service.accepted(out)).length]).toEqual([out, before]);
  }
  expect(await wrongCounts(service)).toEqual([]);
  // Whoever is stopped gets nothing: neither the next letter nor a new confirmation.
  service.moveTo(service.clock.now + 8 * DAY);
  await service.tick();
  await service.drain();
  await service.signUp({ email: "stranger@web.de" });
  await service.drain();
  expect((await service.accepted("stranger@web.de")).length).toBe(0);
  expect((await service.accepted("leaver@web.de")).length).toBe(2);
});

test("everyone in a file of leavers is never mailed again, and no address of a stranger is kept", async () => {
  await becomeReader(service, "reader@web.de");
  const { id } = await upload("reader@web.de\nstranger@web.de\n", { intent: "stop" }, "leavers.txt");
  await run(id);
  expect(await states()).toEqual({ "reader@web.de": "unsubscribed" });
  expect(await suppressed()).toEqual([
    { reason: "owner", note: `import ${id}` },
    { reason: "owner", note: `import ${id}` },
  ]);
  const everything = JSON.stringify([
    await service.rows("select * from jobs"),
    await service.rows("select * from acts"),
  ]);
  expect(everything).not.toContain("stranger@web.de");
  const guard = JSON.stringify(
    await service.rows("select kind, reason from opt_outs where journaled_at is not null"),
  );
  expect(guard).toContain("suppressed");
});

test("our own export, imported, changes nothing and asks nobody", async () => {
  await becomeReader(service, "ada@own-themepost.dev", { first_name: "=1+1 Ada" });
  await becomeReader(service, "bea@own-themepost.dev");
  await service.request(linkIn((await service.accepted("bea@own-themepost.dev")).at(-1), "unsubscribe"), {
    method: "POST",
  });
  await service.signUp({ email: "cleo@own-themepost.dev" });
  await service.drain();
  await becomeReader(service, "dora@own-themepost.dev");
  await service.admin("POST", "/suppressions", { address: "dora@own-themepost.dev", note: "asked" });
  const exported = await rosa.post("/desk/readers/export");
  const file = await exported.text();
  expect(file.split("\r\n")[0]).toMatch(/^email,first_name,state,joined_at/);
  const before = [await states(), await suppressed()];
  const { text, id } = await upload(file, {}, "readers.csv");
  expect(text).toContain("This is an export from here.");
  expect(text).toContain("There’s nothing to do");
  await run(id);
  expect([await states(), await suppressed()]).toEqual(before);
});

test("a file with more than a day's people goes on the next day, and stops where it's told to", async () => {
  const lines = Array.from({ length: 70 }, (_, n) => `many${n}@d${n}-themepost.dev`).join("\n");
  const { id } = await upload(`email\n${lines}\n`, { per_day: "40" });
  await run(id);
  await service.drain();
  const asked = async () => (await service.accepted()).filter(({ to }) => to.startsWith("many")).length;
  const first = await asked();
  expect(first).toBe(40);
  expect(textOf(await rosa.see(`/desk/jobs/${id}`))).toMatch(/at 40 a day it goes on/);
  await runJob(service.deps(), id);
  expect(await asked()).toBe(40);
  service.moveTo(service.clock.now + DAY);
  await service.tick();
  expect(JSON.stringify(service.queued)).toContain(`{"job":${id}}`);
  await runJob(service.deps(), id);
  await service.drain();
  expect(await asked()).toBe(70);
  rosa = await atDesk(service, OWNER);
  expect(textOf(await rosa.see(`/desk/jobs/${id}`))).toContain("Asked by a confirmation email 70");
});

test("one mailbox under many names is asked once, and the import goes on behind those that are refused", async () => {
  const names = Array.from({ length: 40 }, (_, n) => `one+${n}@folded-themepost.dev`);
  const { id } = await upload(`email\n${[...names, "last@folded-themepost.dev"].join("\n")}\n`);
  await run(id);
  await service.drain();
  expect(Object.keys(await states()).length).toBe(2);
  const page = textOf(await rosa.see(`/desk/jobs/${id}`));
  expect(page).toContain("is imported.");
  expect(page).toMatch(/Asked by a confirmation email 2 .*short while ago 39/);
});

test("more than a thousand people are imported only when their number was typed; a stop leaves the rest", async () => {
  const lines = Array.from({ length: 1203 }, (_, n) => `leaver${n}@web.de`).join("\n");
  const { id, text } = await upload(`${lines}\n`, { intent: "stop" });
  expect(text).toContain("Type the number of people: 1203");
  expect(await run(id)).toContain("done=number");
  expect(await suppressed()).toEqual([]);
  expect(await run(id, { people: "1,203" })).toBe(`/desk/jobs/${id}`);
  expect((await suppressed()).length).toBe(1203);
});

test("what can't be read is said before anything is done: no file, a ZIP, nobody in it, a quote that's never closed", async () => {
  expect((await upload("PK\u0003\u0004zip")).text).toContain("That’s a ZIP file");
  expect((await upload("email,name\n")).text).toContain("There’s no one in that file");
  expect((await upload(" ")).status).toBe(422);
  const open = `email,name\nada@web.de,"${"x".repeat(300_000)}`;
  expect((await upload(open)).text).toContain("a quote in it is never closed");
  expect((await upload("email\nada@web.de\n", { sequence: "nothing" })).text).toContain(
    "Choose the sequence",
  );
  expect((await upload("email\nada@web.de\n", { per_day: "0" })).status).toBe(422);
  expect(await states()).toEqual({});
});

test("bytes in any of the encodings that spreadsheets write are read in the Worker, too", async () => {
  const latin = Uint8Array.from(
    [..."E-Mail;Vorname\nada@web.de;J\u00fcrgen\n"].map((char) => char.charCodeAt(0)),
  );
  const { id } = await upload(latin);
  await run(id);
  const wide = [..."\ufeffE-Mail\tVorname\nbea@web.de\tJ\u00fcrgen\n"].map((char) => char.charCodeAt(0));
  const second = await upload(Uint8Array.from(wide.flatMap((unit) => [unit & 255, unit >> 8])));
  await run(second.id);
  const names = await service.rows<{ first_name: string }>("select first_name from consents");
  expect(names).toEqual([{ first_name: "Jürgen" }, { first_name: "Jürgen" }]);
});

test("other columns are another reading, and nothing was changed by the first", async () => {
  const { id, text } = await upload("contact,other\nada@web.de,bea@web.de\n");
  expect(text).toContain("This is a file we don’t know");
  await rosa.post(`/desk/imports/${id}/columns`, { column_0: "ignore", column_1: "email" });
  await runJob(service.deps(), id);
  await run(id);
  expect(Object.keys(await states())).toEqual(["bea@web.de"]);
});

/** A database whose n-th transaction from now on is lost: before it's made, or its answer after. */
function crashing(inner: D1Database, nth: number, when: "before" | "after"): D1Database {
  let left = nth;
  return new Proxy(inner, {
    get: (target, name) => {
      if (name === "batch")
        return async (statements: D1PreparedStatement[]) => {
          left -= 1;
          if (left === 0 && when === "before") throw new Error("crash before");
          const results = await target.batch(statements);
          if (left === 0) throw new Error("crash after");
          return results;
        };
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

test.each([
  [1, "before"],
  [1, "after"],
  [2, "before"],
  [2, "after"],
  [3, "after"],
  [4, "after"],
  [6, "before"],
  [7, "after"],
] as const)(
  "an import that crashes at its transaction %i, %s it, stops each person once, asks each once, and counts right",
  async (nth, when) => {
    const name = `${nth}${when}`;
    await becomeReader(service, `known-${name}@web.de`);
    const leavers = Array.from({ length: 700 }, (_, n) => `leaver${n}@web.de,unsubscribed`);
    const { id } = await upload(
      `email,status\nknown-${name}@web.de,unsubscribed\nnew@${name}-themepost.dev,active\n${leavers.join("\n")}\n`,
    );
    const answer = await rosa.post(`/desk/imports/${id}/run`);
    expect(answer.headers.get("location")).toBe(`/desk/jobs/${id}`);
    const broken = openDb(crashing(service.bindings.DB, nth, when));
    await runJob({ ...service.deps(), db: broken }, id).catch(() => undefined);
    await runJob(service.deps(), id);
    await service.drain();
    expect((await suppressed()).length).toBe(700);
    expect(await service.rows("select count(*) as n from opt_outs where kind <> 'stopped'")).toEqual([
      { n: 701 },
    ]);
    expect(await service.accepted(`new@${name}-themepost.dev`)).toHaveLength(1);
    const [job] = await service.rows<{ state: string; counts: string }>("select state, counts from jobs");
    expect(job?.state).toBe("done");
    expect(JSON.parse(job?.counts ?? "")).toMatchObject({ ask: 1, suppress: 701 });
    expect(await service.rows("select count(*) as n from acts where verb = 'run_import'")).toEqual([
      { n: 1 },
    ]);
    expect(await wrongCounts(service)).toEqual([]);
  },
);
