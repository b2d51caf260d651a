// `cleat krm`: the linter as a KRM function, for `transformers:` and `validators:` of Kustomize and for kpt. It reads a
// ResourceList on standard input and writes it back with what was found as its `results`.

#include "cmd/commands.h"
#include "cmd/options.h"
#include "data/node_path.h"
#include "data/yaml.h"
#include "lint/report/report.h"
#include "lint/suppress.h"

#include <string.h>

#define INPUT_NAME "standard input"

typedef struct Krm {
	Arena *arena;
	Node *document, *list, *items; // list: the root
	Settings settings;
	Lint lint;
	Diag *diag;
} Krm;

static const Option OPTIONS[] = {{.kind = OPTION_END}};

const OptionTable krm_options = {
	"Usage: cleat krm <RESOURCE-LIST",
	"The linter as a KRM function: reads a ResourceList (config.kubernetes.io/v1) and writes "
	"it back with\n"
	"results. Exit 1 where there are errors. functionConfig: a ConfigMap whose data, or "
	"another kind\n"
	"whose spec, says what .cleat.yaml would.",
	OPTIONS,
};

// --- reading ---

static bool read_list(Krm *k, Str text)
{
	YamlOptions options = {.file = S(INPUT_NAME), .comments = true};
	Str kind;

	if (!yaml_read(k->arena, text, &options, &k->document, k->diag))
		return false;
	k->list = k->document ? node_follow(k->document) : NULL;
	kind = node_text_at(k->list, "kind");
	if (!str_is(kind, "ResourceList"))
		return diag_fail(k->diag,
		                 "standard input is no ResourceList of config.kubernetes.io/v1 "
		                 "(%s%.*s)",
		                 kind.len ? "its kind is " : "it has no kind", STR_ARGS(kind));
	k->items = node_follow(node_get_c(k->list, "items"));
	if (k->items && k->items->kind != NODE_SEQUENCE && !node_is_null(k->items))
		return diag_fail(k->diag, "items of the ResourceList are no list");
	return true;
}

// The function's configuration, as the text of a .cleat.yaml.
static bool read_settings(Krm *k)
{
	const Node *config = node_at(k->list, "functionConfig");
	bool map = str_is(node_text_at(config, "kind"), "ConfigMap");
	const Node *own = node_at(config, map ? "data" : "spec");
	Buf text = buf_new(k->arena);

	k->settings = settings_default();
	if (!own || own->kind != NODE_MAPPING || !own->len)
		return true;
	return yaml_write_node(&text, own, k->diag) &&
	       settings_read(k->arena, buf_view(&text), S("functionConfig"), &k->settings, k->diag);
}

static bool lint_items(Krm *k, Str text)
{
	Source *source = ARENA_NEW(k->arena, Source);
	ModelOptions options = {.ns = k->settings.ns, .cluster_domain = k->settings.cluster_domain};

	*source = (Source){.name = S(INPUT_NAME), .text = text};
	k->lint.arena = k->arena;
	k->lint.settings = &k->settings;
	k->lint.files = map_new(k->arena, &TYPE_ANY_MAP);
	k->lint.suppressions = suppressions_new(k->arena);
	lint_add_file(&k->lint, source->name, text);
	if (!model_build(k->arena, source, 1, &options, &k->lint.model, k->diag))
		return false;
	lint_run(&k->lint);
	suppressions_report(&k->lint, k->lint.suppressions);
	report_sort(&k->lint.findings);
	return true;
}

// --- where a finding is ---

static bool is_before(const Node *node, Place place)
{
	return node->start.line < place.line ||
	       (node->start.line == place.line && node->start.column <= place.column);
}

// The path, in the JSON way of kpt, of what stands at a place below `node`.
static Str path_at(Arena *arena, const Node *node, Place place, Str path)
{
	size_t step = node->kind == NODE_MAPPING ? 2 : 1, at = STR_NONE;

	if (node->kind != NODE_MAPPING && node->kind != NODE_SEQUENCE)
		return path;
	for (size_t i = 0; i + step <= node->len && is_before(node->children[i], place); i += step)
		at = i;
	if (at == STR_NONE)
		return path;
	path = step == 2 ? node_path_of_key(arena, path, node->children[at]->value)
	                 : str_printf(arena, "%.*s[%zu]", STR_ARGS(path), at);
	if (!is_before(node->children[at + step - 1], place))
		return path;
	return path_at(arena, node->children[at + step - 1], place, path);
}

// The item that a finding is about; NULL where it is about none.
static Node *item_at(const Krm *k, Place place)
{
	Node *found = NULL;

	for (size_t i = 0; k->items && place.line && i < k->items->len; i++)
		if (is_before(k->items->children[i], place))
			found = node_follow(k->items->children[i]);
	return found;
}

// An annotation that says where the item was read: there is an older and a newer spelling.
static Str file_annotation(const Node *item, const char *name)
{
	static const char *const PREFIXES[] = {"internal.config.kubernetes.io/",
	                                       "config.kubernetes.io/"};
	const Node *annotations = node_down(item, "metadata.annotations");

	for (size_t i = 0; annotations && i < annotations->len / 2; i++) {
		Str key = annotations->children[2 * i]->value;
		for (size_t p = 0; p < 2; p++)
			if (str_has_prefix(key, str_c(PREFIXES[p])) &&
			    str_is(str_from(key, strlen(PREFIXES[p])), name))
				return node_text(annotations->children[2 * i + 1]);
	}
	return S("");
}

// The line of the field in the item's own file, where that lies below the current folder; else 0.
static size_t line_in_file(Arena *arena, Str file, Str index, Str path)
{
	Fs *fs = fs_folder(arena, S("."), FS_LINKS_INSIDE);
	YamlOptions options = {.file = file};
	Diag ignored = diag_new(arena);
	Node **documents, *node;
	Str text, found, nearest;
	size_t count, at = 0;

	file = path_clean(arena, file);
	for (size_t i = 0; i < index.len && index.p[i] >= '0' && index.p[i] <= '9' && at < 1 << 20;
	     i++)
		at = at * 10 + (size_t)(index.p[i] - '0');
	if (fs_info(fs, file).kind != FS_FILE || !fs_read(fs, arena, file, &text, &ignored) ||
	    !yaml_read_all(arena, text, &options, &documents, &count, &ignored) || at >= count)
		return 0;
	node = node_at_path(arena, documents[at], path, &found, &nearest);
	return node ? node->start.line : 0;
}

// --- results ---

static void put(Krm *k, Node *map, const char *key, Str text)
{
	if (text.len)
		node_set(k->arena, map, str_c(key), node_scalar(k->arena, text));
}

static Node *put_map(Krm *k, Node *map, const char *key)
{
	Node *value = node_new(k->arena, NODE_MAPPING);

	node_set(k->arena, map, str_c(key), value);
	return value;
}

static void put_item(Krm *k, Node *result, const Node *item, Str path, Node *tags)
{
	Node *ref = put_map(k, result, "resourceRef"), *file;
	const Node *metadata = node_at(item, "metadata");
	Str name = file_annotation(item, "path"), index = file_annotation(item, "index");
	size_t line;

	put(k, ref, "apiVersion", node_text_at(item, "apiVersion"));
	put(k, ref, "kind", node_text_at(item, "kind"));
	put(k, ref, "name", node_text_at(metadata, "name"));
	put(k, ref, "namespace", node_text_at(metadata, "namespace"));
	if (path.len)
		put(k, put_map(k, result, "field"), "path", path);
	if (!name.len)
		return;
	file = put_map(k, result, "file");
	put(k, file, "path", name);
	if (index.len)
		node_set(k->arena, file, S("index"), node_tagged(k->arena, "!!int", index));
	line = line_in_file(k->arena, name, index, path);
	if (line)
		put(k, tags, "line", str_printf(k->arena, "%zu", line));
}

static Node *result_of(Krm *k, const Finding *finding)
{
	Node *result = node_new(k->arena, NODE_MAPPING), *tags = node_new(k->arena, NODE_MAPPING);
	Node *item = item_at(k, finding->manifest);

	put(k, result, "message", finding->message);
	put(k, result, "severity", lint_severity_name(finding->severity));
	put(k, tags, "rule", str_c(finding->rule->id));
	if (item)
		put_item(k, result, item, path_at(k->arena, item, finding->manifest, S("")), tags);
	node_set(k->arena, result, S("tags"), tags);
	return result;
}

// Kustomize shows what stands on standard error, and nothing else, where a function fails.
static void tell(Krm *k, const Finding *finding)
{
	Str message = diag_escape(k->arena, finding->message),
	    resource = diag_escape(k->arena, finding->resource);

	fprintf(stderr, "%.*s[%s] %.*s: ", STR_ARGS(lint_severity_name(finding->severity)),
	        finding->rule->id, STR_ARGS(resource));
	fwrite(message.p, 1, message.len, stderr);
	fputc('\n', stderr);
}

static bool add_results(Krm *k)
{
	Node *results = node_new(k->arena, NODE_SEQUENCE);
	bool failed = false;

	for (size_t i = 0; i < k->lint.findings.len; i++) {
		const Finding *finding = k->lint.findings.items[i];
		if (finding->state != FINDING_NEW)
			continue;
		node_push(k->arena, results, result_of(k, finding));
		if (k->settings.never_fails || finding->severity < k->settings.fail_on)
			continue;
		tell(k, finding);
		failed = true;
	}
	node_remove(k->list, S("results"));
	if (results->len)
		node_set(k->arena, k->list, S("results"), results);
	return failed;
}

// --- the command ---

int cmd_krm(Arena *arena, int argc, char **argv)
{
	Diag diag = diag_new(arena);
	Krm k = {.arena = arena, .diag = &diag};
	Buf notes = buf_new(arena), out = buf_new(arena);
	StrList args = {0};
	bool help = false, ready, failed;
	struct {
		char nothing;
	} target;
	Str text;

	ready = options_parse(arena, &krm_options, argc, argv, &target, &args, &notes, &help,
	                      &diag);
	if (help) {
		options_help(&krm_options, stdout);
		return 0;
	}
	if (ready && args.len)
		ready = diag_fail(&diag, "cleat krm takes no arguments: the ResourceList comes on "
		                         "standard input");
	if (!ready) {
		fprintf(stderr, "Error: %.*s\n", STR_ARGS(diag_escape(arena, diag.message)));
		return 2;
	}
	if (!fs_read_any(arena, S("-"), &text, &diag) || !read_list(&k, text) ||
	    !read_settings(&k) || !lint_items(&k, text)) {
		fprintf(stderr, "Error: %.*s\n", STR_ARGS(diag_escape(arena, diag.message)));
		return 1;
	}
	failed = add_results(&k);
	if (!yaml_write_node(&out, k.document, &diag)) {
		fprintf(stderr, "Error: %.*s\n", STR_ARGS(diag_escape(arena, diag.message)));
		return 1;
	}
	fwrite(out.p, 1, out.len, stdout);
	return failed;
}
