#ifndef KUSTOMIZE_ORIGIN_H
#define KUSTOMIZE_ORIGIN_H

// What `buildMetadata` adds to resources: annotations that say where they come from and what transformed them.

#include "kustomize/transform.h"

#define ORIGIN_ANNOTATION    "config.kubernetes.io/origin"
#define TRANSFORM_ANNOTATION "alpha.config.kubernetes.io/transformations"

// "path: FILE".
Str origin_of_path(Arena *arena, Str path);
// "configuredIn: FILE, configuredBy: ...". `name` and `ns` may be empty.
Str origin_of_config(Arena *arena, Str file, Str api_version, Str kind, Str name, Str ns);
// The origin for what a plugin's document makes or changes, from the origin in its annotations; empty without one.
Str origin_of_plugin(Arena *arena, const Resource *config);

void origin_set(Arena *arena, Resource *resource, Str origin);
// Sets the origin of those that have none.
void origin_add(Arena *arena, const Resources *resources, Str origin);
// Notes a transformation on all resources.
void origin_add_transformation(Arena *arena, ResMap *map, Str origin);
void origin_remove(Arena *arena, ResMap *map, const char *annotation);

#endif
