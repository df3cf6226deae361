import fc from "fast-check";
import { expect, test } from "vitest";
import { CoprError } from "../../../src/core/errors.ts";
import { isHashType, parseSourcesFile } from "../../../src/core/packaging/sources-file.ts";

const MD5 = "d41d8cd98f00b204e9800998ecf8427e";
const SHA512 = "cf83e1357eefb8bd".repeat(8);

test.each([
  [`${MD5}  hello-2.8.tar.gz`, "hello-2.8.tar.gz", "md5", MD5],
  [`${MD5} name with blanks.zip`, "name with blanks.zip", "md5", MD5],
  [`SHA512 (hello-2.8.tar.gz) = ${SHA512}`, "hello-2.8.tar.gz", "sha512", SHA512],
  [`sha512 (a (b) c.gz) = ${SHA512.toUpperCase()}`, "a (b) c.gz", "sha512", SHA512],
  [`  MD5 (.hidden) = ${MD5}\r`, ".hidden", "md5", MD5],
])("%j is read", (line, file, hashType, hash) => {
  expect(parseSourcesFile(`# comment\n\n${line}\n`, "md5")).toEqual([{ file, hashType, hash }]);
});

test("lines without a type have the configured one", () => {
  expect(parseSourcesFile(`${SHA512}  x\n`, "sha512")).toEqual([{ file: "x", hashType: "sha512", hash: SHA512 }]);
  expect(() => parseSourcesFile(`${SHA512}  x\n`, "md5")).toThrow("A md5 checksum in the sources file has the wrong length");
});

test.each([
  [`${MD5}  /etc/cron.d/evil`, "Refusing the file name '/etc/cron.d/evil'"],
  [`${MD5}  ../../evil`, "Refusing the file name '../../evil'"],
  [`MD5 (../evil) = ${MD5}`, "Refusing the file name '../evil'"],
  [`MD5 (a/b) = ${MD5}`, "Refusing the file name 'a/b'"],
  [`${MD5}  ..`, "Refusing the file name '..'"],
  [`${MD5}  .`, "Refusing the file name '.'"],
  [`${MD5}  -rf`, "Refusing the file name '-rf'"],
  [`${MD5}  a\u0000b`, "Refusing the file name"],
  [`${MD5}  a\u001b[31mb`, "Refusing the file name"],
  [`./evil (x) = ${MD5}`, "Weird sources line: ./evil (x)"],
  [`evil (x) = ${MD5}`, "Unknown checksum type in the sources file: evil"],
  [`constructor (x) = ${MD5}`, "Unknown checksum type in the sources file: constructor"],
  [`CRC32 (x) = 00000000`, "Unknown checksum type in the sources file: CRC32"],
  [`SHA512 (x) = ${MD5}`, "A sha512 checksum in the sources file has the wrong length"],
  ["hello.tar.gz", "Weird sources line: hello.tar.gz"],
  [MD5, `Weird sources line: ${MD5}`],
])("%j is refused", (line, message) => {
  expect(() => parseSourcesFile(`${MD5}  fine\n${line}\n`, "md5")).toThrow(CoprError);
  expect(() => parseSourcesFile(`${MD5}  fine\n${line}\n`, "md5")).toThrow(message);
});

test("whatever the text, a name stays in its directory and a type is a known one", () => {
  const line = fc
    .array(
      fc.oneof(fc.constantFrom(MD5, "MD5 (", "SHA1 (", ") = ", "/", "..", "  ", " ", "-", "\0", "./evil ("), fc.string({ maxLength: 5 })),
      {
        maxLength: 6,
      },
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 3 }), (lines) => {
      try {
        for (const { file, hashType, hash } of parseSourcesFile(lines.join("\n"), "md5")) {
          expect(file).not.toMatch(/\/|\0|^-|^\.\.?$/);
          expect(isHashType(hashType)).toBe(true);
          expect(hash).toMatch(/^[0-9a-f]+$/);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(CoprError);
        expect((error as Error).message.length).toBeLessThan(300);
      }
    }),
    { numRuns: 2000 },
  );
});
