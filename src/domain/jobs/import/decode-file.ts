/** What separates the fields of a line. */
const SEPARATORS = [",", ";", "\t", "|"] as const;

/** So much of a file is looked at to find what separates its fields. */
const SAMPLE_CHARACTERS = 64 * 1024;

/**
 * The text of a file that people exported, whatever wrote it: UTF-8 or UTF-16, with a mark of that or without, or else Windows-1252, which any
 * bytes are.
 */
export function decodeFile(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const even = bytes.slice(0, 1000).filter((byte, place) => byte === 0 && place % 2 === 0).length;
  const odd = bytes.slice(0, 1000).filter((byte, place) => byte === 0 && place % 2 === 1).length;
  if ((first === 0xff && second === 0xfe) || odd > 10 + even)
    return new TextDecoder("utf-16le").decode(bytes);
  if ((first === 0xfe && second === 0xff) || even > 10 + odd)
    return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** What separates the fields of a text: what stands most often outside of quotes in its first lines. A comma where there's none. */
export function separatorOf(text: string): (typeof SEPARATORS)[number] {
  const outside = text.slice(0, SAMPLE_CHARACTERS).replaceAll(/"(?:[^"]|"")*"/g, "");
  const lines = outside.split(/\r\n|\n|\r/).slice(0, 50);
  const counted = SEPARATORS.map((separator) => ({
    separator,
    // What's in every line separates; a comma in some of them is part of a text.
    everywhere: lines.filter((line) => line.includes(separator)).length,
    n: outside.split(separator).length,
  }));
  const [most] = counted.sort((a, b) => b.everywhere - a.everywhere || b.n - a.n);
  return most === undefined || most.everywhere === 0 ? "," : most.separator;
}
