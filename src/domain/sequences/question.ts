/** A question to readers whose answer chooses blocks in letters. */
export type { ReaderQuestion } from "../../platform/db/schema/index.ts";
