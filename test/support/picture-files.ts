import { encode } from "fast-png";

type Part = string | readonly number[] | Uint8Array;

function bytesOf(...parts: readonly Part[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? [...new TextEncoder().encode(part)] : [...part])),
  );
}

/** A PNG of one colour. */
export function pngOf(width: number, height = width, colour: readonly number[] = [47, 107, 69]): Uint8Array {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, place) => colour[place % 3] ?? 0);
  return encode({ width, height, data, channels: 3 });
}

/** The same PNG with a chunk behind its header; what its checksum is, nothing here looks at. */
export function withChunk(png: Uint8Array, name: string, content: string): Uint8Array {
  const header = 8 + 25;
  return bytesOf(
    png.slice(0, header),
    [0, 0, 0, content.length],
    name,
    content,
    [0, 0, 0, 0],
    png.slice(header),
  );
}

const segment = (marker: number, ...content: readonly Part[]) => {
  const inside = bytesOf(...content);
  return bytesOf([0xff, marker, (inside.length + 2) >> 8, (inside.length + 2) & 0xff], inside);
};

/** An Exif segment with how a photo is turned (1: upright), and where it was taken. */
export function exif(orientation: number): Uint8Array {
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
  return segment(0xe1, "Exif\0\0MM", [0, 42, 0, 0, 0, 8, 0, 1], entry, [0, 0, 0, 0], "GPS 48.2082 16.3738");
}

/** As much of a JPEG as says what it is: its segments, a frame of that size, a scan with a marker that belongs to it, and the end. */
export function jpegOf(width: number, height: number, ...segments: readonly Uint8Array[]): Uint8Array {
  return bytesOf(
    [0xff, 0xd8],
    segment(0xe0, "JFIF\0", [1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...segments,
    segment(0xc0, [8, height >> 8, height & 0xff, width >> 8, width & 0xff, 1, 1, 0x11, 0]),
    segment(0xda, [1, 1, 0, 0, 63, 0]),
    [12, 0xff, 0, 13, 0xff, 0xd0, 14],
    [0xff, 0xd9],
  );
}

/** A remark of a JPEG. */
export const comment = (text: string) => segment(0xfe, text);
/** The colours that are meant. */
export const colours = segment(0xe2, "ICC_PROFILE\0", [1, 1], "srgb");

/** A GIF of one colour, with these blocks before its picture and behind them. */
export function gifOf(width: number, height = width, ...blocks: readonly Uint8Array[]): Uint8Array {
  const two = (value: number) => [value & 0xff, value >> 8];
  const text = (words: string) => [...new TextEncoder().encode(words)];
  const picture = [0x2c, 0, 0, 0, 0, ...two(width), ...two(height), 0, 2, 2, 0x4c, 0x01, 0];
  return Uint8Array.from([
    ...text("GIF89a"),
    ...[...two(width), ...two(height), 0x80, 0, 0, 47, 107, 69, 255, 255, 255],
    ...blocks.flatMap((block) => [...block]),
    ...[...picture, 0x3b],
  ]);
}

/** A remark in a GIF. */
export function gifComment(words: string): Uint8Array {
  return Uint8Array.from([0x21, 0xfe, words.length, ...new TextEncoder().encode(words), 0]);
}

/** How often a GIF is shown: for ever. */
export const gifLoop = Uint8Array.from([
  ...[0x21, 0xff, 11],
  ...new TextEncoder().encode("NETSCAPE2.0"),
  ...[3, 1, 0, 0, 0],
]);
