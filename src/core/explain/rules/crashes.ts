import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

const crashes = [
  "Segmentation fault",
  "Illegal instruction",
  "Bus error",
  "Aborted",
  "Floating point exception",
  "Speicherzugriffsfehler",
  "Erreur de segmentation",
  "Violación de segmento",
  "Errore di segmentazione",
  "Falha de segmentação",
  "Ошибка сегментирования",
  "Naruszenie ochrony pamięci",
  "Neoprávněný přístup do paměti",
  "段错误",
  "Segmenteringsfel",
  "Segmentatiefout",
];
const crash = crashes.join("|");
const crashNeedles = [...crashes, "core dumped"];

export const crashRules: readonly Rule[] = [
  {
    name: "test-crashed",
    category: "test-failure",
    certainty: "likely",
    phases: ["check"],
    needles: crashNeedles,
    pattern: new RegExp(`(?<signal>${crash})`),
    unless: /^(?:ok|PASS|not ok|#)\b|\(program |Aborted (?:with|by)/,
    which: "last",
    advice: ({ signal }) => `A program that %check runs has crashed (${signal}): run it by hand, on this architecture.`,
    example: `
+ ./selftest
=> /var/tmp/rpm-tmp.p5EDdL: Zeile 30:  7672 Speicherzugriffsfehler  ./selftest`,
  },
  {
    name: "crashed",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: crashNeedles,
    pattern: new RegExp(`(?:${crash})(?: {1,3}\\((?:core dumped|Speicherabzug geschrieben)\\))?`),
    unless: /^(?:ok|PASS|not ok|#)\b|\(program |Aborted (?:with|by)/,
    advice: "A program that the build runs has crashed: run it by hand, on this architecture.",
    example: `
+ ./mktables >tables.h
=> /var/tmp/rpm-tmp.ab12: line 33:  4711 Segmentation fault      (core dumped) ./mktables > tables.h`,
  },
  {
    name: "program-gave-up",
    category: "script-failed",
    certainty: "sure",
    phases: ["build", "prep", "install", "generate-buildrequires"],
    needles: [
      "panic: ",
      "panicked at ",
      "terminate called ",
      "stack smashing detected",
      "double free or corruption",
      "buffer overflow detected",
    ],
    pattern:
      /^panic: (?<go>.{1,300})|^thread 'main' (?:\(\d{1,9}\) )?panicked at (?<rust>.{1,300})|^terminate called (?:after throwing|without an active)|^\*\*\* (?:stack smashing|buffer overflow) detected|^double free or corruption/,
    unless: /build\S{0,60}\.rs:\d/,
    advice: ({ go, rust }) =>
      `A program that the build runs gave up${(go ?? rust) === undefined ? "" : ` (${go ?? rust})`}: run it by hand, on this architecture.`,
    example: `
./mkindex > index.h
=> thread 'main' panicked at src/main.rs:12:5:
index out of bounds: the len is 0 but the index is 0
make: *** [Makefile:3: index.h] Error 101`,
  },
];
