#ifndef CMD_ANNOTATE_H
#define CMD_ANNOTATE_H

// `cleat render --annotate`: comments behind the lines of each document that name the template line and the values that
// made them. The documents stay valid and say the same.

#include "chart/render.h"

// Replaces the content of every manifest and hook of a traced render.
bool annotate_manifests(Render *render, Diag *diag);

#endif
