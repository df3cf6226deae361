import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allOptions, cliTree } from "../../scripts/docs/command-tree.ts";
import { offerForOption, plainWord, programNames } from "../../scripts/docs/completion.ts";
import { repository } from "../../scripts/docs/generated-files.ts";
import { output } from "../support/program.ts";
import { isInstalled } from "./installed.ts";

const script = (name: string): string => join(repository, "packaging/completion", name);
const { commands } = cliTree();

describe("bash", () => {
  /** What bash offers for the last word; the words are split as bash splits a line. */
  async function offers(...words: string[]): Promise<string[]> {
    const program = 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _copr_cli 2>/dev/null; printf "%s\\n" "${COMPREPLY[@]}"';
    const argv = ["bash", "--norc", "--noprofile", "-c", program, script("copr-cli.bash"), ...words];
    return (await output(argv, { cwd: repository })).split("\n").filter(Boolean);
  }

  test("completes both names of the program", async () => {
    const registered = await output(["bash", "--norc", "-c", 'source "$0"; complete -p', script("copr-cli.bash")]);
    for (const name of programNames) expect(registered).toContain(`complete -F _copr_cli ${name}\n`);
  });

  test("completes commands, also after global options", async () => {
    expect(await offers("copr-cli", "wat")).toEqual(["watch-build"]);
    expect(await offers("copr", "--debug", "--config", "build", "wat")).toEqual(["watch-build"]);
    expect(await offers("copr", "--config", "=", "build", "wat")).toEqual(["watch-build"]);
    expect((await offers("copr-cli", "")).toSorted()).toEqual(commands.map(({ name }) => name).toSorted());
    expect(await offers("copr-cli", "--c")).toEqual(["--config"]);
  });

  test("completes options of the command", async () => {
    expect(await offers("copr-cli", "monitor", "project", "--out")).toEqual(["--output-format"]);
    expect(await offers("copr-cli", "monitor", "project", "--isol")).toEqual([]);
    expect(await offers("copr-cli", "build", "--mem"), "a hidden option").toEqual([]);
    expect(await offers("copr-cli", "request-permissions", "--admin", "--b")).toEqual(["--builder"]);
    for (const command of commands) {
      const flags = [...allOptions(command).flatMap(({ flags }) => flags), "-h", "--help"];
      expect(await offers("copr-cli", command.name, "-"), command.name).toEqual(flags);
    }
  });

  test("completes values of options", async () => {
    expect(await offers("copr-cli", "build", "--isolation", "")).toEqual(["simple", "nspawn", "default"]);
    expect(await offers("copr-cli", "build", "--isolation", "=")).toEqual(["simple", "nspawn", "default"]);
    expect(await offers("copr-cli", "build", "--isolation", "=", "ns")).toEqual(["nspawn"]);
    expect(await offers("copr-cli", "create", "--disable_createrepo", "")).toEqual(["yes", "no"]);
    expect(await offers("copr-cli", "build", "--timeout", "")).toEqual([]);
  });

  test("completes paths where a path of this computer is wanted", async () => {
    expect(await offers("copr-cli", "build", "project", "package.j")).toEqual(["package.json"]);
    expect(await offers("copr-cli", "download-build", "--dest", "sr")).toEqual(["src"]);
    expect(await offers("copr-cli", "download-build", "--dest", "package.j")).toEqual([]);
    expect(await offers("copr-cli", "buildscm", "--spec", "package.j")).toEqual([]);
    expect(await offers("copr-cli", "status", "package.j")).toEqual([]);
  });

  test.skipIf(!isInstalled("shellcheck"))("shellcheck finds nothing (needs shellcheck)", async () => {
    expect(await output(["shellcheck", script("copr-cli.bash")])).toBe("");
  });
});

describe("fish", () => {
  test.skipIf(!isInstalled("fish"))("the script is accepted and completes a command (needs fish)", async () => {
    await output(["fish", "--no-execute", script("copr-cli.fish")]);
    const completed = await output(["fish", "--no-config", "-c", `source ${script("copr-cli.fish")}; complete -C 'copr wat'`]);
    expect(completed).toMatch(/^watch-build\t/);
  });
});

describe("zsh", () => {
  test.skipIf(!isInstalled("zsh"))("the script is accepted (needs zsh)", async () => {
    await output(["zsh", "-f", "-n", script("_copr-cli")]);
  });
});

test("words that a shell could misread do not get into the scripts", () => {
  expect(() => plainWord("on;reboot")).toThrow("on;reboot");
  const option = { flags: ["--x"], value: "x", isValueOptional: false, isRequired: false, description: "", default: undefined };
  expect(() => offerForOption({ ...option, choices: ["$(reboot)"] })).toThrow("$(reboot)");
});
