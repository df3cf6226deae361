import type { CancelRecord } from "./commands/cancel.ts";
import type { MachineRecord } from "./commands/show.ts";
import type { SlotReport, SlotsDocument } from "./commands/status.ts";
import type { HistoryRecord } from "./history/history-record.ts";
import type { HookDocument } from "./hooks/hook-document.ts";
import type { ExpirationRecord } from "./host/expiration.ts";
import type { OrphanRecord } from "./orphans/orphan.ts";
import type { LogLineRecord } from "./log/line-records.ts";
import type { ReportedStatus } from "./state/status.ts";
import type { TaskEvent } from "./state/task-events.ts";

/** A command that tells of one thing. */
interface One<T> {
  json: T;
  jsonl: T;
}

/** What hooks read. */
export type { HookDocument };

/** What every command prints in `json`, and as a line of `jsonl`. The schemas in docs/json are made of this. */
export interface Documents {
  cancel: One<CancelRecord>;
  /** Of copr-builder-cleanup --orphans. */
  cleanup: { json: OrphanRecord[]; jsonl: OrphanRecord };
  history: { json: HistoryRecord[]; jsonl: HistoryRecord };
  log: { json: LogLineRecord[]; jsonl: LogLineRecord };
  prolong: One<ExpirationRecord>;
  release: One<ExpirationRecord>;
  show: One<MachineRecord>;
  /** The task; with several slots all of them, in lines of JSON one a line. With --follow lines of JSON are events. */
  status: { json: ReportedStatus | SlotsDocument; jsonl: ReportedStatus | SlotReport | TaskEvent };
}
