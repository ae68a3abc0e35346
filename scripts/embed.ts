// npm run embed: bundles the form's element and keeps the result as a release, which never changes once it's published.
// `-- --amend` overwrites the newest release instead; only while no one can have embedded it yet.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { fail, ROOT, readArgs } from "./project.ts";

const EMBED = join(ROOT, "src", "http", "partners", "embed");

/** The element as browsers get it. */
export async function bundleElement(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(EMBED, "element", "form-element.ts")],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    write: false,
  });
  return (outputFiles[0]?.text ?? "").trim();
}

/** The number and the source of the newest release; 0 and "" where there is none. */
export function newestRelease(): { readonly number: number; readonly source: string } {
  const numbers = readdirSync(join(EMBED, "releases"))
    .map((name) => Number(/^form-(\d+)\.ts$/.exec(name)?.[1] ?? 0))
    .sort((a, b) => b - a);
  const number = numbers[0] ?? 0;
  if (number === 0) return { number, source: "" };
  const file = readFileSync(join(EMBED, "releases", `form-${number}.ts`), "utf8");
  const literal = /^export const SOURCE = (".*");$/ms.exec(file)?.[1];
  if (literal === undefined) throw new Error(`release ${number} has no source`);
  return { number, source: JSON.parse(literal) as string };
}

/** Source that names every release, the oldest first. */
function listOfReleases(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const imports = numbers.map(
    (number) => `import { SOURCE as FORM_${number} } from "./form-${number}.ts";\n`,
  );
  const names = numbers.map((number) => `FORM_${number}`).join(", ");
  return `// Made by npm run embed.\n${imports.join("")}\nexport const SOURCES: readonly string[] = [${names}];\n`;
}

/** Writes a release where the source gives another one than the newest. */
export async function main(args: readonly string[]): Promise<void> {
  const { values } = readArgs({ args: [...args], options: { amend: { type: "boolean" } } });
  const source = await bundleElement();
  const newest = newestRelease();
  if (source === newest.source) {
    console.log(`Release ${newest.number} is up to date.`);
  } else {
    const amend = values.amend === true && newest.number > 0;
    const number = amend ? newest.number : newest.number + 1;
    const path = join(EMBED, "releases", `form-${number}.ts`);
    const head = `// Made by npm run embed from ../element. Never changed once it was published: pages name it by its hash.\n`;
    writeFileSync(path, `${head}export const SOURCE = ${JSON.stringify(source)};\n`);
    writeFileSync(join(EMBED, "releases", "all.ts"), listOfReleases(number));
    console.log(`Wrote ${path}. Add its hash to test/partners/partners.worker.test.ts.`);
    if (source.length === 0) fail("The bundle is empty.");
  }
}
