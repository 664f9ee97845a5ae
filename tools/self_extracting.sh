#!/bin/sh
# @NAME@: a program of Parley in one file that needs nothing installed.
# Behind these lines follow, each compressed, the program and the Deno that runs
# it. Both are unpacked at the first start, below ~/.cache/parley (which may be
# deleted at any time), and only run at the later ones. tools/compile.ts of
# Parley makes such files.

name=@NAME@
platform='@PLATFORM@'
program_sha256=@PROGRAM_SHA256@
program_start=@PROGRAM_START@ program_size=@PROGRAM_SIZE@
deno_sha256=@DENO_SHA256@
deno_start=@DENO_START@ deno_size=@DENO_SIZE@
self=$0

fail() {
  printf '%s: %s\n' "$name" "$1" >&2
  exit 1
}

# The SHA-256 of standard input.
sha256() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi |
    cut -d ' ' -f 1
}

# payload START SIZE: the part of this file that starts at the START-th byte.
payload() {
  tail -c "+$1" "$self" | head -c "$2" | gzip -dc
}

# unpack START SIZE SHA256 TARGET: writes a part to a file beside TARGET and, if
# it is whole, renames it, so that TARGET is never half there.
unpack() {
  [ "$(uname -sm)" = "$platform" ] ||
    fail "this file is made for $platform; this machine is $(uname -sm)"
  [ -r "$self" ] ||
    fail "cannot read itself as $self; start it by its path"
  command -v sha256sum >/dev/null || command -v shasum >/dev/null ||
    fail "cannot be unpacked without the command sha256sum or shasum"
  # Of its own, so that two that start at once do not disturb each other.
  new=$(mktemp "$cache/unpacking.XXXXXX" 2>/dev/null) ||
    fail "cannot write to $cache; set XDG_CACHE_HOME to a directory that can be written"
  trap 'rm -f "$new"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  payload "$1" "$2" >"$new" 2>/dev/null
  if [ "$(sha256 <"$new")" != "$3" ]; then
    [ "$(payload "$1" "$2" 2>/dev/null | sha256)" = "$3" ] ||
      fail "$self is damaged (its checksum is wrong); get it again"
    fail "cannot write @DENO_MIB@ MiB to $cache: is the disk full? XDG_CACHE_HOME can name another directory"
  fi
  chmod 700 "$new"
  if [ "$4" = "$deno" ]; then
    "$new" --version >/dev/null 2>&1 ||
      fail "cannot run what it has unpacked in $cache (mounted noexec?); set XDG_CACHE_HOME to another directory"
  fi
  mv -f "$new" "$4" || fail "cannot write to $cache"
  trap - EXIT HUP INT TERM
}

if [ -n "${XDG_CACHE_HOME:-}" ]; then
  cache=$XDG_CACHE_HOME/parley
elif [ -n "${HOME:-}" ]; then
  cache=$HOME/.cache/parley
else
  cache=${TMPDIR:-/tmp}/parley-$(id -u)
  private=yes
fi
if [ ! -d "$cache" ]; then
  (umask 077 && mkdir -p "$cache") 2>/dev/null ||
    [ -d "$cache" ] ||
    fail "cannot make the directory $cache; set XDG_CACHE_HOME to a directory that can be written"
fi
if [ -n "${private:-}" ]; then
  # Anyone may have made it.
  { [ -O "$cache" ] && [ ! -L "$cache" ]; } ||
    fail "will not use $cache, which belongs to somebody else; set XDG_CACHE_HOME"
fi

deno=$cache/deno-$deno_sha256
program=$cache/$name-$program_sha256.js
[ -x "$deno" ] || unpack "$deno_start" "$deno_size" "$deno_sha256" "$deno"
[ -f "$program" ] ||
  unpack "$program_start" "$program_size" "$program_sha256" "$program"

# A server that was put into the background of a terminal is not to be stopped for
# reading there: it goes without.
[ "$name" != parley-server ] || trap '' TTIN

# Nothing of the directory it is started in, of another Deno on this machine or
# of the network has a say in what runs.
export DENO_DIR="$cache/cache" DENO_NO_PACKAGE_JSON=1 DENO_NO_UPDATE_CHECK=1
exec "$deno" run --quiet --no-config --no-lock --no-npm --no-remote \
  @PERMISSIONS@ "$program" "$@"
