import type { Context } from "hono";
import * as z from "zod";
import { may } from "../../../domain/desk/may.ts";
import { noteLook } from "../../../domain/desk/queries/looks.ts";
import type { Draft } from "../../../domain/letters/draft.ts";
import { yearAhead, yearOfJoining } from "../../../domain/letters/year-ahead.ts";
import { readReaderPlace } from "../../../domain/sequences/queries/reader-place.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import type { DeskPage, Here } from "../desk-page.ts";
import { wantedDraft } from "./letters.tsx";
import { showDesk } from "./show-desk.ts";
import { YearPage } from "./year-page.tsx";

type Ctx = Context<AppEnv>;

const readerId = z.coerce.number().int().positive();

/** A year of a sequence as a reader would get it, with what's written and not published yet. */
export const YEAR: readonly DeskPage[] = [
  { method: "get", path: "/desk/letters/:sequence/year", needs: "write_letters", run: show },
];

async function show(c: Ctx, { person }: Here): Promise<Response> {
  const draft = await wantedDraft(c);
  if (draft === null) return c.notFound();
  const asked = c.req.query("reader");
  if (asked === undefined) return showDesk(c, await ofJoining(c, draft));
  const id = readerId.safeParse(asked);
  const place =
    id.success && may(person, "see_person") ? await readReaderPlace(c.var.db, id.data, draft.slug) : null;
  if (!id.success || place === null) return c.notFound();
  const look = { personId: person.personId, subscriberId: id.data, wallNow: c.var.wallNow() };
  await noteLook(c.var.db, look);
  const year = yearAhead(draft, place.had, place, await c.var.now());
  return showDesk(
    c,
    <YearPage draft={draft} year={year} reader={{ id: id.data, ...place }} timeZone={place.timeZone} />,
  );
}

async function ofJoining(c: Ctx, draft: Draft) {
  const { slot, timeZone } = await c.var.site();
  const year = yearOfJoining(draft, { ...(draft.stored.slot ?? slot), timeZone }, await c.var.now());
  return <YearPage draft={draft} year={year} reader={null} timeZone={timeZone} />;
}
