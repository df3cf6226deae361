import type { Rule } from "./rule.ts";
import { installations } from "./phases.ts";

const buildRequires = (name: string | undefined) =>
  `No repository of this chroot has ${name}: fix its name in BuildRequires, or add a repository that has it.`;

export const packages: readonly Rule[] = [
  {
    name: "obs-unresolvable",
    category: "dep-missing",
    certainty: "decisive",
    phases: installations,
    needles: ["nothing provides "],
    pattern: /^(?:.{0,60}\bunresolvable: | {2,4})nothing provides (?<package>[^,]{1,200})/,
    unless: / needed by |requested/,
    advice: ({ package: name }) => buildRequires(name),
    example: `
expansion error
=>   nothing provides frob-devel`,
  },
  {
    name: "obs-choice",
    category: "dep-conflict",
    certainty: "sure",
    phases: installations,
    needles: ["have choice for ", "conflict for providers of ", "in conflict with "],
    pattern:
      /^(?:.{0,60}\bunresolvable: | {2,4})(?:have choice for (?<choice>[^:]{1,200}): (?<packages>.{1,300})|conflict for providers of (?<provided>.{1,200})|\(?(?:provider )?(?<provider>\S{1,100}) is in conflict with .{1,200})/,
    advice: ({ choice, packages: names, provided, provider }) =>
      names === undefined
        ? `The providers of ${provided ?? provider} exclude each other: name the one that is meant in BuildRequires.`
        : `Several packages provide ${choice} (${names}): choose one by "Prefer:" in the project's configuration, or in BuildRequires.`,
    example: `
expansion error
=>   have choice for ssl-devel needed by x: libressl-devel openssl-devel`,
  },
  {
    name: "nothing-provides-requested",
    category: "dep-missing",
    certainty: "decisive",
    phases: installations,
    needles: "nothing provides requested",
    pattern: /^ *(?:- *)?(?:Problem(?: \d+)?: )?-? ?nothing provides requested (?<package>.{1,300})/,
    advice: ({ package: name }) => buildRequires(name),
    example: `
Failed to resolve the transaction:
Package "python3-pip-24.3.1-2.eln145.noarch" is already installed.
=> Problem: nothing provides requested (python3dist(botocore) < 1.38~~ with python3dist(botocore) >= 1.37.14)`,
  },
  {
    name: "nothing-provides-to-build",
    category: "dep-missing",
    certainty: "decisive",
    phases: installations,
    needles: "nothing provides ",
    pattern: /^ *(?:- *)?(?:Problem(?: \d+)?: )?(?:- )?nothing provides (?<package>.{1,200}) needed by \S{1,200}\.(?:no)?src(?: |$)/,
    advice: ({ package: name }) => buildRequires(name),
    example: `
Error:
 Problem: conflicting requests
=>   - nothing provides frob-devel >= 2 needed by prog-1.0-1.fc43.src from @commandline`,
  },
  {
    name: "nothing-provides",
    category: "dep-conflict",
    certainty: "decisive",
    phases: installations,
    needles: ["nothing provides ", "nichts stellt "],
    pattern: /^ *(?:- *)?(?:Problem(?: \d+)?: )?(?:- )?nothing provides (?<dependency>.{1,200}) needed by (?<package>\S{1,300})/,
    unless: /nothing provides requested|needed by \S{1,200}\.(?:no)?src(?: |$)/,
    advice: ({ dependency, package: name }) =>
      `${name} can't be installed, since no repository has ${dependency}: wait for its rebuild, or add a repository that has it.`,
    example: `
Error:
 Problem: conflicting requests
=>   - nothing provides libfrob.so.9()(64bit) needed by broken-devel-1.0-1.noarch
(try to add '--skip-broken' to skip uninstallable packages or '--nobest' to use not only best candidate packages)`,
  },
  {
    name: "no-match",
    category: "dep-missing",
    certainty: "sure",
    phases: [...installations, "sources"],
    needles: [
      "No match for argument: ",
      "No matching package to install: ",
      "Keine Übereinstimmung für Argument: ",
      "No package matching ",
      "Aucun résultat trouvé pour l",
      "Aucune correspondance pour l",
    ],
    pattern:
      /^(?:Error: )?(?:No match for argument: |No matching package to install: |Keine Übereinstimmung für Argument: |Aucune correspondance pour l[’']argument ?: |No package matching ')(?<package>.{1,300})/,
    follow: { pattern: /^No match(?:ing package to install| for argument): /, within: 6, max: 2 },
    advice: ({ package: name }) => buildRequires(name?.replace(/^'|'$/g, "")),
    example: `
fedora                                          3.7 MB/s | 3.8 kB     00:00
=> No matching package to install: 'no-such-package-devel'
Not all dependencies satisfied
Error: Some packages could not be found.`,
  },
  {
    name: "no-package-found",
    category: "dep-missing",
    certainty: "sure",
    phases: [...installations, "sources"],
    needles: [
      "No Package found for ",
      "No package found for",
      "Unable to find a match: ",
      "No package ",
      "' not found in package names",
      "No such package ",
      "No package matches '",
      "' not found.",
    ],
    pattern:
      /^(?:Error: )?(?:No [Pp]ackage found for (?<package>.{1,200})|Unable to find a match: (?<matches>.{1,300})|No package (?<available>\S{1,200}) available|No such package (?<such>.{1,200})|No provider of '(?<provider>[^']{1,200})' found|No package matches '(?<matched>[^']{1,200})'|'(?<zypper>[^']{1,200})' not found in package names|Package '(?<unfound>[^']{1,200})' not found\.$)/,
    advice: ({ package: name, matches, available, such, provider, matched, zypper, unfound }) =>
      buildRequires(name ?? matches ?? available ?? such ?? provider ?? matched ?? zypper ?? unfound),
    example: `
Getting requirements for x-1-1.el7.src
=> Error: No Package found for frob-devel >= 2`,
  },
  {
    name: "failed-build-dependencies",
    category: "dep-missing",
    certainty: "sure",
    phases: ["builddeps", "generate-buildrequires", "srpm", "sources"],
    needles: [
      " is needed by ",
      "wird benötigt von",
      "wird von ",
      "est nécessaire pour",
      "è necessario a",
      "es necesario por",
      "è richiesto da",
      " 被 ",
    ],
    pattern:
      /^[\t ]+(?<package>\S.{0,200}?) (?:is needed by|wird benötigt von|wird von|est nécessaire pour|è necessario a|es necesario por|è richiesto da|被) (?<by>\S{1,200})/,
    follow: { pattern: /^[\t ]+\S.{0,200} is needed by /, within: 4, max: 2 },
    advice: ({ package: name }) =>
      `The build requires ${name}, which is not installed: no repository of this chroot has it, or it was asked for too late.`,
    example: `
error: Failed build dependencies:
=> 	libfrob-devel >= 2 is needed by brmiss-1.0-1.fc43.x86_64
	pkgconfig(frobtk) is needed by brmiss-1.0-1.fc43.x86_64`,
  },
  {
    name: "conflicts-with-installed",
    category: "dep-conflict",
    certainty: "decisive",
    phases: [...installations, "srpm"],
    needles: [" conflicts with "],
    pattern: /^ *(?:- *)?(?:Problem(?: \d+)?: )?(?:- )?(?:package )?(?<package>\S{1,200}.{0,200}) conflicts with (?<other>.{1,300})/,
    unless: / from install of /,
    advice: ({ package: name, other }) => `${name} and ${other} can't be installed together: require one of them only.`,
    example: `
Error:
=>  Problem: package python3-dnf-4.23.0-1.1.noarch from @System conflicts with python3-dnf-tools < 4.7.0 provided by python3-dnf-tools-4.4.4-2.4.noarch from oss
  - cannot install the best candidate for the job
  - conflicting requests`,
  },
  {
    name: "file-conflict",
    category: "dep-conflict",
    certainty: "decisive",
    phases: installations,
    needles: [" from install of ", "conflicts between attempted installs", "Transaction test error", "Transaction check error"],
    pattern: /^ *(?:- )?file (?<file>\S{1,300}) (?:from install of|conflicts between attempted installs of) (?<package>\S{1,200})/,
    advice: ({ file, package: name }) => `${file} of ${name} is in another package, too: they can't be installed together.`,
    example: `
Error: Transaction test error:
=>   file /usr/bin/frob from install of frob-2.0-1.x86_64 conflicts with file from package oldfrob-1.0-1.x86_64`,
  },
  {
    name: "transaction-check",
    category: "dep-conflict",
    certainty: "sure",
    phases: installations,
    needles: ["is already installed", "does not have a compatible", "is intended for a different", "is obsoleted by"],
    pattern:
      /^ +(?:- )?package (?<package>\S{1,200}) (?:\(which is newer than \S{1,200}\) )?is (?:already installed|intended for a different|obsoleted by).{0,200}/,
    advice: ({ package: name }) =>
      `${name} stands in the way of what is to be installed: see which repository or BuildRequires asks for it.`,
    example: `
Error: Transaction test error:
=>   package a-2-1.noarch (which is newer than a-1-1.noarch) is already installed`,
  },
  {
    name: "cannot-install-both",
    category: "dep-conflict",
    certainty: "sure",
    phases: installations,
    needles: [
      "cannot install both ",
      "has inferior architecture",
      "is filtered out by modular filtering",
      "is filtered out by exclude filtering",
      "does not have a compatible architecture",
      "Protected multilib versions",
    ],
    pattern:
      /^ *(?:- *)?(?:Problem(?: \d+)?: )?(?:- )?(?:(?:cannot install both (?<package>\S{1,200}) .{0,200})|(?:package )?(?<filtered>\S{1,200}) .{0,200}(?:has inferior architecture|is filtered out by|does not have a compatible architecture).{0,100})|^Error: Protected multilib versions: /,
    which: "last",
    advice: "These packages can't be installed together: see which of them a BuildRequires or a repository of the chroot asks for.",
    example: `
Failed to resolve the transaction:
Problem: package a-1-1.x86_64 from copr requires libz.so.1, but none of the providers can be installed
=>   - cannot install both zlib-2-1.x86_64 from copr and zlib-1-1.x86_64 from fedora
  - conflicting requests`,
    in: "builddeps",
  },
  {
    name: "requires-what-is-not-there",
    category: "dep-conflict",
    certainty: "sure",
    phases: installations,
    needles: ["but none of the providers can be installed"],
    pattern:
      /^ *(?:- *)?(?:Error: )?(?:Problem(?: \d+)?: )?(?:- )?package (?<package>\S{1,200}) .{0,100}requires (?<dependency>.{1,200}), but none of the providers can be installed/,
    which: "last",
    advice: ({ package: name, dependency }) => `${name} requires ${dependency}, which can't be installed: see which repository has it.`,
    example: `
Error:
 Problem: problem with installed package a-1-1.x86_64
=>   - package a-1-1.x86_64 from copr requires libz.so.1, but none of the providers can be installed
  - conflicting requests`,
    in: "builddeps",
  },
  {
    name: "yum-requires-to-build",
    category: "dep-missing",
    certainty: "decisive",
    phases: installations,
    needles: ".src",
    pattern: /^Error: Package: (?<package>\S{1,200}\.src)\b/,
    follow: { pattern: /^ +Requires: /, within: 2, max: 1 },
    advice: ({ package: name }) => `No repository of this chroot has what ${name} requires (the next line names it).`,
    example: `
--> Finished Dependency Resolution
=> Error: Package: x-1-1.el7.src (/x-1-1.el7.src)
           Requires: frob-devel`,
  },
  {
    name: "yum-requires",
    category: "dep-conflict",
    certainty: "sure",
    phases: installations,
    needles: ["Requires: ", "Error: Package: "],
    pattern: /^(?:Error: )?Package: (?<package>\S{1,200}) .*|^ +Requires: (?<dependency>.{1,200})$/,
    advice: ({ package: name }) => `${name ?? "A package"} can't be installed: what it requires is in no repository of this chroot.`,
    follow: { pattern: /^ +Requires: /, within: 2, max: 1 },
    example: `
--> Finished Dependency Resolution
=> Error: Package: frob-devel-2.0-1.el7.x86_64 (epel)
           Requires: libfrob.so.9()(64bit)`,
  },
  {
    name: "dnf-problem",
    category: "dep-conflict",
    certainty: "likely",
    phases: installations,
    needles: ["Problem: ", "Problem 1: "],
    pattern: /^ *Problem(?: 1)?: (?<message>.{1,300})/,
    follow: { pattern: /^ +- /, within: 3, max: 2 },
    advice: ({ message }) => `The packages can't be installed together: ${message}.`,
    example: `
Error:
=>  Problem: problem with installed package frob-1-1.x86_64
  - conflicting requests`,
    in: "builddeps",
  },
  {
    name: "scriptlet-failed",
    category: "script-failed",
    certainty: "sure",
    phases: installations,
    needles: ["scriptlet failed", "Error in PREIN scriptlet", "Error in <unknown> scriptlet", "Error in pre-install scriptlet", "in %p"],
    pattern:
      /^(?:.{0,60}error: |warning: |>>> \[RPM\] |>>> )?(?:%\w{3,20}\((?<package>[^)]{1,200})\) scriptlet failed.{0,100}|Error in \S{1,20} scriptlet (?:in rpm package (?<other>\S{1,200})|: ?(?<dnf>\S{1,200}))|Error in %\w{3,20} scriptlet)/,
    advice: ({ package: name, other }) => `${name ?? other ?? "A package"} could not be installed: this is a problem of that package.`,
    example: `
Installing       : frob-1-1.x86_64
=> error: %prein(frob-1-1.x86_64) scriptlet failed, exit status 1
Error in PREIN scriptlet in rpm package frob`,
    in: "builddeps",
  },
  {
    name: "group-missing",
    category: "dep-missing",
    certainty: "likely",
    phases: ["chroot-setup"],
    needles: ["Module or Group", "No match for group", "There is no installed groups file", "Warning: Group"],
    pattern:
      /^(?:Error: )?(?:Module or Group '(?<group>[^']{1,100})' (?:is not available|does not exist)|Warning: Group '?(?<other>[\w-]{1,60})'? does not exist)/,
    advice: ({ group, other }) =>
      `No repository of this chroot has the group ${group ?? other}: the chroot's base repository is missing or empty.`,
    example: `
=> Module or Group 'buildsys-build' is not available.
Error: Nothing to do.`,
  },
];
