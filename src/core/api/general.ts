import type { Transport } from "../transport.ts";
import type { Monitor, ProjectRef } from "./types.ts";

/** Whether the credentials work, and whose they are. */
export function authCheck(transport: Transport): Promise<{ id: number; name: string }> {
  return transport.call({ method: "GET", path: ["auth-check"], auth: true });
}

/** Makes a new API token. The old one is void from this moment, so the answer must not get lost. */
export function newApiToken(transport: Transport): Promise<{ api_login: string; api_token: string; expiration: string }> {
  return transport.call({ method: "POST", path: ["api-token"], auth: true });
}

/** Makes a new secret for a project's webhooks. */
export function newWebhookSecret(transport: Transport, { ownername, projectname }: ProjectRef): Promise<{ webhook_secret: string }> {
  return transport.call({
    method: "POST",
    path: ["webhook", "generate", ownername ?? "", projectname],
    query: { ownername, projectname },
    auth: true,
  });
}

/** Latest build of each package in each chroot. */
export function getMonitor(
  transport: Transport,
  project: ProjectRef,
  options: { project_dirname?: string | undefined; additionalFields?: string[] } = {},
): Promise<Monitor> {
  const { project_dirname, additionalFields } = options;
  return transport.call({
    method: "GET",
    path: ["monitor"],
    query: { ...project, project_dirname, "additional_fields[]": additionalFields },
  });
}
