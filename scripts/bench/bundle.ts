import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { runTool } from "../project.ts";
import type { Measured } from "./measured.ts";

const WRANGLER = join("wrangler", "bin", "wrangler.js");

/** Parts of @react-email/components that no letter uses, of hundreds of KiB, and what a deployed Worker has no use for. */
const UNWANTED = ["prismjs", "marked", "tailwindcss", "nodemailer"];

/** What a deployed Worker is built without, by what stands there instead: only the trial's mailbox needs it. */
export const LEFT_OUT = { "nodemailer/lib/mime-node": "./src/http/mailbox/no-mime-node.ts" };

/** What wrangler uploads, and the CPU of the Worker's start as `wrangler check startup` profiles it. */
export function bundle(): readonly Measured[] {
  return withBundle((out) => {
    const bytes = readdirSync(out)
      .filter((name) => name.endsWith(".js"))
      .reduce((sum, name) => sum + gzipSync(readFileSync(join(out, name))).length, 0);
    const profile = join(out, "startup.cpuprofile");
    const code = runTool(WRANGLER, ["check", "startup", "--args=--minify", "--outfile", profile], {
      stdio: ["ignore", "ignore", "ignore"],
    });
    return [
      { what: "Worker bundle, minified and gzipped (KiB)", value: Math.round(bytes / 1024), budget: "≤ 700" },
      {
        what: "start-up of the Worker (ms CPU)",
        value: code === 0 ? activeMs(profile) : "not measured",
        budget: "< 100",
      },
    ];
  });
}

/** Packages that stand in a deployed Worker's bundle and should not. */
export function unwantedInBundle(): readonly string[] {
  return withBundle((out) => {
    const { inputs } = JSON.parse(readFileSync(join(out, "bundle-meta.json"), "utf8")) as {
      inputs: Record<string, unknown>;
    };
    const paths = Object.keys(inputs);
    return UNWANTED.filter((name) => paths.some((path) => path.includes(`node_modules/${name}/`)));
  });
}

/** Builds what `npm run deploy` uploads. */
function withBundle<T>(read: (out: string) => T): T {
  const out = mkdtempSync(join(tmpdir(), "themepost-bundle-"));
  try {
    const alias = Object.entries(LEFT_OUT).flatMap(([name, stub]) => ["--alias", `${name}:${stub}`]);
    const args = ["deploy", "--dry-run", "--minify", "--metafile", "--outdir", out, ...alias];
    const code = runTool(WRANGLER, args, { stdio: ["ignore", "ignore", "inherit"] });
    if (code !== 0) throw new Error("wrangler couldn't bundle the Worker");
    return read(out);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** A V8 CPU profile, as far as we read it. */
type Profile = {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string } }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

/** Time of a V8 CPU profile that is spent in anything but idling. */
function activeMs(path: string): number {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(path, "utf8")) as Profile;
  const idle = new Set(
    nodes.filter((node) => node.callFrame.functionName === "(idle)").map((node) => node.id),
  );
  const microseconds = samples.reduce(
    (sum, id, index) => (idle.has(id) ? sum : sum + (timeDeltas[index] ?? 0)),
    0,
  );
  return Math.round(microseconds / 100) / 10;
}
