#!/usr/bin/env bash
# The long form of the fuzz targets: built by clang with libFuzzer and the address and undefined-behaviour sanitizers,
# each run for a while on its corpus. What it finds is kept under build/fuzz/found.
#   tests/fuzz/long.sh [NAME...]    all targets, or the named ones ("envelope"); EQUINODE_FUZZ_SECONDS each, default 60.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
seconds=${EQUINODE_FUZZ_SECONDS:-60}
here=$PWD/tests/fuzz/corpus

if [ $# -gt 0 ]; then names=("$@"); else mapfile -t names < <(ls "$here"); fi
[ -f build/fuzz/build.ninja ] || cmake --preset fuzz
cmake --build --preset fuzz --target "${names[@]/#/fuzz_}"

failed=()
for name in "${names[@]}"; do
  program=$(find "$PWD/build/fuzz" -type f -executable -name "fuzz_$name" | head -1)
  work=$PWD/build/fuzz/found/$name
  mkdir -p "$work/corpus"
  echo "== fuzz_$name, $seconds s"
  # What it learns goes into the first folder; the seeds are only read. CMS and certificates allocate in OpenSSL, the
  # parser of resources up to 50 MiB.
  if ! (cd "$work" && ASAN_OPTIONS=detect_leaks=1 "$program" "$work/corpus" "$here/$name" -max_total_time="$seconds" \
      -rss_limit_mb=3072 -timeout=25 -print_final_stats=1 -artifact_prefix="$work/" >log 2>&1); then
    failed+=("$name")
    tail -n 40 "$work/log"
  fi
  grep -E "stat::(number_of_executed_units|peak_rss_mb)" "$work/log" || true
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "fuzz: failed: ${failed[*]}; inputs and logs are in build/fuzz/found" >&2
  exit 1
fi
