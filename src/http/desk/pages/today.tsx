import type { Context } from "hono";
import * as z from "zod";
import { dayOfDate, recountDay } from "../../../domain/counts/nightly.ts";
import { may } from "../../../domain/desk/may.ts";
import { resumeRun } from "../../../domain/ledger/queries/runs.ts";
import { clearAlertOf, resumeSending, stopSending, wakeBatches } from "../../../domain/sending/owner-acts.ts";
import { reArm } from "../../../domain/sending/re-arm.ts";
import { readToday } from "../../../domain/sending/today.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import type { DeskPage, Here } from "../desk-page.ts";
import { AwayPage } from "./door-pages.tsx";
import { saidOf } from "./shell.tsx";
import { showDesk } from "./show-desk.ts";
import { StoppedPage, TODAY_SAID, TodayPage } from "./today-page.tsx";

type Ctx = Context<AppEnv>;

const reason = z.string().trim().min(1).max(200);
const runId = z.coerce.number().int().positive();

/** Today: how things stand, and the switches. */
export const TODAY: readonly DeskPage[] = [
  { method: "get", path: "/desk", needs: "see_numbers", run: (c, here) => showToday(c, here) },
  {
    method: "post",
    path: "/desk/sending/stop",
    needs: "stop_sending",
    withoutDatabase: true,
    run: async (c, here, fields) => {
      const given = reason.safeParse(fields.reason ?? "");
      const away = here.person.personId === 0;
      if (!given.success)
        return away
          ? showDesk(c, <AwayPage />, { status: 422, away: true })
          : showToday(c, here, { status: 422, stopFault: true });
      // The product's time is kept in the database, too: in a trial its clock may run ahead.
      const at = away ? c.var.wallNow() : undefined;
      await stopSending(await c.var.services(at), given.data);
      return away ? showDesk(c, <StoppedPage />, { away: true }) : c.redirect("/desk?done=stopped", 303);
    },
  },
  {
    method: "post",
    path: "/desk/sending/resume",
    needs: "resume_sending",
    whileDisarmed: true,
    run: async (c) => {
      await resumeSending(await c.var.services());
      return c.redirect("/desk?done=resumed", 303);
    },
  },
  {
    method: "post",
    path: "/desk/sending/re-arm",
    needs: "re_arm",
    whileDisarmed: true,
    run: async (c) => {
      const armed = await reArm(await c.var.services());
      return c.redirect(`/desk?done=${armed === null ? "armed_already" : "re_armed"}`, 303);
    },
  },
  {
    method: "post",
    path: "/desk/alerts/clear",
    needs: "clear_alert",
    run: async (c, _, { name = "" }) => {
      await clearAlertOf(await c.var.services(), name);
      return c.redirect("/desk?done=cleared", 303);
    },
  },
  {
    method: "post",
    path: "/desk/counts/recount",
    needs: "clear_alert",
    run: async (c, _, { date = "" }) => {
      const day = dayOfDate(date);
      const { kinds } = c.var;
      const services = { ...(await c.var.services()), toSubscribers: kinds.toSubscribers };
      const done = day !== null && (await recountDay(services, day));
      return c.redirect(`/desk?done=${done ? "recounted" : "not_recounted"}`, 303);
    },
  },
  {
    method: "post",
    path: "/desk/runs/resume",
    needs: "resume_sending",
    run: async (c, _, { run = "" }) => {
      const id = runId.safeParse(run);
      const services = await c.var.services();
      const resumed = id.success && (await resumeRun(c.var.db, id.data, services.by, services.now));
      if (resumed) await wakeBatches(services);
      return c.redirect(`/desk?done=${resumed ? "run_resumed" : "run_goes_on"}`, 303);
    },
  },
];

async function showToday(
  c: Ctx,
  { person }: Here,
  { status = 200, stopFault = false }: { readonly status?: number; readonly stopFault?: boolean } = {},
): Promise<Response> {
  const [today, site] = await Promise.all([readToday(await c.var.services()), c.var.site()]);
  const { provider } = c.var.config;
  const first =
    today.readers.now?.n === 0
      ? {
          ...{ published: today.published, ...today.begun, mayChange: may(person, "change_site") },
          provider: provider.kind,
          webhook: provider.kind === "resend" && provider.webhookSecret !== undefined,
        }
      : null;
  const page = (
    <TodayPage
      today={today}
      timeZone={site.timeZone}
      may={(act) => may(person, act)}
      said={saidOf(c.req.query("done"), TODAY_SAID)}
      stopFault={stopFault}
      first={first}
    />
  );
  return showDesk(c, page, { status });
}
