# Set-up that regenerate.sh and test.sh share. Sourced, not run.
# Installs only what is missing, from the machine's own package sources.

fail() {
    echo "error: $*" >&2
    exit 3
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo "$@"
    else fail "'$*' needs root: run it yourself, then run this script again"
    fi
}

# What a command says is shown if it fails, and not otherwise. Through a file: a compiler server that stays would hold a pipe open.
quietly() {
    local said status=0
    said=$(mktemp)
    "$@" >"$said" 2>&1 || status=$?
    [ "$status" -eq 0 ] || cat "$said" >&2
    rm "$said"
    return "$status"
}

build() {
    echo "building $1"
    quietly dotnet build "$1" -c Release -v quiet -nologo -clp:NoSummary
}

# Parts of a gate that run beside each other may each miss something: apt-get refuses the second one instead of waiting.
apt_get() {
    quietly as_root flock /var/lib/apt env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@"
}

install_packages() {
    command -v apt-get >/dev/null 2>&1 || fail "please install: $* (this script knows apt-get only)"
    echo "installing: $*" >&2
    read_package_lists
    apt_get install -y --no-install-recommends "$@"
}

# Once: what the machine's own package sources have.
read_package_lists() {
    [ -z "${apt_lists_are_new:-}" ] || return 0
    apt_get update
    apt_lists_are_new=1
}

# need COMMAND PACKAGE
need() {
    command -v "$1" >/dev/null 2>&1 || install_packages "$2"
}

need_dotnet() {
    command -v dotnet >/dev/null 2>&1 && dotnet --version >/dev/null 2>&1 ||
        fail "the .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0"
}

has_libclang() {
    [ -n "${HVBINDGEN_LIBCLANG:-}" ] || ldconfig -p 2>/dev/null | grep -Eq 'libclang-(1[4-9]|2[0-9])\.so' ||
        compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' >/dev/null ||
        compgen -G "${NUGET_PACKAGES:-$HOME/.nuget/packages}/libclang.runtime.linux-*/*/runtimes/*/native/libclang.so" >/dev/null
}

# The name of a clang, with or without a version; empty when there is none.
any_clang() {
    command -v clang >/dev/null 2>&1 && echo clang || { compgen -c clang- | grep -E '^clang-[0-9]+$' | sort -t- -k2 -n | tail -n 1; }
}

need_clang() {
    [ -n "$(any_clang)" ] || install_packages clang
}

# The packages of libclang that the machine's own suites have, oldest first, from version 14 on; trixie says t64 behind some.
libclang_packages() {
    apt-cache --names-only search '^libclang1-[0-9]+(t64)?$' | cut -d' ' -f1 | sed -E 's/libclang1-([0-9]+)/\1 &/' |
        awk '$1 >= 14 { print }' | sort -n | cut -d' ' -f2
}

# The newest libclang that the machine's own suites have.
need_libclang() {
    has_libclang && return
    read_package_lists
    local newest
    newest=$(libclang_packages | tail -n 1)
    [ -n "$newest" ] || fail "no libclang1-NN package in this machine's package sources; set HVBINDGEN_LIBCLANG"
    install_packages "$newest"
}

# The library of a package such as libclang1-19, which is installed if it is missing.
libclang_of() {
    local version=${1#libclang1-}
    version=${version%t64}
    [ -e "$(installed_libclang "$version")" ] || install_packages "$1"
    installed_libclang "$version"
}

installed_libclang() {
    compgen -G "/usr/lib/*-linux-gnu/libclang-$1.so.*" | sort | tail -n 1
}

# gcc alone brings no C library to compile against.
need_gcc() {
    need gcc gcc
    [ -e /usr/include/stdio.h ] || install_packages libc6-dev
}

# make_or_skip COMMAND [REASON]: what a script prints that makes what tests run on is in $made. One that ends with 4 cannot have what that
# is made of: the caller ends too then, as one that is skipped, by the last that the script said, and REASON.
make_or_skip() {
    local said status=0
    said=$(mktemp)
    made=$("$1" 2>"$said") || status=$?
    cat "$said" >&2
    if [ "$status" -eq 4 ]; then
        echo "skipped: $(tail -n 1 "$said")${2:-}"
        echo "0 passed, 0 failed, 1 skipped"
        status=0
    elif [ "$status" -eq 0 ]; then
        status=
    fi
    rm "$said"
    [ -z "$status" ] || exit "$status"
}

# expect_lines FILE WHO LINE...: says of each line whether it is in what somebody said, as grep's patterns have it; $passed and $failed are
# how many are, and are not.
expect_lines() {
    local said=$1 who=$2 line
    shift 2
    passed=0 failed=0
    for line in "$@"; do
        if grep -aqe "$line" "$said"; then
            echo "pass  $who says: ${line#^}"
            passed=$((passed + 1))
        else
            echo "FAIL  $who does not say: ${line#^}"
            failed=$((failed + 1))
        fi
    done
}

# Programs that the build makes look for the runtime in the usual places, and where this says: an SDK may lie anywhere in the search path.
if [ -z "${DOTNET_ROOT:-}" ] && command -v dotnet >/dev/null 2>&1; then
    DOTNET_ROOT=$(dirname "$(readlink -f "$(command -v dotnet)")")
    export DOTNET_ROOT
fi
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
