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
import { checkPackageName, configuredSourceTypes, sourceFromForm } from "../sources.ts";
import { buildOnWire } from "../wire.ts";

const buildable = /\.(src\.rpm|nosrc\.rpm|spec)$/;

export function addBuildCreateRoutes(router: Router): void {
  router.onPost("/build/check-before-build", checkBeforeBuild);
  router.onPost("/build/create/url", createFromUrls);
  router.onPost("/build/create/upload", createFromUpload);
  for (const type of configuredSourceTypes) {
    router.onPost(`/build/create/${type}`, async (call) => {
      const submission = await readSubmission(call);
      if (type === "distgit") checkPackageName(submission.form, submission.form.text("package_name") ?? "");
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
  const options = readBuildOptions(call.world, project, form);
  if (!mayBuild(call.world, account.name, project)) {
    throw new ApiError(403, `User ${account.name} is not allowed to build in the copr: ${fullName(project)}`);
  }
  return createBuild(call.world, project, account, source, options);
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
  const refuse = (message: string) => submission.form.refuse("pkgs", message);
  if (urls.length === 0) refuse("URLs to packages are required");
  const other = urls.find((url) => !/^https?:\/\/[^/]/.test(url));
  const wanted = "A list of http[s] URLs separated by whitespace characters is needed";
  if (other !== undefined) refuse(`${wanted} ('${other}' doesn't seem to be a valid URL).`);
  const bad = urls.find((url) => !buildable.test(url.split(/[?#]/, 1)[0] ?? ""));
  if (bad !== undefined) refuse(`URLs must end with .src.rpm, .nosrc.rpm, or .spec ('${bad}' doesn't seem to be a valid URL).`);
  submission.form.check();
  const builds = urls.map((url) => submit(call, submission, { type: "link", dict: { url } }));
  return onePage(builds.map((build) => buildOnWire(call.world, build)));
}

async function createFromUpload(call: Call) {
  const submission = await readSubmission(call);
  const file = submission.form.files.get("pkgs");
  if (file === undefined) submission.form.refuse("pkgs", "This field is required.");
  else if (!buildable.test(file.filename.toLowerCase())) {
    submission.form.refuse("pkgs", "You can upload only .src.rpm, .nosrc.rpm, and .spec files");
  }
  submission.form.check();
  if (file === undefined) throw new Error("no file, and no fault");
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
