import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { IntlMessageFormat } from "intl-messageformat";
import { parseSync } from "vite";
import { expect, test } from "vitest";
import { LANGUAGES } from "../src/platform/texts/languages.ts";

const ROOT = join(import.meta.dirname, "..");
const SRC = join(ROOT, "src");

/** The words of the form's element, which fills its places without ICU MessageFormat. */
const FORM = "form.json";

const sources = ["src", "emails"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({ path: `${folder}/${path}`, source: readFileSync(join(ROOT, folder, path), "utf8") })),
);

const english = catalogues("en");

type Catalogue = { readonly file: string; readonly texts: Readonly<Record<string, string>> };

function catalogues(language: string): Catalogue[] {
  const folder = join(SRC, "platform", "texts", language);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((file) => ({
    file,
    texts: JSON.parse(readFileSync(join(folder, file), "utf8")) as Record<string, string>,
  }));
}

/** As the parser of ICU MessageFormat gives it. */
type Part = {
  readonly type: number;
  readonly value: string;
  readonly children?: readonly Part[];
  readonly options?: Readonly<Record<string, { readonly value: readonly Part[] }>>;
};
const LITERAL = 0;
const PLURAL = 6;
const POUND = 7;
const TAG = 8;

/** The places and tags of a text, each once, in order. Throws where it is no ICU MessageFormat. */
function namesOf(text: string, language: string): string[] {
  const names = new Set<string>();
  const walk = (parts: readonly Part[]) => {
    for (const { type, value, children, options } of parts) {
      if (type === LITERAL || type === POUND) continue;
      names.add(type === TAG ? `<${value}>` : `{${value}}`);
      walk(children ?? []);
      for (const option of Object.values(options ?? {})) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(text, language).getAst() as unknown as Part[]);
  return [...names].sort();
}

test("every text of every language parses and has the places and tags of the English one", () => {
  expect(english.map(({ file }) => file)).toContain(FORM);
  const wrong = LANGUAGES.flatMap((language) =>
    catalogues(language).flatMap(({ file, texts }) => {
      const model = english.find((one) => one.file === file)?.texts ?? {};
      return Object.entries(texts).flatMap(([key, text]) => {
        const wanted = model[key];
        if (wanted === undefined) return [`${language}/${file} ${key}: no such text in English`];
        const [names, wantedNames] = [namesOf(text, language), namesOf(wanted, "en")];
        return String(names) === String(wantedNames)
          ? []
          : [`${language}/${file} ${key}: has ${names}, not ${wantedNames}`];
      });
    }),
  );
  expect(wrong).toEqual([]);
});

/** What the owner and partners alone meet. */
const IN_ENGLISH_ONLY = ["owner.json", "desk.json"];

test("every language has every text that a reader meets, in the order of the English ones", () => {
  for (const language of LANGUAGES) {
    for (const { file, texts } of english.filter((one) => !IN_ENGLISH_ONLY.includes(one.file))) {
      const own = catalogues(language).find((one) => one.file === file)?.texts ?? {};
      expect([language, file, Object.keys(own)]).toEqual([language, file, Object.keys(texts)]);
    }
  }
});

/** The plurals of a text: what each counts, and the cases that it has. */
function pluralsOf(text: string, language: string): { readonly of: string; readonly cases: string[] }[] {
  const found: { readonly of: string; readonly cases: string[] }[] = [];
  const walk = (parts: readonly Part[]) => {
    for (const { type, value, children, options } of parts) {
      if (type === PLURAL) found.push({ of: value, cases: Object.keys(options ?? {}) });
      walk(children ?? []);
      for (const option of Object.values(options ?? {})) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(text, language).getAst() as unknown as Part[]);
  return found;
}

/** Categories that only fractions and millions fall into (CLDR, plural rules of the Romance languages). */
const NEVER_COUNTED: Readonly<Record<string, readonly string[]>> = {
  fr: ["many"],
  es: ["many"],
  pt: ["many"],
};
const EXACTLY: Readonly<Record<string, string>> = { zero: "=0", one: "=1", two: "=2" };

test("every plural has every case that its language tells apart", () => {
  const wrong = LANGUAGES.flatMap((language) => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    const wanted = pluralCategories.filter((one) => !NEVER_COUNTED[language]?.includes(one));
    return catalogues(language)
      .filter(({ file }) => file !== FORM)
      .flatMap(({ file, texts }) =>
        Object.entries(texts).flatMap(([key, text]) =>
          pluralsOf(text, language).flatMap(({ of, cases }) =>
            wanted
              .filter((one) => !(cases.includes(one) || cases.includes(EXACTLY[one] ?? one)))
              .map((one) => `${language}/${file} ${key}: {${of}} has no case for ${one}`),
          ),
        ),
      );
  });
  expect(wrong).toEqual([]);
});

test("the element's texts read the same without ICU MessageFormat", () => {
  for (const language of LANGUAGES) {
    for (const text of Object.values(catalogues(language).find(({ file }) => file === FORM)?.texts ?? {})) {
      const read = new IntlMessageFormat(text, language).format({ address: "ada@gmail.com" });
      expect(read).toBe(text.replace("{address}", "ada@gmail.com"));
    }
  }
});

test("every text is named in the source, and in one catalogue only", () => {
  const all = sources.map(({ source }) => source).join("\n");
  // Such as say(`why.${reason}`), where the compiler knows all the reasons.
  const built = [...all.matchAll(/\bsay(?:With)?(?:In)?\(\s*`(\w+\.[\w.]*)\$\{[^`}]+\}([\w.]*)`/g)];
  const isNamed = (key: string) =>
    all.includes(`"${key}"`) ||
    built.some(([, start = "", end = ""]) => key.startsWith(start) && key.endsWith(end));
  const isLabel = (key: string) => new RegExp(`\\b(labels|LABELS(\\.\\w+|\\[\\w+\\]))\\.${key}\\b`).test(all);
  const unused = english.flatMap(({ file, texts }) =>
    Object.keys(texts).filter((key) => !(file === FORM ? isLabel(key) : isNamed(key))),
  );
  expect(unused).toEqual([]);
  const keys = english.flatMap(({ texts }) => Object.keys(texts));
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

/** A node of the syntax tree (ESTree with JSX), as far as it is looked into here. */
type Node = { readonly type: string; readonly start: number; readonly [field: string]: unknown };

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode);

/** The text of a string literal or of a piece of a template; null for other nodes. */
function textOf(node: Node): string | null {
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  if (node.type === "TemplateElement") return (node.value as { readonly raw: string }).raw;
  return null;
}

/** The pieces of text that an expression comes to, as far as they stand in it: not what it compares or passes on. */
function comesTo(node: Node): Node[] {
  switch (node.type) {
    case "ConditionalExpression":
      return [node.consequent, node.alternate].filter(isNode).flatMap(comesTo);
    case "LogicalExpression":
    case "BinaryExpression":
      return [node.left, node.right].filter(isNode).flatMap(comesTo);
    case "ParenthesizedExpression":
    case "TSAsExpression":
      return [node.expression].filter(isNode).flatMap(comesTo);
    case "TemplateLiteral":
      return childrenOf(node).flatMap(comesTo);
    default:
      return textOf(node) === null ? [] : [node];
  }
}

const LETTER = /\p{L}/u;
const WORDS = /\p{L} \p{L}/u;
const READ_ALOUD = new Set(["title", "label", "aria-label", "alt", "placeholder"]);
/** What these hold are names that stand apart by spaces, not words. */
const NAMES = new Set(["class", "className", "rel", "aria-labelledby", "aria-describedby"]);

const nameOf = (node: unknown) => (isNode(node) && typeof node.name === "string" ? node.name : "");

/** Whether what an attribute says is read by people: by its name, or as the description of a page. */
function isRead(attribute: string, element: Node): boolean {
  if (READ_ALOUD.has(attribute)) return true;
  const description = childrenOf(element).some(
    ({ name, value }) => nameOf(name) === "name" && isNode(value) && value.value === "description",
  );
  return attribute === "content" && description;
}

/** Every piece of text that stands in the JSX of a file. */
function textsInJsx(path: string, source: string): Node[] {
  const found = new Set<Node>();
  const take = (pattern: RegExp) => (node: Node) => {
    // A merge slot stands for what each reader gets.
    if (pattern.test((textOf(node) ?? "").replaceAll(/\{\{\w+\}\}/g, ""))) found.add(node);
  };
  const attribute = (node: Node, element: Node) => {
    const name = nameOf(node.name);
    if (NAMES.has(name) || !isNode(node.value)) return;
    const component = /^[A-Z]/.test(nameOf(element.name));
    const pattern = isRead(name, element) ? LETTER : WORDS;
    if (node.value.type === "Literal" && (component || pattern === LETTER)) take(pattern)(node.value);
    else if (node.value.type === "JSXExpressionContainer") {
      if (pattern === LETTER) childrenOf(node.value).flatMap(comesTo).forEach(take(LETTER));
      walk(node.value, true);
    }
  };
  const walk = (node: Node, inJsx: boolean): void => {
    if (inJsx) take(WORDS)(node);
    for (const child of childrenOf(node)) {
      if (child.type === "JSXText") {
        if (LETTER.test(String(child.value))) found.add(child);
      } else if (child.type === "JSXAttribute") attribute(child, node);
      else if (child.type === "JSXExpressionContainer") {
        childrenOf(child).flatMap(comesTo).forEach(take(LETTER));
        walk(child, true);
      } else walk(child, inJsx);
    }
  };
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  walk(program as unknown as Node, false);
  return [...found];
}

const outside = (path: string, source: string) =>
  textsInJsx(path, source).map((node) => {
    const text = textOf(node) ?? String(node.value);
    return `${path}:${source.slice(0, node.start).split("\n").length}: ${text.replaceAll(/\s+/g, " ").trim()}`;
  });

test("no text of a page stands outside the catalogue", () => {
  const pages = sources.filter(
    ({ path }) => path.endsWith(".tsx") && !path.startsWith("src/domain/letters/"),
  );
  expect(pages.length).toBeGreaterThan(10);
  expect(pages.flatMap(({ path, source }) => outside(path, source))).toEqual([]);
});

test("text in JSX is found wherever it can stand, and nothing else is taken for it", () => {
  const page = `const page = <Page title="A" words={"B c"} class="d e"><p aria-label={f ? "G" : h}>i</p>
    {j === "k" ? "L" : \`\${m} n\`}{o(["P q"])}<meta name="description" content="R" />
    <meta name="viewport" content="s t" /><i class={u ? "v w" : "x"} aria-describedby={"v w"}> · {" "}</i>{say("y.z")}</Page>;`;
  expect(outside("p.tsx", page).sort()).toEqual([
    "p.tsx:1: A",
    "p.tsx:1: B c",
    "p.tsx:1: G",
    "p.tsx:1: i",
    "p.tsx:2: L",
    "p.tsx:2: P q",
    "p.tsx:2: R",
    "p.tsx:2: n",
  ]);
});
