#!/usr/bin/env bash
# Writes what each package is made of beside it, as CycloneDX: packages/NAME.cdx.json.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh

need_dotnet
dotnet tool restore >/dev/null
mkdir -p packages
for readme in runtime/*/README.md generator/HvBindgen.Cli/README.md; do
    name=$(basename "$(dirname "$readme")")
    dotnet CycloneDX "$(dirname "$readme")/$name.csproj" -o packages -fn "$name.cdx.json" -F Json >/dev/null
    echo "packages/$name.cdx.json: $(grep -c '"purl"' "packages/$name.cdx.json" || true) components"
done
