import { readFileSync } from "node:fs";
import { messageOf } from "../project.ts";
import type { Act } from "./acts.ts";
import { type Command, inWords, Misused, numbers, Refused, shown, textOf } from "./command.ts";
import { dayOf, localTime, table } from "./show.ts";

type Partner = {
  readonly slug: string;
  readonly name: string;
  readonly frozen: boolean;
  readonly sequence: string;
  readonly time_zone: string;
  readonly origins: readonly string[];
  readonly test_origins: readonly string[];
  readonly form_key: string;
  readonly wording: { readonly version: string };
  readonly consent_locale: string;
  readonly consent_text: string;
  readonly consent_translations: Readonly<Record<string, string>>;
  readonly consent_untranslated: readonly string[];
  readonly daily_limit: number | null;
  readonly return_urls: Readonly<Record<string, string>>;
};

type Key = { readonly key: string; readonly created_at: string; readonly retires_at: string | null };

type PartnerInFull = Partner & {
  readonly keys: readonly Key[];
  readonly links: readonly {
    readonly id: number;
    readonly created_at: string;
    readonly revoked_at: string | null;
  }[];
  readonly changes: readonly Act[];
};

type Week = {
  readonly week: string;
  readonly submitted: number;
  readonly confirmed: number;
  readonly active_after_four_weeks: number | null;
  readonly unsubscribed: number;
  readonly bounced: number;
  readonly complained: number;
  readonly refused: number;
};

function slugOf(slug = ""): string {
  if (!/^[a-z0-9-]+$/.test(slug)) throw new Misused("Which partner? Give its slug (partners lists them).");
  return slug;
}

function linkIn(id = ""): number {
  return numbers([id], "a link's number (partner SLUG lists them)")[0] ?? 0;
}

function facts(of: Partner): readonly string[] {
  const returns = Object.entries(of.return_urls).map(([id, url]) => `${id} → ${url}`);
  return [
    `${of.name} (${of.slug})${of.frozen ? ", FROZEN" : ""}: sequence ${of.sequence}, time zone ${of.time_zone}.`,
    `Origins: ${of.origins.map((origin) => `${origin}${of.test_origins.includes(origin) ? " (test)" : ""}`).join(", ")}`,
    `Form key: ${of.form_key}`,
    `Wording ${of.wording.version} (${of.consent_locale}): ${of.consent_text}`,
    ...Object.entries(of.consent_translations).map(([language, text]) => `Wording (${language}): ${text}`),
    ...(of.consent_untranslated.length === 0
      ? []
      : [
          `Forms in ${of.consent_untranslated.join(", ")} show the ${of.consent_locale} wording. Add others as consent_translations.`,
        ]),
    `Sign-ups per day: ${of.daily_limit ?? "no limit"}. Return addresses: ${returns.join(", ") || "none"}`,
  ];
}

export const partners: Command = {
  about: "the sites with your form",
  run: async ({ list }) => {
    const all = await list<Partner>("/partners");
    return shown(all, () => [
      all.data.length === 0
        ? "No partners yet. Add one: set-partner SLUG FILE.json"
        : table(all.data, {
            slug: (each) => each.slug,
            name: (each) => each.name,
            origins: (each) => each.origins.join(" "),
            state: (each) => (each.frozen ? "frozen" : "open"),
          }),
    ]);
  },
};

export const partner: Command = {
  about: "one of them, with its keys, wording, links and changes",
  args: "<slug>",
  run: async ({ admin, words: [slug] }) => {
    const found = await admin<PartnerInFull>("GET", `/partners/${slugOf(slug)}`);
    return shown(found, () => [
      ...facts(found),
      table(found.keys, {
        key: ({ key }) => key,
        made: (key) => localTime(key.created_at),
        "works until": (key) => localTime(key.retires_at) || "(current)",
      }),
      found.links.length === 0
        ? "No links to its page yet. Make one: partner-link SLUG"
        : table(found.links, {
            link: ({ id }) => id,
            made: (link) => localTime(link.created_at),
            revoked: (link) => localTime(link.revoked_at),
          }),
      ...found.changes
        .slice(0, 10)
        .map(({ at, verb, changed }) => `${localTime(at)}  ${inWords(verb)} ${JSON.stringify(changed)}`),
    ]);
  },
};

export const setPartner: Command = {
  about: "add or change one (docs/operations/partners.md)",
  args: "<slug> <file.json>",
  run: async ({ admin, words: [slug, ...file], at }) => {
    const path = textOf(file, "which JSON file");
    const found = await admin<Partner>("PUT", `/partners/${slugOf(slug)}`, readJson(at(path)));
    return shown(found, () => [...facts(found), `For the HTML to paste: snippets ${slug}`]);
  },
};

export const rotateKey: Command = {
  about: "a new form key; the old one works for some days more (30)",
  args: "<slug> [days]",
  run: async ({ admin, words: [slug, days] }) => {
    const body = days === undefined ? {} : { grace_days: Number(days) };
    const { keys } = await admin<{ keys: Key[] }>("POST", `/partners/${slugOf(slug)}/rotate-key`, body);
    const [current, old] = keys;
    return shown({ keys }, () => [
      `The new key is ${current?.key}. ${old?.key} works until ${localTime(old?.retires_at)}.`,
    ]);
  },
};

export const snippets: Command = {
  about: "the HTML the partner pastes, and its policy lines",
  args: "<slug> [language]",
  run: async ({ admin, words: [slug, lang] }) => {
    const query = lang === undefined ? "" : `?lang=${encodeURIComponent(lang)}`;
    const result = await admin<{ embeds: { kind: string; html: string; csp: string }[] }>(
      "GET",
      `/partners/${slugOf(slug)}/snippets${query}`,
    );
    return shown(result, () =>
      result.embeds.flatMap(({ kind, html, csp }) => [
        `── ${kind === "element" ? "With our script" : "Plain"}`,
        html,
        `Policy: ${csp}`,
      ]),
    );
  },
};

export const partnerLink: Command = {
  about: "a link to the partner's own page",
  args: "<slug>",
  run: async ({ admin, words: [slug] }) => {
    const result = await admin<{ id: number; url: string }>("POST", `/partners/${slugOf(slug)}/links`);
    return shown(result, () => [
      result.url,
      `Anyone with this link can see the snippets and the report. Revoke it: revoke-link ${slug} ${result.id}`,
    ]);
  },
};

export const revokeLink: Command = {
  about: "make that link stop working",
  args: "<slug> <number>",
  risk: ({ words: [slug, id] }) => `Link ${linkIn(id)} of ${slugOf(slug)} stops working for good.`,
  run: async ({ admin, words: [slug, id] }) => {
    const result = await admin("DELETE", `/partners/${slugOf(slug)}/links/${linkIn(id)}`);
    return shown(result, () => ["The link no longer works."]);
  },
};

export const report: Command = {
  about: "a partner's results, by week",
  args: "<slug>",
  run: async ({ admin, words: [slug] }) => {
    const result = await admin<{ data: Week[] }>("GET", `/partners/${slugOf(slug)}/report`);
    return shown(result, () => [
      result.data.length === 0
        ? "No one has used its forms yet."
        : table(result.data, {
            "week of": (week) => dayOf(week.week),
            "signed up": (week) => week.submitted,
            confirmed: (week) => week.confirmed,
            "reading after 4 weeks": (week) => week.active_after_four_weeks ?? "too early",
            left: (week) => week.unsubscribed,
            bounced: (week) => week.bounced,
            complained: (week) => week.complained,
            refused: (week) => week.refused,
          }),
    ]);
  },
};

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Refused(`${path} can't be read as JSON: ${messageOf(error)}`);
  }
}
