import type { SourceFields } from "../api/builds.ts";
import type { Build, SourceBuildConfig } from "../api/types.ts";

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
    if (name === "package_name") return String(source_dict["clone_url"]).endsWith(`/${String(value)}`);
    const kept = source_dict[keptNames[name] ?? name];
    return value === null || value === undefined || kept === undefined || plain(kept) === plain(value);
  });
}

/** Fields that a build's source has under another name than its submission. */
const keptNames: Readonly<Record<string, string>> = { scm_type: "type", source_build_method: "srpm_build_method" };

/** The frontend stores an uploaded file under a name without its odd characters. */
function storedName(name: string): string {
  return name.replace(/[^A-Za-z0-9_.-]/g, "").replace(/^[._]+/, "");
}

/** Lists become words, and a script's last line its end. */
function plain(value: unknown): string {
  const text = Array.isArray(value) ? value.join(" ") : String(value);
  return text.replaceAll("\r\n", "\n").trim();
}
