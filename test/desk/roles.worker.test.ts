import { beforeEach, expect, test } from "vitest";
import { ROLES, type Role } from "../../src/domain/desk/may.ts";
import { DESK } from "../../src/http/desk/pages/all.ts";
import { addToDesk, atDesk } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { startService } from "../support/service.ts";

/** Who may do what, written down a second time: a route that isn't here, or may be used by someone else, is a fault. */
const ALLOWED: Readonly<Record<string, readonly Role[] | "anyone">> = {
  "get /desk/enter/:token": "anyone",
  "post /desk/enter/:token": "anyone",
  "get /desk": ["owner", "editor", "helper", "viewer"],
  "post /desk/sending/stop": ["owner", "editor", "helper"],
  "post /desk/sending/resume": ["owner"],
  "post /desk/sending/re-arm": ["owner"],
  "post /desk/alerts/clear": ["owner"],
  "post /desk/counts/recount": ["owner"],
  "post /desk/runs/resume": ["owner"],
  "get /desk/numbers": ["owner", "editor", "helper", "viewer"],
  "get /desk/numbers/growth.csv": ["owner", "editor", "helper", "viewer"],
  "get /desk/numbers/sources.csv": ["owner", "editor", "helper", "viewer"],
  "get /desk/numbers/letters.csv": ["owner", "editor", "helper", "viewer"],
  "get /desk/numbers/runs.csv": ["owner", "editor", "helper", "viewer"],
  "get /desk/readers": ["owner", "editor", "helper"],
  "post /desk/readers": ["owner", "helper"],
  "post /desk/readers/export": ["owner"],
  "post /desk/readers/export-suppressions": ["owner"],
  "post /desk/readers/tags": ["owner"],
  "get /desk/jobs/:id": ["owner"],
  "post /desk/jobs/:id/stop": ["owner"],
  "post /desk/jobs/:id/undo": ["owner"],
  "get /desk/imports": ["owner"],
  "post /desk/imports": ["owner"],
  "post /desk/imports/:id/columns": ["owner"],
  "post /desk/imports/:id/run": ["owner"],
  "get /desk/imports/:id/faults.csv": ["owner"],
  "get /desk/readers/:id": ["owner", "helper"],
  "get /desk/readers/:id/consents": ["owner", "helper"],
  "post /desk/readers/:id/change": ["owner", "helper"],
  "post /desk/readers/:id/tag": ["owner", "helper"],
  "post /desk/readers/:id/send-again": ["owner", "helper"],
  "post /desk/readers/:id/suppress": ["owner", "helper"],
  "post /desk/readers/:id/lift": ["owner", "helper"],
  "post /desk/readers/:id/erase": ["owner"],
  "get /desk/broadcasts": ["owner", "editor"],
  "post /desk/broadcasts": ["owner", "editor"],
  "get /desk/broadcasts/:id": ["owner", "editor"],
  "post /desk/broadcasts/:id/settings": ["owner", "editor"],
  "get /desk/broadcasts/:id/people": ["owner", "editor"],
  "post /desk/broadcasts/:id/on-site": ["owner", "editor"],
  "post /desk/broadcasts/:id/count-run": ["owner", "editor"],
  "post /desk/broadcasts/:id/count": ["owner", "editor"],
  "get /desk/segments": ["owner", "editor"],
  "post /desk/segments": ["owner", "editor"],
  "get /desk/segments/new": ["owner", "editor"],
  "get /desk/segments/:id": ["owner", "editor"],
  "post /desk/segments/:id": ["owner", "editor"],
  "post /desk/segments/:id/archive": ["owner", "editor"],
  "post /desk/segments/:id/count": ["owner", "editor"],
  "post /desk/broadcasts/:id/duplicate": ["owner", "editor"],
  "post /desk/broadcasts/:id/discard": ["owner", "editor"],
  "post /desk/broadcasts/:id/schedule": ["owner", "editor"],
  "post /desk/broadcasts/:id/take-back": ["owner", "editor"],
  "post /desk/broadcasts/:id/stop": ["owner", "editor"],
  "post /desk/broadcasts/:id/go-on": ["owner"],
  "post /desk/broadcasts/:id/joined": ["owner"],
  "post /desk/broadcasts/:id/rest": ["owner", "editor"],
  "get /desk/broadcasts/:id/letter": ["owner", "editor"],
  "post /desk/broadcasts/:id/letter": ["owner", "editor"],
  "get /desk/broadcasts/:id/letter/frame": ["owner", "editor"],
  "get /desk/broadcasts/:id/letter/saves": ["owner", "editor"],
  "post /desk/broadcasts/:id/letter/picture": ["owner", "editor"],
  "post /desk/broadcasts/:id/letter/restore": ["owner", "editor"],
  "get /desk/sites": ["owner", "editor", "helper", "viewer"],
  "post /desk/sites": ["owner"],
  "get /desk/sites/:slug": ["owner", "editor", "helper", "viewer"],
  "post /desk/sites/:slug": ["owner"],
  "post /desk/sites/:slug/freeze": ["owner"],
  "post /desk/sites/:slug/key": ["owner"],
  "post /desk/sites/:slug/links": ["owner"],
  "post /desk/sites/:slug/links/revoke": ["owner"],
  "get /desk/letters": ["owner", "editor"],
  "post /desk/letters": ["owner", "editor"],
  "get /desk/letters/:sequence": ["owner", "editor"],
  "get /desk/letters/:sequence/settings": ["owner", "editor"],
  "post /desk/letters/:sequence/settings": ["owner", "editor"],
  "post /desk/letters/:sequence/letters": ["owner", "editor"],
  "post /desk/letters/:sequence/move": ["owner", "editor"],
  "post /desk/letters/:sequence/discard": ["owner", "editor"],
  "get /desk/letters/:sequence/publish": ["owner", "editor"],
  "post /desk/letters/:sequence/publish": ["owner", "editor"],
  "get /desk/site": ["owner"],
  "post /desk/site": ["owner"],
  "post /desk/site/undo": ["owner"],
  "get /desk/site/look": ["owner"],
  "post /desk/site/look": ["owner"],
  "get /desk/letters/:sequence/year": ["owner", "editor"],
  "post /desk/letters/:sequence/close": ["owner", "editor"],
  "get /desk/letters.zip": ["owner", "editor"],
  "get /desk/letters/:sequence/mails": ["owner", "editor"],
  "get /desk/letters/:sequence/mails/:mail/:language": ["owner", "editor"],
  "post /desk/letters/:sequence/count": ["owner", "editor"],
  "post /desk/letters/:sequence/undo": ["owner", "editor"],
  "get /desk/letters/:sequence/letters/:letter": ["owner", "editor"],
  "post /desk/letters/:sequence/letters/:letter": ["owner", "editor"],
  "get /desk/letters/:sequence/letters/:letter/frame": ["owner", "editor"],
  "get /desk/letters/:sequence/letters/:letter/saves": ["owner", "editor"],
  "post /desk/letters/:sequence/letters/:letter/picture": ["owner", "editor"],
  "post /desk/letters/:sequence/letters/:letter/restore": ["owner", "editor"],
  "get /desk/settings": ["owner", "editor", "helper", "viewer"],
  "post /desk/settings/sessions/end": ["owner", "editor", "helper", "viewer"],
  "post /desk/settings/people/add": ["owner"],
  "post /desk/settings/people/remove": ["owner"],
  "get /desk/settings/sending": ["owner"],
  "post /desk/settings/sending/webhook": ["owner"],
  "get /desk/settings/acts": ["owner"],
};

const service = startService();
const addressOf = (role: Role) => `${role}@lindner.at`;

beforeEach(async () => {
  await emptyTables(service);
  for (const role of ROLES) await addToDesk(service, addressOf(role), role);
});

test("every page of the desk is for the roles that are written down for it, and for no other", async () => {
  expect(DESK.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
    Object.keys(ALLOWED).toSorted(),
  );
  for (const role of ROLES) {
    for (const { method, path } of DESK) {
      const allowed = ALLOWED[`${method} ${path}`];
      if (allowed === "anyone" || allowed === undefined) continue;
      const person = await atDesk(service, addressOf(role));
      const { status } = method === "get" ? await person.get(path) : await person.post(path);
      expect([role, method, path, status !== 403]).toEqual([role, method, path, allowed.includes(role)]);
    }
  }
  // What was tried with empty forms, and by those who may not, changed nothing but what it says.
  expect(await (await service.admin("GET", "/sending")).json()).toMatchObject({ sending: "on" });
  expect(await service.rows("select count(*) as n from desk_people where removed_at is null")).toEqual([
    { n: ROLES.length },
  ]);
});

test("no page of the desk opens for someone who isn't there, and none says more to them", async () => {
  for (const { method, path } of DESK) {
    if (path.includes(":token")) continue;
    const answer = await service.request(path, {
      method: method.toUpperCase(),
      headers: { origin: "https://letters.themepost.dev" },
    });
    expect([path, answer.status]).toEqual([path, 401]);
    expect(await answer.text()).not.toContain("lindner");
  }
});

test("a page shows the buttons that its reader may use, and no others", async () => {
  const shown = async (role: Role) => {
    const person = await atDesk(service, addressOf(role));
    const html = `${await person.see("/desk")} ${await person.see("/desk/settings")}`;
    return [...html.matchAll(/action="(\/desk[^"]*)"/g)].map(([, action]) => action ?? "");
  };
  for (const role of ROLES) {
    for (const action of await shown(role)) {
      const allowed = ALLOWED[`post ${action}`];
      expect([role, action, allowed !== "anyone" && allowed?.includes(role)]).toEqual([role, action, true]);
    }
  }
});
