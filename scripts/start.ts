// npm start: everything that a fresh clone needs to run Themepost on this machine.
import { join } from "node:path";
import { bootstrap, fail, ROOT } from "./bootstrap.mjs";
import { serveDemoPartner, setUpDemoPartner } from "./demo-partner.mjs";

const TICK_EVERY_MS = 15 * 60_000;
const LOOK_EVERY_MS = 15_000;
const SILENCES_MAX = 3;

if (await bootstrap(import.meta.url)) {
  // Needs nothing that is not installed by now.
  const local = await import("./local-worker.mjs");
  const { publish, summary } = await import("./publish.mjs");
  const port = readPort();
  const stateDir = process.env.THEMEPOST_STATE ?? join(ROOT, ".wrangler", "state");

  const before = await local.clearLeftovers(stateDir);
  if (before.kind === "running") {
    fail(
      `Themepost is already running at http://localhost:${before.port} (process ${before.pid}). ` +
        `Use that one, or stop it with Ctrl+C in its window first (or with: kill ${before.pid}).`,
    );
  }
  const starting = local.takeStateFolder(stateDir);
  if (starting !== null) fail(`Themepost is already starting (process ${starting}). Wait for that one.`);
  const state = await local.portState(port);
  if (state === "taken") {
    fail(`Port ${port} is taken by another program. Choose another one: PORT=${port + 1} npm start`);
  }
  if (state === "forbidden") {
    fail(`Port ${port} may not be used by you. Choose one above 1023, for instance: PORT=8787 npm start`);
  }
  console.log("Preparing the database and starting the Worker …");
  const secrets = local.devVars();
  const start = () => local.startWorker({ stateDir, port, vars: { PUBLIC_URL: `http://localhost:${port}` } });
  let worker;
  try {
    local.migrateLocal(stateDir);
    worker = await start();
    await failOnFaults(worker, port, secrets.ADMIN_TOKEN);
  } catch (error) {
    fail(error.message);
  }
  let stopping = false;
  const stop = async (code) => {
    if (stopping) return;
    stopping = true;
    await worker.stop();
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void stop(0));
  const restart = async (why) => {
    console.error(`${why} Its log: ${local.statePaths(stateDir).log}. Starting it again …`);
    await worker.stop();
    try {
      worker = await start();
      console.error("It runs again; nothing was lost.");
    } catch (error) {
      console.error(error.message);
      await stop(1);
    }
  };

  try {
    const slug = "strengthening-bonds";
    const folder = join(ROOT, "emails", "sequences", slug);
    const { answer, warned } = await publish({
      url: `http://127.0.0.1:${port}`,
      token: secrets.ADMIN_TOKEN,
      folder,
      slug,
    });
    console.log(`Published “Strengthening Bonds” (${summary(answer.steps)}).`);
    for (const line of warned) console.log(line);
    await local.fireTick(port, Date.now());
  } catch (error) {
    console.error(error.message);
    // A restored database waits for its owner, who needs the Worker for it.
    if (error.title !== "Not re-armed") await stop(1);
  }
  const demo = await startDemo(port, secrets.ADMIN_TOKEN);
  void watch();
  setInterval(() => {
    local.fireTick(port, Date.now()).catch((error) => console.error(`A tick failed: ${error.message}`));
  }, TICK_EVERY_MS);

  /** The Worker is looked at all the time: one that hangs or is gone is started again. */
  async function watch() {
    for (let silences = 0; !stopping; ) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      silences = stopping || (await local.answers(port)) ? 0 : silences + 1;
      if (silences >= SILENCES_MAX && !stopping) {
        await restart("The Worker does not answer.");
        silences = 0;
      }
    }
  }

  const health = await local.health(port);
  const failing = health.faults?.filter((fault) => fault !== "late") ?? [];
  if (failing.length > 0) {
    console.log(`\nNot all is well: ${failing.join(", ")}. docs/OPERATIONS.md, Health, says what to do.`);
  }
  if (health.provider === "resend") {
    console.log(`
Themepost runs at ${worker.url} and sends through Resend (RESEND_API_KEY, or the emulator where RESEND_BASE_URL says so).
Its letters come in real time; there is no mailbox to skip ahead in. Stop it with Ctrl+C.
`);
  } else {
    console.log(`
Themepost runs. Nothing leaves this machine.

  1. Open ${worker.url} and sign up with any address.
  2. Open ${worker.url}/mailbox and press the button in the confirmation mail.
  3. Press “Skip ahead one week” there and watch the letters arrive.
${demo}
Stop it with Ctrl+C. Nothing is lost; the next start goes on from here.
`);
  }
}

/** The demo partner's site on the next port; where that is taken, Themepost does without. Returns what to tell of it. */
async function startDemo(port, token) {
  if (process.env.THEMEPOST_DEMO === "off") return "";
  const demoPort = Number(process.env.DEMO_PORT ?? port + 1);
  const origin = `http://localhost:${demoPort}`;
  const url = `http://127.0.0.1:${port}`;
  try {
    await setUpDemoPartner({ url, token, origin });
    await serveDemoPartner({ url, token, port: demoPort });
  } catch (error) {
    return `  (No demo of a partner's site: ${error.code === "EADDRINUSE" ? `port ${demoPort} is taken` : error.message}.)\n`;
  }
  return `  4. Open ${origin}: a partner's site, on an origin of its own, with both forms.\n`;
}

/** A configuration that the Worker refuses is told here, with what to do, instead of by pages that answer 503. */
async function failOnFaults(worker, port, token) {
  const health = await fetch(`http://127.0.0.1:${port}/healthz`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (health.status !== 503) return;
  const { faults, title } = await health.json();
  if (title === undefined) return;
  await worker.stop();
  const list = (faults ?? ["ADMIN_TOKEN: is missing or too short"]).join("\n  ");
  throw new Error(`The configuration has faults. Mend these lines of .dev.vars or wrangler.toml:\n  ${list}`);
}

function readPort() {
  const port = Number(process.env.PORT ?? 8787);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    fail(`PORT is "${process.env.PORT}"; it must be a number from 1 to 65535.`);
  return port;
}
