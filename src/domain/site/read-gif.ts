/** The picture of a GIF by its content, without remarks; null where it's none, or isn't whole. */
export function readGif(file: Uint8Array): {
  readonly type: "gif";
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
} | null {
  const head = String.fromCharCode(...file.subarray(0, 6));
  if ((head !== "GIF87a" && head !== "GIF89a") || file.length < 14) return null;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let at = HEADER + colours(file[10] ?? 0);
  const kept: Array<readonly [number, number]> = [[0, at]];
  while (at < file.length) {
    const from = at;
    switch (file[at]) {
      case TRAILER:
        kept.push([from, from + 1]);
        return {
          type: "gif",
          width: view.getUint16(6, true),
          height: view.getUint16(8, true),
          bytes: joined(file, kept),
        };
      case IMAGE: {
        // Its place and size, its colours, and how long its codes are.
        at = endOfBlocks(file, at + 10 + colours(file[at + 9] ?? 0) + 1);
        kept.push([from, at]);
        break;
      }
      case EXTENSION:
        at = endOfBlocks(file, at + 2);
        if (isSeen(file, from)) kept.push([from, at]);
        break;
      default:
        return null;
    }
  }
  return null;
}

/** Signature and screen, and what blocks begin with (GIF89a specification, sections 17 to 27). */
const HEADER = 13;
const [IMAGE, EXTENSION, TRAILER] = [0x2c, 0x21, 0x3b];
const [CONTROL, APPLICATION] = [0xf9, 0xff];

/** How many bytes a table of colours has, by the flags that announce it. */
function colours(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1);
}

/** Behind the last of the blocks that begin at a place, each with its length before it. */
function endOfBlocks(file: Uint8Array, from: number): number {
  let at = from;
  while (at < file.length && file[at] !== 0) at += 1 + (file[at] ?? 0);
  return at + 1;
}

/** Whether an extension is part of what's seen: how long a frame stands, and how often all are shown. */
function isSeen(file: Uint8Array, from: number): boolean {
  if (file[from + 1] === CONTROL) return true;
  return (
    file[from + 1] === APPLICATION &&
    String.fromCharCode(...file.subarray(from + 3, from + 14)) === "NETSCAPE2.0"
  );
}

function joined(file: Uint8Array, kept: ReadonlyArray<readonly [number, number]>): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(kept.reduce((length, [from, to]) => length + to - from, 0));
  let at = 0;
  for (const [from, to] of kept) {
    whole.set(file.subarray(from, to), at);
    at += to - from;
  }
  return whole;
}
