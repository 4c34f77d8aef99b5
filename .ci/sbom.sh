#!/usr/bin/env bash
# Writes what each package is made of beside it, as CycloneDX: packages/NAME.cdx.json. Libraries of this repository that it needs are named
# as such; dependencies of development are left out.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh

need_dotnet
dotnet tool restore >/dev/null
mkdir -p packages
version=$(sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' Directory.Build.props)
for readme in runtime/*/README.md generator/*/README.md; do
    folder=$(dirname "$readme")
    project=$folder/$(basename "$folder").csproj
    name=$(sed -n 's|.*<PackageId>\(.*\)</PackageId>.*|\1|p' "$project")
    name=${name:-$(basename "$folder")}
    file=packages/$name.cdx.json
    # It has no code of its own, and carries the tool.
    [ "$name" != HvBindgen.Build ] || project=generator/HvBindgen.Cli/HvBindgen.Cli.csproj
    dotnet CycloneDX "$project" -o packages -fn "$name.cdx.json" -F Json -sn "$name" -sv "$version" --set-nuget-purl \
        --include-project-references --exclude-dev --no-serial-number >/dev/null
    grep -q "\"purl\": \"pkg:nuget/$name@$version\"" "$file" || fail "$file does not say of which package it is"
    echo "$file: $(($(grep -c '"purl"' "$file") - 1)) components"
done
