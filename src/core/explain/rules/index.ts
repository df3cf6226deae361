import type { Rule } from "./rule.ts";
import { archives } from "./archives.ts";
import { buildrootPolicy } from "./buildroot-policy.ts";
import { builtFiles } from "./built-files.ts";
import { cmakeAndMeson } from "./cmake-and-meson.ts";
import { compilers } from "./compilers.ts";
import { configure } from "./configure.ts";
import { crashRules } from "./crashes.ts";
import { documents } from "./documents.ts";
import { downloads } from "./downloads.ts";
import { fileOperations } from "./file-operations.ts";
import { go } from "./go.ts";
import { haskellTests } from "./haskell-tests.ts";
import { javaAndNode } from "./java-and-node.ts";
import { languageTests } from "./language-tests.ts";
import { lastWordRules } from "./last-words.ts";
import { linkers } from "./linkers.ts";
import { make } from "./make.ts";
import { memory } from "./memory.ts";
import { mock } from "./mock.ts";
import { mockFaults } from "./mock-faults.ts";
import { moreLanguageTests } from "./more-language-tests.ts";
import { network } from "./network.ts";
import { otherLanguages } from "./other-languages.ts";
import { packages } from "./packages.ts";
import { perlRubyPhp } from "./perl-ruby-php.ts";
import { python } from "./python.ts";
import { repositories } from "./repositories.ts";
import { rust } from "./rust.ts";
import { shell } from "./shell.ts";
import { smallerLanguages } from "./smaller-languages.ts";
import { sourcePackages } from "./source-packages.ts";
import { specFile } from "./spec-file.ts";
import { testRules } from "./tests.ts";
import { unitTests } from "./unit-tests.ts";
import { vague } from "./vague.ts";

/** All rules. Of two that name the same line with the same certainty, the earlier one is taken. */
export const allRules: readonly Rule[] = [
  ...archives,
  ...buildrootPolicy,
  ...builtFiles,
  ...memory,
  ...compilers,
  ...cmakeAndMeson,
  ...configure,
  ...downloads,
  ...documents,
  ...smallerLanguages,
  ...javaAndNode,
  ...linkers,
  ...make,
  ...mock,
  ...mockFaults,
  ...network,
  ...perlRubyPhp,
  ...otherLanguages,
  ...packages,
  ...repositories,
  ...python,
  ...rust,
  ...go,
  ...shell,
  ...fileOperations,
  ...crashRules,
  ...sourcePackages,
  ...specFile,
  ...haskellTests,
  ...languageTests,
  ...testRules,
  ...unitTests,
  ...moreLanguageTests,
  ...vague,
  ...lastWordRules,
];
