/** What an error is about, for programs. */
export type ErrorKind =
  | "usage"
  | "configuration"
  | "authentication"
  | "request"
  | "network"
  | "response"
  | "build"
  | "canceled"
  | "client"
  | "interrupted";

/** An error as one line of JSON on standard error. */
export interface ErrorDocument {
  error: {
    kind: ErrorKind;
    /** One sentence; several for a frontend that complains of several fields. */
    message: string;
    /** What can be done about it. */
    hint: string | null;
    /** HTTP status of the frontend's answer. */
    status: number | null;
    exit_code: number;
  };
}
