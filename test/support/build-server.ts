import type { BuildState } from "../../src/core/api/types.ts";
import { serveFile } from "./served-file.ts";
import { type SeenRequest, sendJson, type WebServer, webServer } from "./web-server.ts";

/** A chroot of a build, or its SRPM phase; a test changes it while it is looked at. */
export interface ServedPart {
  state: BuildState;
  /** Its result directory. */
  files: Record<string, Buffer | string>;
  hasNoDirectory?: boolean;
  /** What the frontend names instead of where they are. */
  resultUrl?: string;
}

interface ServedBuild {
  source: ServedPart;
  chroots: Record<string, ServedPart>;
  isDeleted?: boolean;
  /** The frontend answers 503. */
  isInTrouble?: boolean;
}

export type BuildServer = WebServer & { build: ServedBuild };

const ID = 7;

/** A frontend that knows build 7, with its results. Answers as the real one does, also where that is odd. */
export async function buildServer(
  chroots: Record<string, ServedPart>,
  source: ServedPart = { state: "succeeded", files: {} },
): Promise<BuildServer> {
  const build: ServedBuild = { source, chroots };
  const server = await webServer((response, request) => {
    const { pathname } = new URL(request.url, "http://x");
    const [, part = "", name = ""] = /^\/results\/([^/]+)\/(.*)$/.exec(pathname) ?? [];
    if (part !== "") {
      const files = part === "srpm-builds" ? build.source.files : build.chroots[part]?.files;
      return serveFile(response, request, { content: files?.[decodeURIComponent(name)] });
    }
    if (build.isInTrouble) return response.writeHead(503).end("<html>");
    if (build.isDeleted) return sendJson(response, { error: `Build ${ID} does not exist.` }, 404);
    return answer(pathname.replace("/api_3/", ""), request);

    function answer(route: string, { headers }: SeenRequest): void {
      const resultUrl = (chroot: string, { hasNoDirectory, resultUrl: url }: ServedPart): string | null =>
        hasNoDirectory ? null : (url ?? `http://${headers.host}/results/${chroot}/`);
      switch (route) {
        case `build/${ID}`:
          return sendJson(response, {
            id: ID,
            state: buildState(build),
            ownername: "me",
            projectname: "prj",
            chroots: Object.keys(build.chroots),
          });
        case "build-chroot/list":
          return sendJson(response, {
            items: Object.entries(build.chroots).map(([chroot, served]) => ({
              name: chroot,
              state: served.state,
              started_on: null,
              ended_on: null,
              result_url: resultUrl(chroot, served),
            })),
          });
        case `build/source-chroot/${ID}`:
          if (build.source.hasNoDirectory) return sendJson(response, { error: "Request wasn't successful, there is probably a bug." }, 500);
          return sendJson(response, { state: build.source.state, result_url: resultUrl("srpm-builds", build.source) });
        default:
          return sendJson(response, { error: "Such API endpoint doesn't exist" }, 404);
      }
    }
  });
  return { ...server, build };
}

function buildState({ source, chroots }: ServedBuild): BuildState {
  const states = new Set(Object.values(chroots).map(({ state }) => state));
  if (source.state !== "succeeded") return source.state;
  const order = ["running", "starting", "pending", "failed", "canceled", "succeeded", "skipped"] as const;
  return order.find((state) => states.has(state)) ?? "waiting";
}
