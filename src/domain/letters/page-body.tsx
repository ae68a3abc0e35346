import { type Child, Fragment } from "hono/jsx";
import type { BlockContent, DefinitionContent, PhrasingContent, RootContent } from "mdast";
import { buttonIn, KEEP_BLOCK, partsOf, shownText, sourceIn } from "../../../emails/components/parts.ts";
import { shownSize } from "../../../emails/components/picture.tsx";
import { OrnamentPicture } from "./ornament-picture.tsx";
import type { ParsedLetter } from "./parse-letter.ts";
import type { BlockHeadings } from "./variants.ts";

/**
 * The body of a letter as part of a web page, with its ornament: plain HTML with class names of web/styles.ts, headings from h2
 * down. Holds nothing personal: a link whose address is a slot becomes plain text, any other slot nothing.
 */
export function pageBody(letter: ParsedLetter, headings: BlockHeadings, ornament?: string): string {
  const block = (node: Block): Child => blockOf(node, headings);
  return String(
    <Fragment>
      {ornament === undefined ? null : <OrnamentPicture name={ornament} size="full" />}
      {partsOf(letter.content).map(({ kind, nodes }) =>
        kind === "text" ? nodes.map(block) : <section class={`part ${kind}`}>{nodes.map(block)}</section>,
      )}
    </Fragment>,
  );
}

/** The first paragraph as plain text; empty where there is none. */
export function openingOf(letter: ParsedLetter): string {
  const first = letter.content.find((node) => node.type === "paragraph");
  return first === undefined ? "" : plain(first.children);
}

type Block = RootContent | BlockContent | DefinitionContent;

function blockOf(node: Block, headings: BlockHeadings): Child {
  const block = (inner: Block): Child => blockOf(inner, headings);
  switch (node.type) {
    case "paragraph": {
      const button = buttonIn(node);
      if (button === null || button.url.includes("{{")) return <p>{node.children.map(phrase)}</p>;
      return (
        <p>
          <a class="button" href={button.url}>
            {button.children.map(phrase)}
          </a>
        </p>
      );
    }
    case "heading":
      if (node.depth === 4) return <h4>{node.children.map(phrase)}</h4>;
      return node.depth === 2 ? <h2>{node.children.map(phrase)}</h2> : <h3>{node.children.map(phrase)}</h3>;
    case "code":
      return <pre tabindex={0}>{node.value}</pre>;
    case "table": {
      const [head, ...rows] = node.children;
      const side = (place: number) => {
        const align = node.align?.[place];
        return align == null ? {} : { align };
      };
      return (
        <div class="scroll" tabindex={0}>
          <table>
            <thead>
              <tr>
                {head?.children.map((cell, place) => (
                  <th scope="col" {...side(place)}>
                    {cell.children.map(phrase)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr>
                  {row.children.map((cell, place) => (
                    <td {...side(place)}>{cell.children.map(phrase)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    }
    case "footnoteDefinition": {
      const [first, ...rest] = node.children;
      return (
        <Fragment>
          <p id={`note-${node.label}`} class="small">
            <a href={`#mark-${node.label}`}>{node.label}</a>{" "}
            {first?.type === "paragraph" ? first.children.map(phrase) : null}
          </p>
          {(first?.type === "paragraph" || first === undefined ? rest : node.children).map(block)}
        </Fragment>
      );
    }
    case "list": {
      const items = node.children.map((item) => (
        <li>
          {item.children.map((child, place) =>
            child.type === "paragraph" && place === 0 ? (
              <Fragment>
                {item.checked == null ? null : item.checked ? "☑ " : "☐ "}
                {child.children.map(phrase)}
              </Fragment>
            ) : (
              block(child)
            ),
          )}
        </li>
      ));
      return node.ordered === true ? <ol start={node.start ?? 1}>{items}</ol> : <ul>{items}</ul>;
    }
    case "blockquote": {
      const source = sourceIn(node);
      const rest = source === null ? node.children : node.children.slice(0, -1);
      return (
        <blockquote>
          {rest.map(block)}
          {source === null ? null : <p class="soft small">{source.children.map(phrase)}</p>}
        </blockquote>
      );
    }
    case "thematicBreak":
      return <hr />;
    case "containerDirective":
      return node.name === KEEP_BLOCK ? (
        <div class="line">{node.children.map(block)}</div>
      ) : (
        <div class="chosen">
          <h3>{headings[node.name]}</h3>
          {node.children.map(block)}
        </div>
      );
    default:
      throw new Error(`a page cannot show ${node.type}`);
  }
}

function phrase(node: PhrasingContent) {
  switch (node.type) {
    case "text":
      return shownText(node.value).replaceAll(/\{\{\w+\}\}/g, "");
    case "emphasis":
      return <em>{node.children.map(phrase)}</em>;
    case "strong":
      return <strong>{node.children.map(phrase)}</strong>;
    case "link":
      return node.url.includes("{{") ? (
        <Fragment>{node.children.map(phrase)}</Fragment>
      ) : (
        <a href={node.url}>{node.children.map(phrase)}</a>
      );
    case "delete":
      return <del>{node.children.map(phrase)}</del>;
    case "inlineCode":
      return <code>{node.value}</code>;
    case "footnoteReference":
      return (
        <sup>
          <a {...(node.data?.again ? {} : { id: `mark-${node.label}` })} href={`#note-${node.label}`}>
            {node.label}
          </a>
        </sup>
      );
    case "image":
      return <img src={node.url} alt={node.alt ?? ""} {...shownSize(node)} class="picture" loading="lazy" />;
    case "break":
      return <br />;
    default:
      throw new Error(`a page cannot show ${node.type}`);
  }
}

function plain(nodes: readonly PhrasingContent[]): string {
  return nodes
    .map((node) => ("children" in node ? plain(node.children) : "value" in node ? node.value : " "))
    .join("");
}
