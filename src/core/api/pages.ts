import type { Page } from "./types.ts";
import type { QueryValue } from "../http/api-url.ts";
import type { Transport } from "../http/transport.ts";

/**
 * Walks over a paged list until an empty page: the frontend tells neither a total nor a next page.
 *
 * @param isExact every page but the last one is full, so that a short one is the last: so it is where the database cuts them
 */
export async function* pages<T>(
  transport: Transport,
  path: readonly string[],
  query: Readonly<Record<string, QueryValue>>,
  limit: number,
  { isExact = false }: { isExact?: boolean } = {},
): AsyncIterable<T> {
  for (let offset: number | undefined; ; ) {
    const page: Page<T> = await transport.call({ method: "GET", path, query: { ...query, limit, offset }, needs: ["items", "meta"] });
    if (page.items.length === 0) return;
    yield* page.items;
    if (isExact && page.items.length < (page.meta.limit ?? limit)) return;
    // A frontend may allow less than we asked for, and says so in the answer.
    offset = (page.meta.offset ?? offset ?? 0) + (page.meta.limit ?? limit);
  }
}
