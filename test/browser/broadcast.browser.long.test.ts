import { test } from "vitest";
import { walkABroadcast } from "../support/broadcast-walk.ts";
import { themepostOfFile } from "../support/themepost-of-file.ts";

const themepost = themepostOfFile();

test("a broadcast is written, tried, scheduled, taken back, scheduled again, stopped, corrected and sent to the rest", () =>
  walkABroadcast(themepost, { by: "mouse", javaScriptEnabled: true, name: "Ada" }));

test("the same without scripts", () =>
  walkABroadcast(themepost, { by: "mouse", javaScriptEnabled: false, name: "Bea" }));

test("the same by keyboard alone, at 360 pixels", () =>
  walkABroadcast(themepost, { by: "keyboard", javaScriptEnabled: true, name: "Cleo" }));
