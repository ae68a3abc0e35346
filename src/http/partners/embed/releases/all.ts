// Made by npm run embed.
import { SOURCE as FORM_1 } from "./form-1.ts";

export const SOURCES: readonly string[] = [FORM_1];
