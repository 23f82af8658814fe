#!/usr/bin/env bash
# Sets up Debian 12 and passes every test: a debug build, then tests under the sanitizers, fuzzers among them.
# `tests/run.sh dev` runs the first part alone.
set -euo pipefail
cd "$(dirname "$0")/.."
bash .ci/setup test
umask 022 # plugins that others may write are refused, the tests' own too

presets=("$@")
[ "${#presets[@]}" -gt 0 ] || presets=(dev asan tsan)
for preset in "${presets[@]}"; do
  echo "== $preset"
  cmake --workflow --preset "$preset"
done
