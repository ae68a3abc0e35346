import MimeNode from "nodemailer/lib/mime-node";
import type { MailboxMessage } from "../../platform/providers/mailbox-queries.ts";

/**
 * A message as a standard file (RFC 5322 and 2045): multipart/alternative, text before HTML, both quoted-printable, no line over 76
 * characters but in headers that may not be folded. The same message gives the same bytes.
 */
export async function messageFile(message: MailboxMessage, host: string): Promise<Uint8Array<ArrayBuffer>> {
  const root = new MimeNode("multipart/alternative", { baseBoundary: `mailbox-${message.id}` });
  root.setHeader([
    { key: "From", value: message.from },
    { key: "To", value: message.to },
    { key: "Reply-To", value: message.replyTo },
    { key: "Subject", value: message.subject },
    { key: "Date", value: new Date(message.sentAt).toUTCString().replace("GMT", "+0000") },
    { key: "Message-ID", value: `<mailbox-${message.id}@${host}>` },
    // On one line each, as they are sent: folding has cost signatures before (rule 2.15).
    ...Object.entries(message.headers).map(([key, value]) => ({
      key,
      value: { prepared: true, value: value.replaceAll(/[\r\n]+/g, " ") },
    })),
  ]);
  for (const [type, body] of [
    ["text/plain", message.text],
    ["text/html", message.html],
  ] as const) {
    root
      .createChild(`${type}; charset=utf-8`, { textEncoding: "Q" })
      .setHeader("Content-Transfer-Encoding", "quoted-printable")
      .setContent(body.replaceAll(/\r?\n/g, "\r\n"));
  }
  return new Uint8Array(await root.build());
}
