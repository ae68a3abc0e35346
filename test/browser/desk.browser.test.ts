import { test } from "vitest";
import { walkTheDesk } from "../support/desk-walk.ts";
import { themepostOfFile } from "../support/themepost-of-file.ts";

const themepost = themepostOfFile();

test("an owner stops sending and resumes it; pauses a reader and takes that back, tags and exports them, and brings an old list along", () =>
  walkTheDesk(themepost, { by: "mouse", javaScriptEnabled: true }));
