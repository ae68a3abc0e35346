import type { Context } from "hono";
import { requestAccess } from "../../domain/people/queries/request-access.ts";
import { mayBeWrittenTo } from "../../domain/people/standing.ts";
import { isDisarmed } from "../../domain/restore/is-disarmed.ts";
import { type ReaderView, readReader } from "../../domain/sequences/queries/reader.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { showPage } from "../ui/show-page.ts";
import { unknownLink } from "../ui/signed-link.tsx";
import { AskedPage, type Mail, NotSentPage } from "./pages/access-pages.tsx";

type Ctx = Context<AppEnv>;

/** Mails a reader the link to their own page; says so where one went out today already. */
export async function askForAccess(c: Ctx, subscriberId: number): Promise<Response> {
  const now = await c.var.now();
  const reader = await readReader(c.var.db, subscriberId, now);
  if (reader === null || reader.state === "erased") return unknownLink(c);
  c.set("language", reader.language);
  return mailOnRequest(c, reader, "access", async (growth) =>
    requestAccess(c.var.db, { subscriberId, growth, now }),
  );
}

type Result = { readonly kind: "planned" | "today" | "too_many" | "not_ready" };

/** What both mails that a reader may ask for have in common: who may be written to, when, and what the page says of it. */
export async function mailOnRequest(
  c: Ctx,
  reader: Pick<ReaderView, "address" | "suppression">,
  mail: Mail,
  request: (growth: number) => Promise<Result>,
): Promise<Response> {
  const { address: person } = reader;
  const notSent = (why: "unmailable" | "notReady" | "tooMany", status: number) =>
    showPage(c, <NotSentPage mail={mail} contact={c.var.config.mail.replyTo} why={why} />, {
      status,
      person,
    });
  if (!mayBeWrittenTo(reader.suppression)) return notSent("unmailable", 409);
  const { disarmed, growth } = await isDisarmed({ ...c.var, now: await c.var.now() });
  const result = disarmed ? ({ kind: "not_ready" } as const) : await request(growth);
  switch (result.kind) {
    case "not_ready":
      return notSent("notReady", 503);
    case "too_many":
      return notSent("tooMany", 429);
    case "planned":
      c.executionCtx.waitUntil(c.env.CONFIRMATIONS.send({ gather: "confirmations" }));
      return showPage(c, <AskedPage mail={mail} address={person} />, { person });
    case "today":
      return showPage(c, <AskedPage mail={mail} address={person} today />, { person });
  }
}
