// node build-and-fetch.js OWNER/PROJECT SOURCE_PACKAGE: builds it and fetches the packages.
import { buildUpload, CoprError, createClientFromConfig, downloadResults, listBuildChroots, watchBuilds } from "copr-tools";

const [project = "", path = ""] = process.argv.slice(2);
const [ownername = "", projectname = ""] = project.split("/");

const client = await createClientFromConfig();
try {
  const { id } = await buildUpload(client, path, { ownername, projectname });
  for await (const { state } of watchBuilds(client, [id])) console.log(`build ${id}: ${state}`);

  for (const { name, state, result_url: url } of await listBuildChroots(client, id)) {
    if (state !== "succeeded" || url === null) continue;
    await downloadResults(client, { url, chroot: name, directory: `results/${name}`, wanted: { rpms: true } });
    console.log(`fetched: results/${name}`);
  }
} catch (error) {
  if (!(error instanceof CoprError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
} finally {
  await client.close();
}
