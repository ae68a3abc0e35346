import type { Context } from "hono";
import { meantBy, segmentIn } from "../../../domain/broadcasts/audience.ts";
import { isTyped } from "../../../domain/broadcasts/broadcast.ts";
import { readNumbers } from "../../../domain/broadcasts/numbers.ts";
import { outlookOf } from "../../../domain/broadcasts/outlook.ts";
import { warningsOf } from "../../../domain/broadcasts/warnings.ts";
import { may } from "../../../domain/desk/may.ts";
import { readAudienceChoices } from "../../../domain/segments/queries/choices.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import type { Here } from "../desk-page.ts";
import { countedAudience } from "../read-audience.ts";
import { namedBroadcast } from "./broadcast-letter.ts";
import { BROADCAST_SAID, BroadcastPage, type InTheWay } from "./broadcast-page.tsx";
import type { Unsaved } from "./broadcast-settings.tsx";
import { saidOf } from "./shell.tsx";
import { showDesk } from "./show-desk.ts";

type Ctx = Context<AppEnv>;

type Shown = {
  readonly unsaved?: Unsaved;
  readonly inTheWay?: InTheWay;
};

/** The page of a broadcast as it stands; with what was typed and couldn't be saved, or what stands in the way of scheduling it. */
export async function showBroadcast(
  c: Ctx,
  here: Here,
  { unsaved, inTheWay }: Shown = {},
): Promise<Response> {
  const broadcast = await namedBroadcast(c);
  if (broadcast === null) return c.notFound();
  const { db, kinds, config } = c.var;
  const [now, site, choices] = await Promise.all([c.var.now(), c.var.site(), readAudienceChoices(db)]);
  const { runId, lockedAt, audience: chosen, state } = broadcast;
  const progress =
    lockedAt === null || runId === null ? null : await readNumbers(db, kinds, runId, broadcast.endedAt);
  const { renderBroadcast } = await import("../../../domain/broadcasts/schedule-broadcast.ts");
  const { letter, faults, revision } = await renderBroadcast({ db, site, config }, broadcast);
  const audience = chosen === null || lockedAt !== null ? null : await countedAudience(c, meantBy(broadcast));
  const found =
    state === "draft" ? await warningsOf({ db, config }, broadcast, { letter, audience, now }) : null;
  const outlook =
    audience === null || audience.atLeast
      ? null
      : await outlookOf({ db, guard: c.var.guard, config, now }, broadcast, audience, site);
  const page = (
    <BroadcastPage
      broadcast={broadcast}
      subject={(state === "draft" ? letter?.subject : broadcast.subject) ?? broadcast.subject}
      written={revision}
      faults={faults}
      segment={chosen === null ? null : segmentIn(broadcast)}
      choices={choices}
      audience={audience}
      outlook={outlook}
      progress={progress}
      typed={audience !== null && isTyped(audience.people, found?.usual ?? null)}
      unsaved={unsaved ?? null}
      inTheWay={inTheWay ?? null}
      warnings={found?.warnings ?? []}
      now={now}
      timeZone={site.timeZone}
      masked={!may(here.person, "see_addresses")}
      toMany={may(here.person, "schedule_to_many")}
      said={saidOf(c.req.query("done"), BROADCAST_SAID)}
    />
  );
  return showDesk(c, page, { status: unsaved === undefined && inTheWay === undefined ? 200 : 422 });
}
