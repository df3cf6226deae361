/** A measured ratio, and the bound that was promised for it. */
export interface Finding {
  what: string;
  /** Measured here, in this run. */
  value: number;
  /** The value must be at most, or at least, this. */
  atMost?: number;
  atLeast?: number;
  unit?: string;
  /** How it came about, for the reader. */
  detail: string;
}

/** Whether the promise holds. */
export function isKept({ value, atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }: Finding): boolean {
  return value <= atMost && value >= atLeast;
}

/** One line for a person. */
export function describe(finding: Finding): string {
  const bound = finding.atMost === undefined ? `at least ${finding.atLeast}` : `at most ${finding.atMost}`;
  const unit = finding.unit ?? "";
  return `${isKept(finding) ? "kept  " : "BROKEN"}  ${finding.what}: ${finding.value.toFixed(2)}${unit} (promised ${bound}${unit}; ${finding.detail})`;
}
