/** @jsxImportSource react */
import type { Theme } from "./theme.ts";

/** The size at which an ornament is shown, in CSS pixels; its file has twice as many each way. */
const ORNAMENT_SIZE = { width: 160, height: 120 } as const;

/** A theme's drawing. It decorates and says nothing that the letter does not: an empty alternative text, nothing lost without it. */
export function Ornament({
  publicUrl,
  name,
  styles,
}: Pick<Theme, "styles"> & { readonly publicUrl: string; readonly name: string }) {
  return <img src={`${publicUrl}/ornaments/${name}.png`} alt="" {...ORNAMENT_SIZE} style={styles.ornament} />;
}
