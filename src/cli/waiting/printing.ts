import type { CreatedEvent, FinishedEvent, StateEvent, TroubleEvent } from "../../core/builds/build-events.ts";
import type { BuildRecord } from "../../core/builds/build-record.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import type { FieldRole, Shape } from "../../core/records/shape.ts";
import { type CauseEvent, type CauseRecord, causeFields } from "../explain/cause-record.ts";
import { type Output, printing } from "../output/output.ts";
import { buildRecordFields } from "../output/shapes/build.ts";

/** What a command that waits tells as it happens, one a line in jsonl. */
export type BuildEvent = CreatedEvent | StateEvent | TroubleEvent | CauseEvent | FinishedEvent;

/** All that can be told of builds: the events, and in JSON the builds themselves. */
type Told = BuildRecord | BuildEvent;

/** What a command that waits prints in JSON, at its end. */
export interface BuildsDocument {
  builds: BuildRecord[];
}

/** The fields of all of it. */
export const waitingFields: Readonly<Record<keyof BuildRecord | keyof CauseRecord | "event" | "at" | "reason", FieldRole>> = {
  event: "shown",
  at: "shown",
  reason: "shown",
  ...causeFields,
  ...buildRecordFields,
};

const shape: Shape<Told & { [Field in keyof typeof waitingFields]?: unknown }> = { fields: waitingFields };

/** How the commands that wait for builds print. */
export const waitingPrinting = printing<Told>(shape, { formats: formatsOfActs, hasFieldsInDataOnly: true });
export type WaitingOutput = Output<Told>;
