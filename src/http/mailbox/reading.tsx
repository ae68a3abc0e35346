import type { MailboxMessage } from "../../platform/providers/mailbox-queries.ts";
import { say } from "../../platform/texts/texts.ts";
import { LetterViews } from "../ui/letter-frame.tsx";

/** One message: who it's from and to, the letter as it looks, and folded its text part and headers. */
export function Reading({ message }: { readonly message: MailboxMessage }) {
  return (
    <article class="reading" id="message" aria-label={message.subject}>
      <h2>{message.subject}</h2>
      <p class="soft small">
        {say("mailbox.from")}: {message.from} · {say("mailbox.to")}: {message.to} ·{" "}
        <a href={`/mailbox/messages/${message.id}.eml`} download>
          {say("mailbox.download")}
        </a>
      </p>
      <LetterViews src={`/mailbox/messages/${message.id}/letter`} />
      <details>
        <summary>{say("mailbox.text")}</summary>
        <pre tabindex={0}>{message.text}</pre>
      </details>
      <details>
        <summary>{say("mailbox.headers")}</summary>
        <pre tabindex={0}>
          {[
            `Reply-To: ${message.replyTo}`,
            ...Object.entries(message.headers).map(([name, value]) => `${name}: ${value}`),
            ...message.tags.map((tag) => say("mailbox.tag", { name: tag.name, value: tag.value })),
          ].join("\n")}
        </pre>
      </details>
    </article>
  );
}
