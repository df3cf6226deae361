import type { Page } from "./types.ts";
import type { QueryValue } from "../http/api-url.ts";
import type { Transport } from "../http/transport.ts";

/** Walks over a paged list until an empty page: the frontend tells neither a total nor a next page. */
export async function* pages<T>(
  transport: Transport,
  path: readonly string[],
  query: Readonly<Record<string, QueryValue>>,
  limit: number,
): AsyncIterable<T> {
  for (let offset: number | undefined; ; ) {
    const page: Page<T> = await transport.call({ method: "GET", path, query: { ...query, limit, offset }, needs: ["items", "meta"] });
    if (page.items.length === 0) return;
    yield* page.items;
    // A frontend may allow less than we asked for, and says so in the answer.
    offset = (page.meta.offset ?? offset ?? 0) + (page.meta.limit ?? limit);
  }
}
