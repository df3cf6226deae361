import { CoprError, RequestError, UsageError } from "../../core/errors.ts";
import { isAccountRefused, notTried } from "../../core/http/refused-account.ts";
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
  /** Why it can't be done, where that is known before: a failure, also in a dry run. */
  readonly obstacle?: CoprError | undefined;
  /** There is nothing to do for it, and its record says why. */
  readonly isSkipped?: boolean | undefined;
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

/** Many things that are being done. */
export interface Acts<T extends object> {
  /** What becomes of one after the other; each is done when its result is asked for. */
  readonly results: AsyncIterable<T & ItemResult>;
  /** Throws what is to be told in the end: how many failed, or that the account is refused. */
  settle(): void;
}

/**
 * Does one thing after the other. A failure does not stop the rest: it is told, and in the end an error says how many there
 * were. Only where the account itself is refused the rest is not tried, and that is the error. One thing is done without a
 * question, unless the work wants one; for more a person is asked once, and where nobody can be asked `--yes` is needed:
 * UsageError else, before anything is done.
 */
export async function actOnMany<T extends object>(
  context: Context,
  output: Output<T & ItemResult>,
  options: ManyOptions,
  work: Work<T>,
): Promise<void> {
  const acts = await beginActs(context, output, options, work);
  if (acts === undefined) return;
  await output.records(acts.results);
  acts.settle();
}

/** The same for who tells the results otherwise; undefined when a person says no. */
export async function beginActs<T extends object>(
  context: Context,
  output: Pick<Output<T & ItemResult>, "note">,
  { dryRun = false, yes = false }: ManyOptions,
  { items, question, nothing, isAlwaysAsked = false }: Work<T>,
): Promise<Acts<T> | undefined> {
  if (items.length === 0) output.note(`${nothing}\n`);
  const open = items.filter(({ obstacle, isSkipped = false }) => obstacle === undefined && !isSkipped);
  if (open.length > (isAlwaysAsked ? 0 : 1) && !dryRun && !yes && !(await isAgreed(context, question, open.length))) return undefined;
  const failures: CoprError[] = [];
  const stopped = new AbortController();
  return {
    results: results(items, dryRun, failures, context.interrupted, stopped),
    settle() {
      stopped.signal.throwIfAborted();
      if (failures.length === 0) return;
      throw items.length === 1
        ? failures[0]
        : (failures.find(isAccountRefused) ?? new RequestError(`${failures.length} of ${items.length} failed, see above.`));
    },
  };
}

/** Asks whether many things are to be done. Throws UsageError where nobody can be asked. */
export async function isAgreed({ terminal }: Context, question: string, count: number): Promise<boolean> {
  if (!terminal.isInteractive) {
    throw new UsageError(`${question}: ${count === 1 ? "this is a change" : `these are ${count} changes`}, and nobody can be asked here.`, {
      hint: "Give --yes to make them, or --dry-run to see them first.",
    });
  }
  if (await confirm(terminal, question)) return true;
  if (terminal.isForData) terminal.notice("Nothing was changed.\n");
  else terminal.out("Nothing was changed.\n");
  return false;
}

async function* results<T extends object>(
  items: readonly Item<T>[],
  dryRun: boolean,
  failures: CoprError[],
  interrupted: AbortSignal,
  stopped: AbortController,
): AsyncGenerator<T & ItemResult> {
  for (const { record, act, obstacle, isSkipped = false } of items) {
    try {
      interrupted.throwIfAborted();
      if (obstacle !== undefined) throw obstacle;
      if (isSkipped) yield { ...record, result: "skipped", error: null };
      else if (dryRun) yield { ...record, result: "planned", error: null };
      else if (failures.some(isAccountRefused)) throw notTried();
      else yield { ...(await act()), result: "done", error: null };
    } catch (error) {
      // The list is ended as it should be, and who interrupted it sees what was done.
      if (interrupted.aborted) return stopped.abort(interrupted.reason);
      if (!(error instanceof CoprError)) throw error;
      failures.push(error);
      yield { ...record, result: "failed", error: errorRecord(error) };
    }
  }
}
