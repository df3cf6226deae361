/** Every route of API v3 that this library knows, one function a route. */
export * from "./build-chroots.ts";
export * from "./builds.ts";
export * from "./chroots.ts";
export * from "./general.ts";
export * from "./login.ts";
export * from "./packages.ts";
export * from "./permissions.ts";
export * from "./projects.ts";
export { buildStates } from "./types.ts";
export type * from "./types.ts";
