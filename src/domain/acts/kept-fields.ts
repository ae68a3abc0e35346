import { sha256Hex } from "../../platform/links/mac.ts";

/** A longer value is kept as its hash: enough to tell whether it's the same, and no place for whole letters. */
const VALUE_MAX = 200;

/** Whatever stands around an @ may be someone's address. */
const ADDRESS = /[^\s"'<>(),;:]*@[^\s"'<>(),;:]*/g;

/**
 * What an act keeps of the fields that changed: values of up to 200 characters as they are (as JSON, where they aren't text), and
 * `sha256:` and the hash in hex for longer ones. An address in a value becomes `(address)`.
 */
export async function keptFields(
  changed: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const kept = Object.entries(changed).map(async ([name, value]) => [name, await keptValue(value)] as const);
  return Object.fromEntries(await Promise.all(kept));
}

async function keptValue(value: unknown): Promise<unknown> {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "null");
  if (text.length > VALUE_MAX) return `sha256:${await sha256Hex(text)}`;
  if (!text.includes("@")) return value ?? null;
  return text.replaceAll(ADDRESS, "(address)");
}
