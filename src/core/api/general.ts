import type { Transport } from "../http/transport.ts";
import { projectQuery } from "./project-query.ts";
import type { Monitor, ProjectRef, RpmRepo } from "./types.ts";

/** The version of the frontend's API, 3. */
export function getApiVersion(transport: Transport): Promise<{ version: number }> {
  return transport.call({ method: "GET", path: [] });
}

/** Whether the credentials work, and whose they are. */
export function authCheck(transport: Transport): Promise<{ id: number; name: string }> {
  return transport.call({ method: "GET", path: ["auth-check"], auth: true });
}

/** Makes a new API token. The old one is void from this moment, so the answer must not get lost. */
export function newApiToken(transport: Transport): Promise<{ api_login: string; api_token: string; expiration: string }> {
  return transport.call({ method: "POST", path: ["api-token"], needs: ["api_login", "api_token"], auth: true });
}

/** A project with the new secret of its webhooks. */
export interface WebhookSecret {
  id: number;
  name: string;
  ownername: string;
  full_name: string;
  webhook_secret: string;
}

/** Makes a new secret for a project's webhooks; the old one is void. */
export function newWebhookSecret(transport: Transport, { ownername, projectname }: ProjectRef): Promise<WebhookSecret> {
  return transport.call({
    method: "POST",
    path: ["webhook", "generate", ownername ?? "", projectname],
    needs: ["webhook_secret"],
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
    needs: ["packages"],
    query: { ...projectQuery(project), project_dirname, "additional_fields[]": additionalFields },
  });
}

/** What DNF's plugin needs to enable a project, or one of its directories (`project:dir`), in a release such as `fedora-43`. */
export function getRpmRepo(transport: Transport, ownername: string, dirname: string, release: string): Promise<RpmRepo> {
  return transport.call({ method: "GET", path: ["rpmrepo", ownername, dirname, release], needs: ["repos"] });
}
