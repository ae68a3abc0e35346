import { join } from "node:path";
import { ROOT } from "./project.ts";

/** The program of wrangler. */
export const WRANGLER = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");

/** The environment in which wrangler runs beside us: silent about itself, and without colours in its log. */
export const WRANGLER_ENV = {
  ...process.env,
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_LOG: "log",
  NO_COLOR: "1",
  FORCE_COLOR: "0",
};
