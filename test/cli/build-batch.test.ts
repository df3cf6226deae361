import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startSandboxWithWorld } from "../sandbox/sandbox.ts";
import { specOf } from "../support/batch-specs.ts";
import { bin } from "../support/program.ts";
import { runCli } from "../support/run-cli.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

async function frontend() {
  const { sandbox, world } = await startSandboxWithWorld({ directory: join(await temporaryDirectory(), "s"), builder: bin.builder, dispatch: false });
  onTestFinished(() => sandbox.close());
  const config = sandbox.configText;
  await runCli({ argv: ["create", "prj", "--chroot", "fedora-43-x86_64"], config });
  return { sandbox, world, config };
}

const diamond = {
  "app.spec": specOf({ name: "app", requires: ["left-devel >= 1", "pkgconfig(right)"] }),
  "left.spec": specOf({ name: "left", requires: ["base-devel"], packages: { devel: [] } }),
  "right.spec": specOf({ name: "right", requires: ["base-devel"], packages: { devel: [] } }),
  "base.spec": specOf({ name: "base", packages: { devel: [] } }),
};

test("a diamond becomes three waves, and those batches of the frontend", async () => {
  const { world, config } = await frontend();
  const run = await runCli({ argv: ["build-batch", "prj", ...Object.keys(diamond), "--yes", "--nowait"], config, files: diamond });
  expect(run).toEqual({});
  expect(world.builds.map(({ id }) => id)).toEqual([]);
});
