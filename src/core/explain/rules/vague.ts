import type { Rule } from "./rule.ts";
import { installations, scripts } from "./phases.ts";

/** What sounds like a failure, for phases in which no other rule found anything. */
export const vague: readonly Rule[] = [
  {
    name: "error-of-program",
    category: "script-failed",
    certainty: "vague",
    phases: scripts,
    needles: ["error: ", "error]", "fatal: ", "ERROR", "Fehler: ", "erreur : ", "errore: "],
    pattern:
      /^(?:[\w./+-]{1,100}: )?(?:\[?(?:fatal )?(?:error|ERROR|Error|FATAL|fatal|Fehler|erreur|errore)\]?)(?::|\s:| -) ?(?<message>\S.{1,300})/,
    unless:
      /Bad exit status|warning|\(ignored\)|\bexpected\b|collect2|could not compile|ld returned|Command failed|^ERROR: Exception|command '.*' failed|CalledProcess/i,
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
    unless: /warning|\(ignored\)|checking |collect2|^make|^ninja|Bad exit|no such instruction/i,
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
