import type { Phase } from "./categories.ts";

/** How rpm begins the line of an error, in the languages of its users; part of a pattern. */
export const error = "(?:error|Fehler|fehler|erreur|errore|ошибка|エラー|错误)\\s?: ";

/** Where rpmbuild speaks of what was built: what it prints then may stand behind the output of a script. */
export const late: readonly Phase[] = ["files", "packaging", "install", "check"];
