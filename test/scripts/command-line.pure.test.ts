import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { commandLine, GROUPS } from "../../scripts/themepost.ts";

const BOOTSTRAP = join(import.meta.dirname, "..", "..", "scripts", "bootstrap.mjs");

type Request = {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly body: unknown;
};

/** Answers whatever is asked, and keeps it. */
const requests: Request[] = [];
const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  requests.push({
    method: request.method,
    path: request.url,
    body: body === "" ? null : JSON.parse(body),
  });
  response.writeHead(200, { "content-type": "application/json" });
  const broadcast = { id: 3, state: "draft", subject: "News", audience: null, numbers: null };
  const segments = { data: [{ id: 7, name: "Gardeners" }], has_more: false, next: null };
  const imported = { counts: {}, unusable: [], parts: { done: 0, total: null }, people: 0 };
  const answer = { ...imported, reason: "a holiday", released: 2, sending: "on", batches: 0, ...broadcast };
  response.end(JSON.stringify(request.url?.includes("/segments") ? segments : answer));
});

let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  env = { THEMEPOST_URL: `http://127.0.0.1:${port}`, ADMIN_TOKEN: "test" };
});

afterAll(() => {
  server.close();
});

beforeEach(() => {
  requests.length = 0;
});

type Outcome = {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly asked: readonly Request[];
};

/** What comes of a command line: exit code, both outputs, and what the service was asked. */
async function typed(...args: string[]): Promise<Outcome> {
  let out = "";
  let err = "";
  const code = await commandLine(args, env, {
    print: (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
  });
  return { code, out, err, asked: requests.splice(0) };
}

/** The same through npm's way in, in a process of its own. */
function run(...args: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [BOOTSTRAP, "themepost", ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    out += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    err += chunk;
  });
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, out, err, asked: requests.splice(0) }));
  });
}

/** Words that every command would do something with. */
const WORDS = ["12", "ada@example.com"];
const COMMANDS = Object.assign({}, ...Object.values(GROUPS)) as (typeof GROUPS)[string];
const NAMES = Object.keys(COMMANDS);

test.each(NAMES)("%s --help tells about it, and asks nothing of the service", async (name) => {
  for (const flag of ["--help", "-h"]) {
    for (const args of [
      [name, flag],
      [flag, name],
      [name, ...WORDS, flag],
      [name, flag, ...WORDS],
      ["--", name, flag],
      [name, "--yes", "--run", flag],
      [name, "--unheard-of", flag],
    ]) {
      const { code, out, err, asked } = await typed(...args);
      expect({ args, code, err, asked }).toEqual({ args, code: 0, err: "", asked: [] });
      expect(out).toMatch(new RegExp(`^Usage: npx themepost ${name}\\b`));
      expect(out.replaceAll(/\s+/g, " ")).toContain(COMMANDS[name]?.about);
    }
  }
});

test.each(NAMES)("%s refuses a flag that nobody knows, and asks nothing of the service", async (name) => {
  for (const flag of ["--unheard-of", "--yess", "--no-yes", "-x", "-xy", "--run-", "--dry-run"]) {
    for (const args of [
      [name, flag],
      [flag, name],
      [name, ...WORDS, flag],
      [name, flag, ...WORDS],
      ["--", name, flag],
    ]) {
      const { code, err, asked } = await typed(...args);
      expect({ args, code, asked }).toEqual({ args, code: 2, asked: [] });
      expect(err).toContain(`Unknown option '${flag === "-xy" ? "-xy" : flag}'`);
      expect(err).toContain(`See: npx themepost ${name} --help`);
    }
  }
});

test.each(NAMES)("%s refuses the flags of other commands, and asks nothing of the service", async (name) => {
  for (const flag of ["html", "resume", "yes", "run"] as const) {
    const { flags = [], risk } = COMMANDS[name] ?? {};
    if (flags.includes(flag) || (flag === "yes" && risk !== undefined)) continue;
    const { code, err, asked } = await typed(name, `--${flag}`);
    expect({ flag, code, asked }).toEqual({ flag, code: 2, asked: [] });
    expect(err).toContain(`Unknown option '--${flag}'`);
  }
});

test("a command that takes so many words refuses one more, and asks nothing of the service", async () => {
  const counted = Object.entries(COMMANDS).filter(([, { args = "" }]) => !args.includes("..."));
  expect(counted.length).toBeGreaterThan(20);
  for (const [name, { args = "" }] of counted) {
    const words = args.split(" ").filter(Boolean).length;
    const { code, err, asked } = await typed(name, ...Array.from({ length: words }, () => "12"), "surplus");
    expect({ name, code, asked }).toEqual({ name, code: 2, asked: [] });
    expect(err).toContain(`Too many arguments for '${name}'`);
  }
});

test("a flag whose value is missing or too much is refused, and nothing is released or erased", async () => {
  for (const [args, says] of [
    [["release", "--run"], "argument missing"],
    [["release", "--run="], "--run needs a value"],
    [["release", "--run", "--json"], "argument missing"],
    [["release", "--run", "12", "--run", "13"], "--run is given twice"],
    [["release", "12", "--run", "13"], "not both"],
    [["erase", "ada@example.com", "--yes=no"], "Unknown option '--yes=no'"],
    [["runs", "--json=1"], "Unknown option '--json=1'"],
  ] as const) {
    const { code, err, asked } = await typed(...args);
    expect({ args, code, asked }).toEqual({ args, code: 2, asked: [] });
    expect(err).toContain(says);
  }
});

test("a typing mistake is answered with what was probably meant", async () => {
  expect((await typed("statsu")).err).toContain("(Did you mean status?)");
  expect((await typed("erase", "ada@example.com", "--yess")).err).toContain("(Did you mean --yes?)");
});

test("what can't be undone is done with --yes, or by someone who says yes, and else not", async () => {
  const risky = Object.entries(COMMANDS).filter(([, { risk }]) => risk !== undefined);
  expect(risky.map(([name]) => name).sort()).toEqual(
    [
      "erase",
      "give-up",
      "go-on",
      "re-arm",
      "release",
      "revoke-link",
      "run-import",
      "send-again",
      "send-to-joined",
      "send-to-rest",
    ].sort(),
  );
  for (const [name, { args = "" }] of risky) {
    const words =
      name === "erase"
        ? ["ada@example.com"]
        : name === "revoke-link"
          ? ["garden", "3"]
          : args === ""
            ? []
            : ["12"];
    const refused = await typed(name, ...words);
    expect({ name, code: refused.code, asked: refused.asked }).toEqual({ name, code: 5, asked: [] });
    expect(refused.err).toContain("--yes");
  }
  const questions: string[] = [];
  for (const [yes, code, asked] of [
    [false, 5, 0],
    [true, 0, 1],
  ] as const) {
    const answered = await commandLine(["release", "12"], env, {
      print: () => undefined,
      complain: () => undefined,
      sure: async (question) => {
        questions.push(question);
        return yes;
      },
    });
    expect([answered, requests.splice(0).length]).toEqual([code, asked]);
  }
  expect(questions).toEqual(Array(2).fill("Letters that have left can't be taken back."));
});

test("an error is JSON, too, where that's asked for, and its exit code says what kind it is", async () => {
  const { code, out, err } = await typed("erase", "ada@example.com", "--json");
  expect([code, out]).toEqual([5, ""]);
  expect(JSON.parse(err)).toMatchObject({ error: { kind: "unconfirmed" } });
  const misused = await typed("runs", "surplus", "--json");
  expect(JSON.parse(misused.err)).toMatchObject({ error: { kind: "misused" } });
});

test("an installation is called by a name, with the address and the token of its own file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "themepost-"));
  const file = join(folder, "staging.vars");
  writeFileSync(file, `PUBLIC_URL=${env.THEMEPOST_URL}\nADMIN_TOKEN=of-staging\n`);
  const before = env;
  env = { XDG_CONFIG_HOME: folder, INIT_CWD: folder, THEMEPOST_URL: "http://127.0.0.1:9" };
  expect((await typed("profiles")).out).toContain("No profiles yet");
  expect((await typed("add-profile", "staging", "staging.vars")).code).toBe(0);
  expect((await typed("profiles")).out).toContain(file);
  expect(await typed("stop", "a", "holiday", "--profile", "staging")).toMatchObject({ code: 0 });
  expect((await typed("stop", "a", "holiday")).code).toBe(3);
  expect((await typed("status", "--profile", "stagin")).err).toContain(
    "There's no profile “stagin” (staging)",
  );
  expect((await typed("add-profile", "other", "not-there.vars")).code).toBe(1);
  expect((await typed("remove-profile", "staging")).code).toBe(0);
  expect((await typed("status", "--profile", "staging")).code).toBe(2);
  env = before;
});

test("a file of readers is written for its owner alone, and over nothing; a file to import says what's meant", async () => {
  const folder = mkdtempSync(join(tmpdir(), "themepost-"));
  const before = env;
  env = { ...before, INIT_CWD: folder };
  const { asked } = await typed("export", "readers.csv", "--segment", "7");
  expect(asked).toEqual([{ method: "POST", path: "/api/v1/admin/subscribers/export", body: { segment: 7 } }]);
  expect(statSync(join(folder, "readers.csv")).mode & 0o077).toBe(0);
  expect(await typed("export", "readers.csv")).toMatchObject({ code: 1, asked: [] });
  for (const args of [
    ["import"],
    ["import", "readers.csv"],
    ["import", "readers.csv", "--stop", "--ask", "my-letters"],
  ])
    expect(await typed(...args)).toMatchObject({ code: 2, asked: [] });
  const begun = await typed(
    "import",
    "readers.csv",
    "--ask",
    "my-letters",
    "--saying",
    "Hello",
    "--per-day",
    "20",
  );
  expect(begun.asked).toMatchObject([
    {
      path: "/api/v1/admin/imports",
      body: { name: "readers.csv", intent: "ask", sequence: "my-letters", words: "Hello", per_day: 20 },
    },
  ]);
  env = before;
});

test("a page to print is written where it's asked for, and nowhere by itself", async () => {
  const folder = mkdtempSync(join(tmpdir(), "themepost-"));
  const before = env;
  env = { ...before, INIT_CWD: folder };
  expect((await typed("consents", "12", "--html")).code).toBe(2);
  const { out } = await typed("consents", "12", "--html", "proof.html");
  expect(out).toContain(join(folder, "proof.html"));
  expect(existsSync(join(folder, "proof.html"))).toBe(true);
  env = before;
});

test("stop takes a reason of many words, and what looks like a flag only behind --", async () => {
  const stopping = (reason: string) => [
    { method: "POST", path: "/api/v1/admin/sending/stop", body: { reason } },
  ];
  expect(await typed("stop", "a", "holiday")).toMatchObject({ code: 0, asked: stopping("a holiday") });
  expect(await typed("stop", "--", "--weird", "reason")).toMatchObject({
    code: 0,
    asked: stopping("--weird reason"),
  });
  expect(await typed("stop")).toMatchObject({ code: 2, asked: [], err: expect.stringContaining("Say why") });
});

test("erasing takes --yes wherever it stands", async () => {
  for (const args of [
    ["erase", "ada@example.com", "--yes"],
    ["erase", "--yes", "ada@example.com"],
  ]) {
    const { asked } = await typed(...args);
    expect(asked).toEqual([
      { method: "POST", path: "/api/v1/admin/subscribers/erase", body: { address: "ada@example.com" } },
    ]);
  }
});

test("letters are released by their numbers or by their run, and --json shows the answer as it is", async () => {
  const path = "/api/v1/admin/letters/release";
  expect(await typed("release", "12", "13", "--yes")).toMatchObject({
    out: "Released 2 letters.",
    asked: [{ method: "POST", path, body: { ids: [12, 13] } }],
  });
  const { out, asked } = await typed("--json", "release", "--run", "12", "--yes");
  expect(JSON.parse(out)).toMatchObject({ released: 2 });
  expect(asked).toEqual([{ method: "POST", path, body: { run: 12 } }]);
});

test("without a command all of them are told; one that isn't there is a mistake", async () => {
  for (const [args, code] of [
    [[], 0],
    [["help"], 0],
    [["--help"], 0],
    [["--", "-h"], 0],
    [["--json"], 0],
    [["stopp"], 2],
    [["--yes"], 2],
    [["constructor"], 2],
  ] as const) {
    const outcome = await typed(...args);
    expect({ args, code: outcome.code, asked: outcome.asked }).toEqual({ args, code, asked: [] });
    if (code === 0) for (const name of NAMES) expect(outcome.out).toContain(`  ${name}`);
    // What can't be done doesn't stand among the answers.
    expect(code === 0 ? outcome.err : outcome.out).toBe("");
    if (code !== 0) expect(outcome.err).toContain("npx themepost help");
  }
});

test("a number that is none is refused, and not taken for the usual one", async () => {
  for (const args of [
    ["refusals", "7days"],
    ["refusals", "0"],
    ["reasons", "many"],
    ["consents", "ada"],
    ["revoke-link", "garden"],
    ["release", "twelve"],
  ]) {
    const { code, err, asked } = await typed(...args);
    expect({ args, code, asked }).toEqual({ args, code: 2, asked: [] });
    expect(err).toMatch(/^Give /);
  }
});

test("where nothing answers, every command says so in a sentence", async () => {
  const silent = { ...env, THEMEPOST_URL: "http://127.0.0.1:9" };
  const folder = join(import.meta.dirname, "..", "..", "emails", "sequences", "strengthening-bonds");
  for (const args of [["status"], ["consents", "12", "--html", "/tmp/never.html"], ["publish", folder]]) {
    const said: string[] = [];
    const code = await commandLine(args, silent, { print: () => {}, complain: (text) => said.push(text) });
    expect({ args, code }).toEqual({ args, code: args[0] === "publish" ? 1 : 3 });
    expect(said.join("")).toMatch(/^Nothing answers at http:\/\/127\.0\.0\.1:9\./);
  }
});

test("a script that takes no words does nothing when it's given some, and tells about itself for --help", async () => {
  const ask = (...args: string[]) => {
    const child = spawn(process.execPath, [BOOTSTRAP, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        said += chunk;
      });
    }
    return new Promise((resolve) => {
      child.on("close", (code) => resolve({ code, said }));
    });
  };
  for (const script of ["assets", "openapi", "pictures", "start", "deploy", "test"]) {
    expect(await ask(script, "--help")).toEqual({
      code: 0,
      said: expect.stringMatching(new RegExp(`^(node|npm) .*${script}`)),
    });
  }
  expect(await ask("assets", "--check")).toEqual({
    code: 1,
    said: expect.stringContaining("assets doesn't take words or options"),
  });
});

test("npm run themepost -- stop a holiday stops once, and neither --help nor a wrong flag stops anything", async () => {
  expect(await run("stop", "a", "holiday")).toEqual({
    code: 0,
    out: "Sending is stopped (a holiday). To continue: resume\n",
    err: "",
    asked: [{ method: "POST", path: "/api/v1/admin/sending/stop", body: { reason: "a holiday" } }],
  });
  expect(await run("stop", "--help")).toMatchObject({ code: 0, err: "", asked: [] });
  expect(await run("stop", "--yes")).toMatchObject({ code: 2, out: "", asked: [] });
});

test("a token never leaves over plain http but to this machine, nor to where an answer leads", async () => {
  const before = env;
  for (const url of ["http://letters.example.org", "http://localhost.example.org", "http://192.0.2.1"]) {
    env = { ...before, THEMEPOST_URL: url };
    const { code, err, asked } = await typed("status");
    expect([url, code, asked]).toEqual([url, 1, []]);
    expect(err).toContain("use https");
  }
  env = before;
});

test("broadcast writes one from a file: who gets it and when are its front matter, and a segment is called by its name", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "themepost-")), "news.md");
  const front = "subject: News\nlanguage: en\nsegment: Gardeners\ntime: now\npublic: true";
  writeFileSync(file, `---\n${front}\n---\n\n# News\n\nWhat happened.\n`);
  const body = {
    ...{ subject: "News", language: "en", segment_id: 7, time: { kind: "now" }, is_public: true },
    markdown: "\n# News\n\nWhat happened.\n",
  };
  const begun = await typed("broadcast", file);
  expect(begun.asked.at(-1)).toEqual({ method: "POST", path: "/api/v1/admin/broadcasts", body });
  expect(begun.out).toContain("To send it: schedule 3");
  const changed = await typed("broadcast", file, "3");
  expect(changed.asked.at(-1)).toEqual({ method: "PUT", path: "/api/v1/admin/broadcasts/3", body });
  writeFileSync(file, "---\nsegment: Nobody\n---\n\n# News\n");
  const unknown = await typed("broadcast", file);
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining("no saved segment “Nobody”")]);
  const missing = await typed("broadcast", "not-there.md");
  expect([missing.code, missing.asked]).toEqual([1, []]);
  expect(missing.err).toMatch(/^There's no file .*not-there\.md\.$/);
});

test.each([
  ["schedule", "schedule"],
  ["take-back", "take-back"],
  ["stop-broadcast", "stop"],
  ["send-to-rest", "send-to-rest"],
  ["send-to-joined", "send-to-joined"],
  ["go-on", "go-on"],
])("%s acts on one broadcast, and on nothing without a number", async (command, act) => {
  const { code, asked } = await typed(
    command,
    "12",
    ...(COMMANDS[command]?.risk === undefined ? [] : ["--yes"]),
  );
  expect([code, asked.map(({ method, path }) => `${method} ${path}`)]).toEqual([
    0,
    ["GET /api/v1/admin/broadcasts/12", `POST /api/v1/admin/broadcasts/12/${act}`],
  ]);
  for (const words of [[], ["news"]]) {
    const refused = await typed(command, ...words);
    expect([words, refused.code, refused.asked]).toEqual([words, 2, []]);
  }
});
