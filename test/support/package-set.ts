import type { TestPackage } from "./batch-specs.ts";

/** How one package of the set depends on another, one way each; the rest are links of a chain. */
const kinds: readonly TestPackage[] = [
  // A diamond.
  { name: "base", packages: { devel: [] }, version: "1.5" },
  { name: "left", requires: ["base-devel >= 1.5-1"], packages: { devel: [] } },
  { name: "right", requires: ["base-devel > 1.4"], packages: { devel: [] } },
  { name: "app", requires: ["left-devel, right-devel = 1.0"] },
  // What rpm makes of files: named in full, by a glob, and only by the names that packages have.
  { name: "zed", requires: ["base"], packages: { devel: [] }, files: { devel: ["/usr/share/pkgconfig/zed-2.pc"] } },
  { name: "usezed", requires: ["pkgconfig(zed-2)"] },
  { name: "libzob", packages: { devel: [] }, requires: ["usezed"], files: { devel: ["/usr/share/pkgconfig/zob.pc"] } },
  { name: "usezob", requires: ["pkgconfig(zob)"] },
  { name: "perl-Aa-Bb", requires: ["base"], files: { "": ["/usr/share/perl5/Aa/Bb.pm"] } },
  { name: "useperl", requires: ["perl(Aa::Bb)"] },
  {
    name: "python-foo-bar",
    requires: ["base"],
    packages: { "-n python3-foo-bar": [] },
    files: { "-n python3-foo-bar": ["/usr/lib/python3.11/site-packages/foo_bar-1.0.dist-info/METADATA"] },
  },
  { name: "usepython", requires: ["python3dist(foo-bar)"] },
  { name: "tool", requires: ["base"], files: { "": ["/usr/bin/batch-tool"] } },
  { name: "usetool", requires: ["/usr/bin/batch-tool"] },
  // Virtual ones, with versions and of several packages.
  { name: "mail-one", requires: ["base"], provides: ["mail-daemon = 1.0", "mta"] },
  { name: "mail-two", requires: ["usezed"], provides: ["mail-daemon = 2.0", "mta"] },
  { name: "usemail", requires: ["mail-daemon < 2"] },
  { name: "usenewmail", requires: ["mail-daemon >= 2"] },
  { name: "usemta", requires: ["mta"] },
  { name: "epoch", head: ["%global major 2"], provides: ["epochal = 1:%{major}.0"] },
  { name: "useepoch", requires: ["epochal >= 1:2"] },
  // Rich ones.
  { name: "rich-and", requires: ["(left-devel and right-devel)"] },
  { name: "rich-or", requires: ["(nothing-of-ours or app)"] },
  { name: "rich-with", requires: ["(mail-daemon with mail-two)"] },
  { name: "rich-without", requires: ["(mail-daemon without mail-two)"] },
  { name: "rich-if", requires: ["(usetool if base)", "base"] },
  { name: "rich-else", requires: ["(nothing-of-ours if absent-thing else useperl)"] },
  { name: "rich-three", requires: ["(usepython or absent-thing or another)"] },
  { name: "rich-nested", requires: ["((usezob or absent-thing) and (tool if base))", "base"] },
  // A pair that needs itself: the first build of it does without.
  { name: "gcx", version: "13~bootstrap" },
  { name: "libcx", requires: ["gcx"], packages: { devel: [] } },
  { name: "gcx", version: "13", requires: ["libcx-devel"] },
  // A cycle that an alternative opens.
  { name: "oldgen", requires: ["base"] },
  { name: "newgen", requires: ["parser"] },
  { name: "parser", requires: ["(newgen or oldgen)"] },
];

/** Forty packages, of which each kind of dependency has some; the last ones are a chain that waits for the rest. */
export function packageSet(): TestPackage[] {
  const chain = Array.from(
    { length: 40 - kinds.length },
    (_, at): TestPackage => ({
      name: `link${at}`,
      head: ["%global before %{?nothing}%{!?nothing:link}"],
      requires: at === 0 ? ["app", "gcx >= 13"] : [`%{before}${at - 1}`],
    }),
  );
  // Not in an order that would do.
  return [...kinds, ...chain]
    .map((one, at) => ({ one, key: (at * 17) % 40 }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ one }) => one);
}
