/** @jsxImportSource react */
import type { ReactNode } from "react";
import type { Theme } from "./theme.ts";

const TABLE = { role: "presentation", border: 0, cellPadding: 0, cellSpacing: 0, width: "100%" } as const;

/** What stands beside the letter's own voice, behind a bar. A table, because Word's engine gives a border its distance only in a cell. */
export function Aside({ styles, children }: Pick<Theme, "styles"> & { readonly children: ReactNode }) {
  return (
    <table {...TABLE} style={styles.asideTable}>
      <tbody>
        <tr>
          <td style={styles.aside} className="edge">
            {children}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

/** Code, line by line as it's typed; a line that's wider than a phone goes on in the next. */
export function CodeBlock({
  theme: { styles, light },
  children,
}: {
  readonly theme: Theme;
  readonly children: string;
}) {
  return (
    <table {...TABLE} style={styles.asideTable}>
      <tbody>
        <tr>
          <td style={styles.codeCell} className="panel" {...{ bgcolor: light.panel }}>
            <pre style={styles.code} className="ink">
              {children}
            </pre>
          </td>
        </tr>
      </tbody>
    </table>
  );
}
