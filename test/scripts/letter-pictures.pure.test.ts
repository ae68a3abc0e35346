import sharp from "sharp";
import { expect, test } from "vitest";
import { asShown } from "../../scripts/content/letter-pictures.ts";
import { readPicture } from "../../src/domain/site/read-picture.ts";

const photo = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "#2f6b45" } });

test("a phone's photo is made as large as a letter shows it, and upright, without where it was taken", async () => {
  const file = await photo(4000, 3000)
    .withExif({ IFD3: { GPSLatitude: "48/1 12/1 0/1" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  expect(readPicture(file, "letter")).toHaveProperty("fix");
  expect(readPicture(await asShown(file), "letter")).toMatchObject({
    type: "jpg",
    width: 1052,
    height: 1403,
  });
});

test("a picture that fits stays byte for byte, and what isn't a photo is left for the service to refuse", async () => {
  const small = await photo(800, 400).png().toBuffer();
  expect(await asShown(small)).toBe(small);
  const webp = await photo(4000, 400).webp().toBuffer();
  const words = Buffer.from("no picture at all");
  expect([await asShown(webp), await asShown(words)]).toEqual([webp, words]);
});
