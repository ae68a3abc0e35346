/** @jsxImportSource react */
import { Heading } from "@react-email/heading";
import { Hr } from "@react-email/hr";
import { Link } from "@react-email/link";
import { Text } from "@react-email/text";
import type { BlockContent, DefinitionContent, ListItem, PhrasingContent, RootContent } from "mdast";
import { Fragment, type ReactNode } from "react";
import { styles } from "./theme.ts";

/** The blocks of a letter that stand for one reader's situation, and how they are announced. */
export const AGE_BLOCKS: Readonly<Record<string, string>> = {
  "young-boy": "If he is still a boy",
  teenager: "If he is a teenager",
  "grown-son": "If he is grown up",
};

/** The block for the line to keep. */
export const KEEP_BLOCK = "keep";

/**
 * Markdown blocks as letter parts. Expects nodes that sequences/publish/parse-letter.ts let through; throws on any
 * other.
 */
export function MarkdownBlocks({ nodes }: { readonly nodes: readonly RootContent[] }) {
  return (
    <>
      {nodes.map((node) => (
        <Fragment key={node.position?.start.offset}>{block(node)}</Fragment>
      ))}
    </>
  );
}

function block(node: RootContent | BlockContent | DefinitionContent): ReactNode {
  switch (node.type) {
    case "paragraph":
      return (
        <Text style={styles.text} className="ink">
          {inline(node.children)}
        </Text>
      );
    case "heading":
      return node.depth === 2 ? (
        <Heading as="h2" style={styles.h2} className="accent">
          {inline(node.children)}
        </Heading>
      ) : (
        <Heading as="h3" style={styles.h3} className="ink">
          {inline(node.children)}
        </Heading>
      );
    case "list":
      return node.ordered === true ? (
        <ol style={styles.list} className="ink" start={node.start ?? 1}>
          {node.children.map(item)}
        </ol>
      ) : (
        <ul style={styles.list} className="ink">
          {node.children.map(item)}
        </ul>
      );
    case "blockquote":
      return <div style={styles.aside}>{node.children.map(asideText)}</div>;
    case "thematicBreak":
      return <Hr style={styles.rule} className="line" />;
    case "containerDirective":
      return node.name === KEEP_BLOCK ? (
        node.children.map((child) =>
          child.type === "paragraph" ? (
            <Text key={child.position?.start.offset} style={styles.keep} className="accent">
              {inline(child.children)}
            </Text>
          ) : null,
        )
      ) : (
        <div style={styles.aside} className="line">
          <Text style={styles.asideLabel} className="ink">
            {AGE_BLOCKS[node.name]}
          </Text>
          {node.children.map(asideText)}
        </div>
      );
    default:
      throw new Error(`a letter cannot show ${node.type}`);
  }
}

function asideText(node: BlockContent | DefinitionContent): ReactNode {
  return (
    <Fragment key={node.position?.start.offset}>
      {node.type === "paragraph" ? (
        <Text style={styles.asideText} className="ink">
          {inline(node.children)}
        </Text>
      ) : (
        block(node)
      )}
    </Fragment>
  );
}

function item(node: ListItem): ReactNode {
  return (
    <li key={node.position?.start.offset} style={styles.item}>
      {node.children.map((child) => (
        <Fragment key={child.position?.start.offset}>
          {child.type === "paragraph" ? inline(child.children) : block(child)}
        </Fragment>
      ))}
    </li>
  );
}

function inline(nodes: readonly PhrasingContent[]): ReactNode {
  return nodes.map((node) => <Fragment key={node.position?.start.offset}>{phrase(node)}</Fragment>);
}

function phrase(node: PhrasingContent): ReactNode {
  switch (node.type) {
    case "text":
      return node.value;
    case "emphasis":
      return <em>{inline(node.children)}</em>;
    case "strong":
      return <strong>{inline(node.children)}</strong>;
    case "link":
      return (
        <Link href={node.url} style={styles.link} className="accent">
          {inline(node.children)}
        </Link>
      );
    case "break":
      return <br />;
    default:
      throw new Error(`a letter cannot show ${node.type}`);
  }
}
