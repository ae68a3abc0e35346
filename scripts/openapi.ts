// npm run openapi: writes docs/openapi.yaml, and the copy that the service serves, from the schemas of the API's endpoints.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { Document, visit } from "yaml";
import { ROOT } from "./project.ts";

const WIDTH = 120;
const ONE_LINE = 90;
const BUILT = join(ROOT, ".wrangler", "openapi.mjs");

type Built = typeof import("./openapi/document.ts");

/** What the files should hold, by their paths in the project. */
async function openApiFiles(): Promise<Record<string, string>> {
  // The endpoints are part of the Worker, and some of them make pages: bundled, Node can read them.
  await build({
    entryPoints: [join(ROOT, "scripts", "openapi", "document.ts")],
    outfile: BUILT,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "error",
  });
  try {
    const { openApiDocument } = (await import(pathToFileURL(BUILT).href)) as Built;
    const document = openApiDocument();
    const head = "# Made by npm run openapi from the schemas of the endpoints (src/http).\n";
    return {
      "docs/openapi.yaml": head + yamlOf(document),
      "public/api/v1/openapi.json": `${JSON.stringify(document)}\n`,
    };
  } finally {
    rmSync(BUILT, { force: true });
  }
}

/** YAML for people: what is small enough stands on one line. */
function yamlOf(value: unknown): string {
  const yaml = new Document(value, { aliasDuplicateObjects: false, compat: "yaml-1.1" });
  visit(yaml, {
    Collection: (_, node) => {
      if (JSON.stringify(node.toJSON()).length <= ONE_LINE) node.flow = true;
    },
  });
  return yaml.toString({ lineWidth: WIDTH });
}

/** The files that aren't what the schemas give. */
export async function staleOpenApiFiles(): Promise<string[]> {
  const wanted = Object.entries(await openApiFiles());
  return wanted.filter(([path, text]) => readOr(join(ROOT, path)) !== text).map(([path]) => path);
}

function readOr(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** Writes the files. */
export async function main(): Promise<void> {
  for (const [path, text] of Object.entries(await openApiFiles())) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
    console.log(`Wrote ${path}.`);
  }
}
