/** What one check has found. */
export interface Finding {
  /** What was looked at. */
  name: string;
  /** `skipped`: there was nothing to look at, or it could not be. */
  state: "ok" | "warning" | "failed" | "skipped";
  /** What was found, one sentence. */
  message: string;
  /** What can be done about it, one sentence; null when there is nothing to do. */
  advice: string | null;
}

/** How the findings of one check are made. */
export function findingsOf(name: string) {
  const make =
    (state: Finding["state"]) =>
    (message: string, advice: string | null = null): Finding => ({ name, state, message, advice });
  return { ok: make("ok"), warning: make("warning"), failed: make("failed"), skipped: make("skipped") };
}
