import type { Command } from "commander";
import type { Context } from "../context.ts";
import { authStatus } from "./auth-status.ts";
import { apply } from "./apply.ts";
import { board } from "./board.ts";
import { build } from "./build.ts";
import { buildBatch } from "./build-batch.ts";
import { buildPackage } from "./build-package.ts";
import { buildSourceCommands } from "./build-source.ts";
import { cancel } from "./cancel.ts";
import { create } from "./create.ts";
import { deleteCommand } from "./delete.ts";
import { deleteBuild } from "./delete-build.ts";
import { deletePackage } from "./delete-package.ts";
import { doctor } from "./doctor.ts";
import { downloadBuild } from "./download-build.ts";
import { editChroot } from "./edit-chroot.ts";
import { editPermissions } from "./edit-permissions.ts";
import { explain } from "./explain.ts";
import { exportCommand } from "./export.ts";
import { fork } from "./fork.ts";
import { get } from "./get.ts";
import { getBuild } from "./get-build.ts";
import { getChroot } from "./get-chroot.ts";
import { getPackage } from "./get-package.ts";
import { list } from "./list.ts";
import { listBuilds } from "./list-builds.ts";
import { listChroots } from "./list-chroots.ts";
import { listPackageNames } from "./list-package-names.ts";
import { listPackages } from "./list-packages.ts";
import { listPermissions } from "./list-permissions.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";
import { localBuild } from "./local-build.ts";
import { logs } from "./logs.ts";
import { mockConfig } from "./mock-config.ts";
import { modify } from "./modify.ts";
import { monitor } from "./monitor.ts";
import { newApiToken } from "./new-api-token.ts";
import { newWebhookSecret } from "./new-webhook-secret.ts";
import { open } from "./open.ts";
import { packageSourceCommands } from "./package-source.ts";
import { rebuild } from "./rebuild.ts";
import { plan } from "./plan.ts";
import { regenerateRepos } from "./regenerate-repos.ts";
import { repo } from "./repo.ts";
import { reproduce } from "./reproduce.ts";
import { requestPermissions } from "./request-permissions.ts";
import { resetPackage } from "./reset-package.ts";
import { status } from "./status.ts";
import { watchBuild } from "./watch-build.ts";
import { whoami } from "./whoami.ts";

/** Every command by its name: upstream's in the order of its help, then those it does not have. */
export const commands: Readonly<Record<string, (context: Context) => Command>> = {
  "new-api-token": newApiToken,
  whoami,
  "new-webhook-secret": newWebhookSecret,
  list,
  "mock-config": mockConfig,
  create,
  modify,
  delete: deleteCommand,
  fork,
  "regenerate-repos": regenerateRepos,
  "list-builds": listBuilds,
  get,
  build,
  ...buildSourceCommands,
  status,
  "download-build": downloadBuild,
  cancel,
  "watch-build": watchBuild,
  "delete-build": deleteBuild,
  "edit-chroot": editChroot,
  "get-chroot": getChroot,
  "list-chroots": listChroots,
  ...packageSourceCommands,
  "list-packages": listPackages,
  "list-package-names": listPackageNames,
  "get-package": getPackage,
  "delete-package": deletePackage,
  "reset-package": resetPackage,
  "build-package": buildPackage,
  "edit-permissions": editPermissions,
  "list-permissions": listPermissions,
  "request-permissions": requestPermissions,
  monitor,
  "build-batch": buildBatch,
  "get-build": getBuild,
  logs,
  explain,
  board,
  open,
  repo,
  login,
  logout,
  "auth-status": authStatus,
  doctor,
  rebuild,
  export: exportCommand,
  plan,
  apply,
  reproduce,
  "local-build": localBuild,
};
