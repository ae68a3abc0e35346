import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { cutVars, readVars } from "../../scripts/vars.ts";

function fileOf(...lines: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "themepost-vars-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "production.vars");
  writeFileSync(path, lines.join("\n"));
  return path;
}

test("values may stand in quotes or not, and lines that are comments or empty say nothing", () => {
  const path = fileOf(
    "# Copy to production.vars",
    "MAIL_FROM=Strengthening Bonds <letters@mail.your-domain.org>",
    'OWNER_NAME="Ada # Lovelace"',
    "POSTAL_ADDRESS='Flat #3, 1 Street'\r",
    "",
    "RESEND_API_KEY=",
    "SECRET=a=b==",
    "# ARCHIVE=1",
  );
  expect(readVars(path)).toEqual({
    MAIL_FROM: "Strengthening Bonds <letters@mail.your-domain.org>",
    OWNER_NAME: "Ada # Lovelace",
    POSTAL_ADDRESS: "Flat #3, 1 Street",
    RESEND_API_KEY: "",
    SECRET: "a=b==",
  });
  expect(cutVars(path)).toEqual([]);
  expect(cutVars(join(import.meta.dirname, "..", "..", "production.vars.example"))).toEqual([]);
});

test("a comment behind a quoted value cuts nothing", () => {
  expect(cutVars(fileOf("OWNER_NAME='Ada # Lovelace' # who signs", 'INSTANCE="main"  # one'))).toEqual([]);
});

test("a value that a # or a quote would cut is named before it's deployed, as the postal address in every letter's foot", () => {
  const path = fileOf("POSTAL_ADDRESS=Flat #3, 1 Street", 'OWNER_NAME="Bonds" and others', "INSTANCE=main");
  expect(readVars(path)).toEqual({ POSTAL_ADDRESS: "Flat", OWNER_NAME: "Bonds", INSTANCE: "main" });
  expect(cutVars(path)).toEqual(["POSTAL_ADDRESS", "OWNER_NAME"]);
  expect(cutVars(fileOf("POSTAL_ADDRESS=Flat #3, 1 Street\r", "INSTANCE=main\r"))).toEqual([
    "POSTAL_ADDRESS",
  ]);
});

test("a sender's name may stand in double quotes, as mail writes it, and the whole in single ones", () => {
  const written = '"Müller, Anna" <letters@mail.your-domain.org>';
  for (const line of [`MAIL_FROM=${written}`, `MAIL_FROM='${written}'`]) {
    const path = fileOf(line, "OWNER_NAME='Anna Müller'");
    expect(readVars(path)).toEqual({ MAIL_FROM: written, OWNER_NAME: "Anna Müller" });
    expect(cutVars(path)).toEqual([]);
  }
});
