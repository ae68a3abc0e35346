import { expect, test } from "vitest";
import { readBody, wordsOf } from "./read-body.ts";

test("a table has real header cells and its columns' sides, and is legible as text", async () => {
  const { told, page, mail, text } = await readBody(
    "| Plan | Price |\n|------|------:|\n| Small | 5 € |\n| Big | 9 € |",
  );
  expect(told).toEqual([]);
  for (const html of [page, mail]) {
    expect(html).toMatch(/<th[^>]*scope="col"[^>]*>Plan</);
    expect(html).toMatch(/<td[^>]*(?:align="right"|text-align:right)[^>]*>5 €</);
  }
  expect(text).toBe("Plan | Price\nSmall | 5 €\nBig | 9 €");
});

test("struck words, task lists, the fourth heading, code and GitHub's notes are what they stand for", async () => {
  const { told, page, mail, text } = await readBody(
    "It was ~~50~~ 30.\n\n#### Four\n\n- [x] done\n- [ ] open\n\nUse `a{b}`:\n\n```js\nlet x = **1** * y;\n```\n\n> [!NOTE]\n> Only this week.",
  );
  expect(told).toEqual([]);
  for (const html of [page, mail]) {
    expect(html).toContain("<del>50</del>");
    expect(html).toMatch(/<h4[^>]*>Four/);
    expect(wordsOf(html)).toContain("☑ done");
    expect(wordsOf(html)).toContain("☐ open");
    expect(html).toMatch(/<code[^>]*>a\{b\}<\/code>/);
    expect(html).toMatch(/<pre[^>]*>let x = \*\*1\*\* \* y;/);
    expect(wordsOf(html)).not.toMatch(/\[!|\[x\]/);
  }
  expect(text).toContain("It was ~50~ 30.");
  expect(text).toContain("let x = **1** * y;");
});

test("footnotes are numbered as they're met and stand at the end, with ways there and back", async () => {
  const { told, page, mail, text } = await readBody(
    "One.[^two] And another.[^1]\n\n[^1]: A short source, page 12.\n[^two]: https://example.org/paper",
  );
  expect(told).toEqual([]);
  for (const html of [page, mail]) {
    expect(html).toMatch(/<sup[^>]*><a[^>]*href="#note-1"/);
    expect(html).toMatch(/id="note-1"[^>]*><a[^>]*href="#mark-1"[^>]*>1<\/a>[\s\S]*example\.org\/paper/);
    expect(wordsOf(html)).not.toContain("[^");
  }
  expect(text).toContain("One.(1) And another.(2)");
  expect(text).toContain("(2) A short source, page 12.");
});

test("reference links, links behind a colon, and bare links before full-width punctuation are links", async () => {
  const { told, page } = await readBody(
    "Read [the paper][p] and [the talk].\n\nListe:Blumen[im Garten](https://example.org/a). **Neu:heute[mehr](https://example.org/e)**\n\n详情:点击[这里](https://example.org/c)查看。见 https://example.org/b。再见\n\n[p]: https://example.org/p\n[the talk]: https://example.org/t",
  );
  expect(told).toEqual([]);
  const links = [...(page ?? "").matchAll(/href="([^"]+)"/g)].map(([, href = ""]) => href.at(-1));
  expect(links).toEqual(["p", "t", "a", "e", "c", "b"]);
  expect(wordsOf(page)).toContain("Liste:Blumenim Garten.");
  expect(wordsOf(page)).toContain("example.org/b。再见");
});

test("bold beside Chinese and Japanese punctuation is bold", async () => {
  const { told, page } = await readBody("**これは、**強調です。**“重要”**的事。");
  expect(told).toEqual([]);
  expect(page).toContain("<strong>これは、</strong>強調");
  expect(page).toContain("<strong>“重要”</strong>的事");
});

test("harmless HTML is translated or taken out, with a word; comments go, and what does something is refused", async () => {
  const { told, page } = await readBody(
    "One<br>two <u>three</u> <!-- a note -->\n\n<!-- another -->\n\nFour",
  );
  expect(told).toEqual(["1 html-dropped"]);
  expect(page).toBe("<p>One<br/>two three </p><p>Four</p>");
  expect((await readBody('<div onclick="x">One</div>')).told).toEqual(["1 raw-html"]);
});

test("a second # heading is set as a part, and nothing is lost", async () => {
  const { told, page } = await readBody("One\n\n# Second\n\nTwo");
  expect(told).toEqual(["3 one-title"]);
  expect(page).toBe("<p>One</p><h2>Second</h2><p>Two</p>");
});

test.each([
  ["a heading without its blank", "#Welcome everybody"],
  ["bold that's never closed", "**A bold phrase, and more"],
  ["stars with blanks", "a ** b ** c"],
  ["a link that isn't one", "a link [to the page] (https://example.org) and [one](more"],
  ["a note that isn't there", "A claim.[^9]"],
  ["a table without its head", "|---|---|\n| a | b |"],
  ["a reference that isn't there", "[timetable puzzle][tt-puzzle]"],
])("%s is never sent as raw marks, but refused with its line", async (_, markdown) => {
  const { told, page } = await readBody(`Before.\n\n${markdown}`);
  if (page === null) expect(told.filter((each) => each === "3 raw-mark").length).toBeGreaterThan(0);
  else expect(wordsOf(page)).not.toMatch(/\*\*|\]\(|\]\[|\[\^|\|-|#\w/);
});

test("tags of other services are refused, all of them in one go", async () => {
  const { told } = await readBody(
    "Dear *|FNAME|*, hi %FIRSTNAME%, hi {$name}, hi [[FIRSTNAME]].\n\n{% if subscriber.paid %}Only for members{% endif %}",
  );
  expect(told).toEqual([...Array(4).fill("1 merge-tag"), "3 merge-tag", "3 merge-tag"]);
});

test("ordinary text with such characters goes out as it's typed", async () => {
  const text = "100 % of it, 5 % {of that} [sic], \\*\\*stars\\*\\*, 10:30, #1, a_b_c, C# and f(x)[0]";
  const { told, page } = await readBody(text);
  expect(told).toEqual([]);
  expect(wordsOf(page)).toBe(text.replaceAll("\\", ""));
});

test("what's indented by four blanks is a paragraph, not code", async () => {
  const { page } = await readBody("    An indented line of a **poem**.");
  expect(page).toBe("<p>An indented line of a <strong>poem</strong>.</p>");
});

test("a note that's called twice leads back to the first, and one written inside a quote stands at the end", async () => {
  const { told, page, mail } = await readBody("> One.[^a]\n>\n> [^a]: A source.\n\nTwo.[^a]");
  expect(told).toEqual([]);
  for (const html of [page, mail]) {
    expect(html?.match(/id="mark-1"/g)).toHaveLength(1);
    expect(html?.match(/href="#note-1"/g)).toHaveLength(2);
    expect(html?.match(/A source\./g)).toHaveLength(1);
    expect(html?.indexOf("A source")).toBeGreaterThan(html?.indexOf("Two.") ?? 0);
  }
});

test("a line break alone between blocks is nothing, and words between two comments stay", async () => {
  const { told, page } = await readBody(
    "One\n\n<br>\n\n> Two\n>\n> <br/>\n\nThree <!-- a --> four <!-- b --> five",
  );
  expect(told).toEqual([]);
  expect(page).toBe("<p>One</p><blockquote><p>Two</p></blockquote><p>Three  four  five</p>");
  // Where they're a block of their own, nothing between them goes without a word.
  expect((await readBody("<!-- a --> four <!-- b -->")).told).toEqual(["1 raw-html"]);
});

test("a link alone in bold is a button, and a quote's last line behind a dash says where it's from", async () => {
  const { told, page, mail, text } = await readBody(
    "**[Open the worksheet](https://example.org/x)**\n\nSee **[this one](https://example.org/y)** too.\n\n> One\n>\n> — Rosa, gardener",
  );
  expect(told).toEqual([]);
  expect(page).toContain('<p><a class="button" href="https://example.org/x">Open the worksheet</a></p>');
  expect(page).toContain('<p class="soft small">— Rosa, gardener</p></blockquote>');
  expect(mail?.match(/class="press-ink"/g)).toHaveLength(1);
  expect(text).toContain("Open the worksheet:\nhttps://example.org/x");
});
