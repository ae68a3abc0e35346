import { afterAll, expect } from "vitest";

/** What must never be in the log: addresses of mail, and anything as long as a token of a link or a stamp. */
const ADDRESS = /[\w.+-]+@[\w-]+\.[\w.-]+/;
const TOKEN = /[A-Za-z0-9_-]{58,}/;
/** What may be that long and is none: hashes of people and of letters. */
const HASH = /\b[0-9a-f]{64}\b/g;

type Log = { wrong: string[]; read: number };
// Files share the isolate, and the console.
const shared = globalThis as { serviceLog?: Log };
/** Lines of the service's log that a file's tests made, and those that hold what they mustn't. */
const log: Log = shared.serviceLog ?? { wrong: [], read: 0 };
const isFirst = shared.serviceLog === undefined;
shared.serviceLog = log;
log.wrong = [];

for (const name of ["log", "info", "warn", "error"] as const) {
  if (!isFirst) break;
  const say = console[name].bind(console);
  console[name] = (...said: unknown[]) => {
    const line = said.map(String).join(" ");
    if (line.startsWith('{"event"')) {
      log.read += 1;
      if (ADDRESS.test(line) || TOKEN.test(line.replaceAll(HASH, ""))) log.wrong.push(line);
    }
    say(...said);
  };
}

afterAll(() => {
  expect(log.wrong, `of ${log.read} lines of the log, these hold an address or a token`).toEqual([]);
});
