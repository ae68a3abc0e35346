import { Hono } from "hono";
import { STYLES } from "./styles.ts";

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#8a3b2a"/><path d="M6 11h20v12H6z" fill="none" stroke="#fffdf9" stroke-width="2" stroke-linejoin="round"/><path d="m6 11 10 7 10-7" fill="none" stroke="#fffdf9" stroke-width="2" stroke-linejoin="round"/></svg>`;

/** Style sheet and icon, and the given scripts (path below /assets to source), all cacheable for an hour. */
export function assets(scripts: Readonly<Record<string, string>>): Hono {
  const files = new Map([
    ["themepost.css", { type: "text/css; charset=utf-8", body: STYLES }],
    ["icon.svg", { type: "image/svg+xml", body: ICON }],
  ]);
  for (const [name, body] of Object.entries(scripts)) {
    files.set(name, { type: "text/javascript; charset=utf-8", body });
  }
  return new Hono().get("/:name", (c) => {
    const file = files.get(c.req.param("name"));
    if (file === undefined) return c.notFound();
    return c.body(file.body, 200, { "content-type": file.type, "cache-control": "public, max-age=3600" });
  });
}
