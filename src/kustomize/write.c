// The output of a build.

#include "kustomize/kustomize.h"
#include "kustomize/print.h"

bool kustomize_write(Arena *arena, const ResMap *resources, Buf *out, Diag *diag)
{
	for (size_t i = 0; i < resources->len; i++) {
		const Resource *resource = resources->items[i];
		Node *node = resource->node;
		if (i)
			buf_c(out, "---\n");
		if (!print_resource(arena, out, node, diag)) {
			diag->place = (Place){resource->file, resource->line, 0};
			return diag_wrap(diag, "%.*s", STR_ARGS(resid_str(arena, &resource->id)));
		}
	}
	return true;
}
