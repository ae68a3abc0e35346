import { test } from "vitest";
import { firstHour } from "../support/first-hour.ts";
import { themepostOfFile } from "../support/themepost-of-file.ts";

const themepost = themepostOfFile();

test("an owner's first hour: they name their site, write a letter, see it on a phone in the dark, send it to themselves, publish it and undo that", () =>
  firstHour(themepost, { by: "mouse", javaScriptEnabled: true, name: "Garden" }));

test("an owner's first hour without scripts", () =>
  firstHour(themepost, { by: "mouse", javaScriptEnabled: false, name: "Orchard" }));

test("an owner's first hour by keyboard alone, at 360 pixels", () =>
  firstHour(themepost, { by: "keyboard", javaScriptEnabled: true, name: "Meadow" }));
