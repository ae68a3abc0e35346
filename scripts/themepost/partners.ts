import { readFileSync, writeFileSync } from "node:fs";
import { localTime, table } from "./show.mjs";

/** The commands about partners and sign-ups, over the caller's way of asking the API and of showing answers. */
export function partnerCommands({ admin, page, show, words, Refused }) {
  const slugOf = (slug) => {
    if (!/^[a-z0-9-]+$/.test(slug ?? ""))
      throw new Refused("Which partner? Give its slug (partners lists them).");
    return slug;
  };
  const facts = (partner) => [
    `${partner.name} (${partner.slug})${partner.frozen ? ", FROZEN" : ""}: sequence ${partner.sequence}, zone ${partner.time_zone}.`,
    `Origins: ${partner.origins.map((origin) => `${origin}${partner.test_origins.includes(origin) ? " (test)" : ""}`).join(", ")}`,
    `Form key: ${partner.form_key}`,
    `Wording ${partner.wording.version} (${partner.consent_locale}): ${partner.consent_text}`,
    `A day's confirmations: ${partner.daily_limit ?? "the default"}. Return addresses: ${
      Object.entries(partner.return_urls)
        .map(([id, url]) => `${id} → ${url}`)
        .join(", ") || "none"
    }`,
  ];
  return {
    partners: async () => {
      const list = await admin("GET", "/partners?limit=500");
      const { data: partners } = list;
      return show(list, () => [
        partners.length === 0
          ? "No partners yet. Make one: set-partner SLUG FILE.json"
          : table(partners, {
              slug: (partner) => partner.slug,
              name: (partner) => partner.name,
              origins: (partner) => partner.origins.join(" "),
              state: (partner) => (partner.frozen ? "frozen" : "open"),
            }),
      ]);
    },
    partner: async ([slug]) => {
      const partner = await admin("GET", `/partners/${slugOf(slug)}`);
      return show(partner, () => [
        ...facts(partner),
        table(partner.keys, {
          key: ({ key }) => key,
          made: (key) => localTime(key.created_at),
          "works until": (key) => localTime(key.retires_at) || "(current)",
        }),
        partner.links.length === 0
          ? "No links to its page. Make one: partner-link SLUG"
          : table(partner.links, {
              link: ({ id }) => id,
              made: (link) => localTime(link.created_at),
              revoked: (link) => localTime(link.revoked_at),
            }),
        ...partner.changes
          .slice(0, 10)
          .map(
            ({ at, verb, changed }) =>
              `${localTime(at)}  ${verb.replaceAll("_", " ")} ${JSON.stringify(changed)}`,
          ),
      ]);
    },
    "set-partner": async ([slug, file]) => {
      let body;
      try {
        body = JSON.parse(readFileSync(words(file === undefined ? [] : [file], "which JSON file"), "utf8"));
      } catch (error) {
        if (error instanceof Refused) throw error;
        throw new Refused(`${file} cannot be read as JSON: ${error.message}`);
      }
      const partner = await admin("PUT", `/partners/${slugOf(slug)}`, body);
      return show(partner, () => [...facts(partner), `What to paste: snippets ${slug}`]);
    },
    "rotate-key": async ([slug, days]) => {
      const body = days === undefined ? {} : { grace_days: Number(days) };
      const { keys } = await admin("POST", `/partners/${slugOf(slug)}/rotate-key`, body);
      return show({ keys }, () => [
        `The key is ${keys[0].key} now. ${keys[1].key} works until ${localTime(keys[1].retires_at)}.`,
      ]);
    },
    snippets: async ([slug, lang]) => {
      const query = lang === undefined ? "" : `?lang=${encodeURIComponent(lang)}`;
      const result = await admin("GET", `/partners/${slugOf(slug)}/snippets${query}`);
      return show(result, () =>
        result.embeds.flatMap(({ kind, html, csp }) => [
          `── ${kind === "element" ? "With our script" : "Plain"}`,
          html,
          `Policy: ${csp}`,
        ]),
      );
    },
    "partner-link": async ([slug]) => {
      const result = await admin("POST", `/partners/${slugOf(slug)}/links`);
      return show(result, () => [
        result.url,
        `Whoever has it sees the snippets and the report. Revoke it: revoke-link ${slug} ${result.id}`,
      ]);
    },
    "revoke-link": async ([slug, id]) => {
      const result = await admin("DELETE", `/partners/${slugOf(slug)}/links/${Number(id)}`);
      return show(result, () => ["It does not work any more."]);
    },
    report: async ([slug]) => {
      const result = await admin("GET", `/partners/${slugOf(slug)}/report`);
      return show(result, () => [
        result.data.length === 0
          ? "Nobody has used its forms yet."
          : table(result.data, {
              "week of": (week) => week.week,
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
    refusals: async ([days]) => {
      const list = await admin("GET", `/refusals?days=${Number(days ?? 30) || 30}`);
      const { data: refusals } = list;
      return show(list, () => [
        refusals.length === 0
          ? "None."
          : table(refusals, {
              day: (row) => row.day,
              partner: (row) => row.partner ?? "own page",
              why: (row) => row.reason.replaceAll("_", " "),
              times: (row) => row.count,
            }),
      ]);
    },
    consents: async (values) => {
      const [who] = values.filter((value) => value !== "--html");
      if (who === undefined) throw new Refused("Whose? Give an address or a number.");
      const ask = who.includes("@")
        ? ["POST", "/subscribers/consents", { address: who }]
        : ["GET", `/subscribers/${Number(who)}/consents`];
      if (values.includes("--html")) {
        const file = "consents.html";
        writeFileSync(file, await page(...ask));
        return show({ file }, () => [`Written to ${file}. Open it in a browser and print it.`]);
      }
      const found = await admin(...ask);
      return show(found, () => [
        `${found.address} is ${found.state}.`,
        ...found.consents.flatMap((consent) => [
          `${localTime(consent.requested_at)} asked for ${consent.sequence} at ${consent.origin ?? "?"}${consent.page} (${consent.partner ?? "own page"}); ${
            consent.confirmed_at === null ? "not confirmed" : `confirmed ${localTime(consent.confirmed_at)}`
          }.`,
          `  ${consent.wording_version}: ${consent.wording_text}`,
        ]),
      ]);
    },
  };
}
