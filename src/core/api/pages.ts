import type { Page } from "./types.ts";
import type { QueryValue } from "../http/api-url.ts";
import type { Transport } from "../http/transport.ts";

/** How the frontend cuts a list into pages. */
interface PageCut {
  /** Every page but the last one is full, so that a short one is the last: so it is where the database cuts them. */
  isExact?: boolean;
  /** Pages overlap, so that one may be the same as the one before. */
  mayRepeat?: boolean;
}

/**
 * Walks over a paged list until an empty page: the frontend tells neither a total nor a next page. A page that is not the one
 * that was asked for, as where something on the way drops the query, is none either: to walk on would never end.
 */
export async function* pages<T>(
  transport: Transport,
  path: readonly string[],
  query: Readonly<Record<string, QueryValue>>,
  limit: number,
  { isExact = false, mayRepeat = false }: PageCut = {},
): AsyncIterable<T> {
  for (let offset: number | undefined, before: string | undefined; ; ) {
    const page: Page<T> = await transport.call({ method: "GET", path, query: { ...query, limit, offset }, needs: ["items", "meta"] });
    if (page.items.length === 0) return;
    const ends = mayRepeat ? undefined : JSON.stringify([page.items.length, page.items[0], page.items.at(-1)]);
    const isOther = offset !== undefined && (page.meta.offset ?? offset) !== offset;
    if (isOther || (ends !== undefined && ends === before)) return;
    before = ends;
    yield* page.items;
    if (isExact && page.items.length < (page.meta.limit ?? limit)) return;
    // A frontend may allow less than we asked for, and says so in the answer.
    offset = (page.meta.offset ?? offset ?? 0) + (page.meta.limit ?? limit);
  }
}
