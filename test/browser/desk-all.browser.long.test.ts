import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { localToken } from "../../scripts/local-worker.ts";
import { trialDeskLink } from "../../scripts/trial-owner.ts";
import { axe } from "../support/axe.ts";
import { PHONE, walkTheDesk } from "../support/desk-walk.ts";
import { becomeReader } from "../support/running-themepost.ts";
import { themepostOfFile } from "../support/themepost-of-file.ts";

const themepost = themepostOfFile();
const PAGES = [
  "/desk",
  "/desk/numbers",
  "/desk/letters",
  "/desk/letters/strengthening-bonds",
  "/desk/letters/strengthening-bonds/publish",
  "/desk/letters/strengthening-bonds/year",
  "/desk/letters/strengthening-bonds/settings",
  "/desk/letters/strengthening-bonds/mails",
  "/desk/site",
  "/desk/letters/strengthening-bonds/letters/boundaries",
  "/desk/letters/strengthening-bonds/letters/boundaries/saves",
  "/desk/broadcasts",
  "/desk/broadcasts/1",
  "/desk/broadcasts/1/letter",
  "/desk/segments",
  "/desk/segments/new",
  "/desk/segments/1",
  "/desk/readers",
  "/desk/readers/1",
  "/desk/imports",
  "/desk/jobs/1",
  "/desk/sites",
  "/desk/settings",
  "/desk/settings/sending",
  "/desk/settings/acts",
  "/desk/enter/none",
];
const said = (page: Page) => page.locator(".said");

async function faultsOf(page: Page): Promise<string[]> {
  const wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
  return [...(await axe(page)), ...(wide === true ? ["scrolls sideways"] : [])];
}

test("a newcomer opens the desk and is in; without scripts they stop sending with a reason, and resume", async () => {
  const page = await themepost.visit(`${themepost.url}/desk`, { javaScriptEnabled: false, ...PHONE });
  await page.locator(".lead").getByText("All is well").waitFor();
  await page.getByLabel("Why?").fill("a look at the first letters");
  await page.getByRole("button", { name: "Stop all sending" }).click();
  expect(await said(page).textContent()).toContain("Stopped");
  expect(await page.locator(".lead").textContent()).toContain("a look at the first letters");
  await page.getByRole("button", { name: "Resume sending" }).click();
  expect(await said(page).textContent()).toContain("Sending goes on");
});

test("the keyboard alone reaches everything on Today, in the order in which it's read", async () => {
  const page = await themepost.visit(`${themepost.url}/desk`, PHONE);
  const reached: string[] = [];
  for (let step = 0; step < 20; step += 1) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate<string>(
      "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()",
    );
    // Behind the last one the browser itself has the focus.
    if (await page.evaluate("document.activeElement === document.body")) break;
    reached.push(name);
  }
  expect(reached).toEqual([
    "Skip to the content",
    "Today",
    "Letters",
    "Broadcasts",
    "Readers",
    "Sites",
    "Settings",
    "Open the mailbox",
    "How your list grows",
    "your site",
    "letter",
    "letter",
    "a sequence",
    "mailbox",
    "home page",
    "home page",
    "Why?",
    "Stop all sending",
  ]);
  await page.getByLabel("Why?").focus();
  await page.keyboard.type("by keyboard");
  await page.keyboard.press("Enter");
  await said(page).waitFor();
  await page.getByRole("button", { name: "Resume sending" }).focus();
  await page.keyboard.press("Enter");
  await said(page).getByText("Sending goes on").waitFor();
});

test("adding someone asks for a link from the command line; with it they're added, removed, and both are told", async () => {
  const page = await themepost.visit(`${themepost.url}/desk/settings`, PHONE);
  const add = async () => {
    await page.getByLabel("Address", { exact: true }).fill("ada@example.com");
    await page.getByLabel("Role", { exact: true }).selectOption("helper");
    await page.getByRole("button", { name: "Add", exact: true }).click();
  };
  await add();
  expect(await page.locator("h1").textContent()).toContain("prove that it’s you");
  await page.goto(await trialDeskLink(themepost.url, localToken()));
  await page.getByRole("button", { name: "Open the desk" }).click();
  await page.getByRole("link", { name: "Settings" }).click();
  await add();
  expect(await said(page).textContent()).toContain("They can come in now");
  await page
    .getByRole("row", { name: /ada@example.com/ })
    .getByRole("button", { name: "Remove" })
    .click();
  expect(await said(page).textContent()).toContain("They’re gone");
  await page.getByRole("link", { name: "What was done" }).click();
  expect(await page.locator("table").textContent()).toContain("remove from desk");
});

test("a reader is found by the beginning of their address, stopped with a note, and taken off the list again", async () => {
  await becomeReader(themepost.url, "ada-lovelace@example.com");
  const page = await themepost.visit(`${themepost.url}/desk/readers`, { javaScriptEnabled: false, ...PHONE });
  await page.getByLabel("Find by address").fill("ada-l");
  await page.keyboard.press("Enter");
  expect(await said(page).textContent()).toContain("One person’s address begins with “ada-l”");
  await page.getByRole("link", { name: "ada-lovelace@example.com" }).click();
  expect(await page.locator(".lead").textContent()).toMatch(
    /Gets letter \d+, “.+”, of Strengthening Bonds on/,
  );
  await page.getByLabel("Why?").fill("asked us by phone");
  await page.getByRole("button", { name: "Never mail them again" }).click();
  expect(await said(page).textContent()).toContain("They get nothing any more");
  await page.getByLabel("Why?").fill("changed their mind");
  await page.getByRole("button", { name: "Take them off the list" }).click();
  expect(await page.locator(".lead").textContent()).toMatch(
    /Gets letter \d+, “.+”, of Strengthening Bonds on/,
  );
});

test("by keyboard alone, at the width of a phone, an owner gets everywhere on the desk", () =>
  walkTheDesk(themepost, { by: "keyboard", javaScriptEnabled: true }));

test("every page of the desk is free of accessibility faults, in light and in dark, and fits a phone", async () => {
  const owner = await themepost.visit(`${themepost.url}/desk/broadcasts`);
  await owner.getByRole("button", { name: "Begin" }).click();
  await owner.waitForURL(/broadcasts\/1\/letter$/);
  await owner.goto(`${themepost.url}/desk/segments/new`);
  await owner.getByLabel("Name", { exact: true }).fill("Readers of English");
  await owner.getByLabel("Condition 1", { exact: true }).first().selectOption({ label: "Reads in English" });
  await owner.getByRole("button", { name: "Save", exact: true }).click();
  await owner.waitForURL(/segments\/1\?/);
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await themepost.visit(`${themepost.url}/desk`, { colorScheme, ...PHONE });
    for (const path of PAGES) {
      await page.goto(`${themepost.url}${path}`);
      expect([colorScheme, path, await faultsOf(page)]).toEqual([colorScheme, path, []]);
    }
  }
});

test("the desk asks nobody else for anything, and its policy is broken by nothing on it", async () => {
  const page = await themepost.open();
  const wrong: string[] = [];
  page.on("console", (message) => void wrong.push(message.text()));
  page.on("pageerror", (error) => void wrong.push(String(error)));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== themepost.url) wrong.push(request.url());
  });
  for (const path of PAGES) await page.goto(`${themepost.url}${path}`);
  expect(wrong).toEqual([]);
});
