/**
 * Whether the architectures a spec file asks for may differ by distribution: one of the tags holds a macro, is in a
 * condition or comes from a macro. Takes the logical lines. It is a glance at the text, and rather says yes than no.
 */
export function mayDependOnDistribution(lines: readonly string[]): boolean {
  let depth = 0;
  for (const line of lines) {
    if (/^\s*%if/.test(line)) depth += 1;
    else if (/^\s*%endif/.test(line)) depth -= 1;
    else if (architectureTag.test(line) && (depth > 0 || line.includes("%") || !/^[a-z]/i.test(line))) return true;
    else if (/%\{?\??gometa\b/.test(line)) return true;
    else if (/^%(package|description|prep|build|install|changelog)\b/.test(line) && depth <= 0) return false;
  }
  return false;
}

const architectureTag = /(BuildArch|BuildArchitectures|ExclusiveArch|ExcludeArch)\s*:/i;
