#ifndef CMD_ANNOTATE_H
#define CMD_ANNOTATE_H

// `cleat render --annotate`: comments behind the lines of each document that name the template line and the values that
// made them. The documents stay valid and say the same.

#include "chart/render.h"

// How the files of places are called.
typedef struct FileNames {
	Str (*shown)(void *context, Str file);
	void *context;
} FileNames;

// Who made the bytes from `start` to `end` of a traced text, one of its lines: "templates/a.yaml:6, values.yaml:4 port".
// Nothing where nothing is known.
void annotate_line(Buf *out, Str content, size_t start, size_t end, const FileNames *names);
// Replaces the content of every manifest and hook of a traced render.
bool annotate_manifests(Render *render, Diag *diag);

#endif
