import { posix } from "node:path";
import type { SourceFields } from "../api/builds.ts";
import type { Build, SourceBuildConfig } from "../api/types.ts";
import { isScriptChroot } from "./script-chroot.ts";

/** What a build was submitted with, as far as the frontend tells it of the build afterwards. */
export type SentSource =
  /** Name of the file that was uploaded. */
  | { type: "upload"; file: string }
  | { type: "link"; url: string }
  /** A package of the project, built from its own source. */
  | { type: "package"; name: string }
  | { [Type in keyof SourceFields]: { type: Type; fields: SourceFields[Type] } }[keyof SourceFields];

/** Whether a build, with its own account of its source, is one that was submitted with this. */
export function isMadeFrom(source: SentSource, build: Build, { source_type, source_dict }: SourceBuildConfig): boolean {
  if (source.type === "package") return source_type !== "upload" && build.source_package.name === source.name;
  if (source.type !== source_type) return false;
  if (source.type === "link") return source_dict["url"] === source.url;
  if (source.type === "upload") return storedName(String(source_dict["pkg"])) === storedName(source.file);
  return Object.entries(source.fields).every(([name, value]: [string, unknown]) => {
    // Of a dist-git package the frontend keeps the address only.
    if (name === "package_name") return isRepositoryOf(String(source_dict["clone_url"]), String(value));
    const kept = source_dict[keptNames[name] ?? name];
    return value === null || value === undefined || kept === undefined || isKeptAs(name, value, kept);
  });
}

/** Fields that a build's source has under another name than its submission. */
const keptNames: Readonly<Record<string, string>> = { scm_type: "type", source_build_method: "srpm_build_method" };

/** Whether the frontend makes of a value that was sent the one that it keeps. */
function isKeptAs(name: string, sent: unknown, kept: unknown): boolean {
  if (name === "chroot") return isScriptChroot(sent, kept);
  if (name === "namespace") return posix.resolve("/", String(sent)) === posix.resolve("/", String(kept));
  return plain(kept ?? "") === plain(sent);
}

/** Each dist-git has an address of its own kind, as `…/rpms/hello` or `…/rpms/hello.git`. */
function isRepositoryOf(address: string, name: string): boolean {
  return [`/${name}`, `/${name}.git`, `/${name}/git`].some((end) => address.replace(/\/+$/, "").endsWith(end));
}

/** The frontend stores an uploaded file under a name that is safe in its eyes (Werkzeug's `secure_filename`). */
function storedName(name: string): string {
  const letters = name.normalize("NFKD").replace(/\P{ASCII}/gu, "");
  const words = letters.split(/[\s/]+/).filter(Boolean);
  return words
    .join("_")
    .replace(/[^A-Za-z0-9_.-]/g, "")
    .replace(/^[._]+|[._]+$/g, "");
}

/** Lists become words, be it in one line or one in each, and what ends a line may be another. */
function plain(value: unknown): string {
  const text = Array.isArray(value) ? value.join(" ") : String(value);
  return text.split(/\s+/).filter(Boolean).join(" ");
}
