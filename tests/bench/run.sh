#!/usr/bin/env bash
# Runs the benchmarks that are built, or the named ones: tests/bench/run.sh [NAME...], e.g. "crypto".
# Each prints its figures and their ratio to a limit or peer measured in the same run.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
build=${EQUINODE_BUILD:-build/release}

programs=()
if [ $# -gt 0 ]; then
  for name in "$@"; do
    found=$(find "$build" -type f -executable -name "bench_${name#bench_}" 2>/dev/null | head -1)
    [ -n "$found" ] || { echo "bench: no bench_${name#bench_} in $build; ./dev build makes them" >&2; exit 64; }
    programs+=("$found")
  done
else
  mapfile -t programs < <(find "$build" -type f -executable -name 'bench_*' | sort)
  [ ${#programs[@]} -gt 0 ] || { echo "bench: nothing built in $build; ./dev build makes them" >&2; exit 64; }
fi

echo "# $(nproc) cores, $(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -1), load $(cut -d' ' -f1 /proc/loadavg)"
failed=0
for program in "${programs[@]}"; do
  echo
  echo "== $(basename "$program")"
  "$program" || { echo "bench: $(basename "$program") ended with $?" >&2; failed=1; }
done
exit $failed
