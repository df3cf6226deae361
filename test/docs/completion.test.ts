import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allOptions, cliTree } from "../../scripts/docs/command-tree.ts";
import { offerForOption, plainWord, programNames } from "../../scripts/docs/completion.ts";
import { repository } from "../../scripts/docs/generated-files.ts";
import { bin, output } from "../support/program.ts";
import { runOnTerminal } from "../support/terminal-run.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { typeInto, type TypingHome, typingHome } from "../support/typed-line.ts";
import { sendJson, webServer } from "../support/web-server.ts";
import { isInstalled } from "./installed.ts";

const script = (name: string): string => join(repository, "packaging/completion", name);
const { commands } = await cliTree();

describe("bash", () => {
  /** What bash offers at the end of a line; the line is cut as bash does it. */
  async function offers(line: string): Promise<string[]> {
    const program = `source "$0"; COMP_LINE=$1; COMP_POINT=\${#1}; current=\${1##*[ =:]}
      _copr_cli copr-cli "$current" 2>/dev/null; printf "%s\\n" "\${COMPREPLY[@]}"`;
    const argv = ["bash", "--norc", "--noprofile", "-c", program, script("copr-cli.bash"), line];
    return (await output(argv, { cwd: repository })).split("\n").filter(Boolean);
  }

  test("completes both names of the program", async () => {
    const registered = await output(["bash", "--norc", "-c", 'source "$0"; complete -p', script("copr-cli.bash")]);
    for (const name of programNames) expect(registered).toContain(`complete -F _copr_cli ${name}\n`);
  });

  test("completes commands, also after global options", async () => {
    expect(await offers("copr-cli wat")).toEqual(["watch-build"]);
    expect(await offers("copr --debug --config build wat")).toEqual(["watch-build"]);
    expect(await offers("copr --config=build wat")).toEqual(["watch-build"]);
    expect((await offers("copr-cli ")).toSorted()).toEqual(commands.map(({ name }) => name).toSorted());
    expect(await offers("copr-cli --c")).toEqual(["--config"]);
  });

  test("completes options of the command", async () => {
    expect(await offers("copr-cli monitor project --out")).toEqual(["--output-format"]);
    expect(await offers("copr-cli monitor project --isol")).toEqual([]);
    expect(await offers("copr-cli build --mem"), "a hidden option").toEqual([]);
    expect(await offers("copr-cli request-permissions --admin --b")).toEqual(["--builder"]);
    for (const command of commands) {
      const flags = [...allOptions(command).flatMap(({ flags }) => flags), "-h", "--help"];
      expect(await offers(`copr-cli ${command.name} -`), command.name).toEqual(flags);
    }
  });

  test("completes values of options", async () => {
    expect(await offers("copr-cli build --isolation ")).toEqual(["simple", "nspawn", "default"]);
    expect(await offers("copr-cli build --isolation=")).toEqual(["simple", "nspawn", "default"]);
    expect(await offers("copr-cli build --isolation=ns")).toEqual(["nspawn"]);
    expect(await offers("copr-cli create --disable_createrepo ")).toEqual(["yes", "no"]);
    expect(await offers("copr-cli build --timeout ")).toEqual([]);
  });

  test("completes paths where a path of this computer is wanted", async () => {
    expect(await offers("copr-cli build project package.j")).toEqual(["package.json"]);
    expect(await offers("copr-cli download-build --dest sr")).toEqual(["src"]);
    expect(await offers("copr-cli download-build --dest package.j")).toEqual([]);
    expect(await offers("copr-cli buildscm --spec package.j")).toEqual([]);
    expect(await offers("copr-cli status package.j")).toEqual([]);
    expect(await offers("copr-cli build --nowait -r x project one two package.j")).toEqual(["package.json"]);
    expect(await offers("copr-cli build package.j")).toEqual([]);
  });

  test.skipIf(!isInstalled("shellcheck"))("shellcheck finds nothing (needs shellcheck)", async () => {
    expect(await output(["shellcheck", script("copr-cli.bash")])).toBe("");
  });
});

describe("fish", () => {
  test.skipIf(!isInstalled("fish"))("the script is accepted and completes a command (needs fish)", async () => {
    await output(["fish", "--no-execute", script("copr-cli.fish")]);
    const completed = await output(["fish", "--no-config", "-c", "source $argv[1]; complete -C 'copr wat'", script("copr-cli.fish")]);
    expect(completed).toMatch(/^watch-build\t/);
  });

  test.skipIf(!isInstalled("fish"))("names of projects and chroots are offered (needs fish)", async () => {
    const home = await homeAtFrontend();
    const offers = async (line: string): Promise<string[]> => {
      const completed = await output(["fish", "--no-config", "-c", `source $argv[1]; complete -C '${line}'`, script("copr-cli.fish")], {
        cwd: home.directory,
        env: home.env,
      });
      return completed.split("\n").map((offer) => offer.split("\t", 1)[0] as string);
    };
    expect(await offers("copr-cli get ")).toEqual(["hello", "hello-devel", ""]);
    expect(await offers("copr-cli build -r x @gr/hello-")).toEqual(["@gr/hello-devel", ""]);
    expect(await offers("copr-cli get-chroot hello")).toEqual(["hello/", "hello-devel/", ""]);
    expect(await offers("copr-cli build --chroot=ep")).toEqual(["--chroot=epel-9-x86_64", ""]);
    expect(await offers("copr-cli mock-config hello ")).toEqual(["epel-9-x86_64", "fedora-43-x86_64", ""]);
    expect(await offers("copr-cli build hello copr.c")).toEqual(["copr.conf", ""]);
    expect(await offers("copr-cli get-package hello --name cu")).toEqual(["curl", "curlie", ""]);
    expect(await offers("copr-cli rebuild --project hello-")).toEqual(["hello-devel", ""]);
    expect(await offers("copr-cli rebuild --project hello --package cu")).toEqual(["curl", "curlie", ""]);
    expect(await offers("copr-cli open me/hello/curli")).toEqual(["me/hello/curlie", ""]);
    expect(await offers("copr-cli watch-build ")).toEqual(["12", "3", ""]);
    expect(await offers("copr-cli explain copr.c")).toEqual(["copr.conf", ""]);
    const described = await output(
      ["fish", "--no-config", "-c", "source $argv[1]; complete -C 'copr-cli logs 1'", script("copr-cli.fish")],
      {
        cwd: home.directory,
        env: home.env,
      },
    );
    expect(described).toBe("12\tcurl-8-1 me/hello failed\n");
    expect(existsSync(join(home.directory, "PWNED"))).toBe(false);
  });
});

describe("zsh", () => {
  test.skipIf(!isInstalled("zsh"))("the script is accepted (needs zsh)", async () => {
    await output(["zsh", "-f", "-n", script("_copr-cli")]);
  });
});

// Typed into a shell on a terminal: what a name does there, can't be seen otherwise.
const setUps = {
  bash: `source '${script("copr-cli.bash")}'`,
  zsh: `fpath=('${join(repository, "packaging/completion")}' $fpath); autoload -Uz compinit; compinit -D -u; zstyle ':completion:*' insert-tab false`,
};
describe.each(["bash", "zsh"] as const)("a user at %s", (shell) => {
  test.skipIf(!isInstalled(shell))(`gets names of projects and chroots, and a hostile one is not run (needs ${shell})`, async () => {
    const home = await homeAtFrontend();
    const typed = await typeInto(
      shell,
      setUps[shell],
      [
        "copr-cli get hello-\t\r",
        "copr get @gr/hello-\t\r",
        "copr-cli get-chroot hello-\tfedora-r\t\r",
        "copr-cli edit-chroot someone/hello-\tf\t\r",
        "copr-cli build --chroot=ep\t hello-\t\r",
        "copr-cli build -r ep\t hello-\t copr.c\t\r",
        "copr-cli get evil\t\t\r",
        "copr-cli build --exclude-chroot evil\t\t\r",
        "copr-cli get-package hello --name curli\t\r",
        "copr-cli delete-package --name=curli hello\r",
        "copr-cli open me/hello/curli\t\r",
        "copr-cli logs 1\t -r epel\t\r",
        "copr-cli watch-build 3\t 1\t\r",
        "copr-cli build hello --after-build-id 1\t\r",
        "copr-cli rebuild --project hello-\t --package curli\t\r",
        "copr-cli cancel --project=hello-\t\r",
        "copr-cli rebuild --project=me/hello --package curli\t\r",
        "copr-cli apply -f copr.c\t\r",
        "copr-cli build-batch hello-\t copr.c\t\r",
        "copr-cli explain 1\t\r",
        "copr-cli explain copr.c\t\r",
      ],
      home,
    );
    expect(typed.trim().split("\n")).toEqual([
      "<get><hello-devel>",
      "<get><@gr/hello-devel>",
      "<get-chroot><hello-devel/fedora-rawhide-x86_64>",
      "<edit-chroot><someone/hello-devel/fedora-rawhide-x86_64>",
      "<build><--chroot=epel-9-x86_64><hello-devel>",
      "<build><-r><epel-9-x86_64><hello-devel><copr.conf>",
      "<get><evil>",
      "<build><--exclude-chroot><evil>",
      "<get-package><hello><--name><curlie>",
      "<delete-package><--name=curli><hello>",
      "<open><me/hello/curlie>",
      "<logs><12><-r><epel-9-x86_64>",
      "<watch-build><3><12>",
      "<build><hello><--after-build-id><12>",
      "<rebuild><--project><hello-devel><--package><curlie>",
      "<cancel><--project=hello-devel>",
      "<rebuild><--project=me/hello><--package><curlie>",
      "<apply><-f><copr.conf>",
      "<build-batch><hello-devel><copr.conf>",
      "<explain><12>",
      "<explain><copr.conf>",
    ]);
    expect(existsSync(join(home.directory, "PWNED"))).toBe(false);
  });
});

/** A home configured for a frontend, one with names that are commands among others. */
async function homeAtFrontend(): Promise<TypingHome> {
  const { url } = await webServer((response, { url: path }) => {
    const projects = ["hello", "hello-devel", "evil$(touch PWNED)", "evil`touch PWNED`", "evil;touch PWNED", "evil\ntouch PWNED\n"];
    const items = projects.map((name) => ({ name, chroot_repos: { "fedora-rawhide-x86_64": "https://example.org/" } }));
    if (path.startsWith("/api_3/project/list?")) return sendJson(response, { items, meta: {} });
    if (/[?&]offset=[1-9]/.test(path)) return sendJson(response, { items: [], meta: {} });
    if (path.startsWith("/api_3/package/list?")) return sendJson(response, { items: [{ name: "curl" }, { name: "curlie" }], meta: {} });
    if (path.startsWith("/api_3/build/list?")) return sendJson(response, { items: [seen(3, "running"), seen(12, "failed")], meta: {} });
    return sendJson(response, { "fedora-43-x86_64": "", "epel-9-x86_64": "", "evil$(touch PWNED)": "", "evil\rtouch PWNED\r": "" });
  });
  const home = await typingHome(await temporaryDirectory(), `[copr-cli]\nusername = me\ncopr_url = ${url}\nencrypted = no\n`);
  const listed = await runOnTerminal([...bin.cli, "--config", "copr.conf", "list-builds", "hello"], {
    cwd: home.directory,
    env: { ...home.env, TERM: "xterm" },
  });
  if (listed.exit !== 0) throw new Error(listed.raw);
  return home;
}

function seen(id: number, state: string): object {
  return { id, ownername: "me", projectname: "hello", state, submitted_on: 1, source_package: { name: "curl", version: "8-1" } };
}

test("words that a shell could misread do not get into the scripts", () => {
  expect(() => plainWord("on;reboot")).toThrow("on;reboot");
  const option = { flags: ["--x"], value: "x", isValueOptional: false, isRequired: false, description: "", default: undefined };
  expect(() => offerForOption({ ...option, choices: ["$(reboot)"] })).toThrow("$(reboot)");
});
