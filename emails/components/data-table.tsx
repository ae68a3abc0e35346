/** @jsxImportSource react */
import type { PhrasingContent, Table, TableRow } from "mdast";
import type { ReactNode } from "react";
import type { Theme } from "./theme.ts";

/**
 * A table with its header cells and the sides of its columns. Wider than a phone, it's scrolled by itself where the mail program can, and its words break
 * where it can't.
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
        key={cell.position?.start.offset}
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
  return (
    <div style={styles.scroll}>
      <table border={0} cellPadding={0} cellSpacing={0} className="data" style={styles.dataTable}>
        <thead>
          <tr className="row">{cells(head, "th")}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.position?.start.offset} className="row">
              {cells(row, "td")}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
