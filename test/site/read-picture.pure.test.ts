import fc from "fast-check";
import { expect, test } from "vitest";
import { readPicture } from "../../src/domain/site/read-picture.ts";
import {
  colours,
  comment,
  exif,
  gifComment,
  gifLoop,
  gifOf,
  jpegOf,
  pngOf,
  withChunk,
} from "../support/picture-files.ts";

const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);

function read(file: Uint8Array) {
  const picture = readPicture(file, "author");
  if ("fix" in picture) throw new Error(`${picture.message}. ${picture.fix}`);
  return picture;
}

test("a PNG is read by its content, and what's written beside it is cut", () => {
  const plain = pngOf(200, 150);
  expect(read(plain)).toEqual({ type: "png", width: 200, height: 150, bytes: plain });
  const told = withChunk(withChunk(plain, "tEXt", "Author\0Rosa"), "eXIf", "GPS 48.2082");
  expect(read(told).bytes).toEqual(plain);
  expect(read(Uint8Array.from([...plain, ...new TextEncoder().encode("behind")])).bytes).toEqual(plain);
});

test("of a JPEG the place, the remarks and what's behind its end are cut; its colours stay", () => {
  const photo = jpegOf(300, 400, exif(1), colours, comment("by Rosa"));
  const behind = Uint8Array.from([...photo, ...jpegOf(300, 400, exif(1))]);
  const { type, width, height, bytes } = read(behind);
  expect({ type, width, height }).toEqual({ type: "jpg", width: 300, height: 400 });
  expect(bytes).toEqual(jpegOf(300, 400, colours));
  expect(text(bytes)).not.toMatch(/GPS|Rosa|Exif/);
});

test("a picture that was read is read as itself again", () => {
  for (const file of [withChunk(pngOf(120), "tEXt", "x"), jpegOf(200, 200, exif(1), comment("x"))]) {
    const once = read(file);
    expect(read(once.bytes)).toEqual(once);
  }
});

test.each([
  ["an SVG", new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg'/>"), "PNG or JPEG"],
  ["nothing", new Uint8Array(), "PNG or JPEG"],
  ["a PNG that ends too soon", pngOf(200).slice(0, 60), "PNG or JPEG"],
  ["a JPEG that ends too soon", jpegOf(200, 200).slice(0, -2), "PNG or JPEG"],
  ["a photo that's stored on its side", jpegOf(200, 200, exif(6)), "upright"],
  ["a picture that's too small", pngOf(111), "112 to 2000"],
  ["one that's too large", jpegOf(2001, 2001), "112 to 2000"],
  ["one that's a strip", pngOf(300, 120), "square"],
  [
    "one with too many bytes",
    jpegOf(200, 200, ...Array.from({ length: 4 }, () => bigColours())),
    "300 × 300",
  ],
])("%s is refused with what to do", (_, file, said) => {
  const fault = readPicture(file, "author");
  expect("fix" in fault ? `${fault.message}. ${fault.fix}` : fault).toContain(said);
});

test("a GIF in a letter is shown as often as it says, without remarks or what's behind its end", () => {
  const file = Uint8Array.from([...gifOf(40, 30, gifComment("by Rosa"), gifLoop, gifComment("GPS")), 1, 2]);
  expect(readPicture(file, "letter")).toEqual({
    type: "gif",
    width: 40,
    height: 30,
    bytes: gifOf(40, 30, gifLoop),
  });
  expect(readPicture(gifOf(200), "author")).toHaveProperty("fix");
});

test.each([
  ["a WebP", new TextEncoder().encode("RIFF\0\0\0\0WEBPVP8 "), "WebP, which Outlook"],
  ["an SVG", new TextEncoder().encode("<?xml version='1.0'?>\n<svg/>"), "SVG, which Outlook"],
  [
    "a photo as phones keep them",
    new TextEncoder().encode("\0\0\0\u0018ftypheic"),
    "HEIC or AVIF, which Outlook",
  ],
  ["one that's wider than twice a letter", pngOf(1053, 10), "1052 pixels wide"],
  ["one of more than 16 megapixels", jpegOf(1052, 15_300), "1052 pixels wide"],
  ["a GIF that ends too soon", gifOf(40).slice(0, -1), "PNG, JPEG or GIF"],
])("%s is refused in a letter with what to do", (_, file, said) => {
  const fault = readPicture(file, "letter");
  expect("fix" in fault ? `${fault.message}. ${fault.fix}` : fault).toContain(said);
});

function bigColours(): Uint8Array {
  const size = 60_000;
  return Uint8Array.from([0xff, 0xee, size >> 8, size & 0xff, ...new Uint8Array(size - 2)]);
}

test("whatever bytes come, reading ends and never throws", () => {
  const files = [pngOf(200), jpegOf(200, 200, exif(1), colours), gifOf(200, 200, gifComment("x"), gifLoop)];
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 8 }),
      fc.nat(400),
      (file, changes, length) => {
        const broken = Uint8Array.from(file.slice(0, Math.max(4, file.length - length)));
        for (const [place, byte] of changes) if (place < broken.length) broken[place] = byte;
        readPicture(broken, "letter");
      },
    ),
    { numRuns: 3000 },
  );
});
