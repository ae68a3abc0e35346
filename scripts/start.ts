// npm start: everything that a fresh clone needs to run Themepost on this machine.
import { join } from "node:path";
import { Faulty } from "./content/publish.ts";
import { publishContent } from "./content/publish-content.ts";
import { serveDemoPartner, setUpDemoPartner } from "./demo-partner.ts";
import { migrateLocal } from "./local-database.ts";
import { clearLeftovers, statePaths, takeStateFolder } from "./local-state.ts";
import {
  answers,
  devVars,
  fireTick,
  health,
  type LocalWorker,
  portState,
  startWorker,
} from "./local-worker.ts";
import { codeOf, fail, messageOf, ROOT } from "./project.ts";
import { emptyState, whenAskedToStartOver } from "./start-over.ts";
import { addTrialOwner } from "./trial-owner.ts";

const TICK_EVERY_MS = 15 * 60_000;
const LOOK_EVERY_MS = 15_000;
const SILENCES_MAX = 3;

/** Starts the service, publishes the built-in newsletter, and looks after the Worker until it is stopped. */
export async function main(): Promise<void> {
  const port = readPort();
  const stateDir = process.env.THEMEPOST_STATE ?? join(ROOT, ".wrangler", "state");
  await takePlace(stateDir, port);
  const token = devVars().ADMIN_TOKEN ?? "";
  const start = () => startWorker({ stateDir, port, vars: { PUBLIC_URL: `http://localhost:${port}` } });
  let worker = await firstStart(stateDir, port, token, start);
  let stopping = false;
  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    await worker.stop();
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
  const restart = async (why: string) => {
    console.error(`${why} Its log: ${statePaths(stateDir).log}. Starting it again …`);
    await worker.stop();
    try {
      worker = await start();
      console.error("It's running again. Nothing was lost.");
    } catch (error) {
      console.error(messageOf(error));
      await stop(1);
    }
  };

  const setUp = async () => {
    await publishBuiltIn(port, token);
    await addTrialOwner(`http://127.0.0.1:${port}`, token);
    await fireTick(port, Date.now());
  };
  try {
    await setUp();
  } catch (error) {
    console.error(messageOf(error));
    // A restored database waits for its owner, who needs the Worker for it.
    if (!(error instanceof Faulty && error.title === "Not re-armed")) await stop(1);
  }
  const demo = await startDemo(port, token);
  let busy = false;
  void watch();
  whenAskedToStartOver(statePaths(stateDir).log, async () => {
    console.log("Starting over, as asked for in the mailbox …");
    busy = true;
    try {
      await worker.stop();
      emptyState(stateDir);
      worker = await firstStart(stateDir, port, token, start);
      await setUp();
      await startDemo(port, token, "goes on");
    } finally {
      busy = false;
    }
    console.log("Done. The mailbox is empty, and the clock is back.");
  });
  setInterval(() => {
    fireTick(port, Date.now()).catch((error) => console.error(`A tick failed: ${messageOf(error)}`));
  }, TICK_EVERY_MS);

  /** The Worker is looked at all the time: one that hangs or is gone is started again. */
  async function watch(): Promise<void> {
    for (let silences = 0; !stopping; ) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      silences = stopping || busy || (await answers(port)) ? 0 : silences + 1;
      if (silences >= SILENCES_MAX && !stopping) {
        await restart("The Worker isn't answering.");
        silences = 0;
      }
    }
  }

  await greet(worker, port, demo);
}

/** Makes sure that the folder and the port are this command's; ends it with what to do where they are not. */
async function takePlace(stateDir: string, port: number): Promise<void> {
  const before = await clearLeftovers(stateDir);
  if (before.kind === "running") {
    fail(
      `Themepost is already running at http://localhost:${before.port} (process ${before.pid}). ` +
        `Use that one, or stop it with Ctrl+C in its window first (or with: kill ${before.pid}).`,
    );
  }
  const starting = takeStateFolder(stateDir);
  if (starting !== null) fail(`Themepost is already starting (process ${starting}). Wait for that one.`);
  const state = await portState(port);
  if (state === "taken") {
    fail(`Port ${port} is taken by another program. Choose another one: PORT=${port + 1} npm start`);
  }
  if (state === "forbidden") {
    fail(`You aren't allowed to use port ${port}. Choose one above 1023, for instance: PORT=8787 npm start`);
  }
}

async function firstStart(
  stateDir: string,
  port: number,
  token: string,
  start: () => Promise<LocalWorker>,
): Promise<LocalWorker> {
  try {
    console.log("Preparing the database …");
    migrateLocal(stateDir);
    console.log("Starting the Worker …");
    const worker = await start();
    await failOnFaults(worker, port, token);
    return worker;
  } catch (error) {
    fail(messageOf(error));
  }
}

async function publishBuiltIn(port: number, token: string): Promise<void> {
  console.log("Publishing the built-in newsletter, where you have none of your own:");
  const service = { url: `http://127.0.0.1:${port}`, token };
  const edition = { origin: "built_in", force: false } as const;
  await publishContent(service, join(ROOT, "emails"), edition, (line) => console.log(line));
}

/** Says that it runs, and what to do next. */
async function greet(worker: LocalWorker, port: number, demo: string): Promise<void> {
  const { faults, provider } = await health(port);
  const failing = faults.filter((fault) => fault !== "late");
  if (failing.length > 0) {
    console.log(
      `\nSomething needs a look: ${failing.join(", ")}. See Health in docs/operations/when-something-is-wrong.md.`,
    );
  }
  if (provider === "resend") {
    console.log(`
Themepost is running at ${worker.url} and sends through Resend (or the emulator, if RESEND_BASE_URL points to it).
Letters come in real time; there's no mailbox to skip ahead in. Stop it with Ctrl+C.
`);
  } else {
    console.log(`
Themepost is running. Nothing leaves this machine.

  1. Open ${worker.url} and sign up with any address.
  2. Open ${worker.url}/desk: that's yours, and shows how things stand.
  3. Open ${worker.url}/mailbox and select the button in the confirmation email.
  4. Select “Skip ahead one week” there and watch the letters arrive.
${demo}
To begin a newsletter of your own: npm run themepost -- new my-letters (docs/operations/write.md).
Stop it with Ctrl+C. Nothing is lost; the next start picks up from here.
`);
  }
}

/** The demo partner's site on the next port; where that is taken, Themepost does without. Returns what to tell of it. One that `goes on` needs its partner alone. */
async function startDemo(port: number, token: string, site?: "goes on"): Promise<string> {
  if (process.env.THEMEPOST_DEMO === "off") return "";
  const demoPort = Number(process.env.DEMO_PORT ?? port + 1);
  const origin = `http://localhost:${demoPort}`;
  const url = `http://127.0.0.1:${port}`;
  try {
    await setUpDemoPartner({ url, token, origin });
    if (site === undefined) await serveDemoPartner({ url, token, port: demoPort });
  } catch (error) {
    return `  (No demo partner's site: ${codeOf(error) === "EADDRINUSE" ? `port ${demoPort} is taken` : messageOf(error)}.)\n`;
  }
  return `  5. Open ${origin} for a demo partner's site with both forms, on an origin of its own.\n`;
}

/** A configuration that the Worker refuses is told here, with what to do, instead of by pages that answer 503. */
async function failOnFaults(worker: LocalWorker, port: number, token: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (answer.status !== 503) return;
  const { faults, title } = (await answer.json()) as { faults?: string[]; title?: string };
  if (title === undefined) return;
  await worker.stop();
  const list = (faults ?? ["ADMIN_TOKEN: is missing or too short"]).join("\n  ");
  throw new Error(
    `The configuration has problems. Fix these lines in .dev.vars or wrangler.toml:\n  ${list}`,
  );
}

function readPort(): number {
  const port = Number(process.env.PORT ?? 8787);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    fail(`PORT is "${process.env.PORT}"; it must be a number from 1 to 65535.`);
  return port;
}
