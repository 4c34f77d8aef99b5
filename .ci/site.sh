#!/usr/bin/env bash
# Makes the site of guides and API reference in artifacts/site, which is ignored by git. A warning of docfx is an error; where the tool
# cannot be restored, that is said and nothing is made.
#   .ci/site.sh [--built]     the libraries are built already, in Release
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh

need_dotnet
if ! dotnet tool restore >/dev/null 2>&1; then
    echo "skipped: the package sources of this machine have no docfx"
    exit 0
fi
for project in runtime/*/README.md; do
    [ "${1:-}" = --built ] || build "$(dirname "$project")"
done
rm -rf artifacts/site .ci/site/obj
dotnet docfx .ci/site/docfx.json --warningsAsErrors --logLevel warning
cp artifacts/site/README.html artifacts/site/index.html
pages=$(find artifacts/site/api -name '*.html' | wc -l)
for page in api/HvBindgen.Mshv.Running.RunLoop api/HvBindgen.Mshv.Abi.mshv_root_hvcall runtime/writing-a-vmm; do
    [ -s "artifacts/site/$page.html" ] || fail "the site has no page $page"
done
echo "artifacts/site: $pages pages of API, and the guides"
