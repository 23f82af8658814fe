#!/usr/bin/env bash
# Sets up Debian 12, builds pflow-host and runs an example workflow on this repository's own files.
set -euo pipefail
cd "$(dirname "$0")/.."
bash .ci/setup build
umask 022
cmake --preset release
cmake --build --preset release
build/release/bin/pflow-host run examples/repository-report.json
echo "Next, try: build/release/bin/pflow-host run examples/newest.json folder=docs"
