import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { emptyState, whenAskedToStartOver } from "../../scripts/start-over.ts";

test("a trial starts over once for each time it's asked to, and not for what was asked before", async () => {
  vi.useFakeTimers();
  const log = join(mkdtempSync(join(tmpdir(), "themepost-log-")), "worker.log");
  const asked = `${JSON.stringify({ event: "mailbox.start_over" })}\n`;
  writeFileSync(log, asked);
  let times = 0;
  whenAskedToStartOver(log, async () => {
    times += 1;
    // A new Worker writes a new log.
    writeFileSync(log, "ready\n");
  });
  await vi.advanceTimersByTimeAsync(2000);
  expect(times).toBe(0);
  appendFileSync(log, `GET /mailbox/start-over 200 OK\n${asked}`);
  await vi.advanceTimersByTimeAsync(2000);
  expect(times).toBe(1);
  appendFileSync(log, asked);
  await vi.advanceTimersByTimeAsync(2000);
  expect(times).toBe(2);
  vi.useRealTimers();
});

test("an emptied state has no data of the trial, and what else its folder holds stays", () => {
  const state = mkdtempSync(join(tmpdir(), "themepost-state-"));
  mkdirSync(join(state, "v3", "d1"), { recursive: true });
  writeFileSync(join(state, "v3", "d1", "database.sqlite"), "");
  for (const name of ["themepost-starting.pid", "worker.log", "themepost-process.json", "diary.txt"])
    writeFileSync(join(state, name), "1");
  emptyState(state);
  expect(readdirSync(state).toSorted()).toEqual(["diary.txt", "themepost-starting.pid"]);
  expect(existsSync(join(state, "v3"))).toBe(false);
});
