// node scripts/with-node.mjs drizzle-kit generate: runs a project tool under the right Node.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bootstrap, fail, ROOT, runTool } from "./bootstrap.mjs";

if (await bootstrap(import.meta.url)) {
  const [tool, ...args] = process.argv.slice(2);
  if (tool === undefined) fail("Which tool? For instance: node scripts/with-node.mjs drizzle-kit generate");
  const { bin } = JSON.parse(readFileSync(join(ROOT, "node_modules", tool, "package.json"), "utf8"));
  process.exitCode = runTool(join(tool, typeof bin === "string" ? bin : bin[tool]), args);
}
