import type { TestProject } from "vitest/node";
import { startResendEmulator } from "./resend-emulator/server.ts";
import { startTurnstileEmulator } from "./turnstile-emulator.ts";

declare module "vitest" {
  interface ProvidedContext {
    emulatorUrl: string;
    turnstileUrl: string;
  }
}

/** One emulator of each provider for all Worker tests; each test takes a Resend account of its own. */
export default async function setup(project: TestProject) {
  const emulator = await startResendEmulator({ lean: false });
  const turnstile = await startTurnstileEmulator();
  project.provide("emulatorUrl", emulator.url);
  project.provide("turnstileUrl", turnstile.url);
  return async () => {
    turnstile.close();
    await emulator.close();
  };
}
