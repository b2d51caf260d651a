#ifndef CMD_POSTRENDER_H
#define CMD_POSTRENDER_H

#include "chart/render.h"

// Runs a program over the rendered files: they go to its standard input as one stream of documents, each with an
// annotation that says which file it is from; what it prints takes their place. Messages are Helm's.
bool postrender(Render *render, Str program, const StrList *args, Diag *diag);

#endif
