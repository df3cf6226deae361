/** Page of a build. As upstream makes it: a path in the frontend's address gets lost, and no build has the page `None`. */
export function buildUrl(coprUrl: string, id: number | null): string {
  return new URL(`/coprs/build/${id ?? "None"}`, coprUrl).href;
}
