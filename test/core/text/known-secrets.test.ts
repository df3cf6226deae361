import { beforeEach, describe, expect, test, vi } from "vitest";
import { commandWords } from "../../../src/core/text/command-words.ts";
import type * as Secrets from "../../../src/core/text/known-secrets.ts";

let secrets: typeof Secrets;
beforeEach(async () => {
  // A process of its own for each test, as far as what it knows is concerned.
  vi.resetModules();
  secrets = await import("../../../src/core/text/known-secrets.ts");
});

describe("the secrets of a run", () => {
  test("are taken out in each spelling, the longer ones whole", () => {
    secrets.knowToken('to"ken%1', "login&1");
    secrets.knowToken('to"ken%1-and-more', "alice", "alice");
    const basic = Buffer.from('login&1:to"ken%1').toString("base64");
    for (const text of ['to"ken%1', 'to\\"ken%1', "to%22ken%251", 'to"ken%%1', "login&1", "login%261", basic, 'to"ken%1-and-more']) {
      expect(secrets.withoutKnownSecrets(`<${text}> <${text}>`)).toBe("<***> <***>");
    }
    expect(secrets.withoutKnownSecrets("alice")).toBe("alice");
  });

  test("are taken out as servers, pages and other programs spell them", () => {
    const token = `to"k&n /'%<x>\\1`;
    secrets.knowToken(token, "login-1");
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    for (const text of [
      JSON.stringify(JSON.stringify(token)).slice(3, -3),
      new URLSearchParams([["", token]]).toString().slice(1),
      encodeURI(token),
      encodeURIComponent(token).toLowerCase(),
      "to&quot;k&amp;n /&#x27;%&lt;x&gt;\\1",
      "to&#34;k&amp;n /&#39;%&lt;x&gt;\\1",
      base64(token),
      base64(`login-1:${token}`).replace(/=+$/, ""),
      Buffer.from(`login-1:${token}`).toString("base64url"),
    ]) {
      expect(secrets.withoutKnownSecrets(`<${text}>`), text).toBe("<***>");
    }
    // Of an empty token there is nothing to hide.
    secrets.knowToken("", "");
    expect(secrets.withoutKnownSecrets("a: b==")).toBe("a: b==");
  });

  test("leave words alone", () => {
    secrets.knowSecret("short");
    secrets.knowPasswordOf("http://me:fedora@proxy:3128/");
    secrets.knowPasswordOf("http://you:long-enough-password@proxy");
    secrets.knowPasswordOf("https://host/a:b@c");
    expect(secrets.withoutKnownSecrets("short fedora http://me:fedora@proxy https://host/a:b@c")).toBe(
      "short fedora http://***proxy https://host/a:b@c",
    );
    expect(secrets.withoutKnownSecrets("long-enough-password")).toBe("***");
  });
});

test.each([
  ["pass show copr", ["pass", "show", "copr"]],
  ['  a\t\'b c\'  "d \\"e\\\\" f\\ g ', ["a", "b c", 'd "e\\', "f g"]],
  ["a''b '' \"\"", ["ab", "", ""]],
  ["$HOME `x` $(y) ; | > * ~", ["$HOME", "`x`", "$(y)", ";", "|", ">", "*", "~"]],
  ["a\n b", ["a", "b"]],
  ["", []],
  ["a 'b", undefined],
  ['a "b\\"', undefined],
  ["a\\", undefined],
])("the words of %j", (text, words) => {
  expect(commandWords(text)).toEqual(words);
});
