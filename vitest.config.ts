import { availableParallelism } from "node:os";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const long = process.env.THEMEPOST_LONG === "1";
const suffix = (kind: string) => [`test/**/*.${kind}${long ? ".long" : ""}.test.ts`];

// The same stub that wrangler.toml puts into the bundle.
const alias = {
  "prettier/standalone": new URL("./src/sequences/publish/no-prettier.ts", import.meta.url).pathname,
  "prettier/plugins/html": new URL("./src/sequences/publish/no-prettier.ts", import.meta.url).pathname,
};

export default defineConfig({
  test: {
    silent: "passed-only",
    // Browser tests wait more than they work: another file runs beside them, on two cores too. The long tests leave a core to the simulation.
    maxWorkers: long ? 1 : Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: { name: "pure", include: suffix("pure"), testTimeout: long ? 300_000 : 30_000 },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations("./migrations"),
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
        test: {
          name: "worker",
          include: suffix("worker"),
          setupFiles: ["./test/support/apply-migrations.ts"],
          globalSetup: ["./test/support/emulator-setup.ts"],
          testTimeout: long ? 1_200_000 : 60_000,
        },
      },
      {
        test: {
          name: "browser",
          include: suffix("browser"),
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
