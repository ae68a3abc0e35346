/** @jsxImportSource react */
import type { PhrasingContent, Table, TableRow } from "mdast";
import type { ReactNode } from "react";
import type { Theme } from "./theme.ts";

const LAYOUT = { role: "presentation", border: 0, cellPadding: 0, cellSpacing: 0, width: "100%" } as const;

/**
 * A table with its header cells and the sides of its columns. Wider than a phone, it's scrolled by itself: the one around it has a fixed layout, so that
 * it doesn't make the letter wider.
 */
export function DataTable({
  of: {
    align,
    children: [head, ...rows],
  },
  styles,
  inline,
}: Pick<Theme, "styles"> & {
  readonly of: Table;
  readonly inline: (nodes: readonly PhrasingContent[]) => ReactNode;
}) {
  const cells = (row: TableRow | undefined, Cell: "th" | "td") =>
    row?.children.map((cell, place) => (
      <Cell
        // biome-ignore lint/suspicious/noArrayIndexKey: nothing is ever moved
        key={place}
        style={{
          ...(Cell === "th" ? styles.headCell : styles.cell),
          ...(align?.[place] == null ? {} : { textAlign: align[place] }),
        }}
        className="ink line"
        {...(Cell === "th" ? { scope: "col" } : {})}
      >
        {inline(cell.children)}
      </Cell>
    ));
  const table = (
    <table border={0} cellPadding={0} cellSpacing={0} className="data" style={styles.dataTable}>
      <thead>
        <tr className="row">{cells(head, "th")}</tr>
      </thead>
      <tbody>
        {rows.map((row, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: nothing is ever moved
          <tr key={place} className="row">
            {cells(row, "td")}
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <table {...LAYOUT} style={styles.scrolled}>
      <tbody>
        <tr>
          <td>
            <div style={styles.scroll}>{table}</div>
          </td>
        </tr>
      </tbody>
    </table>
  );
}
