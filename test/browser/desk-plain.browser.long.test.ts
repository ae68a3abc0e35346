import { test } from "vitest";
import { walkTheDesk } from "../support/desk-walk.ts";
import { themepostOfFile } from "../support/themepost-of-file.ts";

const themepost = themepostOfFile();

test("without scripts an owner does at the desk what they do with them", () =>
  walkTheDesk(themepost, { by: "mouse", javaScriptEnabled: false }));
