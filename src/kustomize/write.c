// The output of a build.

#include "data/text.h"
#include "kustomize/kustomize.h"
#include "kustomize/print.h"
#include "kustomize/trace.h"

static bool write_one(Arena *arena, const Resource *resource, Buf *out, Diag *diag)
{
	if (print_resource(arena, out, resource->node, diag))
		return true;
	diag->place = (Place){resource->file, resource->line, 0};
	return diag_wrap(diag, "%.*s", STR_ARGS(resid_str(arena, &resource->id)));
}

bool kustomize_write(Arena *arena, const ResMap *resources, Buf *out, Diag *diag)
{
	for (size_t i = 0; i < resources->len; i++) {
		if (i)
			buf_c(out, "---\n");
		if (!write_one(arena, resources->items[i], out, diag))
			return false;
	}
	return true;
}

bool kustomize_write_traced(Arena *arena, const ResMap *resources, Str *out, Diag *diag)
{
	Text text = text_new(arena, true);

	for (size_t i = 0; i < resources->len; i++) {
		Buf one = buf_new(arena);
		if (i)
			text_write(&text, S("---\n"));
		if (!write_one(arena, resources->items[i], &one, diag))
			return false;
		text_write(&text, trace_print(arena, buf_view(&one), resources->items[i]->node));
	}
	*out = text_str(&text);
	return true;
}
