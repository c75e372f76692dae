#!/usr/bin/env bash
# Builds with warnings as errors, checks the formatting, runs the tests, and ends with the line "N passed, N failed".
# usage: ./test.sh [unit|e2e]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

pick="${1:-all}"
case "$pick" in
  all | unit | e2e) ;;
  *)
    echo "usage: ./test.sh [unit|e2e]" >&2
    exit 2
    ;;
esac

fail() {
  echo "test.sh: $1" >&2
  exit 1
}

# A bare CI machine is fitted out; a person's machine is only told what it lacks.
require() {
  local tool="$1"
  local -a packages
  read -ra packages <<< "$2"
  command -v "$tool" > /dev/null && return
  if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
    command -v "$tool" > /dev/null && return
  fi
  fail "$tool is missing: install ${3}."
}

# Tools that tests can do without: a test that lacks one says so. A bare CI machine gets them if that is quick.
offer() {
  local tool package
  local -a missing=()
  for tool in "$@"; do
    package="${tool#*=}"
    command -v "${tool%%=*}" > /dev/null || missing+=("$package")
  done
  if [ "${#missing[@]}" = 0 ] || [ "${CI:-}" != true ] || [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then return; fi
  if ! { timeout 30 apt-get update -qq && DEBIAN_FRONTEND=noninteractive timeout 60 apt-get install -y -qq --no-install-recommends "${missing[@]}"; }; then
    echo "test.sh: going on without ${missing[*]}." >&2
  fi
}

command -v dotnet > /dev/null || fail "dotnet is missing: install the .NET 10 SDK, https://dotnet.microsoft.com/download."
dotnet --version > /dev/null || fail "this .NET SDK does not fit global.json: install the .NET 10 SDK, https://dotnet.microsoft.com/download."
require git git "git"
if [ "$pick" != unit ]; then
  require node nodejs "Node.js 18 or later"
  require npm npm "npm, which comes with Node.js or as a package of its own"
  require exim4 exim4-daemon-light "Exim, a mail server, for the tests of mail"
  require cc "gcc libc6-dev" "a C compiler, gcc for instance, for the test of power cuts"
  offer python3 ruby php=php-cli
fi

dotnet restore Nyala.slnx
dotnet build Nyala.slnx -c Release --no-restore -nodeReuse:false

# The build and ArchitectureTests have checked every other rule.
dotnet format whitespace . --folder --verify-no-changes || fail "the formatting is off: run \"dotnet format Nyala.slnx\"."
if [ "$pick" != unit ]; then
  (cd tests/Nyala.EndToEnd/node && npm ci)
fi

passed=0 failed=0 skipped=0

# The counts come from the runner's result file. One that crashed or ran nothing is a failure of its own.
run() {
  local project="$1" result="$PWD/TestResults/$1.xml" code=0 summary ran
  mkdir -p TestResults
  rm -f "$result"
  dotnet "tests/$project/bin/Release/net10.0/$project.dll" -noColor -noAutoReporters -showLiveOutput -result-xml "$result" || code=$?
  summary="$(grep -o '<assembly [^>]*>' "$result" 2> /dev/null | head -n 1 || true)"
  ran=$(($(count passed) + $(count failed) + $(count errors)))
  passed=$((passed + $(count passed)))
  failed=$((failed + $(count failed) + $(count errors)))
  skipped=$((skipped + $(count skipped)))
  if [ "$ran" = 0 ]; then
    echo "test.sh: $project ran no test (exit code $code)." >&2
    failed=$((failed + 1))
  elif [ "$code" != 0 ] && [ "$(($(count failed) + $(count errors)))" = 0 ]; then
    echo "test.sh: the runner of $project ended with exit code $code." >&2
    failed=$((failed + 1))
  fi
}

count() {
  local value
  value="$(sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<< "$summary")"
  echo "${value:-0}"
}

if [ "$pick" != e2e ]; then run Nyala.Tests; fi
if [ "$pick" != unit ]; then run Nyala.EndToEnd; fi

line="$passed passed, $failed failed"
if [ "$skipped" != 0 ]; then line="$line, $skipped skipped"; fi
echo "$line"
[ "$failed" = 0 ]
