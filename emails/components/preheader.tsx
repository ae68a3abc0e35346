/** @jsxImportSource react */
import type { Theme } from "./theme.ts";

/** How much of a letter an inbox shows beside its subject, at most. */
const SHOWN = 150;

/**
 * What an inbox shows after the subject: hidden in the letter itself, and followed by blanks that take up the rest of the room, so
 * that the letter's first words do not run into it. `mso-hide` is what Word's engine understands. A tiny font would hide it as well, and
 * spam filters count that against a mail.
 */
export function Preheader({ styles, children }: Pick<Theme, "styles"> & { readonly children: string }) {
  return (
    <div style={{ ...styles.preheader, msoHide: "all" } as object} data-skip-in-text="true">
      {children}
      {"\u00A0\u200C".repeat(Math.max(0, SHOWN - children.length))}
    </div>
  );
}
