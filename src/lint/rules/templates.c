// Templates and values: what the text of the chart itself shows.

#include "lint/lint.h"
#include "lint/origin_class.h"

#include "data/text.h"
#include "k8s/names.h"
#include "template/ast.h"
#include "template/eval.h"
#include "template/trace.h"

#include <string.h>

#define TEXT(s) str_to_c(lint->arena, (s))

// Templates nest no deeper than a person can read.
#define DEPTH_LIMIT 200
// Of templates that include others, looking for what draws at random.
#define DRAW_DEPTH 40

// --- Reading the templates of the chart.

typedef struct ChartTree {
	const Tree *tree;
	Str file;     // as places name it, before the chart's folder
	bool library; // of a library chart: runs with the values of whoever calls it
	bool own;     // of the chart itself, not of a subchart
} ChartTree;

typedef struct Trees {
	ChartTree *items;
	size_t len, cap;
} Trees;

typedef struct OwnValues {
	const Node *root; // of values.yaml; NULL where it can't be read
	Str text, file;
} OwnValues;

// A node of one of the trees.
typedef struct Part {
	const ChartTree *tree;
	const Ast *node;
} Part;

typedef struct PartList {
	Part *items;
	size_t len, cap;
} PartList;

// What the rules look at, in the order of the text.
typedef struct Parts {
	PartList values;     // fields and variables that name values
	PartList calls;      // pipes of several commands, and commands of three words
	PartList conditions; // if and with
} Parts;

// What the rules keep of the chart's own text: each part is read once, by whoever needs it first.
struct ChartText {
	Trees trees;
	Parts own; // of the chart's own templates
	bool own_known;
	OwnValues values;
	bool values_known;
	Map *guards; // paths that conditions ask for
};

static ChartText *chart_text(Lint *lint)
{
	if (!lint->chart_text)
		lint->chart_text = ARENA_NEW(lint->arena, ChartText);
	return lint->chart_text;
}

static void parse_chart(Lint *lint, Engine *engine, const Chart *chart, Str prefix, bool own,
                        Trees *out)
{
	// A subchart's templates see its own values only; a library's see those of whoever calls it.
	for (size_t i = 0; (own || chart_is_library(chart)) && i < chart->templates.len; i++) {
		const ChartFile *file = &chart->templates.items[i];
		Diag ignored = diag_new(lint->arena);
		Parsed parsed = {0};
		Str name = str_concat(lint->arena, prefix, file->name);
		if (file->fs || !engine_parsed(engine, name, file->data, &parsed, &ignored))
			continue;
		for (size_t j = 0; j < parsed.count; j++)
			VEC_PUSH(lint->arena, out->items, out->len, out->cap) =
				(ChartTree){parsed.trees[j], name, chart_is_library(chart), own};
	}
	for (size_t i = 0; i < chart->dep_count; i++)
		parse_chart(lint, engine, chart->deps[i],
		            str_printf(lint->arena, "%scharts/%s/", TEXT(prefix),
		                       TEXT(chart_name(chart->deps[i]))),
		            false, out);
}

static const Trees *chart_trees(Lint *lint)
{
	Trees *trees = &chart_text(lint)->trees;
	EngineOptions options = {.lint = true, .cache = lint->parsed};

	if (!trees->len && lint->chart)
		parse_chart(lint, engine_new(lint->arena, &options), lint->chart,
		            lint->chart_prefix, true, trees);
	return trees;
}

static Place ast_place(const ChartTree *tree, const Ast *node)
{
	Place place = {tree->file, 1, 1};

	for (size_t i = 0; i < node->pos && i < tree->tree->text.len; i++) {
		place.column++;
		if (tree->tree->text.p[i] == '\n') {
			place.line++;
			place.column = 1;
		}
	}
	return place;
}

// --- Which values a chain of fields names.

// Whether a chain is .Values.a.b, $.Values.a.b or .root.Values.a.b; `*first` is the name behind "Values".
static bool names_values(const Ast *node, size_t *first)
{
	if (!node->values)
		return false;
	*first = node->values;
	// The values themselves.
	if (*first < node->name_count && str_eq(node->names[*first], S("AsMap")))
		++*first;
	return true;
}

// The keys behind "Values"; false where it names no values.
static bool values_chain(Lint *lint, const Ast *node, Str *path)
{
	Buf buf = buf_new(lint->arena);
	size_t first;

	if (!names_values(node, &first))
		return false;
	for (size_t i = first; i < node->name_count; i++) {
		if (buf.len)
			buf_byte(&buf, '.');
		buf_str(&buf, node->names[i]);
	}
	*path = buf_view(&buf);
	return true;
}

// --- Which nodes the rules look at: templates are large, so that they are walked once for all.

static void add_part(Lint *lint, PartList *list, const ChartTree *tree, const Ast *node)
{
	VEC_PUSH(lint->arena, list->items, list->len, list->cap) = (Part){tree, node};
}

static void find_parts(Lint *lint, const ChartTree *tree, const Ast *node, int depth, Parts *out)
{
	size_t first;

	if (!node || depth > DEPTH_LIMIT)
		return;
	switch (node->kind) {
	case AST_FIELD:
	case AST_VARIABLE:
		if (names_values(node, &first))
			add_part(lint, &out->values, tree, node);
		return;
	case AST_PIPE:
	case AST_COMMAND:
		if (node->kind == AST_PIPE ? node->count > 1 : node->count == 3)
			add_part(lint, &out->calls, tree, node);
		// fall through
	case AST_LIST:
		for (size_t i = 0; i < node->count; i++)
			find_parts(lint, tree, node->items[i], depth + 1, out);
		return;
	case AST_IF:
	case AST_WITH:
		add_part(lint, &out->conditions, tree, node);
		// fall through
	case AST_RANGE:
		find_parts(lint, tree, node->pipe, depth + 1, out);
		find_parts(lint, tree, node->list, depth + 1, out);
		find_parts(lint, tree, node->else_list, depth + 1, out);
		return;
	case AST_ACTION:
	case AST_TEMPLATE:
		find_parts(lint, tree, node->pipe, depth + 1, out);
		return;
	case AST_CHAIN:
		find_parts(lint, tree, node->node, depth + 1, out);
		return;
	default:
		return;
	}
}

static const Parts *own_parts(Lint *lint)
{
	ChartText *text = chart_text(lint);
	const Trees *trees = chart_trees(lint);

	for (size_t i = 0; i < trees->len && !text->own_known; i++)
		if (trees->items[i].own)
			find_parts(lint, &trees->items[i], trees->items[i].tree->root, 0,
			           &text->own);
	text->own_known = true;
	return &text->own;
}

// --- default true: a switch that can't be switched off.

static bool is_true(const Ast *node)
{
	return (node->kind == AST_BOOL && node->truth) ||
	       (node->kind == AST_STRING && str_is(node->text, "true"));
}

// What is asked for: a path of the values, or a field of what the template was given.
static bool asked_for(Lint *lint, const Ast *node, Str *what)
{
	static const char *const engine[] = {".Release.", ".Capabilities.", ".Chart.", ".Files."};
	Str path;

	if (values_chain(lint, node, &path) && path.len) {
		*what = str_concat(lint->arena, S(".Values."), path);
		return true;
	}
	if (node->kind != AST_FIELD && node->kind != AST_VARIABLE && node->kind != AST_CHAIN)
		return false;
	*what = ast_to_str(lint->arena, node);
	for (size_t i = 0; i < sizeof engine / sizeof *engine; i++)
		if (str_has_prefix(*what, str_c(engine[i])))
			return false;
	return str_find_byte(*what, '.') != STR_NONE;
}

static void default_finding(Lint *lint, const Rule *rule, const ChartTree *tree, const Ast *at,
                            const char *function)
{
	Str what, about;

	if (!asked_for(lint, at, &what))
		return;
	about = str_has_prefix(what, S(".Values.")) ? str_from(what, strlen(".Values.")) : what;
	lint_add_at(lint, rule, ast_place(tree, at), (Place){0}, about,
	            str_printf(lint->arena,
	                       "%s | %s true is true when the value is false: it can't be switched "
	                       "off",
	                       TEXT(what), function));
}

// default true X, or X true, coalesce X true
static void find_default_call(Lint *lint, const Rule *rule, const ChartTree *tree,
                              const Ast *command)
{
	Str name = command->items[0]->text;
	bool first = str_is(name, "default");

	if (command->items[0]->kind != AST_IDENTIFIER ||
	    !(first || str_is(name, "or") || str_is(name, "coalesce")) ||
	    !is_true(command->items[first ? 1 : 2]))
		return;
	default_finding(lint, rule, tree, command->items[first ? 2 : 1], TEXT(name));
}

// X | default true
static void find_piped_default(Lint *lint, const Rule *rule, const ChartTree *tree, const Ast *pipe)
{
	for (size_t i = 1; i < pipe->count; i++) {
		const Ast *command = pipe->items[i], *before = pipe->items[i - 1];
		if (command->count == 2 && command->items[0]->kind == AST_IDENTIFIER &&
		    str_is(command->items[0]->text, "default") && is_true(command->items[1]) &&
		    before->count == 1)
			default_finding(lint, rule, tree, before->items[0], "default");
	}
}

static void check_default(Lint *lint, const Rule *rule)
{
	const PartList *calls;

	if (lint->later_set)
		return;
	calls = &own_parts(lint)->calls;
	for (size_t i = 0; i < calls->len; i++)
		(calls->items[i].node->kind == AST_PIPE ? find_piped_default : find_default_call)(
			lint, rule, calls->items[i].tree, calls->items[i].node);
}

// --- Values that nothing uses, and uses of values that are not there.

typedef struct Uses {
	Lint *lint;
	Map *exact; // paths read as a whole
	bool all;   // .Values went somewhere that can't be followed
} Uses;

typedef struct UseWalk {
	Uses *uses;
	Map *aliases; // variable to path
	Str dot;      // path of the dot, where it is a part of the values
	bool dot_known;
} UseWalk;

static void use(UseWalk *w, Str path)
{
	if (path.len)
		map_set(w->uses->lint->arena, w->uses->exact, path, value_bool(true));
	else
		w->uses->all = true;
}

static Str joined(UseWalk *w, Str path, const Str *names, size_t from, size_t count)
{
	Buf buf = buf_new(w->uses->lint->arena);

	buf_str(&buf, path);
	for (size_t i = from; i < count; i++) {
		if (buf.len)
			buf_byte(&buf, '.');
		buf_str(&buf, names[i]);
	}
	return buf_view(&buf);
}

// The values path that a node stands for; false where it is none.
static bool path_of_node(UseWalk *w, const Ast *node, Str *path)
{
	if (values_chain(w->uses->lint, node, path))
		return true;
	if (node->kind == AST_VARIABLE && node->name_count) {
		const Value *alias = map_get(w->aliases, node->names[0]);
		if (!alias)
			return false;
		*path = joined(w, value_as_str(alias), node->names, 1, node->name_count);
		return true;
	}
	if ((node->kind == AST_FIELD || node->kind == AST_DOT) && w->dot_known) {
		*path = joined(w, w->dot, node->names, 0,
		               node->kind == AST_DOT ? 0 : node->name_count);
		return true;
	}
	return false;
}

static bool sole_path(UseWalk *w, const Ast *pipe, Str *path)
{
	return pipe && pipe->count == 1 && pipe->items[0]->count == 1 &&
	       path_of_node(w, pipe->items[0]->items[0], path);
}

static bool is_call(const Ast *command, const char *name)
{
	return command->count && command->items[0]->kind == AST_IDENTIFIER &&
	       str_is(command->items[0]->text, name);
}

static void walk_uses(UseWalk *w, const Ast *node, int depth);

// index .Values "a" "b": a path with constant keys.
static bool walk_index(UseWalk *w, const Ast *command)
{
	Str path;

	if (!is_call(command, "index") || command->count < 2 ||
	    !path_of_node(w, command->items[1], &path))
		return false;
	for (size_t i = 2; i < command->count; i++) {
		if (command->items[i]->kind != AST_STRING)
			break;
		path = joined(w, path, &command->items[i]->text, 0, 1);
	}
	use(w, path);
	for (size_t i = 2; i < command->count; i++)
		walk_uses(w, command->items[i], 1);
	return true;
}

static void walk_pipe(UseWalk *w, const Ast *pipe, int depth)
{
	Str path;

	if (pipe->decl_count == 1 && sole_path(w, pipe, &path)) {
		map_set(w->uses->lint->arena, w->aliases, pipe->decls[0]->names[0],
		        value_str(path));
		return;
	}
	for (size_t i = 0; i < pipe->count; i++)
		walk_uses(w, pipe->items[i], depth + 1);
}

static void walk_block(UseWalk *w, const Ast *node, int depth)
{
	UseWalk inner = *w;
	Str path;

	inner.dot_known = false;
	if (node->kind == AST_WITH && sole_path(w, node->pipe, &path)) {
		inner.dot = path;
		inner.dot_known = true;
		if (node->pipe->decl_count)
			map_set(w->uses->lint->arena, w->aliases, node->pipe->decls[0]->names[0],
			        value_str(path));
	} else {
		walk_pipe(w, node->pipe, depth + 1);
	}
	if (node->list)
		walk_uses(&inner, node->list, depth + 1);
	if (node->else_list)
		walk_uses(w, node->else_list, depth + 1);
}

static void walk_uses(UseWalk *w, const Ast *node, int depth)
{
	Str path;

	if (!node || depth > DEPTH_LIMIT)
		return;
	switch (node->kind) {
	case AST_FIELD:
	case AST_VARIABLE:
	case AST_DOT:
		if (path_of_node(w, node, &path))
			use(w, path);
		return;
	case AST_PIPE:
		walk_pipe(w, node, depth);
		return;
	case AST_COMMAND:
		if (walk_index(w, node))
			return;
		break;
	case AST_ACTION:
	case AST_TEMPLATE:
		if (node->pipe)
			walk_pipe(w, node->pipe, depth + 1);
		return;
	case AST_IF:
		walk_pipe(w, node->pipe, depth + 1);
		if (node->list)
			walk_uses(w, node->list, depth + 1);
		if (node->else_list)
			walk_uses(w, node->else_list, depth + 1);
		return;
	case AST_WITH:
	case AST_RANGE:
		walk_block(w, node, depth);
		return;
	case AST_CHAIN:
		walk_uses(w, node->node, depth + 1);
		return;
	default:
		break;
	}
	if (node->kind == AST_LIST || node->kind == AST_COMMAND)
		for (size_t i = 0; i < node->count; i++)
			walk_uses(w, node->items[i], depth + 1);
}

static Uses find_uses(Lint *lint, const Trees *trees)
{
	Uses uses = {.lint = lint, .exact = map_new(lint->arena, &TYPE_ANY_MAP)};

	for (size_t i = 0; i < trees->len; i++) {
		UseWalk w = {.uses = &uses, .aliases = map_new(lint->arena, &TYPE_ANY_MAP)};
		if (trees->items[i].own || trees->items[i].library)
			walk_uses(&w, trees->items[i].tree->root, 0);
	}
	return uses;
}

// Whether a path, something above it or something below it is used.
static bool is_used(const Uses *uses, const Map *prefixes, Str path)
{
	for (size_t i = 0; i <= path.len; i++)
		if ((i == path.len || path.p[i] == '.') && map_get(uses->exact, str_to(path, i)))
			return true;
	return map_get(prefixes, path) != NULL;
}

static Map *use_prefixes(const Uses *uses)
{
	Map *prefixes = map_new(uses->lint->arena, &TYPE_ANY_MAP);

	for (size_t i = 0; i < uses->exact->len; i++) {
		Str path = uses->exact->entries[i].key;
		for (size_t j = 0; j < path.len; j++)
			if (path.p[j] == '.')
				map_set(uses->lint->arena, prefixes, str_to(path, j),
				        value_bool(true));
	}
	return prefixes;
}

static void read_own_values(Lint *lint, OwnValues *out)
{
	Str file = path_join(lint->arena, lint->chart->place, S("values.yaml"));
	const Node *document = lint_document(lint, file);
	const LintFile *found = table_get(lint->files, file);

	if (document && document->kind == NODE_MAPPING)
		*out = (OwnValues){document, found->text, file};
}

// The chart's values.yaml; NULL where it has none.
static const OwnValues *own_values(Lint *lint)
{
	ChartText *text = chart_text(lint);

	if (!text->values_known)
		read_own_values(lint, &text->values);
	text->values_known = true;
	return text->values.root ? &text->values : NULL;
}

static bool is_among(const PtrList *dependencies, Str key)
{
	for (size_t i = 0; i < dependencies->len; i++) {
		const Dependency *dependency = dependencies->items[i];
		size_t dot = str_find_byte(dependency->condition, '.');
		if (str_eq(dependency->name, key) || str_eq(dependency->alias, key) ||
		    str_eq(str_to(dependency->condition,
		                  dot == STR_NONE ? dependency->condition.len : dot),
		           key))
			return true;
	}
	return false;
}

// Of one that is switched off, too: its values wait for it.
static bool is_dependency(const Chart *chart, Str key)
{
	for (size_t i = 0; i < chart->dep_count; i++)
		if (str_eq(chart_name(chart->deps[i]), key))
			return true;
	return is_among(&chart->dropped, key) ||
	       (chart->meta && is_among(&chart->meta->dependencies, key));
}

// Whether rendering asked for the value, or for the table it stands in as a whole.
static bool was_read(const Lint *lint, Str path)
{
	return lint->reads && map_get(lint->reads, path) != NULL;
}

typedef struct Unused {
	Lint *lint;
	const Rule *rule;
	const Uses *uses;
	const Map *prefixes;
	Str file;
} Unused;

static void find_unused(Unused *u, const Node *mapping, Str prefix, int depth)
{
	for (size_t i = 0; i < node_count(mapping) && depth < 8; i++) {
		const Node *key = node_key(mapping, i), *value = node_value(mapping, i);
		Str path = prefix.len ? str_printf(u->lint->arena, "%s.%s",
		                                   str_to_c(u->lint->arena, prefix),
		                                   str_to_c(u->lint->arena, node_text(key)))
		                      : node_text(key);
		Place place = {u->file, key->start.line, key->start.column};
		if (map_get(u->uses->exact, path))
			continue;
		if (is_used(u->uses, u->prefixes, path) || was_read(u->lint, path)) {
			if (value && value->kind == NODE_MAPPING)
				find_unused(u, value, path, depth + 1);
			continue;
		}
		lint_add_at(u->lint, u->rule, (Place){0}, place, path,
		            str_printf(u->lint->arena, "no template uses the value %s",
		                       str_to_c(u->lint->arena, path)));
	}
}

// Texts in the values that templates run with tpl use values, too.
static void use_texts(Uses *uses, Str text)
{
	for (;;) {
		size_t at = str_find(text, S(".Values.")), end = 0;
		if (at == STR_NONE)
			return;
		text = str_from(text, at + 8);
		while (end < text.len && ((text.p[end] >= 'a' && text.p[end] <= 'z') ||
		                          (text.p[end] >= 'A' && text.p[end] <= 'Z') ||
		                          (text.p[end] >= '0' && text.p[end] <= '9') ||
		                          text.p[end] == '_' || text.p[end] == '.'))
			end++;
		map_set(uses->lint->arena, uses->exact, str_to(text, end), value_bool(true));
	}
}

// Larger files are data.
#define TEMPLATE_LIMIT ((size_t)256 << 10)

// So do files that templates get and run: {{ tpl (.Files.Get "configs/app.conf") . }}
static void use_files(Uses *uses, const Chart *chart)
{
	bool asked = false;

	for (size_t i = 0; i < chart->templates.len && !asked; i++)
		asked = str_contains(chart->templates.items[i].data, S(".Files."));
	for (size_t i = 0; i < chart->files.len && asked; i++) {
		Diag ignored = diag_new(uses->lint->arena);
		Str text;
		if (!str_has_suffix(chart->files.items[i].name, S(".md")) &&
		    chart_file_read(uses->lint->arena, &chart->files.items[i], &text, &ignored) &&
		    text.len <= TEMPLATE_LIMIT)
			use_texts(uses, text);
	}
}

static void check_unused(Lint *lint, const Rule *rule)
{
	const OwnValues *own;
	Uses uses;
	Unused unused = {.lint = lint, .rule = rule, .uses = &uses};

	if (lint->later_set || !lint->chart || chart_is_library(lint->chart) ||
	    !(own = own_values(lint)))
		return;
	uses = find_uses(lint, chart_trees(lint));
	if (uses.all)
		return; // .Values went where it can't be followed
	use_texts(&uses, own->text);
	use_files(&uses, lint->chart);
	unused.prefixes = use_prefixes(&uses);
	unused.file = own->file;
	for (size_t i = 0; i < node_count(own->root); i++) {
		Str key = node_text(node_key(own->root, i));
		static const char *const usual[] = {"global",
		                                    "nameOverride",
		                                    "fullnameOverride",
		                                    "tags",
		                                    "namespaceOverride",
		                                    "commonLabels",
		                                    "commonAnnotations",
		                                    "extraDeploy",
		                                    "kubeVersion",
		                                    "enabled"};
		bool skip = is_dependency(lint->chart, key) ||
		            (key.len && (key.p[0] == '_' || str_has_prefix(key, S("x-"))));
		for (size_t j = 0; j < sizeof usual / sizeof *usual; j++)
			skip |= str_is(key, usual[j]);
		if (skip)
			map_set(lint->arena, uses.exact, key, value_bool(true));
	}
	find_unused(&unused, own->root, S(""), 0);
}

static bool is_spoken_of(Lint *lint, Str text, Str key)
{
	Str with_colon = str_printf(lint->arena, "%s:", TEXT(key)),
	    quoted = str_printf(lint->arena, "\"%s\"", TEXT(key));
	size_t from = 0, at;

	while ((at = str_find(str_from(text, from), with_colon)) != STR_NONE) {
		char before = from + at ? text.p[from + at - 1] : ' ';
		if (strchr(" \t\n#-{\"'", before) != NULL)
			return true;
		from += at + 1;
	}
	return str_contains(text, quoted);
}

static bool differs_in_case(Str a, Str b)
{
	return str_ieq(a, b);
}

// The paths that conditions ask for: an old spelling is often looked for, to tell of the new one.
static const Map *guards(Lint *lint)
{
	ChartText *text = chart_text(lint);
	const PartList *conditions = &own_parts(lint)->conditions;
	Parts asked = {0};
	Str path;

	if (text->guards)
		return text->guards;
	text->guards = map_new(lint->arena, &TYPE_ANY_MAP);
	for (size_t i = 0; i < conditions->len; i++)
		find_parts(lint, conditions->items[i].tree, conditions->items[i].node->pipe, 0,
		           &asked);
	for (size_t i = 0; i < asked.values.len; i++)
		if (values_chain(lint, asked.values.items[i].node, &path))
			map_set(lint->arena, text->guards, path, value_bool(true));
	return text->guards;
}

static bool is_guarded(Lint *lint, Str path)
{
	for (size_t i = 0; i <= path.len; i++)
		if ((i == path.len || path.p[i] == '.') && map_get(guards(lint), str_to(path, i)))
			return true;
	return false;
}

// Of a chain of fields whose `key` is not in the table of the values that it leads to.
static void undefined_key(Lint *lint, const Rule *rule, const ChartTree *tree, const Ast *node,
                          const Node *table, Str key)
{
	const OwnValues *own = own_values(lint);
	Str near = S(""), path;

	for (size_t i = 0; i < node_count(table) && !near.len; i++)
		if (name_is_slip(key, node_text(node_key(table, i))))
			near = node_text(node_key(table, i));
	if (!near.len || str_is(key, "global") || !values_chain(lint, node, &path) ||
	    (differs_in_case(near, key) && is_guarded(lint, path)) ||
	    is_spoken_of(lint, own->text, key) ||
	    (lint->chart->has_schema && is_spoken_of(lint, lint->chart->schema, key)))
		return;
	lint_add_at(lint, rule, ast_place(tree, node), (Place){0}, path,
	            str_printf(lint->arena,
	                       ".Values.%s is not in the chart's values (did you mean \"%s\"?): it "
	                       "renders as nothing",
	                       TEXT(path), TEXT(near)));
}

static void find_undefined(Lint *lint, const Rule *rule, const ChartTree *tree, const Ast *node)
{
	const Node *table = own_values(lint)->root;
	size_t first = 0;

	names_values(node, &first);
	for (size_t i = first; i < node->name_count && table && table->kind == NODE_MAPPING; i++) {
		const Node *next = node_get(table, node->names[i]);
		if (!next) {
			undefined_key(lint, rule, tree, node, table, node->names[i]);
			return;
		}
		table = node_follow((Node *)next);
	}
}

static void check_undefined(Lint *lint, const Rule *rule)
{
	const PartList *values;

	if (lint->later_set || !lint->chart || chart_is_library(lint->chart) || !own_values(lint))
		return;
	values = &own_parts(lint)->values;
	for (size_t i = 0; i < values->len; i++)
		find_undefined(lint, rule, values->items[i].tree, values->items[i].node);
}

// --- Numbers that came out as 1e+06.

// The length of a number with a positive exponent that begins at `at`; 0 where none does.
static size_t scientific_length(Str s, size_t at)
{
	size_t i = at, digits = 0, exponent = 0;

	if (at && (ascii_is_alnum(s.p[at - 1]) || strchr("._", s.p[at - 1]) != NULL))
		return 0;
	while (i < s.len && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '.'))
		digits += s.p[i++] != '.';
	if (!digits || i + 4 > s.len || s.p[i] != 'e' || s.p[i + 1] != '+')
		return 0;
	for (i += 2; i < s.len && s.p[i] >= '0' && s.p[i] <= '9'; i++)
		exponent++;
	return exponent > 1 ? i - at : 0;
}

// Whether what the values have at the path is a number: a text may hold such a one on purpose.
static bool is_number_at(const Map *values, Str path)
{
	const Value *value = NULL;
	Str key;

	while (values && str_cut(&path, S("."), &key)) {
		value = map_get(values, key);
		values = value && value->kind == V_MAP ? value->map : NULL;
	}
	return value && !path.p &&
	       (value_is_int(value) || value_is_uint(value) || value_is_float(value));
}

static void scientific_scalar(Lint *lint, const Rule *rule, Resource *resource, const Node *node,
                              Str key)
{
	Str text = node->value;

	for (size_t from = 0, at, len; (at = str_find(str_from(text, from), S("e+"))) != STR_NONE;
	     from = at + 2) {
		Subject subject = {.resource = resource, .node = node};
		bool whole;
		at += from;
		for (subject.offset = at; subject.offset && (text.p[subject.offset - 1] == '.' ||
		                                             (text.p[subject.offset - 1] >= '0' &&
		                                              text.p[subject.offset - 1] <= '9'));)
			subject.offset--;
		len = scientific_length(text, subject.offset);
		whole = str_trim_ascii(text).len <= len + 1; // and a sign
		if (!len || (whole ? origin_class(resource->source, node, 0, 0) == WRITTEN_TEMPLATE
		                   : !is_number_at(lint->values,
		                                   origin_values_path(lint->arena, resource->source,
		                                                      node, subject.offset))))
			continue;
		lint_add(lint, rule, &subject, key,
		         str_printf(lint->arena,
		                    "%s %s %s: a large number that Helm printed as a float",
		                    TEXT(key), whole ? "is" : "holds",
		                    TEXT(whole ? text
		                               : str_slice(text, subject.offset,
		                                           subject.offset + len))));
		if (whole)
			return;
	}
}

static void scientific(Lint *lint, const Rule *rule, Resource *resource, const Node *node, Str key,
                       int depth)
{
	if (!node || depth > DEPTH_LIMIT || node->kind == NODE_ALIAS)
		return;
	if (node->kind == NODE_SEQUENCE || node->kind == NODE_MAPPING) {
		bool mapping = node->kind == NODE_MAPPING;
		for (size_t i = mapping; i < node->len; i += mapping ? 2 : 1)
			scientific(lint, rule, resource, node->children[i],
			           mapping ? node_setting(node, node_text(node->children[i - 1]))
			                   : key,
			           depth + 1);
	} else if (node->kind == NODE_SCALAR) {
		scientific_scalar(lint, rule, resource, node, key);
	}
}

static void check_scientific(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->resources.len; i++) {
		Resource *resource = lint->model->resources.items[i];
		if (!str_is(resource->kind, "CustomResourceDefinition"))
			scientific(lint, rule, resource, resource->node, S(""), 0);
	}
}

// --- What differs at every render.

// What an action may draw by: its own functions, the variables that it uses, and, for what a helper's text was put into
// another form by, the templates that it includes.
typedef struct Drawing {
	const Trees *trees; // NULL: included templates are not looked into
	bool variables;
} Drawing;

static bool draws(const Drawing *d, const Ast *node, int depth);

static bool is_drawing(Str function)
{
	static const char *const functions[] = {"randAlphaNum", "randAlpha", "randNumeric",
	                                        "randAscii",    "randBytes", "randInt",
	                                        "uuidv4",       "shuffle",   "now"};

	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (str_is(function, functions[i]))
			return true;
	return false;
}

static bool declares(const Ast *pipe, Str variable)
{
	for (size_t i = 0; i < pipe->decl_count; i++)
		if (pipe->decls[i]->name_count && str_eq(pipe->decls[i]->names[0], variable))
			return true;
	return false;
}

// Whether an action below `node` gives the variable what it draws.
static bool draws_variable(const Ast *node, Str variable, int depth)
{
	static const Drawing itself = {0};

	if (!node || depth > DEPTH_LIMIT)
		return false;
	if (node->kind == AST_LIST) {
		for (size_t i = 0; i < node->count; i++)
			if (draws_variable(node->items[i], variable, depth + 1))
				return true;
		return false;
	}
	if (node->kind == AST_ACTION)
		return node->pipe && declares(node->pipe, variable) &&
		       draws(&itself, node->pipe, depth + 1);
	return (node->kind == AST_IF || node->kind == AST_WITH || node->kind == AST_RANGE) &&
	       (draws_variable(node->list, variable, depth + 1) ||
	        draws_variable(node->else_list, variable, depth + 1));
}

static bool draws_template(const Drawing *d, Str name, int depth)
{
	for (size_t i = 0; d->trees && i < d->trees->len; i++)
		if (str_eq(d->trees->items[i].tree->name, name))
			return draws(d, d->trees->items[i].tree->root, depth + 1);
	return false;
}

static bool draws(const Drawing *d, const Ast *node, int depth)
{
	Str included;

	// Templates that include each other end here, too.
	if (!node || depth > DRAW_DEPTH)
		return false;
	switch (node->kind) {
	case AST_IDENTIFIER:
		return is_drawing(node->text);
	case AST_VARIABLE:
		return d->variables && draws_variable(node->tree->root, node->names[0], 0);
	case AST_COMMAND:
		if (ast_includes(node, &included) && draws_template(d, included, depth))
			return true;
		// fall through
	case AST_LIST:
	case AST_PIPE:
		for (size_t i = 0; i < node->count; i++)
			if (draws(d, node->items[i], depth + 1))
				return true;
		return false;
	case AST_ACTION:
		return draws(d, node->pipe, depth + 1);
	case AST_TEMPLATE:
		return draws(d, node->pipe, depth + 1) || draws_template(d, node->text, depth);
	case AST_IF:
	case AST_WITH:
	case AST_RANGE:
		return draws(d, node->list, depth + 1) || draws(d, node->else_list, depth + 1);
	case AST_CHAIN:
		return draws(d, node->node, depth + 1);
	default:
		return false;
	}
}

// Whether the action that wrote any byte of a scalar draws at random.
static bool is_drawn(const Drawing *d, const Source *source, const Node *node)
{
	size_t from = lint_source_offset(source, node, 0),
	       to = lint_source_offset(source, node, node->value.len), at;
	OriginSpan run;

	for (at = from; at < to && origin_next(source->text, &at, to, &run);)
		if (run.cause && run.cause->kind == CAUSE_ACTION && draws(d, run.cause->node, 0))
			return true;
	return false;
}

static void random_key(Lint *lint, const Rule *rule, Resource *resource, const Node *node,
                       const char *what)
{
	static const Drawing drawing = {.variables = true};
	Subject subject = {.resource = resource, .node = node};

	if (!node || node->kind != NODE_SCALAR || !resource->source->text.origin ||
	    !is_drawn(&drawing, resource->source, node))
		return;
	lint_add(lint, rule, &subject, str_c(what),
	         str_printf(lint->arena,
	                    "%s is drawn anew at every render: an upgrade leaves the old one "
	                    "behind or replaces what did not change",
	                    what));
}

// What is there already is found by `lookup`: a chart that does so anywhere knows the trouble.
static bool looks_up(const Trees *trees)
{
	for (size_t i = 0; i < trees->len; i++)
		if (str_contains(trees->items[i].tree->text, S("lookup ")))
			return true;
	return false;
}

static void random_values(Lint *lint, const Rule *rule, Resource *secret, const Node *data)
{
	Drawing drawing = {.trees = chart_trees(lint), .variables = true};

	for (size_t i = 0; data && data->kind == NODE_MAPPING && i < node_count(data); i++) {
		const Node *node = node_value(data, i);
		Subject subject = {.resource = secret, .node = node};
		Str key = node_text(node_key(data, i));
		if (node->kind != NODE_SCALAR || !secret->source->text.origin ||
		    !is_drawn(&drawing, secret->source, node) || looks_up(drawing.trees) ||
		    origin_values_path(lint->arena, secret->source, node, 0).len)
			continue;
		lint_add(lint, rule, &subject, key,
		         str_printf(lint->arena,
		                    "key %s of the secret is drawn anew at every render: after an "
		                    "upgrade it no longer opens what was set up with the old one",
		                    TEXT(key)));
	}
}

static void random_names(Lint *lint, const Rule *rule, Resource *resource)
{
	const Node *data = node_at(resource->node, "data"),
		   *labels = node_at(resource->metadata, "labels"),
		   *selector = node_at(node_at(resource->spec, "selector"), "matchLabels");

	random_key(lint, rule, resource, node_at(resource->metadata, "name"), "the name");
	for (size_t j = 0; data && data->kind == NODE_MAPPING && j < node_count(data); j++)
		random_key(lint, rule, resource, node_key(data, j), "a key");
	for (size_t j = 0; labels && labels->kind == NODE_MAPPING && j < node_count(labels); j++)
		random_key(lint, rule, resource, node_value(labels, j), "a label");
	for (size_t j = 0; selector && selector->kind == NODE_MAPPING && j < node_count(selector);
	     j++)
		random_key(lint, rule, resource, node_value(selector, j), "the selector");
}

static void check_random(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; lint->chart && i < lint->model->resources.len; i++) {
		Resource *resource = lint->model->resources.items[i];
		if (resource->hooks)
			continue; // made anew each time anyway
		random_names(lint, rule, resource);
		if (str_is(resource->kind, "Secret") && !resource->custom) {
			random_values(lint, rule, resource, node_at(resource->node, "data"));
			random_values(lint, rule, resource, node_at(resource->node, "stringData"));
		}
	}
}

const Rule template_rules[] = {
	{"default-on-boolean", SEVERITY_WARNING, "a switch that can't be switched off",
         "default takes its own value for everything empty, and false is empty.",
         "Put the default into values.yaml and use the value alone, or test with `ne (toString "
         ".Values.x) \"false\"`.",
         check_default},
	{"value-unused", SEVERITY_INFO, "a value that no template uses",
         "Whoever sets it waits in vain for an effect.", "Remove it, or use it.", check_unused},
	{"value-undefined", SEVERITY_WARNING,
         "a value that is not there, under a name close to one that is",
         "A path that leads nowhere renders as nothing, without an error.",
         "Correct the name, or add it to values.yaml.", check_undefined},
	{"scientific-notation", SEVERITY_WARNING, "a large number printed as 1e+06",
         "Numbers in values are floats to Helm: printed from a million on, they turn into what few "
         "programs read as a whole "
         "number.",
         "Write `{{ int64 .Values.x }}` in the template, or quote the number in the values.",
         check_scientific},
	{"random-render", SEVERITY_WARNING, "a name, key or secret that differs at every render",
         "Helm takes it for a new object each time: the old one is deleted, pods restart, history "
         "is lost. A password that is drawn again no longer opens the database that was set up "
         "with the old one.",
         "Derive a name from the release's, or from a checksum of what it depends on; take a "
         "secret from outside, or keep the one that `lookup` finds.",
         check_random},
	{0},
};
