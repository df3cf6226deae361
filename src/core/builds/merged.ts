/**
 * Several streams as one, each item as it comes; the items of one stream keep their order. A stream is asked for its next item
 * when the one before was taken, so that nothing piles up. The first error ends it.
 */
export async function* merged<T>(streams: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const ready: { item: T; taken: () => void }[] = [];
  let open = streams.length;
  let failure: { error: unknown } | undefined;
  let isStopped = false;
  let wake = (): void => undefined;
  const pump = async (stream: AsyncIterable<T>): Promise<void> => {
    try {
      for await (const item of stream) {
        if (isStopped) return;
        await new Promise<void>((taken) => {
          ready.push({ item, taken });
          wake();
        });
      }
    } catch (error) {
      failure ??= { error };
    } finally {
      open -= 1;
      wake();
    }
  };
  for (const stream of streams) void pump(stream);
  try {
    while (!failure) {
      const next = ready.shift();
      if (next) {
        yield next.item;
        next.taken();
      } else if (open === 0) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    throw failure.error;
  } finally {
    isStopped = true;
    for (const { taken } of ready) taken();
  }
}
