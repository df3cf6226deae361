/** Tools that can make a checkout's source package instead of us. */
export const packagingTools = ["fedpkg", "rpkg", "tito"] as const;
export type PackagingTool = (typeof packagingTools)[number];
