import type { Context } from "hono";
import * as z from "zod";
import { may } from "../../../domain/desk/may.ts";
import { noteLook } from "../../../domain/desk/queries/looks.ts";
import { readAddress } from "../../../domain/people/address.ts";

import { findByBeginning, readListed } from "../../../domain/people/queries/find-people.ts";
import { lift, suppress } from "../../../domain/people/suppress.ts";
import { eraseByOwner } from "../../../domain/privacy/erase.ts";
import { readStory } from "../../../domain/privacy/timeline.ts";
import { EVERYONE, filterFields, segmentOf } from "../../../domain/segments/filter.ts";
import { listPeople } from "../../../domain/segments/list-people.ts";
import { readAudienceChoices } from "../../../domain/segments/queries/choices.ts";
import { readConsentRecords } from "../../../domain/signup/queries/consent-records.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { ProofPage } from "../../ui/proof-page.tsx";
import { showPage } from "../../ui/show-page.ts";
import type { DeskPage, Fields, Here } from "../desk-page.ts";
import { changeForThem, type Helped, sendThemAgain, tagThem } from "./help-person.tsx";
import { personId } from "./person-id.ts";
import { PERSON_SAID, PersonPage } from "./person-page.tsx";
import { READERS_SAID, ReadersPage } from "./readers-page.tsx";
import { saidOf } from "./shell.tsx";
import { showDesk } from "./show-desk.ts";

type Ctx = Context<AppEnv>;

const SHOWN = 50;
/** Fewer letters than this would be a way through the whole list. */
const FIND_MIN = 3;

const id = z.coerce.number().int().positive();
const note = z.string().trim().min(1).max(300);

/** Readers: the newest, those in a state, those whose address begins like this, and one of them. */
export const READERS: readonly DeskPage[] = [
  { method: "get", path: "/desk/readers", needs: "see_readers", run: showList },
  { method: "post", path: "/desk/readers", needs: "find_person", whileDisarmed: true, run: find },
  { method: "get", path: "/desk/readers/:id", needs: "see_person", run: (c, here) => showPerson(c, here) },
  { method: "get", path: "/desk/readers/:id/consents", needs: "see_person", run: showProof },
  {
    method: "post",
    path: "/desk/readers/:id/change",
    needs: "help_person",
    run: (c, _, fields) => {
      const action = fields.pause === undefined ? fields.action : "pause";
      return backTo(c, changeForThem(c, { ...fields, action: action ?? "" }));
    },
  },
  {
    method: "post",
    path: "/desk/readers/:id/tag",
    needs: "help_person",
    run: (c, _, fields) => backTo(c, tagThem(c, fields)),
  },
  {
    method: "post",
    path: "/desk/readers/:id/send-again",
    needs: "help_person",
    run: (c, _, fields) => backTo(c, sendThemAgain(c, fields)),
  },
  { method: "post", path: "/desk/readers/:id/suppress", needs: "suppress_person", run: suppressOne },
  { method: "post", path: "/desk/readers/:id/lift", needs: "suppress_person", run: liftOne },
  { method: "post", path: "/desk/readers/:id/erase", needs: "erase_person", run: eraseOne },
];

async function showList(c: Ctx, { person }: Here): Promise<Response> {
  const filter = filterFields.parse(c.req.query());
  const before = id.safeParse(c.req.query("before"));
  const from = before.success ? before.data : Number.MAX_SAFE_INTEGER;
  const lists = may(person, "see_people");
  const { db, kinds } = c.var;
  const [segment, choices, site, now] = await Promise.all([
    lists ? segmentOf(db, filter) : null,
    lists ? readAudienceChoices(db) : null,
    c.var.site(),
    c.var.now(),
  ]);
  const asked = { now, kinds, timeZone: site.timeZone };
  const page =
    segment === null
      ? { people: [], next: null }
      : await listPeople(db, segment, asked, { before: from, limit: SHOWN });
  return showDesk(
    c,
    <ReadersPage
      people={page.people}
      filter={filter}
      choices={choices}
      next={page.next}
      find={null}
      said={saidOf(c.req.query("done"), READERS_SAID)}
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
      filter={EVERYONE}
      choices={null}
      next={null}
      find={{ typed, allowed }}
      said={null}
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
  const wanted = personId(c);
  const now = await c.var.now();
  const [found, site] = await Promise.all([
    wanted === null ? null : readStory({ ...c.var, now }, wanted),
    c.var.site(),
  ]);
  if (found === null) return c.notFound();
  await noteLook(c.var.db, {
    personId: person.personId,
    subscriberId: found.person.id,
    wallNow: c.var.wallNow(),
  });
  const done = c.req.query("done");
  return showDesk(
    c,
    <PersonPage
      person={{ ...found.person, ...found }}
      story={found.story}
      consents={found.consents}
      canUndo={done === "changed" && found.lastChange?.by === "desk"}
      said={saidOf(done, PERSON_SAID)}
      fault={fault ?? (done === "tag_faulty" ? "tag" : null)}
      timeZone={site.timeZone}
      may={(act) => may(person, act)}
    />,
    { status },
  );
}

/** Everything that's recorded of what someone agreed to, as a page to print. */
async function showProof(c: Ctx, { person }: Here): Promise<Response> {
  const wanted = personId(c);
  const found = wanted === null ? null : await readConsentRecords(c.var.db, wanted);
  if (wanted === null || found === null) return c.notFound();
  await noteLook(c.var.db, { personId: person.personId, subscriberId: wanted, wallNow: c.var.wallNow() });
  const { owner } = await c.var.site();
  const page = <ProofPage {...found} owner={owner} madeAt={await c.var.now()} />;
  return showPage(c, page, { language: "en" });
}

/** After something was done for a person, their page says what came of it. */
async function backTo(c: Ctx, helped: Promise<Helped>): Promise<Response> {
  const done = await helped;
  return done === null ? c.notFound() : c.redirect(`/desk/readers/${done.id}?done=${done.done}`, 303);
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
  const wanted = personId(c);
  return wanted === null ? null : readListed(c.var.db, wanted);
}
