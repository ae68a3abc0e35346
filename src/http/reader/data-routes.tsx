import { type Context, Hono } from "hono";
import { type Erasure, readErasure } from "../../domain/people/queries/erasures.ts";
import { requestErasure } from "../../domain/people/queries/request-erasure.ts";
import { mayBeWrittenTo } from "../../domain/people/standing.ts";
import { erase } from "../../domain/privacy/erase.ts";
import { personalData } from "../../domain/privacy/personal-data.ts";
import { isDisarmed } from "../../domain/restore/is-disarmed.ts";
import { type ReaderView, readReader } from "../../domain/sequences/queries/reader.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { showPage } from "../ui/show-page.ts";
import { behindLink, unknownLink } from "../ui/signed-link.tsx";
import { exportOf } from "./data-export.ts";
import { DataPage } from "./pages/data-page.tsx";
import {
  EraseAskedPage,
  ErasedPage,
  EraseExpiredPage,
  EraseNotSentPage,
  ErasePage,
} from "./pages/erase-pages.tsx";
import { behindPreferencesLink } from "./routes.tsx";

type Ctx = Context<AppEnv>;

type ErasureLink = { readonly erasure: Erasure; readonly reader: ReaderView; readonly expired: boolean };

const behindEraseLink = behindLink(
  "erase",
  async (c, { id, expired }, now): Promise<ErasureLink | null> => {
    const erasure = await readErasure(c.var.db, id);
    const reader = erasure === null ? null : await readReader(c.var.db, erasure.subscriberId, now);
    return erasure === null || reader === null ? null : { erasure, reader, expired };
  },
  "also expired",
);

/** What we hold about a reader: to see, to download, and, through a mailed link, to erase. */
export function dataRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/preferences/:token/data", behindPreferencesLink(showData))
    .get("/preferences/:token/data.json", behindPreferencesLink(downloadData))
    .get("/preferences/:token/erase", (c) => c.redirect(c.req.path.replace(/erase$/, "data"), 302))
    .post("/preferences/:token/erase", behindPreferencesLink(askForErasure))
    .get("/erase/:token", behindEraseLink(showErasure))
    .post("/erase/:token", behindEraseLink(pressErase));
}

async function showData(c: Ctx, reader: ReaderView): Promise<Response> {
  // The reader's page says that there is nothing left.
  if (reader.state === "erased") return c.redirect(c.req.path.replace(/\/data$/, ""), 302);
  const now = await c.var.now();
  const data = await personalData(c.var.db, c.var.kinds, reader.subscriberId, now);
  if (data === null) return unknownLink(c);
  const { config } = c.var;
  const page = (
    <DataPage
      data={data}
      preferencesPath={`/preferences/${c.req.param("token")}`}
      keep={config.keep}
      provider={config.provider.kind}
      now={now}
      mailable={mayBeWrittenTo(reader.suppression)}
      contact={config.mail.replyTo}
      kindTitle={kindTitle(c)}
      zone={reader.enrollments[0]?.timeZone ?? config.defaultSlot.timeZone}
    />
  );
  return showPage(c, page, { person: reader.address });
}

/** What isn't in the registry is a copy: a letter that the owner sent again. */
function kindTitle(c: Ctx) {
  const titles = new Map(c.var.kinds.all.map(({ name, title }) => [name, title]));
  return (kind: string) => titles.get(kind) ?? "data.kind.repeat";
}

async function downloadData(c: Ctx, reader: ReaderView): Promise<Response> {
  if (reader.state === "erased") return unknownLink(c);
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
async function askForErasure(c: Ctx, reader: ReaderView): Promise<Response> {
  if (reader.state === "erased") return unknownLink(c);
  const { config, db, random } = c.var;
  const person = reader.address;
  const contact = config.mail.replyTo;
  if (!mayBeWrittenTo(reader.suppression)) {
    return showPage(c, <EraseNotSentPage contact={contact} why="unmailable" />, { status: 409, person });
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
    return showPage(c, <EraseNotSentPage contact={contact} why="notReady" />, { status: 503, person });
  }
  if (result.kind === "too_many") {
    return showPage(c, <EraseNotSentPage contact={contact} why="tooMany" />, { status: 429, person });
  }
  if (result.kind === "planned") {
    c.executionCtx.waitUntil(c.env.CONFIRMATIONS.send({ gather: "confirmations" }));
  }
  return showPage(c, <EraseAskedPage address={reader.address} />, { person });
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
