import { connect, type PeerCertificate } from "node:tls";
import { certificateAuthorities, type Environment } from "./connection-settings.ts";

/** The certificate that a server shows. */
export interface ServerCertificate {
  /** Last moment of its life. */
  validTo: Date;
  validFrom: Date;
  /** Who has signed it. */
  issuer: string;
  /** The names it is for, as it spells them. */
  names: string;
  /** Why it is not trusted, OpenSSL's name of the reason; undefined when it is. */
  problem: string | undefined;
}

const TIME_LIMIT_MS = 15_000;

/** Looks at the certificate of an https server, whether it can be trusted or not. Rejects when there is no connection. */
export async function serverCertificate(url: string, environment: Environment): Promise<ServerCertificate> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  const authorities = await certificateAuthorities(environment);
  return new Promise((resolve, reject) => {
    // Nothing is sent over this connection.
    const options = { host, port: Number(port || 443), rejectUnauthorized: false, ...authorities };
    const socket = connect({ ...options, ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }) }, () => {
      const certificate = socket.getPeerCertificate();
      // Node says it as an error or as its code, depending on what is wrong.
      const reason = socket.authorizationError as unknown;
      const problem = socket.authorized ? undefined : String((reason as { code?: string } | null)?.code ?? reason);
      socket.destroy();
      resolve(described(certificate, problem));
    });
    socket.setTimeout(TIME_LIMIT_MS, () => socket.destroy(new Error("no answer in time")));
    socket.on("error", reject);
  });
}

function described(
  { valid_to: to, valid_from: from, issuer, subject, subjectaltname }: PeerCertificate,
  problem?: string,
): ServerCertificate {
  return {
    validTo: new Date(to),
    validFrom: new Date(from),
    issuer: firstOf(issuer?.O) ?? firstOf(issuer?.CN) ?? "somebody unnamed",
    names: subjectaltname ?? firstOf(subject?.CN) ?? "no name",
    problem,
  };
}

/** An attribute may come several times. */
function firstOf(value: string | string[] | undefined): string | undefined {
  return [value ?? []].flat()[0];
}
