import { USER_AGENT } from "./content/publish.ts";

/** Whom the trial's simulated Access lets in (wrangler.toml). */
const TRIAL_OWNER = "owner@themepost.localhost";

/** Puts the trial's owner at the desk, by the command line's own way: no visitor becomes one. Throws where the service refuses. */
export async function addTrialOwner(url: string, token: string): Promise<void> {
  const answer = await fetch(`${url}/api/v1/admin/desk/people`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "user-agent": USER_AGENT,
    },
    body: JSON.stringify({ address: TRIAL_OWNER, role: "owner" }),
  });
  if (!answer.ok) throw new Error(`The desk got no owner: ${url} answered ${answer.status}.`);
}

/** A link into the trial's desk for its owner: fresh proof of who's there. */
export async function trialDeskLink(url: string, token: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/admin/desk/links`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ address: TRIAL_OWNER }),
  });
  return ((await answer.json()) as { url: string }).url;
}
