import { requireFields } from "../http/required-fields.ts";
import type { Transport } from "../http/transport.ts";
import type { BuildChroot, BuildChrootConfig, Nevra, Page, TwinOptions } from "./types.ts";

/** Chroots of a build, in one answer. The twin is `build-chroot/list/<id>`. */
export async function listBuildChroots(transport: Transport, id: number | string, { twin }: TwinOptions = {}): Promise<BuildChroot[]> {
  const path = ["build-chroot", "list"];
  const page = await transport.call<Page<BuildChroot>>({
    method: "GET",
    ...(twin ? { path: [...path, id] } : { path, query: { build_id: id } }),
    needs: ["items"],
  });
  for (const chroot of page.items) requireFields(chroot, ["name", "state"]);
  return page.items;
}

/** One chroot of a build. The twin is `build-chroot/<id>/<chroot>`. */
export function getBuildChroot(
  transport: Transport,
  id: number | string,
  chroot: string,
  { twin }: TwinOptions = {},
): Promise<BuildChroot> {
  return transport.call({ method: "GET", ...place(["build-chroot"], id, chroot, twin) });
}

/** Settings a build had in one chroot. The twin is `build-chroot/build-config/<id>/<chroot>`. */
export function getBuildChrootConfig(
  transport: Transport,
  id: number | string,
  chroot: string,
  { twin }: TwinOptions = {},
): Promise<BuildChrootConfig> {
  return transport.call({ method: "GET", ...place(["build-chroot", "build-config"], id, chroot, twin) });
}

/** Packages of one chroot of a build. */
export function getChrootBuiltPackages(transport: Transport, id: number | string, chroot: string): Promise<{ packages: Nevra[] }> {
  return transport.call({ method: "GET", ...place(["build-chroot", "built-packages"], id, chroot) });
}

/** A chroot of a build goes into the query; the twins have it in their path. */
function place(path: readonly string[], id: number | string, chroot: string, twin = false) {
  return twin ? { path: [...path, id, chroot] } : { path, query: { build_id: id, chrootname: chroot } };
}
