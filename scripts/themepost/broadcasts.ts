// Letters in between: written from a file, scheduled, taken back, stopped, sent to the rest.
import { basename, dirname } from "node:path";
import { withPictures } from "../content/letter-pictures.ts";
import { type LetterFile, readLetterFile } from "../content/read-sequence.ts";
import { type Command, counts, type Given, Misused, numbers, Refused, shown } from "./command.ts";
import { refusedBy } from "./content.ts";
import { localTime, quantity, table } from "./show.ts";

type Broadcast = {
  readonly id: number;
  readonly state: "draft" | "scheduled" | "sending" | "done" | "stopped" | "held";
  readonly reason: string | null;
  readonly subject: string;
  readonly audience: unknown;
  readonly time: unknown;
  readonly locks_at: string | null;
  readonly locked_at: string | null;
  readonly ended_at: string | null;
  readonly progress: { readonly people: number; readonly settled: number } | null;
  readonly numbers:
    | ({ readonly people: number; readonly skipped: Readonly<Record<string, number>> } & Readonly<
        Record<"accepted" | "failed" | "held" | "uncertain" | "waiting", number>
      >)
    | null;
};

type Forecast = {
  readonly people: number;
  readonly at_least: boolean;
  readonly not_agreed: number;
  readonly suppressed: number;
  readonly last_leaves_at: string | null;
};

type Segment = {
  readonly id: number;
  readonly name: string;
  readonly archived_at: string | null;
  readonly used_by: number;
};

const RESTORED = "the database was restored";
const WHY_HELD: Readonly<Record<string, string>> = {
  late: "it's more than two days late",
  restored: RESTORED,
  restored_locked: `${RESTORED}; in the time that was lost it had begun to leave`,
  restored_taken_back: `${RESTORED}; in the time that was lost it had been taken back`,
  restored_stopped: `${RESTORED}; in the time that was lost it had been stopped`,
};

const SAID: Readonly<Record<Broadcast["state"], (of: Broadcast) => string>> = {
  draft: () => "a draft; nothing has been sent",
  scheduled: ({ locks_at }) => `leaves ${localTime(locks_at)}; nothing has been sent`,
  sending: ({ locked_at }) => `leaving since ${localTime(locked_at)}`,
  done: ({ locked_at }) => `sent ${localTime(locked_at)}`,
  stopped: ({ locked_at, ended_at }) =>
    `stopped${ended_at === null ? ", some of it may still be on its way" : ""}; it began to leave ${localTime(locked_at)}`,
  held: ({ reason }) => `held because ${WHY_HELD[reason ?? ""] ?? "it's late"}; to send it after all: go-on`,
};

/** What's true of a broadcast now, in lines. */
function told(of: Broadcast): string[] {
  const lines = [`${of.id}  ${of.subject || "(not written yet)"}: ${SAID[of.state](of)}.`];
  if (of.numbers === null) {
    const { progress } = of;
    return progress == null
      ? lines
      : [...lines, `About ${progress.settled} of ${progress.people} people have been dealt with.`];
  }
  const { people, skipped, accepted, failed, held, uncertain, waiting } = of.numbers;
  const rest = { failed, held, uncertain, "still to leave": waiting };
  lines.push(
    `${accepted} of ${people} have it. Left out: ${counts(skipped)}. Of the others: ${counts(rest)}.`,
  );
  return lines;
}

const idIn = (words: readonly string[]) =>
  numbers(words, "a broadcast's number (broadcasts lists them)")[0] ?? 0;

export const broadcasts: Command = {
  about: "letters in between, the newest first",
  run: async ({ list }) => {
    const all = await list<Broadcast>("/broadcasts");
    return shown(all, () => [
      all.data.length === 0
        ? "No broadcasts yet. Write one: broadcast FILE.md"
        : table(all.data, {
            number: ({ id }) => id,
            subject: ({ subject }) => subject || "(not written yet)",
            state: (each) => SAID[each.state](each),
          }),
    ]);
  },
};

/** A number shows a broadcast; a file writes one, or with a number the draft that it is. */
export const broadcast: Command = {
  about: "write one from a file, or change a draft; or show one by its number",
  args: "<file-or-number> [number]",
  run: async (given) => {
    const { admin, words } = given;
    const [first, second] = words;
    if (first === undefined)
      throw new Misused("Which broadcast, or which file? For instance: broadcast news.md");
    if (/^\d+$/.test(first)) {
      const found = await admin<Broadcast>("GET", `/broadcasts/${idIn(words)}`);
      const forecast = await forecastOf(given, found);
      return shown(forecast === null ? found : { ...found, forecast }, () => [
        ...told(found),
        forecast === null ? "" : foreseen(forecast),
      ]);
    }
    const path = given.at(first);
    const file = await refusedBy(() => readLetterFile(path, basename(path)));
    const at = (line: number | null) =>
      line === null ? file.front.name : `${file.front.name}:${line + file.offset}`;
    const [letter = file] = await refusedBy(() =>
      withPictures(given.service(), dirname(path), [file], (_, line) => at(line)),
    );
    const body = await bodyOf(given, letter);
    const made =
      second === undefined
        ? await admin<Broadcast>("POST", "/broadcasts", body)
        : await admin<Broadcast>("PUT", `/broadcasts/${idIn([second])}`, body);
    const forecast = await forecastOf(given, made);
    return shown({ broadcast: made, forecast }, () => [
      ...told(made),
      forecast === null ? "" : foreseen(forecast),
      made.state === "draft" ? `To send it: schedule ${made.id}` : "",
    ]);
  },
};

/** Who would get a draft now; null where nobody has said who, or it isn't a draft. */
async function forecastOf({ admin }: Given, { id, audience, state }: Broadcast): Promise<Forecast | null> {
  return audience === null || state !== "draft" ? null : admin<Forecast>("GET", `/broadcasts/${id}/forecast`);
}

function foreseen({ people, at_least, not_agreed, suppressed, last_leaves_at }: Forecast): string {
  const left = { "never agreed to letters in between": not_agreed, "aren't mailed any more": suppressed };
  const end =
    last_leaves_at === null || people === 0
      ? ""
      : ` The last letter will have left by ${localTime(last_leaves_at)}.`;
  const who =
    people === 0 ? "Nobody" : `${at_least ? "At least " : ""}${quantity(people, "person", "people")}`;
  return `${who} would get it now. Left out: ${counts(left)}.${end}`;
}

/** A file as the API takes it: `audience: everyone`, `segment: NAME` and `time: now` are short for what it asks. */
async function bodyOf({ list }: Given, { front, markdown }: LetterFile): Promise<Record<string, unknown>> {
  const { audience, segment, time, public: isPublic, ...others } = front.value;
  const body: Record<string, unknown> = { ...others, markdown };
  if (audience !== undefined) body.audience = audience === "everyone" ? { all: [] } : audience;
  if (time !== undefined) body.time = time === "now" ? { kind: "now" } : time;
  if (isPublic !== undefined) body.is_public = isPublic;
  if (segment === undefined) return body;
  if (audience !== undefined)
    throw new Refused(`${front.name} has an audience and a segment. Keep one of them.`);
  const { data } = await list<Segment>("/segments");
  const found = data.find(({ name }) => name === segment);
  if (found === undefined)
    throw new Refused(`There's no saved segment “${String(segment)}”. segments lists them.`);
  return { ...body, segment_id: found.id };
}

export const schedule: Command = {
  about: "schedule a draft; above 1,000 people, say how many with --people",
  args: "<number>",
  flags: ["people"],
  run: async ({ admin, words, flags }) => {
    const people =
      flags.people === undefined ? {} : { people: numbers([flags.people], "--people as a number")[0] };
    const found = await admin<Broadcast>("POST", `/broadcasts/${idIn(words)}/schedule`, people);
    return shown(found, () => [...told(found), `To take it back until then: take-back ${found.id}`]);
  },
};

/** A command that does one thing to a broadcast, and says what's true then. */
function acting(act: string, about: string, risk?: Command["risk"]): Command {
  return {
    about,
    args: "<number>",
    ...(risk === undefined ? {} : { risk }),
    run: async ({ admin, words }) => {
      const found = await admin<Broadcast>("POST", `/broadcasts/${idIn(words)}/${act}`);
      return shown(found, () => told(found));
    },
  };
}

export const takeBack = acting("take-back", "back to a draft before it leaves: nobody got it");
export const stopBroadcast = acting("stop", "stop one that's leaving; nobody else gets it");
export const goOn = acting(
  "go-on",
  "send one that's held after all",
  ({ words }) => `Broadcast ${idIn(words)} leaves now. What has left can't be taken back.`,
);
export const sendToRest = acting(
  "send-to-rest",
  "send a stopped one on, as it's written now; nobody gets it twice",
  ({ words }) =>
    `Broadcast ${idIn(words)} goes to everyone who hasn't had it. What has left can't be taken back.`,
);
export const sendToJoined = acting(
  "send-to-joined",
  "send one to those who joined since",
  ({ words }) =>
    `Broadcast ${idIn(words)} goes to everyone who joined since. What has left can't be taken back.`,
);

/** The command `count`: everyone who'd get a broadcast, however many readers there are. */
export const countAudience: Command = {
  about: "count everyone who'd get it, with many readers",
  args: "<number>",
  run: async ({ admin, words }) => {
    const path = `/broadcasts/${idIn(words)}`;
    type Counting = Forecast & {
      readonly counting: { readonly done: number; readonly total: number } | null;
    };
    const known = await admin<Counting>("GET", `${path}/forecast`);
    const isCounted = !known.at_least || known.counting !== null;
    const found = isCounted ? known : await admin<Counting>("POST", `${path}/count`);
    return shown(found, () => [
      found.counting === null
        ? foreseen(found)
        : `Counted ${found.counting.done} of ${found.counting.total} readers. Ask again in a moment: count ${words.join()}`,
    ]);
  },
};

export const segments: Command = {
  about: "saved segments",
  run: async ({ admin }) => {
    const all = await admin<{ readonly data: readonly Segment[] }>("GET", "/segments");
    return shown(all, () => [
      all.data.length === 0
        ? "No saved segments yet. Make one at the desk, under Readers."
        : table(all.data, {
            number: ({ id }) => id,
            name: ({ name }) => name,
            broadcasts: ({ used_by }) => used_by,
            state: ({ archived_at }) => (archived_at === null ? "offered" : "archived"),
          }),
    ]);
  },
};
