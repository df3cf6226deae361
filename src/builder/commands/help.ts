import { Command } from "commander";
import { UsageError } from "../../core/errors.ts";
import { print } from "../terminal.ts";

/** What everybody should know who is let on a builder. */
const GUIDE = `This machine is a builder of Copr. Somebody trusted you with it.

Use it with care, and only for work on packages of Copr. It belongs to those who
run this Copr: nobody else may use it, and you should not let others in. Whatever
must not be built in Copr for legal reasons must not be built here either:
  https://docs.copr.fedorainfracloud.org/user_documentation.html#what-i-can-build-in-copr

How long you have it, and whether a task is running:
  copr-builder show

It goes away by itself, an hour after it was given to you or sooner, with all that
is on it. To keep it for longer, up to three days in all:
  copr-builder prolong --hours 2

The build you chose has been started here once more. To follow its log, or end it:
  copr-builder log --follow
  copr-builder cancel

To repeat a build, type the command that stands at the top of its log, such as:
  copr-rpmbuild --verbose --drop-resultdir --srpm --task-url ADDRESS
Log and results are in /var/lib/copr-rpmbuild.

When you are done, give the machine back, so that others can have it:
  copr-builder release

Every command tells more of itself: copr-builder help COMMAND
All of them: copr-builder --help
`;

/** `help`: alone a guide for the users of a builder, with a command its help. */
export function help(program: () => Command): Command {
  return new Command("help")
    .summary("print a guide for users of a builder, or the help of a command")
    .argument("[command]", "command to explain")
    .addHelpText("after", "\nExample:\n  copr-builder help prolong")
    .action((name: string | undefined) => {
      if (name === undefined) {
        print(GUIDE);
        return;
      }
      const command = program().commands.find((one) => one.name() === name);
      if (!command) throw new UsageError(`There is no command '${name}'`, { hint: "See 'copr-builder --help'." });
      command.outputHelp();
    });
}
