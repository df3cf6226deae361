/** Ctrl-C, outside of a watch. */
export class InterruptedError extends Error {
  /** What the user can do about it, one sentence. */
  readonly hint: string | undefined;

  constructor(hint?: string) {
    super();
    this.hint = hint;
  }
}

const unfinished = new Set<Promise<unknown>>();

/** Does work that ends what it has begun, and removes what it has made: an interruption waits for it. */
export async function inOrder<T>(work: () => Promise<T>): Promise<T> {
  const running = work();
  unfinished.add(running);
  try {
    return await running;
  } finally {
    unfinished.delete(running);
  }
}

/** Whether there is such work. */
export function hasUnfinishedWork(): boolean {
  return unfinished.size > 0;
}

/** Waits until there is none any more. */
export async function endOfWork(): Promise<void> {
  await Promise.allSettled(unfinished);
}
