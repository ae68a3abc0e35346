import type { Child } from "hono/jsx";
import { useRequestContext } from "hono/jsx-renderer";
import { type DeskAct, may } from "../../../domain/desk/may.ts";
import { sayWith as sayWithIn } from "../../../platform/texts/texts.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { ASSETS } from "../../ui/assets.ts";
import { Form } from "../../ui/form.tsx";
import { Notice } from "../../ui/notice.tsx";
import { say, type WordKey } from "../../ui/say.ts";

/** The desk's rooms, each with the act that its link is shown for. */
const ROOMS = [
  { room: "today", path: "/desk", needs: "see_numbers" },
  { room: "letters", path: "/desk/letters", needs: "write_letters" },
  { room: "broadcasts", path: "/desk/broadcasts", needs: "write_letters" },
  { room: "readers", path: "/desk/readers", needs: "see_readers" },
  { room: "sites", path: "/desk/sites", needs: "see_numbers" },
  { room: "settings", path: "/desk/settings", needs: "be_here" },
] as const satisfies ReadonlyArray<{
  readonly room: string;
  readonly path: string;
  readonly needs: DeskAct;
}>;

/** A page of the rail. */
export type Room = (typeof ROOMS)[number]["room"];

/**
 * The shell of the desk: the rail with where one can go, and the page. `said` is what the last act came to, told to screen readers at
 * once. Outside of the desk (`room` null) there is no rail.
 */
export function DeskPage({
  title,
  room,
  said,
  again = null,
  script = null,
  children,
}: {
  readonly title: string;
  readonly room: Room | null;
  readonly said?: Child;
  /** After so many seconds it loads again, because something is under way; null for never. */
  readonly again?: number | null;
  /** A script of ours that makes it easier; everything works without. */
  readonly script?: string | null;
  readonly children?: Child;
}) {
  const { atDesk, config } = useRequestContext<AppEnv>().var;
  const person = atDesk?.person ?? null;
  return (
    <html lang="en" dir="ltr">
      <head>
        <meta charset="utf-8" />
        {again === null ? null : <meta http-equiv="refresh" content={String(again)} />}
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{say("desk.title", { page: title })}</title>
        <link rel="icon" href={ASSETS["icon.svg"]} type="image/svg+xml" />
        <link rel="stylesheet" href={ASSETS["themepost.css"]} />
        <link rel="stylesheet" href={ASSETS["desk.css"]} />
        {script === null ? null : <script type="module" src={script} />}
      </head>
      <body class="desk">
        <a class="skip" href="#main">
          {say("page.skip")}
        </a>
        {room === null || person === null ? null : (
          <nav class="rail" aria-label={say("desk.rail")}>
            <ul>
              {ROOMS.filter(({ needs }) => may(person, needs)).map(({ room: name, path }) => (
                <li>
                  <a href={path} aria-current={name === room ? "page" : undefined}>
                    {say(`desk.room.${name}`)}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
        <main id="main" class="wrap wide">
          {config.provider.kind === "mailbox" ? (
            <p class="soft trial">
              {sayWithIn("page.trial", { link: (inner) => <a href="/mailbox">{inner}</a> })}
            </p>
          ) : null}
          <h1>{title}</h1>
          {said === undefined || said === null ? null : <Notice>{said}</Notice>}
          {children}
        </main>
      </body>
    </html>
  );
}

/** A form of the desk: a POST that carries what shows that it's ours. */
export function DeskForm({ hidden = {}, ...form }: Parameters<typeof Form>[0]) {
  const { atDesk } = useRequestContext<AppEnv>().var;
  return <Form {...form} hidden={{ ...hidden, desk: atDesk?.formToken ?? "" }} />;
}

/** What the last act came to, by the name that its answer led here with; null for any other name. */
export function saidOf<Name extends string>(
  asked: string | undefined,
  sentences: Readonly<Record<Name, WordKey>>,
): WordKey | null {
  return asked !== undefined && Object.hasOwn(sentences, asked) ? sentences[asked as Name] : null;
}
