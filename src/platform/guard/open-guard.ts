import type { GuardPort } from "./guard-port.ts";

/** The one Guard of this service. `name` is for tests, which need one each. */
export function openGuard(namespace: DurableObjectNamespace, name = "guard"): GuardPort {
  // A stub answers each method of the class with a promise; its own type hides that behind types for RPC.
  return namespace.get(namespace.idFromName(name)) as unknown as GuardPort;
}
