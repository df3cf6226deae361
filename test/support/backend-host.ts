import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BackendDriver, type BackendTask } from "./backend-driver.ts";
import { type BuilderHost, startBuilderHost } from "./builder-host.ts";
import { installNames } from "./installed-names.ts";
import { installPackage } from "./installed-package.ts";
import { makeMockStandIn } from "./mock-stand-in/stand-in.ts";
import { linkTools } from "./packaging-tools.ts";
import { startSshServer } from "./ssh-server.ts";

/** The chroot of the tests' tasks. */
export const CHROOT = "fedora-43-x86_64";

/** A builder host that copr-backend can reach by ssh, with all programs under their installed names. */
export interface BackendHost {
  host: BuilderHost;
  backend: BackendDriver;
  /** Puts a definition where the frontend serves it. */
  serve(route: "get-srpm-build-task/7" | `get-build-task/7-${string}`, definition: unknown): BackendTask;
  close(): Promise<void>;
}

/** Starts one; its builds run on the host itself, or in the stand-in for mock. */
export async function startBackendHost(buildroot: "host" | "mock"): Promise<BackendHost> {
  const host = await startBuilderHost();
  const { directory, stateDirectory, url } = host;
  const programs = join(directory, "bin");
  const path = await installNames(programs);
  await installPackage(directory, programs);
  await linkTools(programs, "rpkg", "tito", "pyp2rpm", "gem2rpm");
  const mock = await makeMockStandIn(directory);
  if (buildroot === "mock") await symlink(join(mock.binDirectory, "mock"), join(programs, "mock"));
  const settings = {
    rules_file: `${directory}/copr-rpmbuild.yml`,
    frontend_url: url,
    buildroot,
    state_dir: stateDirectory,
    mock_config_directory: mock.configDirectory,
  };
  const lines = Object.entries({ ...settings, macro_override_db_url: "" }).map((pair) => `${pair.join(" = ")}\n`);
  const config = join(directory, "backend.ini");
  await writeFile(config, `[main]\n${lines.join("")}`);
  const server = await startSshServer(directory, { PATH: path, COPR_BUILDER_CONFIG: config });
  return {
    host,
    backend: new BackendDriver({ server, directory, results: join(stateDirectory, "results") }),
    serve(route, definition) {
      host.pages.set(`/backend/${route}`, { type: "application/json", body: JSON.stringify(definition) });
      const address = `${url}/backend/${route}`;
      return route.startsWith("get-srpm") ? { url: address } : { url: address, chroot: CHROOT };
    },
    async close() {
      await server.close();
      await host.close();
    },
  };
}
