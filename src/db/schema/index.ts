export * from "./delivery.ts";
export * from "./mailbox.ts";
export * from "./sequences.ts";
export * from "./signup.ts";
export * from "./subscribers.ts";
