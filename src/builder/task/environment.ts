/** Name of the variable that marks everything a task starts, so that it can be found again after a crash. */
export const markVariable = "COPR_BUILDER_TASK";

/**
 * Environment of the programs of a task: only what they need of ours. HOME is the task's own, away from the sources:
 * a cloned `.config` must not become anybody's configuration (security: C29, C33).
 */
export function taskEnvironment(
  { home, mark, allowLocalFiles }: { home: string; mark: string; allowLocalFiles: boolean },
  ours: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const kept = ["PATH", "TMPDIR", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE"];
  const environment: Record<string, string> = {
    PATH: "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
    HOME: home,
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
    TERM: "dumb",
    [markVariable]: mark,
    // git: no questions, no configuration but its own, and only transports that can't read or run anything here.
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ALLOW_PROTOCOL: `https:http:git:ssh${allowLocalFiles ? ":file" : ""}`,
    GIT_SSH_COMMAND: "ssh -oBatchMode=yes",
    ...gitConfiguration({
      "core.fsmonitor": "false",
      "core.hooksPath": "/dev/null",
      // A directory of the clone that looks like a repository would bring a configuration of its own.
      "safe.bareRepository": "explicit",
      "advice.detachedHead": "false",
    }),
  };
  for (const name of kept) {
    const value = ours[name];
    if (value !== undefined && value !== "") environment[name] = value;
  }
  return environment;
}

/** Settings for every git of the task: nothing in a cloned repository's own configuration may run a program. */
function gitConfiguration(settings: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(settings);
  const variables = pairs.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(pairs.length), ...Object.fromEntries(variables) };
}
