import { say, type WordKey } from "./say.ts";

/** The colours that a letter is looked at in. */
export type Scheme = "light" | "dark";

/** The policy of a letter's own page inside a frame of ours: nothing of it runs, nothing is asked but pictures, links open outside. */
export const LETTER_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/**
 * A letter as it looks in one colour scheme, whatever the browser prefers; its links open outside the frame. Its page is of that scheme from
 * the start, so that none flashes in the other's colour.
 */
export function inScheme(html: string, scheme: Scheme): string {
  return html
    .replace(/<meta[^>]*name="color-scheme"[^>]*>/i, `<meta name="color-scheme" content="${scheme}"/>`)
    .replaceAll("@media (prefers-color-scheme: dark)", scheme === "dark" ? "@media all" : "@media not all")
    .replace(/<head>/i, () => '<head><base target="_blank">');
}

/** The scheme that a frame asks for. */
export function schemeOf(asked: string | undefined): Scheme {
  return asked === "dark" ? "dark" : "light";
}

const VIEWS = [
  ["desktop", "mailbox.desktop"],
  ["phone", "mailbox.phone"],
  ["dark", "mailbox.dark"],
] as const satisfies ReadonlyArray<readonly [string, WordKey]>;

/**
 * A letter as it looks on a desktop, on a phone and in the dark, one at a time. `src` is its own page, which takes `scheme`. Scripts and forms are off
 * inside; links open in a new tab, outside the sandbox. Belongs into what has the class `reading`.
 */
export function LetterViews({ src }: { readonly src: string }) {
  return (
    <>
      <fieldset class="views">
        <legend>{say("mailbox.showAs")}</legend>
        {VIEWS.map(([view, name]) => (
          <label>
            <input type="radio" name="view" value={view} checked={view === "desktop"} /> {say(name)}
          </label>
        ))}
      </fieldset>
      <Frame src={src} scheme="light" />
      <Frame src={src} scheme="dark" />
    </>
  );
}

function Frame({ src, scheme }: { readonly src: string; readonly scheme: Scheme }) {
  return (
    <iframe
      class={`letter-frame ${scheme}`}
      title={scheme === "light" ? say("mailbox.letter") : say("mailbox.darkLetter")}
      src={`${src}?scheme=${scheme}`}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
    />
  );
}
