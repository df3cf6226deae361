/** Runs tasks, at most so many at once, in their order. The first failure is thrown, and no further task is begun. */
export async function inParallel(most: number, tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const left = [...tasks];
  const work = async (): Promise<void> => {
    try {
      for (let task = left.shift(); task !== undefined; task = left.shift()) await task();
    } catch (error) {
      left.length = 0;
      throw error;
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, tasks.length) }, work));
}
