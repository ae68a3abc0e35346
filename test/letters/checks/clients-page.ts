import { rawData } from "caniemail";
import { featureOf, type Support, supportOf, type Usage } from "./client-support.ts";
import { DEGRADATIONS, NOT_IN_THE_DATA } from "./degradations.ts";

/** docs/CLIENTS.md: what the letters use that some mail client lacks, where, and what a reader sees then. */
export function clientsPage(usages: readonly Usage[]): string {
  const features = [...new Set(usages.flatMap((usage) => [...usage.features]))].sort();
  const lacking = features.filter((slug) =>
    [...supportOf(slug).values()].some((support) => support !== "yes"),
  );
  const clients = new Set(features.flatMap((slug) => [...supportOf(slug).keys()]));
  const rows = lacking.map((slug) => {
    const { title, url } = featureOf(slug);
    const cells = (["no", "part", "untested"] as const).map((support) => clientsWith(slug, support));
    return `| [${title.replaceAll("|", "\\|").replaceAll("<", "\\<")}](${url}) | ${cells.join(" | ")} | ${DEGRADATIONS[slug] ?? "–"} |`;
  });
  const whole = features.filter((slug) => !lacking.includes(slug)).map((slug) => featureOf(slug).title);
  const unlisted = Object.entries(NOT_IN_THE_DATA).map(
    ([name, why]) => `\`${name.replace(" (CSS)", "")}\` (${why})`,
  );
  return `# Mail clients

What the letters and the system mails look like where. Checked against the data of [caniemail.com](https://www.caniemail.com)
(as of ${rawData.last_update_date.slice(0, 10)}, ${clients.size} mail clients), **not in these clients themselves**: no Outlook, no Gmail and no phone has
shown our letters to us. What is seen here was seen in Chromium, in light, dark, its own forced dark, at phone width and with
pictures off (\`npm run gallery\`). Before your first run, send one letter to yourself and look.

Made by the test \`test/letters/letters.pure.test.ts\` (\`npm test -- test/letters -u\` after a change), which fails when a
letter uses something that a client lacks and that is not told here.

## How the letters are built

- **One column** of 600 px at most, in tables that say that they are for layout only. Classic Outlook on Windows (Word's engine)
  knows no \`max-width\`: it gets a table of 600 px in a comment that only it reads.
- **Buttons** are links with padding in a coloured cell, 50 px high, all of it to be pressed. Word's engine gives no padding to links
  and takes it from the cell; there the words are what can be pressed.
- **Dark mode**: own colours where the client asks for them. Where it turns colours around by itself (Gmail, Outlook), the tests turn
  every pair of text and ground around by arithmetic in the two usual ways, and hold the contrast to 4.5:1.
- **Pictures off**: an ornament has an empty alternative text, and nothing is lost without it. A letter's own picture leaves the words that it was given, as wide as
  the screen.
- **Read aloud**: source order is reading order; one h1, then h2; real lists; language on two elements; the ornament is passed over.
- **Text part**: every word and link of the letter, in lines of at most 76 characters, each link in a line of its own.

## What some client lacks

| used | not supported in | in part in | not tested in | what a reader sees then |
|---|---|---|---|---|
${rows.join("\n")}

Supported everywhere: ${whole.join(", ").replaceAll("<", "\\<")}.

Not in the data: ${unlisted.join("; ")}.
`;
}

/** "Orange (Desktop Webmail, iOS), Outlook (Windows)" */
function clientsWith(slug: string, wanted: Support): string {
  const families = new Map<string, string[]>();
  for (const [client, support] of supportOf(slug)) {
    const [family = "", platform = ""] = client.split(", ");
    if (support === wanted) families.set(family, [...(families.get(family) ?? []), platform]);
  }
  return [...families].map(([family, platforms]) => `${family} (${platforms.join(", ")})`).join(", ");
}
