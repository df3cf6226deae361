import type { Rule } from "./rule.ts";
import { archives } from "./archives.ts";
import { buildConfigurators } from "./build-configurators.ts";
import { buildrootPolicy } from "./buildroot-policy.ts";
import { builtFiles } from "./built-files.ts";
import { cmakeAndMeson } from "./cmake-and-meson.ts";
import { compilerCrashes } from "./compiler-crashes.ts";
import { compilerTools } from "./compiler-tools.ts";
import { compilers } from "./compilers.ts";
import { configure } from "./configure.ts";
import { crashRules } from "./crashes.ts";
import { debugInformation } from "./debug-information.ts";
import { documents } from "./documents.ts";
import { downloads } from "./downloads.ts";
import { fileOperations } from "./file-operations.ts";
import { erlangAndElixir } from "./erlang-and-elixir.ts";
import { functionalLanguages } from "./functional-languages.ts";
import { go } from "./go.ts";
import { haskellTests } from "./haskell-tests.ts";
import { java } from "./java.ts";
import { kernelModules } from "./kernel-modules.ts";
import { languageTests } from "./language-tests.ts";
import { lastLineRules, lastWordRules } from "./last-words.ts";
import { linkers } from "./linkers.ts";
import { make } from "./make.ts";
import { memory } from "./memory.ts";
import { mock } from "./mock.ts";
import { mockPrograms } from "./mock-programs.ts";
import { mockFaults } from "./mock-faults.ts";
import { moreLanguageTests } from "./more-language-tests.ts";
import { node } from "./node.ts";
import { network } from "./network.ts";
import { otherLanguages } from "./other-languages.ts";
import { packageWriting } from "./package-writing.ts";
import { packages } from "./packages.ts";
import { perl } from "./perl.ts";
import { php } from "./php.ts";
import { pythonPackaging } from "./python-packaging.ts";
import { python } from "./python.ts";
import { repositories } from "./repositories.ts";
import { ruby } from "./ruby.ts";
import { rust } from "./rust.ts";
import { scriptTests } from "./script-tests.ts";
import { shell } from "./shell.ts";
import { smallerLanguages } from "./smaller-languages.ts";
import { sourcePackages } from "./source-packages.ts";
import { sourceTools } from "./source-tools.ts";
import { specFile } from "./spec-file.ts";
import { testVerdicts } from "./test-verdicts.ts";
import { testRules } from "./tests.ts";
import { unitTests } from "./unit-tests.ts";
import { vague } from "./vague.ts";

/** All rules. Of two that name the same line with the same certainty, the earlier one is taken. */
export const allRules: readonly Rule[] = [
  ...archives,
  ...buildrootPolicy,
  ...debugInformation,
  ...builtFiles,
  ...packageWriting,
  ...memory,
  ...compilerCrashes,
  ...compilers,
  ...compilerTools,
  ...cmakeAndMeson,
  ...configure,
  ...buildConfigurators,
  ...downloads,
  ...documents,
  ...smallerLanguages,
  ...node,
  ...java,
  ...kernelModules,
  ...linkers,
  ...make,
  ...mock,
  ...mockFaults,
  ...mockPrograms,
  ...network,
  ...perl,
  ...ruby,
  ...php,
  ...erlangAndElixir,
  ...functionalLanguages,
  ...otherLanguages,
  ...packages,
  ...repositories,
  ...pythonPackaging,
  ...python,
  ...rust,
  ...go,
  ...shell,
  ...fileOperations,
  ...crashRules,
  ...sourcePackages,
  ...sourceTools,
  ...specFile,
  ...haskellTests,
  ...languageTests,
  ...testRules,
  ...unitTests,
  ...moreLanguageTests,
  ...scriptTests,
  ...testVerdicts,
  ...vague,
  ...lastWordRules,
  ...lastLineRules,
];
