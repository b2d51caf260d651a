#ifndef CMD_FILES_H
#define CMD_FILES_H

// Writing files that a person asked for: whole or not at all.

#include "base/diag.h"

// Writes a file beside `path` and puts it in its place; folders on the way are made. A link at `path` is followed, what
// is no file (/dev/stdout) is written to as it is.
bool file_write(Arena *arena, Str path, Str content, Diag *diag);

#endif
