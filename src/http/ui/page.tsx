import type { Child } from "hono/jsx";
import { useRequestContext } from "hono/jsx-renderer";
import { directionOf } from "../../platform/texts/languages.ts";
import { say as sayIn, sayWith as sayWithIn } from "../../platform/texts/texts.ts";
import type { AppEnv } from "./app-env.ts";
import { ASSETS } from "./assets.ts";
import { iconPath, lookPath, picturePath } from "./look-path.ts";
import { say } from "./say.ts";
import { shown } from "./shown.ts";

type PageProps = {
  readonly title: string;
  readonly description?: string;
  /** Scripts, mostly of our own origin; pages work without them. */
  readonly scripts?: readonly string[];
  readonly wide?: boolean;
  /** Fills the window, each of its panes scrolling by itself, and has no footer. */
  readonly full?: boolean;
  /** A feed of what the page shows. */
  readonly feed?: { readonly href: string; readonly title: string };
  readonly children?: Child;
};

/** The shell of all pages: head, skip link, trial strip, main, footer. What it says of the installation is the request's. */
export function Page({ title, description, scripts = [], wide, full, feed, children }: PageProps) {
  const { config, person } = useRequestContext<AppEnv>().var;
  const { language, site } = shown();
  return (
    <html lang={language} dir={directionOf(language)}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        {description === undefined ? null : <meta name="description" content={description} />}
        {description === undefined ? null : <Preview title={title} description={description} />}
        <link rel="icon" href={iconPath(site)} type="image/svg+xml" />
        <link rel="stylesheet" href={ASSETS["themepost.css"]} />
        <link rel="stylesheet" href={lookPath(site)} />
        {feed === undefined ? null : (
          <link rel="alternate" type="application/atom+xml" href={feed.href} title={feed.title} />
        )}
        {scripts.map((path) => (
          <script src={path} {...(path.startsWith("/") ? { type: "module" } : { defer: true })} />
        ))}
      </head>
      <body>
        <a class="skip" href="#main">
          {say("page.skip")}
        </a>
        {config.provider.kind === "mailbox" ? <TrialStrip address={person ?? null} /> : null}
        <main id="main" class={full === true ? "full" : wide === true ? "wrap wide" : "wrap"}>
          {children}
          {full === true ? null : <Footer />}
        </main>
      </body>
    </html>
  );
}

function Footer() {
  const { site } = shown();
  return (
    <footer class="page">
      <p>
        <bdi lang={site.language}>{site.owner.name === "" ? site.name : site.owner.name}</bdi> ·{" "}
        <a href="/">{say("page.home")}</a> · <a href="/privacy">{say("page.privacy")}</a>
      </p>
    </footer>
  );
}

/** What's shown where someone passes on a link to a public page (ogp.me). */
function Preview({ title, description }: { readonly title: string; readonly description: string }) {
  const { config } = useRequestContext<AppEnv>().var;
  const { site } = shown();
  const says = { title, description, type: "website", site_name: site.name };
  return (
    <>
      {Object.entries(says).map(([name, content]) => (
        <meta property={`og:${name}`} content={content} />
      ))}
      <meta property="og:image" content={`${config.publicUrl}${picturePath(site)}`} />
      <meta name="twitter:card" content="summary_large_image" />
    </>
  );
}

/** For the owner who tries it out, and so in their language. */
function TrialStrip({ address }: { readonly address: string | null }) {
  const href = address === null ? "/mailbox" : `/mailbox?q=${encodeURIComponent(address)}`;
  return (
    <aside class="strip" aria-label={sayIn("page.trialName")} lang="en" dir="ltr">
      {sayWithIn("page.trial", { link: (inner) => <a href={href}>{inner}</a> })}
    </aside>
  );
}

/** A heading, the sentence that matters (`lead`), and what follows. With `done`, screen readers are told the lead at once. */
export function MessagePage({
  title,
  lead,
  done,
  children,
}: Pick<PageProps, "title" | "children"> & { readonly lead?: Child; readonly done?: boolean }) {
  return (
    <Page title={title}>
      <h1>{title}</h1>
      {lead === undefined ? null : (
        <p class="lead" role={done === true ? "status" : undefined}>
          {lead}
        </p>
      )}
      {children}
    </Page>
  );
}
