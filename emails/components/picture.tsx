/** @jsxImportSource react */
import type { Image } from "mdast";
import { PICTURE_WIDTH_MAX } from "../../src/platform/look/picture-width.ts";
import type { Theme } from "./theme.ts";

declare module "mdast" {
  interface ImageData {
    /** In pixels of the file; unknown of a picture that's kept elsewhere. */
    width?: number;
    height?: number;
  }
}

/** How large a picture is shown, in CSS pixels: as it is, or as wide as the text; nothing where its size isn't known. */
export function shownSize({ data }: Image): { readonly width?: number; readonly height?: number } {
  if (data?.width === undefined || data.height === undefined) return {};
  const width = Math.min(data.width, PICTURE_WIDTH_MAX);
  return { width, height: Math.round((data.height * width) / data.width) };
}

/** A picture in a letter's text, in a line of its own. One whose size isn't known is as wide as the text in Word's engine, which takes no `max-width`. */
export function Picture({ of, styles }: Pick<Theme, "styles"> & { readonly of: Image }) {
  const size = shownSize(of);
  const known = size.width !== undefined;
  return (
    <img
      src={of.url}
      alt={of.alt ?? ""}
      {...(known ? size : { width: PICTURE_WIDTH_MAX })}
      className="picture ink"
      style={{
        ...styles.picture,
        // Not the other way round: where pictures are off, a fixed width would make the letter wider than a phone.
        ...(known ? { width: "100%", maxWidth: `${size.width}px` } : { width: "auto" }),
      }}
    />
  );
}
