import { type Address, readAddress } from "../../people/address.ts";
import { readName } from "../../people/read-name.ts";
import type { Meaning, Recognised } from "./recognise.ts";

/** Why mail to someone stops: they left, said it was spam, their mailbox is gone, or they were taken off. */
export type StopReason = "unsubscribed" | "complaint" | "bounce" | "owner" | "erased";

/** What a line of a file says. */
export type LineReading =
  | { readonly kind: "unusable"; readonly why: "no_address" | "bad_address" | "unknown_state" }
  /** Never confirmed, or unknown: left out. */
  | { readonly kind: "left_out"; readonly address: Address }
  | {
      readonly kind: "wants";
      readonly address: Address;
      readonly firstName: string;
      readonly zone: string;
      readonly tags: readonly string[];
    }
  | { readonly kind: "stop"; readonly address: Address; readonly reason: StopReason };

const NAME_CHARACTERS_MAX = 80;

const WANTS = "wants";
const LEFT_OUT = "left_out";

/** What the states of all sources mean, compared as whole words. */
const STATES: Readonly<Record<string, typeof WANTS | typeof LEFT_OUT | StopReason>> = {
  ...named(
    WANTS,
    "subscribed active enabled confirmed regular premium trialed gifted churning churned past_due paused unpaid cold true yes 1",
  ),
  ...named("unsubscribed", "unsubscribed inactive disabled cancelled canceled left false no 0"),
  ...named("complaint", "complained complaint junk abuse spam"),
  ...named("bounce", "cleaned bounced bounce undeliverable"),
  ...named("owner", "blocklisted blacklisted blocked removed owner suppressed"),
  ...named("erased", "erased"),
  ...named(
    LEFT_OUT,
    "pending unconfirmed unactivated validating invalid transactional archived upcoming non-subscribed",
  ),
};

function named<const Meant extends string>(meant: Meant, names: string): Record<string, Meant> {
  return Object.fromEntries(names.split(" ").map((name) => [name, meant]));
}

/** Mailbox hosts of people who asked their old newsletter to be deleted. */
const DELETED = /@deletion-request\.substack\.com$/i;

/** Reads a line by what its columns mean. */
export function readLine(
  cells: readonly string[],
  { columns, state }: Pick<Recognised, "columns" | "state">,
): LineReading {
  const cell = (meaning: Meaning) => {
    const place = columns.indexOf(meaning);
    return place < 0 ? "" : unescaped(cells[place] ?? "");
  };
  const typed = cell("email");
  if (typed === "") return { kind: "unusable", why: "no_address" };
  if (DELETED.test(typed)) return { kind: "unusable", why: "no_address" };
  const read = readAddress(typed, { reservedAllowed: true });
  if (read.kind !== "valid") return { kind: "unusable", why: "bad_address" };
  const address = read.value;
  const meant = meaningOf(columns, cell, state);
  if (meant === null) return { kind: "unusable", why: "unknown_state" };
  if (meant === LEFT_OUT) return { kind: "left_out", address };
  if (meant !== WANTS) return { kind: "stop", address, reason: meant };
  const name = readName(cell("first_name") || (cell("name").split(/\s+/)[0] ?? ""), NAME_CHARACTERS_MAX);
  return {
    kind: "wants",
    address,
    firstName: name.kind === "valid" ? name.value : "",
    zone: cell("zone"),
    tags: tagsIn(cell("tags")),
  };
}

function meaningOf(
  columns: readonly Meaning[],
  cell: (meaning: Meaning) => string,
  ofFile: string | null,
): (typeof STATES)[string] | null {
  if (cell("deleted_at") !== "") return LEFT_OUT;
  const suppression = cell("suppression").toLowerCase();
  if (suppression !== "") return STATES[suppression] ?? "owner";
  if (columns.includes("disabled")) return isYes(cell("disabled")) ? "unsubscribed" : WANTS;
  const said = (cell("state") || ofFile || "").toLowerCase();
  if (said !== "") return stricter(STATES[said] ?? null, cell("left_at") !== "");
  if (columns.includes("subscribed")) {
    const subscribed = cell("subscribed").toLowerCase();
    // An empty cell says neither.
    return subscribed === "" ? LEFT_OUT : (STATES[subscribed] ?? WANTS);
  }
  if (columns.includes("state")) return LEFT_OUT;
  return cell("left_at") === "" ? WANTS : "unsubscribed";
}

function stricter(meant: (typeof STATES)[string] | null, hasLeft: boolean) {
  return meant === WANTS && hasLeft ? "unsubscribed" : meant;
}

function isYes(value: string): boolean {
  return STATES[value.toLowerCase()] === WANTS;
}

/** A cell without the blanks around it, and without the apostrophe that keeps spreadsheets from taking it for a formula. */
function unescaped(cell: string): string {
  return cell
    .replace(/^[\s\u00a0\u200b\ufeff]+/u, "")
    .replace(/[\s\u00a0\u200b\ufeff]+$/u, "")
    .replace(/^'(?=[=+\-@\t\r＝＋－＠])/u, "");
}

/** Tags stand in one cell, behind commas or semicolons, in quotes or without. */
function tagsIn(cell: string): string[] {
  return cell
    .split(/[,;]/)
    .map((tag) => tag.replaceAll('"', "").trim())
    .filter((tag) => tag !== "");
}
