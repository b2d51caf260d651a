// Shell scripts of hostile containers: the parser and the walk over it, through a pod of the model.

#include "base/buf.h"
#include "k8s/model.h"
#include "k8s/shell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *arena = arena_new((size_t)256 << 20);
	Str script = str_n((const char *)data, size), rest = script, line;
	ModelOptions options = {.ns = S("default"), .cluster_domain = S("cluster.local")};
	Source source = {.name = S("fuzz")};
	Model *model;
	Buf text;
	Diag diag;

	if (!arena || setjmp(*arena_trap(arena))) {
		arena_free(arena);
		return 0;
	}
	diag = diag_new(arena);
	text = buf_new(arena);
	shell_parse(arena, script, NULL);
	buf_c(&text, "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  initContainers:\n  "
	             "- name: w\n    command:\n    - sh\n"
	             "    - -c\n    - |2\n");
	while (str_line(&rest, &line)) {
		buf_c(&text, "      ");
		buf_str(&text, line);
		buf_byte(&text, '\n');
	}
	source.text = buf_view(&text);
	model_build(arena, &source, 1, &options, &model, &diag);
	arena_free(arena);
	return 0;
}
