import { broadcast } from "./broadcasts/broadcast-kind.ts";
import { type Kinds, kindsOf } from "./ledger/kind.ts";
import { alert } from "./letters/alert-kind.ts";
import { test } from "./letters/test-kind.ts";
import { access } from "./people/access-kind.ts";
import { notice } from "./people/notice-kind.ts";
import { theme } from "./sequences/theme-kind.ts";
import { welcome } from "./sequences/welcome-kind.ts";
import { confirmation } from "./signup/confirmation-kind.ts";

/** Every kind of delivery that there is. A new kind is a line here, its row in the folder that plans it, its planner and texts. */
export const KINDS: Kinds = kindsOf([confirmation, welcome, theme, notice, access, broadcast, alert, test]);
