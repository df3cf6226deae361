import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask } from "./fixtures/api-client.ts";
import { comparable, readTranscript, toBody, type Transcript } from "./fixtures/transcripts.ts";
import type { Account } from "./models.ts";
import { defaultSettings } from "./project-settings.ts";
import { type Sandbox, startSandboxWithWorld } from "./sandbox.ts";
import type { World } from "./world.ts";

const chroots = {
  "fedora-42-x86_64": "",
  "fedora-43-x86_64": "",
  "fedora-rawhide-x86_64": "",
  "epel-9-x86_64": "",
  "fedora-42-aarch64": "",
  "custom-1-x86_64": "custom chroot for tests",
};

/** The recorded session, in the order in which one story needs it. */
const story = `
  api-root api-unknown-endpoint auth-check auth-check-anon list-empty list-chroots
  create-basic get create-duplicate create-bad-chroot create-bad-name create-no-chroot
  create-badtoken create-persistent-denied create-auto-prune-denied create-storage-denied
  create-other-owner-denied create-all-options create-group create-group-denied create-group-unknown
  list list-group list-of-user list-unknown-user get-full-name get-missing
  modify-denied modify-missing modify regenerate-repos new-webhook-secret
  get-chroot get-chroot-missing edit-chroot edit-chroot-bootstrap-image edit-chroot-comps get-chroot2
  get-chroot-row edit-chroot-delete-comps edit-chroot-reset edit-chroot-reset-bad edit-chroot-missing
  mock-config mock-config-owner mock-config-missing mock-config-no-project mock-config-dir
  build-denied list-permissions-empty request-permissions list-permissions edit-permissions-unknown
  edit-permissions-denied
  add-package-scm add-package-pypi add-package-rubygems add-package-custom add-package-distgit
  add-package-duplicate add-package-bad-method edit-package-scm edit-package-pypi edit-package-rubygems
  edit-package-custom edit-package-distgit edit-package-missing get-package get-package-text
  get-package-missing list-package-names list-packages reset-package
  build-url-nowait build-multi-url build-srpm-nowait build-spec-upload build-options
  build-exclude-chroot build-dir build-pr-dir build-group build-batch-after build-batch-with
  build-batch-bad build-bad-chroot build-bad-suffix build-badtoken build-distgit-bad
  build-missing-project build-missing-project-upload build-missing-file
  buildscm-nowait buildpypi-nowait buildgem-nowait buildcustom-nowait build-distgit-nowait
  build-package build-package-reset list-builds list-builds-missing status-pending status-missing
  backend-srpm-task-build-dir backend-srpm-task-build-distgit-nowait backend-srpm-task-build-group
  backend-srpm-task-build-options backend-srpm-task-build-package backend-srpm-task-build-pr-dir
  backend-srpm-task-build-spec-upload backend-srpm-task-build-srpm-nowait backend-srpm-task-build-url-nowait
  backend-srpm-task-buildcustom-nowait backend-srpm-task-buildgem-nowait backend-srpm-task-buildpypi-nowait
  backend-srpm-task-buildscm-nowait backend-srpm-task-missing backend-task-missing
  source-build-config-build-dir source-build-config-build-distgit-nowait source-build-config-build-group
  source-build-config-build-options source-build-config-build-package source-build-config-build-pr-dir
  source-build-config-build-spec-upload source-build-config-build-srpm-nowait source-build-config-build-url-nowait
  source-build-config-buildcustom-nowait source-build-config-buildgem-nowait source-build-config-buildpypi-nowait
  source-build-config-buildscm-nowait monitor-empty monitor-failed monitor-missing monitor-dir
  cancel-denied cancel watch-build-canceled delete-build-missing delete-build-denied delete-build-running
  edit-permissions-default edit-permissions build-as-builder request-permissions-cancel list-permissions-after
  fork fork-again fork-confirm fork-missing fork-other
  delete-package delete-denied delete get-deleted delete-missing delete-unfinished-builds new-api-token
`
  .trim()
  .split(/\s+/);

let root: string;
let sandbox: Sandbox;
let world: World;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "sandbox-"));
  const directory = join(root, "sandbox");
  ({ sandbox, world } = await startSandboxWithWorld({ directory, builder: [], dispatch: false, username: "alice", chroots }));
  world.addAccount("bob");
});

afterAll(async () => {
  await sandbox.close();
  await rm(root, { recursive: true, force: true });
});

describe("answers what the real frontend answered", () => {
  test.each(story)("%s", async (name) => {
    prepare(name);
    const { exchanges, user } = readTranscript(name);
    for (const { request, response } of exchanges) {
      const account = request.auth === null ? undefined : accountOf(user);
      const answer = await ask(sandbox.url, request.method, request.path, { account, ...toBody(request.body) });
      expect({ status: answer.status, body: comparable(answer.body, sandbox.url) }).toEqual({
        status: response.status,
        body: comparable(response.body?.json, sandbox.url),
      });
    }
  });
});

/** What happened in the recorded session between the recordings, and moved its ids on. */
function prepare(name: string): void {
  if (name === "create-all-options") world.addProject("admin", "projp", defaultSettings());
  // Its one build had ended meanwhile.
  if (name === "delete-unfinished-builds") world.cancel(world.builds.find(({ project }) => project.name === "gproj")!);
  if (name === "build-as-builder") {
    const { project, source, options } = world.build(1);
    for (let id = 19; id < 25; id += 1) world.addBuild(project, "alice", source, options);
  }
}

function accountOf(user: Transcript["user"]): Account {
  const wrong = { id: 0, name: user, login: "nobody", token: "nothing", expiration: "" };
  return world.accounts.find((account) => account.name === user) ?? wrong;
}
