// Whether an installation has what mail and its desk need, decided from what was found.
import { localTime, quantity } from "./show.ts";

/** What the service says of itself (GET /checks). */
export type Checks = {
  readonly provider: "resend" | "mailbox";
  readonly domain: string;
  readonly checks: readonly { readonly what: string; readonly state: State }[];
  readonly can_read_list: boolean | null;
  readonly ticked_at: string | null;
  readonly at_desk: { readonly people: number; readonly owners: number };
  readonly access_audience: string | null;
  readonly now: string;
  readonly probe: Probe | null;
};

type Probe = {
  readonly at: string;
  readonly taken: boolean;
  readonly seen: Readonly<Record<string, string>>;
};

export type HealthSaid = {
  readonly status?: string;
  readonly faults?: readonly string[];
  readonly database_bytes?: number;
  readonly database_bytes_max?: number;
  readonly sending?: string;
};

/** What stands before the desk: Cloudflare Access (with its application's audience, where it says so), nothing, or null where no one answered. */
export type Door = { readonly audience: string | null } | "open" | null;

type State = "right" | "wrong" | "could_not_ask";

/** One line of the answer. `fix` says what to do, where it isn't right. */
export type Line = {
  readonly what: string;
  readonly state: State;
  readonly found: string;
  readonly fix: string;
};

/** What each check of the sender is called, and what to do about it. */
const SENDER: Readonly<Record<string, readonly [what: string, fix: string]>> = {
  domain: [
    "the domain at Resend",
    "Add the domain in Resend and enter its DNS records; it must say “Verified”.",
  ],
  tracking: ["open and click tracking", "Switch both off in the domain's settings in Resend."],
  spf: ["SPF (DNS)", "Enter the SPF record that Resend shows, with the proxy off."],
  dkim: ["DKIM (DNS)", "Enter the DKIM record that Resend shows, as one value."],
  dmarc: ["DMARC (DNS)", "Add a TXT record at _dmarc with v=DMARC1; p=none; rua=mailto:you@your-domain."],
  webhook: ["the webhook's secret", "Run npm run deploy: with a key of full access it sets the webhook up."],
  reports: [
    "the webhook at Resend",
    "Run npm run deploy again, or set it up at the desk: Settings, Sending.",
  ],
};

const CLOCK_MS = 60_000;
/** The cron is noted every hour, by a tick of every quarter. */
const TICK_MS = 80 * 60_000;

/** What was found, as lines. `localNow` is this machine's clock (epoch ms). */
export function diagnosis(
  checks: Checks,
  health: HealthSaid,
  localNow: number,
  { door, probed }: { readonly door: Door; readonly probed: boolean },
): readonly Line[] {
  const isTrial = checks.provider === "mailbox";
  const faults = health.faults ?? [];
  const clock = Math.abs(Date.parse(checks.now) - localNow);
  const ticked = checks.ticked_at === null ? null : Date.parse(checks.now) - Date.parse(checks.ticked_at);
  const share = (health.database_bytes ?? 0) / (health.database_bytes_max ?? 1);
  const is = (right: boolean): State => (right ? "right" : "wrong");
  return [
    {
      what: "the service",
      state: is(faults.length === 0),
      found: faults.length === 0 ? "well" : faults.join(", ").replaceAll("_", " "),
      fix: "See Health in docs/operations/when-something-is-wrong.md.",
    },
    ...checks.checks.map(({ what, state }) => ({
      what: SENDER[what]?.[0] ?? what,
      state,
      found: checks.domain,
      fix: SENDER[what]?.[1] ?? "",
    })),
    ...(isTrial
      ? []
      : [
          {
            what: "the key's rights",
            state: is(checks.can_read_list === true),
            found:
              checks.can_read_list === true
                ? "full access"
                : "sending only: after an outage, letters that can't be proven unsent stay uncertain",
            fix: "Make an API key with full access in Resend, put it into your file as RESEND_API_KEY, and deploy.",
          },
        ]),
    ...(isTrial || !probed ? [] : probeLines(checks.probe)),
    // A trial has no cron of its own, and its clock may have skipped ahead.
    ...(isTrial
      ? []
      : [
          {
            what: "the cron",
            state: is(ticked !== null && ticked < TICK_MS),
            found: checks.ticked_at === null ? "never seen" : `seen ${localTime(checks.ticked_at)}`,
            fix: "A new installation needs an hour. After that: Cloudflare's dashboard, Workers, Triggers shows whether it fires.",
          },
          {
            what: "the clock",
            state: is(clock < CLOCK_MS),
            found: `${Math.round(clock / 1000)} seconds apart from this machine's`,
            fix: "Set this machine's clock by network time.",
          },
        ]),
    {
      what: "the database's size",
      state: health.database_bytes === undefined ? "could_not_ask" : is(share < 0.6),
      found: health.database_bytes === undefined ? "" : `${Math.round(share * 100)} % of its room`,
      fix: "See The database is full in docs/operations/when-something-is-wrong.md.",
    },
    {
      what: "the desk",
      state: is(checks.at_desk.owners > 0),
      found: quantity(checks.at_desk.people, "person", "people"),
      fix: "Give yourself a place: add-to-desk you@your-domain.org owner",
    },
    ...(isTrial ? [] : [doorLine(checks.access_audience, door)]),
  ];
}

/** Whether what stands before the desk is what the service trusts. */
function doorLine(trusted: string | null, door: Door): Line {
  const what = "the desk's door";
  if (door === null) return { what, state: "could_not_ask", found: "", fix: "" };
  if (door === "open")
    return trusted === null
      ? { what, state: "right", found: "links from the command line (desk)", fix: "" }
      : {
          what,
          state: "wrong",
          found: "ACCESS_AUD is set, but Cloudflare Access doesn't stand before /desk",
          fix: "Make the application for the path /desk at Cloudflare (set-up.md, Your desk), or take ACCESS_AUD out of your file and deploy.",
        };
  if (door.audience === null) return { what, state: "could_not_ask", found: "Cloudflare Access", fix: "" };
  return door.audience === trusted
    ? { what, state: "right", found: "Cloudflare Access, with the audience of your file", fix: "" }
    : {
        what,
        state: "wrong",
        found: `Cloudflare Access, but ACCESS_AUD is ${trusted === null ? "missing" : "another application's"}`,
        fix: `If that's your application, put ACCESS_AUD=${door.audience} into your file, and deploy.`,
      };
}

/** What came back of the round trip: each of the provider's test addresses is reported as it's called. */
function probeLines(probe: Probe | null): readonly Line[] {
  const fix =
    "Wait a minute and run doctor again. If it stays: the webhook at Resend shows what it sent, and with which answer.";
  if (probe === null) return [{ what: "a letter that leaves", state: "could_not_ask", found: "", fix }];
  return [
    {
      what: "a letter that leaves",
      state: probe.taken ? "right" : "wrong",
      found: probe.taken ? "Resend took it" : "Resend refused it, or didn't answer",
      fix: "Is the domain verified, and may the key send from it?",
    },
    ...(["delivered", "bounced", "complained"] as const).map((what) => ({
      what: `a report of what's ${what}`,
      state: (probe.seen[what] === undefined ? "wrong" : "right") as State,
      found: probe.seen[what] === undefined ? "none yet" : `came ${localTime(probe.seen[what])}`,
      fix,
    })),
  ];
}
