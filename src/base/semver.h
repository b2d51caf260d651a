#ifndef BASE_SEMVER_H
#define BASE_SEMVER_H

// Versions and constraints as Masterminds/semver v3.4.0 (which Helm 4.1 ships) reads and compares
// them.

#include "base/diag.h"

typedef struct Semver {
	uint64_t major, minor, patch;
	Str prerelease, metadata; // without their '-' and '+'
	Str original;             // as it was written
} Semver;

// NewVersion: a leading "v", missing parts and leading zeros are taken. Messages are those of the
// Go package ("invalid semantic version").
bool semver_parse(Arena *arena, Str text, Semver *out, Diag *diag);
// StrictNewVersion: the three numbers of the specification, nothing else.
bool semver_parse_strict(Arena *arena, Str text, Semver *out, Diag *diag);

int semver_compare(const Semver *a, const Semver *b); // -1, 0, 1; metadata does not count
// "1.2.3-beta+b1", without the "v" that the original may have.
Str semver_string(Arena *arena, const Semver *version);

// What SetPrerelease and SetMetadata accept; the message is theirs.
bool semver_valid_prerelease(Str text, Diag *diag);
bool semver_valid_metadata(Str text, Diag *diag);

typedef struct SemverConstraints SemverConstraints;

// NewConstraint: "improper constraint: ..." where it is none.
bool semver_constraints_parse(Arena *arena, Str text, SemverConstraints **out, Diag *diag);
// Check.
bool semver_check(const SemverConstraints *constraints, const Semver *version);

#endif
