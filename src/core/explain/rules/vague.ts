import type { Rule } from "./rule.ts";
import { installations, scripts } from "./phases.ts";
import { reports } from "./reports.ts";

const differNeedles = [" differ", "sind verschieden", "sont différents", "son distintos"];
const differ =
  /^\S{1,300} \S{1,300} (?:differ: (?:char|byte) \d|sind verschieden: Byte|sont différents ?: octet|son distintos: byte)|^(?:Binary f|F)iles \S{1,300} and \S{1,300} differ$/;

/** Sounds like an error of a program, and is none, or none of its own. */
const harmless =
  /Bad exit status|^error: open of |rpm-tmp\.\w{1,20} \(%|warning|\(ignored\)|\bexpected\b|collect2|failed to run custom build|subprocess-exited-with-error|could not compile|ld returned|Command failed|^ERROR: Exception|command '.*' failed|CalledProcess/;
const notOfProgram =
  /warning|\(ignored\)|checking |collect2|^make|^ninja|Bad exit|no such instruction|could not compile|error: command '|^INFO: |^ERROR: Command failed|^\S{1,40}: running: | --[\w-]{0,30}(?:missing|fail|invalid)|^error: open of /;

/** What sounds like a failure, for phases in which no other rule found anything. */
export const vague: readonly Rule[] = [
  {
    name: "translation-refused",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: [".po:", ".pot:"],
    pattern: /^(?:\S{0,100}msg\w{2,8}: )?(?<file>[^\s:]{1,300}\.pot?):(?<line>\d{1,7})(?::\d{1,5})?: (?<message>.{1,300})/,
    unless: /warning/i,
    advice: ({ file, line, message }) => `gettext refuses line ${line} of ${file}: ${message}.`,
    example: `
msgfmt -c -o de.mo po/de.po
=> po/de.po:7: end-of-line within string
msgfmt: found 1 fatal error
make: *** [Makefile:2: all] Error 1`,
  },
  {
    name: "test-files-differ",
    category: "test-failure",
    certainty: "likely",
    phases: ["check"],
    needles: differNeedles,
    pattern: differ,
    which: "last",
    advice: "A test compares what the program wrote with what it should: the two differ.",
    example: `
+ cmp exp.txt out/a.txt
=> exp.txt out/a.txt differ: char 1, line 1`,
  },
  {
    name: "files-differ",
    category: "script-failed",
    certainty: "vague",
    phases: ["build", "install", "prep"],
    needles: differNeedles,
    pattern: differ,
    which: "last",
    advice: "The build compares two files that should be the same.",
    example: `
+ cmp a.h generated/a.h
=> a.h generated/a.h differ: byte 12, line 1`,
  },
  {
    name: "error-of-program",
    category: "script-failed",
    certainty: "vague",
    phases: scripts,
    needles: ["error: ", "error]", "fatal: ", "ERROR", "Fehler: ", "erreur : ", "errore: "],
    pattern:
      /^(?:[\w./+-]{1,100}: )?(?:\[?(?:fatal )?(?:error|ERROR|Error|FATAL|fatal|Fehler|erreur|errore)\]?)(?::|\s:| -) ?(?<message>\S.{1,300})/,
    unless: new RegExp(`${reports.source}|${harmless.source}`, "i"),
    which: "last",
    advice: null,
    example: `
+ ./mkimage
=> mkimage: error: no kernel given`,
  },
  {
    name: "failed-message",
    category: "script-failed",
    certainty: "vague",
    phases: scripts,
    needles: [
      "failed",
      "cannot ",
      "can't ",
      "could not ",
      "unable to ",
      "no such ",
      "invalid ",
      "unknown option",
      "unrecognized option",
      "usage: ",
      "missing ",
    ],
    pattern:
      /^(?:[\w./+-]{1,100}: ){1,3}(?<message>.{0,100}(?:[Ff]ailed|[Cc]annot|[Cc]an't|[Cc]ould not|[Uu]nable to|[Nn]o such|[Ii]nvalid|unknown option|unrecognized option|illegal option|missing ).{0,300})/,
    unless: new RegExp(`${reports.source}|${notOfProgram.source}`, "i"),
    which: "last",
    advice: null,
    example: `
+ tr --frob
=> tr: unrecognized option '--frob'
Try 'tr --help' for more information.`,
  },
  {
    name: "error-of-package-manager",
    category: "repo-unreachable",
    certainty: "vague",
    phases: installations,
    needles: ["Error: ", "Failed to "],
    pattern: /^(?:Error: |Failed to )(?<message>.{1,300})/,
    unless:
      /^Error: (?:Some packages could not be found|Not all dependencies|Transaction failed)|^Failed to resolve the transaction|^Failed (?:build dep|to set locale|to (?:load|get) plugin)/,
    which: "first",
    advice: null,
    example: `
=> Error: Unknown repo: 'copr_extra'`,
  },
];
