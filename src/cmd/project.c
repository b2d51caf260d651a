#include "cmd/project.h"

#include "base/fs.h"
#include "cmd/options.h"
#include "data/yaml.h"

typedef struct Reader {
	Arena *arena;
	Str file, folder;
	Diag *diag;
} Reader;

static bool fail_at(Reader *r, const Node *node, const char *what)
{
	return diag_fail_at(r->diag, (Place){r->file, node->start.line, node->start.column},
	                    "%.*s:%u: %s", STR_ARGS(r->file), node->start.line, what);
}

static bool read_text(Reader *r, const Node *node, Str *out)
{
	if (node->kind != NODE_SCALAR || node_is_null(node) || !node->value.len)
		return fail_at(r, node, "a text is expected here");
	*out = node->value;
	return true;
}

static bool read_list(Reader *r, const Node *node, StrList *out)
{
	Str text;

	if (node->kind == NODE_SCALAR && !node_is_null(node)) { // a list of one
		str_list_push(r->arena, out, node->value);
		return true;
	}
	if (node->kind != NODE_SEQUENCE)
		return fail_at(r, node, "a list is expected here");
	for (size_t i = 0; i < node->len; i++) {
		if (!read_text(r, node_follow(node->children[i]), &text))
			return false;
		str_list_push(r->arena, out, text);
	}
	return true;
}

typedef struct Field {
	const char *name;
	size_t offset;
	bool list, path; // path: counts from the project's folder
} Field;

static const Field FIELDS[] = {
	{"name", offsetof(GoldenCase, name), false, false},
	{"chart", offsetof(GoldenCase, chart), false, true},
	{"overlay", offsetof(GoldenCase, overlay), false, true},
	{"values", offsetof(GoldenCase, values), true, true},
	{"set", offsetof(GoldenCase, set), true, false},
	{"release", offsetof(GoldenCase, release), false, false},
	{"namespace", offsetof(GoldenCase, ns), false, false},
	{"file", offsetof(GoldenCase, file), false, true},
	{"seed", offsetof(GoldenCase, seed), false, false},
	{"now", offsetof(GoldenCase, now), false, false},
	{"kubeVersion", offsetof(GoldenCase, kube_version), false, false},
};
#define FIELD_COUNT (sizeof FIELDS / sizeof *FIELDS)

static bool unknown_field(Reader *r, const Node *key)
{
	Str names[FIELD_COUNT], nearest;

	for (size_t i = 0; i < FIELD_COUNT; i++)
		names[i] = str_c(FIELDS[i].name);
	nearest = str_nearest(key->value, names, FIELD_COUNT);
	if (!nearest.len)
		return fail_at(r, key,
		               "golden has no such key; it takes name, chart, overlay, values, "
		               "set, release, "
		               "namespace, file, seed, now and kubeVersion");
	return diag_fail_at(r->diag, (Place){r->file, key->start.line, key->start.column},
	                    "%.*s:%u: golden has no key \"%.*s\" (did you mean \"%.*s\"?)",
	                    STR_ARGS(r->file), key->start.line, STR_ARGS(key->value),
	                    STR_ARGS(nearest));
}

static void make_path(Reader *r, Str *path)
{
	if (path->len && path->p[0] != '/')
		*path = path_join(r->arena, r->folder, *path);
}

static bool read_field(Reader *r, GoldenCase *c, const Node *key, const Node *value)
{
	const Field *field = NULL;
	void *target;

	for (size_t i = 0; i < FIELD_COUNT && !field; i++)
		if (str_is(key->value, FIELDS[i].name))
			field = &FIELDS[i];
	if (!field)
		return unknown_field(r, key);
	target = (char *)c + field->offset;
	if (!(field->list ? read_list(r, value, target) : read_text(r, value, target)))
		return false;
	if (field->path && field->list)
		for (size_t i = 0; i < ((StrList *)target)->len; i++)
			make_path(r, &((StrList *)target)->items[i]);
	else if (field->path)
		make_path(r, target);
	return true;
}

static bool read_case(Reader *r, const Node *node, Project *project)
{
	GoldenCase c = {.place = {r->file, node->start.line, node->start.column}};

	if (node->kind != NODE_MAPPING)
		return fail_at(r, node, "each of golden is a table: name, chart, values, ...");
	for (size_t i = 0; i + 1 < node->len; i += 2)
		if (!read_field(r, &c, node->children[i], node_follow(node->children[i + 1])))
			return false;
	if (!c.name.len)
		return fail_at(r, node, "a golden render needs a name");
	for (size_t i = 0; i < project->case_count; i++)
		if (str_eq(project->cases[i].name, c.name))
			return fail_at(r, node, "this name has been used above");
	if (!c.chart.len)
		c.chart = r->folder;
	if (!c.file.len)
		c.file = path_join(r->arena, r->folder,
		                   str_printf(r->arena, "golden/%.*s.yaml", STR_ARGS(c.name)));
	VEC_PUSH(r->arena, project->cases, project->case_count, project->case_cap) = c;
	return true;
}

bool project_read(Arena *arena, Str folder, Project *out, Diag *diag)
{
	Reader r = {arena, path_join(arena, folder, S(PROJECT_FILE)), folder, diag};
	YamlOptions options = {.file = r.file, .followed = true};
	Node *document, *root, *list;
	Str text;

	*out = (Project){.folder = folder};
	if (!fs_read_any(arena, r.file, &text, diag))
		return diag_wrap(diag, "golden renders are named in " PROJECT_FILE);
	if (!yaml_read(arena, text, &options, &document, diag))
		return diag_wrap(diag, "%.*s", STR_ARGS(r.file));
	root = document ? node_follow(document) : NULL;
	list = root && root->kind == NODE_MAPPING ? node_get_c(root, "golden") : NULL;
	if (!list)
		return diag_fail(
			diag, "%.*s names no golden renders: they stand below the key \"golden\"",
			STR_ARGS(r.file));
	list = node_follow(list);
	if (list->kind != NODE_SEQUENCE || !list->len)
		return fail_at(&r, list, "golden is a list of renders");
	for (size_t i = 0; i < list->len; i++)
		if (!read_case(&r, node_follow(list->children[i]), out))
			return false;
	return true;
}
