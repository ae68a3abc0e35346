import { type Context, Hono } from "hono";
import { raw } from "hono/html";
import {
  listPublicLetters,
  type PublicLetter,
  readPublicLetter,
} from "../../domain/broadcasts/queries/public-letters.ts";
import { directionOf } from "../../platform/texts/languages.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { ASSETS } from "../ui/assets.ts";
import { Instant } from "../ui/date.tsx";
import { Page } from "../ui/page.tsx";
import { say } from "../ui/say.ts";
import { showPage } from "../ui/show-page.ts";
import { shown } from "../ui/shown.ts";
import { Pager } from "../ui/table.tsx";
import { AtEnd } from "./archive-page.tsx";
import { atomOf } from "./feed.ts";
import type { OfferedForm } from "./sequence-parts.tsx";
import { formAtEnd } from "./show-home.tsx";

type Ctx = Context<AppEnv>;

const SHOWN = 50;
const IN_FEED = 20;
const FEED = "/news/feed.xml";

/** Letters in between that anyone may read: a list, each by itself, and a feed of the newest. Not there where the site has no archive. */
export function newsRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/news", (c) => whereArchived(c, showNews))
    .get(FEED, (c) => whereArchived(c, sendFeed))
    .get("/news/:id{[0-9]{1,15}}", (c) => whereArchived(c, showLetter));
}

async function whereArchived(c: Ctx, show: (c: Ctx) => Promise<Response>): Promise<Response> {
  return (await c.var.site()).archiveInFull === null ? c.notFound() : show(c);
}

async function showNews(c: Ctx): Promise<Response> {
  const before = Number(c.req.query("before")) || Number.MAX_SAFE_INTEGER;
  const letters = await listPublicLetters(c.var.db, before, SHOWN + 1);
  if (letters.length === 0) return c.notFound();
  const listed = letters.slice(0, SHOWN);
  const next = letters.length > SHOWN ? `/news?before=${listed.at(-1)?.id}` : null;
  return showPage(c, <NewsPage letters={listed} next={next} />, { publicPage: "fresh" });
}

async function showLetter(c: Ctx): Promise<Response> {
  const letter = await readPublicLetter(c.var.db, Number(c.req.param("id")));
  if (letter === null) return c.notFound();
  const page = <NewsLetterPage letter={letter} form={await formAtEnd(c)} />;
  return showPage(c, page, { publicPage: "fresh", language: letter.language, letter: true });
}

async function sendFeed(c: Ctx): Promise<Response> {
  const letters = await listPublicLetters(c.var.db, Number.MAX_SAFE_INTEGER, IN_FEED);
  const [newest] = letters;
  if (newest === undefined) return c.notFound();
  const site = await c.var.site();
  const entries = letters.map(({ id, heading, subject, page, at }) => ({
    ...{ title: heading, path: `/news/${id}`, updatedAt: at, summary: subject, page },
  }));
  const feed = {
    ...{ title: site.name, subtitle: site.tagline, language: site.language, path: FEED, page: "/news" },
    ...{ updatedAt: Math.max(...letters.map(({ at }) => at)), entries },
  };
  return c.body(atomOf(feed, site, c.var.config.publicUrl), 200, {
    "content-type": "application/atom+xml; charset=utf-8",
    "cache-control": "public, max-age=3600",
  });
}

const feedOfSite = () => ({ href: FEED, title: shown().site.name });

function NewsPage({
  letters,
  next,
}: {
  readonly letters: readonly PublicLetter[];
  readonly next: string | null;
}) {
  const { site } = shown();
  return (
    <Page title={`${say("between.title")} – ${site.name}`} feed={feedOfSite()}>
      <p class="soft">{site.name}</p>
      <h1>{say("between.title")}</h1>
      {letters.map(({ id, heading, language, at }) => (
        <article class="letter">
          <h2 lang={language} dir={directionOf(language)}>
            <a href={`/news/${id}`}>{heading}</a>
          </h2>
          <p class="soft">
            <Instant at={at} timeZone={site.timeZone} />
          </p>
        </article>
      ))}
      <Pager next={next}>{say("news.older")}</Pager>
      <SignUp />
    </Page>
  );
}

function NewsLetterPage({
  letter,
  form,
}: {
  readonly letter: PublicLetter;
  /** Of the only sequence; null where there are several, or none takes anyone. */
  readonly form: OfferedForm | null;
}) {
  const { site } = shown();
  return (
    <Page
      title={`${letter.heading} – ${site.name}`}
      description={letter.subject}
      feed={feedOfSite()}
      scripts={form === null ? [] : [ASSETS["zone.js"]]}
    >
      <article class="letter">
        <p class="soft">
          <a href="/news">{say("between.title")}</a> · <Instant at={letter.at} timeZone={site.timeZone} />
        </p>
        <h1>{letter.heading}</h1>
        {raw(letter.page)}
      </article>
      {form === null ? <SignUp /> : <AtEnd form={form} />}
    </Page>
  );
}

function SignUp() {
  return (
    <p class="no-print">
      <a class="button" href="/">
        {say("archive.signUp")}
      </a>
    </p>
  );
}
