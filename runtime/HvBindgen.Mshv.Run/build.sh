#!/usr/bin/env bash
# Makes mshv-run and its two libraries in a folder: build.sh FOLDER. For linux-x64, on linux-x64.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: build.sh FOLDER" >&2; exit 2; }
mkdir -p "$1"
output=$(cd "$1" && pwd)
cd "$(dirname "$0")"
. ../../.ci/setup.sh

[ "$(uname -m)" = x86_64 ] || fail "mshv-run is made on x86-64"
need_dotnet
need_gcc
[ -e /usr/include/zlib.h ] || install_packages zlib1g-dev
published=obj/native
dotnet publish -c Release -r linux-x64 -v quiet -nologo -warnaserror -p:RunAnalyzers=false -p:PublishAot=true -p:CppCompilerAndLinker=gcc \
    -o "$published"
flags=(-std=gnu17 -O2 -Wall -Wextra -Werror -Wno-nonnull-compare )
gcc "${flags[@]}" -fPIC -shared -o "$output/mshv-run-preload.so" native/preload.c native/files.c -ldl -lpthread
gcc "${flags[@]}" -o "$output/mshv-run" native/mshv-run.c
strip "$output/mshv-run-preload.so" "$output/mshv-run"
cp "$published/HvBindgen.Mshv.Run.so" "$output"
