/** Ctrl-C, outside of a watch. */
export class InterruptedError extends Error {}
