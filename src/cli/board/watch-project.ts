import { getBuild, listBuildChroots } from "../../core/api/index.ts";
import { buildRecord } from "../../core/builds/build-record.ts";
import { followLog } from "../../core/builds/logs.ts";
import type { BoardRow, ProjectBoard } from "../../core/builds/project-board.ts";
import { watchBoard } from "../../core/builds/watch-board.ts";
import { CoprError } from "../../core/errors.ts";
import { TextCleaner } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { clockTime } from "../format/clock-time.ts";
import { describeBuild } from "../format/describe-build.ts";
import { FullScreen, type PressedKey } from "./full-screen.ts";
import { ProjectView, type ViewWish } from "./project-view.ts";
import { hasUnicode } from "./state-sign.ts";

const LOG_LINES = 1000;

/** Shows a project on the whole terminal until the user has seen enough. */
export async function watchProject(context: Context, name: string, board: ProjectBoard, intervalMs: number): Promise<void> {
  const { terminal, interrupted } = context;
  const transport = await context.transport();
  // What is wrong from the start is told before anything is drawn.
  let rows: BoardRow[] = await board.ask();
  const view = new ProjectView();
  view.update(rows, board.total);
  const quit = new AbortController();
  let heading = `${name}  ${clockTime()}`;
  const layout = { hasColor: terminal.hasColor, isUnicode: hasUnicode() };
  const draw = (): void =>
    screen.draw(view.lines(heading, screen.rows, { ...layout, columns: screen.columns, now: Math.floor(Date.now() / 1000) }));
  const onKey = (key: PressedKey): void => {
    const wish = view.press(key, Math.max(1, screen.rows - 4));
    if (wish?.kind === "quit") quit.abort();
    else if (wish) void pageOf(context, wish).then((page) => (view.open(page, wish.kind === "log"), draw()));
    draw();
  };
  const screen = new FullScreen(terminal, onKey, draw);
  const signal = AbortSignal.any([quit.signal, interrupted]);
  const onTrouble = (reason: string): void => {
    heading = `${name}  ${clockTime()}  the server has trouble: ${reason}`;
    draw();
  };
  try {
    draw();
    for await (rows of watchBoard(transport, board, { intervalMs, signal, onTrouble })) {
      heading = `${name}  ${clockTime()}`;
      view.update(rows, board.total);
      draw();
    }
  } finally {
    screen.close();
  }
}

/** Lines of the page that a key asks for; what fails is told on it. */
async function pageOf(context: Context, wish: Exclude<ViewWish, { kind: "quit" }>): Promise<string[]> {
  const { build_id: id, chroot } = wish.cell;
  try {
    const transport = await context.transport();
    if (wish.kind === "log") return await lastLines(context, id, chroot);
    const { coprUrl } = await context.config();
    const record = buildRecord(coprUrl, await getBuild(transport, id), await listBuildChroots(transport, id));
    return describeBuild(record, false).split("\n");
  } catch (error) {
    if (error instanceof CoprError) return error.message.split("\n");
    throw error;
  }
}

async function lastLines(context: Context, buildId: number, chroot: string): Promise<string[]> {
  const cleaner = new TextCleaner();
  let text = "";
  for await (const event of followLog(await context.transport(), { buildId, chroot, tailLines: LOG_LINES, signal: context.interrupted })) {
    if (event.kind === "bytes") text += cleaner.push(event.bytes).toString();
  }
  text += cleaner.flush().toString();
  return text === "" ? ["There is no log yet."] : text.replace(/\n$/, "").replaceAll("\t", "        ").split("\n");
}
