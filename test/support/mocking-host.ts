import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BuilderHost, startBuilderHost } from "./builder-host.ts";
import { makeMockStandIn, type MockStandIn } from "./mock-stand-in/stand-in.ts";
import { eventually, processesMentioning } from "./processes.ts";

/** A builder's host with the stand-in for mock, its chroots and its caches. */
export interface MockingHost {
  host: BuilderHost;
  mock: MockStandIn;
  /** PATH with the stand-in first. */
  path: string;
  /** Writes main.ini: these keys, and those that lead to the stand-in. */
  configure(keys: Readonly<Record<string, string | number>>): Promise<void>;
  /** Ends it; nothing of it may run any more. */
  close(): Promise<void>;
}

export async function startMockingHost(): Promise<MockingHost> {
  const host = await startBuilderHost();
  const mock = await makeMockStandIn(host.directory);
  return {
    host,
    mock,
    path: `${mock.binDirectory}:${process.env["PATH"]}`,
    async configure(keys) {
      const all = {
        state_dir: host.stateDirectory,
        rules_file: "/nonexistent/rules.yml",
        mock_config_directory: mock.configDirectory,
        mock_directory: join(host.directory, "mock/lib"),
        mock_cache_directory: join(host.directory, "mock/cache"),
        ...keys,
      };
      const lines = Object.entries(all).map((pair) => `${pair.join(" = ")}\n`);
      await writeFile(host.config, `[main]\n${lines.join("")}`);
    },
    async close() {
      // While there still is the status by which a keeper finds what it has to end.
      await eventually("nothing runs any more", async () => (await processesMentioning(host.directory)).length === 0);
      await host.close();
    },
  };
}
