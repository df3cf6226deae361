import { allOptions, type CommandDoc, type OptionDoc, type ProgramDoc } from "./command-tree.ts";
import { completionHeader, type Offer, offerForArgument, offerForOption, plainWord, programNames } from "./completion.ts";
import { groupBy } from "./group-by.ts";

/** The completion script for bash. It stands alone: the bash-completion package is not needed. */
export function bashCompletion({ options, commands }: ProgramDoc): string {
  const names = commands.map(({ name }) => plainWord(name));
  return `# shellcheck shell=bash
${completionHeader("bash").join("\n")}

_copr_cli() {
    local current=\${COMP_WORDS[COMP_CWORD]} option=\${COMP_WORDS[COMP_CWORD-1]}
    local command='' options='' arguments='' values='' offer index
    COMPREPLY=()

    # bash makes three words of --option=value.
    if [[ $current == '=' ]]; then
        current=''
    elif [[ $option == '=' ]]; then
        option=\${COMP_WORDS[COMP_CWORD-2]}
    fi

    # The command is the first word that is no global option.
    for ((index = 1; index < COMP_CWORD; index++)); do
        case \${COMP_WORDS[index]} in
            ${valueFlags(options).join("|")})
                [[ \${COMP_WORDS[index+1]} == '=' ]] && ((index++))
                ((index++)) ;;
            -*) ;;
            *)
                command=\${COMP_WORDS[index]}
                break ;;
        esac
    done

    # What the command takes; $values is for the option before the cursor.
    case $command in
${commandCase("''", options, names)}
${commands.map((command) => commandCase(plainWord(command.name), allOptions(command), argumentOffer(command))).join("\n")}
    esac

    if [[ -n $values ]]; then
        offer=$values
    elif [[ $current == -* ]]; then
        offer=$options
    else
        offer=$arguments
    fi
    case $offer in
        @nothing) ;;
        @files)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
        @directories)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
        *)
            mapfile -t COMPREPLY < <(compgen -W "$offer" -- "$current") ;;
    esac
}

complete -F _copr_cli ${programNames.join(" ")}
`;
}

function commandCase(pattern: string, options: readonly OptionDoc[], argument: Offer): string {
  const lines = [
    `        ${pattern})`,
    `            options='${flagWords(options)}'`,
    ...(argument === "nothing" ? [] : [`            arguments='${offerWord(argument)}'`]),
    ...valueCases(options),
  ];
  return `${lines.join("\n")} ;;`;
}

function argumentOffer(command: CommandDoc): Offer {
  return command.arguments.map(offerForArgument).find((offer) => offer !== "nothing") ?? "nothing";
}

/** Sets what there is for the value of the option before the cursor, options with the same values together. */
function valueCases(options: readonly OptionDoc[]): string[] {
  const withValue = options.flatMap((option) => {
    const offer = offerForOption(option);
    // A value that may be left out does not forbid an option in its place.
    return offer === undefined || (offer === "nothing" && option.isValueOptional) ? [] : [{ flags: option.flags, offer: offerWord(offer) }];
  });
  if (withValue.length === 0) return [];
  const cases = [...groupBy(withValue, ({ offer }) => offer)].map(
    ([offer, members]) => `                ${members.flatMap(({ flags }) => flags).join("|")}) values='${offer}' ;;`,
  );
  return ["            case $option in", ...cases, "            esac"];
}

function flagWords(options: readonly OptionDoc[]): string {
  return [...options.flatMap(({ flags }) => flags), "-h", "--help"].map(plainWord).join(" ");
}

function valueFlags(options: readonly OptionDoc[]): string[] {
  return options.filter(({ value }) => value !== undefined).flatMap(({ flags }) => flags);
}

function offerWord(offer: Offer): string {
  return typeof offer === "string" ? `@${offer}` : offer.join(" ");
}
