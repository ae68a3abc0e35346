import { pictureInLetter, picturesNamed } from "../../platform/links/picture-name.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What an answer of the API holds besides what can be published. */
const ANSWERED = new Set(["version", "published_at", "archived_at", "origin", "rendering", "slug"]);

/** As far as the names of files need it. */
type Letter = { readonly slug: string; readonly markdown: string };

/** A site and its sequences, as the API answers them. */
export type Content = {
  readonly site: Fields;
  /** The author's picture: the end of its file's name, and the file. */
  readonly picture: { readonly kind: string; readonly file: Uint8Array } | null;
  readonly sequences: readonly Fields[];
  /** The pictures of letters, by their names. */
  readonly pictures: ReadonlyMap<string, Uint8Array>;
};

/** A file of a folder: its path there, and what's in it. */
export type FolderFile = { readonly name: string; readonly content: string | Uint8Array };

/**
 * A site and its sequences as the files of a folder that can be published again, in order. `yaml` writes fields, and `nameOf` gives the name of the
 * file that a letter of a sequence (by both slugs; `welcome` for its welcome) is in already; undefined for a new one.
 */
export function filesOf(
  { site, picture, pictures, sequences }: Content,
  yaml: (fields: Fields) => string,
  nameOf: (sequence: string, letter: string) => string | undefined,
): FolderFile[] {
  const fileOf = ({ markdown, ...front }: Letter) => `---\n${yaml(front)}---\n${markdown}`;
  const author = picture === null ? null : `author.${picture.kind}`;
  const own = publishable(site);
  const signed = author === null ? own : { ...own, author: { ...(site.author as Fields), picture: author } };
  const ofSequences = sequences.flatMap(({ welcome, steps, ...sequence }) => {
    const slug = String(sequence.slug);
    const letters = steps as readonly Letter[];
    const numbered = (place: number) => String(place + 1).padStart(String(letters.length).length, "0");
    return [
      { name: "sequence.yaml", content: yaml(publishable(sequence)) },
      ...(welcome === null
        ? []
        : [{ name: nameOf(slug, "welcome") ?? "welcome.md", content: fileOf(welcome as Letter) }]),
      ...letters.map((letter, place) => ({
        name: nameOf(slug, letter.slug) ?? `${numbered(place)}-${letter.slug}.md`,
        content: fileOf(letter),
      })),
      ...picturesNamed(JSON.stringify([welcome, steps])).flatMap((name) => {
        const content = pictures.get(name);
        return content === undefined ? [] : [{ name: pictureInLetter(name), content }];
      }),
    ].map(({ name, content }) => ({ name: `sequences/${slug}/${name}`, content }));
  });
  return [
    { name: "site.yaml", content: yaml(signed) },
    ...(picture === null || author === null ? [] : [{ name: author, content: picture.file }]),
    ...ofSequences,
  ];
}

function publishable(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !ANSWERED.has(name)));
}

/** Fields as YAML, a line each: what JSON writes is YAML, too (YAML 1.2, section 1.3). */
export function jsonLines(fields: Fields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) => `${name}: ${JSON.stringify(value).replaceAll(/[\u2028\u2029\u0085]/g, escaped)}\n`,
    )
    .join("");
}

/** Line breaks that JSON leaves as they are, and YAML wouldn't (YAML 1.1, section 5.4). */
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
