import type { Language } from "../../src/platform/texts/languages.ts";

/** Who sends, as every footer must say it (CAN-SPAM, CASL; rule 5.18). */
export type Sender = { readonly ownerName: string; readonly postalAddress: string };

/** What is the same in every mail of a site in one language. */
export type Frame = {
  readonly publicUrl: string;
  readonly language: Language;
  readonly sender: Sender;
};

/** The same for what belongs to a sequence. */
export type SequenceFrame = Frame & { readonly sequenceTitle: string };
