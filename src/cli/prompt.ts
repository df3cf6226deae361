import { CoprError } from "../core/errors.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Asks a question until the answer is exactly yes or no, as upstream wants it: a person at a terminal, else standard input. Where
 * data was asked for, standard output is nothing but that, and only a person sees the question.
 */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  // The library's question is coloured.
  return terminal.isInteractive && terminal.hasColor && !terminal.isForData ? askPerson(question) : askInput(terminal, question);
}

const answers: Readonly<Record<string, boolean>> = { y: true, yes: true, n: false, no: false };

async function askPerson(question: string): Promise<boolean> {
  const { default: inquirer } = await import("inquirer");
  const validate = (text: string): boolean | string => Object.hasOwn(answers, text.trim()) || "Please answer yes or no.";
  const { answer } = await inquirer.prompt([{ type: "input", name: "answer", message: `${question} [y/n]?`, validate }]);
  return answers[answer.trim()] === true;
}

/** `yes | copr-cli …` and its like. */
async function askInput(terminal: Terminal, question: string): Promise<boolean> {
  const { createInterface } = await import("node:readline");
  const lines = createInterface({ input: process.stdin });
  const ask = (): void => {
    if (!terminal.isForData) terminal.out(`${question} [y/n]? `);
    else if (process.stdin.isTTY) terminal.error(`${question} [y/n]? `);
  };
  try {
    ask();
    for await (const line of lines) {
      const answer = Object.hasOwn(answers, line) ? answers[line] : undefined;
      if (answer !== undefined) return answer;
      ask();
    }
  } finally {
    lines.close();
  }
  throw new CoprError("The input ended before the question was answered with yes or no");
}
