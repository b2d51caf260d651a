// The answers of `cleat why`, for people.

#include "cmd/why.h"
#include "k8s/credential.h"

#include <string.h>

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

	return why_place(w, place);
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
	print_str(out, w, credential_mask(w->arena, line));
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

// "if .Values.x is true, 3 times  templates/a.yaml:4:6  (x values.yaml:2:4)"
static void print_decision(Buf *out, const Why *w, const Map *cause, const char *label)
{
	const List *values = list_of(cause, "values");
	const Value *went = map_get(cause, S("went"));
	size_t times = number_of(cause, "times");

	buf_printf(out, "  %-9s ", label);
	print_str(out, w, text_of(cause, "source"));
	buf_c(out, went && went->b ? " is true" : " is false");
	if (times > 1)
		buf_printf(out, ", %zu times", times);
	buf_printf(out, "  %.*s  (", STR_ARGS(place_text(w, cause)));
	for (size_t i = 0; values && i < values->len; i++) {
		const Map *value = values->items[i].map;
		if (i)
			buf_c(out, ", ");
		print_str(out, w, text_of(value, "path"));
		if (map_get(value, S("file")))
			buf_printf(out, " %.*s", STR_ARGS(place_text(w, value)));
		else if (map_get(value, S("flag"))) {
			buf_byte(out, ' ');
			print_str(out, w, text_of(value, "flag"));
		}
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

static void print_call(Buf *out, const Why *w, const Map *call)
{
	buf_printf(out, "  %-9s ", "through");
	print_str(out, w, text_of(call, "source"));
	buf_printf(out, "  %.*s\n", STR_ARGS(place_text(w, call)));
	print_excerpt(out, w, call);
}

static void print_causes(Buf *out, const Why *w, const Map *piece)
{
	const Value *action = map_get(piece, S("action"));
	const List *through = list_of(piece, "through");

	if (action) {
		buf_printf(out, "  %-9s %.*s\n", "template", STR_ARGS(place_text(w, action->map)));
		print_excerpt(out, w, action->map);
	}
	for (size_t i = 0; through && i < through->len; i++)
		print_call(out, w, through->items[i].map);
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
		print_decision(out, w, because->items[i].map, "because");
}

// What all pieces have in their list `key`, as the first has it in order.
static size_t in_common(const List *pieces, const char *key, const Map **common)
{
	const List *first = pieces->len ? list_of(pieces->items[0].map, key) : NULL;
	size_t count = 0;

	for (size_t i = 0; first && i < first->len; i++) {
		bool everywhere = true;
		for (size_t j = 1; everywhere && j < pieces->len; j++) {
			const List *other = list_of(pieces->items[j].map, key);
			everywhere = false;
			for (size_t k = 0; other && k < other->len && !everywhere; k++)
				everywhere = value_equal(&first->items[i], &other->items[k]);
		}
		if (everywhere)
			common[count++] = first->items[i].map;
	}
	return count;
}

// A map or list: who made each line, and what they all have in common.
static void print_lines(Buf *out, const Why *w, const List *lines, const List *pieces)
{
	const List *through = pieces->len ? list_of(pieces->items[0].map, "through") : NULL;
	const List *because = pieces->len ? list_of(pieces->items[0].map, "because") : NULL;
	size_t most = (through ? through->len : 0) + (because ? because->len : 0), count;
	const Map **common = ARENA_ARRAY(w->arena, const Map *, most + 1);

	for (size_t i = 0; i < lines->len; i++) {
		const Map *line = lines->items[i].map;
		Str made = text_of(line, "made");
		buf_printf(out, "  %8zu | ", number_of(line, "line"));
		print_str(out, w, text_of(line, "text"));
		if (made.len) {
			buf_c(out, "  # ");
			print_str(out, w, made);
		}
		buf_byte(out, '\n');
	}
	count = in_common(pieces, "through", common);
	for (size_t i = 0; i < count; i++)
		print_call(out, w, common[i]);
	count = in_common(pieces, "because", common);
	for (size_t i = 0; i < count; i++)
		print_decision(out, w, common[i], "because");
}

static void print_all_pieces(Buf *out, const Why *w, const List *pieces)
{
	for (size_t i = 0, next; i < pieces->len; i = next) {
		for (next = i + 1; next < pieces->len &&
		                   same_cause(pieces->items[i].map, pieces->items[next].map);)
			next++;
		if (next > i + 1 || pieces->len == 1 || !is_dressing(pieces->items[i].map))
			print_pieces(out, w, pieces->items + i, next - i);
	}
}

void why_print_resource(Buf *out, const Why *w, const Map *answer)
{
	const List *pieces = list_of(answer, "pieces"), *lines = list_of(answer, "lines");

	print_str(out, w, text_of(answer, "resource"));
	buf_byte(out, ' ');
	print_str(out, w, text_of(answer, "path"));
	if (lines) {
		buf_byte(out, '\n');
		print_lines(out, w, lines, pieces);
		return;
	}
	buf_printf(out, "\n  %-9s line %zu: ", "rendered", number_of(answer, "line"));
	print_str(out, w, text_of(answer, "rendered"));
	buf_byte(out, '\n');
	print_all_pieces(out, w, pieces);
}

// Resources behind a decision that are named; the rest are counted.
#define RESOURCES_SHOWN 6

static void print_appears(Buf *out, const Why *w, const List *appears)
{
	if (!appears->len)
		return;
	buf_c(out, "            lets appear ");
	for (size_t i = 0; i < appears->len && i < RESOURCES_SHOWN; i++) {
		const Map *entry = appears->items[i].map;
		size_t values = number_of(entry, "values");
		if (i)
			buf_c(out, ", ");
		print_str(out, w, text_of(entry, "resource"));
		buf_printf(out, " (%zu value%s)", values, values == 1 ? "" : "s");
	}
	if (appears->len > RESOURCES_SHOWN)
		buf_printf(out, " and %zu more", appears->len - RESOURCES_SHOWN);
	buf_byte(out, '\n');
}

void why_print_value(Buf *out, const Why *w, const Map *answer)
{
	const List *reaches = list_of(answer, "reaches"), *decides = list_of(answer, "decides");

	print_str(out, w, text_of(answer, "value"));
	if (reaches->len || decides->len)
		buf_printf(out, " reaches %zu place%s and takes %zu decision%s\n", reaches->len,
		           reaches->len == 1 ? "" : "s", decides->len,
		           decides->len == 1 ? "" : "s");
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
	for (size_t i = 0; i < decides->len; i++) {
		print_decision(out, w, decides->items[i].map, "decides");
		print_appears(out, w, list_of(decides->items[i].map, "appears"));
	}
}
