import { type Build, type BuildState, type Client, createClient, listBuilds, type ProjectRef } from "copr-tools";

const waiting: readonly BuildState[] = ["importing", "pending", "starting"];

/** Builds of a project that have not begun. */
async function waitingBuilds(client: Client, project: ProjectRef): Promise<Build[]> {
  const found: Build[] = [];
  for await (const build of listBuilds(client, project)) {
    if (waiting.includes(build.state)) found.push(build);
  }
  return found;
}

const client = createClient({ url: process.env["COPR_URL"] ?? "https://copr.fedorainfracloud.org", userAgent: "waiting-builds/1.0" });
for (const { id, source_package: source } of await waitingBuilds(client, { ownername: "alice", projectname: "proj1" })) {
  console.log(`${id} ${source.name ?? "(no name yet)"}`);
}
await client.close();
