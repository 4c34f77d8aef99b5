#!/usr/bin/env bash
# Teaches git, in this clone, to show ABI snapshots readably. Run it once in the clone.
#   git diff                                     shows snapshots as C-like text (with the line of .gitattributes below)
#   git difftool -d -t hvbindgen main -- headers/abi        compares the snapshots of two revisions, all targets at once
# .gitattributes needs: headers/abi/*.json diff=hvbindgen
# Arguments: the command to use (default: hvbindgen), the folder of the snapshots (default: headers/abi).
set -euo pipefail

tool=${1:-hvbindgen}
folder=${2:-headers/abi}

# A snapshot that this version cannot read is shown as it is; git would refuse the whole diff otherwise.
git config diff.hvbindgen.textconv "f() { $tool snapshot --text \"\$1\" 2>/dev/null || cat \"\$1\"; }; f"
git config diff.hvbindgen.xfuncname '^((struct|union|enum|ioctl|typedef) [A-Za-z_0-9]+).*$'

# With -d git gives two folders that hold the repository's, without it two files.
git config difftool.hvbindgen.cmd \
    "f() { if [ -d \"\$1\" ]; then set -- \"\$1/$folder\" \"\$2/$folder\"; fi; $tool diff \"\$1\" \"\$2\" --skip-new; }; f \"\$LOCAL\" \"\$REMOTE\""
