import type { Child } from "hono/jsx";
import { say, sayWith } from "../../platform/texts/texts.ts";

/** What every page needs to know about the deployment, and about the person whose link it is, if any. */
export type PageContext = {
  readonly ownerName: string;
  /** Set while the mailbox is the provider; `address` filters the mailbox to the person at hand. */
  readonly trial: { readonly address: string | null } | null;
};

type PageProps = {
  readonly title: string;
  readonly context: PageContext;
  readonly description?: string;
  /** Scripts, mostly paths on our own origin; pages work without them. */
  readonly scripts?: readonly string[];
  readonly wide?: boolean;
  /** BCP 47; English where nothing else is said. */
  readonly language?: string;
  readonly direction?: "ltr" | "rtl";
  readonly children?: Child;
};

/** The shell of all pages: head, skip link, trial strip, main, footer. Render with `renderPage`. */
export function Page({
  title,
  context,
  description,
  scripts,
  wide,
  language,
  direction,
  children,
}: PageProps) {
  return (
    <html lang={language ?? "en"} dir={direction ?? "ltr"}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        {description === undefined ? null : <meta name="description" content={description} />}
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/themepost.css" />
        {(scripts ?? []).map((path) => (
          <script src={path} {...(path.startsWith("/") ? { type: "module" } : { defer: true })} />
        ))}
      </head>
      <body>
        <a class="skip" href="#main" lang="en">
          {say("page.skip")}
        </a>
        {context.trial === null ? null : <TrialStrip address={context.trial.address} />}
        <main id="main" class={wide === true ? "wrap wide" : "wrap"}>
          {children}
          <footer class="page" lang="en" dir="ltr">
            <p>
              {context.ownerName} · <a href="/">{say("page.home")}</a> ·{" "}
              <a href="/privacy">{say("page.privacy")}</a>
            </p>
          </footer>
        </main>
      </body>
    </html>
  );
}

function TrialStrip({ address }: { readonly address: string | null }) {
  const href = address === null ? "/mailbox" : `/mailbox?to=${encodeURIComponent(address)}`;
  return (
    <aside class="strip" aria-label={say("page.trialName")} lang="en" dir="ltr">
      {sayWith("page.trial", { link: (inner) => <a href={href}>{inner}</a> })}
    </aside>
  );
}

/** A page whose whole content is a heading and a few sentences, with links or a form below. */
export function MessagePage({
  title,
  context,
  language,
  direction,
  children,
}: Pick<PageProps, "title" | "context" | "language" | "direction" | "children">) {
  return (
    <Page
      title={title}
      context={context}
      {...(language === undefined ? {} : { language })}
      {...(direction === undefined ? {} : { direction })}
    >
      <h1>{title}</h1>
      {children}
    </Page>
  );
}
