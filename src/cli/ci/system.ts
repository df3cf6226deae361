import { InvalidArgumentError, Option } from "commander";
import { added } from "../arguments.ts";

/** Systems whose logs are told where the builds are, and what failed. */
const systems = ["github", "gitlab"] as const;
export type CiSystem = (typeof systems)[number];

type Environment = Readonly<Record<string, string | undefined>>;

/** What `--ci` leaves behind. */
export interface CiOptions {
  ci?: CiSystem | "off";
}

/** `--ci`: tell a CI system, also one that its variables don't tell, or not at all. */
export function ciOption(): Option {
  const description = "mark the builds and their failures for this CI system; default: the one whose variables are set";
  const option = new Option("--ci [system]", description).choices([...systems, "off"]).preset("auto");
  return added(option.argParser(readSystem));
}

/** The system we run in; undefined on any other machine. */
export function currentCi(environment: Environment = process.env): CiSystem | undefined {
  if (environment["GITHUB_ACTIONS"] === "true") return "github";
  return environment["GITLAB_CI"] ? "gitlab" : undefined;
}

function readSystem(value: string): CiSystem | "off" {
  const system = value === "auto" ? currentCi() : [...systems, "off" as const].find((name) => name === value);
  if (system) return system;
  throw new InvalidArgumentError(
    value === "auto" ? "No CI system is known by its variables: name it." : "Allowed choices are github, gitlab, off.",
  );
}
