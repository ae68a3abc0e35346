import { type Context, Hono } from "hono";
import { ACCESS_LINK_MS } from "../../domain/people/access-kind.ts";
import { type Erasure, readErasure } from "../../domain/people/queries/erasures.ts";
import { requestErasure } from "../../domain/people/queries/request-erasure.ts";
import { mayBeWrittenTo } from "../../domain/people/standing.ts";
import { erase } from "../../domain/privacy/erase.ts";
import { personalData } from "../../domain/privacy/personal-data.ts";
import { changeReader, isPersonal } from "../../domain/sequences/change-reader.ts";
import { optOut } from "../../domain/sequences/opt-out.ts";
import { type ReaderView, readReader } from "../../domain/sequences/queries/reader.ts";
import { agreeToBroadcasts, broadcastWording } from "../../domain/signup/agree-to-broadcasts.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { readForm } from "../ui/read-form.ts";
import { showPage } from "../ui/show-page.ts";
import { behindLink, signedPath, tokenOf, unknownLink } from "../ui/signed-link.tsx";
import { askForAccess, mailOnRequest } from "./ask-for-access.tsx";
import { exportOf } from "./data-export.ts";
import { AccessExpiredPage } from "./pages/access-pages.tsx";
import type { Typed } from "./pages/card-props.ts";
import { DataPage } from "./pages/data-page.tsx";
import { ErasedPage, EraseExpiredPage, ErasePage } from "./pages/erase-pages.tsx";
import type { SaidOnPage } from "./pages/said.tsx";
import { readChange } from "./read-change.ts";
import { changeNamed, isOutdated, plainly, readAnyReader, readLinkedReader } from "./routes.tsx";

type Ctx = Context<AppEnv>;

type ErasureLink = { readonly erasure: Erasure; readonly reader: ReaderView; readonly expired: boolean };

const behindEraseLink = behindLink(
  "erase",
  async (c, { id, expired }, now): Promise<ErasureLink | null> => {
    const erasure = await readErasure(c.var.db, id);
    const reader = erasure === null ? null : await readReader(c.var.db, erasure.subscriberId, now);
    if (erasure === null || reader === null) return null;
    c.set("language", reader.language);
    return { erasure, reader, expired };
  },
  "also expired",
);

type OwnPage = { readonly reader: ReaderView; readonly expired: boolean };

const behindDataLink = (handle: (c: Ctx, reader: ReaderView) => Promise<Response>) =>
  behindLink(
    "data",
    readOwnPage,
    "also expired",
  )((c, { reader, expired }) => {
    if (reader.state === "erased") return unknownLink(c);
    if (!expired) return handle(c, reader);
    return showPage(c, <AccessExpiredPage action={pathOf(c)} />, { status: 410, person: reader.address });
  });

async function readOwnPage(
  c: Ctx,
  named: { readonly id: number; readonly expired: boolean; readonly generation: number },
  now: number,
): Promise<OwnPage | "switched_off" | null> {
  const reader = await readLinkedReader(c, named, now);
  return reader === null || reader === "switched_off" ? reader : { reader, expired: named.expired };
}

/** What we hold about a reader, behind the link that only their mailbox got: to see, change, download and, through a mailed link, erase. */
export function dataRoutes(): Hono<AppEnv> {
  const toPage = (c: Ctx) => c.redirect(pathOf(c), 302);
  return new Hono<AppEnv>()
    .get("/data/:token", behindDataLink(showData))
    .post("/data/:token", behindDataLink(changePerson))
    .get("/data/:token/my-letters.json", behindDataLink(downloadData))
    .get("/data/:token/link", toPage)
    .post(
      "/data/:token/link",
      behindLink(
        "data",
        readAnyReader,
        "also expired",
      )((c, { subscriberId }) => askForAccess(c, subscriberId)),
    )
    .get("/data/:token/erase", toPage)
    .post("/data/:token/erase", behindDataLink(askForErasure))
    .get("/erase/:token", behindEraseLink(showErasure))
    .post("/erase/:token", behindEraseLink(pressErase));
}

/** The path of a reader's own page. The link works for an hour from `from`. */
export function dataPath(
  c: Ctx,
  reader: { readonly subscriberId: number; readonly linkGeneration: number },
  from: number,
): Promise<string> {
  const { subscriberId: id, linkGeneration: generation } = reader;
  return signedPath(c, { purpose: "data", id, expiresAt: from + ACCESS_LINK_MS, generation });
}

/** The path of the page with a reader's dates, as letters link to it. */
export function preferencesPath(
  c: Ctx,
  { subscriberId: id, linkGeneration: generation }: Pick<ReaderView, "subscriberId" | "linkGeneration">,
): Promise<string> {
  return signedPath(c, { purpose: "preferences", id, expiresAt: null, generation });
}

function pathOf(c: Ctx): string {
  return `/data/${tokenOf(c)}`;
}

function showData(c: Ctx, reader: ReaderView): Promise<Response> {
  const changed = changeNamed(c, reader);
  const said = changed?.enrollmentId === null ? changed : null;
  return dataPage(c, reader, { said: said ?? plainly(c.req.query("said")) });
}

/** Changes name or answers, or undoes that. */
async function changePerson(c: Ctx, reader: ReaderView): Promise<Response> {
  const fields = await readForm(c);
  const now = await c.var.now();
  if (fields.action === "start_broadcasts") {
    const deps = { ...c.var, now, publicUrl: c.var.config.publicUrl };
    const agreed = await agreeToBroadcasts(deps, reader, await c.var.site(), "/data");
    return c.redirect(`${pathOf(c)}?said=${agreed ? "broadcasts" : "nothing"}`, 303);
  }
  const reading = readChange(fields, reader, now);
  if (reading.kind === "unsubscribe" && reading.what === "broadcasts") {
    const { subscriberId } = reader;
    const changed = await optOut(c.var, { subscriberId, what: "broadcasts", reason: "preferences", now });
    return c.redirect(`${pathOf(c)}?said=${changed ? "no_broadcasts" : "nothing"}`, 303);
  }
  const typed: Typed = { enrollmentId: null, fields, fault: null, preview: null };
  if (reading.kind === "faulty") {
    if (isOutdated(fields, reader)) return dataPage(c, reader, { said: "stale", typed }, 409);
    const { field, text } = reading;
    return dataPage(c, reader, { typed: { ...typed, fault: { field, text } } }, 422);
  }
  if (reading.kind !== "change" || !isPersonal(reader, reading.change))
    return c.redirect(`${pathOf(c)}?said=nothing`, 303);
  const result = await changeReader({ ...c.var, now }, reader.subscriberId, reading.seen, reading.change);
  switch (result.kind) {
    case "changed":
      return c.redirect(`${pathOf(c)}?changed=${result.changeId}`, 303);
    case "not_possible":
      return c.redirect(`${pathOf(c)}?said=nothing`, 303);
    case "too_many":
      return dataPage(c, reader, { said: "too_many", typed }, 429);
    case "stale": {
      const fresh = (await readReader(c.var.db, reader.subscriberId, now)) ?? reader;
      return dataPage(c, fresh, { said: "stale", typed }, 409);
    }
  }
}

async function dataPage(
  c: Ctx,
  reader: ReaderView,
  shown: { readonly said?: SaidOnPage | null; readonly typed?: Typed },
  status = 200,
): Promise<Response> {
  const now = await c.var.now();
  const data = await personalData(c.var.db, c.var.kinds, reader.subscriberId, now);
  if (data === null) return unknownLink(c);
  const { config } = c.var;
  const site = await c.var.site();
  const wording = site.consent.covers.includes("broadcasts")
    ? await broadcastWording(site, reader.language)
    : null;
  const page = (
    <DataPage
      broadcasts={wording?.text ?? null}
      data={data}
      reader={reader}
      action={pathOf(c)}
      preferencesPath={await preferencesPath(c, reader)}
      said={shown.said ?? null}
      typed={shown.typed ?? null}
      keep={config.keep}
      provider={config.provider.kind}
      now={now}
      mailable={mayBeWrittenTo(reader.suppression)}
      contact={config.mail.replyTo}
      kindTitle={kindTitle(c)}
      zone={reader.enrollments[0]?.timeZone ?? site.timeZone}
    />
  );
  return showPage(c, page, { status, person: reader.address });
}

/** What isn't in the registry is a copy: a letter that the owner sent again. */
function kindTitle(c: Ctx) {
  const titles = new Map(c.var.kinds.all.map(({ name, title }) => [name, title]));
  return (kind: string) => titles.get(kind) ?? "data.kind.repeat";
}

async function downloadData(c: Ctx, reader: ReaderView): Promise<Response> {
  const now = await c.var.now();
  const data = await personalData(c.var.db, c.var.kinds, reader.subscriberId, now);
  if (data === null) return unknownLink(c);
  const { keep, provider } = c.var.config;
  const file = exportOf(data, { madeAt: now, keep, carrier: provider.kind });
  return c.body(`${JSON.stringify(file, null, 2)}\n`, 200, {
    "content-type": "application/json; charset=utf-8",
    "content-disposition": 'attachment; filename="my-letters.json"',
    "cache-control": "private, no-store",
    "x-robots-tag": "noindex",
  });
}

/** Sends the link that erases; says the same where one went out today already. */
async function askForErasure(c: Ctx, reader: ReaderView): Promise<Response> {
  const { db, random } = c.var;
  const { subscriberId, addressHash } = reader;
  const now = await c.var.now();
  return mailOnRequest(c, reader, "erase", (growth) =>
    requestErasure(db, { subscriberId, addressHash, requestId: random(), growth, now }),
  );
}

async function showErasure(c: Ctx, { erasure, reader, expired }: ErasureLink): Promise<Response> {
  const person = reader.address === "" ? null : reader.address;
  if (erasure.confirmedAt !== null) {
    return showPage(c, <ErasedPage waiting={erasure.erasedAt === null} />, { person });
  }
  if (expired) return showPage(c, <EraseExpiredPage />, { status: 410, person });
  const contact = c.var.config.mail.replyTo;
  const page = <ErasePage address={reader.address} action={c.req.path} contact={contact} />;
  return showPage(c, page, { person });
}

async function pressErase(c: Ctx, { erasure, expired }: ErasureLink): Promise<Response> {
  if (expired && erasure.confirmedAt === null) return showPage(c, <EraseExpiredPage />, { status: 410 });
  const result = await erase({ ...c.var, now: await c.var.now() }, erasure);
  return showPage(c, <ErasedPage waiting={result === "waiting"} />);
}
