import { availableParallelism } from "node:os";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { withRenamedColumns } from "./test/support/renamed-columns.ts";

const long = process.env.THEMEPOST_LONG === "1";
const suffix = (kind: string) => [`test/**/*.${kind}${long ? ".long" : ""}.test.ts`];

/** The folder of a migration with renamed columns, if the suite is to run on it (scripts/renamed-columns.ts). */
const renamed = process.env.THEMEPOST_RENAMED;
const renamedColumns = {
  name: "renamed-columns",
  enforce: "pre" as const,
  transform: (code: string, id: string) =>
    renamed !== undefined && id.includes("/src/platform/db/schema/") ? withRenamedColumns(code) : undefined,
};

const noPrettier = new URL("./src/domain/letters/no-prettier.ts", import.meta.url).pathname;
const noComponent = new URL("./src/domain/letters/no-component.ts", import.meta.url).pathname;
const noHtmlOutput = new URL("./src/domain/letters/no-html-output.ts", import.meta.url).pathname;

// The same stubs that wrangler.toml puts into the bundle, but for postal-mime, with which tests read mails.
const alias = {
  "prettier/standalone": noPrettier,
  "prettier/plugins/html": noPrettier,
  "@react-email/tailwind": noComponent,
  "@react-email/code-block": noComponent,
  "@react-email/markdown": noComponent,
  "dom-serializer": noHtmlOutput,
  html5parser: noHtmlOutput,
  "entities/lib/decode.js": noHtmlOutput,
};

/** What isn't played with renamed columns. */
const NOT_RENAMED = [
  // Plans name indexes, and the baseline's tables without row ids are made so by hand.
  "test/ledger/query-plans.worker.test.ts",
  // These play the statements that the others send, over and over.
  "test/simulation/**",
  "test/sending/{replay-month,outage}.worker.test.ts",
  "test/signup/{attacks,breaker,fuzz}.worker.test.ts",
];

export default defineConfig({
  test: {
    silent: "passed-only",
    // Browser tests wait as much as they work, so three files run at once even on two cores. The long tests leave a core to the simulation.
    maxWorkers: long ? 1 : Math.max(3, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: "pure",
          include: suffix("pure"),
          pool: "threads",
          isolate: false,
          testTimeout: long ? 300_000 : 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        plugins: [
          renamedColumns,
          cloudflareTest(async () => ({
            // Otherwise workerd prints a stack for each connection that an emulator drops on purpose.
            verbose: false,
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations(renamed ?? "./migrations"),
                SIGNING_SECRET: "test-signing-secret-0123456789abcdef",
                SUPPRESSION_KEY: "test-suppression-key-0123456789abcdef",
                ADMIN_TOKEN: "test-admin-token-0123456789abcdef",
                // npm run simulate: which seeds.
                SIMULATE_FROM: process.env.SIMULATE_FROM ?? "",
                SIMULATE_COUNT: process.env.SIMULATE_COUNT ?? "",
              },
            },
          })),
        ],
        resolve: { alias },
        // Vite warns of a dependency that was published without its sources.
        logLevel: "error",
        test: {
          name: "worker",
          include: suffix("worker"),
          exclude: renamed === undefined ? [] : NOT_RENAMED,
          // Starting workerd and loading the code costs more than most files do, so files share both; the set-up empties every storage.
          isolate: false,
          setupFiles: ["./test/support/fresh-storage.ts", "./test/support/log-setup.ts"],
          globalSetup: ["./test/support/emulator-setup.ts"],
          testTimeout: long ? 1_200_000 : 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: "browser",
          include: suffix("browser"),
          globalSetup: ["./test/support/browser-setup.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
