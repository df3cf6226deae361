import { expect, test } from "vitest";
import { retryAfterMs } from "../../../src/core/http/retry-after.ts";

const now = Date.parse("2026-01-01T00:00:00Z");

test.each([
  ["120", 120_000],
  [" 0 ", 0],
  ["Thu, 01 Jan 2026 00:01:00 GMT", 60_000],
  ["Wed, 31 Dec 2025 23:59:00 GMT", 0],
  ["soon", undefined],
  ["-5", undefined],
  ["", undefined],
  [undefined, undefined],
  [["7", "8"], 7000],
])("Retry-After: %j", (header, expected) => {
  expect(retryAfterMs({ "retry-after": header }, now)).toBe(expected);
});

test.each([
  ["Thu, 01 Jan 2026 01:00:00 GMT", 60_000],
  ["Wed, 31 Dec 2025 23:00:00 GMT", 7_260_000],
  ["no date", 3_660_000],
])("a date is by the server's clock, whatever this machine's shows: %s", (date, expected) => {
  expect(retryAfterMs({ "retry-after": "Thu, 01 Jan 2026 01:01:00 GMT", date }, now)).toBe(expected);
});
