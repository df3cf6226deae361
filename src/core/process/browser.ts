import { startDetached } from "./detached.ts";
import { MissingProgramError } from "./start.ts";

/** Where a browser may be found. */
export interface DesktopOptions {
  environment?: Readonly<Record<string, string | undefined>>;
  platform?: NodeJS.Platform;
}

/**
 * Shows a page in the user's browser, which runs on by itself; resolves to false where there is no desktop or no browser.
 * `$BROWSER` is a list of command lines, of which the first is taken, as words: no shell reads it.
 */
export async function openInBrowser(url: string, options: DesktopOptions = {}): Promise<boolean> {
  const argv = browserCommand(url, options);
  if (argv === undefined) return false;
  try {
    await startDetached(argv, { stdio: ["ignore", "ignore", "ignore"] });
    return true;
  } catch (error) {
    if (error instanceof MissingProgramError) return false;
    throw error;
  }
}

/** The command line that shows a page; undefined where there is no desktop. */
export function browserCommand(
  url: string,
  { environment = process.env, platform = process.platform }: DesktopOptions = {},
): string[] | undefined {
  const isMac = platform === "darwin";
  if (!isMac && !environment["DISPLAY"] && !environment["WAYLAND_DISPLAY"]) return undefined;
  const words = (environment["BROWSER"] ?? "").split(":", 1)[0]?.split(/\s+/).filter(Boolean) ?? [];
  if (words.length === 0) return [isMac ? "open" : "xdg-open", url];
  const named = words.map((word) => word.replaceAll("%s", () => url));
  return words.some((word) => word.includes("%s")) ? named : [...words, url];
}
