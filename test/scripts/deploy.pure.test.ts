import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readContent } from "../../scripts/content/read-site.ts";
import { answersAt, wouldBreak, wouldTake } from "../../scripts/deploy/against-live.ts";
import {
  CloudflareFault,
  deleteSecrets,
  deleteWorker,
  ensureBucket,
  ensureDatabase,
  ensureQueues,
  type Ran,
  readFacts,
  versionBefore,
  writeInstallation,
} from "../../scripts/deploy/cloudflare.ts";
import { namesOf } from "../../scripts/deploy/names.ts";
import { readSettings } from "../../scripts/deploy/settings.ts";
import { withVariable } from "../../scripts/deploy/webhook.ts";
import { workerConfig } from "../../scripts/deploy/worker-config.ts";
import { commandLine } from "../../scripts/themepost.ts";
import { suppressionCheck } from "../../src/domain/people/address-hash.ts";
import { installationOf } from "../../src/domain/sending/installation.ts";

const secret = (letter: string) => letter.repeat(64);
const GOOD = {
  PUBLIC_URL: "https://letters.garden.org",
  INSTANCE: "main",
  MAIL_PROVIDER: "resend",
  MAIL_FROM: "letters@mail.garden.org",
  MAIL_REPLY_TO: "hello@garden.org",
  CONTENT: "my-letters",
  RESEND_API_KEY: "re_123",
  SIGNING_SECRET: secret("a"),
  SUPPRESSION_KEY: secret("b"),
  ADMIN_TOKEN: secret("c"),
};
const textOf = (of: Readonly<Record<string, string>>) =>
  Object.entries(of)
    .map(([name, value]) => `${name}=${value}`)
    .join("\n");
const faultsOf = (text: string) => {
  const reading = readSettings(text);
  return reading.kind === "valid" ? [] : reading.faults;
};
const settingsOf = (of: Readonly<Record<string, string>> = GOOD) => {
  const reading = readSettings(textOf(of));
  if (reading.kind === "faulty") throw new Error(reading.faults.join("\n"));
  return reading.settings;
};

test("a whole file of settings is taken, however its lines are written; the example too, for a look", () => {
  expect(settingsOf()).toMatchObject(GOOD);
  const written = textOf(GOOD)
    .replace("INSTANCE=main", "export INSTANCE = main")
    .replace("MAIL_PROVIDER=", "MAIL_PROVIDER = ");
  expect(faultsOf(written)).toEqual([]);
  const example = readFileSync(join(import.meta.dirname, "..", "..", "production.vars.example"), "utf8");
  expect(readSettings(example, { example: true }).kind).toBe("valid");
});

test.each([
  ["a name that nobody knows", { ...GOOD, RESEND_KEY: "re_1" }, "RESEND_KEY: isn't a setting"],
  ["what was meant", { ...GOOD, PUBLICURL: "https://x.org" }, "did you mean PUBLIC_URL?"],
  ["a key of another service", { ...GOOD, RESEND_API_KEY: "sk_123" }, "RESEND_API_KEY: must begin with re_"],
  [
    "one value for two secrets",
    { ...GOOD, ADMIN_TOKEN: GOOD.SUPPRESSION_KEY },
    "ADMIN_TOKEN: is the same as another",
  ],
  ["the word random", { ...GOOD, SIGNING_SECRET: "random" }, 'SIGNING_SECRET: is the word "random"'],
  [
    "a workers.dev name of another Worker",
    { ...GOOD, PUBLIC_URL: "https://letters.me.workers.dev" },
    "themepost-main.YOUR-SUBDOMAIN.workers.dev",
  ],
  [
    "the example's text",
    { ...GOOD, MAIL_REPLY_TO: "hello@your-domain.org" },
    "MAIL_REPLY_TO: still has the example's text",
  ],
  [
    "one half of Turnstile",
    { ...GOOD, TURNSTILE_SECRET_KEY: "0x4" },
    "TURNSTILE_SITE_KEY: is needed because",
  ],
  [
    "the trial's mailbox",
    { ...GOOD, MAIL_PROVIDER: "mailbox" },
    "MAIL_PROVIDER: the mailbox works on your own machine only",
  ],
  [
    "this machine's address",
    { ...GOOD, PUBLIC_URL: "http://localhost:8787" },
    "PUBLIC_URL: is this machine's own address",
  ],
])("%s is a fault before anything is deployed", (_, settings, says) => {
  expect(faultsOf(textOf(settings)).join("\n")).toContain(says);
});

test.each([`${secret("d")},${secret("c")}`, `${secret("d")},opt-out:${secret("b")}`])(
  "a secret isn't used for two things, behind a comma either (%#)",
  (SIGNING_SECRET) => {
    expect(faultsOf(textOf({ ...GOOD, SIGNING_SECRET }))).toEqual([
      expect.stringContaining("is the same as another secret"),
    ]);
  },
);

test("all faults are told in one round: lines that are none, names twice, what's missing, cut or wrong", () => {
  const { CONTENT: _, ...without } = GOOD;
  const text = `${textOf({ ...without, PUBLIC_URL: "letters" })}\nINSTANCE=other\nnot a line\nALERT_WEBHOOK_URL=https://x.org/#y`;
  const faults = faultsOf(text).join("\n");
  for (const says of [
    "line 11: isn't NAME=value",
    "INSTANCE: stands in line 2 and in line 10",
    "CONTENT: names the folder",
    "ALERT_WEBHOOK_URL: a # or a quote ends its value early",
    "PUBLIC_URL: must be an absolute URL",
  ])
    expect(faults).toContain(says);
});

test("what init writes can be deployed as it is, has secrets of its own, and is its owner's to read alone", async () => {
  const folder = mkdtempSync(join(tmpdir(), "themepost-init-"));
  const said: string[] = [];
  const voice = {
    print: (text: string) => void said.push(text),
    complain: (text: string) => void said.push(text),
  };
  const flags = [
    "--url",
    GOOD.PUBLIC_URL,
    "--from",
    GOOD.MAIL_FROM,
    "--reply-to",
    GOOD.MAIL_REPLY_TO,
    "--key",
    "re_1",
  ];
  const site = [
    "--name",
    "Beet & Geflüster",
    "--author",
    'Rosa "R" Lindner',
    "--postal",
    "Gartenweg 3, 1010 Wien",
  ];
  const env = { INIT_CWD: folder };
  expect(await commandLine(["init", ...flags], env, voice)).toBe(2);
  expect(said.join("")).toContain("Still needed: --name, --author, --postal");
  expect(await commandLine(["init", ...flags, ...site], env, voice)).toBe(0);
  const file = join(folder, "production.vars");
  expect(statSync(file).mode & 0o077).toBe(0);
  const text = readFileSync(file, "utf8");
  const reading = readSettings(text);
  expect(reading).toMatchObject({ kind: "valid", settings: { INSTANCE: "main", CONTENT: "beet-gefluster" } });
  expect(new Set(text.match(/[0-9a-f]{64}/g)).size).toBe(3);
  expect(readContent(join(folder, "beet-gefluster")).site?.body).toMatchObject({
    name: "Beet & Geflüster",
    author: { name: 'Rosa "R" Lindner' },
    owner: { name: 'Rosa "R" Lindner', address: "Gartenweg 3, 1010 Wien" },
  });
  // A second time nothing is written over.
  expect(await commandLine(["init", ...flags, ...site], env, voice)).toBe(1);
  expect(readFileSync(file, "utf8")).toBe(text);
  const wrong = await commandLine(
    ["init", "other.vars", ...flags, ...site, "--instance", "My Site"],
    env,
    voice,
  );
  expect([wrong, existsSync(join(folder, "other.vars"))]).toEqual([2, false]);
});

test("two installations of one account share no name, and no counter", () => {
  const [one, other] = [namesOf("main"), namesOf("staging")];
  const flat = (of: ReturnType<typeof namesOf>) => Object.values(of).flat();
  expect(flat(one).filter((name) => flat(other).includes(name))).toEqual([]);
  expect(namesOf("main")).toEqual(one);
});

test("what's deployed has the installation's own names everywhere, its variables, and none of its secrets", () => {
  const toml = {
    main: "src/index.ts",
    vars: { MAIL_PROVIDER: "mailbox" },
    access: { dev: {} },
    alias: {},
    queues: {
      producers: [{ binding: "LETTERS", queue: "themepost-letters" }],
      consumers: [{ queue: "themepost-letters", dead_letter_queue: "themepost-dead", max_retries: 5 }],
    },
    ratelimits: [{ name: "SIGN_UP_RATE", namespace_id: "7381" }],
  };
  const settings = settingsOf();
  const config = workerConfig(toml, settings, namesOf("main"), { databaseId: "id", hasBucket: false });
  expect(config).toMatchObject({
    name: "themepost-main",
    d1_databases: [{ database_name: "themepost-main", database_id: "id" }],
    queues: {
      producers: [{ queue: "themepost-main-letters" }],
      consumers: [
        { queue: "themepost-main-letters", dead_letter_queue: "themepost-main-dead", max_retries: 5 },
      ],
    },
    r2_buckets: [],
    workers_dev: false,
    routes: [{ pattern: "letters.garden.org", custom_domain: true }],
    vars: { PUBLIC_URL: GOOD.PUBLIC_URL, MAIL_PROVIDER: "resend" },
  });
  expect(JSON.stringify(config)).not.toMatch(/re_123|a{64}|b{64}|c{64}|7381|"access"/);
});

describe("what's deployed already", () => {
  const facts = async (settings: Readonly<Record<string, string>> = GOOD) => {
    const config = {
      instance: settings.INSTANCE ?? "",
      publicUrl: settings.PUBLIC_URL ?? "",
      signingSecrets: [settings.SIGNING_SECRET ?? ""] as [string],
      optOutSecrets: [],
    };
    return {
      installation: JSON.stringify(await installationOf(config)),
      suppression_check: await suppressionCheck({ suppressionKey: settings.SUPPRESSION_KEY ?? "" }),
    };
  };

  test("is left alone by the same installation, and by one whose new secret stands before the old", async () => {
    expect(await wouldBreak(settingsOf(), {})).toEqual([]);
    expect(await wouldBreak(settingsOf(), await facts())).toEqual([]);
    for (const SIGNING_SECRET of [`${secret("d")},${secret("a")}`, `${secret("d")},opt-out:${secret("a")}`])
      expect(await wouldBreak(settingsOf({ ...GOOD, SIGNING_SECRET }), await facts())).toEqual([]);
  });

  test.each([
    ["INSTANCE", { INSTANCE: "other" }],
    ["PUBLIC_URL", { PUBLIC_URL: "https://news.garden.org" }],
    ["SIGNING_SECRET", { SIGNING_SECRET: secret("d") }],
    ["SUPPRESSION_KEY", { SUPPRESSION_KEY: secret("d") }],
  ])("isn't replaced by another %s without being asked", async (name, other) => {
    const [fault = ""] = await wouldBreak(settingsOf({ ...GOOD, ...other }), await facts());
    expect(fault).toMatch(new RegExp(`^${name}: `));
  });

  test("is known by its address, where it answers there", async () => {
    const get = (answer: Response | Error) =>
      (async () => {
        if (answer instanceof Error) throw answer;
        return answer;
      }) as typeof fetch;
    expect(await answersAt(get(Response.json({ status: "ok", instance: "other" })), "https://x.org")).toEqual(
      {
        instance: "other",
      },
    );
    for (const strange of [new Response("<p>Hello</p>"), Response.json({ status: "ok" })])
      expect(await answersAt(get(strange), "https://x.org")).toEqual({ instance: null });
    expect(await answersAt(get(new Error("no such host")), "https://x.org")).toBeNull();
  });

  test("keeps its address, whoever has it, unless that's this installation's already", async () => {
    const site = settingsOf();
    expect(wouldTake(site, {}, null)).toEqual([]);
    expect(wouldTake(site, {}, { instance: "main" })).toEqual([]);
    expect(wouldTake(site, await facts(), { instance: null })).toEqual([]);
    for (const [known, instance] of [
      [{}, null],
      [await facts({ ...GOOD, PUBLIC_URL: "https://other.org" }), null],
      [await facts(), "other"],
    ] as const)
      expect(wouldTake(site, known, { instance })).toEqual([expect.stringMatching(/^PUBLIC_URL: /)]);
    const bare = settingsOf({ ...GOOD, PUBLIC_URL: "https://themepost-main.garden.workers.dev" });
    expect(wouldTake(bare, {}, { instance: null })).toEqual([]);
  });
});

/** wrangler, answering each command as written here; what isn't written ends the test. */
function account(answers: Readonly<Record<string, Partial<Ran> | readonly Partial<Ran>[]>>) {
  const asked: string[] = [];
  const left = new Map(Object.entries(answers).map(([command, ran]) => [command, [ran].flat()]));
  const wrangler = (args: readonly string[]): Ran => {
    const command = args.join(" ");
    asked.push(command);
    const [, ran] = [...left].find(([beginning]) => command.startsWith(beginning)) ?? [];
    const next = ran === undefined ? undefined : ran.length > 1 ? ran.shift() : ran[0];
    if (next === undefined) throw new Error(`nobody expected: ${command}`);
    return { status: 0, out: "", err: "", ...next };
  };
  return { wrangler, asked };
}

const names = namesOf("main");
const list = (...queues: string[]) => ({
  out: ["┌────┬──────┐", "│ id │ name │", ...queues.map((queue) => `│ 1 │ ${queue} │`), "└────┴──────┘"].join(
    "\n",
  ),
});

test("queues are matched whole and on every page, and one that's there all the same is found", () => {
  const { wrangler, asked } = account({
    "queues list --page 1": list("themepost-main-letters-old", "my-themepost-main-letters"),
    "queues list --page 2": list("themepost-main-confirmations"),
    "queues list": list(),
    "queues create themepost-main-letters": {},
    "queues create themepost-main-dead": {
      status: 1,
      err: "Queue name 'themepost-main-dead' is already taken [code: 11009]",
    },
  });
  ensureQueues(wrangler, names);
  expect(asked.filter((command) => command.includes("create"))).toEqual([
    "queues create themepost-main-letters",
    "queues create themepost-main-dead",
  ]);
});

test("a failure says what failed, what wrangler said, and how to log in where that's why", () => {
  const { wrangler } = account({ "queues list": { status: 1, err: "Authentication error [code: 10000]" } });
  expect(() => ensureQueues(wrangler, names)).toThrow(
    /Listing the queues failed \(wrangler queues list[\s\S]*10000[\s\S]*CLOUDFLARE_API_TOKEN/,
  );
  const broken = account({
    "queues list": list(),
    "queues create": { status: 1, err: "the internet is down" },
  });
  expect(() => ensureQueues(broken.wrangler, names)).toThrow(CloudflareFault);
});

test("the database is made once, and asked whose it is; an empty one is nobody's", () => {
  const none = { out: "[]" };
  const one = { out: JSON.stringify([{ name: "themepost-main", uuid: "id" }]) };
  const made = account({ "d1 list": [none, one], "d1 create themepost-main": {} });
  expect(ensureDatabase(made.wrangler, names)).toBe("id");
  const results = [{ name: "suppression_check", value: "abc" }];
  const told = account({ "d1 execute": { out: `some words\n${JSON.stringify([{ results }])}` } });
  expect(readFacts(told.wrangler, names, "config")).toEqual({ suppression_check: "abc" });
  const fresh = account({ "d1 execute": { status: 1, err: "no such table: facts: SQLITE_ERROR" } });
  expect(readFacts(fresh.wrangler, names, "config")).toEqual({});
  const closed = account({ "d1 execute": { status: 1, err: "Internal error" } });
  expect(() => readFacts(closed.wrangler, names, "config")).toThrow("Asking the database whose it is failed");
});

test("an account without R2 goes without a bucket; any other failure ends the deploy", () => {
  const off = account({ "r2 bucket list": { status: 1, err: "Please enable R2 [code: 10042]" } });
  expect(ensureBucket(off.wrangler, names)).toBe(false);
  const there = account({
    "r2 bucket list": { out: "name:           themepost-main-pictures\ncreation_date: x" },
  });
  expect(ensureBucket(there.wrangler, names)).toBe(true);
  const alike = account({
    "r2 bucket list": { out: "name: themepost-main-pictures-old" },
    "r2 bucket create": {},
  });
  expect(ensureBucket(alike.wrangler, names)).toBe(true);
  expect(alike.asked).toContain("r2 bucket create themepost-main-pictures");
  const broken = account({ "r2 bucket list": { status: 1, err: "Forbidden [code: 10403]" } });
  expect(() => ensureBucket(broken.wrangler, names)).toThrow("Listing the buckets failed");
});

test("secrets that left the file are deleted by name, others stay, and a failure is one", () => {
  const there = {
    out: JSON.stringify([{ name: "TURNSTILE_SECRET_KEY" }, { name: "ADMIN_TOKEN" }, { name: "MINE" }]),
  };
  const ours = ["TURNSTILE_SECRET_KEY", "ADMIN_TOKEN"];
  const kept = new Set(["ADMIN_TOKEN"]);
  const good = account({ "secret list": there, "secret delete": {} });
  expect(deleteSecrets(good.wrangler, "config", { ours, kept })).toEqual(["TURNSTILE_SECRET_KEY"]);
  expect(good.asked.at(-1)).toBe("secret delete TURNSTILE_SECRET_KEY --config config");
  const bad = account({ "secret list": there, "secret delete": { status: 1, err: "no" } });
  expect(() => deleteSecrets(bad.wrangler, "config", { ours, kept })).toThrow(
    "Deleting the secret TURNSTILE_SECRET_KEY failed",
  );
});

test("whose a database is, is written down before anything is signed", () => {
  const written = account({ "d1 execute themepost-main --remote": { out: "[]" } });
  writeInstallation(written.wrangler, names, "config", `{"instance":"it's"}`);
  expect(written.asked[0]).toContain(`values ('installation', '{"instance":"it''s"}')`);
  const broken = account({ "d1 execute": { status: 1, err: "no" } });
  expect(() => writeInstallation(broken.wrangler, names, "config", "{}")).toThrow(CloudflareFault);
});

test("a teardown that stopped halfway is gone on with; any other failure ends it", () => {
  const gone = account({
    "delete themepost-main --force": { status: 1, err: "This Worker does not exist [code: 10007]" },
    "queues delete": {},
  });
  deleteWorker(gone.wrangler, names);
  expect(gone.asked).toHaveLength(4);
  const broken = account({ delete: { status: 1, err: "Forbidden" } });
  expect(() => deleteWorker(broken.wrangler, names)).toThrow("Deleting themepost-main failed");
});

test("going back finds the version before the last deploy, past the secrets that it deleted; it doesn't go forward", () => {
  const of = (at: string, version: string, trigger: string) => ({
    created_on: `2026-11-${at}T09:00:00Z`,
    annotations: { "workers/triggered_by": trigger },
    versions: [{ version_id: version, percentage: 100 }],
  });
  const found = (...all: readonly unknown[]) => {
    const there = account({ "deployments list --json --name themepost-main": { out: JSON.stringify(all) } });
    return versionBefore(there.wrangler, names);
  };
  const two = [of("01", "v1", "upload"), of("02", "v2", "upload")];
  expect(found(...two)).toBe("v1");
  expect(found(...two, of("03", "v3", "secret"), of("04", "v4", "secret"))).toBe("v1");
  expect(found(of("01", "v1", "upload"), of("02", "v2", "secret"), of("03", "v3", "upload"))).toBe("v2");
  expect(() => found(...two, of("03", "v1", "rollback"))).toThrow("was taken back already");
  expect(() => found(of("01", "v1", "upload"))).toThrow("no deploy before");
  expect(() => found(of("01", "v1", "secret"))).toThrow("no deploy before");
});

test.each([
  ["--dry-run", "--teardown", "main"],
  ["--dry-run", "--rollback"],
  ["--rollback", "--teardown", "main"],
])("a deploy that's asked for %s and another thing does neither", (...flags) => {
  const ran = spawnSync(process.execPath, ["scripts/bootstrap.mjs", "deploy", ...flags], {
    cwd: join(import.meta.dirname, "..", ".."),
    encoding: "utf8",
  });
  expect([ran.status, ran.stderr]).toEqual([1, expect.stringContaining("Nothing was done.")]);
});

test("a file that lacks other things still says which installation is taken back", () => {
  const reading = readSettings("INSTANCE=main\nPUBLIC_URL=broken\n");
  expect(reading).toMatchObject({ kind: "faulty", instance: "main" });
});

test("a secret is written into its line of the file, and the rest stays as it was", () => {
  const before = "A=1\nRESEND_WEBHOOK_SECRET=\n# B=2\n";
  expect(withVariable(before, "RESEND_WEBHOOK_SECRET", "whsec_$1")).toBe(
    "A=1\nRESEND_WEBHOOK_SECRET=whsec_$1\n# B=2\n",
  );
  expect(withVariable("A=1", "B", "2")).toBe("A=1\nB=2\n");
});
