#!/usr/bin/env bash
# Installs what the build and the tests need on a bare Debian 12; `setup.sh tools` also what formats, lints and fuzzes
# (clang). Does nothing when all is there.
set -euo pipefail

packages=(
  g++ cmake ninja-build pkg-config ccache lld
  libgrpc++-dev libprotobuf-dev protobuf-compiler libssl-dev openssl
  libsimdjson-dev nlohmann-json3-dev libtomlplusplus-dev libcli11-dev libzstd-dev zlib1g-dev libargon2-dev libgmp-dev libmpfr-dev
  coinor-libclp-dev libglpk-dev
  libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev
  python3 git ca-certificates zstd
)
[ "${1:-}" != tools ] || packages+=(clang clang-format clang-tidy libclang-rt-14-dev)
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
have() { dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null | grep -q '^ii'; }

missing=()
for package in "${packages[@]}"; do have "$package" || missing+=("$package"); done
version=$(dpkg-query -W -f='${Version}' libsqlcipher-dev 2>/dev/null || true)
cipher_ok=no
if [ -n "$version" ] && dpkg --compare-versions "$version" ge 4.6; then cipher_ok=yes; fi
[ ${#missing[@]} -eq 0 ] && [ "$cipher_ok" = yes ] && exit 0

. /etc/os-release
if [ "${VERSION_CODENAME:-}" != bookworm ]; then
  echo "setup: this script knows Debian 12 (bookworm); here is ${PRETTY_NAME:-an unknown system}." >&2
  echo "setup: install by hand: ${missing[*]} libsqlcipher-dev (4.6 or newer)" >&2
  exit 78
fi

# bookworm-backports stands beside the machine's own bookworm source: same mirror, same keyring.
add_backports() {
  apt-cache policy libsqlcipher-dev 2>/dev/null | grep -q 'bookworm-backports' && return 0
  local uri="" key="" file
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -f "$file" ] || continue
    # A deb822 stanza whose Suites name plain bookworm.
    read -r uri key < <(awk -v RS= '
      /(^|\n)Suites:[^\n]*[ \t]bookworm([ \t\n]|$)/ && /(^|\n)Types:[^\n]*deb/ {
        uri = ""; key = "-"
        n = split($0, line, "\n")
        for (i = 1; i <= n; i++) {
          if (line[i] ~ /^URIs:/) { split(line[i], w, /[ \t]+/); uri = w[2] }
          if (line[i] ~ /^Signed-By:/) { split(line[i], w, /[ \t]+/); key = w[2] }
        }
        if (uri != "" && uri !~ /security/) { print uri, key; exit }
      }' "$file") || true
    [ -n "$uri" ] && break
  done
  if [ -z "$uri" ]; then
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
      [ -f "$file" ] || continue
      read -r uri key < <(awk '$1 == "deb" {
          key = "-"; i = 2
          if ($2 ~ /^\[/) { while (i <= NF) { if (match($i, /signed-by=[^] ]+/)) key = substr($i, RSTART + 10, RLENGTH - 10); if ($i ~ /\]$/) break; i++ } i++ }
          if ($(i + 1) == "bookworm" && $i !~ /security/) { print $i, key; exit } }' "$file") || true
      [ -n "$uri" ] && break
    done
  fi
  [ -n "$uri" ] || { echo "setup: no apt source for bookworm found to take backports beside" >&2; return 1; }
  {
    echo "Types: deb"
    echo "URIs: $uri"
    echo "Suites: bookworm-backports"
    echo "Components: main"
    [ "$key" = "-" ] || [ -z "$key" ] || echo "Signed-By: $key"
  } | as_root tee /etc/apt/sources.list.d/equinode-backports.sources >/dev/null
}

export DEBIAN_FRONTEND=noninteractive
add_backports
as_root apt-get update -q
if [ ${#missing[@]} -gt 0 ]; then
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
fi
if [ "$cipher_ok" = no ]; then
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    -t bookworm-backports libsqlcipher-dev
fi
