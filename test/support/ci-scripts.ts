import { parse } from "yaml";

/** A script of a CI system's configuration, with what its environment adds. */
export interface CiScript {
  name: string;
  shell: "sh" | "bash";
  script: string;
  env: Record<string, string>;
  /** The condition of the step; undefined for none. */
  condition: string | undefined;
  id: string | undefined;
}

/** A fenced block of a document. */
interface Block {
  language: string;
  text: string;
}

/** The fenced blocks of a document below a heading. */
export function blocksBelow(document: string, heading: string): Block[] {
  const [, rest = ""] = document.split(`\n${heading}\n`);
  const section = rest.split(/\n## /, 1)[0] ?? "";
  return [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", text = ""]) => ({ language, text }));
}

type Environment = Record<string, string>;
interface Step {
  name?: string;
  id?: string;
  if?: string;
  run?: string;
  shell?: string;
  env?: Environment;
}

/** The scripts of a workflow for GitHub's runner, or of a composite action. */
export function workflowScripts(text: string): CiScript[] {
  const document = parse(text) as { jobs?: Record<string, { env?: Environment; steps: Step[] }>; runs?: { steps: Step[] } };
  const jobs = document.runs ? [{ env: {}, steps: document.runs.steps }] : Object.values(document.jobs ?? {});
  return jobs.flatMap(({ env, steps }) =>
    steps.flatMap((step) =>
      step.run === undefined
        ? []
        : [
            {
              name: step.name ?? step.run,
              id: step.id,
              condition: step.if,
              shell: step.shell === "bash" ? ("bash" as const) : ("sh" as const),
              script: step.run,
              env: { ...env, ...step.env },
            },
          ],
    ),
  );
}

/** The scripts of a `.gitlab-ci.yml`. */
export function gitlabScripts(text: string): CiScript[] {
  const document = parse(text) as Record<string, { before_script?: string[]; script: string[] }>;
  return Object.values(document).flatMap(({ before_script: before = [], script }) =>
    [...before, ...script].map((line) => ({ ...plain, name: line, script: line })),
  );
}

/** The `sh` steps of a `Jenkinsfile`: those in single quotes, which Groovy leaves as they are. */
export function jenkinsScripts(text: string): CiScript[] {
  return [...text.matchAll(/\bsh '([^']*)'/g)].map(([, script = ""]) => ({ ...plain, name: script, script }));
}

const plain = { shell: "sh", env: {}, condition: undefined, id: undefined } as const;

/** A text with GitHub's expressions replaced by what they stand for. */
export function expanded(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    const value = values[expression];
    if (value === undefined) throw new Error(`nothing is known of ${expression}`);
    return value;
  });
}
