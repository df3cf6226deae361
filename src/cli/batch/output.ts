import type { CreatedEvent } from "../../core/builds/build-events.ts";
import type { BuildRecord } from "../../core/builds/build-record.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import type { Shape } from "../../core/records/shape.ts";
import { type Output, printing } from "../output/output.ts";
import { type BuildEvent, waitingFields } from "../waiting/printing.ts";

/** Where a package of a batch stands in the order. */
export interface PlannedPackage {
  name: string;
  /** Counted from 1. */
  wave: number;
  /** As it was named: a file, a checkout or an address. */
  source: string;
  /** Packages of earlier waves that it needs. */
  needs: string[];
  /** The build it has already, when a batch is resumed. */
  build: number | null;
}

/** What is to be done, before it begins. */
interface PlannedEvent extends PlannedPackage {
  event: "planned";
}

/** A build of a package of the batch was made. */
interface BatchCreatedEvent extends CreatedEvent {
  name: string;
  wave: number;
}

/** What `--dry-run` prints in JSON. */
export interface BatchPlan {
  packages: PlannedPackage[];
}

/** What `build-batch` tells as it happens. */
export type BatchEvent = BuildEvent | PlannedEvent | BatchCreatedEvent;

type Told = BuildRecord | BatchEvent | PlannedPackage;
type Field = keyof PlannedPackage | keyof typeof waitingFields;

const shape: Shape<Told & { [Name in Field]?: unknown }> = {
  fields: { ...waitingFields, wave: "shown", source: "shown", needs: "shown", name: "shown", build: "shown" },
};

/** How `build-batch` prints. */
export const batchPrinting = printing<Told>(shape, { formats: formatsOfActs, hasFieldsInDataOnly: true });
export type BatchOutput = Output<Told>;
