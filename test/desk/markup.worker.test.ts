import { type Column, getTableColumns, is } from "drizzle-orm";
import { SQLiteTable } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import { runJob } from "../../src/domain/jobs/run-job.ts";
import { DESK } from "../../src/http/desk/pages/all.ts";
import * as schema from "../../src/platform/db/schema/index.ts";
import { addToDesk, atDesk, tokenIn } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { putPartner } from "../support/partner.ts";
import { becomeReader, DAY, linkIn, OWN_ORIGIN, sequenceOf, startService } from "../support/service.ts";

const service = startService({ ownGuard: true });
const EMAIL = "ada@themepost.dev";
const MARKUP = "'\"></title></textarea></script><script>hit()</script><img src=x onerror=hit()>";
const TABLES = Object.values(schema).filter((each) => is(each, SQLiteTable));

/** What rows are found by, or must be one of some values: there they'd be found no more. */
const KEPT = [
  /(^|_)(key|hash|slug|id|version|token|kind|state|stage|verb|object|locale|language|time_zone|zone|template|etag)$/,
  /^(origin|return_urls|key|what|mode|cause|form_key|request_id|wording_version|lane|idempotency_key|feedback)$/,
];

/** Columns with texts of any kind, by table. */
const texts = (table: SQLiteTable) =>
  Object.entries(getTableColumns(table) as Record<string, Column>).flatMap(([key, column]) =>
    column.dataType === "string" &&
    (column.enumValues === undefined || column.enumValues.length === 0) &&
    !KEPT.some((pattern) => pattern.test(snake(key)))
      ? [key]
      : [],
  );

const snake = (key: string) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

test("whatever a stranger's text holds, wherever it's kept, a page of the desk shows it as text", async () => {
  await emptyTables(service);
  await service.publish(sequenceOf(3));
  await putPartner(service, "garden");
  await addToDesk(service, "rosa@lindner.at", "owner");
  const rosa = await atDesk(service, "rosa@lindner.at");
  await becomeReader(service, EMAIL, { first_name: "Ada", time_zone: "Europe/Berlin" });
  service.moveTo(service.clock.now + 8 * DAY);
  await service.tick();
  await service.drain();
  const [{ id } = { id: 0 }] = await service.rows<{ id: number }>("select id from subscribers");
  const again = await atDesk(service, "rosa@lindner.at");
  await again.post(`/desk/readers/${id}/tag`, { tag: "garden" });
  await again.post("/desk/readers/tags", { new_tag: "spring" });
  await again.post("/desk/sites/garden/links");
  const body = new FormData();
  body.set("desk", tokenIn(await again.see("/desk/imports")));
  body.set("intent", "stop");
  body.set("file", new File([`email,${MARKUP}\n${MARKUP},${MARKUP}\n`], `${MARKUP}.csv`));
  const headers = { cookie: again.cookie, origin: OWN_ORIGIN };
  const begun = await service.request("/desk/imports", { method: "POST", headers, body });
  const imported = Number(/\d+$/.exec(begun.headers.get("location") ?? "")?.[0]);
  await runJob(service.deps(), imported);
  await service.form(linkIn((await service.accepted(EMAIL))[1], "unsubscribe"), {});
  await service.admin("POST", "/suppressions", { address: EMAIL, note: "asked us" });
  await service.rows(
    "insert into alerts (name, detail, count, first_at, last_at) values ('feedback.failed', '', 1, 0, 0)",
  );
  let filled = 0;
  for (const table of TABLES) {
    // One by one: a column whose values must differ from row to row stays as it is.
    for (const key of texts(table))
      await service.db
        .update(table)
        .set({ [key]: MARKUP })
        .catch(() => {});
    filled += await service.db.$count(table);
  }
  await service.rows("update acts set changed = json_object('name', ?)", MARKUP);
  expect(filled).toBeGreaterThan(30);

  const [{ job } = { job: 0 }] = await service.rows<{ job: number }>("select id as job from jobs");
  const seen = [`/desk/jobs/${imported}`, "/desk/readers?tag=x", "/desk/settings/acts?object=x"];
  const pages = DESK.filter(({ method, path }) => method === "get" && !path.includes("/enter/")).map(
    ({ path }) =>
      path
        .replace("/readers/:id", `/readers/${id}`)
        .replace("/jobs/:id", `/jobs/${job}`)
        .replace("/imports/:id", `/imports/${imported}`)
        .replace(":slug", "garden")
        .replace(":sequence", "strengthening-bonds")
        .replace(":letter", "theme-1")
        .replace(":mail/:language", "confirmation/en"),
  );
  let shown = 0;
  for (const path of [...pages, ...seen]) {
    const answer = await again.get(path);
    const html = await answer.text();
    expect([path, answer.status < 500]).toEqual([path, true]);
    // Files are kept, and not shown.
    if (answer.headers.get("content-disposition")?.startsWith("attachment")) continue;
    expect([path, /<script>hit|<img src=x/.exec(html)?.[0] ?? ""]).toEqual([path, ""]);
    if (html.includes("&lt;script&gt;hit")) shown += 1;
  }
  expect(shown).toBeGreaterThan(6);
  expect(rosa.cookie).not.toBe(again.cookie);
});
