import type { Config } from "../../../platform/config.ts";
import { say, sayWith } from "../../ui/say.ts";

/** What's done of the beginning: whether letters are published, whether mail can leave, whether the webhook can tell what came of it. */
export type FirstSteps = {
  readonly published: boolean;
  readonly provider: Config["provider"]["kind"];
  readonly webhook: boolean;
};

/** The first steps of a new newsletter, each with whether it's done, until there is a reader. */
export function FirstStepsList({ steps }: { readonly steps: FirstSteps }) {
  const { published, provider, webhook } = steps;
  const trial = provider === "mailbox";
  const list = [
    { name: "letters", done: published, href: "/" },
    { name: trial ? "trial" : "sender", done: true, href: trial ? "/mailbox" : "/desk/settings/sending" },
    ...(trial ? [] : [{ name: "webhook", done: webhook, href: "/desk/settings/sending" } as const]),
    { name: "form", done: published, href: "/" },
    { name: "reader", done: false, href: "/" },
  ] as const;
  return (
    <section class="card">
      <h2>{say("desk.first.title")}</h2>
      <ol>
        {list.map(({ name, done, href }) => (
          <li>
            <strong>{say(done ? "desk.first.done" : "desk.first.open")}</strong>{" "}
            {sayWith(`desk.first.${name}`, {
              link: (inner) => <a href={href}>{inner}</a>,
              code: (inner) => <code>{inner}</code>,
            })}
          </li>
        ))}
      </ol>
    </section>
  );
}
