import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { ClosingLine } from "./test/support/closing-line.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/goldens/**"],
    // What the machine has in /etc is no part of a test.
    env: {
      COPR_BUILDER_CONFIG: fileURLToPath(new URL("test/fixtures/main.ini", import.meta.url)),
      COPR_DISTGIT_CLIENT_CONFDIR: fileURLToPath(new URL("test/fixtures/dist-git-client", import.meta.url)),
    },
    globalSetup: ["test/support/neutral-environment.ts", "test/support/build.ts"],
    reporters: ["default", new ClosingLine()],
    // Most tests wait for programs and servers; one worker a core would leave the cores idle.
    maxWorkers: 4,
    testTimeout: 180_000,
    hookTimeout: 120_000,
    coverage: { provider: "v8", include: ["src/**/*.ts"], reporter: ["text-summary", "html"] },
  },
});
