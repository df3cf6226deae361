import { rename } from "node:fs/promises";
import { join } from "node:path";
import { ApiError } from "../api-error.ts";
import { createBuild, projectInForm, readBuildOptions } from "../build-options.ts";
import { type Form, readForm } from "../form.ts";
import { authenticated, mayBuild } from "../login.ts";
import type { Account, Project, Source } from "../models.ts";
import { onePage } from "../pages.ts";
import { fullName } from "../repositories.ts";
import type { Call, Router } from "../routing.ts";
import { configuredSourceTypes, sourceFromForm } from "../sources.ts";
import { buildOnWire } from "../wire.ts";

const buildable = /\.(src\.rpm|nosrc\.rpm|spec)$/i;

export function addBuildCreateRoutes(router: Router): void {
  router.onPost("/build/check-before-build", checkBeforeBuild);
  router.onPost("/build/create/url", createFromUrls);
  router.onPost("/build/create/upload", createFromUpload);
  for (const type of configuredSourceTypes) {
    router.onPost(`/build/create/${type}`, async (call) => {
      const submission = await readSubmission(call);
      return buildOnWire(call.world, submit(call, submission, sourceFromForm(call.world, type, submission.form)));
    });
  }
}

interface Submission {
  account: Account;
  project: Project;
  form: Form;
}

async function readSubmission(call: Call): Promise<Submission> {
  const account = authenticated(call);
  const form = await readForm(call, "dictionary");
  return { account, project: projectInForm(call.world, form), form };
}

function submit(call: Call, { account, project, form }: Submission, source: Source) {
  if (!mayBuild(call.world, account.name, project)) {
    throw new ApiError(403, `User ${account.name} is not allowed to build in the copr: ${fullName(project)}`);
  }
  return createBuild(call.world, project, account, source, readBuildOptions(call.world, project, form));
}

async function checkBeforeBuild(call: Call) {
  const { account, project, form } = await readSubmission(call);
  if (!mayBuild(call.world, account.name, project)) {
    throw new ApiError(403, `User '${account.name}' is not allowed to build in '${fullName(project)}'`);
  }
  readBuildOptions(call.world, project, form);
  return { message: "It should be safe to submit a build like this" };
}

/** One build for each URL; a bad one among them and nothing is created. */
async function createFromUrls(call: Call) {
  const submission = await readSubmission(call);
  const urls = submission.form.words("pkgs") ?? [];
  const bad = urls.find((url) => !/^https?:\/\//.test(url) || !buildable.test(new URL(url).pathname));
  if (bad !== undefined || urls.length === 0) {
    const wanted = "URLs must end with .src.rpm, .nosrc.rpm, or .spec";
    throw submission.form.refusal("pkgs", `${wanted} ('${bad ?? ""}' doesn't seem to be a valid URL).`);
  }
  const builds = urls.map((url) => submit(call, submission, { type: "link", dict: { url } }));
  return onePage(builds.map((build) => buildOnWire(call.world, build)));
}

async function createFromUpload(call: Call) {
  const submission = await readSubmission(call);
  const file = submission.form.files.get("pkgs");
  if (file === undefined || !buildable.test(file.filename)) {
    throw submission.form.refusal("pkgs", "You can upload only .src.rpm, .spec, and .nosrc.rpm files");
  }
  const name = secureName(file.filename);
  const directory = join(call.uploadsDirectory, file.directory);
  await rename(join(directory, file.filename), join(directory, name));
  const dict = { url: `${call.world.url}/tmp/${file.directory}/${name}`, pkg: name, tmp: file.directory };
  return buildOnWire(call.world, submit(call, submission, { type: "upload", dict }));
}

/** Werkzeug's `secure_filename`, under which the frontend keeps an upload. */
function secureName(name: string): string {
  const ascii = name.normalize("NFKD").replace(/\P{ASCII}/gu, "");
  const words = ascii.replaceAll("/", " ").trim().split(/\s+/);
  return words
    .join("_")
    .replace(/[^\w.-]/g, "")
    .replace(/^[._]+|[._]+$/g, "");
}
