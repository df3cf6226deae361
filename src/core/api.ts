/** Every route of API v3 that this library knows, one function a route. */
export * from "./api/build-chroots.ts";
export * from "./api/builds.ts";
export * from "./api/chroots.ts";
export * from "./api/general.ts";
export * from "./api/login.ts";
export * from "./api/packages.ts";
export * from "./api/permissions.ts";
export * from "./api/projects.ts";
export type * from "./api/types.ts";
