import { expect, test } from "vitest";
import { readBody, wordsOf } from "./read-body.ts";

test("bold that ends in punctuation is bold with a word right behind it, in any script", async () => {
  const { told, page: bold } = await readBody("**Wichtig:**Der Teig. **ملاحظة:**لا تحتاج **ध्यान दें:**कल फिर");
  expect(told).toEqual([]);
  expect(bold?.match(/<strong>/g)).toHaveLength(3);
});

test("a bare link ends where the sentence goes on in letters that know no blanks, and what follows is read as it's meant", async () => {
  const { told, page } = await readBody(
    "请到https://example.org/abacus告诉我们；如果你不会，**也没关系！**我们也不会。见 www.example.org/a。",
  );
  expect(told).toEqual(["1 pasted", "1 link-http"]);
  expect(page).toContain('<a href="https://example.org/abacus">https://example.org/abacus</a>告诉我们');
  expect(page).toContain("<strong>也没关系！</strong>我们");
  expect(page).toContain('<a href="http://www.example.org/a">www.example.org/a</a>。');
});

test("a link in brackets of full width, or to a file with blanks in its name, leads where it should", async () => {
  const { told, page } = await readBody(
    '[留言板]（https://example.org/board），请写明日期。\n\n[swap](https://example.org/rota swap 2024.docx) and [plan](https://example.org/final FINAL.pdf "Plan")\n\nCode: `[a](https://example.org/a b)`',
  );
  expect(told).toEqual(["1 pasted", "3 pasted"]);
  const links = [...(page ?? "").matchAll(/href="([^"]+)"/g)].map(([, href = ""]) => href.slice(20));
  expect(links).toEqual(["board", "rota%20swap%202024.docx", "final%20FINAL.pdf"]);
  expect(page).toContain("<code>[a](https://example.org/a b)</code>");
});

test("bullets, letters and tables of a word processor are lists, lines and tables, and the writer is told to look", async () => {
  const { told, page, text } = await readBody(
    "•\tOne\n•\tTwo\n–\tbelow\n\n1)\tThe gate\na.\tnobody\nb.\tthree\n\nWeek\tOpens\n1–7 April\t08:00\n\nCosts:\n\t2022\t£310\n\t2023\t£295\n--- \nAfter",
  );
  expect(told.toSorted()).toEqual(["1 pasted", "12 pasted", "12 pasted", "5 pasted", "9 pasted"]);
  expect(page).toMatch(
    /<ul><li>One<\/li><li>Two<ul><li>below<\/li><\/ul><\/li><\/ul><ol start="1"><li>The gate<br\/>a. nobody<br\/>b. three/,
  );
  expect(page).toMatch(/<th scope="col">Week<\/th>.*<td>1–7 April<\/td><td>08:00<\/td>/);
  expect(page).toContain("2022 · £310<br/>2023 · £295</p><hr/><p>After</p>");
  expect(text).toContain("Week | Opens\n1–7 April | 08:00");
  expect(page).not.toContain("\t");
});

test("dialogue, prices, ranges and one line above a rule stay what they are", async () => {
  const { told, page } = await readBody(
    "— Come in, she said.\n– No, he said.\n\nIt costs $5 (or so) and $6, US$7_a/US$8.\n\nA part\n---\n\nMore",
  );
  expect(told).toEqual([]);
  expect(page).toContain("— Come in, she said.\n– No, he said.");
  expect(page).toContain("<h2>A part</h2>");
});

test("a signature under two dashes is no heading, and a star alone is a change of scene", async () => {
  const { told, page } = await readBody(
    "Be brave,\n\n--\nMarlow\n[all days](https://example.org)\n-- \n\nEnd\n\n*\n\nBegin",
  );
  expect(told).toEqual(["3 pasted"]);
  expect(page).not.toMatch(/<h\d|<li>/);
  expect(page?.match(/<hr\/>/g)).toHaveLength(2);
});

test("a link without words is taken out with a word, and a formula goes out as it's typed with one", async () => {
  const { told, page } = await readBody(
    "One[ ](https://example.org) two.\n\n$$\nm_{n} = \\frac{a_{b}}{c}\n$$\n\nThe cost is $O(1)$.",
  );
  expect(told).toEqual(["1 link-empty", "3 formula", "7 formula"]);
  expect(page).toContain("One  two.");
  expect(wordsOf(page)).toContain("m_{n} = \\frac{a_{b}}{c}");
});

test("another service's tag in a link's address is refused with its line", async () => {
  const { told } = await readBody(
    "[a](https://example.org/?u=*|UNIQID|*)\n\n[b](%UNSUBSCRIBELINK%)\n\n[c](https://example.org/?u={{ subscriber.id }})",
  );
  expect(told).toEqual(["5 pasted", "1 merge-tag", "3 merge-tag", "5 slot"]);
});

test("the end of a line in Chinese or Japanese is no blank; in other scripts it is one", async () => {
  const { page, text } = await readBody("第一行，\n第二行。\n\nOne\ntwo");
  expect([page, text]).toEqual(["<p>第一行，第二行。</p><p>One\ntwo</p>", "第一行，第二行。\n\nOne two"]);
});

test("a zero-width space stays one in the text part, and a bare link stands there once", async () => {
  const { text } = await readBody("ទន្លេ\u200bហូរ, www.example.org/allotments and https://example.org/ü.");
  expect(text).toBe("ទន្លេ\u200bហូរ, www.example.org/allotments and https://example.org/ü.");
});

test("a bare link keeps what belongs to it: letters behind a slash are part of the address", async () => {
  const { told, page } = await readBody(
    "见https://zh.wikipedia.org/wiki/中国。再见 https://example.org/a에서",
  );
  expect(told).toEqual(["1 pasted"]);
  expect(page).toContain('href="https://zh.wikipedia.org/wiki/%E4%B8%AD%E5%9B%BD"');
  expect(page).toContain('<a href="https://example.org/a">https://example.org/a</a>에서');
});

test("of two mends that reach into each other one is made, and the rest of the letter stays", async () => {
  const { page } = await readBody("[a](https://example.org/x y告诉 z) und\n\n•\tOne\n•\tTwo");
  expect(page).toContain('href="https://example.org/x%20y%E5%91%8A%E8%AF%89%20z"');
  expect(page).toContain("<ul><li>One</li><li>Two</li></ul>");
});
