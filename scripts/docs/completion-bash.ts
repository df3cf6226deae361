import { allOptions, type CommandDoc, type OptionDoc, type ProgramDoc } from "./command-tree.ts";
import { completionHeader, flagsWithValue, type Offer, offerForArgument, offerForOption, plainWord, programNames } from "./completion.ts";
import { groupBy } from "./group-by.ts";

/** The completion script for bash. It stands alone: the bash-completion package is not needed. */
export function bashCompletion(program: ProgramDoc): string {
  const { options, commands } = program;
  const names = commands.map(({ name }) => plainWord(name));
  return `# shellcheck shell=bash
${completionHeader("bash").join("\n")}

_copr_cli() {
    local -a words=() globals=() arguments=() given=()
    local current option='' command='' options='' values='' repeated='' project='' offer index
    COMPREPLY=()

    # COMP_WORDS would be cut at @, : and =, which names and --option=value have inside.
    read -ra words <<<"\${COMP_LINE:0:COMP_POINT}"
    [[ \${COMP_LINE:0:COMP_POINT} == *[[:space:]] ]] && words+=('')
    current=\${words[-1]}
    if [[ $current == --*=* ]]; then
        option=\${current%%=*}
        current=\${current#*=}
    elif ((\${#words[@]} > 2)); then
        option=\${words[-2]}
    fi

    # The command is the first word that is neither an option nor its value; what follows are its arguments.
    for ((index = 1; index < \${#words[@]} - 1; index++)); do
        case \${words[index]} in
            --config|--instance)
                [[ -z $command ]] && globals=("\${words[index]}" "\${words[index+1]}")
                ((index++)) ;;
            --config=*|--instance=*) [[ -z $command ]] && globals=("\${words[index]}") ;;
            --project)
                project=\${words[index+1]}
                ((index++)) ;;
            --project=*) project=\${words[index]#*=} ;;
            ${flagsWithValue(program)
              .filter((flag) => !["--config", "--instance", "--project"].includes(flag))
              .join("|")})
                ((index++)) ;;
            -*) ;;
            *)
                if [[ -z $command ]]; then
                    command=\${words[index]}
                else
                    given+=("\${words[index]}")
                fi ;;
        esac
    done

    # What the command takes; $values is for the option before the cursor.
    case $command in
${commandCase("''", options, [{ offer: names, isRepeated: false }])}
${commands.map((command) => commandCase(plainWord(command.name), allOptions(command), argumentOffers(command))).join("\n")}
    esac

    if [[ -n $values ]]; then
        offer=$values
    elif [[ $current == -* ]]; then
        offer=$options
    else
        offer=\${arguments[\${#given[@]}]-}
        [[ -z $offer && -n $repeated ]] && offer=\${arguments[-1]}
    fi
    case $offer in
        @nothing) ;;
        @files)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
        @builds-or-files)
            compopt -o filenames
            mapfile -t COMPREPLY < <(command ${programNames[0]} "\${globals[@]}" __complete builds "$current" 2>/dev/null </dev/null | cut -f 1; compgen -f -- "$current") ;;
        @directories)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
        @*)
            # Behind a tab is what a name means, which bash has no place for. Builds come newest first.
            mapfile -t COMPREPLY < <(command ${programNames[0]} "\${globals[@]}" __complete "\${offer:1}" "$current" "\${project:-\${given[0]-}}" 2>/dev/null </dev/null | cut -f 1)
            [[ \${COMPREPLY[0]-} == [0-9]* ]] && compopt -o nosort 2>/dev/null
            [[ \${COMPREPLY[0]-} == */ ]] && compopt -o nospace ;;
        *)
            mapfile -t COMPREPLY < <(compgen -W "$offer" -- "$current") ;;
    esac
    # bash replaces only what stands behind the last character that it takes for the end of a word.
    COMPREPLY=("\${COMPREPLY[@]#"\${current%"$2"}"}")
}

complete -F _copr_cli ${programNames.join(" ")}
`;
}

interface ArgumentOffer {
  offer: Offer;
  isRepeated: boolean;
}

function commandCase(pattern: string, options: readonly OptionDoc[], offers: readonly ArgumentOffer[]): string {
  const lines = [
    `        ${pattern})`,
    `            options='${flagWords(options)}'`,
    ...(offers.length === 0 ? [] : [`            arguments=(${offers.map(({ offer }) => `'${offerWord(offer)}'`).join(" ")})`]),
    ...(offers.at(-1)?.isRepeated ? ["            repeated=1"] : []),
    ...valueCases(options),
  ];
  return `${lines.join("\n")} ;;`;
}

function argumentOffers(command: CommandDoc): ArgumentOffer[] {
  return command.arguments.map((argument) => ({ offer: offerForArgument(argument), isRepeated: argument.isVariadic }));
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

function offerWord(offer: Offer): string {
  return typeof offer === "string" ? `@${offer}` : offer.join(" ");
}
