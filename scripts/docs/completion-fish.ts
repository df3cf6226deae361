import { allOptions, type CommandDoc, type OptionDoc, type ProgramDoc } from "./command-tree.ts";
import { completionHeader, type Offer, offerForArgument, offerForOption, plainWord, programNames } from "./completion.ts";

/** The completion script for fish. */
export function fishCompletion({ options, commands }: ProgramDoc): string {
  const [program, ...aliases] = programNames;
  const withValue = options.filter(({ value }) => value !== undefined).flatMap(({ flags }) => flags);
  const noCommand = `-n __copr_cli_needs_command`;
  return `${completionHeader("fish").join("\n")}

function __copr_cli_command --description 'Print the command on the command line, the first word that is no global option'
    set -l words (commandline -opc)
    set -l index 2
    while set -q words[$index]
        switch $words[$index]
            case ${withValue.join(" ")}
                set index (math $index + 1)
            case '-*'
            case '*'
                echo $words[$index]
                return 0
        end
        set index (math $index + 1)
    end
    return 1
end

function __copr_cli_needs_command
    not __copr_cli_command >/dev/null
end

function __copr_cli_in
    test (__copr_cli_command; or echo -) = $argv[1]
end

${aliases.map((alias) => `complete -c ${alias} -w ${program}`).join("\n")}
complete -c ${program} -f
complete -c ${program} -s h -l help -d 'print help'
${options.map((option) => optionLine(noCommand, option)).join("\n")}

${commands.map(({ name, summary }) => complete(noCommand, `-a ${plainWord(name)} -d ${quotedForFish(summary)}`)).join("\n")}

${commands
  .map(commandLines)
  .filter((lines) => lines !== "")
  .join("\n\n")}
`;
}

function commandLines(command: CommandDoc): string {
  const condition = `-n '__copr_cli_in ${plainWord(command.name)}'`;
  const takesFiles = command.arguments.some((argument) => offerForArgument(argument) === "files");
  return [...(takesFiles ? [complete(condition, "-F")] : []), ...allOptions(command).map((option) => optionLine(condition, option))].join(
    "\n",
  );
}

function complete(condition: string, rest: string): string {
  return `complete -c ${programNames[0]} ${condition} ${rest}`;
}

function optionLine(condition: string, option: OptionDoc): string {
  const flags = option.flags.map((flag) => (flag.startsWith("--") ? `-l ${plainWord(flag.slice(2))}` : `-s ${plainWord(flag.slice(1))}`));
  const offer = option.isValueOptional ? undefined : offerForOption(option);
  return complete(
    condition,
    [...flags, ...(offer === undefined ? [] : [valueOf(offer)]), "-d", quotedForFish(option.description)].join(" "),
  );
}

function valueOf(offer: Offer): string {
  if (offer === "files") return "-rF";
  if (offer === "directories") return "-xa '(__fish_complete_directories)'";
  return offer === "nothing" ? "-x" : `-xa '${offer.join(" ")}'`;
}

function quotedForFish(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
