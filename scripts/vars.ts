import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";

/** The variables of a file such as .dev.vars, read as wrangler reads it: outside of quotes, a # begins a comment. */
export function readVars(path: string): Record<string, string> {
  const entries = Object.entries(parseEnv(readFileSync(path, "utf8")));
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? ""]));
}

/** The names of variables that aren't read whole, because a # or a quote ends their value early. */
export function cutVars(path: string): readonly string[] {
  const read = readVars(path);
  return readFileSync(path, "utf8")
    .split(/\r?\n/)
    .flatMap((line) => {
      const [, name = "", written = ""] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/.exec(line) ?? [];
      const whole = /^(["'`])(.*)\1\s*(#.*)?$/.exec(written.trim())?.[2] ?? written.trim();
      return name === "" || read[name] === whole ? [] : [name];
    });
}
