// Names and values, line by line.

#include "k8s/pairs.h"

#include <string.h>

// Pairs of one text that are looked at; what has more is data.
#define PAIR_LIMIT 20000
// Pairs between a host and its port.
#define NEAR_LIMIT 40
// Of a line of words; addresses stand at its beginning.
#define WORDS_LIMIT 256

typedef struct Reader {
	Arena *arena;
	Pairs *out;
	Str line;      // what is left of it
	size_t indent; // of the line, behind an item's dash
	size_t depth;  // of brackets
	size_t table;
	Str list; // the key whose items are read
	size_t list_level;
	bool first;
} Reader;

// What a byte can be, as bits.
enum {
	NAME = 1,
	SPACE = 2,
	BEHIND_COLON = 4, // of a separator
	OPENS = 8,        // a table
	CLOSES = 16,
	COMMENT = 32,  // begins one where it begins a line
	TRAILING = 64, // no part of a value that it ends
	QUOTE = 128,
};
// clang-format off
static const unsigned char byte_bits[256] = {
	['0'] = NAME, ['1'] = NAME, ['2'] = NAME, ['3'] = NAME, ['4'] = NAME, ['5'] = NAME, ['6'] = NAME, ['7'] = NAME,
	['8'] = NAME, ['9'] = NAME,
	['A'] = NAME, ['B'] = NAME, ['C'] = NAME, ['D'] = NAME, ['E'] = NAME, ['F'] = NAME, ['G'] = NAME, ['H'] = NAME,
	['I'] = NAME, ['J'] = NAME, ['K'] = NAME, ['L'] = NAME, ['M'] = NAME, ['N'] = NAME, ['O'] = NAME, ['P'] = NAME,
	['Q'] = NAME, ['R'] = NAME, ['S'] = NAME, ['T'] = NAME, ['U'] = NAME, ['V'] = NAME, ['W'] = NAME, ['X'] = NAME,
	['Y'] = NAME, ['Z'] = NAME,
	['a'] = NAME, ['b'] = NAME, ['c'] = NAME, ['d'] = NAME, ['e'] = NAME, ['f'] = NAME, ['g'] = NAME, ['h'] = NAME,
	['i'] = NAME, ['j'] = NAME, ['k'] = NAME, ['l'] = NAME, ['m'] = NAME, ['n'] = NAME, ['o'] = NAME, ['p'] = NAME,
	['q'] = NAME, ['r'] = NAME, ['s'] = NAME, ['t'] = NAME, ['u'] = NAME, ['v'] = NAME, ['w'] = NAME, ['x'] = NAME,
	['y'] = NAME, ['z'] = NAME,
	['_'] = NAME, ['-'] = NAME, ['.'] = NAME, ['/'] = NAME,
	[' '] = SPACE | BEHIND_COLON | TRAILING, ['\t'] = SPACE | BEHIND_COLON | TRAILING,
	['\r'] = SPACE | BEHIND_COLON | TRAILING,
	['"'] = QUOTE | BEHIND_COLON, ['\''] = QUOTE | BEHIND_COLON,
	['{'] = OPENS | BEHIND_COLON, ['['] = OPENS | BEHIND_COLON, ['}'] = CLOSES, [']'] = CLOSES,
	['#'] = COMMENT, [';'] = COMMENT | TRAILING, ['!'] = COMMENT, [','] = TRAILING,
};
// clang-format on

static bool is(char c, unsigned bits)
{
	return byte_bits[(unsigned char)c] & bits;
}

static char next(const Reader *r)
{
	return r->line.len ? r->line.p[0] : '\n';
}

static void skip_spaces(Reader *r)
{
	size_t len = 0;

	while (len < r->line.len && is(r->line.p[len], SPACE))
		len++;
	r->line = str_from(r->line, len);
}

static void add(Reader *r, Str name, Str value)
{
	if (!name.len || r->out->len >= PAIR_LIMIT)
		return;
	VEC_PUSH(r->arena, r->out->items, r->out->len, r->out->cap) =
		(Pair){.name = name,
	               .value = value,
	               .level = r->indent + r->depth,
	               .table = r->table,
	               .first = r->first};
	r->first = false;
}

// A text in quotes; what is left of the line where they are not closed.
static Str read_quoted(Reader *r)
{
	char quote = next(r);
	size_t end = 1;
	Str text;

	while (end < r->line.len && r->line.p[end] != quote)
		end += r->line.p[end] == '\\' ? 2 : 1;
	if (end > r->line.len)
		end = r->line.len;
	text = str_slice(r->line, 1, end);
	r->line = str_from(r->line, end < r->line.len ? end + 1 : end);
	return text;
}

// Up to what ends it: a comma or bracket inside of brackets, else a comment or the line.
static Str read_plain(Reader *r)
{
	size_t end = 0;
	Str text;

	for (; end < r->line.len; end++) {
		char c = r->line.p[end];
		if (r->depth && (c == ',' || c == '}' || c == ']'))
			break;
		if (end && (c == '#' || c == ';') &&
		    (r->line.p[end - 1] == ' ' || end + 1 == r->line.len))
			break;
	}
	text = str_to(r->line, end);
	r->line = str_from(r->line, r->depth ? end : r->line.len);
	while (text.len && is(text.p[text.len - 1], TRAILING))
		text.len--;
	return text;
}

// Whether a separator follows, which is taken: `=`, or `:` before a space, a quote or the line's end.
static bool take_separator(Reader *r, bool quoted)
{
	Str before = r->line;

	skip_spaces(r);
	if (next(r) == '=' ||
	    (next(r) == ':' && (quoted || r->line.len == 1 || is(r->line.p[1], BEHIND_COLON)))) {
		r->line = str_from(r->line, 1);
		skip_spaces(r);
		return true;
	}
	r->line = before;
	return false;
}

// "db 5432"
static bool is_host_and_port(Str text)
{
	size_t space = str_find_byte(text, ' '), at = space + 1;

	while (space != STR_NONE && at < text.len && ascii_is_digit(text.p[at]))
		at++;
	return space != STR_NONE && at == text.len && at > space + 1;
}

// `server backend:8080 weight=5;`, `Host db`: the words behind a line's first. More than one are no value, but for those
// that have a port, and for `replicaof db 6379`.
static void read_words(Reader *r, Str name)
{
	Str rest = str_trim_ascii(str_to(r->line, WORDS_LIMIT)), word;
	bool alone = str_find_byte(rest, ' ') == STR_NONE;

	if (is_host_and_port(rest))
		add(r, name, rest);
	while ((alone || str_find_byte(rest, ':') != STR_NONE) && str_cut(&rest, S(" "), &word)) {
		while (word.len && word.p[word.len - 1] != ',' &&
		       is(word.p[word.len - 1], TRAILING))
			word.len--;
		if (alone || str_find_byte(word, ':') != STR_NONE)
			add(r, name, word);
	}
	r->line = S("");
}

// A name or a text: `*quoted` where it stands in quotes.
static Str read_word(Reader *r, bool *quoted)
{
	size_t len = 0;
	Str word;

	*quoted = is(next(r), QUOTE);
	if (*quoted)
		return read_quoted(r);
	while (len < r->line.len && is(r->line.p[len], NAME))
		len++;
	word = str_to(r->line, len);
	r->line = str_from(r->line, len);
	return word;
}

// One key with its value, or one item of a list.
static void read_entry(Reader *r)
{
	Str before = r->line, word;
	bool quoted, again;

	word = read_word(r, &quoted);
	if (word.len && take_separator(r, quoted)) {
		bool table = !r->line.len || is(next(r), OPENS);
		r->list = word;
		r->list_level = r->indent + r->depth;
		add(r, word, str_from(word, word.len));
		if (table)
			return;
		r->out->items[r->out->len - 1].value =
			is(next(r), QUOTE) ? read_word(r, &again) : read_plain(r);
	} else if (!quoted && word.len && !r->depth && !r->first && next(r) == ' ') {
		skip_spaces(r);
		read_words(r, word);
	} else {
		if (!quoted) {
			r->line = before;
			word = read_plain(r);
		}
		if (r->indent + r->depth >= r->list_level && (r->first || r->depth))
			add(r, r->list, word);
	}
}

// [heading], which is no list of JSON or YAML.
static bool is_heading(const Reader *r)
{
	return !r->depth && next(r) == '[' && str_find_byte(r->line, ']') != STR_NONE &&
	       str_find_byte(r->line, ',') == STR_NONE && str_find_byte(r->line, ':') == STR_NONE;
}

static void read_line(Reader *r)
{
	const char *start = r->line.p;

	r->first = false;
	r->line = str_from(r->line, str_indent(r->line));
	skip_spaces(r);
	if (is_heading(r)) {
		r->table++;
		return;
	}
	if (is(next(r), COMMENT) || (next(r) == '/' && str_has_prefix(r->line, S("//"))))
		return;
	while (next(r) == '-' && (r->line.len == 1 || r->line.p[1] == ' ')) {
		r->first = true;
		r->line = str_from(r->line, 1);
		skip_spaces(r);
	}
	r->indent = (size_t)(r->line.p - start);
	if (next(r) == 'e' && str_has_prefix(r->line, S("export ")))
		r->line = str_from(r->line, 7);
	for (skip_spaces(r); r->line.len; skip_spaces(r)) {
		const char *before = r->line.p;
		if (is(next(r), OPENS))
			r->depth++;
		else if (is(next(r), CLOSES))
			r->depth -= r->depth > 0;
		else
			read_entry(r);
		if (r->line.len && r->line.p == before) // a bracket, or what no pair begins with
			r->line = str_from(r->line, 1);
		if (next(r) == ',')
			r->line = str_from(r->line, 1);
	}
}

void pairs_of_text(Arena *arena, Str text, Pairs *out)
{
	Reader reader = {.arena = arena, .out = out};

	while (out->len < PAIR_LIMIT && str_line(&text, &reader.line))
		read_line(&reader);
}

static bool cut_word(Str *text, Str *word)
{
	size_t start = 0, end;

	while (start < text->len && strchr(" \t\r\n\\", text->p[start]) != NULL)
		start++;
	end = start;
	while (end < text->len && strchr(" \t\r\n", text->p[end]) == NULL)
		end++;
	*word = str_slice(*text, start, end);
	*text = str_from(*text, end);
	return word->len > 0;
}

static Str bare_word(Str word)
{
	while (word.len && strchr("\"';)&|", word.p[word.len - 1]) != NULL)
		word.len--;
	while (word.len && strchr("\"'(", word.p[0]) != NULL)
		word = str_from(word, 1);
	return word;
}

static bool is_variable(Str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_alnum(name.p[i]) && name.p[i] != '_')
			return false;
	return name.len > 0;
}

// An option or an assignment: its name, which may be followed by "=value".
static Str setting_name(Str word, bool option)
{
	size_t dashes = 0;
	Str name;

	while (option && dashes < word.len && word.p[dashes] == '-')
		dashes++;
	name = str_to(word, str_find_byte(word, '='));
	name = str_from(name, dashes);
	if (dashes == 1 && name.len > 1 && name.p[0] == 'D') // java -Dname=value
		name = str_from(name, 1);
	return option || is_variable(name) ? name : S("");
}

void pairs_of_argument(Arena *arena, const Node *node, Str text, Str *option, Pairs *out)
{
	Str word;

	while (out->len < PAIR_LIMIT && cut_word(&text, &word)) {
		size_t equals = str_find_byte(word, '=');
		bool dashed = word.len > 1 && word.p[0] == '-';
		Pair pair = {.name = *option, .value = bare_word(word), .node = node};
		*option = S("");
		if (equals != STR_NONE && (dashed || !pair.name.len)) {
			pair.name = setting_name(word, dashed);
			pair.value = bare_word(str_from(word, equals + 1));
		} else if (dashed) {
			*option = setting_name(word, true);
			continue;
		}
		if (pair.name.len)
			VEC_PUSH(arena, out->items, out->len, out->cap) = pair;
	}
}

void pairs_of_connection(Arena *arena, const Node *node, Str text, Pairs *out)
{
	Str part;

	while (out->len < PAIR_LIMIT && str_cut(&text, S(";"), &part)) {
		size_t equals = str_find_byte(part, '='), comma;
		Str name, value;
		if (equals == STR_NONE)
			continue;
		name = str_trim_ascii(str_to(part, equals));
		value = str_trim_ascii(str_from(part, equals + 1));
		if (str_has_prefix(value, S("tcp:")))
			value = str_from(value, 4);
		comma = str_find_byte(value, ',');
		VEC_PUSH(arena, out->items, out->len, out->cap) =
			(Pair){.name = name, .value = str_to(value, comma), .node = node};
		if (comma != STR_NONE && str_ieq(name, S("server")))
			VEC_PUSH(arena, out->items, out->len, out->cap) =
				(Pair){.name = S("port"),
			               .value = str_from(value, comma + 1),
			               .node = node};
	}
}

Str pairs_beside(const Pairs *pairs, size_t i, Str name)
{
	const Pair *own = &pairs->items[i];

	for (size_t j = i + 1; j < pairs->len && j - i < NEAR_LIMIT; j++) {
		const Pair *other = &pairs->items[j];
		if (other->table != own->table || other->level < own->level ||
		    (other->level == own->level && other->first))
			break;
		if (other->level == own->level && str_ieq(other->name, name))
			return other->value;
	}
	for (size_t j = i; j > 0 && i - j < NEAR_LIMIT; j--) {
		const Pair *other = &pairs->items[j - 1];
		if (other->table != own->table || other->level < own->level ||
		    (pairs->items[j].first && pairs->items[j].level == own->level))
			break;
		if (other->level == own->level && str_ieq(other->name, name))
			return other->value;
	}
	return S("");
}

Str pairs_above(const Pairs *pairs, size_t i)
{
	const Pair *own = &pairs->items[i];

	for (size_t j = i; j > 0 && i - j < NEAR_LIMIT; j--) {
		const Pair *other = &pairs->items[j - 1];
		if (other->table != own->table)
			break;
		if (other->level < own->level)
			return other->value.len ? S("") : other->name;
	}
	return S("");
}
