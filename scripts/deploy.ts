// npm run deploy [-- --dry-run] [--file staging.vars] [--replace] [--rollback] [--teardown INSTANCE]: finds or makes what an installation needs in
// your Cloudflare account, migrates, deploys code and secrets together, and publishes. --dry-run only says what it would do.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { Faulty } from "./content/publish.ts";
import { publishContent } from "./content/publish-content.ts";
import { readContent } from "./content/read-site.ts";
import { FolderFaults } from "./content/text-file.ts";
import { answersAt, installationIn, wouldBreak, wouldTake } from "./deploy/against-live.ts";
import {
  CloudflareFault,
  deleteSecrets,
  deleteWorker,
  ensureBucket,
  ensureDatabase,
  ensureQueues,
  findDatabase,
  type Ran,
  readFacts,
  versionBefore,
  writeInstallation,
} from "./deploy/cloudflare.ts";
import { type Names, namesOf } from "./deploy/names.ts";
import { readSettings, SECRETS, type Settings, type SettingsReading } from "./deploy/settings.ts";
import { ensureWebhook } from "./deploy/webhook.ts";
import { type Toml, workerConfig } from "./deploy/worker-config.ts";
import { fail, messageOf, ROOT, readArgs } from "./project.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const NO_ID = "00000000-0000-0000-0000-000000000000";

/** Deploys, or with a flag something else about an installation. */
export async function main(args: readonly string[]): Promise<void> {
  const { values } = readArgs({
    args: [...args],
    options: {
      "dry-run": { type: "boolean" },
      file: { type: "string" },
      replace: { type: "boolean" },
      rollback: { type: "boolean" },
      teardown: { type: "string" },
    },
  });
  const dryRun = values["dry-run"] === true;
  if ([dryRun, values.rollback === true, values.teardown !== undefined].filter(Boolean).length > 1)
    fail("--dry-run, --rollback and --teardown go one at a time. Nothing was done.");
  const file = resolve(process.env.INIT_CWD ?? process.cwd(), values.file ?? join(ROOT, "production.vars"));
  const example = dryRun && values.file === undefined && !existsSync(file);
  if (example) console.log("There's no production.vars yet, so this shows what its example would do.");
  try {
    if (values.rollback === true) return rollBack(namesOf(instanceIn(file)));
    if (values.teardown !== undefined) return tearDown(instanceIn(file), values.teardown);
    const settings = settingsIn(example ? `${file}.example` : file, example);
    const names = namesOf(settings.INSTANCE);
    if (dryRun) return dry(settings, names);
    await deploy(settings, names, { file, replace: values.replace === true });
  } catch (error) {
    if (!(error instanceof CloudflareFault)) throw error;
    fail(error.message);
  }
}

/** What wrangler reads about an installation; one of its own, because two may be deployed at once. */
function configOf({ worker }: Names): string {
  return join(ROOT, `wrangler.deploy.${worker}.json`);
}

function readingOf(file: string, example: boolean): SettingsReading {
  if (!existsSync(file)) {
    fail(`There's no ${basename(file)} yet. Make it: npm run themepost -- init (docs/operations/set-up.md).`);
  }
  return readSettings(readFileSync(file, "utf8"), { example });
}

/** Which installation a file is about, whatever else it lacks: going back mustn't wait for that. */
function instanceIn(file: string): string {
  const reading = readingOf(file, false);
  const instance = reading.kind === "valid" ? reading.settings.INSTANCE : reading.instance;
  if (instance === null || !/^[a-z0-9-]+$/.test(instance))
    fail(`${basename(file)} doesn't say which INSTANCE it's about. Nothing was done.`);
  return instance;
}

function settingsIn(file: string, example: boolean): Settings {
  const reading = readingOf(file, example);
  const named = reading.kind === "valid" ? reading.settings.CONTENT : reading.content;
  const faults = [
    ...(reading.kind === "faulty" ? reading.faults : []),
    ...(example || named === null ? [] : contentFaults(folderOf(file, named))),
  ];
  if (reading.kind === "faulty" || faults.length > 0)
    fail(
      `${basename(file)} isn't complete. Nothing was deployed. Fix all of this:\n  ${faults.join("\n  ")}`,
    );
  return { ...reading.settings, CONTENT: folderOf(file, reading.settings.CONTENT) };
}

/** CONTENT stands beside the file that names it. */
function folderOf(file: string, content: string): string {
  return resolve(dirname(file), content);
}

/** What's wrong with the folder that's to be published; it's never chosen for the owner. */
function contentFaults(folder: string): readonly string[] {
  try {
    return readContent(folder).site === null ? [`CONTENT: ${folder} has no site.yaml`] : [];
  } catch (error) {
    if (!(error instanceof FolderFaults)) throw error;
    return error.faults.map((fault) => `CONTENT: ${fault}`);
  }
}

function dry(settings: Settings, names: Names): void {
  step("The configuration is complete. Building what would be uploaded (nothing leaves this machine)");
  const config = writeConfig(settings, names, { databaseId: NO_ID, hasBucket: true });
  show(["deploy", "--dry-run", "--minify", "--config", config, "--outdir", join(ROOT, "dist", "worker")]);
  const secrets = SECRETS.filter((name) => settings[name] !== undefined);
  console.log(`
A real run would now, on your Cloudflare account:
  1. find or create the D1 database ${names.database}, and refuse if it belongs to another installation
  2. find or create the queues ${names.queues.join(", ")} and, where the account has R2, the bucket ${names.bucket}
  3. set up Resend's webhook, where the file has none and the key may
  4. apply the migrations in migrations/
  5. upload the Worker ${names.worker} with its cron trigger, its Durable Object, the files in public/, and its secrets (${secrets.join(", ") || "none in the example"})
  6. delete the secrets that left the file
  7. publish the newsletter in ${settings.CONTENT} at ${settings.PUBLIC_URL}`);
}

async function deploy(
  read: Settings,
  names: Names,
  { file, replace }: { readonly file: string; readonly replace: boolean },
): Promise<void> {
  step("Looking at what's there already");
  await refuseToReplace(read, names, replace);
  step("Finding or creating the database, the queues and the bucket");
  const databaseId = ensureDatabase(run, names);
  ensureQueues(run, names);
  const hasBucket = ensureBucket(run, names);
  console.log(`  ${[names.database, ...names.queues].join(", ")}`);
  console.log(
    hasBucket
      ? `  ${names.bucket}`
      : "  No bucket: R2 isn't switched on in this account. Letters can name pictures by their https:// address; those from files are refused.",
  );
  const settings = await withWebhook(read, file);
  const config = writeConfig(settings, names, { databaseId, hasBucket });
  step("Applying the migrations");
  show(["d1", "migrations", "apply", "DB", "--remote", "--config", config]);
  writeInstallation(run, names, config, await installationIn(settings));
  step("Deploying the Worker with its secrets");
  const secrets = Object.fromEntries(
    SECRETS.filter((name) => settings[name] !== undefined).map((name) => [name, settings[name]]),
  );
  withSecretsFile(secrets, (path) =>
    show(["deploy", "--minify", "--config", config, "--secrets-file", path]),
  );
  step("Deleting secrets that left the file");
  // One that the file never had, and that couldn't be asked for just now, may be at work.
  const kept = new Set([...Object.keys(secrets), "RESEND_WEBHOOK_SECRET"]);
  const gone = deleteSecrets(run, config, { ours: SECRETS, kept });
  console.log(gone.length === 0 ? "  None." : `  ${gone.join(", ")}`);
  step("Publishing the letters");
  await publishLetters(settings);
  if (settings.RESEND_WEBHOOK_SECRET === undefined) {
    console.log(`
Where none is deployed, letters wait until the webhook is set up: the key may only send, so add one by hand (docs/operations/set-up.md, The webhook by hand), put its signing
secret into ${basename(file)} as RESEND_WEBHOOK_SECRET, and run npm run deploy again.`);
  }
  console.log(`
Deployed. Next: npm run themepost -- add-profile ${settings.INSTANCE} ${file}
           then: npm run themepost -- doctor --profile ${settings.INSTANCE}`);
}

/** Ends the deploy where it would break what's there, unless that's meant. */
async function refuseToReplace(settings: Settings, names: Names, replace: boolean): Promise<void> {
  const databaseId = findDatabase(run, names);
  let facts = {};
  if (databaseId !== null) {
    facts = readFacts(run, names, writeConfig(settings, names, { databaseId, hasBucket: false }));
  }
  const broken = [
    ...(await wouldBreak(settings, facts)),
    ...wouldTake(settings, facts, await answersAt(fetch, settings.PUBLIC_URL)),
  ];
  if (broken.length === 0)
    return console.log(databaseId === null ? "  Nothing yet." : "  The same installation.");
  if (replace) return console.log(`  Replaced, because of --replace:\n  ${broken.join("\n  ")}`);
  fail(
    `This deploy would break what's there. Nothing was changed.\n  ${broken.join("\n  ")}\n\nIf that's what you want: npm run deploy -- --replace`,
  );
}

/** The settings with the webhook's secret, set up now where the file has none; as they are where that can't be done. */
async function withWebhook(settings: Settings, file: string): Promise<Settings> {
  if (settings.RESEND_WEBHOOK_SECRET !== undefined) return settings;
  step("Setting up Resend's webhook");
  const secret = await ensureWebhook(settings, file);
  if (secret === null) {
    console.log("  It can't be done with this key: it may only send, or Resend didn't answer.");
    return settings;
  }
  console.log(`  Done. Its signing secret is in ${basename(file)} now.`);
  return { ...settings, RESEND_WEBHOOK_SECRET: secret };
}

/** The last deployed code comes back; the database and its migrations stay. */
function rollBack(names: Names): void {
  step(`Going back to the version of ${names.worker} before the last deploy`);
  const version = versionBefore(run, names);
  show(["rollback", version, "--name", names.worker, "--message", "npm run deploy -- --rollback"]);
  console.log(`
Done. The code, the settings and the secrets are those of version ${version}. The database wasn't touched: migrations only ever add, so older code works
with it. If a secret was changed since, deploy again as soon as you can.`);
}

/** Takes the Worker and its queues away. What people's data is in stays, until its owner deletes it by hand. */
function tearDown(instance: string, typed: string): void {
  if (typed !== instance)
    fail(`--teardown takes the installation's name, which is ${instance}. Nothing was deleted.`);
  const names = namesOf(instance);
  step(`Deleting the Worker ${names.worker} and its queues: links in letters stop working`);
  deleteWorker(run, names);
  console.log(`
The database and the bucket have people's data, and stay. Export what you need, then delete them:
  node scripts/bootstrap.mjs with-node wrangler d1 delete ${names.database}
  node scripts/bootstrap.mjs with-node wrangler r2 bucket delete ${names.bucket}
Delete the webhook in Resend, too.`);
}

/** Writes what wrangler reads; returns where. */
function writeConfig(
  settings: Settings,
  names: Names,
  found: { readonly databaseId: string; readonly hasBucket: boolean },
): string {
  const path = configOf(names);
  writeFileSync(path, JSON.stringify(workerConfig(readToml(), settings, names, found)));
  return path;
}

function readToml(): Toml {
  const code = `import { experimental_readRawConfig as read } from "wrangler";
    process.stdout.write(JSON.stringify(read({ config: "wrangler.toml" }).rawConfig));`;
  const result = spawnSync(process.execPath, ["--input-type=module", "--eval", code], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (result.status !== 0) fail(`wrangler.toml can't be read:\n${result.stderr}`);
  return JSON.parse(result.stdout) as Toml;
}

/** Secrets in a file of its own for as long as wrangler reads it, also where that's stopped by hand. */
function withSecretsFile(secrets: Readonly<Record<string, string | undefined>>, use: (path: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), "themepost-secrets-"));
  const wait = () => undefined;
  for (const signal of SIGNALS) process.on(signal, wait);
  try {
    const path = join(folder, "secrets.json");
    writeFileSync(path, JSON.stringify(secrets), { mode: 0o600 });
    use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    for (const signal of SIGNALS) process.off(signal, wait);
  }
}

/** A new address may take a minute to answer: wait for it instead of failing. */
async function publishLetters(settings: Settings): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      const { PUBLIC_URL: url, ADMIN_TOKEN: token = "" } = settings;
      const edition = { origin: "files", force: false } as const;
      await publishContent({ url, token }, settings.CONTENT, edition, (line) => console.log(line));
      return;
    } catch (error) {
      // What the letters themselves lack doesn't come by waiting.
      if (error instanceof Faulty || error instanceof FolderFaults)
        fail(`The Worker is deployed, but the letters were refused: ${error.message}`);
      if (tries === 12)
        fail(
          `The Worker is deployed, but the letters couldn't be published: ${messageOf(error)}\nRun npm run deploy again in a few minutes.`,
        );
      console.log("  The Worker isn't answering at its address yet; trying again in ten seconds …");
      await new Promise((resolve) => setTimeout(resolve, 10_000));
    }
  }
}

function step(words: string): void {
  console.log(`\n${words} …`);
}

/** Runs wrangler with its output shown. It has no one to ask: a question that's declined would count as done. */
function show(args: readonly string[]): void {
  const { status } = wrangler(args, "inherit");
  if (status !== 0)
    throw new CloudflareFault(
      `wrangler ${args.slice(0, 3).join(" ")} failed; see above for why. What was done before it stays, and the command can be run again.`,
    );
}

/** Runs wrangler with its output kept. */
function run(args: readonly string[], input?: string): Ran {
  const { status, stdout, stderr } = wrangler(args, "pipe", input);
  return { status: status ?? 1, out: stdout ?? "", err: stderr ?? "" };
}

function wrangler(args: readonly string[], output: "inherit" | "pipe", input?: string) {
  const program = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
  return spawnSync(process.execPath, [program, ...args], {
    ...{ cwd: ROOT, encoding: "utf8" as const },
    stdio: [input === undefined ? "ignore" : "pipe", output, output],
    ...(input === undefined ? {} : { input }),
  });
}
