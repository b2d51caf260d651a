// A chart of any bytes, loaded and rendered: files are told apart by lines "### NAME". What comes out does not matter, only
// that it comes.

#include "chart/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_files(Fs *fs, Str text)
{
	Str line, name = S("Chart.yaml"), rest = text;
	const char *start = text.p;

	while (str_line(&rest, &line)) {
		if (!str_has_prefix(line, S("### ")))
			continue;
		fs_memory_put(fs, name, str_n(start, (size_t)(line.p - start)));
		name = str_from(line, 4);
		start = rest.p ? rest.p : text.p + text.len;
	}
	fs_memory_put(fs, name, str_n(start, (size_t)(text.p + text.len - start)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *arena = arena_new((size_t)128 << 20);
	Render render = {.arena = arena};
	RenderOptions options = {.release = {S("rel"), S("default"), false}};
	ChartLoad load;
	Diag diag;
	bool late;
	Fs *fs;

	if (!arena || setjmp(*arena_trap(arena))) {
		arena_free(arena);
		return 0;
	}
	options.engine.output_limit = (size_t)1 << 20;
	options.capabilities.kube = kube_version_default();
	render.log = log_new(arena);
	load = (ChartLoad){arena, &render.log, true};
	diag = diag_new(arena);
	fs = fs_memory(arena, S("c"), NULL);
	add_files(fs, str_n((const char *)data, size));
	render.chart = chart_load_folder(&load, fs, S("c"), &diag);
	if (render.chart && render_templates(&render, &options, NULL, &late, &diag))
		render_manifests(&render, &diag);
	arena_free(arena);
	return 0;
}
