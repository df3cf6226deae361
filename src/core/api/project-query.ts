import type { ProjectRef } from "./types.ts";

/** A project as routes want it in their query, and nothing else of a record that has more, such as a build. */
export function projectQuery({ ownername, projectname }: ProjectRef): { ownername: string | undefined; projectname: string } {
  return { ownername, projectname };
}
