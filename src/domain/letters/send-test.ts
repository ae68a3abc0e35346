import { DAY_MS } from "../../platform/calendar/durations.ts";
import type { Services } from "../services.ts";
import type { Site } from "../site/site.ts";
import type { Draft } from "./draft.ts";
import { previewLetter } from "./preview-letter.ts";
import { planTest } from "./queries/sent-tests.ts";

/** So many letters a day someone at the desk may send themselves. */
const TESTS_A_DAY = 10;
/** The same letter again within this time is the second press of one wish. */
const SECOND_PRESS_MS = 10_000;

/** What sending oneself a letter came to. */
export type TestResult = "sent" | "too_many" | "faulty";

/**
 * Sends a drafted letter to the person at the desk who tries it, by the way that readers' letters take. The same within ten seconds is sent once;
 * `too_many` after ten in a day, `faulty` where the letter can't be shown yet.
 */
export async function sendTest(
  deps: Services & { readonly site: Site },
  draft: Draft,
  slug: string,
  personId: number,
): Promise<TestResult> {
  const { db, config, now, by, site } = deps;
  const { letter } = await previewLetter({ db, site, publicUrl: config.publicUrl }, draft, slug);
  if (letter === null) return "faulty";
  const { planned, before } = await planTest(
    db,
    {
      ...{ sequence: draft.slug, slug, letter },
      sent: {
        personId,
        title: draft.title,
        step: slug === draft.welcome.slug ? null : slug,
        hash: letter.hash,
      },
    },
    { now, by, most: TESTS_A_DAY, since: now - DAY_MS, again: now - SECOND_PRESS_MS },
  );
  if (planned) await deps.enqueue("confirmations", [{ gather: "confirmations" }]);
  return planned || before < TESTS_A_DAY ? "sent" : "too_many";
}
