import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { AuthenticationError } from "../../../src/core/errors.ts";
import { getTicket, ticketHolders } from "../../../src/core/account/gssapi.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** A directory with a package of the library's name. */
async function placeWith(code: string): Promise<string> {
  const place = await temporaryDirectory();
  await mkdir(join(place, "node_modules/kerberos"), { recursive: true });
  await writeFile(join(place, "node_modules/kerberos/index.js"), code);
  return `${place}/`;
}

const ticket = (...places: string[]) => getTicket("https://copr.example/", places);

describe("the package", () => {
  test("that is not installed is named, with what to do", async () => {
    const places = [`${await temporaryDirectory()}/`];
    const error = (await ticket(...places).catch((error: unknown) => error)) as AuthenticationError;
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.exitCode).toBe(7);
    expect(error.message).toBe(
      "Kerberos (GSSAPI) login needs the 'kerberos' package, which is not installed. Please install it (npm install --global kerberos), or use the API token (config file).",
    );
  });

  test("that does not work is told apart from none", async () => {
    const place = await placeWith('throw new Error("Opening library libgssapi_krb5.so.2 failed\\nrequire stack");');
    await expect(ticket(place)).rejects.toThrow(
      `The 'kerberos' package (${place}node_modules/kerberos/index.js) can't be loaded: Opening library libgssapi_krb5.so.2 failed. Please`,
    );
  });

  test("is looked for in one place after the other", async () => {
    const code = "exports.initializeClient = async (service) => ({ step: async () => `token for ${service}` });";
    const found = await ticket(`${await temporaryDirectory()}/`, await placeWith(code), await placeWith("throw new Error();"));
    expect(found.token).toBe("token for HTTP@copr.example");
  });
});

describe("holders of tickets", () => {
  /** What a klist prints; none is installed when undefined. */
  const holdersWith = async (script: string | undefined): Promise<string[]> => {
    const directory = await temporaryDirectory();
    if (script !== undefined) await writeFile(join(directory, "klist"), `#!/bin/sh\n${script}\n`);
    if (script !== undefined) await chmod(join(directory, "klist"), 0o755);
    vi.stubEnv("PATH", directory);
    return ticketHolders().finally(() => vi.unstubAllEnvs());
  };

  test.each([
    [
      "MIT's",
      "echo 'Ticket cache: KCM:0'; echo 'Default principal: jane@A'; echo; echo 'Default principal: host/a.b@B'",
      ["jane", "host_a.b"],
    ],
    ["Heimdal's", "echo 'Credentials cache: FILE:/x'; echo '        Principal: joe@A.B'", ["joe"]],
    ["a klist that finds none", "echo 'klist: No credentials cache found' >&2; exit 1", []],
    ["no klist at all", undefined, []],
  ])("as %s output tells", async (_, script, holders) => {
    expect(await holdersWith(script)).toEqual(holders);
  });
});
