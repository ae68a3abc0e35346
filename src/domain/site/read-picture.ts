import { PICTURE_WIDTH_MAX } from "../../platform/look/picture-width.ts";
import { readGif } from "./read-gif.ts";

/** What a picture is for: the author beside their letters, or a letter. */
export type PictureUse = "author" | "letter";

/** As wide as a file for a letter may be, in pixels: two for each that's shown, for sharp screens. */
export const LETTER_WIDTH_MAX = 2 * PICTURE_WIDTH_MAX;

/** What a picture may be. The author's is shown 56 pixels wide. Of a letter's, 16 megapixels are what browsers decode at ease. */
const LIMITS = {
  author: {
    bytesMax: 200_000,
    sideMin: 112,
    widthMax: 2000,
    heightMax: 2000,
    pixelsMax: 4_000_000,
    ratioMax: 2,
  },
  letter: {
    ...{ bytesMax: 2_000_000, sideMin: 1, widthMax: LETTER_WIDTH_MAX, heightMax: 15_000 },
    ...{ pixelsMax: 16_000_000, ratioMax: Number.POSITIVE_INFINITY },
  },
} as const;

/** A picture by its content, without what a camera writes beside it. */
export type Picture = {
  readonly type: "png" | "jpg" | "gif";
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
};

/** What the owner is told of a file that can't be used, and what to do. */
export type PictureFault = { readonly message: string; readonly fix: string };

/**
 * Reads what a file says it is, by its content and never its name, and cuts what isn't the picture: place, time, camera, remarks, and
 * anything behind its end. Nothing is decoded. The same file gives the same picture, and a picture itself again.
 */
export function readPicture(file: Uint8Array, use: PictureUse): Picture | PictureFault {
  const read = readPng(file) ?? readJpeg(file) ?? (use === "letter" ? readGif(file) : null);
  const kinds = use === "letter" ? "PNG, JPEG or GIF" : "PNG or JPEG";
  if (read === null) {
    const other = otherKind(file);
    return other === null
      ? { message: `is no whole ${kinds}`, fix: "Save it as PNG or JPEG and send that." }
      : { message: `is ${other}, which Outlook doesn't show`, fix: "Save it as PNG or JPEG and send that." };
  }
  if (read === "turned")
    return {
      message: "is stored on its side, with a note to turn it, which mail programs don't read",
      fix: "Open it, and save it upright.",
    };
  const { width, height, bytes } = read;
  const { bytesMax, sideMin, widthMax, heightMax, pixelsMax, ratioMax } = LIMITS[use];
  const message = `is ${width} × ${height} pixels`;
  if (
    Math.min(width, height) < sideMin ||
    width > widthMax ||
    height > heightMax ||
    width * height > pixelsMax
  )
    return {
      message,
      fix:
        use === "author"
          ? `Make each side ${sideMin} to ${widthMax} pixels long.`
          : `Make it ${widthMax} pixels wide at most: letters show half of that, which is sharp on every screen.`,
    };
  if (Math.max(width, height) > ratioMax * Math.min(width, height))
    return { message, fix: "Cut it to a square, or near to one." };
  if (bytes.length > bytesMax)
    return {
      message: `has ${bytes.length} bytes, and ${bytesMax} are allowed`,
      fix:
        use === "author"
          ? "Make it smaller: 300 × 300 pixels are plenty."
          : "Save it as JPEG, or make it smaller.",
    };
  return read;
}

/** Kinds of pictures that not every mail program shows, by how their files begin; null for another. */
function otherKind(file: Uint8Array): string | null {
  if (textAt(file, 0, 4) === "RIFF" && textAt(file, 8, 4) === "WEBP") return "WebP";
  if (textAt(file, 4, 4) === "ftyp") return "HEIC or AVIF";
  return /^\s*(?:<\?xml[\s\S]*?)?<svg/i.test(textAt(file, 0, 500)) ? "SVG" : null;
}

/** Chunks of a PNG that make up what's seen (PNG specification, section 11). */
const PNG_CHUNKS = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP"];
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function readPng(file: Uint8Array): Picture | null {
  if (!startsWith(file, 0, PNG_SIGNATURE)) return null;
  const view = viewOf(file);
  const kept = [file.subarray(0, PNG_SIGNATURE.length)];
  let size: { width: number; height: number } | null = null;
  for (let at = PNG_SIGNATURE.length; at + 12 <= file.length; ) {
    const end = at + 12 + view.getUint32(at);
    if (end > file.length) return null;
    const name = textAt(file, at + 4, 4);
    if (name === "IHDR" && end - at === 25)
      size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (size === null) return null;
    if (PNG_CHUNKS.includes(name)) kept.push(file.subarray(at, end));
    if (name === "IEND") return { type: "png", ...size, bytes: joined(kept) };
    at = end;
  }
  return null;
}

/** Markers of a JPEG (ITU-T T.81, table B.1). */
const JPEG = {
  start: 0xd8,
  end: 0xd9,
  scan: 0xda,
  app0: 0xe0,
  app1: 0xe1,
  app2: 0xe2,
  app14: 0xee,
  app15: 0xef,
};
const COMMENT = 0xfe;

function readJpeg(file: Uint8Array): Picture | "turned" | null {
  if (!startsWith(file, 0, [0xff, JPEG.start])) return null;
  const view = viewOf(file);
  const kept = [file.subarray(0, 2)];
  let size: { width: number; height: number } | null = null;
  for (let at = 2; at + 4 <= file.length + 2; ) {
    if (file[at] !== 0xff) return null;
    const marker = file[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === JPEG.end) {
      kept.push(file.subarray(at, at + 2));
      return size === null ? null : { type: "jpg", ...size, bytes: joined(kept) };
    }
    if (at + 4 > file.length) return null;
    let end = at + 2 + view.getUint16(at + 2);
    if (end < at + 4 || end > file.length) return null;
    if (isFrame(marker)) {
      if (end < at + 9) return null;
      size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    if (marker === JPEG.app1 && isTurned(file.subarray(at + 4, end))) return "turned";
    if (marker === JPEG.scan) end = endOfScan(file, end);
    if (isSeen(marker, file.subarray(at + 4, end))) kept.push(file.subarray(at, end));
    at = end;
  }
  return null;
}

/** Whether a segment is part of what's seen: of those for applications, the ones that say how colours are meant. */
function isSeen(marker: number, content: Uint8Array): boolean {
  if (marker === JPEG.app2) return textAt(content, 0, 11) === "ICC_PROFILE";
  if (marker === JPEG.app0) return textAt(content, 0, 4) === "JFIF";
  if (marker >= JPEG.app0 && marker <= JPEG.app15) return marker === JPEG.app14;
  return marker !== COMMENT;
}

/** Start of a frame, which says how large it is: C0 to CF, without the three that are tables. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Where the data of a scan ends: at the next marker that doesn't belong to it (T.81, section B.1.1.2). */
function endOfScan(file: Uint8Array, from: number): number {
  for (let at = from; at + 1 < file.length; at += 1) {
    if (file[at] !== 0xff) continue;
    const next = file[at + 1] ?? 0;
    const belongs = next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7);
    if (!belongs) return at;
  }
  return file.length;
}

/** The tag of Exif that says which way up a photo is; 1 is upright (CIPA DC-008, section 4.6.4). */
const ORIENTATION = 0x0112;

function isTurned(content: Uint8Array): boolean {
  if (textAt(content, 0, 4) !== "Exif" || content.length < 14) return false;
  const tiff = viewOf(content.subarray(6));
  const little = textAt(content, 6, 2) === "II";
  const first = tiff.getUint32(4, little);
  if (first + 2 > tiff.byteLength) return false;
  const entries = tiff.getUint16(first, little);
  for (let place = 0; place < entries; place += 1) {
    const at = first + 2 + 12 * place;
    if (at + 12 > tiff.byteLength) return false;
    if (tiff.getUint16(at, little) === ORIENTATION) return tiff.getUint16(at + 8, little) > 1;
  }
  return false;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function startsWith(file: Uint8Array, at: number, bytes: readonly number[]): boolean {
  return bytes.every((byte, place) => file[at + place] === byte);
}

function textAt(file: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...file.subarray(at, at + length));
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
