// `cleat why`: which lines made a rendered value, and what a value reaches.

#include "base/buf.h"
#include "cmd/chart_options.h"
#include "cmd/commands.h"
#include "cmd/options.h"
#include "cmd/overlay.h"
#include "data/json.h"
#include "data/node_path.h"
#include "data/yaml.h"
#include "k8s/secrets.h"

#include <stdio.h>
#include <string.h>

typedef struct WhyCommand {
	ChartOptions chart;
	Str value, output;
} WhyCommand;

#define CHART_BASE offsetof(WhyCommand, chart)

static bool check_output(Str value, Diag *diag)
{
	return str_is(value, "text") || str_is(value, "json") ||
	       diag_fail(diag, "there is no output format \"%.*s\": text or json", STR_ARGS(value));
}

static const Option OPTIONS[] = {
	{OPTION_TEXT, "value", 0, offsetof(WhyCommand, value), "PATH",
         "the other way round: what this value reaches and decides", NULL, NULL, NULL},
	{OPTION_TEXT, "output", 'o', offsetof(WhyCommand, output), "FORMAT", "text or json", NULL,
         NULL, check_output},
	CHART_OPTION_ROWS,
	{OPTION_END, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL},
};

const OptionTable why_options = {
	"Usage: cleat why KIND/NAME PATH [CHART | KUSTOMIZATION] [flags]\n"
	"       cleat why --value KEY.PATH [CHART] [flags]",
	"Which lines made a rendered value: the template's, those of the helpers on the way, the "
	"values file's, and the\n"
	"conditions that let it appear; of a kustomization, the line of the patch, generator or "
	"base that wrote it. PATH is written spec.containers[0].env[NAME].value; a list's item is "
	"named by its\n"
	"index or its name, a key with dots in it as [\"a.b\"].",
	OPTIONS,
};

typedef struct Why {
	Arena *arena;
	Render render;
	Str prefix;  // "chart/", which is left out of template names
	Built built; // of a kustomization: its documents are the render's manifests
	bool masked; // the answer is a secret: no line that may hold it is shown
	Diag *diag;
} Why;

// --- places ---

// Templates of the chart itself are named from its folder.
static Str shown_file(const Why *w, Str file)
{
	const SourceFiles *files = w->built.files;

	for (size_t i = 0; files && i < files->chart_count; i++)
		if (str_has_prefix(file, files->charts[i].prefix))
			return str_concat(w->arena, files->charts[i].folder,
			                  str_from(file, files->charts[i].prefix.len));
	return str_has_prefix(file, w->prefix) ? str_from(file, w->prefix.len) : file;
}

static Str shown_place(const Why *w, Place place)
{
	Str file = shown_file(w, place.file);

	if (!place.line)
		return file;
	return str_printf(w->arena, "%.*s:%zu:%zu", STR_ARGS(file), place.line, place.column);
}

// The line of the output that `cleat render` prints, in which byte `at` of a document stands.
static size_t output_line(const Why *w, const Manifest *wanted, size_t at)
{
	const Manifests *groups[] = {&w->render.manifests, &w->render.hooks};
	size_t line = 1;

	for (size_t g = 0; g < 2; g++)
		for (size_t i = 0; i < groups[g]->len; i++) {
			const Manifest *m = &groups[g]->items[i];
			size_t end = m == wanted ? at : m->content.len;
			line += w->built.files ? i > 0 : 2; // --- and # Source
			for (size_t b = 0; b < end; b++)
				line += m->content.p[b] == '\n';
			if (m == wanted)
				return line;
			line += !w->built.files; // its text ends with its line
		}
	return line;
}

static Str line_around(Str text, size_t at)
{
	size_t start = at, end = at;

	while (start && text.p[start - 1] != '\n')
		start--;
	while (end < text.len && text.p[end] != '\n')
		end++;
	return str_slice(text, start, end);
}

// --- finding the resource ---

static Str identity(Arena *arena, const Manifest *m)
{
	return str_printf(arena, "%.*s/%.*s", STR_ARGS(m->kind), STR_ARGS(m->resource));
}

static const Manifest *find_resource(const Why *w, Str wanted)
{
	const Manifests *groups[] = {&w->render.manifests, &w->render.hooks};
	size_t count = w->render.manifests.len + w->render.hooks.len, n = 0;
	Str *names = ARENA_ARRAY(w->arena, Str, count + 1), nearest;

	for (size_t g = 0; g < 2; g++)
		for (size_t i = 0; i < groups[g]->len; i++) {
			names[n] = identity(w->arena, &groups[g]->items[i]);
			if (str_ieq(names[n], wanted))
				return &groups[g]->items[i];
			n++;
		}
	nearest = str_nearest(wanted, names, n);
	if (!nearest.len && n) // the right name of another kind, or the first there is
		for (size_t i = 0; i < n && !nearest.len; i++)
			if (str_has_suffix(names[i], str_from(wanted, str_find(wanted, S("/")))))
				nearest = names[i];
	if (nearest.len)
		diag_fail(w->diag, "there is no %.*s in this render; the nearest is %.*s",
		          STR_ARGS(wanted), STR_ARGS(nearest));
	else
		diag_fail(w->diag, "there is no %.*s in this render of %zu resources",
		          STR_ARGS(wanted), n);
	return NULL;
}

// --- gathering an answer, as a Value that both formats print ---

static void put(const Why *w, Map *map, const char *key, Value v)
{
	map_set(w->arena, map, str_c(key), v);
}

static void put_str(const Why *w, Map *map, const char *key, Str s)
{
	s.origin = NULL;
	put(w, map, key, value_str(s));
}

static void put_place(const Why *w, Map *map, Place place)
{
	put_str(w, map, "file", shown_file(w, place.file));
	put(w, map, "line", value_int((int64_t)place.line));
	put(w, map, "column", value_int((int64_t)place.column));
}

static const char *kind_word(OriginKind kind)
{
	static const char *const words[] = {
		[ORIGIN_VALUES] = "values",     [ORIGIN_FLAG] = "flag",
		[ORIGIN_TEMPLATE] = "template", [ORIGIN_BUILTIN] = "builtin",
		[ORIGIN_SPANS] = "spans",       [ORIGIN_DERIVED] = "derived",
		[ORIGIN_FILE] = "file",
	};

	return words[kind];
}

static Map *describe_origin(const Why *w, const Origin *origin, size_t offset)
{
	Map *map = map_new(w->arena, &TYPE_ANY_MAP);
	List *list;

	put_str(w, map, "kind", str_c(kind_word(origin->kind)));
	if (origin->kind == ORIGIN_VALUES || origin->kind == ORIGIN_TEMPLATE ||
	    origin->kind == ORIGIN_FILE)
		put_place(w, map, origin_place(origin, offset));
	if (origin->path.len)
		put_str(w, map, "path", origin->path);
	if (origin->kind == ORIGIN_FLAG)
		put_str(w, map, "flag", origin->text);
	if (origin->over) {
		list = list_new(w->arena, &TYPE_ANY_LIST, 1);
		for (const Origin *lost = origin->over; lost; lost = lost->over) {
			Map *entry = map_new(w->arena, &TYPE_ANY_MAP);
			put_str(w, entry, "kind", str_c(kind_word(lost->kind)));
			put_place(w, entry, origin_place(lost, 0));
			list_push(w->arena, list, value_map(entry));
		}
		put(w, map, "over", value_list(list));
	}
	if (origin->kind == ORIGIN_DERIVED) {
		list = list_new(w->arena, &TYPE_ANY_LIST, 1);
		for (size_t i = 0; i < origin->span_count; i++)
			list_push(w->arena, list,
			          value_map(describe_origin(w, origin->spans[i].origin, 0)));
		put(w, map, "from", value_list(list));
	}
	return map;
}

static Map *describe_cause(const Why *w, const Cause *cause)
{
	Map *map = map_new(w->arena, &TYPE_ANY_MAP);
	List *paths = list_new(w->arena, &TYPE_ANY_LIST, cause->path_count);

	put_str(w, map, "kind", str_c(cause_word(cause)));
	put_place(w, map, cause_place(cause));
	put_str(w, map, "source", cause_source(w->arena, cause));
	put_str(w, map, "in", shown_file(w, cause_template(cause)));
	if (!cause->path_count)
		return map;
	for (size_t i = 0; i < cause->path_count; i++)
		list_push(w->arena, paths, value_str(cause->paths[i]));
	put(w, map, "values", value_list(paths));
	put(w, map, "went", value_bool(cause->went));
	return map;
}

static bool is_condition(const Cause *cause)
{
	return cause->kind == CAUSE_IF || cause->kind == CAUSE_WITH || cause->kind == CAUSE_RANGE;
}

// The action that wrote the bytes, the calls that led to it from the outside in, and the conditions on the way.
static void describe_causes(const Why *w, Map *piece, const Cause *cause)
{
	List *through = list_new(w->arena, &TYPE_ANY_LIST, 4),
	     *because = list_new(w->arena, &TYPE_ANY_LIST, 4);

	for (; cause; cause = cause->outer) {
		if (cause->kind == CAUSE_ACTION) {
			if (!map_get(piece, S("action")))
				put(w, piece, "action", value_map(describe_cause(w, cause)));
			for (const Cause *choice = cause->choices; choice; choice = choice->outer)
				list_push(w->arena, because, value_map(describe_cause(w, choice)));
		} else if (is_condition(cause) && cause->path_count) {
			list_push(w->arena, because, value_map(describe_cause(w, cause)));
		} else if (cause->kind == CAUSE_INCLUDE || cause->kind == CAUSE_TEMPLATE ||
		           cause->kind == CAUSE_TPL) {
			list_push(w->arena, through, value_map(describe_cause(w, cause)));
		}
	}
	put(w, piece, "through", value_list(through));
	put(w, piece, "because", value_list(because));
}

static List *describe_pieces(const Why *w, Str content, size_t start, size_t end, bool secret)
{
	List *pieces = list_new(w->arena, &TYPE_ANY_LIST, 2);
	OriginSpan run;

	while (origin_next(content, &start, end, &run)) {
		Map *piece = map_new(w->arena, &TYPE_ANY_MAP);
		Str text = str_slice(content, run.start, run.start + run.len);
		put_str(w, piece, "text", secret ? secret_mask(w->arena, text) : text);
		if (run.origin)
			put(w, piece, "origin",
			    value_map(describe_origin(w, run.origin, run.offset)));
		describe_causes(w, piece, run.cause);
		list_push(w->arena, pieces, value_map(piece));
	}
	return pieces;
}

// --- printing an answer for people ---

static Str text_of(const Map *map, const char *key)
{
	const Value *v = map_get(map, str_c(key));

	return v && v->kind == V_STRING ? value_as_str(v) : S("");
}

static size_t number_of(const Map *map, const char *key)
{
	const Value *v = map_get(map, str_c(key));

	return v ? (size_t)v->i : 0;
}

static const List *list_of(const Map *map, const char *key)
{
	const Value *v = map_get(map, str_c(key));

	return v && v->kind == V_LIST ? v->list : NULL;
}

static Str place_text(const Why *w, const Map *map)
{
	Place place = {text_of(map, "file"), number_of(map, "line"), number_of(map, "column")};

	return shown_place(w, place);
}

static void print_str(Buf *out, const Why *w, Str s)
{
	buf_str(out, diag_escape(w->arena, s));
}

// The text of a template of the chart, or of a file that a kustomization read.
static Str source_text(const Why *w, Str file)
{
	const Chart *chart = w->render.chart;
	const SourceFiles *files = w->built.files;
	Diag ignored = diag_new(w->arena);
	Str text = S("");

	for (size_t i = 0; chart && i < chart->templates.len; i++)
		if (str_eq(chart->templates.items[i].name, file))
			chart_file_read(w->arena, &chart->templates.items[i], &text, &ignored);
	for (size_t i = 0; files && i < files->len; i++)
		if (str_eq(files->items[i].name, file))
			return files->items[i].text;
	return text;
}

// The line with a caret below the place.
static void print_excerpt(Buf *out, const Why *w, const Map *at)
{
	Str text = source_text(w, text_of(at, "file")), line = S(""), rest = text;
	size_t wanted = number_of(at, "line"), column = number_of(at, "column");

	for (size_t i = 0; i < wanted; i++)
		if (!str_line(&rest, &line))
			return;
	if (!wanted || !text.len)
		return;
	buf_printf(out, "  %8zu | ", wanted);
	print_str(out, w, line);
	buf_c(out, "\n           | ");
	for (size_t i = 0; i + 1 < column && i < line.len; i++)
		buf_byte(out, line.p[i] == '\t' ? '\t' : ' ');
	buf_c(out, "^\n");
}

static void print_origin(Buf *out, const Why *w, const Map *origin, const char *label)
{
	Str kind = text_of(origin, "kind");
	const List *over = list_of(origin, "over"), *from = list_of(origin, "from");

	if (str_is(kind, "values")) {
		buf_printf(out, "  %-9s %.*s  ", label, STR_ARGS(place_text(w, origin)));
		print_str(out, w, text_of(origin, "path"));
		buf_byte(out, '\n');
	} else if (str_is(kind, "flag")) {
		buf_printf(out, "  %-9s ", label);
		print_str(out, w, text_of(origin, "flag"));
		buf_byte(out, '\n');
	} else if (str_is(kind, "builtin")) {
		buf_printf(out, "  %-9s .%.*s\n", label, STR_ARGS(text_of(origin, "path")));
	} else if (str_is(kind, "file")) {
		buf_printf(out, "  %-9s %.*s\n", label, STR_ARGS(place_text(w, origin)));
		if (!w->masked)
			print_excerpt(out, w, origin);
	} else if (str_is(kind, "template")) {
		buf_printf(out, "  %-9s the template's own text, %.*s\n", label,
		           STR_ARGS(place_text(w, origin)));
	}
	for (size_t i = 0; over && i < over->len; i++) {
		// A kustomization gives the chart its own values file again.
		if (str_eq(place_text(w, over->items[i].map), place_text(w, origin)))
			continue;
		buf_printf(out, "  %-9s %.*s\n", "over",
		           STR_ARGS(place_text(w, over->items[i].map)));
	}
	for (size_t i = 0; from && i < from->len; i++)
		print_origin(out, w, from->items[i].map, "made of");
}

static void print_because(Buf *out, const Why *w, const Map *cause)
{
	const List *values = list_of(cause, "values");
	const Value *went = map_get(cause, S("went"));

	buf_printf(out, "  %-9s ", "because");
	print_str(out, w, text_of(cause, "source"));
	buf_printf(out, " is %s  %.*s  (", went && went->b ? "true" : "false",
	           STR_ARGS(place_text(w, cause)));
	for (size_t i = 0; values && i < values->len; i++) {
		if (i)
			buf_c(out, ", ");
		print_str(out, w, value_as_str(&values->items[i]));
	}
	buf_c(out, ")\n");
}

// Pieces that one action wrote, on one way, under the same conditions.
static bool same_cause(const Map *a, const Map *b)
{
	static const char *const keys[] = {"action", "through", "because"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const Value *x = map_get(a, str_c(keys[i])), *y = map_get(b, str_c(keys[i]));
		if ((x != NULL) != (y != NULL) || (x && !value_equal(x, y)))
			return false;
	}
	return true;
}

// Quotes and blanks that an action adds need no words.
static bool is_dressing(const Map *piece)
{
	Str text = text_of(piece, "text");

	for (size_t i = 0; i < text.len; i++)
		if (!strchr("\"' \n", text.p[i]))
			return false;
	return !map_get(piece, S("origin"));
}

static void print_causes(Buf *out, const Why *w, const Map *piece)
{
	const Value *action = map_get(piece, S("action"));
	const List *through = list_of(piece, "through");

	if (action) {
		buf_printf(out, "  %-9s %.*s\n", "template", STR_ARGS(place_text(w, action->map)));
		print_excerpt(out, w, action->map);
	}
	for (size_t i = 0; through && i < through->len; i++) {
		const Map *call = through->items[i].map;
		buf_printf(out, "  %-9s ", "through");
		print_str(out, w, text_of(call, "source"));
		buf_printf(out, "  %.*s\n", STR_ARGS(place_text(w, call)));
		print_excerpt(out, w, call);
	}
}

// `count` pieces of the same cause.
static void print_pieces(Buf *out, const Why *w, const Value *pieces, size_t count)
{
	const List *because = list_of(pieces[0].map, "because");

	buf_c(out, "\n");
	for (size_t i = 0; i < count; i++)
		print_str(out, w, text_of(pieces[i].map, "text"));
	buf_c(out, "\n");
	print_causes(out, w, pieces[0].map);
	for (size_t i = 0; i < count; i++) {
		const Value *origin = map_get(pieces[i].map, S("origin"));
		Str text = text_of(pieces[i].map, "text");
		if (!origin)
			continue;
		if (count > 1) {
			buf_c(out, "  ");
			print_str(out, w, text);
			buf_byte(out, '\n');
		}
		print_origin(out, w, origin->map, "from");
	}
	for (size_t i = 0; because && i < because->len; i++)
		print_because(out, w, because->items[i].map);
}

static void print_answer(Buf *out, const Why *w, const Map *answer)
{
	const List *pieces = list_of(answer, "pieces");

	print_str(out, w, text_of(answer, "resource"));
	buf_byte(out, ' ');
	print_str(out, w, text_of(answer, "path"));
	buf_printf(out, "\n  %-9s line %zu: ", "rendered", number_of(answer, "line"));
	print_str(out, w, text_of(answer, "rendered"));
	buf_byte(out, '\n');
	for (size_t i = 0, next; i < pieces->len; i = next) {
		for (next = i + 1; next < pieces->len &&
		                   same_cause(pieces->items[i].map, pieces->items[next].map);)
			next++;
		if (next > i + 1 || pieces->len == 1 || !is_dressing(pieces->items[i].map))
			print_pieces(out, w, pieces->items + i, next - i);
	}
}

static bool print_json(const Why *w, Map *answer, Buf *out)
{
	Text text = text_new(w->arena, false);
	Value v = value_map(answer);

	if (!json_write(&text, &v, (JsonStyle){false, "  "}, w->diag))
		return false;
	buf_str(out, text_str(&text));
	buf_byte(out, '\n');
	return true;
}

// --- why RESOURCE PATH ---

// Where a value's text begins: of a block in what Kustomize printed, behind the header, which nobody wrote.
static size_t text_start(const Why *w, const Manifest *m, const Node *node)
{
	size_t line_end = str_find_byte(str_from(m->content, node->start.offset), '\n');

	if (!w->built.files || node->style != NODE_LITERAL || line_end == STR_NONE)
		return node->start.offset;
	return node->start.offset + line_end + 1;
}

static bool why_node(Why *w, const Manifest *m, Str path, Map *answer)
{
	YamlOptions options = {.file = m->name};
	Str found, nearest, raw;
	Node *document, *node;
	bool secret;

	if (!yaml_read(w->arena, m->content, &options, &document, w->diag))
		return false;
	node = node_at_path(w->arena, document, path, &found, &nearest);
	if (!node) {
		Str resource = identity(w->arena, m);
		if (!nearest.len)
			return diag_fail(w->diag, "%.*s has nothing at %.*s (what is there: %.*s)",
			                 STR_ARGS(resource), STR_ARGS(path),
			                 STR_ARGS(found.len ? found : S("the document itself")));
		return diag_fail(
			w->diag, "%.*s has nothing at %.*s; the nearest is %.*s behind \"%.*s\"",
			STR_ARGS(resource), STR_ARGS(path), STR_ARGS(nearest), STR_ARGS(found));
	}
	secret = w->masked = secret_is_path(m->kind, path, node);
	raw = line_around(m->content, node->start.offset);
	put_str(w, answer, "resource", identity(w->arena, m));
	put_str(w, answer, "path", path);
	put_str(w, answer, "source", shown_file(w, m->name));
	put(w, answer, "line", value_int((int64_t)output_line(w, m, node->start.offset)));
	put_str(w, answer, "rendered", secret ? secret_mask_after_colon(w->arena, raw) : raw);
	put(w, answer, "pieces",
	    value_list(describe_pieces(w, m->content, text_start(w, m, node), node->end.offset,
	                               secret)));
	return true;
}

// --- why --value PATH ---

// `path` is `wanted` or below it.
static bool is_below(Str path, Str wanted)
{
	return str_has_prefix(path, wanted) &&
	       (path.len == wanted.len || path.p[wanted.len] == '.' || path.p[wanted.len] == '[');
}

static bool origin_is_of(const Origin *origin, Str wanted)
{
	if (!origin)
		return false;
	for (size_t i = 0; origin->kind == ORIGIN_DERIVED && i < origin->span_count; i++)
		if (origin_is_of(origin->spans[i].origin, wanted))
			return true;
	return (origin->kind == ORIGIN_VALUES || origin->kind == ORIGIN_FLAG) &&
	       is_below(origin->path, wanted);
}

typedef struct Reach {
	const Why *w;
	const Manifest *manifest;
	Str wanted;
	List *reaches;
} Reach;

static void visit_scalar(void *context, const Node *scalar, Str path, bool is_key)
{
	Reach *r = context;
	size_t at = scalar->start.offset;
	OriginSpan run;

	while (origin_next(r->manifest->content, &at, scalar->end.offset, &run)) {
		Map *entry;
		if (!origin_is_of(run.origin, r->wanted))
			continue;
		entry = map_new(r->w->arena, &TYPE_ANY_MAP);
		put_str(r->w, entry, "resource", identity(r->w->arena, r->manifest));
		put_str(r->w, entry, "path", path);
		put(r->w, entry, "key", value_bool(is_key));
		put(r->w, entry, "derived", value_bool(run.origin->kind == ORIGIN_DERIVED));
		put(r->w, entry, "line",
		    value_int((int64_t)output_line(r->w, r->manifest, run.start)));
		describe_causes(r->w, entry, run.cause);
		list_push(r->w->arena, r->reaches, value_map(entry));
		return;
	}
}

static bool gather_reaches(const Why *w, Str wanted, List *reaches)
{
	const Manifests *groups[] = {&w->render.manifests, &w->render.hooks};

	for (size_t g = 0; g < 2; g++)
		for (size_t i = 0; i < groups[g]->len; i++) {
			Reach reach = {w, &groups[g]->items[i], wanted, reaches};
			YamlOptions options = {.file = reach.manifest->name};
			Node *document;
			if (!yaml_read(w->arena, reach.manifest->content, &options, &document,
			               w->diag))
				return false;
			node_walk_scalars(w->arena, document, visit_scalar, &reach);
		}
	return true;
}

static void gather_decisions(const Why *w, Str wanted, List *decisions)
{
	const Trace *trace = w->render.trace;

	for (size_t i = 0; i < trace->decision_count; i++) {
		const Cause *cause = trace->decisions[i];
		for (size_t j = 0; j < cause->path_count; j++)
			if (is_below(cause->paths[j], wanted)) {
				list_push(w->arena, decisions, value_map(describe_cause(w, cause)));
				break;
			}
	}
}

// How often the value or something below it was asked for.
static int64_t count_reads(const Why *w, Str wanted)
{
	const Map *reads = w->render.trace->reads;
	int64_t count = 0;

	for (size_t i = 0; i < reads->len; i++)
		if (is_below(reads->entries[i].key, wanted))
			count += reads->entries[i].value.i;
	return count;
}

static bool values_have(const Why *w, Str wanted, Str *nearest)
{
	Value root = value_map(w->render.values);
	Str rest = wanted, part;
	const Value *at = &root;

	*nearest = S("");
	while (str_cut(&rest, S("."), &part)) {
		Str key = str_to(part, str_find_byte(part, '['));
		const Value *next = at->kind == V_MAP ? map_get(at->map, key) : NULL;
		if (!next) {
			Str *names = ARENA_ARRAY(w->arena, Str, value_len(at) + 1);
			for (size_t i = 0; at->kind == V_MAP && i < at->map->len; i++)
				names[i] = at->map->entries[i].key;
			*nearest = str_nearest(key, names, at->kind == V_MAP ? at->map->len : 0);
			return false;
		}
		at = next;
	}
	return true;
}

static bool why_value(const Why *w, Str wanted, Map *answer)
{
	List *reaches = list_new(w->arena, &TYPE_ANY_LIST, 8),
	     *decisions = list_new(w->arena, &TYPE_ANY_LIST, 8);
	int64_t reads = count_reads(w, wanted);
	Str nearest;

	if (!values_have(w, wanted, &nearest) && !reads) {
		if (nearest.len)
			return diag_fail(w->diag, "the values have no %.*s; did you mean \"%.*s\"?",
			                 STR_ARGS(wanted), STR_ARGS(nearest));
		return diag_fail(w->diag, "the values have no %.*s, and no template asks for it",
		                 STR_ARGS(wanted));
	}
	if (!gather_reaches(w, wanted, reaches))
		return false;
	gather_decisions(w, wanted, decisions);
	put_str(w, answer, "value", wanted);
	put(w, answer, "reads", value_int(reads));
	put(w, answer, "reaches", value_list(reaches));
	put(w, answer, "decides", value_list(decisions));
	return true;
}

static void print_value_answer(Buf *out, const Why *w, const Map *answer)
{
	const List *reaches = list_of(answer, "reaches"), *decides = list_of(answer, "decides");

	print_str(out, w, text_of(answer, "value"));
	if (reaches->len || decides->len)
		buf_printf(out, " reaches %zu places and takes %zu decisions\n", reaches->len,
		           decides->len);
	else
		buf_c(out, number_of(answer, "reads") ? " is read, but nothing of it is printed\n"
		                                      : " is never read\n");
	for (size_t i = 0; i < reaches->len; i++) {
		const Map *entry = reaches->items[i].map;
		const Value *action = map_get(entry, S("action"));
		buf_printf(out, "  line %zu: ", number_of(entry, "line"));
		print_str(out, w, text_of(entry, "resource"));
		buf_byte(out, ' ');
		print_str(out, w, text_of(entry, "path"));
		if (action)
			buf_printf(out, "  (%.*s)", STR_ARGS(place_text(w, action->map)));
		buf_byte(out, '\n');
	}
	for (size_t i = 0; i < decides->len; i++)
		print_because(out, w, decides->items[i].map);
}

// --- kustomizations ---

static bool add_document(Why *w, Str name, Str text)
{
	YamlHead head;

	if (!yaml_scan_head(w->arena, text, &head, w->diag))
		return false;
	VEC_PUSH(w->arena, w->render.manifests.items, w->render.manifests.len,
	         w->render.manifests.cap) = (Manifest){.name = name,
	                                               .content = text,
	                                               .api_version = head.version,
	                                               .kind = head.kind,
	                                               .resource = head.name};
	return true;
}

static bool build_kustomization(Why *w, const WhyCommand *c, Str target, Str folder)
{
	Str rest, document;

	if (c->value.len)
		return diag_fail(w->diag,
		                 "--value asks for a chart's values, and %.*s is a kustomization",
		                 STR_ARGS(target));
	if (!overlay_build(w->arena, NULL, folder, true, &w->built, &w->render.log.out, w->diag))
		return false;
	rest = w->built.text;
	while (rest.len && str_cut(&rest, S("\n---\n"), &document)) {
		if (rest.p)
			document.len++; // the document's own line end
		if (!add_document(w, folder, document))
			return false;
	}
	return true;
}

// Renders the chart, or builds the kustomization.
static ChartOutcome read_target(Why *w, const WhyCommand *c, const StrList *args)
{
	Str target = args->len ? args->items[0] : S("."), folder;
	bool late = false;

	if (chart_is_there(w->arena, target) || !overlay_is_there(w->arena, target, &folder))
		return chart_options_render(&c->chart, args, true, &w->render, &late, w->diag);
	return build_kustomization(w, c, target, folder) ? CHART_OK : CHART_FAILED;
}

// --- the command ---

static bool answer_question(Why *w, const WhyCommand *c, const StrList *args, Buf *out)
{
	Map *answer = map_new(w->arena, &TYPE_ANY_MAP);
	const Manifest *m;

	if (w->render.chart) {
		if (!render_manifests(&w->render, w->diag))
			return false;
		w->prefix = str_concat(w->arena, chart_name(w->render.chart), S("/"));
	}
	if (c->value.len) {
		if (!why_value(w, c->value, answer))
			return false;
	} else {
		m = find_resource(w, args->items[0]);
		if (!m || !why_node(w, m, args->items[1], answer))
			return false;
	}
	if (str_is(c->output, "json"))
		return print_json(w, answer, out);
	if (c->value.len)
		print_value_answer(out, w, answer);
	else
		print_answer(out, w, answer);
	return true;
}

// What is left of the arguments for the render: [CHART].
static bool chart_argument(const WhyCommand *c, const StrList *args, StrList *chart, Diag *diag)
{
	size_t own = c->value.len ? 0 : 2;

	if (args->len < own)
		return diag_fail(diag, "cleat why wants KIND/NAME and PATH, or --value KEY.PATH; "
		                       "`cleat why --help` says more");
	if (args->len > own + 1)
		return diag_fail(diag, "cleat why takes one chart");
	*chart = (StrList){.items = args->items + own, .len = args->len - own};
	return true;
}

int cmd_why(Arena *arena, int argc, char **argv)
{
	WhyCommand *command = ARENA_NEW(arena, WhyCommand);
	Diag diag = diag_new(arena);
	Why w = {.arena = arena, .render = {.arena = arena, .log = log_new(arena)}, .diag = &diag};
	Buf notes = buf_new(arena), out = buf_new(arena);
	ChartOutcome outcome = CHART_MISUSED;
	StrList args = {0}, chart;
	bool help = false;

	if (options_parse(arena, &why_options, argc, argv, command, &args, &notes, &help, &diag) &&
	    !help && chart_argument(command, &args, &chart, &diag))
		outcome = read_target(&w, command, &chart);
	if (help) {
		options_help(&why_options, stdout);
		return 0;
	}
	if (outcome == CHART_OK && !answer_question(&w, command, &args, &out))
		outcome = CHART_FAILED;
	fwrite(notes.p, 1, notes.len, stderr);
	fwrite(w.render.log.out.p, 1, w.render.log.out.len, stderr);
	fwrite(out.p, 1, out.len, stdout);
	if (outcome != CHART_OK)
		print_failure(arena, &diag, false);
	return exit_code(outcome);
}
