// A kustomization with one resource, a strategic merge patch and a JSON patch from one input, cut at NUL bytes: builds
// without a crash, without reading anything, and the fast writer and the general one agree.

#include "data/yaml.h"
#include "kustomize/kustomize.h"
#include "kustomize/print.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_writers(Arena *arena, Node *node)
{
	Buf fast = buf_new(arena), general = buf_new(arena);
	Diag diag = diag_new(arena);
	Node *copy = node_copy(arena, node);

	if (!print_resource(arena, &fast, node, &diag))
		return;
	tree_mend(arena, copy);
	if (!yaml_write_resource(&general, copy, &diag) ||
	    !str_eq(buf_view(&fast), buf_view(&general)))
		abort();
}

static void build(Arena *arena, Str input)
{
	static const char *const names[] = {"kustomization.yaml", "resource.yaml", "merge.yaml",
	                                    "json.yaml"};
	Fs *fs = fs_memory(arena, S("fuzz"), NULL);
	KustomizeOptions options = {.fs = fs};
	TextList warnings = {0};
	Diag diag = diag_new(arena);
	ResMap *resources;
	Str part;

	for (size_t i = 0; i < 4 && input.p && str_cut(&input, str_n("", 1), &part); i++)
		fs_memory_put(fs, str_c(names[i]), part);
	if (kustomize_build(arena, &options, S("."), &resources, &warnings, &diag))
		for (size_t i = 0; i < resources->len; i++)
			check_writers(arena, resources->items[i]->node);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *arena = arena_new((size_t)256 << 20);

	if (!arena)
		return 0;
	if (setjmp(*arena_trap(arena)) == 0)
		build(arena, str_n((const char *)data, size));
	arena_free(arena);
	return 0;
}
