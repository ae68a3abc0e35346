/** A figure, and what it should be. */
export type Measured = { readonly what: string; readonly value: string | number; readonly budget: string };
