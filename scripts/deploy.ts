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
import { answersAt, wouldBreak } from "./deploy/against-live.ts";
import {
  CloudflareFault,
  deleteSecrets,
  ensureBucket,
  ensureDatabase,
  ensureQueues,
  findDatabase,
  type Ran,
  readFacts,
} from "./deploy/cloudflare.ts";
import { type Names, namesOf } from "./deploy/names.ts";
import { readSettings, SECRETS, type Settings } from "./deploy/settings.ts";
import { ensureWebhook } from "./deploy/webhook.ts";
import { type Toml, workerConfig } from "./deploy/worker-config.ts";
import { fail, messageOf, ROOT, readArgs } from "./project.ts";

const CONFIG = join(ROOT, "wrangler.deploy.json");
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
  const file = resolve(process.env.INIT_CWD ?? process.cwd(), values.file ?? join(ROOT, "production.vars"));
  const example = dryRun && values.file === undefined && !existsSync(file);
  if (example) console.log("There's no production.vars yet, so this shows what its example would do.");
  const settings = settingsIn(example ? `${file}.example` : file, example);
  const names = namesOf(settings.INSTANCE);
  try {
    if (values.rollback === true) return rollBack(settings, names);
    if (values.teardown !== undefined) return tearDown(settings, names, values.teardown);
    if (dryRun) return dry(settings, names);
    await deploy(settings, names, { file, replace: values.replace === true });
  } catch (error) {
    if (!(error instanceof CloudflareFault)) throw error;
    fail(error.message);
  }
}

function settingsIn(file: string, example: boolean): Settings {
  if (!existsSync(file)) {
    fail(`There's no ${basename(file)} yet. Make it: npm run themepost -- init (docs/operations/set-up.md).`);
  }
  const reading = readSettings(readFileSync(file, "utf8"), { example });
  const content =
    reading.kind === "valid" && !example ? contentFaults(folderOf(file, reading.settings.CONTENT)) : [];
  const faults = reading.kind === "faulty" ? reading.faults : content;
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
  writeConfig(settings, names, { databaseId: NO_ID, hasBucket: true });
  show(["deploy", "--dry-run", "--minify", "--config", CONFIG, "--outdir", join(ROOT, "dist", "worker")]);
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
  writeConfig(settings, names, { databaseId, hasBucket });
  step("Applying the migrations");
  show(["d1", "migrations", "apply", "DB", "--remote", "--config", CONFIG]);
  step("Deploying the Worker with its secrets");
  const secrets = Object.fromEntries(
    SECRETS.filter((name) => settings[name] !== undefined).map((name) => [name, settings[name]]),
  );
  withSecretsFile(secrets, (path) =>
    show(["deploy", "--minify", "--config", CONFIG, "--secrets-file", path]),
  );
  step("Deleting secrets that left the file");
  const kept = new Set(Object.keys(secrets));
  const gone = deleteSecrets(run, CONFIG, { ours: SECRETS, kept });
  console.log(gone.length === 0 ? "  None." : `  ${gone.join(", ")}`);
  step("Publishing the letters");
  await publishLetters(settings);
  if (settings.RESEND_WEBHOOK_SECRET === undefined) {
    console.log(`
Letters wait until the webhook is set up: the key may only send, so add one by hand (docs/operations/set-up.md, The webhook by hand), put its signing
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
    writeConfig(settings, names, { databaseId, hasBucket: false });
    facts = readFacts(run, names, CONFIG);
  }
  const there = await answersAt(fetch, settings.PUBLIC_URL);
  const broken = [
    ...(await wouldBreak(settings, facts)),
    ...(there !== null && there.instance !== settings.INSTANCE
      ? [
          `PUBLIC_URL: the installation “${there.instance}” answers at ${settings.PUBLIC_URL}. This deploy would take its address away`,
        ]
      : []),
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
function rollBack(settings: Settings, names: Names): void {
  step(`Going back to the version of ${names.worker} before the last deploy`);
  writeConfig(settings, names, { databaseId: NO_ID, hasBucket: true });
  show(["rollback", "--name", names.worker, "--yes", "--message", "npm run deploy -- --rollback"]);
  console.log("\nDone. The database wasn't touched: migrations only ever add, so older code works with it.");
}

/** Takes the Worker and its queues away. What people's data is in stays, until its owner deletes it by hand. */
function tearDown(settings: Settings, names: Names, typed: string): void {
  if (typed !== settings.INSTANCE)
    fail(`--teardown takes the installation's name, which is ${settings.INSTANCE}. Nothing was deleted.`);
  step(`Deleting the Worker ${names.worker}: links in letters stop working`);
  show(["delete", names.worker, "--force"]);
  step("Deleting its queues");
  for (const queue of names.queues) show(["queues", "delete", queue]);
  console.log(`
The database and the bucket have people's data, and stay. Export what you need, then delete them:
  node scripts/bootstrap.mjs with-node wrangler d1 delete ${names.database}
  node scripts/bootstrap.mjs with-node wrangler r2 bucket delete ${names.bucket}
Delete the webhook in Resend, too.`);
}

function writeConfig(
  settings: Settings,
  names: Names,
  found: { readonly databaseId: string; readonly hasBucket: boolean },
): void {
  writeFileSync(CONFIG, JSON.stringify(workerConfig(readToml(), settings, names, found)));
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

/** Secrets in a file of its own for as long as wrangler reads it. */
function withSecretsFile(secrets: Readonly<Record<string, string | undefined>>, use: (path: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), "themepost-secrets-"));
  try {
    const path = join(folder, "secrets.json");
    writeFileSync(path, JSON.stringify(secrets), { mode: 0o600 });
    use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
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

/** Runs wrangler with its output shown. */
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
    stdio: [input === undefined ? "inherit" : "pipe", output, output],
    ...(input === undefined ? {} : { input }),
  });
}
