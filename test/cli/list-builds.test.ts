import { describe, expect, test } from "vitest";
import { runCli } from "../support/run-cli.ts";
import { sendJson, webServer } from "../support/web-server.ts";

/** A frontend with 2,500 builds, newest first, one an hour; it filters as the real one does. */
async function frontend() {
  const now = Math.floor(Date.now() / 1000);
  const builds = Array.from({ length: 2500 }, (_, at) => ({
    id: 2500 - at,
    state: at % 5 === 0 ? "failed" : at === 3 ? "forked" : "succeeded",
    ownername: "me",
    projectname: "prj",
    project_dirname: "prj",
    chroots: ["fedora-43-x86_64"],
    submitter: "me",
    submitted_on: at === 3 ? 1 : now - at * 3600 - 60,
    started_on: null,
    ended_on: null,
    source_package: { name: at % 2 === 0 ? "python-x" : "hello", version: "1-1", url: null },
  }));
  const asked: string[] = [];
  const { url } = await webServer((response, request) => {
    const { searchParams } = new URL(request.url ?? "", "http://x");
    asked.push(searchParams.toString());
    const [limit, offset] = ["limit", "offset"].map((name) => Number(searchParams.get(name) ?? 0)) as [number, number];
    const wanted = builds
      .slice(offset)
      .filter(({ source_package: { name } }) => (searchParams.get("packagename") ?? name) === name)
      .filter(({ state }) => (searchParams.get("status") ?? state) === state);
    sendJson(response, { items: wanted.slice(0, limit), meta: { limit, offset, order: "id", order_type: "DESC" } });
  });
  const config = `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`;
  const run = (...words: string[]) => runCli({ argv: ["list-builds", "prj", ...words], config });
  return { run, asked, builds, url };
}

const ids = (stdout: string): number[] => stdout.split("\n").filter(Boolean).map(Number);

describe("list-builds", () => {
  test("asks for no more than is wanted", async () => {
    const { run, asked } = await frontend();
    expect(ids((await run("--limit", "3", "--fields", "id")).stdout)).toEqual([2500, 2499, 2498]);
    expect(asked).toEqual(["ownername=me&projectname=prj&limit=3"]);
    expect((await run("--limit", "0", "--json")).stdout).toBe("[]\n");
    expect(asked).toHaveLength(1);
  });

  test("stops at what is too old, which a fork's builds are not counted for", async () => {
    const { run, asked } = await frontend();
    expect(ids((await run("--since", "5h", "--fields", "id")).stdout)).toEqual([2500, 2499, 2498, 2496]);
    expect(asked).toHaveLength(1);
    const date = new Date(Date.now() - 2 * 3600_000).toISOString();
    expect(ids((await run("--since", date, "--fields", "id")).stdout)).toEqual([2500, 2499]);
  });

  test("has one state or package, by its name or a pattern", async () => {
    const { run, asked, builds } = await frontend();
    expect(ids((await run("--status", "failed", "--fields", "id", "--limit", "2")).stdout)).toEqual([2500, 2495]);
    const named = builds.filter(({ source_package: { name } }) => name === "hello").map(({ id }) => id);
    expect(ids((await run("--package", "hello", "--fields", "id", "--limit", "4")).stdout)).toEqual(named.slice(0, 4));
    expect(asked.at(-1)).toBe("ownername=me&projectname=prj&packagename=hello&limit=4");
    asked.length = 0;
    expect(ids((await run("--package", "python-*", "--fields", "id", "--limit", "600")).stdout)).toHaveLength(600);
    expect(asked).toEqual(["ownername=me&projectname=prj&limit=1000", "ownername=me&projectname=prj&limit=1000&offset=1000"]);
  });

  test("chooses and orders fields, in rows, tables, text and data", async () => {
    const { run, url } = await frontend();
    const chosen = ["--limit", "2", "--fields", "state,id,url"];
    expect((await run(...chosen)).stdout).toBe(`failed\t2500\t${url}/coprs/build/2500\nsucceeded\t2499\t${url}/coprs/build/2499\n`);
    expect((await run(...chosen, "--output-format", "table")).stdout).toBe(
      `STATE      ID    URL\nfailed     2500  ${url}/coprs/build/2500\nsucceeded  2499  ${url}/coprs/build/2499\n`,
    );
    expect((await run(...chosen, "--output-format", "jsonl")).stdout.split("\n")[1]).toBe(
      `{"state":"succeeded","id":2499,"url":"${url}/coprs/build/2499"}`,
    );
    expect((await run(...chosen, "--output-format", "text")).stdout).toMatch(/^state: failed\nid: 2500\nurl: .*\n\nstate: succeeded\n/);
  });

  test.each([
    [["--fields", "id,nosuch"], /^\nError: Unknown field\(s\) specified in --fields: \['nosuch'\], allowed: \['id', 'name', 'state', /],
    [["--since", "yesterday"], /It is no time: say how long ago, as 2d or 12h, or a date, as 2026-11-28\.\n$/],
    [["--limit", "-1"], /It is no number of things\.\n$/],
    [["--status", "broken"], /Allowed choices are importing, /],
  ])("%j is told before anything is asked", async (words, message) => {
    const { run, asked } = await frontend();
    const { exit, stderr, stdout } = await run(...words);
    expect([exit, stdout, asked]).toEqual([2, "", []]);
    expect(stderr).toMatch(message);
    const asData = await run(...words, "--json");
    expect(asData.exit).toBe(2);
    expect(JSON.parse(asData.stderr)).toMatchObject({ error: { kind: "usage", exit_code: 2, status: null } });
  });
});
