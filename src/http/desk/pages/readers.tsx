import type { Context } from "hono";
import * as z from "zod";
import { may } from "../../../domain/desk/may.ts";
import { noteLook } from "../../../domain/desk/queries/looks.ts";
import { readAddress } from "../../../domain/people/address.ts";
import { findByBeginning, listPeople, readListed } from "../../../domain/people/queries/find-people.ts";
import { SUBSCRIBER_STATES } from "../../../domain/people/subscriber-state.ts";
import { lift, suppress } from "../../../domain/people/suppress.ts";
import { eraseByOwner } from "../../../domain/privacy/erase.ts";
import { timeline } from "../../../domain/privacy/timeline.ts";
import { readConsentRecords } from "../../../domain/signup/queries/consent-records.ts";
import { HOUR_MS } from "../../../platform/calendar/durations.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import type { DeskPage, Fields, Here } from "../desk-page.ts";
import { PERSON_SAID, PersonPage } from "./person-page.tsx";
import { ReadersPage } from "./readers-page.tsx";
import { saidOf } from "./shell.tsx";
import { showDesk } from "./show-desk.ts";

type Ctx = Context<AppEnv>;

const SHOWN = 50;
/** Fewer letters than this would be a way through the whole list. */
const FIND_MIN = 3;

const states = z.enum(SUBSCRIBER_STATES).exclude(["erased"]);
const id = z.coerce.number().int().positive();
const note = z.string().trim().min(1).max(300);

/** Readers: the newest, those in a state, those whose address begins like this, and one of them. */
export const READERS: readonly DeskPage[] = [
  { method: "get", path: "/desk/readers", needs: "see_readers", run: showList },
  { method: "post", path: "/desk/readers", needs: "find_person", whileDisarmed: true, run: find },
  { method: "get", path: "/desk/readers/:id", needs: "see_person", run: (c, here) => showPerson(c, here) },
  { method: "post", path: "/desk/readers/:id/suppress", needs: "suppress_person", run: suppressOne },
  { method: "post", path: "/desk/readers/:id/lift", needs: "suppress_person", run: liftOne },
  { method: "post", path: "/desk/readers/:id/erase", needs: "erase_person", run: eraseOne },
];

async function showList(c: Ctx, { person }: Here): Promise<Response> {
  const state = states.safeParse(c.req.query("state"));
  const before = id.safeParse(c.req.query("before"));
  const page = {
    before: before.success ? before.data : Number.MAX_SAFE_INTEGER,
    state: state.success ? state.data : null,
    limit: SHOWN + 1,
  };
  const [people, site] = await Promise.all([
    may(person, "see_people") ? listPeople(c.var.db, page) : [],
    c.var.site(),
  ]);
  const next = people.length > SHOWN ? (people[SHOWN - 1]?.id ?? null) : null;
  return showDesk(
    c,
    <ReadersPage
      people={people.slice(0, SHOWN)}
      state={page.state}
      next={next}
      find={null}
      timeZone={site.timeZone}
      may={(act) => may(person, act)}
    />,
  );
}

/** By a POST, because addresses never stand in the address of a page. */
async function find(c: Ctx, { person }: Here, fields: Fields): Promise<Response> {
  const typed = (fields.find ?? "").slice(0, 254);
  const wanted = typed.normalize("NFC").trim().toLowerCase();
  const whole = readAddress(wanted, { reservedAllowed: true });
  const beginning = whole.kind === "valid" ? whole.value.key : wanted;
  // Those who see one person at a time find them by their whole address.
  const allowed = may(person, "see_people") ? wanted.length >= FIND_MIN : whole.kind === "valid";
  const [found, site] = await Promise.all([
    allowed ? findByBeginning(c.var.db, beginning, SHOWN) : [],
    c.var.site(),
  ]);
  const people = may(person, "see_people") ? found : found.filter((one) => one.addressKey === beginning);
  return showDesk(
    c,
    <ReadersPage
      people={people}
      state={null}
      next={null}
      find={{ typed, allowed }}
      timeZone={site.timeZone}
      may={(act) => may(person, act)}
    />,
    { status: allowed ? 200 : 422 },
  );
}

async function showPerson(
  c: Ctx,
  { person }: Here,
  {
    status = 200,
    fault = null,
  }: { readonly status?: number; readonly fault?: "note" | "address" | null } = {},
): Promise<Response> {
  const { db, kinds } = c.var;
  const wanted = id.safeParse(c.req.param("id"));
  const listed = wanted.success ? await readListed(db, wanted.data) : null;
  if (listed === null) return c.notFound();
  const hour = Math.floor(c.var.wallNow() / HOUR_MS);
  await noteLook(db, { personId: person.personId, subscriberId: listed.id, hour });
  const now = await c.var.now();
  const [story, consents, site] = await Promise.all([
    timeline({ db, kinds, now }, listed.id),
    readConsentRecords(db, listed.id),
    c.var.site(),
  ]);
  if (story === null || consents === null) return c.notFound();
  return showDesk(
    c,
    <PersonPage
      person={listed}
      story={story}
      consents={consents.records}
      said={saidOf(c.req.query("done"), PERSON_SAID)}
      fault={fault}
      timeZone={site.timeZone}
      may={(act) => may(person, act)}
    />,
    { status },
  );
}

async function suppressOne(c: Ctx, here: Here, fields: Fields): Promise<Response> {
  return withNote(c, here, fields, async (key, given) => {
    await suppress(await c.var.services(), key, given);
    return "suppressed";
  });
}

async function liftOne(c: Ctx, here: Here, fields: Fields): Promise<Response> {
  return withNote(c, here, fields, async (key, given) =>
    (await lift(await c.var.services(), key, given)) ? "lifted" : "not_suppressed",
  );
}

async function withNote(
  c: Ctx,
  here: Here,
  fields: Fields,
  act: (addressKey: string, note: string) => Promise<string>,
): Promise<Response> {
  const found = await wantedPerson(c);
  if (found === null || found.state === "erased") return c.notFound();
  const given = note.safeParse(fields.note ?? "");
  if (!given.success) return showPerson(c, here, { status: 422, fault: "note" });
  return c.redirect(`/desk/readers/${found.id}?done=${await act(found.addressKey, given.data)}`, 303);
}

/** What can't be taken back asks for the address once more. */
async function eraseOne(c: Ctx, here: Here, fields: Fields): Promise<Response> {
  const found = await wantedPerson(c);
  if (found === null || found.state === "erased") return c.notFound();
  const typed = readAddress(fields.address ?? "", { reservedAllowed: true });
  if (typed.kind !== "valid" || typed.value.key !== found.addressKey)
    return showPerson(c, here, { status: 422, fault: "address" });
  const result = await eraseByOwner(await c.var.services(), typed.value);
  return c.redirect(`/desk/readers/${found.id}?done=${result}`, 303);
}

async function wantedPerson(c: Ctx) {
  const wanted = id.safeParse(c.req.param("id"));
  return wanted.success ? readListed(c.var.db, wanted.data) : null;
}
