// node scripts/bootstrap.mjs with-node drizzle-kit generate: runs a project tool under the right Node.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fail, ROOT, runTool } from "./project.ts";

/** Runs the tool that the first word names with the rest. */
export async function main([tool, ...args]: readonly string[]): Promise<void> {
  if (tool === undefined)
    fail("Which tool? For instance: node scripts/bootstrap.mjs with-node drizzle-kit generate");
  const description = join(ROOT, "node_modules", tool, "package.json");
  const { bin } = (existsSync(description) ? JSON.parse(readFileSync(description, "utf8")) : {}) as {
    bin?: string | Record<string, string>;
  };
  const program = typeof bin === "string" ? bin : bin?.[tool];
  if (program === undefined) fail(`${tool} is no program.`);
  process.exitCode = runTool(join(tool, program), args);
}
