import { type ArgumentDoc, allOptions, type CommandDoc, type OptionDoc, type ProgramDoc } from "./command-tree.ts";
import { completionHeader, isNames, type Offer, offerForArgument, offerForOption, plainWord, programNames, quoted } from "./completion.ts";

const HELP = "'(- *)'{-h,--help}'[print help]'";

/** The completion function for zsh. */
export function zshCompletion({ options, commands }: ProgramDoc): string {
  return `#compdef ${programNames.join(" ")}
${completionHeader("zsh").join("\n")}

_copr_cli_commands() {
  local -a commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${plainWord(name)}:${summary.replaceAll(":", "\\:")}`)}`).join("\n")}
  )
  _describe -t commands command commands
}

# The program knows names of projects, chroots, packages and builds; one that ends in / goes on, and what stands behind a
# tab tells what it is. _arguments puts options for compadd first.
_copr_cli_names() {
  local -a names
  names=(\${(f)"$(command ${programNames[0]} $globals __complete $argv[-1] "\${(Q)PREFIX}" "\${(Q)\${opt_args[--project]:-$line[1]}}" 2>/dev/null </dev/null)"})
  local -a parts=(\${(M)names:#*/}) told=(\${(M)names:#*$'\\t'*}) whole=(\${\${names:#*/}:#*$'\\t'*})
  local -a builds=(\${told%%$'\\t'*}) shown=(\${told/$'\\t'/ -- })
  local result=1
  compadd "\${(@)argv[1,-2]}" -S '' -a parts && result=0
  compadd "\${(@)argv[1,-2]}" -a whole && result=0
  # Newest first, as they come.
  compadd "\${(@)argv[1,-2]}" -V builds -l -d shown -a builds && result=0
  return result
}

_copr_cli() {
  local curcontext="$curcontext" state line
  local -a globals
  local -A opt_args

  _arguments -C \\
${[HELP, ...options.map(optionSpec), quoted("(-): :_copr_cli_commands"), quoted("(-)*:: :->arguments")].map((spec) => `    ${spec}`).join(" \\\n")} && return

  [[ $state == arguments ]] || return 1
  (( $+opt_args[--config] )) && globals=(--config "\${(Q)opt_args[--config]}")
  (( $+opt_args[--instance] )) && globals=(--instance "\${(Q)opt_args[--instance]}")
  curcontext="\${curcontext%:*:*}:copr-cli-$words[1]:"
  case $words[1] in
${commands.map(commandCase).join("\n")}
  esac
}

_copr_cli "$@"
`;
}

function commandCase(command: CommandDoc): string {
  const specs = [HELP, ...allOptions(command).map(optionSpec), ...command.arguments.map(argumentSpec)];
  return [`    ${plainWord(command.name)})`, "      _arguments \\", `${specs.map((spec) => `        ${spec}`).join(" \\\n")} ;;`].join(
    "\n",
  );
}

function optionSpec(option: OptionDoc): string {
  const { flags, value, isValueOptional, description } = option;
  const offer = offerForOption(option);
  const action = offer === undefined ? "" : `${isValueOptional ? "::" : ":"}${escaped(value as string)}:${actionFor(offer)}`;
  // Many may be repeated, and nothing tells which: all are offered again.
  const text = `[${escaped(description)}]${action}`;
  const names = flags.map((flag) => plainWord(flag) + (offer === undefined ? "" : attachedValue(flag)));
  return names.length > 1 ? `'*'{${names.join(",")}}${quoted(text)}` : quoted(`*${names[0]}${text}`);
}

/** The value may be the next word, or stand right behind `-r` or `--chroot=`. */
function attachedValue(flag: string): string {
  return flag.startsWith("--") ? "=" : "+";
}

function argumentSpec(argument: ArgumentDoc): string {
  const start = argument.isVariadic ? "*" : argument.isRequired ? "" : ":";
  return quoted(`${start}:${escaped(argument.name)}:${actionFor(offerForArgument(argument))}`);
}

function actionFor(offer: Offer): string {
  if (offer === "files") return "_files";
  if (offer === "directories") return "_files -/";
  if (offer === "builds-or-files") return '{_alternative "builds:build:_copr_cli_names builds" "files:file:_files"}';
  if (isNames(offer)) return `_copr_cli_names ${offer}`;
  // An empty list, not the single blank of the manual: that keeps zsh from inserting an option in the same place.
  return offer === "nothing" ? "()" : `(${offer.join(" ")})`;
}

/** For the parts of a specification, which brackets and colons end. */
function escaped(text: string): string {
  return text.replace(/[[\]:\\]/g, "\\$&");
}
