/** @jsxImportSource react */
import { LIGHT, styles } from "./theme.ts";

/**
 * The one button of a system mail: a link in a coloured cell, because Word's engine gives no padding to links. Its colour stands
 * in an attribute, too: without it, light words would be left on white.
 */
export function Press({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <table role="presentation" border={0} cellPadding={0} cellSpacing={0} style={{ margin: "4px 0 24px" }}>
      <tbody>
        <tr>
          <td style={styles.press} className="press" {...{ bgcolor: LIGHT.press }}>
            <a href={href} style={styles.pressLink} className="press-ink">
              {children}
            </a>
          </td>
        </tr>
      </tbody>
    </table>
  );
}
