import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cliCompanions, otherPrograms, rpmbuildCompanions, rpmbuildTree } from "./builder-names.ts";
import { builderTree, cliTree } from "./command-tree.ts";
import type { CompanionDoc } from "./companions.ts";
import { bashCompletion } from "./completion-bash.ts";
import { fishCompletion } from "./completion-fish.ts";
import { zshCompletion } from "./completion-zsh.ts";
import { formatsTable } from "./formats-table.ts";
import { batchFileSchema, jsonSchemas, projectFileSchema } from "./json-schemas.ts";
import { manLink, manPage } from "./man-page.ts";
import { parseProse } from "./prose.ts";
import { withCommandOverview } from "./readme.ts";
import { roomArrows, withRooms } from "./rooms.ts";

/** Where the repository is; paths of the files are relative to it. */
export const repository = fileURLToPath(new URL("../../", import.meta.url));

/** Every file of the documentation that is made from the command trees, the types or the imports, with what it has to contain. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const cli = await cliTree();
  const builder = builderTree();
  const files = new Map([
    ["man/copr-cli.1", manPage(cli, prose("man/copr-cli.prose.md"), cliCompanions())],
    ["man/copr.1", manLink("copr-cli")],
    ...linksTo("copr-cli", cliCompanions()),
    ["man/copr-builder.1", manPage(builder, prose("man/copr-builder.prose.md"))],
    ["man/copr-rpmbuild.1", manPage(rpmbuildTree(), prose("man/copr-rpmbuild.prose.md"), rpmbuildCompanions())],
    ...linksTo("copr-rpmbuild", rpmbuildCompanions()),
    ["packaging/completion/copr-cli.bash", bashCompletion(cli)],
    ["packaging/completion/_copr-cli", zshCompletion(cli)],
    ["packaging/completion/copr-cli.fish", fishCompletion(cli)],
  ]);
  const schemas = jsonSchemas(repository, [
    { program: "copr-cli", path: "src/cli/output/documents.ts" },
    { program: "copr-builder", path: "src/builder/documents.ts" },
  ]);
  for (const [name, content] of schemas) files.set(`docs/json/${name}`, content);
  files.set("docs/json/project-file.schema.json", projectFileSchema(repository));
  files.set("docs/json/batch-file.schema.json", batchFileSchema(repository));
  files.set("docs/json/README.md", formatsTable([cli, builder], otherPrograms(), schemas));
  const readme = withCommandOverview(readIfThere("README.md"), [cli, builder], otherPrograms());
  if (readme !== undefined) files.set("README.md", readme);
  const architecture = withRooms(readIfThere("docs/architecture.md"), roomArrows(`${repository}src/core`));
  if (architecture !== undefined) files.set("docs/architecture.md", architecture);
  return files;
}

function linksTo(page: string, companions: readonly CompanionDoc[]): [path: string, content: string][] {
  return companions.map(({ name }) => [`man/${name}.1`, manLink(page)]);
}

function prose(path: string): ReturnType<typeof parseProse> {
  return parseProse(readFileSync(`${repository}${path}`, "utf8"));
}

function readIfThere(path: string): string {
  try {
    return readFileSync(`${repository}${path}`, "utf8");
  } catch {
    return "";
  }
}
