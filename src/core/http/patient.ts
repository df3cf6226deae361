import type { Transport } from "./transport.ts";

/** The same transport for who does many things: also a question waits as long as the server asks for, as an action does anyway. */
export function patient(transport: Transport): Transport {
  return {
    coprUrl: transport.coprUrl,
    get isReached() {
      return transport.isReached;
    },
    call: (request) => transport.call({ ...request, isPatient: true }),
    get: (url, request) => transport.get(url, request),
    close: () => transport.close(),
  };
}
