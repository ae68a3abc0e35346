// What the first owner of an installation runs: each thing that mail and desk need, as right, wrong or not to be asked, with the fix.
import { styleText } from "node:util";
import { type Command, type Given, Misused, shown } from "./command.ts";
import { type Checks, type Door, diagnosis, type HealthSaid } from "./diagnosis.ts";
import { quantity } from "./show.ts";

const MARK = { right: "✓", wrong: "✗", could_not_ask: "?" } as const;
const COLOUR = { right: "green", wrong: "red", could_not_ask: "yellow" } as const;

const DOOR_TIMEOUT_MS = 10_000;
const LOOK_EVERY_MS = 3000;
const LOOKS_MAX = 20;

/** The command `doctor`. */
export const doctor: Command = {
  about: "whether everything is set up that mail needs to arrive; --send tries it with real letters",
  flags: ["send", "to"],
  run: async ({ admin, health, service, flags }) => {
    if (flags.to !== undefined && flags.send !== true)
      throw new Misused("--to goes with --send: doctor --send --to you@example.com");
    if (flags.send === true) await probed(admin, flags.to ?? null);
    const checks = await admin<Checks>("GET", "/checks");
    const lines = diagnosis(checks, await health<HealthSaid>(), Date.now(), {
      door: await doorOf(service().url),
      probed: flags.send === true || checks.probe !== null,
    });
    const wrong = lines.filter(({ state }) => state === "wrong").length;
    const unasked = lines.filter(({ state }) => state === "could_not_ask").length;
    const said = shown({ wrong, could_not_ask: unasked, lines }, () => [
      ...lines.map(
        ({ what, state, found, fix }) =>
          `${styleText(COLOUR[state], MARK[state], { stream: process.stdout })} ${what}${found === "" ? "" : `: ${found}`}${state === "right" ? "" : `\n    ${state === "wrong" ? fix : "Couldn't be asked now."}`}`,
      ),
      wrong === 0 ? "Nothing is wrong." : `${quantity(wrong, "thing")} to fix.`,
      checks.provider === "mailbox"
        ? "This is a trial: no mail leaves it, so what mail needs isn't looked at."
        : "",
      flags.send === true || checks.provider === "mailbox"
        ? ""
        : "To try it with real letters: doctor --send --to an address at your desk",
    ]);
    return { ...said, failed: wrong > 0 };
  },
};

/** Sends the round trip, and waits a minute at most for what's reported of it. */
async function probed(admin: Given["admin"], to: string | null): Promise<void> {
  await admin("POST", "/checks/probe", { to });
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const { provider, probe } = await admin<Checks>("GET", "/checks");
    const seen = Object.keys(probe?.seen ?? {});
    const whole = ["delivered", "bounced", "complained"].every((what) => seen.includes(what));
    if (provider === "mailbox" || probe?.taken === false || whole) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** What /desk answers to someone without a place: the sign-in of Access names its application as `kid` (cloudflared reads it so). */
async function doorOf(url: string): Promise<Door> {
  try {
    const answer = await fetch(new URL("/desk", url), {
      redirect: "manual",
      signal: AbortSignal.timeout(DOOR_TIMEOUT_MS),
    });
    await answer.body?.cancel();
    const to = answer.headers.get("location");
    const sign = to === null ? null : new URL(to, url);
    if (sign?.hostname.endsWith(".cloudflareaccess.com") !== true) return "open";
    return { audience: sign.searchParams.get("kid") };
  } catch {
    return null;
  }
}
