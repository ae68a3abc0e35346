/** Where files come from that are known by their columns. */
const SOURCES = [
  "themepost",
  "mailchimp",
  "ghost",
  "substack",
  "beehiiv",
  "listmonk",
  "buttondown",
  "mailerlite",
  "kit",
  "generic",
] as const;
type Source = (typeof SOURCES)[number];

/** What a column can mean. `subscribed` is a yes or no, `disabled` the opposite; `left_at` and `deleted_at` say by being filled in. */
export const MEANINGS = [
  "ignore",
  "email",
  "first_name",
  "name",
  "state",
  "subscribed",
  "disabled",
  "suppression",
  "left_at",
  "deleted_at",
  "zone",
  "tags",
] as const;
export type Meaning = (typeof MEANINGS)[number];

/** What a file is: who exported it, and what each of its columns means. `state` holds for all of its lines; null where a column says it. */
export type Recognised = {
  readonly source: Source;
  readonly columns: readonly Meaning[];
  readonly state: string | null;
};

/** Columns by which a source is known. */
const MARKS: ReadonlyArray<readonly [Source, (has: (name: string) => boolean) => boolean]> = [
  ["themepost", (has) => has("consent_wording") && has("themes_had")],
  ["mailchimp", (has) => has("member_rating") || has("leid") || has("optin_time") || has("clean_time")],
  ["ghost", (has) => has("subscribed_to_emails")],
  ["substack", (has) => has("email_disabled")],
  ["listmonk", (has) => has("uuid") && has("attributes")],
  ["buttondown", (has) => has("subscriber_type")],
  ["beehiiv", (has) => has("status") && has("tier")],
  ["mailerlite", (has) => has("subscriber") && (has("groups") || has("subscribed"))],
  ["kit", (has) => has("first_name") && has("created_at") && (has("status") || has("state"))],
];

const NAMES: ReadonlyArray<readonly [Meaning, RegExp]> = [
  [
    "email",
    /^(e?-?mail|e-?mail[ _-]?(address|adresse|addr)?|deine e-mail[ -]adresse|ihre e-mail[ -]adresse|adresse (e-?mail|électronique|mail)|courriel|correo( electr[oó]nico)?|(endere[cç]o de )?e-?mail|direcci[oó]n de correo( electr[oó]nico)?|subscriber|البريد الإلكتروني|عنوان البريد الإلكتروني)$/u,
  ],
  [
    "first_name",
    /^(first[ _-]?name|fname|given[ _-]?name|vorname|pr[eé]nom|nombre|primeiro nome|nome|الاسم الأول)$/u,
  ],
  ["name", /^(name|full[ _-]?name|nom|الاسم)$/u],
  ["state", /^(status|state|subscriber_type|subscription[ _-]?status)$/u],
  ["subscribed", /^(subscribed_to_emails|subscribed|opted[ _-]?in)$/u],
  ["disabled", /^(email_disabled)$/u],
  ["suppression", /^suppression$/u],
  ["left_at", /^(unsub_time|unsubscribed_at|unsubscription_date|clean_time)$/u],
  ["deleted_at", /^deleted_at$/u],
  ["zone", /^(time[ _-]?zone|zone|zeitzone)$/u],
  ["tags", /^(tags|labels|groups)$/u],
];

const normal = (name: string) =>
  name
    .normalize("NFC")
    .replaceAll(/[\s\u00a0\u200b\ufeff]+/gu, " ")
    .trim()
    .toLowerCase();

/** Whether a first line is a line of people already: one of its cells is an address. */
export function isHeadless(cells: readonly string[]): boolean {
  return cells.some((cell) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(cell.trim()));
}

/** What a file is by its first line and its name. Of a meaning that two columns have, the first counts. */
export function recognise(header: readonly string[], fileName: string): Recognised {
  if (isHeadless(header)) {
    const columns = header.map((cell): Meaning => (cell.includes("@") ? "email" : "ignore"));
    return { source: "generic", columns: onceEach(columns), state: null };
  }
  const names = header.map(normal);
  const has = (name: string) => names.includes(name) || names.includes(name.replaceAll("_", " "));
  const source = MARKS.find(([, is]) => is(has))?.[0] ?? "generic";
  const columns = names.map(
    (name): Meaning => NAMES.find(([, pattern]) => pattern.test(name))?.[0] ?? "ignore",
  );
  if (!columns.includes("email")) {
    const near = names.findIndex((name) => /mail/.test(name));
    if (near >= 0) columns[near] = "email";
  }
  return {
    source,
    columns: onceEach(columns),
    state: source === "mailchimp" ? stateOfFile(fileName, has) : null,
  };
}

/** Mailchimp says in which file someone is, and in no column. */
function stateOfFile(fileName: string, has: (name: string) => boolean): string {
  const name = fileName.toLowerCase();
  if (name.startsWith("cleaned") || has("clean_time")) return "cleaned";
  if (name.startsWith("unsubscribed") || has("unsub_time")) return "unsubscribed";
  return "subscribed";
}

function onceEach(columns: readonly Meaning[]): Meaning[] {
  return columns.map((meaning, place) => (columns.indexOf(meaning) === place ? meaning : "ignore"));
}
