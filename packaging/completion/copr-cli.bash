# shellcheck shell=bash
# Completes commands, options and their values in bash.
# Made by "npm run docs" from the command tree in src/cli; edit that.

_copr_cli() {
    local -a words=() globals=() arguments=() given=()
    local current option='' command='' options='' values='' repeated='' project='' offer index
    COMPREPLY=()

    # COMP_WORDS would be cut at @, : and =, which names and --option=value have inside.
    read -ra words <<<"${COMP_LINE:0:COMP_POINT}"
    [[ ${COMP_LINE:0:COMP_POINT} == *[[:space:]] ]] && words+=('')
    current=${words[-1]}
    if [[ $current == --*=* ]]; then
        option=${current%%=*}
        current=${current#*=}
    elif ((${#words[@]} > 2)); then
        option=${words[-2]}
    fi

    # The command is the first word that is neither an option nor its value; what follows are its arguments.
    for ((index = 1; index < ${#words[@]} - 1; index++)); do
        case ${words[index]} in
            --config|--instance)
                [[ -z $command ]] && globals=("${words[index]}" "${words[index+1]}")
                ((index++)) ;;
            --config=*|--instance=*) [[ -z $command ]] && globals=("${words[index]}") ;;
            --project)
                project=${words[index+1]}
                ((index++)) ;;
            --project=*) project=${words[index]#*=} ;;
            --output-format|--fields|--url|--days|--chroot|--description|--instructions|--repo|--runtime-repo-dependency|--packit-forge-project-allowed|--disable_createrepo|--enable-net|--unlisted-on-hp|--auto-prune|--module-hotfixes|--multilib|--appstream|--follow-fedora-branching|--isolation|--bootstrap|--delete-after-days|--repo-priority|--initial-pkgs|--storage|--fedora-review|--directory|--update|-f|--file|--upload-comps|--packages|--repos|--modules|--rpmbuild-with|--rpmbuild-without|--bootstrap-image|--reset|--status|--package|--limit|--since|--with|-r|--exclude-chroot|--timeout|--after-build-id|--with-build-id|--after-success|--poll-interval|--heartbeat|--packagename|--packageversion|--pythonversions|--spec-generator|-t|--template|--gem|--script|--script-chroot|--script-builddeps|--script-resultdir|--script-repos|--clone-url|--commit|--subdir|--spec|--type|--method|--namespace|--distgit|--name|-d|--dest|--state|--retry|--log|--phase|--tail|--from-offset|--webhook-rebuild|--max-builds|--dirname|--admin|--builder)
                ((index++)) ;;
            -*) ;;
            *)
                if [[ -z $command ]]; then
                    command=${words[index]}
                else
                    given+=("${words[index]}")
                fi ;;
        esac
    done

    # What the command takes; $values is for the option before the cursor.
    case $command in
        '')
            options='--debug --config --instance --no-color --version -h --help'
            arguments=('new-api-token whoami login logout auth-status doctor new-webhook-secret list create modify delete fork regenerate-repos get open repo export plan apply mock-config edit-chroot get-chroot list-chroots list-builds build buildpypi buildgem buildcustom buildscm build-distgit status download-build cancel watch-build delete-build build-package build-batch get-build logs explain rebuild reproduce local-build add-package-pypi edit-package-pypi add-package-scm edit-package-scm add-package-distgit edit-package-distgit add-package-rubygems edit-package-rubygems add-package-custom edit-package-custom list-packages list-package-names get-package delete-package reset-package monitor board edit-permissions list-permissions request-permissions')
            case $option in
                --config) values='@files' ;;
                --instance) values='@nothing' ;;
            esac ;;
        new-api-token)
            options='--output-format --json --fields -h --help'
            case $option in
                --output-format) values='text json jsonl' ;;
                --fields) values='@nothing' ;;
            esac ;;
        whoami)
            options='--output-format --json --fields -h --help'
            case $option in
                --output-format) values='text json text-row jsonl table' ;;
                --fields) values='@nothing' ;;
            esac ;;
        login)
            options='--instance --url --with-token --output-format --json --fields -h --help'
            case $option in
                --instance|--url|--fields) values='@nothing' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        logout)
            options='--instance --output-format --json --fields -h --help'
            case $option in
                --instance|--fields) values='@nothing' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        auth-status)
            options='--instance --check --days --all --output-format --json --fields -h --help'
            case $option in
                --instance|--days|--fields) values='@nothing' ;;
                --output-format) values='text json text-row jsonl table' ;;
            esac ;;
        doctor)
            options='--instance --output-format --json --fields -h --help'
            case $option in
                --instance|--fields) values='@nothing' ;;
                --output-format) values='text json text-row jsonl table' ;;
            esac ;;
        new-webhook-secret)
            options='--output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --output-format) values='text json jsonl' ;;
                --fields) values='@nothing' ;;
            esac ;;
        list)
            options='--output-format --json --fields -h --help'
            arguments=('@nothing')
            case $option in
                --output-format) values='text json text-row jsonl table' ;;
                --fields) values='@nothing' ;;
            esac ;;
        create)
            options='--chroot --description --instructions --repo --runtime-repo-dependency --packit-forge-project-allowed --disable_createrepo --enable-net --unlisted-on-hp --auto-prune --module-hotfixes --multilib --appstream --follow-fedora-branching --isolation --bootstrap --delete-after-days --repo-priority --initial-pkgs --persistent --fedora-review --storage --exist-ok --output-format --json --fields -h --help'
            arguments=('@nothing')
            case $option in
                --chroot) values='@chroots' ;;
                --description|--instructions|--repo|--runtime-repo-dependency|--packit-forge-project-allowed|--delete-after-days|--repo-priority|--initial-pkgs|--fields) values='@nothing' ;;
                --disable_createrepo) values='yes no' ;;
                --enable-net|--unlisted-on-hp|--auto-prune|--module-hotfixes|--multilib|--appstream|--follow-fedora-branching) values='on off' ;;
                --isolation) values='simple nspawn default' ;;
                --bootstrap) values='default on off image' ;;
                --storage) values='backend pulp' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        modify)
            options='--chroot --description --instructions --repo --runtime-repo-dependency --packit-forge-project-allowed --disable_createrepo --enable-net --unlisted-on-hp --auto-prune --module-hotfixes --multilib --appstream --follow-fedora-branching --isolation --bootstrap --delete-after-days --repo-priority --fedora-review --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --chroot) values='@chroots' ;;
                --description|--instructions|--repo|--runtime-repo-dependency|--packit-forge-project-allowed|--delete-after-days|--repo-priority|--fields) values='@nothing' ;;
                --disable_createrepo) values='yes no' ;;
                --enable-net|--unlisted-on-hp|--auto-prune|--module-hotfixes|--multilib|--appstream|--follow-fedora-branching|--fedora-review) values='on off' ;;
                --isolation) values='simple nspawn default' ;;
                --bootstrap) values='default on off image' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        delete)
            options='--cancel-builds --dry-run --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --output-format) values='text json jsonl' ;;
                --fields) values='@nothing' ;;
            esac ;;
        fork)
            options='--confirm --output-format --json --fields -h --help'
            arguments=('@projects' '@nothing')
            case $option in
                --output-format) values='text json jsonl' ;;
                --fields) values='@nothing' ;;
            esac ;;
        regenerate-repos)
            options='--output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --output-format) values='text json jsonl' ;;
                --fields) values='@nothing' ;;
            esac ;;
        get)
            options='--output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --output-format) values='text json text-row jsonl table' ;;
                --fields) values='@nothing' ;;
            esac ;;
        open)
            options='--output-format --json --fields -h --help'
            arguments=('@pages')
            case $option in
                --output-format) values='text json jsonl' ;;
                --fields) values='@nothing' ;;
            esac ;;
        repo)
            options='--install --directory --yes --output-format --json --fields -h --help'
            arguments=('@projects' '@nothing')
            case $option in
                --directory|--fields) values='@nothing' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        export)
            options='--update --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --update) values='@files' ;;
                --output-format) values='text json jsonl' ;;
                --fields) values='@nothing' ;;
            esac ;;
        plan)
            options='-f --file --exit-code --prune --output-format --json --fields -h --help'
            case $option in
                -f|--file) values='@files' ;;
                --output-format) values='text json text-row jsonl table' ;;
                --fields) values='@nothing' ;;
            esac ;;
        apply)
            options='-f --file --dry-run --yes --prune --output-format --json --fields -h --help'
            case $option in
                -f|--file) values='@files' ;;
                --output-format) values='text json text-row jsonl table' ;;
                --fields) values='@nothing' ;;
            esac ;;
        mock-config)
            options='--output-format --json --fields -h --help'
            arguments=('@projects' '@chroots')
            case $option in
                --output-format) values='text json jsonl' ;;
                --fields) values='@nothing' ;;
            esac ;;
        edit-chroot)
            options='--upload-comps --delete-comps --packages --repos --modules --rpmbuild-with --rpmbuild-without --isolation --bootstrap --bootstrap-image --reset --output-format --json --fields -h --help'
            arguments=('@project-chroots')
            case $option in
                --upload-comps) values='@files' ;;
                --packages|--repos|--modules|--rpmbuild-with|--rpmbuild-without|--bootstrap-image|--reset|--fields) values='@nothing' ;;
                --isolation) values='simple nspawn default' ;;
                --bootstrap) values='unchanged default on off image' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        get-chroot)
            options='--output-format --json --fields -h --help'
            arguments=('@project-chroots')
            case $option in
                --output-format) values='text json text-row jsonl table' ;;
                --fields) values='@nothing' ;;
            esac ;;
        list-chroots)
            options='--output-format --json --fields -h --help'
            case $option in
                --output-format) values='text json text-row jsonl table' ;;
                --fields) values='@nothing' ;;
            esac ;;
        list-builds)
            options='--status --package --limit --since --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --status) values='importing pending starting running waiting succeeded skipped forked failed canceled unknown' ;;
                --package) values='@packages' ;;
                --limit|--since|--fields) values='@nothing' ;;
                --output-format) values='text json text-row jsonl table' ;;
            esac ;;
        build)
            options='--with -r --chroot --exclude-chroot --timeout --background --isolation --enable-net --bootstrap --after-build-id --with-build-id --nowait --after-success --poll-interval --logs --plain --heartbeat --ci --output-format --json --fields -h --help'
            arguments=('@projects' '@files')
            repeated=1
            case $option in
                --with) values='fedpkg rpkg tito' ;;
                -r|--chroot|--exclude-chroot) values='@chroots' ;;
                --timeout|--poll-interval|--heartbeat|--fields) values='@nothing' ;;
                --isolation) values='simple nspawn default' ;;
                --enable-net) values='on off' ;;
                --bootstrap) values='unchanged default on off image' ;;
                --after-build-id|--with-build-id|--after-success) values='@builds' ;;
                --ci) values='github gitlab off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        buildpypi)
            options='--packagename --packageversion --pythonversions --spec-generator -t --template -r --chroot --exclude-chroot --timeout --background --isolation --enable-net --bootstrap --after-build-id --with-build-id --nowait --after-success --poll-interval --logs --plain --heartbeat --ci --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --packagename|--packageversion|--pythonversions|-t|--template|--timeout|--poll-interval|--heartbeat|--fields) values='@nothing' ;;
                --spec-generator) values='pyp2rpm pyp2spec' ;;
                -r|--chroot|--exclude-chroot) values='@chroots' ;;
                --isolation) values='simple nspawn default' ;;
                --enable-net) values='on off' ;;
                --bootstrap) values='unchanged default on off image' ;;
                --after-build-id|--with-build-id|--after-success) values='@builds' ;;
                --ci) values='github gitlab off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        buildgem)
            options='--gem -r --chroot --exclude-chroot --timeout --background --isolation --enable-net --bootstrap --after-build-id --with-build-id --nowait --after-success --poll-interval --logs --plain --heartbeat --ci --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --gem|--timeout|--poll-interval|--heartbeat|--fields) values='@nothing' ;;
                -r|--chroot|--exclude-chroot) values='@chroots' ;;
                --isolation) values='simple nspawn default' ;;
                --enable-net) values='on off' ;;
                --bootstrap) values='unchanged default on off image' ;;
                --after-build-id|--with-build-id|--after-success) values='@builds' ;;
                --ci) values='github gitlab off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        buildcustom)
            options='--script --script-chroot --script-builddeps --script-resultdir --script-repos -r --chroot --exclude-chroot --timeout --background --isolation --enable-net --bootstrap --after-build-id --with-build-id --nowait --after-success --poll-interval --logs --plain --heartbeat --ci --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --script) values='@files' ;;
                --script-chroot|-r|--chroot|--exclude-chroot) values='@chroots' ;;
                --script-builddeps|--script-resultdir|--script-repos|--timeout|--poll-interval|--heartbeat|--fields) values='@nothing' ;;
                --isolation) values='simple nspawn default' ;;
                --enable-net) values='on off' ;;
                --bootstrap) values='unchanged default on off image' ;;
                --after-build-id|--with-build-id|--after-success) values='@builds' ;;
                --ci) values='github gitlab off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        buildscm)
            options='--clone-url --commit --subdir --spec --type --method -r --chroot --exclude-chroot --timeout --background --isolation --enable-net --bootstrap --after-build-id --with-build-id --nowait --after-success --poll-interval --logs --plain --heartbeat --ci --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --clone-url|--commit|--subdir|--spec|--timeout|--poll-interval|--heartbeat|--fields) values='@nothing' ;;
                --type) values='git svn' ;;
                --method) values='rpkg tito tito_test make_srpm' ;;
                -r|--chroot|--exclude-chroot) values='@chroots' ;;
                --isolation) values='simple nspawn default' ;;
                --enable-net) values='on off' ;;
                --bootstrap) values='unchanged default on off image' ;;
                --after-build-id|--with-build-id|--after-success) values='@builds' ;;
                --ci) values='github gitlab off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        build-distgit)
            options='--commit --namespace --distgit -r --chroot --exclude-chroot --timeout --background --isolation --enable-net --bootstrap --after-build-id --with-build-id --nowait --after-success --poll-interval --logs --plain --heartbeat --ci --output-format --json --fields --name -h --help'
            arguments=('@projects')
            case $option in
                --commit|--namespace|--distgit|--timeout|--poll-interval|--heartbeat|--fields) values='@nothing' ;;
                -r|--chroot|--exclude-chroot) values='@chroots' ;;
                --isolation) values='simple nspawn default' ;;
                --enable-net) values='on off' ;;
                --bootstrap) values='unchanged default on off image' ;;
                --after-build-id|--with-build-id|--after-success) values='@builds' ;;
                --ci) values='github gitlab off' ;;
                --output-format) values='text json jsonl' ;;
                --name) values='@packages' ;;
            esac ;;
        status)
            options='--output-format --json --fields -h --help'
            arguments=('@builds')
            case $option in
                --output-format) values='text json text-row jsonl table' ;;
                --fields) values='@nothing' ;;
            esac ;;
        download-build)
            options='-r --chroot -d --dest --rpms --spec --logs --review --output-format --json --fields -h --help'
            arguments=('@builds')
            case $option in
                -r|--chroot) values='@chroots' ;;
                -d|--dest) values='@directories' ;;
                --output-format) values='text json text-row jsonl table' ;;
                --fields) values='@nothing' ;;
            esac ;;
        cancel)
            options='--project --state --dry-run --yes --output-format --json --fields -h --help'
            arguments=('@builds')
            repeated=1
            case $option in
                --project) values='@projects' ;;
                --state) values='importing pending starting running waiting' ;;
                --output-format) values='text json jsonl' ;;
                --fields) values='@nothing' ;;
            esac ;;
        watch-build)
            options='--poll-interval --logs --plain --heartbeat --ci --output-format --json --fields -h --help'
            arguments=('@builds')
            repeated=1
            case $option in
                --poll-interval|--heartbeat|--fields) values='@nothing' ;;
                --ci) values='github gitlab off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        delete-build)
            options='--output-format --json --fields -h --help'
            arguments=('@builds')
            repeated=1
            case $option in
                --output-format) values='text json jsonl' ;;
                --fields) values='@nothing' ;;
            esac ;;
        build-package)
            options='--name -r --chroot --exclude-chroot --timeout --background --isolation --enable-net --bootstrap --after-build-id --with-build-id --nowait --after-success --poll-interval --logs --plain --heartbeat --ci --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --name) values='@packages' ;;
                -r|--chroot|--exclude-chroot) values='@chroots' ;;
                --timeout|--poll-interval|--heartbeat|--fields) values='@nothing' ;;
                --isolation) values='simple nspawn default' ;;
                --enable-net) values='on off' ;;
                --bootstrap) values='unchanged default on off image' ;;
                --after-build-id|--with-build-id|--after-success) values='@builds' ;;
                --ci) values='github gitlab off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        build-batch)
            options='--stop-on-failure --retry --resume --dry-run --yes -r --chroot --exclude-chroot --timeout --background --isolation --enable-net --bootstrap --after-build-id --nowait --poll-interval --logs --plain --heartbeat --ci --output-format --json --fields -h --help'
            arguments=('@projects' '@files')
            repeated=1
            case $option in
                --retry|--timeout|--poll-interval|--heartbeat|--fields) values='@nothing' ;;
                -r|--chroot|--exclude-chroot) values='@chroots' ;;
                --isolation) values='simple nspawn default' ;;
                --enable-net) values='on off' ;;
                --bootstrap) values='unchanged default on off image' ;;
                --after-build-id) values='@builds' ;;
                --ci) values='github gitlab off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        get-build)
            options='--output-format --json --fields -h --help'
            arguments=('@builds')
            case $option in
                --output-format) values='text json text-row jsonl table' ;;
                --fields) values='@nothing' ;;
            esac ;;
        logs)
            options='-r --chroot -f --follow --log --phase --tail --from-offset --timestamps --poll-interval --output-format --json --fields -h --help'
            arguments=('@builds')
            case $option in
                -r|--chroot) values='@chroots' ;;
                --log|--phase|--tail|--from-offset|--poll-interval|--fields) values='@nothing' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        explain)
            options='-r --chroot --output-format --json --fields -h --help'
            arguments=('@builds-or-files')
            repeated=1
            case $option in
                -r|--chroot) values='@chroots' ;;
                --output-format) values='text json text-row jsonl table' ;;
                --fields) values='@nothing' ;;
            esac ;;
        rebuild)
            options='--project --failed --all --package -r --chroot --timeout --background --isolation --enable-net --bootstrap --nowait --poll-interval --logs --plain --heartbeat --ci --dry-run --yes --output-format --json --fields -h --help'
            arguments=('@builds')
            repeated=1
            case $option in
                --project) values='@projects' ;;
                --package) values='@packages' ;;
                -r|--chroot) values='@chroots' ;;
                --timeout|--poll-interval|--heartbeat|--fields) values='@nothing' ;;
                --isolation) values='simple nspawn default' ;;
                --enable-net) values='on off' ;;
                --bootstrap) values='unchanged default on off image' ;;
                --ci) values='github gitlab off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        reproduce)
            options='-r --chroot --dry-run -d --dest --keep --host --output-format --json --fields -h --help'
            arguments=('@builds')
            case $option in
                -r|--chroot) values='@chroots' ;;
                -d|--dest) values='@directories' ;;
                --output-format) values='text json jsonl' ;;
                --fields) values='@nothing' ;;
            esac ;;
        local-build)
            options='-r --chroot -d --dest --keep --host --output-format --json --fields -h --help'
            arguments=('@projects' '@files')
            case $option in
                -r|--chroot) values='@chroots' ;;
                -d|--dest) values='@directories' ;;
                --output-format) values='text json jsonl' ;;
                --fields) values='@nothing' ;;
            esac ;;
        add-package-pypi)
            options='--packagename --packageversion --pythonversions --spec-generator -t --template --name --webhook-rebuild --max-builds --timeout --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --packagename|--packageversion|--pythonversions|-t|--template|--max-builds|--timeout|--fields) values='@nothing' ;;
                --spec-generator) values='pyp2rpm pyp2spec' ;;
                --name) values='@packages' ;;
                --webhook-rebuild) values='on off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        edit-package-pypi)
            options='--packagename --packageversion --pythonversions --spec-generator -t --template --name --webhook-rebuild --max-builds --timeout --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --packagename|--packageversion|--pythonversions|-t|--template|--max-builds|--timeout|--fields) values='@nothing' ;;
                --spec-generator) values='pyp2rpm pyp2spec' ;;
                --name) values='@packages' ;;
                --webhook-rebuild) values='on off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        add-package-scm)
            options='--clone-url --commit --subdir --spec --type --method --name --webhook-rebuild --max-builds --timeout --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --clone-url|--commit|--subdir|--spec|--max-builds|--timeout|--fields) values='@nothing' ;;
                --type) values='git svn' ;;
                --method) values='rpkg tito tito_test make_srpm' ;;
                --name) values='@packages' ;;
                --webhook-rebuild) values='on off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        edit-package-scm)
            options='--clone-url --commit --subdir --spec --type --method --name --webhook-rebuild --max-builds --timeout --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --clone-url|--commit|--subdir|--spec|--max-builds|--timeout|--fields) values='@nothing' ;;
                --type) values='git svn' ;;
                --method) values='rpkg tito tito_test make_srpm' ;;
                --name) values='@packages' ;;
                --webhook-rebuild) values='on off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        add-package-distgit)
            options='--commit --namespace --distgit --name --webhook-rebuild --max-builds --timeout --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --commit|--namespace|--distgit|--max-builds|--timeout|--fields) values='@nothing' ;;
                --name) values='@packages' ;;
                --webhook-rebuild) values='on off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        edit-package-distgit)
            options='--commit --namespace --distgit --name --webhook-rebuild --max-builds --timeout --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --commit|--namespace|--distgit|--max-builds|--timeout|--fields) values='@nothing' ;;
                --name) values='@packages' ;;
                --webhook-rebuild) values='on off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        add-package-rubygems)
            options='--gem --name --webhook-rebuild --max-builds --timeout --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --gem|--max-builds|--timeout|--fields) values='@nothing' ;;
                --name) values='@packages' ;;
                --webhook-rebuild) values='on off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        edit-package-rubygems)
            options='--gem --name --webhook-rebuild --max-builds --timeout --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --gem|--max-builds|--timeout|--fields) values='@nothing' ;;
                --name) values='@packages' ;;
                --webhook-rebuild) values='on off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        add-package-custom)
            options='--script --script-chroot --script-builddeps --script-resultdir --script-repos --name --webhook-rebuild --max-builds --timeout --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --script) values='@files' ;;
                --script-chroot) values='@chroots' ;;
                --script-builddeps|--script-resultdir|--script-repos|--max-builds|--timeout|--fields) values='@nothing' ;;
                --name) values='@packages' ;;
                --webhook-rebuild) values='on off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        edit-package-custom)
            options='--script --script-chroot --script-builddeps --script-resultdir --script-repos --name --webhook-rebuild --max-builds --timeout --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --script) values='@files' ;;
                --script-chroot) values='@chroots' ;;
                --script-builddeps|--script-resultdir|--script-repos|--max-builds|--timeout|--fields) values='@nothing' ;;
                --name) values='@packages' ;;
                --webhook-rebuild) values='on off' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        list-packages)
            options='--with-latest-build --with-latest-succeeded-build --with-all-builds --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --output-format) values='text json text-row jsonl table' ;;
                --fields) values='@nothing' ;;
            esac ;;
        list-package-names)
            options='--output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --output-format) values='text json text-row jsonl table' ;;
                --fields) values='@nothing' ;;
            esac ;;
        get-package)
            options='--name --with-latest-build --with-latest-succeeded-build --with-all-builds --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --name) values='@packages' ;;
                --output-format) values='text json text-row jsonl table' ;;
                --fields) values='@nothing' ;;
            esac ;;
        delete-package)
            options='--name --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --name) values='@packages' ;;
                --output-format) values='text json jsonl' ;;
                --fields) values='@nothing' ;;
            esac ;;
        reset-package)
            options='--name --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --name) values='@packages' ;;
                --output-format) values='text json jsonl' ;;
                --fields) values='@nothing' ;;
            esac ;;
        monitor)
            options='--dirname --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --dirname|--fields) values='@nothing' ;;
                --output-format) values='text json text-row jsonl table' ;;
            esac ;;
        board)
            options='--dirname --failed --package -r --chroot --watch --poll-interval --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --dirname|--poll-interval|--fields) values='@nothing' ;;
                --package) values='@packages' ;;
                -r|--chroot) values='@chroots' ;;
                --output-format) values='text json text-row jsonl table' ;;
            esac ;;
        edit-permissions)
            options='--admin --builder --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --admin|--builder|--fields) values='@nothing' ;;
                --output-format) values='text json jsonl' ;;
            esac ;;
        list-permissions)
            options='--output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --output-format) values='text json text-row jsonl table' ;;
                --fields) values='@nothing' ;;
            esac ;;
        request-permissions)
            options='--admin --builder --output-format --json --fields -h --help'
            arguments=('@projects')
            case $option in
                --output-format) values='text json jsonl' ;;
                --fields) values='@nothing' ;;
            esac ;;
    esac

    if [[ -n $values ]]; then
        offer=$values
    elif [[ $current == -* ]]; then
        offer=$options
    else
        offer=${arguments[${#given[@]}]-}
        [[ -z $offer && -n $repeated ]] && offer=${arguments[-1]}
    fi
    case $offer in
        @nothing) ;;
        @files)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
        @builds-or-files)
            compopt -o filenames
            mapfile -t COMPREPLY < <(command copr-cli "${globals[@]}" __complete builds "$current" 2>/dev/null </dev/null | cut -f 1; compgen -f -- "$current") ;;
        @directories)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
        @*)
            # Behind a tab is what a name means, which bash has no place for. Builds come newest first.
            mapfile -t COMPREPLY < <(command copr-cli "${globals[@]}" __complete "${offer:1}" "$current" "${project:-${given[0]-}}" 2>/dev/null </dev/null | cut -f 1)
            [[ ${COMPREPLY[0]-} == [0-9]* ]] && compopt -o nosort 2>/dev/null
            [[ ${COMPREPLY[0]-} == */ ]] && compopt -o nospace ;;
        *)
            mapfile -t COMPREPLY < <(compgen -W "$offer" -- "$current") ;;
    esac
    # bash replaces only what stands behind the last character that it takes for the end of a word.
    COMPREPLY=("${COMPREPLY[@]#"${current%"$2"}"}")
}

complete -F _copr_cli copr-cli copr
