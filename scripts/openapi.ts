// npm run openapi: writes docs/openapi.yaml, and the copy that the service serves, from the schemas of the API's endpoints.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { bootstrap, ROOT } from "./bootstrap.mjs";

const WIDTH = 120;
const ONE_LINE = 90;
const BUILT = join(ROOT, ".wrangler", "openapi.mjs");

/** What the files should hold, by their paths in the project. */
export async function openApiFiles() {
  const { build } = await import("esbuild");
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
    const { openApiDocument } = await import(pathToFileURL(BUILT).href);
    const document = openApiDocument();
    const head = "# Made by npm run openapi from the schemas of the endpoints (src/http).\n";
    return {
      "docs/openapi.yaml": head + (await yamlOf(document)),
      "public/api/v1/openapi.json": `${JSON.stringify(document)}\n`,
    };
  } finally {
    rmSync(BUILT, { force: true });
  }
}

/** YAML for people: what is small enough stands on one line. */
async function yamlOf(value) {
  const { Document, visit } = await import("yaml");
  const yaml = new Document(value, { aliasDuplicateObjects: false });
  visit(yaml, {
    Collection: (_, node) => {
      if (JSON.stringify(node.toJSON()).length <= ONE_LINE) node.flow = true;
    },
  });
  return yaml.toString({ lineWidth: WIDTH });
}

/** The files that aren't what the schemas give. */
export async function staleOpenApiFiles() {
  const wanted = Object.entries(await openApiFiles());
  return wanted.filter(([path, text]) => readOr(join(ROOT, path)) !== text).map(([path]) => path);
}

function readOr(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

if (process.argv[1] === import.meta.filename && (await bootstrap(import.meta.url))) {
  for (const [path, text] of Object.entries(await openApiFiles())) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
    console.log(`Wrote ${path}.`);
  }
}
