/** Version of this suite; a test keeps it equal to package.json. */
export const version = "3.0.0";

/**
 * User-Agent of requests to a Copr frontend.
 * Frontends' bot walls let agents through that begin with `copr `, so the prefix is part of the contract.
 */
export function userAgent(program: "copr-builder" | "copr-tools"): string {
  return `copr ${program}/${version}`;
}
