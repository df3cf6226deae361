import { calculate, compareValues, comparisons, type ExpressionValue, isTrue, requireSameType, valueText } from "./expression-value.ts";
import { type ExpandPart, type Token, tokens } from "./expression-tokens.ts";
import { ExpressionError } from "./spec-error.ts";
import { dependsOnUnknown } from "./unknown.ts";

/** Text of an expression's value, that of `%[ ]`; undefined when there is none. */
export function expressionText(text: string, expand: ExpandPart): string | undefined {
  return valueOrUndefined(() => valueText(evaluateExpression(text, expand)));
}

/** Whether an expression without macros is true; undefined when it has no value. */
export function isTrueExpression(text: string): boolean | undefined {
  return valueOrUndefined(() => isTrue(evaluateExpression(text)));
}

function valueOrUndefined<T>(evaluate: () => T): T | undefined {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

/**
 * Value of an expression of `%if` or `%[ ]`. `&&` and `||` bind alike, from left to right, as in rpm, and the side
 * that does not count is not expanded. Throws ExpressionError when there is no value.
 */
function evaluateExpression(text: string, expand: ExpandPart = (part) => part): ExpressionValue {
  const source = tokens(text);
  const reader: Reader = { next: firstToken(source), source, expand, isSkipping: false, depth: 0 };
  const value = readTernary(reader);
  if (reader.next.type !== "end") throw new ExpressionError("An expression goes on where it should end");
  return value;
}

interface Reader {
  next: Token;
  source: Iterator<Token>;
  expand: ExpandPart;
  /** In a part that does not count. */
  isSkipping: boolean;
  depth: number;
}

/** Deeper than any person writes, less than the stack holds. */
const MAX_DEPTH = 100;

function firstToken(source: Iterator<Token>): Token {
  return source.next().value as Token;
}

/** Takes one of these operators, if it comes next. */
function take<T extends string>(reader: Reader, ...operators: readonly T[]): T | undefined {
  const { next } = reader;
  const found = next.type === "operator" ? operators.find((one) => one === next.text) : undefined;
  if (found !== undefined) reader.next = firstToken(reader.source);
  return found;
}

function skippingIf<T>(reader: Reader, isSkipped: boolean, read: () => T): T {
  const before = reader.isSkipping;
  reader.isSkipping = before || isSkipped;
  const result = read();
  reader.isSkipping = before;
  return result;
}

function readTernary(reader: Reader): ExpressionValue {
  reader.depth += 1;
  if (reader.depth > MAX_DEPTH) throw new ExpressionError("An expression is nested too deeply");
  const condition = readLogical(reader);
  let value = condition;
  if (take(reader, "?")) {
    const isChosen = isTrue(condition);
    const first = skippingIf(reader, !isChosen, () => readTernary(reader));
    if (!take(reader, ":")) throw new ExpressionError("An expression has '?' without ':'");
    const second = skippingIf(reader, isChosen, () => readTernary(reader));
    value = isChosen ? first : second;
  }
  reader.depth -= 1;
  return value;
}

function readLogical(reader: Reader): ExpressionValue {
  let value = readRelation(reader);
  for (let operator = take(reader, "&&", "||"); operator; operator = take(reader, "&&", "||")) {
    const isDecided = isTrue(value) === (operator === "||");
    const other = skippingIf(reader, isDecided, () => readRelation(reader));
    if (isDecided) continue;
    check(reader, value, other);
    value = other;
  }
  return value;
}

const relations = Object.keys(comparisons) as (keyof typeof comparisons)[];

function readRelation(reader: Reader): ExpressionValue {
  let value = readSum(reader);
  for (let operator = take(reader, ...relations); operator; operator = take(reader, ...relations)) {
    const other = readSum(reader);
    value = reader.isSkipping ? 0 : Number(comparisons[operator](compareValues(value, other)));
  }
  return value;
}

function readSum(reader: Reader): ExpressionValue {
  let value = readProduct(reader);
  for (let operator = take(reader, "+", "-"); operator; operator = take(reader, "+", "-")) {
    const other = readProduct(reader);
    if (!reader.isSkipping) value = calculate(operator, value, other);
  }
  return value;
}

function readProduct(reader: Reader): ExpressionValue {
  let value = readPrimary(reader);
  for (let operator = take(reader, "*", "/"); operator; operator = take(reader, "*", "/")) {
    const other = readPrimary(reader);
    if (!reader.isSkipping) value = calculate(operator, value, other);
  }
  return value;
}

function readPrimary(reader: Reader): ExpressionValue {
  const prefix = take(reader, "(", "!", "-");
  if (prefix === "(") {
    const value = readTernary(reader);
    if (!take(reader, ")")) throw new ExpressionError("An expression has '(' without ')'");
    return value;
  }
  if (prefix === undefined) return readTerm(reader);
  reader.depth += 1;
  if (reader.depth > MAX_DEPTH) throw new ExpressionError("An expression is nested too deeply");
  const value = readPrimary(reader);
  reader.depth -= 1;
  if (prefix === "!") return Number(!isTrue(value));
  return reader.isSkipping ? 0 : calculate("-", 0, value);
}

function readTerm(reader: Reader): ExpressionValue {
  const token = reader.next;
  if (token.type === "end" || token.type === "operator") throw new ExpressionError("An expression lacks a value");
  reader.next = firstToken(reader.source);
  if (reader.isSkipping) return 0;
  const text = reader.expand(token.raw);
  if (dependsOnUnknown(text)) throw new ExpressionError("An expression depends on what is not known");
  if (token.type === "string") return text;
  if (token.type === "version") return { version: text };
  if (!/^\d*$/.test(text)) throw new ExpressionError(`'${text.slice(0, 100)}' is not a number`);
  return Number(text);
}

function check({ isSkipping }: Reader, left: ExpressionValue, right: ExpressionValue): void {
  if (!isSkipping) requireSameType(left, right);
}
