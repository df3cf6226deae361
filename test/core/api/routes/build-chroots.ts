import {
  type BuildChroot,
  type BuildChrootConfig,
  getBuildChroot,
  getBuildChrootConfig,
  getChrootBuiltPackages,
  listBuildChroots,
  type Nevra,
} from "../../../../src/core/index.ts";
import { recorded, recordedAnswer, type RouteCase, routeCase, unrecorded } from "../route-case.ts";

const LIST = "GET /api_3/build-chroot/list";
const CONFIG = "GET /api_3/build-chroot/build-config";

const chrootName = "fedora-42-x86_64";
const { items } = recordedAnswer("build-chroot-list", LIST) as { items: BuildChroot[] };
const chroot = items.find(({ name }) => name === chrootName);
const fields: (keyof BuildChroot)[] = ["name", "state", "started_on", "ended_on", "result_url"];
const settings: (keyof BuildChrootConfig)[] = ["repos", "additional_packages", "enable_net", "memory_limit", "timeout"];
const built = recordedAnswer("built-packages", "GET /api_3/build/built-packages/<int:build_id>") as Record<string, { packages: Nevra[] }>;

/** Routes below `build-chroot/`. Those of single chroots answer what others were recorded to list. */
export const buildChrootRoutes: readonly RouteCase[] = [
  routeCase(LIST, recorded("build-chroot-list", LIST), (client) => listBuildChroots(client, 4), fields),
  routeCase(
    "GET /api_3/build-chroot/list/<int:build_id>",
    recorded("build-chroot-list", LIST, { path: "/api_3/build-chroot/list/4" }),
    (client) => listBuildChroots(client, 4, { twin: true }),
    fields,
  ),
  routeCase(
    "GET /api_3/build-chroot/",
    unrecorded({ path: `/build-chroot?build_id=4&chrootname=${chrootName}` }, chroot),
    (client) => getBuildChroot(client, 4, chrootName),
    fields,
  ),
  routeCase(
    "GET /api_3/build-chroot/<int:build_id>/<chrootname>",
    unrecorded({ path: `/build-chroot/4/${chrootName}` }, chroot),
    (client) => getBuildChroot(client, 4, chrootName, { twin: true }),
    fields,
  ),
  routeCase(CONFIG, recorded("build-chroot-config", CONFIG), (client) => getBuildChrootConfig(client, 4, chrootName), settings),
  routeCase(
    "GET /api_3/build-chroot/build-config/<int:build_id>/<chrootname>",
    recorded("build-chroot-config", CONFIG, { path: `/api_3/build-chroot/build-config/4/${chrootName}` }),
    (client) => getBuildChrootConfig(client, 4, chrootName, { twin: true }),
    settings,
  ),
  routeCase(
    "GET /api_3/build-chroot/built-packages",
    unrecorded({ path: `/build-chroot/built-packages?build_id=62&chrootname=${chrootName}` }, built[chrootName]),
    (client) => getChrootBuiltPackages(client, 62, chrootName),
    ["packages"],
  ),
];
