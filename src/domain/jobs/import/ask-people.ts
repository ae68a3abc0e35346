import { isTimeZone } from "../../../platform/calendar/time-zone.ts";
import type { Services } from "../../services.ts";
import { DEFAULT_LIMITS } from "../../signup/partners/limits.ts";
import { signUp } from "../../signup/sign-up.ts";
import { ownWording } from "../../signup/wording.ts";
import { readSite, type Site } from "../../site/site.ts";
import { requestsMade } from "../queries/lines.ts";
import type { JudgedLine } from "./judge-line.ts";
import type { ImportParams } from "./take-file.ts";

/**
 * What limits confirmations of an import: the addresses' own limits hold, and a day's number is the owner's choice. Those of a domain are for
 * strangers' sign-ups, and would keep a whole firm of readers from being asked.
 */
const LIMITS = {
  ...DEFAULT_LIMITS,
  mailsPerDomainHour: 100_000,
  mailsPerDomainDay: 100_000,
  mailsPerUnprovenDomainHour: 100_000,
  mailsPerUnprovenDomainDay: 100_000,
};

/** What asking came to: how many were asked now, how many not for want of an address' budget, how many are still to be asked, and all lines that were. */
export type Asked = {
  readonly made: number;
  readonly refused: number;
  readonly left: number;
  /** The last line that was tried: those up to it were asked or refused. */
  readonly tried: number;
  readonly lines: ReadonlySet<number>;
};

/**
 * Asks people of a file by a confirmation each, through the gate's own door: up to `most` of them, and no more than the day has left. Each line is one
 * request, so that it's asked once, whatever is repeated; lines up to `tried` were tried before.
 */
export async function askPeople(
  deps: Services,
  job: {
    readonly jobId: number;
    readonly params: ImportParams;
    readonly today: number;
    readonly most: number;
    readonly tried: number;
  },
  lines: readonly JudgedLine[],
): Promise<Asked> {
  const { jobId, params } = job;
  const requestOf = ({ line }: Pick<JudgedLine, "line">) => `import-${jobId}-${line}`;
  const before = await requestsMade(deps.db, lines.map(requestOf));
  const done = new Set(lines.filter((each) => before.has(requestOf(each))).map(({ line }) => line));
  const waiting = lines.filter(
    ({ judged, line }) => judged.kind === "ask" && line > job.tried && !done.has(line),
  );
  if (waiting.length === 0) return { made: 0, refused: 0, left: 0, tried: job.tried, lines: done };
  const room = Math.max(0, Math.min(job.most, params.perDay - job.today));
  const site = await readSite(deps.db, deps.config.publicUrl);
  let made = 0;
  let refused = 0;
  let { tried } = job;
  for (const each of waiting.slice(0, room)) {
    tried = each.line;
    const asked = await askOne({ ...deps, random: () => requestOf(each) }, site, params, each, jobId);
    if (asked) {
      made += 1;
      done.add(each.line);
    } else refused += 1;
  }
  if (made > 0) await deps.enqueue("confirmations", [{ gather: "confirmations" }]);
  // Whoever was refused is looked at once: they aren't asked by this import.
  return { made, refused, left: waiting.length - made - refused, tried, lines: done };
}

async function askOne(
  deps: Services,
  site: Site,
  params: ImportParams,
  { reading }: JudgedLine,
  jobId: number,
): Promise<boolean> {
  if (reading.kind !== "wants") return false;
  const { address, firstName, zone } = reading;
  const { language } = site;
  const base = {
    partner: null,
    verdict: { kind: "own", origin: deps.config.publicUrl },
    refusal: null,
    language,
    sequence: null,
  } as const;
  const request = {
    address,
    told: { firstName },
    answer: "",
    language,
    timeZone: isTimeZone(zone) ? zone : site.timeZone,
    sequenceSlug: params.sequence,
    page: `/desk/jobs/${jobId}`,
    origin: deps.config.publicUrl,
    partnerId: null,
    formKey: null,
    wording: await ownWording(site, language),
    network: null,
    stampNonce: null,
    stampOnce: false,
    proven: true,
    renewal: false,
    limits: LIMITS,
    ...(params.renditionId === 0 ? {} : { renditionId: params.renditionId }),
  };
  const afresh = { ...base, kind: "taken", planned: false } as const;
  const result = await signUp(deps, { kind: "passed", request, base, challenge: null, afresh });
  return result.kind === "taken" && result.planned;
}
