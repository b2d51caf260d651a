#ifndef CMD_BUILD_OUTPUT_H
#define CMD_BUILD_OUTPUT_H

// Where `cleat build` writes: a folder gets a file a resource, named as Kustomize names them; any other path is a file.

#include "kustomize/kustomize.h"

bool build_output_is_folder(Arena *arena, Str path);

// Writes GROUP_VERSION_KIND_NAME.yaml for each resource, all in small letters; NAMESPACE_ goes before it where resources
// of several namespaces are written. Nothing is written where two would get the same file, or one a file elsewhere.
bool build_output_write_folder(Arena *arena, Str folder, const ResMap *resources, Diag *diag);

#endif
