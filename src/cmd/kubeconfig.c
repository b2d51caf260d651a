// The one thing that rendering takes from a kubeconfig: the namespace of its current context.

#include "cmd/kubeconfig.h"

#include "data/yaml.h"

#include <stdlib.h>
#include <unistd.h>

static Str env(const char *name)
{
	const char *text = getenv(name);

	return str_c(text ? text : "");
}

static Str text_at(const Value *v, const char *key)
{
	const Value *found = v && v->kind == V_MAP ? map_get(v->map, str_c(key)) : NULL;

	return found && found->kind == V_STRING ? value_as_str(found) : S("");
}

static Str context_namespace(const Value *config, Str context)
{
	const Value *list = config->kind == V_MAP ? map_get(config->map, S("contexts")) : NULL;

	for (size_t i = 0; list && list->kind == V_LIST && i < list->list->len; i++) {
		const Value *item = &list->list->items[i];
		if (item->kind == V_MAP && str_eq(text_at(item, "name"), context)) {
			Str found = text_at(map_get(item->map, S("context")), "namespace");
			return found;
		}
	}
	return S("");
}

// Of several files the first that names a current context, and the first that knows a context, count.
static Str namespace_in(Arena *arena, Str paths, Str context)
{
	Str rest = paths, path, found = S("");
	YamlValueOptions options = {.ints = true};

	while (!found.len && str_cut(&rest, S(":"), &path)) {
		Diag ignored = diag_new(arena);
		Str text;
		Value config;
		if (!path.len || access(str_to_c(arena, path), R_OK) != 0 ||
		    !fs_read_any(arena, path, &text, &ignored) ||
		    !yaml_read_value(arena, text, &options, &config, &ignored))
			continue;
		if (!context.len)
			context = text_at(&config, "current-context");
		if (context.len)
			found = context_namespace(&config, context);
	}
	return found;
}

Str namespace_of(Arena *arena, const ChartOptions *options)
{
	Str given = options->namespace.len ? options->namespace : env("HELM_NAMESPACE");
	Str paths = options->kubeconfig.len ? options->kubeconfig : env("KUBECONFIG"), found;
	Str context = options->kube_context.len ? options->kube_context : env("HELM_KUBECONTEXT");

	if (given.len)
		return given;
	if (!paths.len && env("HOME").len)
		paths = path_join(arena, env("HOME"), S(".kube/config"));
	found = paths.len ? namespace_in(arena, paths, context) : S("");
	return found.len ? found : S("default");
}
