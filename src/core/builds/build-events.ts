import type { Build, BuildState } from "../api/types.ts";
import { buildUrl } from "./build-record.ts";

/** A build was made. */
export interface CreatedEvent {
  event: "created";
  build: number;
  /** `owner/name`. */
  project: string;
  /** Page of the build. */
  url: string;
}

/** What is told of a build as soon as its number is known. */
export function createdEvent(coprUrl: string, { id, ownername, projectname }: Build): CreatedEvent {
  return { event: "created", build: id, project: `${ownername}/${projectname}`, url: buildUrl(coprUrl, id) };
}

/** A build, or its part in a chroot, has a new state. */
export interface StateEvent {
  event: "state";
  build: number;
  /** Null for the build as a whole. */
  chroot: string | null;
  state: BuildState;
  /** When it was seen, ISO 8601 in UTC. */
  at: string;
}

/** The frontend is out of reach or answers nonsense; the watch goes on. */
export interface TroubleEvent {
  event: "trouble";
  reason: string;
  /** ISO 8601 in UTC. */
  at: string;
}

/** Nothing more happens to a build. */
export interface FinishedEvent {
  event: "finished";
  build: number;
  state: BuildState;
}
