#ifndef PROPERTY_TRIALS_H
#define PROPERTY_TRIALS_H

#include "marker.h"

// At most `most` markers, one after the other, each in a render or build of its own.
void try_chart(const char *chart, size_t most, Count *count);
// The kustomization in `folder` below `root`: any file below the root that it reads may be changed.
void try_kustomization(const char *root, const char *folder, size_t most, Count *count);

#endif
