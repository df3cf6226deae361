import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

const askFor = (name: string | undefined) => `Add what provides ${name} to BuildRequires.`;

export const cmakeAndMeson: readonly Rule[] = [
  {
    name: "cmake-fetch",
    category: "network-in-build",
    certainty: "sure",
    phases: scripts,
    needles: ["FetchContent.cmake:", "CPM.cmake:", "ExternalProject"],
    pattern: /^CMake Error at \S{0,300}(?:FetchContent|CPM|ExternalProject)\S{0,60}\.cmake:(?<line>\d{1,7}) \(message\):/i,
    follow: {
      pattern: /^ {2}(?:Build|CMake|Update|Download|Patch) step for (?<package>\S{1,100}) failed/,
      within: 3,
      max: 1,
      isNeeded: true,
    },
    advice:
      "CMake wants to fetch a part of the source: make it a Source and point FETCHCONTENT_SOURCE_DIR_… at it, or build with the packaged one.",
    example: `
=> CMake Error at /usr/share/cmake/Modules/FetchContent.cmake:1918 (message):
  Build step for googletest failed: 2
Call Stack (most recent call first):
-- Configuring incomplete, errors occurred!`,
  },
  {
    name: "cmake-message-on-dependency",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: "(message):",
    pattern: /^CMake Error at (?<file>[^\s:]{1,300}):(?<line>\d{1,7}) \(message\):/i,
    follow: {
      pattern:
        /^ {2,6}.*(?:[Nn]ot found|NOT FOUND|NOT found|[Cc]ould ?n[o']t (?:find|be found|locate)|[Cc]an(?:not|'t) find|[Uu]nable to find|is required|are required|is missing|[Mm]issing |not installed|[Pp]lease install|requires? (?:at least )?[\w.+-]{1,40} (?:version|>=|\d)|needs? to be installed|FOUND to FALSE|\bNo \S.{0,60} found\b|(?:[Ff]ailed|[Uu]nable) to (?:find|locate|detect)|[Dd]id not (?:find|detect)|(?:was|were|is) not (?:detected|available)|(?:must|should|has to|have to) be installed|[Nn]o (?:suitable|usable|working) \w)/,
      within: 6,
      max: 1,
      isNeeded: true,
    },
    advice: "CMake does not find what the project requires (the next lines name it): add it to BuildRequires.",
    example: `
=> CMake Error at CMakeLists.txt:33 (message):
  Qt5 was not found, please install qt5-qtbase-devel
-- Configuring incomplete, errors occurred!`,
  },
  {
    name: "cmake-required-features",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: "FeatureSummary.cmake",
    pattern: /^CMake Error at (?<file>[^\s:]{1,300}FeatureSummary\.cmake):(?<line>\d{1,7})/i,
    advice: "Packages that the project requires are not there (they are listed above it): add them to BuildRequires.",
    example: `
-- The following REQUIRED packages have not been found:

 * MLT (required version >= 7.33.0), Multimedia Framework, <https://mltframework.org>

=> CMake Error at /usr/share/cmake/Modules/FeatureSummary.cmake:464 (message):
  feature_summary() Error: REQUIRED package(s) are missing, aborting CMake run.
-- Configuring incomplete, errors occurred!`,
  },
  {
    name: "meson-subproject",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: [
      "wrap-based subproject downloading is disabled",
      "Neither a subproject directory nor a ",
      "Subproject ",
      "Automatic wrap-based",
    ],
    pattern:
      /^(?:[^\s:]{1,300}:\d{1,7}:\d{1,7}: )?ERROR: (?:Automatic wrap-based .{0,40}downloading is disabled|Neither a subproject directory nor a (?<wrap>\S{1,100}) file was found|Subproject (?<subproject>\S{1,100}) (?:is buildable: NO|does not exist|could not be found))/,
    advice: "Meson falls back to a subproject that is not there: add what replaces it, as pkgconfig(NAME), to BuildRequires.",
    example: `
Run-time dependency frob found: NO (tried pkgconfig)
Looking for a fallback subproject for the dependency frob
=> meson.build:12:0: ERROR: Automatic wrap-based subproject downloading is disabled`,
  },
  {
    name: "cmake-package",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: ["CMake Error at "],
    pattern:
      /^CMake Error at (?<file>[^\s:]{1,300}):(?<line>\d{1,7}) \((?:find_package|find_library|find_program|pkg_check_modules|_pkg_check_modules_internal|find_dependency)/i,
    follow: {
      pattern: /^ {2}(?:By not providing|Could not find|The following required|Found package|No module|- )|^ {3}- /,
      within: 10,
      max: 2,
    },
    advice: "CMake does not find a package it needs: add what provides it, e.g. cmake(NAME), to BuildRequires.",
    example: `
-- Could NOT find Doxygen (missing: DOXYGEN_EXECUTABLE)
=> CMake Error at CMakeLists.txt:4 (find_package):
  By not providing "FindQt6.cmake" in CMAKE_MODULE_PATH this project has
  asked CMake to find a package configuration file provided by "Qt6", but
  CMake did not find one.
-- Configuring incomplete, errors occurred!`,
  },
  {
    name: "cmake-tool",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: ["CMake Error: "],
    pattern:
      /^CMake Error: (?:CMake was unable to find a build program|The following variables are used in this project, but they are set to NOTFOUND|Could not create named generator Ninja|CMAKE_\w{1,10}_COMPILER not set)/,
    follow: { pattern: /^\w{1,60}(?: \(ADVANCED\))?$/, within: 4, max: 2 },
    advice: "CMake does not find a library, a compiler or a program (it names it): add what provides it to BuildRequires.",
    example: `
=> CMake Error: CMake was unable to find a build program corresponding to "Ninja".  CMAKE_MAKE_PROGRAM is not set.
CMake Error: CMAKE_C_COMPILER not set, after EnableLanguage`,
  },
  {
    name: "cmake-target-or-module",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: ["CMake Error at "],
    pattern:
      /^CMake Error at (?<file>[^\s:]{1,300}):(?<line>\d{1,7}) \((?:include|project|enable_language|target_link_libraries|add_executable|add_library|set_target_properties|find_file|find_path|pkg_search_module|pkg_get_variable|ecm_\w{1,40}|qt\d?_\w{1,40}|kde_\w{1,40})\):/i,
    follow: {
      pattern:
        /^ {2}(?:No CMAKE_\w{1,20}_COMPILER could be found|include could not find requested file|Target ".{1,100}" links to|The link interface of target|Could not find)/,
      within: 2,
      max: 1,
      isNeeded: true,
    },
    advice: "CMake does not find a module, target, compiler or program (the next lines name it): add what provides it to BuildRequires.",
    example: `
=> CMake Error at CMakeLists.txt:12 (include):
  include could not find requested file:

    ECMInstallIcons

-- Configuring incomplete, errors occurred!`,
  },
  {
    name: "cmake-module-could-not-find",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: ["FindPackageHandleStandardArgs.cmake", "FindPkgConfig.cmake", "ECMFindModuleHelpers"],
    pattern:
      /^CMake Error at (?<file>[^\s:]{1,300}(?:FindPackageHandleStandardArgs|FindPkgConfig|ECMFindModuleHelpers)\.cmake):(?<line>\d{1,7})/i,
    follow: { pattern: /^ {2}Could NOT find|^ {2}The following required|^ {3}- |^ {2}A required package/, within: 8, max: 2 },
    advice: "CMake does not find a package it needs (the next line names it): add it to BuildRequires.",
    example: `
=> CMake Error at /usr/share/cmake/Modules/FindPackageHandleStandardArgs.cmake:233 (message):
  Could NOT find ZLIB (missing: ZLIB_LIBRARY ZLIB_INCLUDE_DIR)
Call Stack (most recent call first):
-- Configuring incomplete, errors occurred!`,
  },
  {
    name: "cmake-could-not-find",
    category: "missing-dep-configure",
    certainty: "likely",
    phases: scripts,
    needles: ["Could NOT find ", "Could not find a package configuration file provided by"],
    pattern:
      /^ {2}(?:Could NOT find (?<package>[\w.+-]{1,100}) \(missing|Could not find a package configuration file provided by "(?<config>[\w.+-]{1,100})")/,
    advice: ({ package: name, config }) => `Add cmake(${name ?? config}), or the package that has it, to BuildRequires.`,
    example: `
CMake Warning at x.cmake:1 (message):
=>   Could NOT find Wayland (missing: Wayland_Client)
-- Configuring incomplete, errors occurred!`,
  },
  {
    name: "cmake-version",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: ["Compatibility with CMake < ", "or higher is required.  You are running"],
    pattern: /^ {2}(?:Compatibility with CMake < [\d.]+ has been removed|CMake [\d.]+ or higher is required\. {2}You are running)/,
    advice: "The project asks for another version of CMake: raise its cmake_minimum_required, or pass -DCMAKE_POLICY_VERSION_MINIMUM=3.5.",
    example: `
CMake Error at CMakeLists.txt:1 (cmake_minimum_required):
=>   Compatibility with CMake < 3.5 has been removed from CMake.
-- Configuring incomplete, errors occurred!`,
  },
  {
    name: "cmake-installs-no-file",
    category: "install-missing-file",
    certainty: "sure",
    phases: ["install"],
    needles: "cmake_install.cmake:",
    pattern: /^CMake Error at (?<file>[^\s:]{1,300}cmake_install\.cmake):(?<line>\d{1,7}) \(file\)/i,
    follow: { pattern: /^ {2}file INSTALL cannot find|^ {2}"\/\S{1,400}"/, within: 2, max: 2, isNeeded: true },
    unless: /Permission denied/,
    advice: "The build made no such file (the lines below name it): fix its name, or build it.",
    example: `
-- Install configuration: "RelWithDebInfo"
=> CMake Error at data/cmake_install.cmake:54 (file):
  file INSTALL cannot find
  "/builddir/build/BUILD/x-1.0/redhat-linux-build/data/org.x.metainfo.xml":
  No such file or directory.`,
  },
  {
    name: "cmake-install-error",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: "cmake_install.cmake:",
    pattern: /^CMake Error at (?<file>[^\s:]{1,300}cmake_install\.cmake):(?<line>\d{1,7})/i,
    follow: { pattern: /^ {2}\S/, within: 2, max: 1 },
    advice: "CMake can't install: the lines below say why.",
    example: `
-- Install configuration: "RelWithDebInfo"
=> CMake Error at doc/cmake_install.cmake:46 (execute_process):
  execute_process failed command indexes:`,
    in: "install",
  },
  {
    name: "cmake-error",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: ["CMake Error", "Error: could not load cache"],
    pattern: /^CMake Error(?:: | in \S{1,300}:$| at (?<file>[^\s:]{1,300}):(?<line>\d{1,7}))|^Error: could not load cache/i,
    unless:
      /cmake_install\.cmake|\((?:find_package|find_library|find_program|pkg_check_modules|_pkg_check_modules_internal|find_dependency)|CMake was unable to find a build program|are set to NOTFOUND|FeatureSummary\.cmake|FindPackageHandleStandardArgs|FindPkgConfig\.cmake|ECMFindModuleHelpers|cmake_minimum_required/i,
    follow: { pattern: /^ {2}\S/, within: 2, max: 1 },
    advice: "CMake gives up: the lines below say why.",
    example: `
=> CMake Error at CMakeLists.txt:40 (message):
  Unsupported architecture: riscv64
-- Configuring incomplete, errors occurred!`,
  },
  {
    name: "meson-program",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: ["ERROR: Program "],
    pattern:
      /^(?:(?<file>[^\s:]{1,300}):(?<line>\d{1,7}):\d{1,7}: )?ERROR: Program (?:or command )?["'‘]?(?<command>[^\s"',’]{1,100})["'’]?.{0,200}not found/,
    advice: ({ command }) => `Add the package that has ${command} to BuildRequires (dnf repoquery --file '*/bin/${command}').`,
    example: `
Program blueprint-compiler found: NO

=> ../src/ui/meson.build:5:19: ERROR: Program 'blueprint-compiler' not found or not executable

A full log can be found at /builddir/build/BUILD/x/redhat-linux-build/meson-logs/meson-log.txt`,
  },
  {
    name: "meson-dependency",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: ["ERROR: Dependency ", "ERROR: Dependency lookup for", "ERROR: C shared or static library", "ERROR: C++ shared"],
    pattern:
      /^(?:(?<file>[^\s:]{1,300}):(?<line>\d{1,7}):\d{1,7}: )?ERROR: (?:Dependency|Dependency lookup for|C(?:\+\+)? (?:shared or static )?library) ["'‘]?(?<name>[^\s"',’]{1,100})["'’]?.*(?:not found|found but|found: NO|failed|Invalid version)/,
    advice: ({ name }) => askFor(`pkgconfig(${name})`).replace(".", ", or the package that has it."),
    example: `
Run-time dependency egl found: NO (tried pkgconfig)

=> meson.build:12:6: ERROR: Dependency "egl" not found, tried pkgconfig

A full log can be found at /builddir/build/BUILD/x/redhat-linux-build/meson-logs/meson-log.txt`,
  },
  {
    name: "meson-problem-on-dependency",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: [
      "ERROR: Problem encountered: ",
      "header '",
      "ERROR: Pkg-config",
      "ERROR: Could not detect",
      "ERROR: Unknown compiler",
      "is missing modules: ",
    ],
    pattern:
      /^[^\s:]{1,300}:\d{1,7}:\d{1,7}: ERROR: (?<message>Problem encountered: .{0,200}(?:not found|required|missing|could not be found|not available|not installed|needed|need |requires|[Pp]lease install|Cannot find|Could not find).{0,200}|\S{1,60} is missing modules: .{1,200}|Unknown compiler\(s\): .{1,200}|C(?:\+\+)? header '.{1,200}' not found|Pkg-config .{0,60}not found.{0,100})/,
    advice: ({ message }) => `Meson misses something ("${message}"): add it to BuildRequires.`,
    example: `
=> meson.build:20:4: ERROR: Problem encountered: libfrob is required but was not found`,
  },
  {
    name: "meson-error",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: [": ERROR: ", "meson.build:", "ERROR: Neither source directory"],
    pattern:
      /^(?:(?<file>[^\s:]{0,300}meson(?:\.build|_options\.txt|\.options)):(?<line>\d{1,7}):\d{1,7}: )?ERROR: (?<message>(?<=:\d{1,7}: ERROR: ).{1,300}|Neither source directory .{1,300})/,
    unless:
      /ERROR: (?:(?:Dependency|Program|C(?:\+\+)? (?:shared|library)).*(?:not found|found but|found: NO)|Automatic wrap|Neither a subproject|Subproject .* (?:is buildable|does not exist|could not be))/,
    advice: ({ message }) => `Meson gives up: ${message}.`,
    example: `
Project name: player
=> meson.build:1:0: ERROR: Unknown options: "docs"

A full log can be found at /builddir/build/BUILD/x/redhat-linux-build/meson-logs/meson-log.txt`,
  },
];
