import { join } from "node:path";
import { ensureDirectory } from "../../core/files/directories.ts";
import { TaskError } from "../errors.ts";
import { publishForeignSrpm } from "../results/foreign-srpm.ts";
import { requireProgram } from "./required-program.ts";
import type { SourceProvider } from "./source.ts";

/** A gem of rubygems.org. */
export const rubygems: SourceProvider<"rubygems"> = {
  type: "rubygems",
  async produceSrpm(context, { source }) {
    await requireProgram(context, "gem2rpm");
    const output = join(context.workDirectory, "gem");
    await ensureDirectory(output);
    let text = "";
    const status = await context.run(["gem2rpm", source.gem_name, "--srpm", "-C", output, "--fetch"], {
      cwd: output,
      onOutput: (chunk) => {
        text = (text + chunk.toString("latin1")).slice(-65_536);
      },
    });
    // rpmbuild fails for it, but gem2rpm may not.
    if (text.includes("Empty tag: License")) {
      throw new TaskError(
        "The gem names no licence (Empty tag: License). Without one all rights are reserved, and nobody may use its code; see http://guides.rubygems.org/specification-reference/#license=",
      );
    }
    if (status !== 0) throw new TaskError(`The source package could not be made: gem2rpm ended with ${status}`);
    await publishForeignSrpm(context, output);
  },
};
