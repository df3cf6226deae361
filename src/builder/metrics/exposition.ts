/** A metric with all its values, as Prometheus has them. */
export interface Metric {
  /** Without a suffix of a histogram. */
  name: string;
  type: "counter" | "gauge" | "histogram";
  /** One sentence. */
  help: string;
  samples: Sample[];
}

/** One value of a metric. */
export interface Sample {
  /** Of a histogram: `_bucket`, `_sum` or `_count`. */
  suffix?: string;
  labels?: Readonly<Record<string, string>>;
  value: number;
}

/** Metrics in Prometheus' text format, version 0.0.4; those without a value are left out. */
export function exposition(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, type, help, samples }) =>
      [
        `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(({ suffix = "", labels = {}, value }) => `${name}${suffix}${labelsText(labels)} ${numberText(value)}`),
        "",
      ].join("\n"),
    )
    .join("");
}

/** The values of a histogram; `counts` are those up to each limit and above the one before it, then those above all. */
export function histogramSamples(
  limits: readonly number[],
  { counts, sum }: { counts: readonly number[]; sum: number },
  labels: Readonly<Record<string, string>> = {},
): Sample[] {
  let upTo = 0;
  const buckets = [...limits, Number.POSITIVE_INFINITY].map((limit, index) => {
    upTo += counts[index] ?? 0;
    return { suffix: "_bucket", labels: { ...labels, le: numberText(limit) }, value: upTo };
  });
  return [...buckets, { suffix: "_sum", labels, value: sum }, { suffix: "_count", labels, value: upTo }];
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"')}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function numberText(value: number): string {
  return value === Number.POSITIVE_INFINITY ? "+Inf" : String(value);
}
