#!/bin/sh
# Installs what building and testing cleat needs and this machine lacks, from the distribution. Does nothing where all
# is there. `./setup.sh && make render` renders the pipeline chart; `./setup.sh && make test` passes the tests.
#
# Progress goes to standard error, so that standard output stays the manifests' own.
set -eu

# What | Debian package | how to see that it is there | what it is for
needs='
cc|gcc|command -v cc|compiles C
make|make|command -v make|runs the build
libc headers|libc6-dev|test -e /usr/include/stdio.h|the C library
libcrypto|libssl3|ls /usr/lib/*/libcrypto.so.3|ciphers and certificates in templates
libarchive|libarchive13|ls /usr/lib/*/libarchive.so.13|reads .tgz charts
'
test_needs='
cmocka|libcmocka-dev|test -e /usr/include/cmocka.h|runs the unit tests
prove|perl|command -v prove|runs the command-line tests
clang|clang|command -v clang|builds the fuzzers and a second opinion
openssl|openssl|command -v openssl|checks the certificates that templates make
'

say() { echo "setup: $*" >&2; }

missing=''
look() {
	old_ifs=$IFS
	IFS='
'
	for need in $1; do
		IFS=$old_ifs
		what=${need%%|*} rest=${need#*|}
		package=${rest%%|*} rest=${rest#*|}
		check=${rest%%|*} why=${rest#*|}
		if ! sh -c "$check" >/dev/null 2>&1; then
			say "missing: $what; installing $package ($why)"
			missing="$missing $package"
		fi
		IFS='
'
	done
	IFS=$old_ifs
}

look "$needs"
look "$test_needs"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
	say "this is no Debian or Ubuntu: install these by the names your system has for them:$missing"
	exit 1
fi
as_root=''
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null 2>&1; then
		say "not root and no sudo: as root, run: apt-get install$missing"
		exit 1
	fi
	as_root=sudo
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -q >&2
# shellcheck disable=SC2086 # several packages
$as_root apt-get install -q -y --no-install-recommends $missing >&2
