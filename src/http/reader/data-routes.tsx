import { type Context, Hono } from "hono";
import { readErasure } from "../../domain/people/queries/erasures.ts";
import { requestErasure } from "../../domain/people/queries/request-erasure.ts";
import { mayBeWrittenTo } from "../../domain/people/standing.ts";
import { erase } from "../../domain/privacy/erase.ts";
import { personalData } from "../../domain/privacy/personal-data.ts";
import { isDisarmed } from "../../domain/restore/is-disarmed.ts";
import { readReader } from "../../domain/sequences/queries/reader.ts";
import { readLink } from "../../platform/links/token.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { pageContext } from "../ui/page-context.ts";
import { renderPage } from "../ui/render-page.ts";
import { exportOf } from "./data-export.ts";
import { DataPage } from "./pages/data-page.tsx";
import {
  EraseAskedPage,
  ErasedPage,
  EraseExpiredPage,
  EraseNotSentPage,
  ErasePage,
} from "./pages/erase-pages.tsx";
import { linkedReader, unknownLink } from "./routes.tsx";

type Ctx = Context<AppEnv>;

/** What we hold about a reader: to see, to download, and, through a mailed link, to erase. */
export function dataRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/preferences/:token/data", (c) => showData(c))
    .get("/preferences/:token/data.json", (c) => downloadData(c))
    .get("/preferences/:token/erase", (c) => c.redirect(c.req.path.replace(/erase$/, "data"), 302))
    .post("/preferences/:token/erase", (c) => askForErasure(c))
    .get("/erase/:token", (c) => showErasure(c))
    .post("/erase/:token", (c) => pressErase(c));
}

async function showData(c: Ctx): Promise<Response> {
  const reader = await linkedReader(c);
  if (reader === null) return unknownLink(c);
  // The reader's page says that there is nothing left.
  if (reader.state === "erased") return c.redirect(c.req.path.replace(/\/data$/, ""), 302);
  const now = await c.var.now();
  const data = await personalData(c.var.db, c.var.kinds, reader.subscriberId, now);
  if (data === null) return unknownLink(c);
  const { config } = c.var;
  return renderPage(
    <DataPage
      context={pageContext(config, reader.address)}
      data={data}
      preferencesPath={`/preferences/${c.req.param("token")}`}
      keep={config.keep}
      provider={config.provider.kind}
      now={now}
      mailable={mayBeWrittenTo(reader.suppression)}
      contact={config.mail.replyTo}
      kindTitle={kindTitle(c)}
      zone={reader.enrollments[0]?.timeZone ?? config.defaultSlot.timeZone}
    />,
  );
}

/** What isn't in the registry is a copy: a letter that the owner sent again. */
function kindTitle(c: Ctx) {
  const titles = new Map(c.var.kinds.all.map(({ name, title }) => [name, title]));
  return (kind: string) => titles.get(kind) ?? "data.kind.repeat";
}

async function downloadData(c: Ctx): Promise<Response> {
  const reader = await linkedReader(c);
  if (reader === null || reader.state === "erased") return unknownLink(c);
  const now = await c.var.now();
  const data = await personalData(c.var.db, c.var.kinds, reader.subscriberId, now);
  if (data === null) return unknownLink(c);
  const { keep, provider } = c.var.config;
  const file = exportOf(data, { madeAt: now, keep, carrier: provider.kind });
  return c.body(`${JSON.stringify(file, null, 2)}\n`, 200, {
    "content-type": "application/json; charset=utf-8",
    "content-disposition": 'attachment; filename="my-letters.json"',
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
  });
}

/** Sends the link that erases; says the same where one went out today already. */
async function askForErasure(c: Ctx): Promise<Response> {
  const reader = await linkedReader(c);
  if (reader === null || reader.state === "erased") return unknownLink(c);
  const { config, db, random } = c.var;
  const context = pageContext(config, reader.address);
  const contact = config.mail.replyTo;
  if (!mayBeWrittenTo(reader.suppression)) {
    return renderPage(<EraseNotSentPage context={context} contact={contact} why="unmailable" />, {
      status: 409,
    });
  }
  const now = await c.var.now();
  const { disarmed, growth } = await isDisarmed({ ...c.var, now });
  const result = disarmed
    ? ({ kind: "not_ready" } as const)
    : await requestErasure(db, {
        subscriberId: reader.subscriberId,
        addressHash: reader.addressHash,
        requestId: random(),
        growth,
        now,
      });
  if (result.kind === "not_ready") {
    return renderPage(<EraseNotSentPage context={context} contact={contact} why="notReady" />, {
      status: 503,
    });
  }
  if (result.kind === "too_many") {
    return renderPage(<EraseNotSentPage context={context} contact={contact} why="tooMany" />, {
      status: 429,
    });
  }
  if (result.kind === "planned") {
    c.executionCtx.waitUntil(c.env.CONFIRMATIONS.send({ gather: "confirmations" }));
  }
  return renderPage(<EraseAskedPage context={context} address={reader.address} />);
}

async function showErasure(c: Ctx): Promise<Response> {
  const link = await linkedErasure(c);
  if (link === null) return unknownLink(c);
  const { erasure, reader, expired } = link;
  const context = pageContext(c.var.config, reader.address === "" ? null : reader.address);
  if (erasure.confirmedAt !== null) {
    return renderPage(<ErasedPage context={context} waiting={erasure.erasedAt === null} />);
  }
  if (expired) return renderPage(<EraseExpiredPage context={context} />, { status: 410 });
  return renderPage(
    <ErasePage
      context={context}
      address={reader.address}
      action={c.req.path}
      contact={c.var.config.mail.replyTo}
    />,
  );
}

async function pressErase(c: Ctx): Promise<Response> {
  const link = await linkedErasure(c);
  if (link === null) return unknownLink(c);
  const { erasure, expired } = link;
  const context = pageContext(c.var.config);
  if (expired && erasure.confirmedAt === null) {
    return renderPage(<EraseExpiredPage context={context} />, { status: 410 });
  }
  const result = await erase({ ...c.var, now: await c.var.now() }, erasure);
  return renderPage(<ErasedPage context={context} waiting={result === "waiting"} />);
}

async function linkedErasure(c: Ctx) {
  const { config, db } = c.var;
  const now = await c.var.now();
  const reading = await readLink(config.signingSecrets, "erase", c.req.param("token") ?? "", now);
  if (reading.kind === "invalid") return null;
  const erasure = await readErasure(db, reading.id);
  const reader = erasure === null ? null : await readReader(db, erasure.subscriberId, now);
  if (erasure === null || reader === null) return null;
  return { erasure, reader, expired: reading.kind === "expired" };
}
