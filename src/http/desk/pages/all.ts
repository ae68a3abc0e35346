import type { DeskPage } from "../desk-page.ts";
import { BROADCASTS } from "./broadcasts.tsx";
import { ENTER } from "./enter.tsx";
import { FOLDER } from "./folder.ts";
import { IMPORTS } from "./imports.tsx";
import { JOBS } from "./jobs.tsx";
import { LETTER } from "./letter.tsx";
import { LETTERS } from "./letters.tsx";
import { SYSTEM_MAILS } from "./mails.tsx";
import { NUMBERS } from "./numbers.tsx";
import { OWN_SITE } from "./own-site.tsx";
import { PUBLISH } from "./publish.tsx";
import { READERS } from "./readers.tsx";
import { SEGMENTS } from "./segments.tsx";
import { SEQUENCE_SETTINGS } from "./sequence-settings.tsx";
import { SETTINGS } from "./settings.tsx";
import { SITES } from "./sites.tsx";
import { TODAY } from "./today.tsx";
import { YEAR } from "./year.tsx";

/** Every page of the desk, and everything its forms do. */
export const DESK: readonly DeskPage[] = [
  ...ENTER,
  ...TODAY,
  ...NUMBERS,
  ...FOLDER,
  ...LETTERS,
  ...PUBLISH,
  ...LETTER,
  ...BROADCASTS,
  ...YEAR,
  ...SEQUENCE_SETTINGS,
  ...SYSTEM_MAILS,
  ...JOBS,
  ...IMPORTS,
  ...SEGMENTS,
  ...READERS,
  ...SITES,
  ...OWN_SITE,
  ...SETTINGS,
];
