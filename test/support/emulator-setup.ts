import type { TestProject } from "vitest/node";
import { startResendEmulator } from "./resend-emulator/server.ts";

declare module "vitest" {
  interface ProvidedContext {
    emulatorUrl: string;
  }
}

/** One emulator for all Worker tests; each test takes an account of its own. */
export default async function setup(project: TestProject) {
  const emulator = await startResendEmulator({ lean: false });
  project.provide("emulatorUrl", emulator.url);
  return () => emulator.close();
}
