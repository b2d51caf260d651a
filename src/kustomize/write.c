// The output of a build.

#include "data/yaml.h"
#include "kustomize/kustomize.h"

bool kustomize_write(Arena *arena, const ResMap *resources, Buf *out, Diag *diag)
{
	for (size_t i = 0; i < resources->len; i++) {
		const Resource *resource = resources->items[i];
		Node *node = resource->node;
		if (i)
			buf_c(out, "---\n");
		if (!tree_settle(arena, &node, diag) || !yaml_write_resource(out, node, diag)) {
			diag->place = (Place){resource->file, resource->line, 0};
			return diag_wrap(diag, "%.*s", STR_ARGS(resid_str(arena, &resource->id)));
		}
	}
	return true;
}
