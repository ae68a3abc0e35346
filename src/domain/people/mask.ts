/** An address as those see it who may not see it: its first letter, and where it is. */
export function masked(address: string): string {
  const at = address.lastIndexOf("@");
  return at < 1 ? "…" : `${address.slice(0, 1)}…${address.slice(at)}`;
}
