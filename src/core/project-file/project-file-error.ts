import { CoprError } from "../errors.ts";

/** A file that says what can't be meant, with lines and columns: `copr.yaml:3:1: …`, a line for each thing that is wrong. */
export class ProjectFileError extends CoprError {}
