import { CoprError, RequestError, UsageError } from "../../core/errors.ts";
import { errorRecord } from "../../core/records/error-document.ts";
import type { Context } from "../context.ts";
import type { Output } from "../output/output.ts";
import { confirm } from "../prompt.ts";
import type { ItemResult } from "./item-result.ts";
import type { ManyOptions } from "./options.ts";

/** One of the things that a command changes. */
export interface Item<T extends object> {
  /** What is known of it before. */
  readonly record: T;
  /** Changes it; returns what is known of it afterwards. */
  act(): Promise<T>;
}

/** Many things to do, in the order in which they are done. */
export interface Work<T extends object> {
  readonly items: readonly Item<T>[];
  /** What a person is asked before more than one thing is changed, without the question mark. */
  readonly question: string;
  /** What is said when there is nothing to do, a sentence. */
  readonly nothing: string;
  /** A person is asked about a single thing, too. */
  readonly isAlwaysAsked?: boolean;
}

/**
 * Does one thing after the other. A failure does not stop the rest: it is told, and in the end an error says how many there
 * were. One thing is done without a question, unless the work wants one; for more a person is asked once, and where nobody can be asked `--yes` is needed:
 * UsageError else, before anything is done.
 */
export async function actOnMany<T extends object>(
  context: Context,
  output: Output<T & ItemResult>,
  { dryRun = false, yes = false }: ManyOptions,
  { items, question, nothing, isAlwaysAsked = false }: Work<T>,
): Promise<void> {
  if (items.length === 0) output.note(`${nothing}\n`);
  if (items.length > (isAlwaysAsked ? 0 : 1) && !dryRun && !yes && !(await isAgreed(context, question, items.length))) return;
  const failures: CoprError[] = [];
  await output.records(dryRun ? items.map(planned) : results(items, failures, context.interrupted));
  context.interrupted.throwIfAborted();
  if (failures.length === 0) return;
  throw items.length === 1 ? failures[0] : new RequestError(`${failures.length} of ${items.length} failed, see above.`);
}

/** Asks whether many things are to be done. Throws UsageError where nobody can be asked. */
export async function isAgreed({ terminal }: Context, question: string, count: number): Promise<boolean> {
  if (!terminal.isInteractive) {
    throw new UsageError(`${question}: ${count === 1 ? "this is a change" : `these are ${count} changes`}, and nobody can be asked here.`, {
      hint: "Give --yes to make them, or --dry-run to see them first.",
    });
  }
  if (await confirm(terminal, question)) return true;
  terminal.out("Nothing was changed.\n");
  return false;
}

function planned<T extends object>({ record }: Item<T>): T & ItemResult {
  return { ...record, result: "planned", error: null };
}

async function* results<T extends object>(
  items: readonly Item<T>[],
  failures: CoprError[],
  interrupted: AbortSignal,
): AsyncGenerator<T & ItemResult> {
  for (const { record, act } of items) {
    try {
      yield { ...(await act()), result: "done", error: null };
    } catch (error) {
      // The list is ended as it should be, and who interrupted it sees what was done.
      if (interrupted.aborted) return;
      if (!(error instanceof CoprError)) throw error;
      failures.push(error);
      yield { ...record, result: "failed", error: errorRecord(error) };
    }
  }
}
