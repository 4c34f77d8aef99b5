#!/usr/bin/env bash
# Fetches the kernel's headers (once), then writes the C# bindings and the ABI snapshots.
#   ./regenerate.sh             write them
#   ./regenerate.sh --check     only say whether they are up to date; shows what differs
set -euo pipefail
cd "$(dirname "$0")"
. .ci/setup.sh

need_dotnet
need_libclang
build generator/HvBindgen.Cli
tool=generator/HvBindgen.Cli/bin/Release/net10.0/hvbindgen.dll
dotnet "$tool" headers sync
dotnet "$tool" generate "$@"
# What the source generator knows: every header of the tree.
build generator/HvBindgen.UapiData
# Meanwhile what stands next in the README is built: a guest runs at once then.
build samples/HelloGuest &
sample=$!
dotnet generator/HvBindgen.UapiData/bin/Release/net10.0/HvBindgen.UapiData.dll headers "$@"
wait "$sample"
