// npm run deploy [-- --dry-run]: creates or finds D1 and the queues, migrates, deploys and publishes.
import { type StdioOptions, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readConfig } from "../src/platform/config.ts";
import { LEFT_OUT } from "./bench/bundle.ts";
import { Faulty } from "./content/publish.ts";
import { publishContent } from "./content/publish-content.ts";
import { readContent } from "./content/read-site.ts";
import { FolderFaults } from "./content/text-file.ts";
import { fail, messageOf, ROOT, readArgs } from "./project.ts";
import { cutVars, readVars } from "./vars.ts";

const DATABASE = "themepost";
const QUEUES = ["themepost-letters", "themepost-confirmations", "themepost-dead"];
const BUCKET = "themepost-pictures";
const SECRETS = [
  "RESEND_API_KEY",
  "RESEND_WEBHOOK_SECRET",
  "SIGNING_SECRET",
  "SUPPRESSION_KEY",
  "TURNSTILE_SECRET_KEY",
  "ADMIN_TOKEN",
  // Anyone who has such an address can post there.
  "ALERT_WEBHOOK_URL",
];
const OPTIONAL = ["TURNSTILE_SECRET_KEY", "ALERT_WEBHOOK_URL"];
const SETTINGS = join(ROOT, "production.vars");
const CONFIG = join(ROOT, "wrangler.deploy.json");

/** What production.vars says; without those that are empty. */
type Settings = Readonly<Record<string, string>> & {
  readonly PUBLIC_URL: string;
  /** The folder of the newsletter that's published. */
  readonly CONTENT: string;
};

/** Deploys; with --dry-run it only says what it would do. */
export async function main(args: readonly string[]): Promise<void> {
  const { values } = readArgs({ args: [...args], options: { "dry-run": { type: "boolean" } } });
  const dryRun = values["dry-run"] === true;
  const example = dryRun && !existsSync(SETTINGS);
  if (example) console.log("There's no production.vars yet, so this shows what its example would do.");
  const settings = checked(readSettings(example ? `${SETTINGS}.example` : SETTINGS), example);
  if (dryRun) {
    step("The configuration is complete. Building what would be uploaded (nothing leaves this machine)");
    writeConfig(settings, "00000000-0000-0000-0000-000000000000", true);
    run(["deploy", "--dry-run", "--minify", "--config", CONFIG, "--outdir", join(ROOT, "dist", "worker")]);
    console.log(`
A real run would now, on your Cloudflare account:
  1. find or create the D1 database ${DATABASE}, the queues ${QUEUES.join(", ")} and, where the account has R2, the bucket ${BUCKET}
  2. apply the migrations in migrations/
  3. upload the Worker with its cron trigger, its Durable Object and the files in public/, then the secrets ${SECRETS.join(", ")}
  4. publish the newsletter in ${settings.CONTENT} at ${settings.PUBLIC_URL}`);
  } else {
    step("Finding or creating the database");
    const databaseId = ensureDatabase();
    step("Finding or creating the queues");
    ensureQueues();
    step("Finding or creating the bucket for pictures");
    writeConfig(settings, databaseId, ensureBucket());
    step("Applying the migrations");
    run(["d1", "migrations", "apply", "DB", "--remote", "--config", CONFIG]);
    step("Deploying the Worker");
    run(["deploy", "--minify", "--config", CONFIG]);
    step("Setting the secrets");
    putSecrets(settings);
    step("Publishing the letters");
    await publishLetters(settings);
    if (settings.RESEND_WEBHOOK_SECRET === undefined) {
      console.log(`
Letters wait until the webhook is set up: in Resend, add one for ${settings.PUBLIC_URL}/webhooks/resend, put its signing secret
into production.vars as RESEND_WEBHOOK_SECRET, and run npm run deploy again (docs/operations/set-up.md, step 6).`);
    }
    console.log(`\nDeployed. Check ${settings.PUBLIC_URL}/healthz, then sign up at ${settings.PUBLIC_URL}.`);
  }
}

function readSettings(path: string): Record<string, string> {
  if (!existsSync(path)) {
    fail(
      "There's no production.vars yet. Copy production.vars.example to production.vars and fill it in (docs/operations/set-up.md, step 3).",
    );
  }
  const cut = cutVars(path);
  if (cut.length > 0) {
    fail(
      `production.vars: a # or a quote ends these values early. Put each whole value on one line, in single quotes:\n  ${cut.join("\n  ")}`,
    );
  }
  return Object.fromEntries(Object.entries(readVars(path)).filter(([, value]) => value !== ""));
}

/** The Worker's own reading of the configuration, so that a fault shows here and not after the upload. */
function checked(settings: Readonly<Record<string, string>>, example: boolean): Settings {
  const placeholder = "x".repeat(64);
  const secrets = example
    ? {
        ...Object.fromEntries(
          SECRETS.filter((name) => !OPTIONAL.includes(name)).map((name) => [name, placeholder]),
        ),
        RESEND_WEBHOOK_SECRET: `whsec_${placeholder}`,
      }
    : {};
  const reading = readConfig({ ...secrets, ...settings });
  const faults = reading.kind === "faulty" ? [...reading.faults] : [];
  for (const [name, value] of example ? [] : Object.entries(settings)) {
    if (/your-domain\.org|Your (Name|Street|Town)/.test(value))
      faults.push(`${name}: still has the example's text`);
  }
  faults.push(...contentFaults(settings.CONTENT));
  if (faults.length > 0) fail(`production.vars isn't complete:\n  ${faults.join("\n  ")}`);
  return { ...settings, PUBLIC_URL: settings.PUBLIC_URL ?? "", CONTENT: settings.CONTENT ?? "" };
}

/** What's wrong with the folder that's to be published; it's never chosen for the owner. */
function contentFaults(folder: string | undefined): readonly string[] {
  if (folder === undefined)
    return [
      "CONTENT: names the folder of your newsletter, with its site.yaml. To begin one: npm run themepost -- new my-letters",
    ];
  try {
    return readContent(resolve(ROOT, folder)).site === null ? [`CONTENT: ${folder} has no site.yaml`] : [];
  } catch (error) {
    if (!(error instanceof FolderFaults)) throw error;
    return error.faults.map((fault) => `CONTENT: ${fault}`);
  }
}

function writeConfig(settings: Settings, databaseId: string, hasBucket: boolean): void {
  const vars = Object.fromEntries(
    Object.entries(settings).filter(([name]) => !SECRETS.includes(name) && name !== "CONTENT"),
  );
  const host = new URL(settings.PUBLIC_URL).hostname;
  const shared = readToml();
  const workersDev = host.endsWith(".workers.dev");
  writeFileSync(
    CONFIG,
    JSON.stringify({
      ...shared,
      alias: { ...shared.alias, ...(settings.MAIL_PROVIDER === "resend" ? LEFT_OUT : {}) },
      d1_databases: [
        { binding: "DB", database_name: DATABASE, database_id: databaseId, migrations_dir: "migrations" },
      ],
      ...(hasBucket ? {} : { r2_buckets: [] }),
      vars,
      workers_dev: workersDev,
      ...(workersDev ? {} : { routes: [{ pattern: host, custom_domain: true }] }),
    }),
  );
}

/** wrangler.toml as wrangler itself understands it, without what is of the trial alone. */
function readToml(): Toml {
  const { vars: _, d1_databases: __, access: ___, ...shared } = wranglerConfig();
  return shared;
}

/** As far as we read it. */
type Toml = Readonly<Record<string, unknown>> & { readonly alias?: Readonly<Record<string, string>> };

function wranglerConfig(): Toml {
  const code = `import { experimental_readRawConfig as read } from "wrangler";
    process.stdout.write(JSON.stringify(read({ config: "wrangler.toml" }).rawConfig));`;
  const result = spawnSync(process.execPath, ["--input-type=module", "--eval", code], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (result.status !== 0) fail(`wrangler.toml can't be read:\n${result.stderr}`);
  return JSON.parse(result.stdout) as Toml;
}

function ensureDatabase(): string {
  const find = () => {
    const databases = JSON.parse(run(["d1", "list", "--json"], "capture")) as {
      name: string;
      uuid: string;
    }[];
    return databases.find(({ name }) => name === DATABASE);
  };
  if (find() === undefined) run(["d1", "create", DATABASE]);
  const database = find();
  if (database === undefined)
    fail(`The database ${DATABASE} wasn't found after it was created. Run the command again.`);
  console.log(`  ${DATABASE} (${database.uuid})`);
  return database.uuid;
}

function ensureQueues(): void {
  const listed = run(["queues", "list"], "capture");
  for (const queue of QUEUES) {
    if (!new RegExp(`\\b${queue}\\b`).test(listed)) run(["queues", "create", queue]);
    console.log(`  ${queue}`);
  }
}

/** What wrangler says where nobody has switched R2 on in the account (github.com/cloudflare/workers-sdk/issues/2877). */
const R2_IS_OFF = /\b10042\b/;

/**
 * Whether there's a bucket for pictures. An account has R2 only once its owner has switched it on, and everything but pictures from files works without. Any
 * other failure ends the deploy: without its bucket the Worker would stop serving pictures that are in inboxes.
 */
function ensureBucket(): boolean {
  const bucket = (...args: string[]) => {
    const { status, stdout, stderr } = wrangler(["r2", "bucket", ...args], "pipe");
    if (status === 0) return stdout;
    if (R2_IS_OFF.test(`${stdout}${stderr}`)) return null;
    console.error(stderr);
    return fail(`wrangler r2 bucket ${args[0]} failed; see above for why. The token needs the right to R2.`);
  };
  const listed = bucket("list");
  const isThere = listed !== null && new RegExp(`\\b${BUCKET}\\b`).test(listed);
  const has = isThere || (listed !== null && bucket("create", BUCKET) !== null);
  console.log(
    has
      ? `  ${BUCKET}`
      : "  None: R2 isn't switched on in this account. Letters can name pictures by their https:// address; those from files are refused.",
  );
  return has;
}

function putSecrets(settings: Settings): void {
  const secrets = Object.fromEntries(
    SECRETS.filter((name) => settings[name] !== undefined).map((name) => [name, settings[name]]),
  );
  run(["secret", "bulk", "--config", CONFIG], "inherit", JSON.stringify(secrets));
}

/** A new address may take a minute to answer: wait for it instead of failing. */
async function publishLetters(settings: Settings): Promise<void> {
  const folder = resolve(ROOT, settings.CONTENT);
  for (let tries = 0; ; tries += 1) {
    try {
      const { PUBLIC_URL: url, ADMIN_TOKEN: token = "" } = settings;
      const edition = { origin: "files", force: false } as const;
      await publishContent({ url, token }, folder, edition, (line) => console.log(line));
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

function run(args: readonly string[], output: "inherit" | "capture" = "inherit", input?: string): string {
  const stdin = input === undefined ? "inherit" : "pipe";
  const result = wrangler(args, [stdin, output === "capture" ? "pipe" : "inherit", "inherit"], input);
  if (result.status !== 0) {
    fail(
      `wrangler ${args.slice(0, 2).join(" ")} failed; see above for why. Not logged in? Run: node scripts/bootstrap.mjs with-node wrangler login`,
    );
  }
  return result.stdout ?? "";
}

function wrangler(args: readonly string[], stdio: StdioOptions, input?: string) {
  const program = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
  return spawnSync(process.execPath, [program, ...args], {
    ...{ cwd: ROOT, encoding: "utf8", stdio },
    ...(input === undefined ? {} : { input }),
  });
}
