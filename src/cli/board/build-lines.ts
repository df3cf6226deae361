import type { BuildRecord, ChrootRecord } from "../../core/builds/build-record.ts";
import { isFinished } from "../../core/builds/finished-states.ts";
import { cleanLine } from "../../core/text/clean-text.ts";
import { duration } from "../format/duration.ts";
import { colorState } from "../format/state-color.ts";
import { cutToWidth, fitToWidth, textWidth } from "../output/width.ts";
import type { ScreenLine } from "./screen.ts";
import { stateSign } from "./state-sign.ts";

export interface BoardLayout {
  columns: number;
  /** Lines there are for the board. */
  rows: number;
  hasColor: boolean;
  isUnicode: boolean;
  /** Epoch seconds. */
  now: number;
}

/** What is known beside the builds themselves. */
export interface BoardNews {
  /** Last line of a chroot's log, by `build/chroot`. */
  lastLines: ReadonlyMap<string, string>;
}

/** Builds that are waited for: a line for each, one for each of their chroots, and one for what does not fit. */
export function buildLines(builds: readonly BuildRecord[], { lastLines }: BoardNews, layout: BoardLayout): ScreenLine[] {
  // A frame a second of hundreds of builds has to be cheap: lines are made of those only that are shown.
  if (builds.reduce((sum, build) => sum + heightOf(build), 0) <= layout.rows) {
    return builds.flatMap((build) => blockOf(build, lastLines, layout));
  }
  // What happens now comes first, then what failed; a summary tells of the rest.
  const byNews = builds.toSorted((one, other) => rank(one) - rank(other));
  const shown: ScreenLine[] = [];
  const hidden: BuildRecord[] = [];
  for (const build of byNews) {
    const room = layout.rows - 1 - shown.length;
    if (room <= 0) hidden.push(build);
    else if (heightOf(build) <= room && byNews.length < layout.rows) shown.push(...blockOf(build, lastLines, layout));
    else shown.push(headOf(build, layout));
  }
  return [...shown.slice(0, layout.rows - 1), summary(hidden.length > 0 ? hidden : builds, hidden.length > 0, layout)];
}

/** How many lines a build takes. */
function heightOf({ chroots }: BuildRecord): number {
  return 1 + chroots.length;
}

function rank({ state }: BuildRecord): number {
  if (state === "running" || state === "starting") return 0;
  if (!isFinished(state)) return 1;
  return state === "failed" ? 2 : 3;
}

function headOf(build: BuildRecord, layout: BoardLayout): ScreenLine {
  const name = cleanLine([build.package, build.version].filter(Boolean).join(" "));
  const head = `Build ${build.id}${name === "" ? "" : `  ${name}`}`;
  const time = timeIn(build.started_on ?? build.submitted_on, build.ended_on, layout.now);
  return stateLine("", head, build.state, time, build.url, layout);
}

function blockOf(build: BuildRecord, lastLines: ReadonlyMap<string, string>, layout: BoardLayout): ScreenLine[] {
  const lines = [headOf(build, layout)];
  const width = Math.max(0, ...build.chroots.map((chroot) => textWidth(cleanLine(chroot.name))));
  for (const chroot of build.chroots) lines.push(chrootLine(chroot, width, lastLines.get(`${build.id}/${chroot.name}`) ?? "", layout));
  return lines;
}

function chrootLine(chroot: ChrootRecord, width: number, lastLine: string, layout: BoardLayout): ScreenLine {
  const name = fitToWidth(cleanLine(chroot.name), width);
  const time = timeIn(chroot.started_on, chroot.ended_on, layout.now);
  return stateLine("  ", name, chroot.state, time, isFinished(chroot.state) ? "" : lastLine, layout);
}

/** What it is, its state in colour, its time, and what else there is room for. */
function stateLine(indent: string, subject: string, state: string, time: string, rest: string, layout: BoardLayout): ScreenLine {
  const { columns, hasColor, isUnicode } = layout;
  const shownState = cleanLine(state);
  const room = Math.max(8, columns - indent.length - shownState.length - 6);
  const head = `${indent}${stateSign(state, isUnicode)} ${cutToWidth(subject, room)}  `;
  const tail = [time, cleanLine(rest)].filter(Boolean).map((part) => `  ${part}`);
  const plain = cutToWidth(`${head}${shownState}${tail.join("")}`, columns);
  const start = head.length;
  const isWhole = plain.startsWith(head + shownState);
  return {
    plain,
    colored: isWhole && hasColor ? `${head}${colorState(state, true)}${plain.slice(start + shownState.length)}` : plain,
  };
}

/** Minutes only from the first on, so that a long build's line does not change each second. Empty where the beginning is not known. */
function timeIn(from: number | null, to: number | null, now: number): string {
  if (from === null) return "";
  const seconds = (to ?? now) - from;
  return to === null && seconds >= 60 && seconds < 3600 ? `${Math.floor(seconds / 60)} min` : duration(seconds);
}

function summary(builds: readonly BuildRecord[], isRest: boolean, { columns }: BoardLayout): ScreenLine {
  const states = new Map<string, number>();
  for (const { state } of builds) states.set(state, (states.get(state) ?? 0) + 1);
  const counts = [...states].map(([state, number]) => `${number} ${cleanLine(state)}`).join(", ");
  const plain = cutToWidth(isRest ? `… ${builds.length} more: ${counts}` : counts, columns);
  return { plain, colored: plain };
}
