import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";

/**
 * The variables of a file such as .dev.vars, read as wrangler reads it: outside of quotes, a # begins a comment. Quotes around a whole value
 * aren't part of it; those around its first words only are, as in `MAIL_FROM="Name, First" <address>`. `X = y` and `export X=y` count as well.
 */
export function readVars(path: string): Record<string, string> {
  return varsIn(readFileSync(path, "utf8"));
}

/** The same of a text. */
export function varsIn(text: string): Record<string, string> {
  const entries = Object.entries(parseEnv(text));
  return Object.fromEntries([...entries.map(([name, value]) => [name, value ?? ""]), ...quotedAtFirst(text)]);
}

function quotedAtFirst(text: string): (readonly [string, string])[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name, value] =
      /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*("[^"]*"\s*<[^<>#"]*>)\s*$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
}

/** The names of variables that aren't read whole, because a # or a quote ends their value early. */
export function cutVars(path: string): readonly string[] {
  return cutIn(readFileSync(path, "utf8"));
}

/** The same of a text. */
export function cutIn(text: string): readonly string[] {
  const read = varsIn(text);
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name = "", written = ""] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/.exec(line) ?? [];
    const whole = /^(["'`])(.*)\1\s*(#.*)?$/.exec(written.trim())?.[2] ?? written.trim();
    return name === "" || read[name] === whole ? [] : [name];
  });
}
