// Resources as Kustomize prints them.

#include "kustomize/print.h"

#include "base/num.h"
#include "data/yaml.h"
#include "kustomize/scalar.h"

#include <math.h>
#include <string.h>

// Where the writer of go-yaml v2 begins to look for a space to break a line at.
#define LINE_WIDTH 80
// Longer keys are written in another form.
#define EASY_KEY_LENGTH 100

typedef struct Printer {
	Arena *arena; // for this resource alone
	Buf *out;
	size_t line; // where the current line begins in `out`
	Diag *diag;
} Printer;

// --- what is easy ---

enum { FIRST = 1, INSIDE = 2, SPACE = 4, DIGIT = 8 };

// Bytes that may begin a plain scalar or stand in one. A colon, a space and a number sign need a second look.
static unsigned byte_class(unsigned char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '_' || c == '$' ||
	    c == '(')
		return FIRST | INSIDE;
	if (c >= '0' && c <= '9')
		return FIRST | INSIDE | DIGIT;
	if (c == ' ')
		return SPACE;
	return c > 0x20 && c < 0x7F ? INSIDE : 0;
}

// What YAML 1.1 takes for something else than a string.
static bool is_word(Str s)
{
	static const char *const words[] = {"y",   "n",    "yes",   "no",  "on",
	                                    "off", "true", "false", "null"};

	if (s.len > 5 || !memchr("ynotfYNOTF", s.p[0], 10))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_ieq(s, str_c(words[i])))
			return true;
	return false;
}

// A text that begins with a digit is no number if it has a letter that no number has.
static bool has_plain_letter(Str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = (char)(s.p[i] | 0x20);
		if (c >= 'g' && c <= 'z' && c != 'x' && c != 'o')
			return true;
	}
	return false;
}

// A scalar that is written plain, as it stands. Line breaks at spaces are the writer's business.
static bool is_easy(Str s, bool spaces)
{
	unsigned first = s.len ? byte_class((unsigned char)s.p[0]) : 0;

	if (!(first & FIRST) || s.p[s.len - 1] == ' ')
		return false;
	for (size_t i = 1; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];
		unsigned class = byte_class(c);
		if (c == ':' && (i + 1 == s.len || s.p[i + 1] == ' '))
			return false;
		if (c == '#' && s.p[i - 1] == ' ')
			return false;
		if (!(class & INSIDE) && !(spaces && (class & SPACE)))
			return false;
	}
	if (first & DIGIT)
		return str_find_byte(s, ':') == STR_NONE && has_plain_letter(s);
	return !is_word(s);
}

// --- scalars ---

static void new_line(Printer *printer)
{
	buf_byte(printer->out, '\n');
	printer->line = printer->out->len;
}

static void write_easy(Printer *printer, Str s, size_t indent)
{
	Buf *out = printer->out;
	bool after_space = false;

	if (out->len - printer->line + s.len <= LINE_WIDTH) {
		buf_str(out, s);
		return;
	}
	for (size_t i = 0; i < s.len; i++) {
		bool space = s.p[i] == ' ';
		if (space && !after_space && out->len - printer->line > LINE_WIDTH &&
		    s.p[i + 1] != ' ') {
			new_line(printer);
			buf_fill(out, ' ', indent);
		} else {
			buf_byte(out, s.p[i]);
		}
		after_space = space;
	}
}

// Bytes that `levels` mappings in each other take before their content.
static size_t header_length(size_t levels)
{
	return levels * (levels - 1) + 3 * levels;
}

// A scalar that needs quotes, a block or a look at its characters is written by the general writer at the same place
// of a structure made for it, and cut out.
static bool write_hard(Printer *printer, Str key, Str s, size_t indent)
{
	size_t levels = indent / 2 + !key.p, offset;
	Text text = text_new(printer->arena, false);
	Value value = value_str(s);
	Map *map;
	List *list;
	Str written;

	if (key.p) {
		map = map_new(printer->arena, &TYPE_ANY_MAP);
		map_set(printer->arena, map, key, value);
		value = value_map(map);
	} else {
		list = list_new(printer->arena, &TYPE_ANY_LIST, 1);
		list_push(printer->arena, list, value);
		value = value_list(list);
	}
	for (size_t i = 0; i < levels; i++) {
		map = map_new(printer->arena, &TYPE_ANY_MAP);
		map_set(printer->arena, map, S("a"), value);
		value = value_map(map);
	}
	if (!yaml_write_value(&text, &value, printer->diag))
		return false;
	written = text_str(&text);
	offset = header_length(levels) + indent + (key.p ? key.len + 2 : 2);
	buf_str(printer->out, str_slice(written, offset, written.len - 1));
	return true;
}

static void write_float(Printer *printer, double f)
{
	Buf text = buf_new(printer->arena);
	uint64_t u;
	int64_t i;

	num_json_float(&text, f);
	if (num_parse_int(buf_view(&text), 10, 64, &i) == NUM_OK ||
	    num_parse_uint(buf_view(&text), 10, 64, &u) == NUM_OK)
		buf_str(printer->out, buf_view(&text));
	else
		num_format_float(printer->out, f, 'g', -1);
}

static bool is_quoted(const Node *node)
{
	return node->style == NODE_SINGLE_QUOTED || node->style == NODE_DOUBLE_QUOTED;
}

static bool is_unsettled(const Node *node)
{
	Str v = node->value;

	if (node->style == NODE_FOLDED)
		return true;
	return node->style == NODE_LITERAL && v.len &&
	       (v.p[0] == ' ' || v.p[0] == '\n' || v.p[0] == '\t' ||
	        (v.len > 1 && v.p[v.len - 1] == '\n' && v.p[v.len - 2] == '\n'));
}

// `key.p` is NULL for the items of lists. False where the general writer must do the resource.
static bool print_scalar(Printer *printer, const Node *node, Str key, size_t indent, bool flow)
{
	Scalar scalar = {.kind = SCALAR_STRING, .s = node->value};
	bool text = str_is(node->tag, TAG_STR);

	if (is_unsettled(node) || (node->tagged && !text) ||
	    (flow && !text && !node->value.len && !is_quoted(node)))
		return false;
	if (!text && !scalar_of_node(printer->arena, node, SCALAR_YAML_1_2, &scalar, printer->diag))
		return false;
	switch (scalar.kind) {
	case SCALAR_NULL:
		buf_c(printer->out, "null");
		return true;
	case SCALAR_BOOL:
		buf_c(printer->out, scalar.b ? "true" : "false");
		return true;
	case SCALAR_INT:
		num_format_int(printer->out, scalar.i, 10);
		return true;
	case SCALAR_UINT:
		num_format_uint(printer->out, scalar.u, 10);
		return true;
	case SCALAR_FLOAT:
		if (!isfinite(scalar.f))
			return false;
		write_float(printer, scalar.f);
		return true;
	case SCALAR_STRING:
		break;
	}
	if (!is_easy(scalar.s, true))
		return write_hard(printer, key, scalar.s, indent);
	write_easy(printer, scalar.s, indent + 2);
	return true;
}

// --- keys ---

static bool is_easy_key(Printer *printer, const Node *key)
{
	Scalar scalar;

	if (key->kind != NODE_SCALAR || key->value.len > EASY_KEY_LENGTH ||
	    !is_easy(key->value, false))
		return false;
	return str_is(key->tag, TAG_STR) ||
	       (!key->tag.len &&
	        scalar_of_node(printer->arena, key, SCALAR_YAML_1_2, &scalar, printer->diag) &&
	        scalar.kind == SCALAR_STRING && !scalar.time);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static uint64_t take_digits(Str s, size_t *at, uint64_t value)
{
	while (*at < s.len && ascii_is_digit(s.p[*at]))
		value = value * 10 + (uint64_t)(s.p[(*at)++] - '0');
	return value;
}

// go-yaml v2's order of keys, of ASCII ones: letters behind everything else, runs of digits by their value.
static int compare_keys(Str a, Str b)
{
	size_t least = a.len < b.len ? a.len : b.len, i = 0, a_end, b_end;
	uint64_t a_number = 0, b_number = 0;

	while (i < least && a.p[i] == b.p[i])
		i++;
	if (i == least)
		return a.len < b.len ? -1 : a.len > b.len;
	if (is_letter(a.p[i]) || is_letter(b.p[i])) {
		if (is_letter(a.p[i]) && is_letter(b.p[i]))
			return a.p[i] < b.p[i] ? -1 : 1;
		return is_letter(b.p[i]) ? -1 : 1;
	}
	if (a.p[i] == '0' || b.p[i] == '0')
		for (size_t j = i; j > 0 && ascii_is_digit(a.p[j - 1]); j--)
			if (a.p[j - 1] != '0') {
				a_number = b_number = 1;
				break;
			}
	a_end = b_end = i;
	a_number = take_digits(a, &a_end, a_number);
	b_number = take_digits(b, &b_end, b_number);
	if (a_number != b_number)
		return a_number < b_number ? -1 : 1;
	if (a_end != b_end)
		return a_end < b_end ? -1 : 1;
	return (unsigned char)a.p[i] < (unsigned char)b.p[i] ? -1 : 1;
}

typedef struct Pair {
	Node *key, *value;
} Pair;

// Merge sort: mappings of any size, and mostly in order already.
static void sort_pairs(Pair *pairs, Pair *spare, size_t count)
{
	size_t half = count / 2, left = 0, right = half, at = 0;

	if (count < 9) {
		for (size_t i = 1; i < count; i++) {
			Pair pair = pairs[i];
			size_t k = i;
			for (; k > 0 && compare_keys(pair.key->value, pairs[k - 1].key->value) < 0;
			     k--)
				pairs[k] = pairs[k - 1];
			pairs[k] = pair;
		}
		return;
	}
	sort_pairs(pairs, spare, half);
	sort_pairs(pairs + half, spare, count - half);
	if (compare_keys(pairs[half - 1].key->value, pairs[half].key->value) <= 0)
		return;
	while (left < half || right < count) {
		bool take_left = right == count ||
		                 (left < half && compare_keys(pairs[left].key->value,
		                                              pairs[right].key->value) <= 0);
		spare[at++] = take_left ? pairs[left++] : pairs[right++];
	}
	memcpy(pairs, spare, count * sizeof *pairs);
}

// --- collections ---

static bool print_map(Printer *printer, const Node *map, size_t indent, bool inline_first,
                      bool flow);

static bool print_list(Printer *printer, const Node *list, size_t indent, bool flow)
{
	for (size_t i = 0; i < list->len; i++) {
		const Node *item = list->children[i];
		buf_fill(printer->out, ' ', indent);
		buf_bytes(printer->out, "- ", 2);
		if (item->kind == NODE_MAPPING && item->len) {
			if (!print_map(printer, item, indent + 2, true, flow))
				return false;
			continue;
		}
		if (item->kind == NODE_MAPPING)
			buf_bytes(printer->out, "{}", 2);
		else if (item->kind != NODE_SCALAR ||
		         !print_scalar(printer, item, (Str){0}, indent, flow))
			return false;
		new_line(printer);
	}
	return true;
}

static bool print_value(Printer *printer, const Node *value, Str key, size_t indent, bool flow)
{
	flow |= value->style == NODE_FLOW && value->kind != NODE_SCALAR;
	if (value->kind == NODE_SCALAR) {
		buf_byte(printer->out, ' ');
		if (!print_scalar(printer, value, key, indent, flow))
			return false;
		new_line(printer);
		return true;
	}
	if (value->kind != NODE_MAPPING && value->kind != NODE_SEQUENCE)
		return false;
	if (!value->len) {
		buf_c(printer->out, value->kind == NODE_MAPPING ? " {}" : " []");
		new_line(printer);
		return true;
	}
	new_line(printer);
	return value->kind == NODE_MAPPING ? print_map(printer, value, indent + 2, false, flow)
	                                   : print_list(printer, value, indent, flow);
}

static bool print_map(Printer *printer, const Node *map, size_t indent, bool inline_first,
                      bool flow)
{
	size_t count = map->len / 2;
	Pair few[16], *pairs = few, *spare = NULL;

	flow |= map->style == NODE_FLOW;
	if (indent > YAML_DEPTH_LIMIT)
		return false;
	if (count > 16)
		pairs = arena_alloc(printer->arena, count * sizeof *pairs);
	if (count > 8)
		spare = arena_alloc(printer->arena, count * sizeof *spare);
	for (size_t i = 0; i < count; i++) {
		pairs[i] = (Pair){map->children[2 * i], map->children[2 * i + 1]};
		if (!is_easy_key(printer, pairs[i].key))
			return false;
	}
	sort_pairs(pairs, spare, count);
	for (size_t i = 0; i < count; i++) {
		Str key = pairs[i].key->value;
		if (i && str_eq(key, pairs[i - 1].key->value))
			return false;
		if (i || !inline_first)
			buf_fill(printer->out, ' ', indent);
		buf_str(printer->out, key);
		buf_byte(printer->out, ':');
		if (!print_value(printer, pairs[i].value, key, indent, flow))
			return false;
	}
	return true;
}

// --- all ---

// Gives false with no message where the resource is not easy.
static bool print_easy(Arena *scratch, Buf *out, const Node *node)
{
	Diag ignored = diag_new(scratch);
	Printer printer = {scratch, out, out->len, &ignored};

	return node->kind == NODE_MAPPING && node->len &&
	       print_map(&printer, node, 0, false, false);
}

bool print_resource(Arena *arena, Buf *out, Node *node, Diag *diag)
{
	size_t before = out->len;
	Arena *volatile scratch =
		arena_new(0); // what a resource takes to print is given back with it
	volatile bool easy = false;

	if (!scratch)
		arena_fail(arena);
	if (setjmp(*arena_trap(scratch))) {
		arena_free(scratch);
		arena_fail(arena);
	}
	easy = print_easy(scratch, out, node);
	arena_free(scratch);
	if (easy)
		return true;
	out->len = before;
	tree_mend(arena, node);
	return yaml_write_resource(out, node, diag);
}
