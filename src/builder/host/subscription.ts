import { capture } from "../../core/process/run.ts";

export interface Subscription {
  orgId: string;
  systemName: string;
  /** Secret. */
  key: string;
}

/**
 * Calls subscription-manager's own code, with the key from standard input: as a program of its own it would take the
 * key as an argument, which every user of the machine can read. Constant text; the rest come as arguments.
 */
const REGISTER = `import sys
organisation, name = sys.argv[1:3]
key = sys.stdin.read()
from subscription_manager.scripts.subscription_manager import main
sys.argv = ["subscription-manager", "register", "--force", "--org", organisation, "--name", name, "--activationkey", key]
sys.exit(main())
`;

/** Registers this machine; resolves to the exit status. */
export async function subscribe({ orgId, systemName, key }: Subscription, tell: (bytes: Uint8Array) => unknown): Promise<number> {
  const argv = ["/usr/bin/python3", "-c", REGISTER, orgId, systemName];
  const { exitCode, stdout, stderr } = await capture(argv, { input: key, cwd: "/" });
  tell(stdout);
  tell(stderr);
  // 255 would look like a broken connection.
  return exitCode === 255 ? 1 : exitCode;
}
