import type { Transport } from "../http/transport.ts";

/** A server that takes longer is as good as none: there are other ways. */
const ANSWER_LIMIT_MS = 20_000;

/** Whether anybody can have this address. */
export async function isReachable(transport: Transport, url: string, signal: AbortSignal | undefined): Promise<boolean> {
  const late = AbortSignal.timeout(ANSWER_LIMIT_MS);
  try {
    const { status, body } = await transport.get(url, { signal: signal ? AbortSignal.any([signal, late]) : late });
    body.on("error", () => undefined).destroy();
    return status === 200;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

/** Whether anybody can clone this repository. Of servers that are not asked by HTTP that is assumed. */
export async function isCloneable(transport: Transport, repository: string, signal: AbortSignal | undefined): Promise<boolean> {
  if (!/^https?:/i.test(repository)) return true;
  return isReachable(transport, `${repository.replace(/\/+$/, "")}/info/refs?service=git-upload-pack`, signal);
}
