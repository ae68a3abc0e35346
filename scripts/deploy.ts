// npm run deploy [-- --dry-run]: creates or finds D1 and the queues, migrates, deploys and publishes.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LEFT_OUT } from "./bench/bundle.mjs";
import { bootstrap, fail, ROOT } from "./bootstrap.mjs";

const DATABASE = "themepost";
const QUEUES = ["themepost-letters", "themepost-confirmations", "themepost-dead"];
const SECRETS = [
  "RESEND_API_KEY",
  "RESEND_WEBHOOK_SECRET",
  "SIGNING_SECRET",
  "SUPPRESSION_KEY",
  "TURNSTILE_SECRET_KEY",
  "ADMIN_TOKEN",
];
const SETTINGS = join(ROOT, "production.vars");
const CONFIG = join(ROOT, "wrangler.deploy.json");

if (await bootstrap(import.meta.url)) {
  const dryRun = process.argv.includes("--dry-run");
  const example = dryRun && !existsSync(SETTINGS);
  if (example) console.log("There is no production.vars yet; this shows what its example would do.");
  const settings = readSettings(example ? `${SETTINGS}.example` : SETTINGS);
  await checkConfiguration(settings, example);
  if (dryRun) {
    step("Configuration is complete. Building what would be uploaded (nothing leaves this machine)");
    writeConfig(settings, "00000000-0000-0000-0000-000000000000");
    run(["deploy", "--dry-run", "--minify", "--config", CONFIG, "--outdir", join(ROOT, "dist", "worker")]);
    console.log(`
A real run would now, on your Cloudflare account:
  1. find or create the D1 database ${DATABASE} and the queues ${QUEUES.join(", ")}
  2. apply the migrations in migrations/
  3. upload the Worker with its cron trigger, its Durable Object and the pictures in public/, then the secrets ${SECRETS.join(", ")}
  4. publish the letters in emails/sequences/strengthening-bonds at ${settings.PUBLIC_URL}`);
  } else {
    step("Finding or creating the database");
    const databaseId = ensureDatabase();
    step("Finding or creating the queues");
    ensureQueues();
    writeConfig(settings, databaseId);
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
The letters wait for the webhook: in Resend, add one for ${settings.PUBLIC_URL}/webhooks/resend, put its signing secret
into production.vars as RESEND_WEBHOOK_SECRET, and run npm run deploy again (docs/OPERATIONS.md, step 6).`);
    }
    console.log(`\nDeployed. Check ${settings.PUBLIC_URL}/healthz, then sign up at ${settings.PUBLIC_URL}.`);
  }
}

function readSettings(path) {
  if (!existsSync(path)) {
    fail(
      "There is no production.vars yet. Copy production.vars.example to production.vars and fill it in (docs/OPERATIONS.md).",
    );
  }
  const lines = readFileSync(path, "utf8").split("\n");
  const entries = lines.map((line) => /^([A-Z_]+)=(.*)$/.exec(line.trim())).filter((match) => match !== null);
  const values = entries.map((match) => [match[1], match[2].replace(/^"(.*)"$/, "$1")]);
  return Object.fromEntries(values.filter(([, value]) => value !== ""));
}

/** The Worker's own reading of the configuration, so that a fault shows here and not after the upload. */
async function checkConfiguration(settings, example) {
  const { readConfig } = await import("../src/platform/config.ts");
  const placeholder = "x".repeat(64);
  const secrets = example
    ? {
        ...Object.fromEntries(
          SECRETS.filter((name) => name !== "TURNSTILE_SECRET_KEY").map((name) => [name, placeholder]),
        ),
        RESEND_WEBHOOK_SECRET: `whsec_${placeholder}`,
      }
    : {};
  const reading = readConfig({ ...secrets, ...settings });
  const faults = reading.kind === "faulty" ? [...reading.faults] : [];
  for (const [name, value] of example ? [] : Object.entries(settings)) {
    if (/your-domain\.org|Your (Name|Street|Town)/.test(value))
      faults.push(`${name}: still holds the example's text`);
  }
  if (faults.length > 0) fail(`production.vars is not complete:\n  ${faults.join("\n  ")}`);
}

function writeConfig(settings, databaseId) {
  const vars = Object.fromEntries(Object.entries(settings).filter(([name]) => !SECRETS.includes(name)));
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
      vars,
      workers_dev: workersDev,
      ...(workersDev ? {} : { routes: [{ pattern: host, custom_domain: true }] }),
    }),
  );
}

/** wrangler.toml as wrangler itself understands it. */
function readToml() {
  const { vars: _, d1_databases: __, ...shared } = wranglerConfig();
  return shared;
}

function wranglerConfig() {
  const code = `import { experimental_readRawConfig as read } from "wrangler";
    process.stdout.write(JSON.stringify(read({ config: "wrangler.toml" }).rawConfig));`;
  const result = spawnSync(process.execPath, ["--input-type=module", "--eval", code], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (result.status !== 0) fail(`wrangler.toml cannot be read:\n${result.stderr}`);
  return JSON.parse(result.stdout);
}

function ensureDatabase() {
  const find = () =>
    JSON.parse(run(["d1", "list", "--json"], "capture")).find(({ name }) => name === DATABASE);
  if (find() === undefined) run(["d1", "create", DATABASE]);
  const database = find();
  if (database === undefined)
    fail(`The database ${DATABASE} was not found after it was created. Run the command again.`);
  console.log(`  ${DATABASE} (${database.uuid})`);
  return database.uuid;
}

function ensureQueues() {
  const listed = run(["queues", "list"], "capture");
  for (const queue of QUEUES) {
    if (!new RegExp(`\\b${queue}\\b`).test(listed)) run(["queues", "create", queue]);
    console.log(`  ${queue}`);
  }
}

function putSecrets(settings) {
  const secrets = Object.fromEntries(
    SECRETS.filter((name) => settings[name] !== undefined).map((name) => [name, settings[name]]),
  );
  run(["secret", "bulk", "--config", CONFIG], "inherit", JSON.stringify(secrets));
}

/** A new address may take a minute to answer: wait for it instead of failing. */
async function publishLetters(settings) {
  const { publish, summary } = await import("./publish.mjs");
  const slug = "strengthening-bonds";
  const folder = join(ROOT, "emails", "sequences", slug);
  for (let tries = 0; ; tries += 1) {
    try {
      const { PUBLIC_URL: url, ADMIN_TOKEN: token } = settings;
      const { answer, warned } = await publish({ url, token, folder, slug });
      console.log([`  ${summary(answer.steps)}`, ...warned].join("\n"));
      return;
    } catch (error) {
      if (tries === 12)
        fail(
          `The Worker is deployed, but the letters could not be published: ${error.message}\nRun npm run deploy again in a few minutes.`,
        );
      console.log("  The Worker does not answer at its address yet; trying again in ten seconds …");
      await new Promise((resolve) => setTimeout(resolve, 10_000));
    }
  }
}

function step(words) {
  console.log(`\n${words} …`);
}

function run(args, output = "inherit", input = undefined) {
  const wrangler = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
  const result = spawnSync(process.execPath, [wrangler, ...args], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: [input === undefined ? "inherit" : "pipe", output === "capture" ? "pipe" : "inherit", "inherit"],
    ...(input === undefined ? {} : { input }),
  });
  if (result.status !== 0) {
    fail(
      `wrangler ${args.slice(0, 2).join(" ")} failed; its reasons stand above. Not logged in? Run: node scripts/with-node.mjs wrangler login`,
    );
  }
  return result.stdout ?? "";
}
