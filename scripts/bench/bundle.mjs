import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { runTool } from "../bootstrap.mjs";

/** What wrangler uploads, and the CPU of the Worker's start as `wrangler check startup` profiles it. */
export function bundle() {
  const out = mkdtempSync(join(tmpdir(), "themepost-bundle-"));
  const quiet = { stdio: ["ignore", "ignore", "inherit"] };
  const wrangler = join("wrangler", "bin", "wrangler.js");
  try {
    runTool(wrangler, ["deploy", "--dry-run", "--minify", "--outdir", out], quiet);
    const bytes = readdirSync(out)
      .filter((name) => name.endsWith(".js"))
      .reduce((sum, name) => sum + gzipSync(readFileSync(join(out, name))).length, 0);
    const profile = join(out, "startup.cpuprofile");
    const code = runTool(wrangler, ["check", "startup", "--args=--minify", "--outfile", profile], {
      stdio: ["ignore", "ignore", "ignore"],
    });
    return [
      { what: "Worker bundle, minified and gzipped (KiB)", value: Math.round(bytes / 1024), budget: "≤ 500" },
      {
        what: "start-up of the Worker (ms CPU)",
        value: code === 0 ? activeMs(profile) : "not measured",
        budget: "< 100",
      },
    ];
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Time of a V8 CPU profile that is spent in anything but idling. */
function activeMs(path) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(path, "utf8"));
  const idle = new Set(
    nodes.filter((node) => node.callFrame.functionName === "(idle)").map((node) => node.id),
  );
  const microseconds = samples.reduce((sum, id, index) => (idle.has(id) ? sum : sum + timeDeltas[index]), 0);
  return Math.round(microseconds / 100) / 10;
}
