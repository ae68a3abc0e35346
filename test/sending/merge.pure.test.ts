import fc from "fast-check";
import { expect, test } from "vitest";
import { compileRendition, mergeLetter } from "../../src/domain/sending/merge.ts";

const PLAIN = { language: "en", fromName: "", replyTo: "" } as const;

const rendition = compileRendition({
  ...PLAIN,
  id: 1,
  subject: "For {{greeting}}",
  html: "<p>{{greeting}}</p><a href='{{unsubscribe_url}}'>x</a>",
  text: "{{greeting}} {{unsubscribe_url}}",
});

test("a name is text, whatever it looks like: patterns, markup and slots included", () => {
  for (const greeting of ["$&", "$1 $$", "<script>", "{{unsubscribe_url}}", 'a" onload="x', "O'Neill & Co"]) {
    const merged = mergeLetter(rendition, { greeting, unsubscribe_url: "https://x" });
    if (merged.kind !== "merged") throw new Error("merged");
    expect(merged.text).toBe(`${greeting} https://x`);
    expect(merged.html).not.toMatch(/<script|" onload/);
  }
});

test("any name appears in the HTML escaped, and nothing else of the letter changes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (greeting) => {
      const merged = mergeLetter(rendition, { greeting, unsubscribe_url: "u" });
      if (merged.kind !== "merged") throw new Error("merged");
      const inner = /^<p>([\s\S]*)<\/p><a href='u'>x<\/a>$/.exec(merged.html)?.[1] ?? "";
      expect(inner).not.toMatch(/[<>"']/);
      const back = inner
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&quot;", '"')
        .replaceAll("&#39;", "'")
        .replaceAll("&amp;", "&");
      expect(back).toBe(greeting);
    }),
  );
});

test("a letter with a slot that has no value is not merged", () => {
  expect(mergeLetter(rendition, { greeting: "Hello," })).toEqual({
    kind: "unresolved",
    slot: "unsubscribe_url",
  });
  const odd = compileRendition({ ...PLAIN, id: 2, subject: "s", html: "{{constructor}}", text: "t" });
  expect(mergeLetter(odd, {})).toEqual({ kind: "unresolved", slot: "constructor" });
});
