#ifndef KUSTOMIZE_TRACE_H
#define KUSTOMIZE_TRACE_H

// What a build prints, with the origin of every word. While a traced build works, the texts of its nodes carry origins
// (a Str keeps them through copies and slices); printing goes through JSON and loses them. So what was printed is read
// again, and its words are matched with the nodes they were printed from.

#include "data/node.h"

// `printed` is the print of `source` by yaml_write_resource or print_resource. Words that nobody wrote (the kind of a
// generated resource) get the origin of the last word before them.
Str trace_print(Arena *arena, Str printed, const Node *source);

#endif
