import { CoprError } from "../../errors.ts";

/** A spec file that can't be read to the end of its preamble: broken, hostile, or beyond what is understood here. */
export class SpecError extends CoprError {}

/** An expression that has no value: a bad term, unlike types, a macro that is not known. */
export class ExpressionError extends SpecError {}
