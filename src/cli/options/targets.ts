import { Argument } from "commander";

/** The project a command is about. */
export function projectArgument(name = "project"): Argument {
  return new Argument(`<${name}>`, "project, as NAME or OWNER/NAME; a group is an owner @GROUP");
}

/** Where a build goes. */
export function buildTargetArgument(): Argument {
  return new Argument("<project>", "project to build in, as NAME, OWNER/NAME or OWNER/NAME:DIRECTORY");
}

/** A chroot of a project. */
export function chrootArgument(): Argument {
  return new Argument("<project/chroot>", "chroot of a project, as NAME/CHROOT or OWNER/NAME/CHROOT");
}
