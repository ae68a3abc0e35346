/** A delivery that ends without being sent. */
export type Settled = {
  readonly id: number;
  readonly state: "skipped" | "failed" | "held" | "uncertain";
  readonly reason: string;
};

/** A delivery that the provider took, with the provider's id. */
export type Accepted = { readonly id: number; readonly providerId: string };
