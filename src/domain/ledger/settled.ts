import type { Family } from "../counts/mailbox-family.ts";

/** A delivery that ends without being sent. */
export type Settled = {
  readonly id: number;
  readonly state: "skipped" | "failed" | "held" | "uncertain";
  readonly reason: string;
};

/** A delivery that the provider took, with the provider's id. */
export type Taken = { readonly id: number; readonly providerId: string };

/** The same, with the family of the mailbox that it goes to. */
export type Accepted = Taken & { readonly family: Family };
