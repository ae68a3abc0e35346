// npm run themepost -- …: the owner's command line over the API. THEMEPOST_URL and ADMIN_TOKEN, or the local trial.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { bootstrap, ROOT } from "./bootstrap.mjs";
import { asSeen, USER_AGENT } from "./publish.mjs";
import { partnerCommands } from "./themepost/partners.mjs";
import { localTime, table } from "./themepost/show.mjs";

const USAGE = `npm run themepost -- COMMAND

  status                        whether mail may leave, what is late, alerts
  runs                          the last runs
  run ID                        one run: where every letter stands
  resume-run ID                 let a run go on that stopped by itself
  timeline ADDRESS|ID           everything about one reader's mail, and what comes next
  held | uncertain              letters that wait for you
  release ID… | --run ID        send held letters now
  reconcile ID…                 ask the provider which uncertain letters it has
  give-up ID…                   end held or uncertain letters
  send-again ID…                send failed or uncertain letters once more (they may come twice)
  stop REASON                   the kill switch
  resume                        lift it, and what the provider asked to wait for
  re-arm                        send again after the database was restored
  dry-run [INSTANT]             what a tick would do; writes and sends nothing
  preview FOLDER [SLUG]         what publishing a folder of letters would mean for the readers
  publish FOLDER [SLUG]         publish it; with --resume, readers who had everything go on
  sequences                     what is published
  archive SLUG | unarchive SLUG take no new readers into a sequence; take them again
  alerts | clear NAME           what to look at; clear one
  acts [OBJECT]                 what was done, when and by whom; OBJECT such as partner:garden
  partners | partner SLUG       the sites that carry your form; one of them with keys, wordings, links, changes
  set-partner SLUG FILE.json    make or change one (docs/OPERATIONS.md, Partners)
  rotate-key SLUG [DAYS]        a new form key; the old one works for so many days more (30)
  snippets SLUG [LANG]          what the partner pastes, and its policy lines
  partner-link SLUG             a link to the partner's own page
  revoke-link SLUG ID           make it stop working
  report SLUG                   what came of a partner's forms, by week
  refusals [DAYS]               sign-ups that were refused, and why
  consents ADDRESS|ID           what somebody agreed to, as proof; --html for a page to print
  reasons [DAYS]                why people left, as far as they said
  erase ADDRESS --yes           erase everything about a person, for good
  suppress ADDRESS NOTE         never mail an address again
  lift ADDRESS NOTE             take it off the list

Talks to THEMEPOST_URL (${process.env.THEMEPOST_URL ?? "http://localhost:8787"}) with ADMIN_TOKEN (else that of .dev.vars). --json shows the answer as it is.`;

const args = process.argv.slice(2);
const asJson = args.includes("--json");
const [command, ...rest] = args.filter((arg) => arg !== "--json");

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

class Refused extends Error {}

/** THEMEPOST_URL as an origin, whatever was pasted. */
function serviceUrl() {
  const given = process.env.THEMEPOST_URL?.trim() || "http://localhost:8787";
  const url = /^https?:\/\//.test(given) ? given : `http://${given}`;
  if (!URL.canParse(url)) throw new Refused(`THEMEPOST_URL is no address: ${given}`);
  return new URL(url).origin;
}

async function call(method, path, body) {
  const url = serviceUrl();
  const headers = { authorization: `Bearer ${token()}`, "user-agent": USER_AGENT };
  let answer;
  try {
    answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(method === "PUT" || /\/(un)?archive$/.test(path)
          ? await asSeen(`${url}${path.replace(/\/(un)?archive$/, "")}`, headers)
          : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Refused(`Nothing answers at ${url}. Start it (npm start), or set THEMEPOST_URL.`);
  }
  const result = await answer.json().catch(() => ({}));
  if (answer.status === 401) {
    throw new Refused(
      `${url} does not take this token. Set ADMIN_TOKEN (that of production.vars, or of .dev.vars for the trial).`,
    );
  }
  if (!answer.ok && result.title === undefined && path !== "/healthz") {
    throw new Refused(`${url} is no Themepost (it answered ${answer.status}).`);
  }
  if (!answer.ok && path !== "/healthz") {
    const faults = (result.faults ?? []).map((fault) => `\n  ${JSON.stringify(fault)}`);
    throw new Refused(`${result.title ?? answer.status}. ${result.detail ?? ""}${faults.join("")}`);
  }
  return result;
}

/** An answer as a page. */
async function page(method, path, body) {
  const answer = await fetch(`${serviceUrl()}/api/v1/admin${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token()}`,
      "content-type": "application/json",
      accept: "text/html",
      "user-agent": USER_AGENT,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Refused(`${serviceUrl()} answered ${answer.status}.`);
  return answer.text();
}

const admin = (method, path, body) => call(method, `/api/v1/admin${path}`, body);

function token() {
  if (process.env.ADMIN_TOKEN !== undefined) return process.env.ADMIN_TOKEN;
  try {
    return /^ADMIN_TOKEN=(.*)$/m.exec(readFileSync(join(ROOT, ".dev.vars"), "utf8"))?.[1] ?? "";
  } catch {
    throw new Refused("Set ADMIN_TOKEN, or run npm start once for a local trial.");
  }
}

function numbers(values, what = "letters by their numbers, for instance: 12 13 14") {
  const ids = values.map(Number);
  if (ids.length === 0 || ids.some((id) => !Number.isInteger(id) || id < 1)) {
    throw new Refused(`Name ${what}`);
  }
  return ids;
}

const RUN = "a run by its number, for instance: 12 (runs lists them)";

function words(values, what) {
  if (values.length === 0) throw new Refused(`Say ${what}.`);
  return values.join(" ");
}

/** Sends a folder of letters; its faults are told with file and line. */
async function sendLetters(values, method, path) {
  const [folder, slug] = values.filter((value) => value !== "--resume");
  if (folder === undefined)
    throw new Refused("Which folder? For instance emails/sequences/strengthening-bonds");
  const { sendFolder } = await import("./publish.mjs");
  const name = slug ?? basename(folder);
  const resume = values.includes("--resume");
  try {
    const { answer, warned } = await sendFolder({
      url: serviceUrl(),
      token: token(),
      folder,
      slug: name,
      method,
      path,
      resume,
    });
    return { slug: name, result: answer, warned };
  } catch (error) {
    throw new Refused(error.message);
  }
}

const counts = (of) =>
  Object.entries(of)
    .map(([name, n]) => `${n} ${name}`)
    .join(", ") || "none";

const COMMANDS = {
  status: async () => {
    const health = await call("GET", "/healthz");
    const sending = await admin("GET", "/sending");
    const { data: alerts } = await admin("GET", "/alerts");
    return show({ health, sending, alerts }, () => [
      `Sending is ${sending.sending}${sending.reason === null ? "" : `: ${sending.reason} (since ${localTime(sending.since)})`}.`,
      sending.held_until === null
        ? ""
        : `The provider asked to wait until ${localTime(sending.held_until)} (${sending.held_for}).`,
      health.faults?.length > 0
        ? `Failing: ${health.faults.join(", ")} (docs/OPERATIONS.md, Health, says what to do).`
        : "Nothing is late.",
      `Open batches: ${health.open_batches ?? "?"}.${sending.calls_per_second === null ? "" : ` The provider takes ${sending.calls_per_second} calls a second.`}`,
      alerts.length === 0 ? "No alerts." : `Alerts:\n${alertTable(alerts)}`,
    ]);
  },
  runs: async () => {
    const list = await admin("GET", "/runs");
    const { data: runs } = list;
    return show(list, () =>
      runs.length === 0
        ? ["No runs yet: nothing was due."]
        : [
            table(runs, {
              run: (run) => run.id,
              tick: (run) => localTime(run.tick_at),
              letters: (run) => run.planned,
              "open batches": (run) => run.open_batches,
              "hard bounces": (run) => run.bounced,
              complained: (run) => run.complained,
              stopped: (run) => run.stop_reason ?? "",
            }),
          ],
    );
  },
  run: async ([id]) => {
    const run = await admin("GET", `/runs/${numbers([id], RUN)[0]}`);
    const { planned, adds_up, ...places } = run.account;
    return show(run, () => [
      `Run ${run.id} of ${localTime(run.tick_at)}: ${planned} letters, ${counts(places)}${adds_up ? "" : " (THEY DO NOT ADD UP)"}.`,
      `Why: ${counts(run.reasons)}. Slots that passed without a letter: ${counts(run.passed)}.`,
      `Steps: ${counts(run.steps)}. The mailboxes said: ${counts(run.feedback)}.`,
      ...run.waiting_for.map(
        ({ why, batches, retry_at }) =>
          `${batches} batches wait (${why ?? "for their turn"})${retry_at === null ? "" : ` until ${localTime(retry_at)}`}.`,
      ),
      run.stop_reason === null
        ? ""
        : `It stopped by itself: ${run.stop_reason}. Go on with: resume-run ${run.id}`,
    ]);
  },
  "resume-run": async ([id]) => {
    const result = await admin("POST", `/runs/${numbers([id], RUN)[0]}/resume`);
    return show(result, () => [`It goes on; ${result.batches} batches are on the queue.`]);
  },
  timeline: async ([who]) => {
    if (who === undefined) throw new Refused("Whose? Give an address or a number.");
    const found = who.includes("@")
      ? await admin("POST", "/subscribers/timeline", { address: who })
      : await admin("GET", `/subscribers/${numbers([who], "somebody by address or number")[0]}/timeline`);
    return show(found, () => [
      `Times are those of ${Intl.DateTimeFormat().resolvedOptions().timeZone}.`,
      `Subscriber ${found.subscriber_id} is ${found.state}${found.suppressed === null ? "" : `, on the suppression list (${found.suppressed.reason})`}.`,
      found.entries.length === 0
        ? "Nothing has happened yet."
        : table(found.entries, {
            when: (entry) => localTime(entry.at),
            what: (entry) => [entry.kind, entry.what].filter(Boolean).join(" "),
            step: (entry) => entry.step ?? "",
            why: (entry) => entry.reason ?? "",
            slot: (entry) => (entry.slot_at === undefined ? "" : localTime(entry.slot_at)),
            letter: (entry) => entry.letter_id ?? "",
          }),
      ...found.upcoming.map(({ sequence, next_at, next_step, why, slot }) =>
        why === "comes"
          ? `Next in ${sequence}: ${next_step} on ${localTime(next_at)} (${WEEKDAYS[slot.weekday - 1]}s at ${slot.hour}:00 in ${slot.time_zone}).`
          : `Next in ${sequence}: nothing now, because ${why.replaceAll("_", " ")}${next_at === null ? "" : ` (next slot ${localTime(next_at)})`}.`,
      ),
    ]);
  },
  held: () => letters("held"),
  uncertain: () => letters("uncertain"),
  release: async (values) => {
    const body = values[0] === "--run" ? { run: numbers([values[1]], RUN)[0] } : { ids: numbers(values) };
    const result = await admin("POST", "/letters/release", body);
    return show(result, () => [
      result.released === 0 ? "None of them is held." : `${result.released} letters were released.`,
    ]);
  },
  reconcile: async (values) => {
    const result = await admin("POST", "/letters/reconcile", { ids: numbers(values) });
    return show(result, () => [
      result.found === 0
        ? "The provider's list shows none of them (or they are not uncertain)."
        : `The provider has ${result.found} of them; they count as accepted now.`,
    ]);
  },
  "give-up": async (values) => {
    const result = await admin("POST", "/letters/give-up", { ids: numbers(values) });
    return show(result, () => [
      result.given_up.length === 0
        ? "None of them is held or uncertain."
        : `${result.given_up.length} letters were given up.`,
    ]);
  },
  "send-again": async (values) => {
    const result = await admin("POST", "/letters/send-again", { ids: numbers(values) });
    return show(result, () => [
      result.sent_again.length === 0
        ? "None of them failed or is uncertain, or they were sent again already."
        : `${result.sent_again.length} letters are planned once more, for readers who may still be mailed.`,
    ]);
  },
  stop: async (values) => {
    const result = await admin("POST", "/sending/stop", {
      reason: words(values, "why, for whoever looks next"),
    });
    return show(result, () => [`Nothing leaves any more (${result.reason}). Go on with: resume`]);
  },
  resume: async () => {
    const result = await admin("POST", "/sending/resume");
    return show(result, () => [
      result.sending === "on"
        ? `Sending is on; ${result.batches} batches are on the queue.`
        : `Sending is still ${result.sending} (${result.reason}). The database was restored: re-arm.`,
    ]);
  },
  "re-arm": async () => {
    const result = await admin("POST", "/sending/re-arm");
    return show(result, () => [
      `Armed: ${result.opt_outs} opt-outs were replayed, ${result.letters} letters that may have been sent are uncertain. Sending is ${result.sending}.`,
    ]);
  },
  "dry-run": async ([at]) => {
    if (at !== undefined && Number.isNaN(Date.parse(at)))
      throw new Refused("When? For instance 2027-01-05T09:00:00Z");
    const result = await admin(
      "POST",
      "/dry-run",
      at === undefined ? {} : { at: new Date(at).toISOString() },
    );
    return show(result, () => [
      `${result.due} slots are due${result.cut ? " (and more)" : ""}. Letters: ${counts(result.letters)}. Passing: ${counts(result.passed)}.`,
      `${result.composed.letters} were composed (${result.composed.bytes} characters); faults: ${result.composed.faults.join(", ") || "none"}.`,
    ]);
  },
  preview: async (values) => {
    const { slug, result, warned } = await sendLetters(values, "POST", "/preview");
    return show(result, () => [
      ...warned,
      result.known
        ? `${result.readers} readers are in “${slug}”.`
        : `There is no sequence “${slug}” yet: publishing makes a new one, and nobody can sign up for it yet. Another name? preview FOLDER SLUG`,
      result.welcome === "changed" ? "The welcome changes for whoever confirms from then on." : "",
      result.resuming > 0 ? `${result.resuming} readers who had everything go on.` : "",
      result.steps.length === 0
        ? "No step changes."
        : table(result.steps, {
            step: (step) => step.slug,
            change: (step) => step.change,
            "get it next": (step) => step.next,
            "get it later": (step) => step.later,
            "do not get it": (step) => step.not,
          }),
      "A draft counts as if it were published; readers who come to it wait there until it is.",
    ]);
  },
  publish: async (values) => {
    const { slug, result, warned } = await sendLetters(values, "PUT", "");
    const { summary } = await import("./publish.mjs");
    return show(result, () => [
      ...warned,
      `${slug}: ${summary(result.steps)}${result.resumed > 0 ? `; ${result.resumed} readers go on` : ""}.`,
      "npm start and npm run deploy publish emails/sequences/strengthening-bonds: keep your edits there.",
    ]);
  },
  alerts: async () => {
    const list = await admin("GET", "/alerts");
    const { data: alerts } = list;
    return show(list, () => [alerts.length === 0 ? "No alerts." : alertTable(alerts)]);
  },
  clear: async ([name]) => {
    const result = await admin(
      "DELETE",
      `/alerts/${encodeURIComponent(words(name === undefined ? [] : [name], "which alert"))}`,
    );
    return show(result, () => ["Cleared."]);
  },
  acts: async ([object]) => {
    const list = await admin(
      "GET",
      `/acts${object === undefined ? "" : `?object=${encodeURIComponent(object)}`}`,
    );
    return show(list, () => [
      list.data.length === 0
        ? "Nothing was done yet."
        : table(list.data, {
            when: (act) => localTime(act.at),
            who: (act) => act.actor.replaceAll("_", " "),
            what: (act) => `${act.verb.replaceAll("_", " ")}${act.settled ? "" : " (outcome unknown)"}`,
            object: (act) => act.object,
            changed: (act) =>
              Object.entries(act.changed)
                .map(
                  ([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
                )
                .join(", "),
          }),
    ]);
  },
  sequences: async () => {
    const list = await admin("GET", "/sequences");
    return show(list, () => [
      list.data.length === 0
        ? "No sequences yet. Publish one: publish FOLDER"
        : table(list.data, {
            slug: (sequence) => sequence.slug,
            title: (sequence) => sequence.title,
            letters: (sequence) => sequence.steps,
            published: (sequence) => localTime(sequence.published_at),
            state: (sequence) => (sequence.archived_at === null ? "open" : "archived"),
          }),
    ]);
  },
  archive: ([slug]) => archiving(slug, "archive"),
  unarchive: ([slug]) => archiving(slug, "unarchive"),
  ...partnerCommands({ admin, page, show, words, Refused }),
  reasons: async ([days]) => {
    const list = await admin(
      "GET",
      `/leave-reasons${days === undefined ? "" : `?days=${numbers([days], "how many days")[0]}`}`,
    );
    const { data: reasons } = list;
    return show(list, () => [
      reasons.length === 0
        ? "Nobody left."
        : table(reasons, {
            reason: ({ reason }) => reason ?? "(said nothing)",
            people: ({ people }) => people,
          }),
    ]);
  },
  erase: async ([address, sure]) => {
    if (address === undefined || !address.includes("@"))
      throw new Refused("Whom? Give the address, for instance ada@gmail.com");
    if (sure !== "--yes")
      throw new Refused(
        `This erases everything about ${address} for good, and nothing is mailed there any more. If you are sure: erase ${address} --yes`,
      );
    const result = await admin("POST", "/subscribers/erase", { address });
    return show(result, () => [
      result.result === "erased"
        ? "Erased."
        : "No letter goes there any more. One was just on its way; the rest is erased when its answer is here, within two days.",
    ]);
  },
  suppress: ([address, ...note]) => suppression("", address, note, "That address is never mailed again."),
  lift: ([address, ...note]) =>
    suppression(
      "/lift",
      address,
      note,
      "It is off the list. Whom a bounce or a complaint had stopped must sign up anew; others go on.",
    ),
};

async function archiving(slug, what) {
  const sequence = await admin(
    "POST",
    `/sequences/${words(slug === undefined ? [] : [slug], "which sequence")}/${what}`,
  );
  return show(sequence, () => [
    sequence.archived_at === null
      ? `“${sequence.title}” takes new readers.`
      : `“${sequence.title}” takes no new readers. Those who are in it go on.`,
  ]);
}

async function letters(state) {
  const result = await admin("GET", `/letters?state=${state}`);
  return show(result, () => [
    result.data.length === 0
      ? `No letter is ${state}.`
      : table(result.data, {
          letter: (letter) => letter.id,
          subscriber: (letter) => letter.subscriber_id,
          run: (letter) => letter.run_id ?? "",
          what: (letter) => letter.step ?? letter.kind,
          why: (letter) => letter.reason,
          slot: (letter) => localTime(letter.slot_at),
          since: (letter) => localTime(letter.settled_at),
        }),
  ]);
}

async function suppression(path, address, note, said) {
  if (address === undefined || !address.includes("@"))
    throw new Refused("Which address? For instance ada@gmail.com");
  const result = await admin("POST", `/suppressions${path}`, {
    address,
    note: words(note, "why, as a note"),
  });
  return show(result, () => [said]);
}

function alertTable(alerts) {
  return table(alerts, {
    alert: (alert) => alert.name,
    detail: (alert) => alert.detail,
    times: (alert) => alert.count,
    last: (alert) => localTime(alert.last_at),
  });
}

function show(result, lines) {
  console.log(
    asJson
      ? JSON.stringify(result, null, 2)
      : lines()
          .filter((line) => line !== "")
          .join("\n"),
  );
}

if (await bootstrap(import.meta.url)) {
  if (
    command === undefined ||
    command === "help" ||
    command === "--help" ||
    !Object.hasOwn(COMMANDS, command)
  ) {
    console.log(
      command === undefined || command === "help" ? USAGE : `There is no command "${command}".\n\n${USAGE}`,
    );
    process.exitCode = command === undefined || command.endsWith("help") ? 0 : 2;
  } else {
    try {
      await COMMANDS[command](rest);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      console.error(error.message);
      process.exitCode = 1;
    }
  }
}
