// @ts-expect-error -- the scripts are plain JavaScript so that they run before anything is installed
import { readSequence as read } from "../../scripts/read-sequence.mjs";

/** A folder of letters as the body of a publication, read by the very code that publishes it. */
export function readSequence(folder: string): unknown {
  return (read as (folder: string) => { body: unknown })(folder).body;
}
