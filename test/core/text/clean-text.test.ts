import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanText, TextCleaner } from "../../../src/core/text/clean-text.ts";

const ESC = "\u001b";
const ST = `${ESC}\\`;

// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Plain text as bytes, without a CR. C1 controls are no text. */
const plainText = fc
  .oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("\n", "\t", "[31m", "]0;x", "m", "é", "\u00a0", "Â", "→", "😀", "\\"),
  )
  .map((text) => Buffer.from(text).toString().replaceAll(controls, ""));

const printable = fc.string({ maxLength: 20 });
const parameters = fc.array(fc.constantFrom(..."0123456789:;<=>?"), { maxLength: 10 }).map((parts) => parts.join(""));
const stringEnd = fc.constantFrom("\u0007", ST, "\u009c");
/** Payloads of strings may hold UTF-8, but no BEL, ESC, line end or C1. */
const payload = fc.array(fc.constantFrom(..."azAZ09;:/=?-_.é→😀 "), { maxLength: 30 }).map((parts) => parts.join(""));

const sequence = fc.oneof(
  fc.constantFrom(`${ESC}[?25l`, `${ESC}[38:5:1m`, `${ESC}[0K`, `${ESC}[2J`, `${ESC}[6n`, `${ESC}[!p`, `${ESC}[1 q`, `${ESC}[201~`),
  fc.constantFrom(`${ESC}(B`, `${ESC})0`, `${ESC}#8`, `${ESC} F`, `${ESC}c`, `${ESC}7`, `${ESC}=`, `${ESC}>`, `${ESC}%G`, `${ESC}M`),
  fc.constantFrom("\u000e", "\u000f", "\u0007", "\u007f", "\u0000", "\b", "\u000b", "\f", "\u0085", "\u008d", "\u0084", "\u009c"),
  fc.tuple(fc.constantFrom(`${ESC}[`, "\u009b"), parameters, fc.constantFrom(..."ABCDHJKSTfhlmnrsu@`~")).map((parts) => parts.join("")),
  fc
    .tuple(
      fc.constantFrom(`${ESC}]`, `${ESC}P`, `${ESC}_`, `${ESC}^`, `${ESC}X`, "\u009d", "\u0090", "\u009f", "\u009e", "\u0098"),
      payload,
      stringEnd,
    )
    .map((parts) => parts.join("")),
  printable.map((title) => `${ESC}]0;${title}\u0007`),
  fc.webUrl().map((url) => `${ESC}]8;;${url}${ST}`),
  fc.base64String().map((clipboard) => `${ESC}]52;c;${clipboard}\u009c`),
);

const stream = fc.array(
  fc.oneof(
    plainText.map((plain) => ({ sent: plain, plain })),
    sequence.map((sent) => ({ sent, plain: "" })),
  ),
  { maxLength: 20 },
);

function clean(chunks: readonly Uint8Array[], maxLineBytes?: number): Buffer {
  const cleaner = new TextCleaner(maxLineBytes);
  return Buffer.concat([...chunks.map((chunk) => cleaner.push(chunk)), cleaner.flush()]);
}

/** Bytes cut in two at a place. */
function cutAt(bytes: Buffer, at: number): Buffer[] {
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

test("no byte of a sequence survives and no other byte is lost, wherever the stream is cut", () => {
  fc.assert(
    fc.property(stream, (parts) => {
      const bytes = Buffer.from(parts.map(({ sent }) => sent).join(""));
      const plain = parts.map((part) => part.plain).join("");
      expect(clean([bytes]).toString()).toBe(plain);
      for (let at = 0; at <= bytes.length; at += 1) expect(clean(cutAt(bytes, at)).toString()).toBe(plain);
      expect(clean([...bytes].map((byte) => Buffer.of(byte))).toString()).toBe(plain);
    }),
    { numRuns: 300 },
  );
});

/** The same rules, byte by byte and without bounds, as plainly as can be. */
function model(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes).toString("latin1");
  const string = "(?:[\\]PX^_])(?:(?!\\xc2\\x9c)[^\\n\\x07\\x18\\x1a\\x1b])*(?:\\x07|\\x18|\\x1a|\\xc2\\x9c|\\x1b\\\\|(?=\\x1b|\\n|$))";
  const csi = "\\[[^\\n\\x18\\x1a\\x1b\\x40-\\x7e\\x80-\\xff]*(?:[\\x18\\x1a\\x40-\\x7e]|(?=[\\n\\x1b\\x80-\\xff]|$))";
  const other = "[ -/]*(?:[\\x00-\\x09\\x0b-\\x1a\\x1c-\\x1f0-\\x7f]|(?=[\\n\\x1b\\x80-\\xff]|$))";
  const escape = new RegExp(`\\x1b(?:${csi}|${string}|${other})`, "g");
  // oxlint-disable-next-line no-control-regex
  return Buffer.from(drawnOver(text.replace(escape, "").replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, "")), "latin1");
}

function drawnOver(text: string): string {
  return text.replace(/[^\n]*\r+(?=[^\r\n])/g, "").replaceAll("\r", "");
}

test("the result is that of the plain rules", () => {
  const pieces = fc.array(fc.constantFrom(...`${ESC}\r\n\t\b[]P_mK0;?\u0007\\ (cxé`, ESC, ESC, "\r", "\u0018", "text", "😀"), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(pieces, fc.integer({ min: 1, max: 20 }), (parts, step) => {
      const bytes = Buffer.from(parts.join(""));
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += step) chunks.push(bytes.subarray(at, at + step));
      expect(clean(chunks).toString("latin1")).toBe(model(bytes).toString("latin1"));
    }),
    { numRuns: 5000 },
  );
});

test("a byte that does not belong is found wherever it stands in a long text", () => {
  const text = Buffer.from("plain words, a TAB\t, \u00bd or \u20ac; ".repeat(4));
  for (const byte of [0x00, 0x08, 0x0b, 0x1f, 0x7f]) {
    for (let place = 0; place <= text.length; place += 1) {
      for (const shift of [0, 1, 2, 3]) {
        // Where the text lies in memory decides which of its bytes are looked at together.
        const memory = Buffer.concat([Buffer.alloc(shift), text.subarray(0, place), Buffer.of(byte), text.subarray(place)]);
        const cleaner = new TextCleaner();
        const cleaned = Buffer.concat([cleaner.push(memory.subarray(shift)), cleaner.flush()]);
        if (!cleaned.equals(text)) expect.fail(`0x${byte.toString(16)} at ${place}, ${shift} bytes off`);
      }
    }
  }
});

test("every byte that can end a sequence ends it", () => {
  const range = (first: number, last: number): string[] =>
    Array.from({ length: last - first + 1 }, (_, index) => String.fromCharCode(first + index));
  const openings = ["[", "]", "P", "X", "^", "_"];
  const sequences = [
    ...range(0x40, 0x7e).flatMap((final) => [`${ESC}[1;2${final}`, `${ESC}[${final}`, `\u009b?1 ${final}`]),
    ...range(0x30, 0x7e)
      .filter((final) => !openings.includes(final))
      .map((final) => ESC + final),
    ...range(0x20, 0x2f).flatMap((intermediate) => range(0x30, 0x7e).map((final) => ESC + intermediate + final)),
    ...range(0x80, 0x9f).filter((control) => !"\u0090\u0098\u009b\u009d\u009e\u009f".includes(control)),
    ...range(0x00, 0x1f).filter((control) => !"\t\n\r\u001b".includes(control)),
    "\u007f",
  ];
  for (const one of sequences) expect([one, clean([Buffer.from(`a${one}zé`)]).toString()]).toEqual([one, "azé"]);
});

test("any bytes give the same result however they are cut, without escape or other C0 controls", () => {
  const anyBytes = fc.array(
    fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x1b, 0x0d, 0x0a, 0xc2, 0x9b, 0x9c, 0x5b, 0x5d, 0x07, 0x5c)),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(anyBytes, (numbers) => {
      const bytes = Buffer.from(numbers);
      const whole = clean([bytes]);
      expect(clean(numbers.map((byte) => Buffer.of(byte)))).toEqual(whole);
      expect([...whole].filter((byte) => (byte < 0x20 && byte !== 0x09 && byte !== 0x0a) || byte === 0x7f)).toEqual([]);
      for (const [at, byte] of whole.entries()) {
        const next = whole[at + 1] ?? 0;
        expect(byte === 0xc2 && next >= 0x80 && next <= 0x9f).toBe(false);
      }
    }),
    { numRuns: 2000 },
  );
});

describe("bytes 0x80 to 0x9F that belong to no UTF-8 character", () => {
  /** The characters of a text and, each alone, the bytes that are none. By another decoder than ours. */
  function pieces(bytes: Buffer): Buffer[] {
    const found: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const size = [4, 3, 2].find((length) => isOneCharacter(bytes.subarray(at, at + length), length)) ?? 1;
      found.push(bytes.subarray(at, at + size));
      at += size;
    }
    return found;
  }

  function isOneCharacter(bytes: Buffer, length: number): boolean {
    try {
      return bytes.length === length && [...new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)].length === 1;
    } catch {
      return false;
    }
  }

  const isStray = (piece: Buffer): boolean => piece.length === 1 && (piece[0] as number) >= 0x80 && (piece[0] as number) <= 0x9f;

  test("are taken out, wherever the stream is cut, and nothing else is", () => {
    const byte = fc.oneof(
      fc.integer({ min: 0x80, max: 0xff }),
      fc.constantFrom(0x41, 0x0a, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0xf4, 0x90),
    );
    // A C1 control in UTF-8 begins a sequence: that is another story.
    const text = fc.array(byte, { maxLength: 60 }).map((numbers) => Buffer.from(numbers.filter((one) => one !== 0xc2)));
    fc.assert(
      fc.property(text, fc.nat(60), (bytes, at) => {
        const expected = Buffer.concat(pieces(bytes).filter((piece) => !isStray(piece)));
        for (const chunks of [[bytes], cutAt(bytes, at), [...bytes].map((one) => Buffer.of(one))]) {
          expect(clean(chunks)).toEqual(expected);
          expect(clean(chunks, 7)).toEqual(expected);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("no output holds one, whatever is taken out between", () => {
    const part = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x1b, 0x5b, 0x6d, 0xe2, 0x82, 0xac, 0x9b, 0xc2, 0x0d));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), fc.nat(40), (numbers, at) => {
        const cleaner = new TextCleaner(9);
        const [first, second] = cutAt(Buffer.from(numbers), at) as [Buffer, Buffer];
        const shown = Buffer.concat([cleaner.push(first), cleaner.passOn(), cleaner.push(second), cleaner.flush()]);
        expect(pieces(shown).filter(isStray)).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ["a sequence of eight bits", [0x61, 0x9b, 0x33, 0x31, 0x6d, 0x62], "a31mb"],
    ["in Latin-1", [0x47, 0x72, 0xf6, 0xdf, 0x65, 0x85, 0x0a], Buffer.from([0x47, 0x72, 0xf6, 0xdf, 0x65, 0x0a])],
    ["the second byte of a character that was cut off", [0xe2, 0x82, 0x41], Buffer.from([0xe2, 0x41])],
    ["half of a surrogate pair", [0xed, 0xa0, 0x80], Buffer.from([0xed, 0xa0])],
    ["overlong", [0xe0, 0x80, 0x80], Buffer.from([0xe0])],
    ["characters with such bytes inside", [...Buffer.from("€ – 😀 ‛")], "€ – 😀 ‛"],
  ])("%s", (_, bytes, expected) => {
    expect(clean([Buffer.from(bytes)])).toEqual(Buffer.from(expected));
  });
});

test("taking a sequence out never puts a C1 control together", () => {
  const bytes = (...parts: (number | string)[]) =>
    Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.of(part))));
  for (const between of [`${ESC}[m`, "\0", `${ESC}]0;x${ST}`, "\u009b0m"]) {
    expect(clean([bytes(0xc2, between, 0x9b, "31mtext")])).toEqual(bytes(0xc2, "31mtext"));
    expect(clean([bytes(0xc2), bytes(between), bytes(0x9b, 0x9b, "31mtext")])).toEqual(bytes(0xc2, "31mtext"));
  }
});

test("lines longer than the bound come whole, only in pieces", () => {
  const text = fc.array(fc.constantFrom("a", "bc", "é", "©", "\u00a0", "\t", "\n", "0123456789"), { maxLength: 40 });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 7 }), (parts, maxLineBytes, step) => {
      const bytes = Buffer.from(parts.join(""));
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += step) chunks.push(bytes.subarray(at, at + step));
      expect(clean(chunks, maxLineBytes).toString()).toBe(parts.join(""));
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ["a progress bar leaves its last state", "10%\r20%\r100%\ndone\n", "100%\ndone\n"],
  ["CRLF is LF", "one\r\ntwo\r\n", "one\ntwo\n"],
  ["several CR before LF keep the line", "one\r\r\n", "one\n"],
  ["CR at the end keeps what was drawn", "half\r", "half"],
  ["CR drops only its own line", "kept\ngone\rnew\n", "kept\nnew\n"],
  ["a sequence after CR draws nothing yet", `old\r${ESC}[K\n`, "old\n"],
  ["a sequence after CR and then text", `old\r${ESC}[Knew\n`, "new\n"],
  ["a blank is drawn too", "old\r \n", " \n"],
  ["UTF-8 drawn over text", "old\ré\n", "é\n"],
])("%s", (_, sent, plain) => {
  const bytes = Buffer.from(sent);
  expect(clean([bytes]).toString()).toBe(plain);
  for (let at = 0; at <= bytes.length; at += 1) expect(clean(cutAt(bytes, at)).toString()).toBe(plain);
});

test.each([
  ["a string without an end stops at the line's end", `${ESC}]0;title\nnext line\n`, "\nnext line\n"],
  ["a CSI without an end stops at UTF-8", `${ESC}[12é`, "é"],
  ["an escape before UTF-8 takes nothing of it", `${ESC}é`, "é"],
  ["an escape in a string before UTF-8 takes nothing of it", `${ESC}]0;x${ESC}é`, "é"],
  ["CAN breaks a sequence off", `${ESC}[3\u0018text`, "text"],
  ["a new escape ends the sequence before", `${ESC}[3${ESC}[1mtext`, "text"],
  ["a new escape ends the string before", `${ESC}]0;x${ESC}[1mtext`, "text"],
])("%s", (_, sent, plain) => {
  expect(clean([Buffer.from(sent)]).toString()).toBe(plain);
});

test("a broken UTF-8 lead inside a string does not hide the string's end", () => {
  const sent = Buffer.concat([Buffer.from(`${ESC}]0;x`), Buffer.of(0xc2, 0xc2, 0x9c), Buffer.from("text")]);
  expect(clean([sent]).toString()).toBe("text");
  expect(clean([Buffer.concat([Buffer.from(`${ESC}]0;x`), Buffer.of(0xc2, 0x07), Buffer.from("text")])]).toString()).toBe("text");
});

describe("a partial line that is passed on early", () => {
  /** Text in pieces, with a look at the partial line after each. */
  const passedOn = (pieces: readonly Uint8Array[]): string[] => {
    const cleaner = new TextCleaner();
    const shown = pieces.map((piece) => Buffer.concat([cleaner.push(piece), cleaner.passOn()]).toString());
    return [...shown, cleaner.flush().toString()];
  };

  test("comes in whole characters, and nothing is lost or doubled", () => {
    const text = fc.array(fc.constantFrom("a", "é", "©", "→", "😀", "\n", `${ESC}[31m`, `${ESC}]0;é\u0007`, "\u009b1m"), { maxLength: 30 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 5 }), (parts, step) => {
        const bytes = Buffer.from(parts.join(""));
        const pieces: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += step) pieces.push(bytes.subarray(at, at + step));
        const shown = passedOn(pieces);
        expect(shown.join("")).toBe(clean([bytes]).toString());
        expect(shown.join("")).not.toContain("\ufffd");
      }),
      { numRuns: 2000 },
    );
  });

  test("is not put together with what follows to a C1 control", () => {
    expect(passedOn([Buffer.of(0xc2), Buffer.of(0x9b, 0x33, 0x31, 0x6d, 0x78)])).toEqual(["", "x", ""]);
  });

  test.each([
    [
      ["10%", "\r20%", "\n"],
      ["10%", "\n20%", "\n", ""],
    ],
    [
      ["10%\r", "20%\r", "\n"],
      ["10%", "\n20%", "\n", ""],
    ],
    [
      ["10%", "a\rb", "\r\n"],
      ["10%", "\nb", "\n", ""],
    ],
    [
      ["half", "\r\n"],
      ["half", "\n", ""],
    ],
    [
      ["half", `\r${ESC}[K`, "new\n"],
      ["half", "", "\nnew\n", ""],
    ],
  ])("%j: what was shown can't be drawn over, so the next state gets a line of its own", (pieces, shown) => {
    expect(passedOn(pieces.map((piece) => Buffer.from(piece)))).toEqual(shown);
  });

  test("is over when its reader ends it", () => {
    const cleaner = new TextCleaner();
    cleaner.push(Buffer.from("half\r"));
    expect(cleaner.partialLine).toBe("drawn-over");
    expect(cleaner.passOn(true).toString()).toBe("half");
    expect([cleaner.partialLine, cleaner.push(Buffer.from("new\n")).toString()]).toEqual(["none", "new\n"]);
  });
});

test("a sequence without an end does not reach into the next stream", () => {
  const cleaner = new TextCleaner();
  cleaner.push(Buffer.from(`${ESC}]0;title`));
  cleaner.flush();
  expect(cleaner.push(Buffer.from("text\n")).toString()).toBe("text\n");
});

test("a long line whose beginning is passed on ends where something draws over it", () => {
  expect(clean([Buffer.from("0123456789\rnew\n")], 4).toString()).toBe("01234567\nnew\n");
  expect(clean([Buffer.from("0123\rnew\n")], 4).toString()).toBe("new\n");
});

test.each([
  ["text without a line end", "x".repeat(64 * 1024), 200],
  ["a string without an end", `${ESC}]52;c;${"A".repeat(64 * 1024)}`, 200],
  ["parameters without an end", `${ESC}[${"1;".repeat(32 * 1024)}`, 200],
  ["escapes only", ESC.repeat(64 * 1024), 200],
  ["a progress bar without a line end", "\r10% [=====>          ]".repeat(3000), 200],
])("200 MB of %s need no memory to speak of", (_, text, megabytes) => {
  const chunk = Buffer.from(text);
  const cleaner = new TextCleaner();
  const before = process.memoryUsage().arrayBuffers;
  let highest = 0;
  let received = 0;
  for (let sent = 0; sent < megabytes * 1024 * 1024; sent += chunk.length) {
    received += cleaner.push(chunk).length;
    highest = Math.max(highest, process.memoryUsage().arrayBuffers - before);
  }
  expect(received).toBeLessThanOrEqual(megabytes * 1024 * 1024 + chunk.length);
  // Pieces already handed out wait for the garbage collector, so this is a loose bound.
  expect(highest).toBeLessThan(100 * 1024 * 1024);
});

test.each([
  ["plain", "plain"],
  [`\u001b[31mred\u001b[0m`, "red"],
  [`clip\u001b]52;c;aGVsbG8=\u0007board`, "clipboard"],
  ["two\nlines\tand a tab", "two\nlines\tand a tab"],
  ["c1 \u009b31m gone", "c1  gone"],
  ["old\rnew", "oldnew"],
])("one string %j is %j", (text, plain) => {
  expect(cleanText(text)).toBe(plain);
});
