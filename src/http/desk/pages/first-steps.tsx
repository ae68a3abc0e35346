import type { Config } from "../../../platform/config.ts";
import { say, sayWith } from "../../ui/say.ts";

/**
 * What's done of the beginning: whether the site has the owner's name, a letter was written and sent to oneself, letters are published, mail can leave, and
 * the webhook can tell what came of it.
 */
export type FirstSteps = {
  readonly named: boolean;
  readonly written: boolean;
  readonly tried: boolean;
  /** Whether whoever looks may name the site. */
  readonly mayChange: boolean;
  readonly published: boolean;
  readonly provider: Config["provider"]["kind"];
  readonly webhook: boolean;
};

/** The first steps of a new newsletter, each with whether it's done, until there is a reader. */
export function FirstStepsList({ steps }: { readonly steps: FirstSteps }) {
  const { named, written, tried, mayChange, published, provider, webhook } = steps;
  const trial = provider === "mailbox";
  const list = [
    ...(mayChange
      ? [
          { name: "named", done: named, href: "/desk/site" } as const,
          { name: "written", done: written, href: "/desk/letters" } as const,
          { name: "tried", done: tried, href: "/desk/letters" } as const,
        ]
      : []),
    { name: "letters", done: published, href: "/desk/letters" },
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
