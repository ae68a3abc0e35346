// Made by npm run embed.
import { SOURCE as FORM_1 } from "./form-1.ts";
import { SOURCE as FORM_2 } from "./form-2.ts";
import { SOURCE as FORM_3 } from "./form-3.ts";
import { SOURCE as FORM_4 } from "./form-4.ts";

export const SOURCES: readonly string[] = [FORM_1, FORM_2, FORM_3, FORM_4];
