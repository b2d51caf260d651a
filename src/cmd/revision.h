#ifndef CMD_REVISION_H
#define CMD_REVISION_H

// A git revision as a file system: what `git archive` gives, kept in memory. Nothing is checked out and nothing is written.

#include "base/fs.h"

typedef struct Revision {
	Fs *fs;   // the whole work tree at that revision
	Str here; // the current folder, in it
} Revision;

bool revision_open(Arena *arena, Str name, Revision *out, Diag *diag);
// The commit that two revisions have in common: what "a...b" compares b with.
bool revision_merge_base(Arena *arena, Str a, Str b, Str *out, Diag *diag);

#endif
