/** An IPv6 address with an IPv4 one inside. */
const ADDRESS_CHARACTERS_MAX = 45;

/**
 * The network of a visitor by which they are counted: an IPv4 address, or the /64 of an IPv6 address (one household has a
 * whole /64, rule 4.11). Null where none is known: Cloudflare always tells (CF-Connecting-IP), on loopback there's none.
 */
export function networkOf(ip: string | undefined): string | null {
  if ((ip?.length ?? 0) > ADDRESS_CHARACTERS_MAX) return null;
  const typed = ip?.trim() ?? "";
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(typed)) return typed.startsWith("127.") ? null : typed;
  if (!/^[0-9a-f:.]{2,45}$/i.test(typed) || !URL.canParse(`http://[${typed}]/`)) return null;
  // The URL parser gives the one canonical spelling (WHATWG URL, IPv6 serializer).
  const canonical = new URL(`http://[${typed}]/`).hostname.slice(1, -1);
  const groups = expand(canonical);
  if (canonical === "::1") return null;
  if (canonical.startsWith("::ffff:")) {
    const [high = 0, low = 0] = groups.slice(6).map((group) => Number.parseInt(group, 16));
    return networkOf(`${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`);
  }
  return `${groups.slice(0, 4).join(":")}::/64`;
}

/** The /48 around a network of an IPv6 address; null for IPv4. */
export function wideNetworkOf(network: string): string | null {
  return network.endsWith("::/64") ? `${network.split(":").slice(0, 3).join(":")}::/48` : null;
}

/** The network around a network, in which a phone or a household moves: the /48 of IPv6, the /16 of IPv4. */
export function prefixOf(network: string): string {
  return wideNetworkOf(network) ?? network.split(".").slice(0, 2).join(".");
}

/** The network of visitors of whom Cloudflare tells none: one that all of them share. */
export const UNKNOWN_NETWORK = "unknown";

function expand(canonical: string): string[] {
  const [left = "", right] = canonical.split("::");
  const head = left === "" ? [] : left.split(":");
  const tail = right === undefined || right === "" ? [] : right.split(":");
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => "0"), ...tail];
}
