import type { Frame, SequenceFrame } from "../../../emails/components/frame.ts";
import { pictureUrl } from "../../platform/links/urls.ts";
import type { Language } from "../../platform/texts/languages.ts";
import type { Site } from "../site/site.ts";

/** What all mails of a site have in common, in one language. */
export function frameOf(site: Site, publicUrl: string, language: Language): Frame {
  const { look, owner, author } = site;
  const { picture } = author;
  return {
    publicUrl,
    language,
    look,
    sender: { ownerName: owner.name, postalAddress: owner.postalAddress },
    // Letters in another language than the site's end with the name alone.
    author: {
      name: author.name,
      signOff: language === site.language ? author.signOff : "",
      picture: picture === undefined ? null : { ...picture, url: pictureUrl(publicUrl, picture.name) },
    },
  };
}

/** The same for the mails of a sequence. */
export function sequenceFrameOf(
  frame: Frame,
  sequence: { readonly title: string; readonly language: Language },
): SequenceFrame {
  return { ...frame, sequenceTitle: sequence.title, sequenceLanguage: sequence.language };
}
