// Chart.yaml: its fields and what Helm demands of them.

#include "chart/chart.h"
#include "chart/version.h"

#include "base/num.h"

#include <stddef.h>

#define FIELD(type, member, text, kind)                                                            \
	{                                                                                          \
		text, kind, offsetof(type, member), NULL                                           \
	}

static const DecodeType MAINTAINER_TYPE = {
	"Maintainer",
	"v2.Maintainer",
	sizeof(Maintainer),
	(const DecodeField[]){
		FIELD(Maintainer, name, "name", DECODE_STRING),
		FIELD(Maintainer, email, "email", DECODE_STRING),
		FIELD(Maintainer, url, "url", DECODE_STRING),
		{0},
	},
};

static const DecodeType DEPENDENCY_TYPE = {
	"Dependency",
	"v2.Dependency",
	sizeof(Dependency),
	(const DecodeField[]){
		FIELD(Dependency, name, "name", DECODE_STRING),
		FIELD(Dependency, version, "version", DECODE_STRING),
		FIELD(Dependency, repository, "repository", DECODE_STRING),
		FIELD(Dependency, condition, "condition", DECODE_STRING),
		FIELD(Dependency, tags, "tags", DECODE_STRINGS),
		FIELD(Dependency, enabled, "enabled", DECODE_BOOL),
		FIELD(Dependency, import_values, "import-values", DECODE_ANY_LIST),
		FIELD(Dependency, alias, "alias", DECODE_STRING),
		{0},
	},
};

const DecodeType METADATA_TYPE = {
	"Metadata",
	"v2.Metadata",
	sizeof(Metadata),
	(const DecodeField[]){
		FIELD(Metadata, name, "name", DECODE_STRING),
		FIELD(Metadata, home, "home", DECODE_STRING),
		FIELD(Metadata, sources, "sources", DECODE_STRINGS),
		FIELD(Metadata, version, "version", DECODE_STRING),
		FIELD(Metadata, description, "description", DECODE_STRING),
		FIELD(Metadata, keywords, "keywords", DECODE_STRINGS),
		{"maintainers", DECODE_STRUCTS, offsetof(Metadata, maintainers), &MAINTAINER_TYPE},
		FIELD(Metadata, icon, "icon", DECODE_STRING),
		FIELD(Metadata, api_version, "apiVersion", DECODE_STRING),
		FIELD(Metadata, condition, "condition", DECODE_STRING),
		FIELD(Metadata, tags, "tags", DECODE_STRING),
		FIELD(Metadata, app_version, "appVersion", DECODE_STRING),
		FIELD(Metadata, deprecated, "deprecated", DECODE_BOOL),
		FIELD(Metadata, annotations, "annotations", DECODE_STRING_MAP),
		FIELD(Metadata, kube_version, "kubeVersion", DECODE_STRING),
		{"dependencies", DECODE_STRUCTS, offsetof(Metadata, dependencies),
                 &DEPENDENCY_TYPE},
		FIELD(Metadata, type, "type", DECODE_STRING),
		{0},
	},
};

static bool is_space(uint32_t rune)
{
	return (rune >= '\t' && rune <= '\r') || rune == ' ' || rune == 0x85 || rune == 0xA0 ||
	       rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200A) || rune == 0x2028 ||
	       rune == 0x2029 || rune == 0x202F || rune == 0x205F || rune == 0x3000;
}

static bool is_plain(Str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] < ' ' || text.p[i] > '~')
			return false;
	return true;
}

// White space becomes a blank, what does not print goes.
static void sanitize(Arena *arena, Str *text)
{
	Buf out;
	uint32_t rune;
	Str rest = *text;

	if (is_plain(rest))
		return;
	out = buf_new(arena);
	for (size_t size; (size = utf8_decode(rest, &rune)); rest = str_from(rest, size)) {
		if (is_space(rune))
			buf_byte(&out, ' ');
		else if (num_is_print(rune))
			buf_rune(&out, rune);
	}
	*text = buf_view(&out);
}

static void sanitize_all(Arena *arena, StrList *list)
{
	for (size_t i = 0; i < list->len; i++)
		sanitize(arena, &list->items[i]);
}

static Str quoted(Arena *arena, Str text)
{
	Buf out = buf_new(arena);

	num_quote(&out, text);
	return buf_view(&out);
}

static bool fail(Diag *diag, Arena *arena, const char *before, Str name, const char *after)
{
	return diag_fail(diag, "validation: %s%.*s%s", before, STR_ARGS(quoted(arena, name)),
	                 after);
}

static bool alias_is_valid(Str alias)
{
	for (size_t i = 0; i < alias.len; i++) {
		char c = alias.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '_' || c == '-'))
			return false;
	}
	return true;
}

static bool validate_dependency(Arena *arena, Dependency *dep, Diag *diag)
{
	if (!dep)
		return diag_fail(diag,
		                 "validation: dependencies must not contain empty or null nodes");
	sanitize(arena, &dep->name);
	sanitize(arena, &dep->version);
	sanitize(arena, &dep->repository);
	sanitize(arena, &dep->condition);
	sanitize_all(arena, &dep->tags);
	return alias_is_valid(dep->alias) || fail(diag, arena, "dependency ", dep->name,
	                                          " has disallowed characters in the alias");
}

static bool validate_dependencies(Arena *arena, Metadata *meta, Diag *diag)
{
	Map *seen = map_new(arena, &TYPE_ANY_MAP);

	for (size_t i = 0; i < meta->dependencies.len; i++) {
		Dependency *dep = meta->dependencies.items[i];
		Str key;
		if (!validate_dependency(arena, dep, diag))
			return false;
		key = dep->alias.len ? dep->alias : dep->name;
		if (map_get(seen, key))
			return fail(diag, arena, "more than one dependency with name or alias ",
			            key, "");
		map_set(arena, seen, key, value_bool(true));
	}
	return true;
}

static bool validate_maintainers(Arena *arena, Metadata *meta, Diag *diag)
{
	for (size_t i = 0; i < meta->maintainers.len; i++) {
		Maintainer *maintainer = meta->maintainers.items[i];
		if (!maintainer)
			return diag_fail(
				diag,
				"validation: maintainers must not contain empty or null nodes");
		sanitize(arena, &maintainer->name);
		sanitize(arena, &maintainer->email);
		sanitize(arena, &maintainer->url);
	}
	return true;
}

static bool validate_name(Arena *arena, Str name, Diag *diag)
{
	if (!name.len)
		return diag_fail(diag, "validation: chart.metadata.name is required");
	if (str_is(name, ".") || str_is(name, ".."))
		return fail(diag, arena, "chart.metadata.name ", name, " is not allowed");
	return str_eq(name, path_base(name)) ||
	       fail(diag, arena, "chart.metadata.name ", name, " is invalid");
}

bool metadata_validate(Arena *arena, Metadata *meta, Diag *diag)
{
	Str *texts[] = {&meta->name,        &meta->description, &meta->home,
	                &meta->icon,        &meta->condition,   &meta->tags,
	                &meta->app_version, &meta->kube_version};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		sanitize(arena, texts[i]);
	sanitize_all(arena, &meta->sources);
	sanitize_all(arena, &meta->keywords);
	if (!meta->api_version.len)
		return diag_fail(diag, "validation: chart.metadata.apiVersion is required");
	if (!validate_name(arena, meta->name, diag))
		return false;
	if (!meta->version.len)
		return diag_fail(diag, "validation: chart.metadata.version is required");
	if (!version_is_valid(arena, meta->version))
		return fail(diag, arena, "chart.metadata.version ", meta->version, " is invalid");
	if (meta->type.len && !str_is(meta->type, "application") && !str_is(meta->type, "library"))
		return diag_fail(diag,
		                 "validation: chart.metadata.type must be application or library");
	return validate_maintainers(arena, meta, diag) && validate_dependencies(arena, meta, diag);
}
