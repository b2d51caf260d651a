#ifndef CMD_RENDER_OUTPUT_H
#define CMD_RENDER_OUTPUT_H

// What a render prints or writes, byte for byte as `helm template`.

#include "chart/render.h"
#include "data/text.h"

typedef struct OutputOptions {
	bool include_crds, no_hooks, skip_tests, use_release_name;
	StrList show_only;
	Str output_dir; // empty: standard output
	Str release;
} OutputOptions;

// The whole output in `out`; files below output_dir are written, and "wrote ..." lines are the output then.
bool output_compose(Render *render, const OutputOptions *options, Buf *out, Diag *diag);
// Only what goes to standard output, with the origins that a traced render has, whatever show_only and output_dir say.
bool output_compose_text(Render *render, const OutputOptions *options, Text *out, Diag *diag);
// What --debug shows of a render whose documents can't be read.
void output_compose_broken(Render *render, const OutputOptions *options, Buf *out);

#endif
