import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuilderHost, startBuilderHost } from "../support/builder-host.ts";
import { soakKills } from "../support/kill-soak.ts";

let host: BuilderHost;
beforeAll(async () => {
  host = await startBuilderHost();
});
afterAll(() => host.close());

// `npm run soak` does fifty.
test("kills in the middle of a build leave a true status and nothing else", { timeout: 300_000 }, async () => {
  const states: string[] = [];
  const moments = [0.1, 0.5, 0.6, 0.9, 0.3, 0.05];
  await soakKills(host, { rounds: moments.length, random: () => moments[states.length] ?? 0, onKill: ({ state }) => states.push(state) });
  expect(states).toHaveLength(moments.length);
  expect(states).toContain("died");
  expect(states).toContain("canceled");
});
