# apt with lists and a cache of its own: the machine's mirror of Debian, apt's signatures, and nothing of the machine changed. Sourced, not run,
# by scripts that fetch packages to unpack them.

# private_apt FOLDER SUITE...   makes FOLDER/apt.conf, and fetches the suites' lists; 1 with the reason when they cannot be had
private_apt() {
    local apt=$1 mirror
    command -v apt-get >/dev/null 2>&1 || { echo "apt-get is not here" >&2; return 1; }
    mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' 'Created-By: Packages' | sed -n 's/ Debian Debian$//p' | head -n 1)
    [ -n "$mirror" ] || { echo "apt's configuration names no mirror of Debian's main archive" >&2; return 1; }
    rm -rf "$apt"
    mkdir -p "$apt/sources.list.d" "$apt/lists/partial" "$apt/cache/archives/partial"
    : >"$apt/status"
    {
        printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nArchitectures: amd64\nTargets: Packages\n' "$mirror" "${*:2}"
        local keys=/usr/share/keyrings/debian-archive-keyring.gpg
        [ ! -e "$keys" ] || printf 'Signed-By: %s\n' "$keys"
    } >"$apt/sources.list.d/private.sources"
    cat >"$apt/apt.conf" <<CONF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$apt/sources.list.d";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "$apt";
Dir::State::Lists "$apt/lists";
Dir::State::Status "$apt/status";
Dir::Cache "$apt/cache";
APT::Default-Release "";
APT::Architecture "amd64";
APT::Architectures "amd64";
APT::Get::AllowUnauthenticated "0";
Acquire::AllowInsecureRepositories "0";
Acquire::Languages "none";
Acquire::Retries "2";
APT::Sandbox::User "root";
CONF
    apt-get -c "$apt/apt.conf" -q update >&2 || { echo "the package lists of ${*:2} cannot be fetched from $mirror" >&2; return 1; }
}
