import { createServer } from "node:http";
import { expect, test } from "vitest";
import { executeLocal } from "../../scripts/local-database.ts";
import {
  freePort,
  freshState,
  mailbox,
  signUpByProgram,
  startThemepost,
  stopThemepost,
  waitForMessages,
} from "../support/running-themepost.ts";

test("after kill -9 the next start ends what was left over and loses nothing; a second start beside it says so", async () => {
  const state = freshState();
  const port = await freePort();
  const first = await startThemepost(state.folder, port);
  await signUpByProgram(first.url, { email: "kept@example.com" });
  await waitForMessages(first.url, "kept@example.com", 1);

  const beside = await startThemepost(state.folder, await freePort());
  expect(await beside.ended).toBe(1);
  expect(beside.output()).toContain(`already running at http://localhost:${port}`);

  first.process.kill("SIGKILL");
  await first.ended;
  const second = await startThemepost(state.folder, port);
  expect(second.output()).toContain("10 unchanged");
  expect(await mailbox(second.url, "kept@example.com")).toHaveLength(1);
  await stopThemepost(second);
  await expect(fetch(second.url)).rejects.toThrow();
  state.remove();
});

test("a port that is taken gets a message that says what to do", async () => {
  const state = freshState();
  const port = await freePort();
  const other = createServer().listen(port, "127.0.0.1");
  const start = await startThemepost(state.folder, port);
  expect(await start.ended).toBe(1);
  expect(start.output()).toContain(
    `Port ${port} is taken by another program. Choose another one: PORT=${port + 1} npm start`,
  );
  other.close();
  state.remove();
});

test("a database with tables that were never released is refused, with what to delete", async () => {
  const state = freshState();
  executeLocal(state.folder, "create table subscribers (id integer primary key);");
  const start = await startThemepost(state.folder, await freePort());
  expect(await start.ended).toBe(1);
  expect(start.output()).toContain(
    `The database in ${state.folder} was made by a version that was never released`,
  );
  expect(start.output()).toContain("delete that folder");
  state.remove();
});
