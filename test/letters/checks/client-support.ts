import { rawData } from "caniemail";
import { type CssNode, generate, parse as parseCss, walk } from "css-tree";
import { type DefaultTreeAdapterTypes, parse as parseHtml } from "parse5";

type Element = DefaultTreeAdapterTypes.Element;

/** How a mail client takes a feature, by caniemail's newest test: in part (with its notes), not at all, or never tested. */
export type Support = "yes" | "part" | "no" | "untested";

/** What a mail uses: names of caniemail's features, and what it uses that the data has no feature for. */
export type Usage = { readonly features: ReadonlySet<string>; readonly unlisted: ReadonlySet<string> };

type Feature = (typeof rawData.data)[number];
const FEATURES = new Map<string, Feature>(rawData.data.map((feature) => [feature.slug, feature]));

/** Names that the data files several elements, attributes or properties under. */
const FILED_UNDER: Readonly<Record<string, string>> = {
  "html-ul": "html-lists",
  "html-ol": "html-lists",
  "html-li": "html-lists",
};
for (const level of [1, 2, 3, 4, 5, 6]) Object.assign(FILED_UNDER, { [`html-h${level}`]: "html-h1-h6" });
for (const name of "article aside details figcaption figure footer header main mark nav section summary time".split(
  " ",
))
  Object.assign(FILED_UNDER, { [`html-${name}`]: "html-semantics" });
for (const side of ["top", "right", "bottom", "left"]) {
  Object.assign(FILED_UNDER, {
    [`css-margin-${side}`]: "css-margin",
    [`css-padding-${side}`]: "css-padding",
    [`css-border-${side}`]: "css-border",
  });
}
Object.assign(FILED_UNDER, { "css-border-color": "css-border", "css-border-width": "css-border" });

/** What a mail's HTML and CSS use, by their names in caniemail's data. Comments for Word's engine are not looked into. */
export function usageOf(html: string): Usage {
  const features = new Set<string>();
  const unlisted = new Set<string>();
  const note = (slug: string, told: string) => {
    const feature = FILED_UNDER[slug] ?? slug;
    if (FEATURES.has(feature)) features.add(feature);
    else unlisted.add(told);
  };
  const noteIfListed = (slug: string) => {
    if (FEATURES.has(slug)) features.add(slug);
  };
  const visitCss = (css: CssNode) =>
    walk(css, (node) => {
      switch (node.type) {
        case "Declaration": {
          note(`css-${node.property}`, `${node.property} (CSS)`);
          if (node.important) noteIfListed("css-important");
          const value = generate(node.value);
          noteIfListed(`css-${node.property}-${value}`);
          break;
        }
        case "Dimension":
          noteIfListed(`css-unit-${node.unit}`);
          break;
        case "Percentage":
          features.add("css-unit-percent");
          break;
        case "Function":
          noteIfListed(`css-function-${node.name}`);
          break;
        case "Atrule":
          note(`css-at-${node.name}`, `@${node.name}`);
          break;
        case "Feature":
          noteIfListed(`css-at-media-${node.name}`);
          break;
        case "ClassSelector":
          features.add("css-selector-class");
          break;
        case "PseudoClassSelector":
          note(`css-pseudo-class-${node.name}`, `:${node.name}`);
          break;
        default:
      }
    });
  visitElements(parseHtml(html), (element) => {
    note(`html-${element.tagName}`, `<${element.tagName}>`);
    for (const { name, value } of element.attrs) {
      if (name === "style") visitCss(parseCss(value, { context: "declarationList" }));
      else noteIfListed(`html-${name}`);
      if (name === "href" && value.startsWith("mailto:")) features.add("html-mailto-links");
      if (name === "name" && value === "color-scheme") features.add("html-meta-color-scheme");
    }
    if (element.tagName === "style") {
      const [text] = element.childNodes;
      if (text !== undefined && "value" in text) visitCss(parseCss(text.value));
    }
  });
  return { features, unlisted };
}

function visitElements(node: DefaultTreeAdapterTypes.Node, visit: (element: Element) => void): void {
  if ("tagName" in node) visit(node);
  if ("childNodes" in node) for (const child of node.childNodes) visitElements(child, visit);
}

/** How each mail client of the data takes a feature, by the client's name. */
export function supportOf(slug: string): ReadonlyMap<string, Support> {
  const feature = FEATURES.get(slug);
  if (feature === undefined) throw new Error(`caniemail has no feature ${slug}`);
  const { family, platform } = rawData.nicenames as Record<"family" | "platform", Record<string, string>>;
  const support = new Map<string, Support>();
  for (const [name, platforms] of Object.entries(
    feature.stats as Record<string, Record<string, Record<string, string>>>,
  )) {
    for (const [on, versions] of Object.entries(platforms)) {
      const newest = Object.keys(versions)
        .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
        .at(-1);
      support.set(`${family[name] ?? name}, ${platform[on] ?? on}`, read(versions[newest ?? ""] ?? "u"));
    }
  }
  return support;
}

/** Title and page of a feature. */
export function featureOf(slug: string): { readonly title: string; readonly url: string } {
  const feature = FEATURES.get(slug);
  if (feature === undefined) throw new Error(`caniemail has no feature ${slug}`);
  return feature;
}

function read(cell: string): Support {
  if (cell.startsWith("y")) return "yes";
  if (cell.startsWith("a")) return "part";
  return cell.startsWith("n") ? "no" : "untested";
}
