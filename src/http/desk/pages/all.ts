import type { DeskPage } from "../desk-page.ts";
import { ENTER } from "./enter.tsx";
import { IMPORTS } from "./imports.tsx";
import { JOBS } from "./jobs.tsx";
import { NUMBERS } from "./numbers.tsx";
import { READERS } from "./readers.tsx";
import { SETTINGS } from "./settings.tsx";
import { SITES } from "./sites.tsx";
import { TODAY } from "./today.tsx";

/** Every page of the desk, and everything its forms do. */
export const DESK: readonly DeskPage[] = [
  ...ENTER,
  ...TODAY,
  ...NUMBERS,
  ...JOBS,
  ...IMPORTS,
  ...READERS,
  ...SITES,
  ...SETTINGS,
];
