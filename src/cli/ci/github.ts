/** Commands to GitHub's runner, https://docs.github.com/actions/reference/workflow-commands-for-github-actions. */
export const github = {
  beginGroup: (title: string): string => `::group::${escapeData(title)}\n`,
  endGroup: (): string => "::endgroup::\n",
  /** Shown at the top of the run, and with the commit. */
  error: (title: string, message: string): string => `::error title=${escapeProperty(title)}::${escapeData(message)}\n`,
};

/** As GitHub's own toolkit does. */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
