import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bin } from "../test/support/program.ts";
import { startFrontend } from "./frontend.ts";
import { measure, type Usage } from "./measure.ts";
import type { Finding } from "./promise.ts";

const ROUNDS = 3;
const [CHROOTS, PACKAGES] = [20, 500];
/** One for the project and one for its permissions; the frontend gives all packages on one page. */
const REQUESTS = 2 + 1 + CHROOTS;

/** `plan` of a large project that is as its file says, from a frontend that is 50 ms away. */
export async function plan(): Promise<Finding[]> {
  const frontend = await startFrontend("plan");
  try {
    const file = join(frontend.directory, "copr.json");
    await writeFile(file, JSON.stringify(projectFile()));
    const usages: Usage[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const usage = await measure([...bin.cli, "plan", "-f", file, "--exit-code"], { env: { HOME: frontend.directory } });
      if (usage.exitCode !== 0) throw new Error(`plan ended with ${usage.exitCode}`);
      usages.push(usage);
    }
    const size = `${PACKAGES} packages and ${CHROOTS} chroots`;
    return [
      {
        what: `plan of ${size}, 50 ms away`,
        rounds: usages.map(({ wallSeconds }) => wallSeconds),
        atMost: 3,
        unit: " s",
        detail: `${ROUNDS} rounds`,
      },
      { what: `requests of it`, rounds: [(await frontend.requests()) / ROUNDS], atMost: REQUESTS, detail: `${ROUNDS} runs` },
    ];
  } finally {
    await frontend.close();
  }
}

/** What the server of this scene has, see server.ts. */
function projectFile() {
  const chroots = Array.from({ length: CHROOTS }, (_, at) => [`fedora-${at}-x86_64`, { additional_packages: ["gcc"] }]);
  const source = { type: "scm", clone_url: "https://example.org/x.git", committish: "main" };
  const packages = Array.from({ length: PACKAGES }, (_, at) => [`package-${at}`, { source, webhook_rebuild: true }]);
  return {
    project: "me/prj",
    settings: { description: "A project of fifty." },
    chroots: Object.fromEntries(chroots),
    packages: Object.fromEntries(packages),
    permissions: { bob: { builder: "approved" } },
  };
}
