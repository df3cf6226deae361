import { LIVE_LOG } from "../builds/build-record.ts";
import { unpack } from "../http/unpacked.ts";
import type { RawResponse, Transport } from "../http/transport.ts";

/** The repository and commit that packages were built from. */
export interface Commit {
  git_repo: string;
  git_hash: string;
}

/** The head of a log is shorter. */
const MAX_HEAD_BYTES = 256 * 1024;

/**
 * What the log of a build in a chroot says of its commit: the API does not tell it. Builders, upstream's and ours, begin their
 * log with the definition; what comes after it may be a stranger's words and is not read. Undefined where it says nothing.
 */
export async function publishedCommit(
  transport: Transport,
  resultUrl: string | null,
  signal: AbortSignal | undefined,
): Promise<Commit | undefined> {
  if (resultUrl === null) return undefined;
  for (const name of [`${LIVE_LOG}.gz`, LIVE_LOG]) {
    const response = await transport.get(`${resultUrl}${name}`, { signal });
    const commit = response.status === 200 ? commitIn(await readHead(response)) : undefined;
    response.body.on("error", () => undefined).destroy();
    if (commit) return commit;
  }
  return undefined;
}

/** The beginning of a log, as far as it can be read. */
async function readHead({ body }: RawResponse): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of (await unpack(body)).bytes) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_HEAD_BYTES) break;
    }
  } catch {
    // What breaks off later says enough, or nothing.
  }
  return Buffer.concat(chunks).toString();
}

/** Upstream prints a Python dictionary, ours a line a field. */
function commitIn(log: string): Commit | undefined {
  const [head = ""] = log.split(/^Running\b/m, 1);
  const repository = /^[ {]*'?git_repo'?: '?([^\s',]+)'?,?$/m.exec(head)?.[1];
  const hash = /^[ {]*'?git_hash'?: '?([0-9a-f]{40,64})'?,?$/m.exec(head)?.[1];
  return repository === undefined || hash === undefined ? undefined : { git_repo: repository, git_hash: hash };
}
