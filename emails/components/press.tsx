/** @jsxImportSource react */
import type { ReactNode } from "react";
import type { Theme } from "./theme.ts";

/**
 * A button: a link with room around its words, all of it a target, in a coloured cell. Word's engine gives no
 * padding to links and takes that of the cell (`mso-padding-alt`). Its colour stands
 * in an attribute, too: without it, light words would be left on white.
 */
export function Press({
  href,
  theme: { styles, light },
  children,
}: {
  readonly href: string;
  readonly theme: Theme;
  readonly children: ReactNode;
}) {
  return (
    <table role="presentation" border={0} cellPadding={0} cellSpacing={0} style={{ margin: "4px 0 24px" }}>
      <tbody>
        <tr>
          <td
            style={{ ...styles.press, msoPaddingAlt: "14px 26px" } as object}
            className="press"
            {...{ bgcolor: light.press }}
          >
            <a href={href} style={styles.pressLink} className="press-ink">
              {children}
            </a>
          </td>
        </tr>
      </tbody>
    </table>
  );
}
