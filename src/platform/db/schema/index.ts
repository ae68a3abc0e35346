export * from "./desk.ts";
export * from "./feedback.ts";
export * from "./ledger.ts";
export * from "./mailbox.ts";
export * from "./partners.ts";
export * from "./sequences.ts";
export * from "./signup.ts";
export * from "./subscribers.ts";
