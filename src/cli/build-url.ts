/** Page of a build. As upstream makes it: a path in the frontend's address gets lost. */
export function buildUrl(coprUrl: string, id: number): string {
  return new URL(`/coprs/build/${id}`, coprUrl).href;
}
