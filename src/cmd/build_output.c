#include "cmd/build_output.h"

#include "cmd/files.h"
#include "data/value.h"

#include <sys/stat.h>

bool build_output_is_folder(Arena *arena, Str path)
{
	struct stat info;

	return path.len && stat(str_to_c(arena, path), &info) == 0 && S_ISDIR(info.st_mode);
}

static bool several_namespaces(const ResMap *resources)
{
	const ResId *first = NULL;

	for (size_t i = 0; i < resources->len; i++) {
		const ResId *id = &resources->items[i]->id;
		if (id->cluster)
			continue;
		if (first && !str_eq(resid_namespace(first), resid_namespace(id)))
			return true;
		first = id;
	}
	return false;
}

static Str file_name(Arena *arena, const ResId *id, bool with_namespace)
{
	const Str parts[] = {with_namespace && !id->cluster ? resid_namespace(id) : S(""),
	                     id->gvk.group, id->gvk.version, id->gvk.kind, id->name};
	Buf name = buf_new(arena);

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (name.len && parts[i].len)
			buf_byte(&name, '_');
		buf_str(&name, parts[i]);
	}
	buf_c(&name, ".yaml");
	for (size_t i = 0; i < name.len; i++)
		name.p[i] = ascii_lower(name.p[i]);
	return buf_view(&name);
}

typedef struct OutputFile {
	Str path, text;
} OutputFile;

static bool compose(Arena *arena, Str folder, const ResMap *resources, OutputFile *files,
                    Diag *diag)
{
	bool with_namespace = several_namespaces(resources);
	Map *taken = map_new(arena, &TYPE_ANY_MAP);

	for (size_t i = 0; i < resources->len; i++) {
		Resource *resource = resources->items[i];
		ResMap one = {.arena = arena, .items = &resource, .len = 1, .cap = 1};
		Str name = file_name(arena, &resource->id, with_namespace);
		Buf text = buf_new(arena);

		if (str_find_byte(name, '/') != STR_NONE)
			return diag_fail(diag, "%.*s can't be the name of a file in %.*s",
			                 STR_ARGS(name), STR_ARGS(folder));
		if (map_get(taken, name))
			return diag_fail(diag, "two resources would be written to %.*s in %.*s",
			                 STR_ARGS(name), STR_ARGS(folder));
		map_set(arena, taken, name, value_bool(true));
		if (!kustomize_write(arena, &one, &text, diag))
			return false;
		files[i] = (OutputFile){path_join(arena, folder, name), buf_view(&text)};
	}
	return true;
}

bool build_output_write_folder(Arena *arena, Str folder, const ResMap *resources, Diag *diag)
{
	OutputFile *files = ARENA_ARRAY(arena, OutputFile, resources->len + 1);

	if (!compose(arena, folder, resources, files, diag))
		return false;
	for (size_t i = 0; i < resources->len; i++)
		if (!file_write(arena, files[i].path, files[i].text, diag))
			return false;
	return true;
}
