/** The releases whose packages fit a machine by its os-release file, as Copr names them, the best first; none when there is no such release. */
export function releasesOf(osRelease: string): string[] {
  const values = readOsRelease(osRelease);
  const id = values.get("ID") ?? "";
  const version = values.get("VERSION_ID") ?? "";
  const likes = [id, ...(values.get("ID_LIKE") ?? "").split(/\s+/)];
  if (id === "fedora") {
    if (values.get("VARIANT_ID") === "eln") return ["fedora-eln"];
    return isRawhide(values) ? ["fedora-rawhide"] : named(id, version);
  }
  if (id === "mageia") return values.get("VERSION")?.includes("Cauldron") ? ["mageia-cauldron"] : named(id, version);
  if (id === "opensuse-tumbleweed") return [id];
  if (id === "amzn") return named("amazonlinux", version);
  if (likes.some((like) => like === "rhel" || like === "centos")) return enterpriseReleases(id, version);
  return named(id, version);
}

/** What CentOS and others of RHEL's family have no chroots of is built for EPEL. */
function enterpriseReleases(id: string, version: string): string[] {
  const major = version.split(".", 1)[0] as string;
  return [...new Set([...named(id, version), ...named(id, major), ...named("epel", major)])];
}

function named(id: string, version: string): string[] {
  return id === "" || version === "" ? [] : [`${id}-${version}`];
}

/** Its number is that of the release it will become, so other fields have to tell. */
function isRawhide(values: ReadonlyMap<string, string>): boolean {
  return values.get("REDHAT_SUPPORT_PRODUCT_VERSION") === "rawhide" || /rawhide/i.test(values.get("VERSION") ?? "");
}

/** The assignments of an os-release file, https://www.freedesktop.org/software/systemd/man/os-release.html. */
function readOsRelease(text: string): Map<string, string> {
  const assignments = text.matchAll(/^[ \t]*([A-Z][A-Z0-9_]*)=(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|(\S*))[ \t]*$/gm);
  return new Map(Array.from(assignments, ([, name = "", double, single, bare]) => [name, double ?? single ?? bare ?? ""]));
}
