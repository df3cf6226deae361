import type { Reporter, TestModule } from "vitest/node";

/** Ends the run with the line `N passed, N failed`, after a line for each skipped test: none is passed over in silence. */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length };
    for (const module of modules) {
      counts.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed" || state === "failed") counts[state] += 1;
        else console.log(`skipped: ${test.fullName} (${test.module.relativeModuleId})`);
      }
    }
    process.on("exit", () => console.log(`${counts.passed} passed, ${counts.failed} failed`));
  }
}
