// What an installation has in its Cloudflare account: found, made, or said why not. Every command is wrangler's.
import type { Facts } from "./against-live.ts";
import type { Names } from "./names.ts";

/** What a command of wrangler's came to. */
export type Ran = { readonly status: number; readonly out: string; readonly err: string };

/** Runs wrangler with its output kept; `input` is what it reads. */
export type Wrangler = (args: readonly string[], input?: string) => Ran;

/** Something in the account that couldn't be done, in words for the owner. */
export class CloudflareFault extends Error {}

/** What wrangler says where something of that name is there already. */
const TAKEN = /already (taken|exists|in use)|\b11009\b|\b7502\b|\b10004\b/i;
/** What it says where nobody has switched R2 on in the account (github.com/cloudflare/workers-sdk/issues/2877). */
const R2_IS_OFF = /\b10042\b/;
const NOT_THERE = /no such table|could ?n[o']t find|not found|\b10007\b|does not exist/i;
const NOT_LOGGED_IN = /not (logged in|authenticated)|CLOUDFLARE_API_TOKEN|\b10000\b|\b9109\b/i;

function failed(what: string, args: readonly string[], { out, err }: Ran): CloudflareFault {
  const said = `${err}\n${out}`.trim();
  const hint = NOT_LOGGED_IN.test(said)
    ? "\nLog in (node scripts/bootstrap.mjs with-node wrangler login), or set CLOUDFLARE_API_TOKEN with the rights that docs/operations/set-up.md lists."
    : "";
  return new CloudflareFault(`${what} failed (wrangler ${args.slice(0, 3).join(" ")}):\n${said}${hint}`);
}

function must(wrangler: Wrangler, what: string, args: readonly string[], input?: string): string {
  const ran = wrangler(args, input);
  if (ran.status !== 0) throw failed(what, args, ran);
  return ran.out;
}

/** The id of the database; null where there's none. */
export function findDatabase(wrangler: Wrangler, { database }: Names): string | null {
  const listed = must(wrangler, "Listing the databases", ["d1", "list", "--json"]);
  const all = jsonIn(listed) as readonly { readonly name: string; readonly uuid: string }[];
  return all.find(({ name }) => name === database)?.uuid ?? null;
}

/** The id of the database, made where there's none. */
export function ensureDatabase(wrangler: Wrangler, names: Names): string {
  const found = findDatabase(wrangler, names);
  if (found !== null) return found;
  must(wrangler, "Creating the database", ["d1", "create", names.database]);
  const made = findDatabase(wrangler, names);
  if (made === null)
    throw new CloudflareFault(`The database ${names.database} isn't listed yet. Run the command again.`);
  return made;
}

/** Writes down in the database whose it is, before anything is signed in its name. */
export function writeInstallation(
  wrangler: Wrangler,
  { database }: Names,
  config: string,
  installation: string,
): void {
  const value = installation.replaceAll("'", "''");
  const command = `insert into facts (name, value) values ('installation', '${value}') on conflict (name) do update set value = excluded.value`;
  const args = ["d1", "execute", database, "--remote", "--json", "--config", config, "--command", command];
  must(wrangler, "Noting in the database whose it is", args);
}

/** What a database says of its installation; nothing where it was never migrated. */
export function readFacts(wrangler: Wrangler, { database }: Names, config: string): Facts {
  const query = "select name, value from facts where name in ('installation', 'suppression_check')";
  const args = ["d1", "execute", database, "--remote", "--json", "--config", config, "--command", query];
  const ran = wrangler(args);
  if (ran.status !== 0) {
    if (NOT_THERE.test(`${ran.out}${ran.err}`)) return {};
    throw failed("Asking the database whose it is", args, ran);
  }
  type Rows = readonly { readonly results?: readonly { readonly name: string; readonly value: string }[] }[];
  const [answer] = jsonIn(ran.out) as Rows;
  return Object.fromEntries((answer?.results ?? []).map(({ name, value }) => [name, value]));
}

/** Pages of queues that are asked for at most: some thousand queues. */
const PAGES_MAX = 50;

/** Makes the queues that aren't there. */
export function ensureQueues(wrangler: Wrangler, { queues }: Names): void {
  const there = new Set<string>();
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const cells = cellsIn(must(wrangler, "Listing the queues", ["queues", "list", "--page", String(page)]));
    const before = there.size;
    for (const cell of cells) there.add(cell);
    if (there.size === before || queues.every((queue) => there.has(queue))) break;
  }
  for (const queue of queues) {
    if (there.has(queue)) continue;
    const args = ["queues", "create", queue];
    const ran = wrangler(args);
    if (ran.status !== 0 && !TAKEN.test(`${ran.out}${ran.err}`)) throw failed("Creating a queue", args, ran);
  }
}

/**
 * Whether there's a bucket for pictures, made where it can be. An account has R2 only once its owner has switched it on, and everything but pictures
 * from files works without. Any other failure ends the deploy: without its bucket the Worker would stop serving pictures that are in inboxes.
 */
export function ensureBucket(wrangler: Wrangler, { bucket }: Names): boolean {
  const args = ["r2", "bucket", "create", bucket];
  const listed = wrangler(["r2", "bucket", "list"]);
  if (listed.status !== 0) {
    if (R2_IS_OFF.test(`${listed.out}${listed.err}`)) return false;
    throw failed("Listing the buckets", ["r2", "bucket", "list"], listed);
  }
  if (namesIn(listed.out).has(bucket)) return true;
  const made = wrangler(args);
  if (made.status === 0 || TAKEN.test(`${made.out}${made.err}`)) return true;
  if (R2_IS_OFF.test(`${made.out}${made.err}`)) return false;
  throw failed("Creating the bucket for pictures", args, made);
}

/** Deletes the secrets of the Worker that aren't `kept` any more, of those that are ours. Returns which. */
export function deleteSecrets(
  wrangler: Wrangler,
  config: string,
  { ours, kept }: { readonly ours: readonly string[]; readonly kept: ReadonlySet<string> },
): readonly string[] {
  const listed = must(wrangler, "Listing the secrets", [
    "secret",
    "list",
    "--format",
    "json",
    "--config",
    config,
  ]);
  const there = (jsonIn(listed) as readonly { readonly name: string }[]).map(({ name }) => name);
  const gone = there.filter((name) => ours.includes(name) && !kept.has(name));
  for (const name of gone)
    must(wrangler, `Deleting the secret ${name}`, ["secret", "delete", name, "--config", config]);
  return gone;
}

/** Deletes the Worker and its queues. What's gone already is no failure, so it can be said again. */
export function deleteWorker(wrangler: Wrangler, { worker, queues }: Names): void {
  for (const args of [["delete", worker, "--force"], ...queues.map((queue) => ["queues", "delete", queue])]) {
    const ran = wrangler(args);
    if (ran.status !== 0 && !NOT_THERE.test(`${ran.out}${ran.err}`))
      throw failed(`Deleting ${args.includes(worker) ? worker : args.at(-1)}`, args, ran);
  }
}

type Deployment = {
  readonly created_on: string;
  readonly annotations?: Readonly<Record<string, string | undefined>>;
  readonly versions: readonly { readonly version_id: string; readonly percentage: number }[];
};

/**
 * The version of the Worker that the deploy before the last one left. Each secret that's deleted makes a version of its own, with the same code: those
 * of the last deploy are passed over. Throws a fault where there's no such version, or the last thing that was done was going back.
 */
export function versionBefore(wrangler: Wrangler, { worker }: Names): string {
  const listed = must(wrangler, "Listing the deployments", [
    "deployments",
    "list",
    "--json",
    "--name",
    worker,
  ]);
  const byAge = (jsonIn(listed) as readonly Deployment[]).toSorted((a, b) =>
    b.created_on.localeCompare(a.created_on),
  );
  const trigger = ({ annotations }: Deployment) => annotations?.["workers/triggered_by"];
  const last = byAge.findIndex((each) => trigger(each) !== "secret");
  const [lastDone] = byAge.slice(last);
  if (lastDone !== undefined && trigger(lastDone) === "rollback")
    throw new CloudflareFault(
      `${worker} was taken back already. To choose a version: node scripts/bootstrap.mjs with-node wrangler deployments list --name ${worker}, and the same with rollback VERSION in the place of deployments list`,
    );
  const before = last < 0 ? undefined : byAge[last + 1];
  const version = before?.versions.find(({ percentage }) => percentage === 100);
  if (version === undefined) throw new CloudflareFault(`${worker} has no deploy before its last one.`);
  return version.version_id;
}

/** The whole cells of a table as wrangler draws it. */
function cellsIn(table: string): readonly string[] {
  return table.split("\n").flatMap((line) =>
    line.includes("│")
      ? line
          .split("│")
          .map((cell) => cell.trim())
          .filter(Boolean)
      : [],
  );
}

/** The names of a list in lines such as "name:  themepost-main-pictures". */
function namesIn(list: string): ReadonlySet<string> {
  return new Set([...list.matchAll(/^name:\s*(\S+)\s*$/gim)].map(([, name = ""]) => name));
}

/** What stands behind whatever wrangler says first. */
function jsonIn(out: string): unknown {
  const start = out.search(/^[[{]/m);
  try {
    return JSON.parse(out.slice(start));
  } catch {
    throw new CloudflareFault(`wrangler answered with something else than JSON:\n${out.slice(0, 500)}`);
  }
}
