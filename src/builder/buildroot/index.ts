import { host } from "./host.ts";
import { mock } from "./mock.ts";
import type { Buildroot } from "./buildroot.ts";

/** The buildroots by name. */
export const buildroots: Readonly<Record<Buildroot["name"], Buildroot>> = { mock, host };
