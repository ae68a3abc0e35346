import { Head, Heading, Html, Text } from "@react-email/components";
import { render, toPlainText } from "@react-email/render";
import { createElement as h } from "react";
import { Resend } from "resend";
import { startResendEmulator } from "../../test/support/resend-emulator/server.ts";
import { type Letter, readSequence } from "../content/read-sequence.ts";
import { ROOT } from "../project.ts";
import type { Measured } from "./measured.ts";

const LETTERS = 1000;
const AT_ONCE = 10;

/**
 * The baseline, the way others do it: React renders each recipient's copy, and each copy is a call of its own. The same words
 * as the built-in letter of middle length, in Node, against the same emulator, ten calls at a time.
 */
export async function oneByOne(): Promise<readonly Measured[]> {
  const emulator = await startResendEmulator({ lean: true });
  const resend = new Resend("baseline", { baseUrl: emulator.url });
  const { body } = readSequence(`${ROOT}/emails/sequences/strengthening-bonds`);
  const letters = [...body.steps].sort((a, b) => a.markdown.length - b.markdown.length);
  const letter = letters[Math.floor(letters.length / 2)];
  if (letter === undefined) throw new Error("the built-in sequence has no letters");
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  let next = 0;
  const worker = async () => {
    while (next < LETTERS) {
      const n = next;
      next += 1;
      const html = await render(copyFor(letter, n));
      await resend.emails.send({
        from: "Letters <letters@themepost.dev>",
        to: `reader-${n}@themepost.dev`,
        subject: letter.subject,
        html,
        text: toPlainText(html),
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const accepted = emulator.acceptedCount("baseline");
  emulator.close();
  return [
    {
      what: `baseline, a render and a call for each of ${LETTERS} letters: letters per second`,
      value: Math.round(accepted / seconds),
      budget: "",
    },
    { what: "… provider calls per letter", value: 1, budget: "" },
    {
      what: "… CPU per letter, the emulator's part included (ms)",
      value: Math.round(((user + system) / 1000 / accepted) * 100) / 100,
      budget: "",
    },
    { what: "… letters per second at 10 calls/s", value: 10, budget: "" },
  ];
}

function copyFor(letter: Letter, n: number) {
  const paragraphs = letter.markdown.split(/\n\n+/);
  return h(
    Html,
    { lang: "en" },
    h(Head),
    h("div", { style: { display: "none" } }, letter.preheader),
    h(Heading, null, letter.subject),
    h(Text, null, `Dear Reader ${n},`),
    ...paragraphs.map((paragraph, index) =>
      h(Text, { key: index, style: { margin: "0 0 16px" } }, paragraph),
    ),
    h("a", { href: `https://letters.themepost.dev/unsubscribe/${n}` }, "Unsubscribe"),
  );
}
