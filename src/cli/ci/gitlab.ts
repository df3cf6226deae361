/** Sections of GitLab's job logs, https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections. */
export const gitlab = {
  beginSection: (name: string, title: string): string => marker("start", name, title),
  endSection: (name: string): string => marker("end", name, ""),
};

function marker(kind: "start" | "end", name: string, title: string): string {
  return `\u001b[0Ksection_${kind}:${Math.floor(Date.now() / 1000)}:${name}\r\u001b[0K${title}\n`;
}
