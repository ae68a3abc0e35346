import type { Look } from "../../src/platform/look/look.ts";
import type { Language } from "../../src/platform/texts/languages.ts";

/** Who sends, as every footer must say it (CAN-SPAM, CASL; rule 5.18). */
type Sender = { readonly ownerName: string; readonly postalAddress: string };

/** Where a picture is, and how large its file, in pixels. */
type Picture = { readonly url: string; readonly width: number; readonly height: number };

/** What is the same in every mail of a site in one language. */
export type Frame = {
  readonly publicUrl: string;
  readonly language: Language;
  readonly look: Look;
  readonly sender: Sender;
  /** Who writes, and what letters end with, line by line; without a name they aren't signed. */
  readonly author: {
    readonly name: string;
    readonly signOff: string;
    readonly picture: Picture | null;
  };
};

/** The same for what belongs to a sequence, whose title is in a language of its own. */
export type SequenceFrame = Frame & {
  readonly sequenceTitle: string;
  readonly sequenceLanguage: Language;
};
