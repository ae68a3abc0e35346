/** The signing secret of the emulator's webhooks, in a file of its own because tests read it inside workerd. */
export const WEBHOOK_SECRET = "whsec_YSBzZWNyZXQgb2YgdGhlIGVtdWxhdG9yLCAzMiBieXRl";
