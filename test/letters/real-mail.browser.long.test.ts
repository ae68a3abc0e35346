import { spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createTransport } from "nodemailer";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NamedMail } from "../../scripts/gallery/every-mail.ts";
import { messageFile } from "../../src/http/mailbox/message-file.ts";
import { type RunningThemepost, runThemepost } from "../support/running-themepost.ts";
import { everyMail } from "./every-mail.ts";

let running: RunningThemepost;
let mails: readonly NamedMail[];

beforeAll(async () => {
  running = await runThemepost();
  mails = await everyMail(running.url);
});

afterAll(async () => {
  await running.stop();
});

/** A message as it would leave a real deployment: our own domain instead of the trial's addresses. */
async function asDeployed(mail: NamedMail): Promise<Uint8Array> {
  const deployed = (text: string) =>
    text
      .replaceAll(running.url, "https://letters.themepost.dev")
      .replaceAll(new URL(running.url).host, "letters.themepost.dev")
      .replaceAll("themepost.localhost", "themepost.dev")
      .replaceAll("strengthening-bonds.localhost", "strengthening-bonds.letters.themepost.dev");
  const { headers } = mail;
  return messageFile(
    {
      ...mail,
      from: deployed(mail.from),
      replyTo: deployed(mail.reply_to),
      html: deployed(mail.html),
      text: deployed(mail.text),
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, deployed(value)])),
      sentAt: Date.parse(mail.sent_at),
    },
    "letters.themepost.dev",
  );
}

type Verdict = { readonly score: number; readonly tests: string };

/** SpamAssassin's score, without any question to the network and without what it learned before. */
async function scoreOf(message: Uint8Array): Promise<Verdict> {
  const child = spawn("spamassassin", ["--local", "--nocreate-prefs", "--cf=use_bayes 0"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString("utf8");
  });
  child.stdin.end(message);
  await once(child, "close");
  const [, score, tests] =
    /^X-Spam-Status: \w+, score=(-?[\d.]+) .*?tests=(.*?)\s+autolearn/ms.exec(output) ?? [];
  if (score === undefined) throw new Error(output.slice(0, 500));
  return { score: Number(score), tests: (tests ?? "").replaceAll(/\s+/g, "") };
}

test("SpamAssassin gives every letter and system mail less than one point", async () => {
  const verdicts = new Map<string, Verdict>();
  for (const mail of mails) verdicts.set(mail.name, await scoreOf(await asDeployed(mail)));
  expect([...verdicts].filter(([, { score }]) => !(score < 1))).toEqual([]);
  expect(verdicts.size).toBe(15);
});

test("SpamAssassin does tell a mail that shouts, hides words and has no text part", async () => {
  const [mail] = mails;
  if (mail === undefined) throw new Error("no mail");
  const bad = await asDeployed({
    ...mail,
    subject: "YOU HAVE WON!!! CLICK HERE NOW $$$",
    text: "",
    html: '<html><body><span style="font-size:1px;color:#fff">hidden words</span><b>FREE MONEY!!! 100% GUARANTEED, ACT NOW</b><a href="http://192.0.2.7/x">CLICK HERE</a></body></html>',
  });
  expect((await scoreOf(bad)).score).toBeGreaterThan(1);
});

test("a mail server takes every message and passes it on unchanged, byte for byte", async () => {
  const received: Buffer[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onData: (stream, _, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        received.push(Buffer.concat(chunks));
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  const transport = createTransport({ host: "127.0.0.1", port, secure: false, ignoreTLS: true });
  try {
    for (const { id, to } of mails) {
      const answer = await fetch(`${running.url}/mailbox/messages/${id}.eml`);
      const raw = Buffer.from(await answer.arrayBuffer());
      await transport.sendMail({ envelope: { from: "letters@themepost.dev", to }, raw });
      // A mail server counts a message as ended by a line break.
      const whole = raw.subarray(-2).equals(Buffer.from("\r\n"))
        ? raw
        : Buffer.concat([raw, Buffer.from("\r\n")]);
      expect(received.at(-1)?.equals(whole)).toBe(true);
      const lengths = whole
        .toString("latin1")
        .split("\r\n")
        .map((line: string) => line.length);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(998);
    }
  } finally {
    transport.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
  expect(received).toHaveLength(mails.length);
});
