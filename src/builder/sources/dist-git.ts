import { fetchDistGit } from "./dist-git-checkout.ts";
import { expandAutospec } from "./rpmautospec.ts";
import type { SourceProvider } from "./source.ts";

/** A package of a dist-git instance, as Fedora's. */
export const distgit: SourceProvider<"distgit"> = {
  type: "distgit",
  async produceSrpm(context, { task, source, buildroot }) {
    const checkout = await fetchDistGit(context, source.clone_url, source.committish || null, task.package_name ?? undefined);
    const { spec, directory } = await expandAutospec(context, checkout);
    await buildroot.buildSrpm(context, task, { spec, sources: directory });
  },
};
