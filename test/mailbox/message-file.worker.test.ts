import fc from "fast-check";
import PostalMime from "postal-mime";
import { expect, test } from "vitest";
import { messageFile } from "../../src/http/mailbox/message-file.ts";
import type { MailboxMessage } from "../../src/platform/providers/mailbox-queries.ts";
import { sequenceOf, startService } from "../support/service.ts";

const TOKEN = "A".repeat(90);

const MESSAGE: MailboxMessage = {
  id: 7,
  to: "zoe@example.com",
  from: "Stärkere Bande, jede Woche <letters@themepost.dev>",
  replyTo: "hello@themepost.dev",
  subject: "Was er nach „Ich gehe nie wieder hin“ braucht, und warum ein Rat noch warten kann 🙂",
  html: `<!DOCTYPE html><html lang="de"><body><p>${"Grüße an alle. ".repeat(400)}</p><a href="https://x.dev/?a=1&amp;b=2">x</a></body></html>`,
  text: "Grüße,\n.\nFrom here on =3D is text.\n-- \nEnde\n",
  headers: {
    "List-Unsubscribe": `<https://letters.themepost.dev/unsubscribe/${TOKEN}>`,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "List-Id": "Strengthening Bonds <strengthening-bonds.letters.themepost.dev>",
    "Feedback-ID": "connection:strengthening-bonds:theme:themepost",
  },
  tags: [{ name: "kind", value: "theme" }],
  sentAt: Date.UTC(2026, 11, 1, 9),
};

const HOST = "letters.themepost.dev";
const rawOf = async (message: MailboxMessage) =>
  new TextDecoder("latin1").decode(await messageFile(message, HOST));
const read = async (message: MailboxMessage) => PostalMime.parse(await messageFile(message, HOST));
// A part ends with a line break of its own.
const lines = (text: string | undefined) => (text ?? "").replaceAll("\r\n", "\n").replace(/\n+$/, "");

test("another program reads back from the file what was sent: addresses, subject, every header, text and HTML", async () => {
  const mail = await read(MESSAGE);
  expect(mail.from).toMatchObject({ name: "Stärkere Bande, jede Woche", address: "letters@themepost.dev" });
  expect(mail.to).toMatchObject([{ address: "zoe@example.com" }]);
  expect(mail.replyTo).toMatchObject([{ address: "hello@themepost.dev" }]);
  expect(mail.subject).toBe(MESSAGE.subject);
  expect(Date.parse(mail.date ?? "")).toBe(MESSAGE.sentAt);
  expect(mail.messageId).toBe("<mailbox-7@letters.themepost.dev>");
  const headers = new Map(mail.headers.map(({ key, value }) => [key, value]));
  for (const [name, value] of Object.entries(MESSAGE.headers))
    expect(headers.get(name.toLowerCase())).toBe(value);
  expect(lines(mail.html)).toBe(MESSAGE.html);
  expect(lines(mail.text)).toBe(lines(MESSAGE.text));
  expect(mail.attachments).toEqual([]);
});

test("the file is text and HTML in that order, in plain ASCII with short lines, the same bytes each time", async () => {
  const raw = await rawOf(MESSAGE);
  expect(raw).toMatch(/^Content-Type: multipart\/alternative;/m);
  expect([...raw.matchAll(/^Content-Type: (text\/\w+); charset=utf-8/gm)].map(([, type]) => type)).toEqual([
    "text/plain",
    "text/html",
  ]);
  expect(raw.match(/^Content-Transfer-Encoding: quoted-printable/gm)).toHaveLength(2);
  expect(raw).toMatch(/^[\x20-\x7e\r\n]*$/);
  const long = raw.split("\r\n").filter((line) => line.length > 78);
  // One line and below 200 characters, because folding has cost signatures before.
  expect(long).toEqual([`List-Unsubscribe: ${MESSAGE.headers["List-Unsubscribe"]}`]);
  expect(long[0]?.length).toBeLessThan(200);
  expect(raw.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  expect(await rawOf(MESSAGE)).toBe(raw);
});

test("whatever stands in subject, name, text and HTML, the file keeps it, and no line is longer than mail servers take", async () => {
  const line = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 200 })
    .map((text) => `x${text.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, "").trim()}x`);
  const body = fc
    .array(fc.string({ unit: "grapheme", maxLength: 1500 }), { minLength: 1, maxLength: 6 })
    .map((parts) => `x${parts.join("\n").replaceAll(/\r/g, "")}x`.replaceAll("\0", ""));
  await fc.assert(
    fc.asyncProperty(line, body, body, async (subject, text, html) => {
      const message = { ...MESSAGE, subject, text, html };
      const raw = await rawOf(message);
      expect(Math.max(...raw.split("\r\n").map(({ length }) => length))).toBeLessThanOrEqual(998);
      const mail = await read(message);
      expect(mail.subject?.replaceAll(/\s+/g, " ")).toBe(subject.replaceAll(/\s+/g, " "));
      expect(lines(mail.text)).toBe(lines(text));
      expect(lines(mail.html)).toBe(lines(html));
    }),
    { numRuns: 150 },
  );
});

test("the mailbox gives a message as a file to download, and its page offers it", async () => {
  const service = startService({ vars: { MAIL_PROVIDER: "mailbox", PUBLIC_URL: "http://localhost:8787" } });
  await service.publish(sequenceOf(1));
  await service.request("/api/v1/subscriptions", {
    method: "POST",
    headers: { "content-type": "application/json", origin: "http://localhost:8787" },
    body: JSON.stringify(await service.stamped({ email: "zoe@example.com", time_zone: "Europe/Berlin" })),
  });
  await service.request("/mailbox/advance", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"weeks":1}',
  });
  const [message] = await (await service.request("/mailbox/messages.json")).json<
    { id: number; html: string }[]
  >();
  const path = `/mailbox/messages/${message?.id}.eml`;
  expect(await (await service.request("/mailbox")).text()).toContain(`href="${path}"`);
  const answer = await service.request(path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("message/rfc822");
  expect(answer.headers.get("content-disposition")).toBe(
    `attachment; filename="themepost-${message?.id}.eml"`,
  );
  expect(lines((await PostalMime.parse(await answer.arrayBuffer())).html)).toBe(message?.html);
  expect((await service.request("/mailbox/messages/999.eml")).status).toBe(404);
  const elsewhere = startService();
  expect((await elsewhere.request(path)).status).toBe(404);
});
