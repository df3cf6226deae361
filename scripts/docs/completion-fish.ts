import { allOptions, type CommandDoc, type OptionDoc, type ProgramDoc } from "./command-tree.ts";
import {
  completionHeader,
  flagsWithValue,
  isNames,
  type Offer,
  offerForArgument,
  offerForOption,
  plainWord,
  programNames,
} from "./completion.ts";

/** The completion script for fish. */
export function fishCompletion(tree: ProgramDoc): string {
  const { options, commands } = tree;
  const [program, ...aliases] = programNames;
  const noCommand = `-n __copr_cli_needs_command`;
  return `${completionHeader("fish").join("\n")}

function __copr_cli_words --description 'Print the command and its arguments, without options and their values'
    set -l words (commandline -opc)
    set -l index 2
    while set -q words[$index]
        switch $words[$index]
            case ${flagsWithValue(tree).join(" ")}
                set index (math $index + 1)
            case '-*'
            case '*'
                echo $words[$index]
        end
        set index (math $index + 1)
    end
end

function __copr_cli_needs_command
    not count (__copr_cli_words) >/dev/null
end

function __copr_cli_in
    set -l words (__copr_cli_words)
    set -q words[1]; and test $words[1] = $argv[1]
end

function __copr_cli_at --description 'Whether the cursor is at this argument of the command, or a later one if it may be repeated'
    set -l words (__copr_cli_words)
    set -q words[1]; and test $words[1] = $argv[1]; and test (count $words) $argv[2] $argv[3]
end

function __copr_cli_names --description 'Print names of projects, chroots, packages or builds, which the program knows'
    set -l words (commandline -opc)
    set -l globals
    if string match -qr -- '^--(config|instance)$' "$words[2]"; and set -q words[3]
        set globals $words[2] $words[3]
    else if string match -qr -- '^--(config|instance)=' "$words[2]"
        set globals $words[2]
    end
    set -l given (__copr_cli_words)
    set -l project $given[2]
    for index in (seq 2 (count $words))
        switch $words[$index]
            case --project
                set project $words[(math $index + 1)]
            case '--project=*'
                set project (string replace -- --project= '' $words[$index])
        end
    end
    command ${program} $globals __complete $argv[1] (string replace -r -- '^--[^=]*=' '' (commandline -ct)) "$project" 2>/dev/null </dev/null
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
  const name = plainWord(command.name);
  const argumentLines = command.arguments.flatMap((argument, index) => {
    const offer = offerForArgument(argument);
    if (offer === "nothing") return [];
    const place = `-n '__copr_cli_at ${name} ${argument.isVariadic ? "-gt" : "-eq"} ${argument.isVariadic ? index : index + 1}'`;
    return [complete(place, argumentsOf(offer))];
  });
  return [...argumentLines, ...allOptions(command).map((option) => optionLine(`-n '__copr_cli_in ${name}'`, option))].join("\n");
}

function argumentsOf(offer: Offer): string {
  return valueOf(offer).replace(/^-[rx]/, "-");
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
  // Builds come newest first.
  if (isNames(offer)) return `-x${offer === "builds" || offer === "pages" ? "k" : ""}a '(__copr_cli_names ${offer})'`;
  if (offer === "directories") return "-xa '(__fish_complete_directories)'";
  if (offer === "builds-or-files") return "-rFka '(__copr_cli_names builds)'";
  return offer === "nothing" ? "-x" : `-xa '${offer.join(" ")}'`;
}

function quotedForFish(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
