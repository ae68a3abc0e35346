/** @jsxImportSource react */
import { Heading, Hr, Text } from "@react-email/components";
import type {
  BlockContent,
  Blockquote,
  DefinitionContent,
  FootnoteDefinition,
  Heading as HeadingNode,
  ListItem,
  Paragraph,
  PhrasingContent,
  RootContent,
} from "mdast";
import { Fragment, type ReactNode } from "react";
import { Aside, CodeBlock } from "./aside.tsx";
import { DataTable } from "./data-table.tsx";
import { buttonIn, KEEP_BLOCK, type LetterPart, partsOf, shownText, sourceIn } from "./parts.ts";
import { Picture } from "./picture.tsx";
import { Press } from "./press.tsx";
import type { Theme } from "./theme.ts";

const TABLE = { role: "presentation", border: 0, cellPadding: 0, cellSpacing: 0, width: "100%" } as const;

/**
 * Markdown blocks as letter parts. Expects nodes that domain/letters/parse-letter.ts let through; throws on any
 * other. `headings` announce the blocks that an answer chooses, by name.
 */
export function MarkdownBlocks({ nodes, ...setting }: Setting & { readonly nodes: readonly RootContent[] }) {
  const setPart = setter(setting);
  return setAll(partsOf(nodes), setPart);
}

/** One after the other. What's rendered once knows its children by their place. */
function setAll<Node>(nodes: readonly Node[], set: (node: Node, place: number) => ReactNode): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: nothing is ever moved
  return nodes.map((node, place) => <Fragment key={place}>{set(node, place)}</Fragment>);
}

type Setting = { readonly theme: Theme; readonly headings: Readonly<Record<string, string>> };

function setter({ theme, headings }: Setting): (part: LetterPart) => ReactNode {
  const { styles, light } = theme;
  return setPart;

  function setPart({ kind, nodes }: LetterPart): ReactNode {
    const [first, ...rest] = nodes;
    if (kind === "text" || first === undefined) return keyed(nodes);
    const opening = first.type === "heading" && first.depth === 2 ? partHeading(first, true) : block(first);
    return (
      <table {...TABLE} style={styles.panelTable}>
        <tbody>
          <tr>
            {kind === "steps" ? (
              <td style={styles.panel} className="panel" {...{ bgcolor: light.panel }}>
                {opening}
                {keyed(rest)}
              </td>
            ) : (
              <td style={styles.keep} className="edge" align="center">
                {opening}
                {keyed(rest)}
              </td>
            )}
          </tr>
        </tbody>
      </table>
    );
  }

  function keyed(nodes: readonly (RootContent | BlockContent | DefinitionContent)[]): ReactNode {
    return setAll(nodes, block);
  }

  function partHeading(node: HeadingNode, opens = false): ReactNode {
    return (
      <Heading as="h2" style={opens ? { ...styles.h2, ...styles.h2First } : styles.h2} className="accent">
        {inline(node.children)}
      </Heading>
    );
  }

  function block(node: RootContent | BlockContent | DefinitionContent): ReactNode {
    switch (node.type) {
      case "paragraph":
        return paragraph(node);
      case "heading":
        return node.depth === 2 ? (
          partHeading(node)
        ) : (
          <Heading as={node.depth === 4 ? "h4" : "h3"} style={styles.h3} className="ink">
            {inline(node.children)}
          </Heading>
        );
      case "code":
        return <CodeBlock theme={theme}>{node.value}</CodeBlock>;
      case "table":
        return <DataTable of={node} styles={styles} inline={inline} />;
      case "footnoteDefinition":
        return note(node);
      case "list":
        return node.ordered === true ? (
          <ol style={styles.list} start={node.start ?? 1}>
            {setAll(node.children, item)}
          </ol>
        ) : (
          <ul style={styles.list}>{setAll(node.children, item)}</ul>
        );
      case "blockquote":
        return quote(node);
      case "thematicBreak":
        return <Hr style={styles.rule} className="line" />;
      case "containerDirective":
        return node.name === KEEP_BLOCK ? (
          setAll(node.children, (child) =>
            child.type === "paragraph" ? (
              <Text style={styles.keepText} className="ink">
                {inline(child.children)}
              </Text>
            ) : (
              block(child)
            ),
          )
        ) : (
          <Aside styles={styles}>
            <Text style={styles.asideLabel} className="ink">
              {headings[node.name]}
            </Text>
            {setAll(node.children, asideText)}
          </Aside>
        );
      default:
        throw new Error(`a letter cannot show ${node.type}`);
    }
  }

  /** A link alone in bold is a button. */
  function paragraph(node: Paragraph): ReactNode {
    const button = buttonIn(node);
    return button === null ? (
      <Text style={styles.text} className="ink">
        {inline(node.children)}
      </Text>
    ) : (
      <Press href={button.url} theme={theme}>
        {inline(button.children)}
      </Press>
    );
  }

  /** A note at the end: its number leads back to where it's called. */
  function note({ label, children: [first, ...rest] }: FootnoteDefinition): ReactNode {
    return (
      <>
        <Text id={`note-${label}`} style={styles.note} className="ink">
          <a href={`#mark-${label}`} style={styles.link} className="accent">
            {label}
          </a>{" "}
          {first?.type === "paragraph" ? inline(first.children) : null}
        </Text>
        {keyed(first?.type === "paragraph" || first === undefined ? rest : [first, ...rest])}
      </>
    );
  }

  function quote(node: Blockquote): ReactNode {
    const source = sourceIn(node);
    return (
      <Aside styles={styles}>
        {setAll(source === null ? node.children : node.children.slice(0, -1), asideText)}
        {source === null ? null : (
          <Text style={styles.source} className="soft">
            {inline(source.children)}
          </Text>
        )}
      </Aside>
    );
  }

  function asideText(node: BlockContent | DefinitionContent): ReactNode {
    return node.type === "paragraph" ? (
      <Text style={styles.asideText} className="ink">
        {inline(node.children)}
      </Text>
    ) : (
      block(node)
    );
  }

  function item(node: ListItem): ReactNode {
    return (
      <li style={styles.item} className="accent">
        {setAll(node.children, (child, place) =>
          child.type === "paragraph" && place === 0 ? (
            <span style={styles.itemText} className="ink">
              {node.checked == null ? null : node.checked ? "☑ " : "☐ "}
              {inline(child.children)}
            </span>
          ) : (
            block(child)
          ),
        )}
      </li>
    );
  }

  function inline(nodes: readonly PhrasingContent[]): ReactNode {
    return setAll(nodes, phrase);
  }

  function phrase(node: PhrasingContent): ReactNode {
    switch (node.type) {
      case "text":
        return shownText(node.value);
      case "emphasis":
        return <em>{inline(node.children)}</em>;
      case "strong":
        return <strong>{inline(node.children)}</strong>;
      case "link":
        return (
          <a href={node.url} style={styles.link} className="accent">
            {inline(node.children)}
          </a>
        );
      case "delete":
        return <del>{inline(node.children)}</del>;
      case "inlineCode":
        return <code style={styles.inlineCode}>{node.value}</code>;
      case "footnoteReference":
        return (
          <sup style={styles.mark}>
            <a
              {...(node.data?.again ? {} : { id: `mark-${node.label}` })}
              href={`#note-${node.label}`}
              style={styles.link}
              className="accent"
            >
              {node.label}
            </a>
          </sup>
        );
      case "image":
        return <Picture of={node} styles={styles} />;
      case "break":
        return <br />;
      default:
        throw new Error(`a letter cannot show ${node.type}`);
    }
  }
}
