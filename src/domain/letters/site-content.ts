import type { SiteContent, StoredPicture } from "../../platform/db/schema/index.ts";
import type { SiteInput } from "../site/site-schema.ts";
import { faultOf, type LetterFault, refuses } from "./letter-rules.ts";
import { pageBody } from "./page-body.tsx";
import { lineOf, walk } from "./parse-letter.ts";
import { readLetter } from "./read-letter.ts";

/** Stands for our own host, which answers leave out: `[Privacy](/privacy)`. No one can have it (RFC 2606, section 2). */
const OWN = "https://own.invalid";

/** A rule that one of the answers breaks, by its place in the list. */
export type AnswerFault = LetterFault & { readonly place: number };

/** A site as it's stored, with its author's picture and its answers made into HTML; or what's wrong with them. */
export function readSiteContent(
  input: SiteInput,
  publicUrl: string,
  picture: StoredPicture | null,
):
  | { readonly kind: "read"; readonly content: SiteContent }
  | { readonly kind: "faulty"; readonly faults: readonly AnswerFault[] } {
  const read = input.questions.map(({ answer }) => {
    const markdown = answer.replaceAll("](/", `](${OWN}/`);
    const letter = {
      slug: "answer",
      subject: "answer",
      preheader: "",
      markdown,
      status: "published",
    } as const;
    const { parsed, faults } = readLetter(letter, [], [], publicUrl);
    const pictures: LetterFault[] = [];
    for (const root of parsed.content)
      walk(root, (node) => {
        if (node.type === "image")
          pictures.push(faultOf("answer", lineOf(node, 0), "picture", "an answer has no pictures"));
      });
    return { parsed, faults: [...faults.filter(refuses), ...pictures] };
  });
  const faults = read.flatMap(({ faults: found }, place) => found.map((fault) => ({ ...fault, place })));
  if (faults.length > 0) return { kind: "faulty", faults };
  const { name, tagline, accent, language, hero, owner, consent, archive } = input;
  const { author } = input;
  return {
    kind: "read",
    content: {
      name,
      tagline,
      author: {
        name: author?.name ?? "",
        line: author?.line ?? "",
        signOff: author?.sign_off ?? "",
        ...(picture === null ? {} : { picture }),
      },
      accent,
      language,
      timeZone: input.time_zone,
      slot: input.slot,
      hero,
      questions: input.questions.map(({ question, answer }, place) => ({
        question,
        answer,
        html: pageBody(read[place]?.parsed ?? { heading: null, headline: null, content: [] }, {}).replaceAll(
          `href="${OWN}/`,
          'href="/',
        ),
      })),
      owner: { name: owner.name, postalAddress: owner.address },
      consent,
      archiveInFull: archive === "off" ? null : archive,
    },
  };
}
