import { places } from "../../core/explain/places.ts";
import { cleanLine, cleanText } from "../../core/text/clean-text.ts";
import { duration } from "../format/duration.ts";
import { colorState } from "../format/state-color.ts";
import type { CauseRecord } from "./cause-record.ts";

/** A cause for people: where it failed, the lines that say why, what to do, and where to read on. */
export function describeCause(cause: CauseRecord, hasColor: boolean): string {
  const failed = colorState("failed", hasColor);
  const subject = cause.package === null ? (cause.build === null ? cleanLine(cause.chroot) : `Build ${cause.build}`) : nameOf(cause);
  const where = cause.build === null ? "" : ` in ${cleanLine(cause.chroot)}`;
  const place = cause.phase === null ? "" : `, ${places[cause.phase]}`;
  const time = cause.seconds === null ? "" : ` after ${duration(cause.seconds)}`;
  if (cause.category === null) return `${subject}: no log says that it failed.\n`;
  if (cause.lines.length === 0) {
    const shown = cause.tail.length > 0 ? `  The last lines there:\n${linesOf(cause.tail)}` : "";
    return `${subject} ${failed}${where}${place}${time}: no cause found\n${shown}${closing(cause)}`;
  }
  const advice = cause.advice === null ? "" : `  ${cleanLine(cause.advice)}\n`;
  return `${subject} ${failed}${where}${place}${time}: ${cause.category}\n${linesOf(cause.lines)}${advice}${closing(cause)}`;
}

function nameOf({ package: name, version }: CauseRecord): string {
  return cleanLine([name, version].filter(Boolean).join("-"));
}

/** A longer line is cut: the log has it whole. */
const MAX_SHOWN = 500;

function linesOf(lines: CauseRecord["lines"]): string {
  return lines
    .map(({ file, line, text }) => {
      const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
      return cleanText(`  ${file}:${line}  ${shown.trim()}\n`);
    })
    .join("");
}

function closing({ same_in: sameIn, more }: CauseRecord): string {
  const same = sameIn.length === 0 ? "" : `Same cause in: ${cleanLine(sameIn.join(", "))}        `;
  return `  ${same}More: ${cleanLine(more)}\n`;
}
