import { randomUUID } from "node:crypto";
import { authenticated, requireAdmin } from "../login.ts";
import { fullName } from "../repositories.ts";
import type { Call, Router } from "../routing.ts";
import { projectInPath } from "./project.ts";

export function addGeneralRoutes(router: Router): void {
  router.onGet("/", () => ({ version: 3 }));
  router.onGet("/auth-check", checkAuthentication);
  router.onPost("/api-token", newToken);
  router.onGet("/mock-chroots/list", (call) => Object.fromEntries(call.world.mockChroots));
  router.onPost("/webhook/generate/:owner/:project", newWebhookSecret);
}

function checkAuthentication(call: Call) {
  const { id, name } = authenticated(call);
  return { id, name };
}

function newToken(call: Call) {
  const account = authenticated(call);
  call.world.renewToken(account);
  return { api_login: account.login, api_token: account.token, expiration: account.expiration };
}

function newWebhookSecret(call: Call) {
  const project = projectInPath(call);
  requireAdmin(call, project);
  return {
    id: project.id,
    name: project.name,
    ownername: project.ownername,
    full_name: fullName(project),
    webhook_secret: randomUUID(),
  };
}
