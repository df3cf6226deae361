import { Command } from "commander";
import type { BoardRow, ProjectBoard } from "../../core/builds/project-board.ts";
import { UsageError } from "../../core/errors.ts";
import { cleanLine, cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { clockTime } from "../format/clock-time.ts";
import { projectArgument } from "../options/targets.ts";
import { pollIntervalOption } from "../options/watch.ts";
import { type Output, type OutputOptions, printing } from "../output/output.ts";

const printed = printing<BoardRow>({ fields: { name: "shown", chroots: "shown" } });

interface BoardCommandOptions extends OutputOptions {
  dirname?: string;
  failed?: boolean;
  package?: string;
  chroot?: string;
  watch?: boolean;
  pollInterval?: number;
}

/** `board`: how each package of a project stands in each chroot. */
export function board(context: Context): Command {
  const command = new Command("board")
    .helpGroup("Packages:")
    .summary("show how each package stands in each chroot, or watch that")
    .addArgument(projectArgument())
    .option("--dirname <directory>", "project directory, as NAME:DIRECTORY")
    .option("--failed", "only packages that failed somewhere")
    .option("--package <glob>", "only packages whose names match this pattern")
    .option("-r, --chroot <glob>", "only chroots whose names match this pattern")
    .option("--watch", "go on, on a terminal with keys to move, search and look at builds and logs; else tell what changes")
    .addOption(pollIntervalOption());
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExamples:\n  copr-cli board @copr/copr-dev --failed\n  copr-cli board hello --watch -r 'fedora-*'")
    .action(async (name: string, options: BoardCommandOptions) => {
      const output = printed.open(context.terminal, options);
      if (options.watch && output.format === "json") {
        throw new UsageError("--watch goes on, and json is one document: tell what changes by --output-format jsonl, or in text");
      }
      const project = await context.project(name);
      const { ProjectBoard } = await import("../../core/builds/project-board.ts");
      const packages = new ProjectBoard(await context.transport(), project, options.dirname, options);
      const title = `${project.ownername}/${project.projectname}`;
      const intervalMs = (options.pollInterval ?? 30) * 1000;
      if (options.watch && isForPeople(output) && context.terminal.isInteractive) {
        const { watchProject } = await import("../board/watch-project.ts");
        return watchProject(context, cleanText(title), packages, intervalMs);
      }
      const rows = await packages.ask();
      if (isForPeople(output)) await printGrid(context, title, rows, packages.total);
      else await output.records(rows);
      if (options.watch) await tellChanges(context, output, packages, { intervalMs, failed: options.failed });
    });
}

function isForPeople({ format, isChosen }: Output<BoardRow>): boolean {
  return (format === "text" || format === "table") && !isChosen;
}

async function printGrid({ terminal }: Context, title: string, rows: readonly BoardRow[], total: number): Promise<void> {
  const [{ countFailed, gridOf }, { hasUnicode }, { cutToWidth }] = await Promise.all([
    import("../board/grid.ts"),
    import("../board/state-sign.ts"),
    import("../output/width.ts"),
  ]);
  const now = Math.floor(Date.now() / 1000);
  const grid = gridOf(rows, { columns: terminal.columns, hasColor: terminal.hasColor, isUnicode: hasUnicode(), now });
  const head = cleanText(`${title}  ${countFailed(rows, total)}  ${clockTime()}`);
  terminal.out(`${terminal.columns === undefined ? head : cutToWidth(head, terminal.columns)}\n`);
  terminal.out(`${grid.heading.plain}\n${rows.map((row) => `${grid.line(row).colored}\n`).join("")}`);
}

/** Prints each package again of which something has changed; data as data. Of those that failed also what has mended them. */
async function tellChanges(
  context: Context,
  output: Output<BoardRow>,
  packages: ProjectBoard,
  { intervalMs, failed = false }: { intervalMs: number; failed: boolean | undefined },
): Promise<void> {
  const { terminal, interrupted } = context;
  let before = new Map(packages.all.map((row) => [row.name, row]));
  const [{ watchBoard }, { hasFailed }] = await Promise.all([
    import("../../core/builds/watch-board.ts"),
    import("../../core/builds/project-board.ts"),
  ]);
  const watch = watchBoard(await context.transport(), packages, {
    intervalMs,
    signal: interrupted,
    onTrouble: (reason) => terminal.notice(cleanText(`The server has trouble, still waiting: ${reason}\n`)),
  });
  for await (const _ of watch) {
    for (const row of packages.all) {
      const known = before.get(row.name);
      if (failed && !hasFailed(row) && !(known && hasFailed(known))) continue;
      const changed = row.chroots.filter((cell) => {
        const old = known?.chroots.find(({ chroot }) => chroot === cell.chroot);
        return old?.state !== cell.state || old.build_id !== cell.build_id;
      });
      if (changed.length === 0) continue;
      if (!isForPeople(output)) await output.record(row);
      else
        for (const { chroot, state, build_id: id } of changed)
          terminal.out(`  ${clockTime()} ${cleanLine(`${row.name} ${chroot}: ${state} (build ${id})`)}\n`);
    }
    before = new Map(packages.all.map((row) => [row.name, row]));
  }
}
