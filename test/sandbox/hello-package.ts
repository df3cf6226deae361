import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { output } from "../support/program.ts";

const example = fileURLToPath(new URL("../../examples/hello", import.meta.url));

/** Makes the source package of examples/hello as its upstream would: a release tarball and a spec file. Returns its path. */
export async function makeHelloSrpm(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const tarball = join(directory, "hello-1.0.tar.gz");
  // The same bytes from any checkout: neither its owner, times, umask nor what somebody compiled in it matters.
  await output([
    "tar",
    "--sort=name",
    "--mtime=@1700000000",
    "--owner=0",
    "--group=0",
    "--numeric-owner",
    "--mode=u+rw,go=rX",
    "--exclude=*.o",
    "--exclude=hello-1.0/hello",
    "--exclude=hello-1.0/test-greeting",
    "-czf",
    tarball,
    "-C",
    example,
    "hello-1.0",
  ]);
  const spec = join(directory, "hello.spec");
  await cp(join(example, "hello.spec"), spec);
  const defines = ["_topdir", "_sourcedir", "_srcrpmdir"].flatMap((name) => ["--define", `${name} ${directory}`]);
  const printed = await output(["rpmbuild", "-bs", "--nodeps", ...defines, spec]);
  return /^Wrote: (.*)$/m.exec(printed)?.[1] as string;
}
