import { CoprError } from "../errors.ts";

/** One capability, with the versions of it that do. */
export interface PlainRequirement {
  kind: "plain";
  name: string;
  /** `<`, `<=`, `=`, `>=` or `>`; undefined when any version does. */
  operator: string | undefined;
  version: string | undefined;
}

/** A requirement as rpm has it; rich ones are in parentheses. */
export type Requirement =
  | PlainRequirement
  /** `with` and `without` are about one package that has both, or the first only. */
  | { kind: "and" | "or" | "with" | "without"; parts: Requirement[] }
  /** `wanted if condition else otherwise`. */
  | { kind: "if"; wanted: Requirement; condition: Requirement; otherwise: Requirement | undefined };

/** Reads a list of requirements, separated by blanks or commas. Throws CoprError for what rpm would not take either. */
export function parseRequirements(text: string): Requirement[] {
  const parser = new Parser(tokensOf(text), text);
  const found: Requirement[] = [];
  while (!parser.isDone) found.push(parser.term());
  return found;
}

const comparison = /^[<>=]+$/;
const words = ["and", "or", "with", "without", "if"] as const;
type Word = (typeof words)[number];

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length; ) {
    const character = text[at] as string;
    if (/[\s,]/.test(character)) {
      at += 1;
      continue;
    }
    const end = character === "(" || character === ")" ? at + 1 : endOfWord(text, at);
    tokens.push(text.slice(at, end));
    at = end;
  }
  return tokens;
}

/** Names have parentheses of their own, `pkgconfig(x)`, and comparisons may stand without blanks. */
function endOfWord(text: string, start: number): number {
  const isComparison = /[<>=]/.test(text[start] as string);
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] as string;
    if (isComparison) {
      if (!/[<>=]/.test(character)) return at;
    } else if (character === "(") depth += 1;
    else if (character === ")") {
      if (depth === 0) return at;
      depth -= 1;
    } else if (depth === 0 && /[\s,<>=]/.test(character)) return at;
  }
  return text.length;
}

class Parser {
  readonly #tokens: readonly string[];
  readonly #text: string;
  #at = 0;

  constructor(tokens: readonly string[], text: string) {
    this.#tokens = tokens;
    this.#text = text;
  }

  get isDone(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** A plain requirement, or a rich one with its parentheses. */
  term(): Requirement {
    if (this.#next === "(") {
      this.#at += 1;
      const inner = this.#rich();
      this.#take(")");
      return inner;
    }
    const name = this.#word();
    const operator = this.#next !== undefined && comparison.test(this.#next) ? this.#word() : undefined;
    // Old spellings that rpm takes as well.
    const plain = operator?.replace("==", "=").replace(/^=([<>])$/, "$1=");
    return { kind: "plain", name, operator: plain, version: operator === undefined ? undefined : this.#word() };
  }

  #rich(): Requirement {
    const first = this.term();
    const word = this.#next;
    if (!isWord(word)) return first;
    this.#at += 1;
    if (word === "if") {
      const condition = this.#rich();
      const hasElse = this.#next === "else";
      if (hasElse) this.#at += 1;
      return { kind: word, wanted: first, condition, otherwise: hasElse ? this.#rich() : undefined };
    }
    const parts = [first, this.term()];
    while (this.#next === word) {
      this.#at += 1;
      parts.push(this.term());
    }
    // rpm does not mix them without parentheses, but for a condition at the end.
    return { kind: word, parts };
  }

  get #next(): string | undefined {
    return this.#tokens[this.#at];
  }

  #word(): string {
    const token = this.#next;
    if (token === undefined || token === "(" || token === ")") throw this.#error();
    this.#at += 1;
    return token;
  }

  #take(token: string): void {
    if (this.#next !== token) throw this.#error();
    this.#at += 1;
  }

  #error(): CoprError {
    return new CoprError(`'${this.#text}' is no requirement that rpm takes`);
  }
}

function isWord(token: string | undefined): token is Word {
  return (words as readonly (string | undefined)[]).includes(token);
}
