import { type DefaultTreeAdapterTypes, parse } from "parse5";

type Element = DefaultTreeAdapterTypes.Element;

/** Word's engine takes paddings on cells; lists bring an indent of their own, and the body has none. */
const PADDED = new Set(["td", "th", "ol", "ul", "body"]);

/**
 * Faults of a mail as classic Outlook reads it, with the comments meant for Word's engine opened: a column without a width in an attribute,
 * room where Word gives none, pictures that it would scale.
 */
export function wordFaults(html: string): string[] {
  const faults: string[] = [];
  const opened = html.replaceAll(/<!--\[if mso\]>(.*?)<!\[endif\]-->/gs, "$1");
  if (!opened.includes("<o:PixelsPerInch>96</o:PixelsPerInch>")) faults.push("pictures are scaled");
  if ((opened.match(/<table/g) ?? []).length !== (opened.match(/<\/table>/g) ?? []).length)
    faults.push("a table is not closed");
  visit(parse(opened), [], (element, above) => {
    const styleOf = (of: Element | undefined) => attribute(of, "style") ?? "";
    const isCard = attribute(element, "class") === "card";
    if (isCard && !above.some((each) => each.tagName === "table" && attribute(each, "width") === "600"))
      faults.push("the column has no width");
    if (!/(?:^|;)padding/.test(styleOf(element)) || PADDED.has(element.tagName)) return;
    // A link's own room is for all others; Word's engine takes it from the cell around it.
    const room = /padding:([^;]+)/.exec(styleOf(element))?.[1];
    if (!styleOf(above.at(-1)).includes(`mso-padding-alt:${room}`))
      faults.push(`padding on <${element.tagName}>`);
  });
  return faults;
}

function attribute(element: Element | undefined, name: string): string | undefined {
  return element?.attrs.find((each) => each.name === name)?.value;
}

function visit(
  node: DefaultTreeAdapterTypes.Node,
  above: readonly Element[],
  see: (element: Element, above: readonly Element[]) => void,
): void {
  if ("tagName" in node) see(node, above);
  const inside = "tagName" in node ? [...above, node] : above;
  if ("childNodes" in node) for (const child of node.childNodes) visit(child, inside, see);
}
