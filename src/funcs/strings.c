// Sprig's string functions. Positions count bytes, as Go's do. What only moves or repeats the bytes
// of its arguments keeps their origin: slices do so by themselves, and text_write copies the spans.

#include "base/num.h"
#include "base/unicode.h"
#include "funcs/cast.h"
#include "funcs/families.h"
#include "funcs/letters.h"
#include "funcs/words.h"
#include "template/format.h"

#include <stdlib.h>
#include <string.h>

#define RUNE_ERROR 0xFFFDu

// --- trimming and cutting ---

static bool trim(Call *c)
{
	return call_return_str(c, str_trim_space(call_str(c, 0)));
}

// The characters of a cutset: a bit for each of ASCII, the others sorted. What is no UTF-8 counts
// as U+FFFD, in the set as in the string, as in Go.
typedef struct CutSet {
	uint64_t ascii[2];
	uint32_t *others;
	size_t count;
} CutSet;

static int compare_runes(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static CutSet cutset_new(Arena *arena, Str members)
{
	CutSet set = {{0, 0}, NULL, 0};
	size_t cap = 0, size;
	uint32_t rune;

	for (; (size = utf8_decode(members, &rune)); members = str_from(members, size)) {
		if (rune < 0x80)
			set.ascii[rune / 64] |= (uint64_t)1 << rune % 64;
		else
			VEC_PUSH(arena, set.others, set.count, cap) = rune;
	}
	if (set.count)
		qsort(set.others, set.count, sizeof *set.others, compare_runes);
	return set;
}

static bool cutset_has(const CutSet *set, uint32_t rune)
{
	if (rune < 0x80)
		return set->ascii[rune / 64] >> rune % 64 & 1;
	return set->count &&
	       bsearch(&rune, set->others, set->count, sizeof *set->others, compare_runes) != NULL;
}

// The last rune of a string that is not empty.
static size_t decode_last(Str s, uint32_t *rune)
{
	size_t back = 1;

	while (back < 4 && back < s.len && ((unsigned char)s.p[s.len - back] & 0xC0) == 0x80)
		back++;
	if (utf8_decode(str_from(s, s.len - back), rune) == back)
		return back;
	return utf8_decode(str_from(s, s.len - 1), rune);
}

static bool trim_all(Call *c)
{
	CutSet set = cutset_new(c->arena, call_str(c, 0));
	Str s = call_str(c, 1);
	uint32_t rune;
	size_t size;

	while (s.len && (size = utf8_decode(s, &rune)) && cutset_has(&set, rune))
		s = str_from(s, size);
	while (s.len && (size = decode_last(s, &rune)) && cutset_has(&set, rune))
		s = str_to(s, s.len - size);
	return call_return_str(c, s);
}

static bool trim_prefix(Call *c)
{
	Str prefix = call_str(c, 0), s = call_str(c, 1);

	return call_return_str(c, str_has_prefix(s, prefix) ? str_from(s, prefix.len) : s);
}

static bool trim_suffix(Call *c)
{
	Str suffix = call_str(c, 0), s = call_str(c, 1);

	return call_return_str(c, str_has_suffix(s, suffix) ? str_to(s, s.len - suffix.len) : s);
}

static bool trunc_(Call *c)
{
	int64_t n = call_int(c, 0);
	Str s = call_str(c, 1);

	if (n >= 0)
		return call_return_str(c, str_to(s, (uint64_t)n < s.len ? (size_t)n : s.len));
	// -n as unsigned, since the smallest number has no positive twin.
	if (-(uint64_t)n < s.len)
		return call_return_str(c, str_from(s, s.len - (size_t) - (uint64_t)n));
	return call_return_str(c, s);
}

static bool substr(Call *c)
{
	int64_t start = call_int(c, 0), end = call_int(c, 1);
	Str s = call_str(c, 2);
	int64_t len = (int64_t)s.len;

	if (start < 0) {
		if (end < 0)
			return call_fail(c, "runtime error: slice bounds out of range [:%lld]",
			                 (long long)end);
		if (end > len)
			return call_fail(
				c,
				"runtime error: slice bounds out of range [:%lld] with length %lld",
				(long long)end, (long long)len);
		start = 0;
	} else if (end < 0 || end > len) {
		end = len;
	}
	if (start > end)
		return call_fail(c, "runtime error: slice bounds out of range [%lld:%lld]",
		                 (long long)start, (long long)end);
	return call_return_str(c, str_slice(s, (size_t)start, (size_t)end));
}

// goutils.AbbreviateFull: `width` bytes with dots for what is left out at the end and, from the
// offset on, at the start.
static bool abbreviate(Call *c, Str s, int64_t offset, int64_t width)
{
	int64_t len = (int64_t)s.len, keep = width - 3;
	Text text;

	if (len <= width)
		return call_return_str(c, s);
	if (offset > len)
		offset = len;
	if ((int64_t)((uint64_t)len - (uint64_t)offset) < keep)
		offset = len - keep;
	text = call_text(c);
	if (offset <= 4) {
		text_write(&text, str_to(s, (size_t)keep));
		text_bytes(&text, "...", 3);
		return call_return_text(c, &text);
	}
	if (width < 7)
		return call_return_c(c, "");
	text_bytes(&text, "...", 3);
	if (offset + keep < len) {
		text_write(&text, str_slice(s, (size_t)offset, (size_t)(offset + keep - 3)));
		text_bytes(&text, "...", 3);
	} else {
		text_write(&text, str_from(s, (size_t)(len - keep)));
	}
	return call_return_text(c, &text);
}

static bool abbrev(Call *c)
{
	int64_t width = call_int(c, 0);

	if (width < 4)
		return call_return_str(c, call_str(c, 1));
	return abbreviate(c, call_str(c, 1), 0, width);
}

static bool abbrevboth(Call *c)
{
	int64_t left = call_int(c, 0), right = call_int(c, 1);

	if (right < 4 || (left > 0 && right < 7))
		return call_return_str(c, call_str(c, 2));
	return abbreviate(c, call_str(c, 2), left, right);
}

// --- asking ---

static bool contains(Call *c)
{
	return call_return_bool(c, str_contains(call_str(c, 1), call_str(c, 0)));
}

static bool has_prefix(Call *c)
{
	return call_return_bool(c, str_has_prefix(call_str(c, 1), call_str(c, 0)));
}

static bool has_suffix(Call *c)
{
	return call_return_bool(c, str_has_suffix(call_str(c, 1), call_str(c, 0)));
}

static bool plural(Call *c)
{
	return call_return_str(c, call_str(c, call_int(c, 2) == 1 ? 0 : 1));
}

// --- case ---

// A walk over the runes of a string that turns some of them into others. Where a run of characters
// stays as it is, its bytes are written as a slice of the source, so that they keep their origin.
typedef uint32_t RuneMap(uint32_t rune, void *state);

// strings.Map. A string in which nothing changes is returned itself.
static bool return_mapped(Call *c, Str s, RuneMap *map, void *state)
{
	Text text;
	size_t done = 0, at = 0, size;
	uint32_t rune;
	bool changed = false;

	while ((size = utf8_decode(str_from(s, at), &rune))) {
		uint32_t other = map(rune, state);
		// A byte that is no UTF-8 becomes the three of U+FFFD.
		if (other != rune || (rune == RUNE_ERROR && size == 1)) {
			char bytes[4];
			if (!changed) {
				text = call_text(c);
				buf_reserve(&text.buf, s.len);
				changed = true;
			}
			text_write(&text, str_slice(s, done, at));
			text_write_as(&text, str_n(bytes, utf8_encode(other, bytes)),
			              str_slice(s, at, at + size));
			done = at + size;
		}
		at += size;
	}
	if (!changed)
		return call_return_str(c, s);
	text_write(&text, str_from(s, done));
	return call_return_text(c, &text);
}

static void write_rune(Text *text, uint32_t rune, Str source)
{
	char bytes[4];

	text_write_as(text, str_n(bytes, utf8_encode(rune, bytes)), source);
}

static uint32_t map_upper(uint32_t rune, void *state)
{
	(void)state;
	return letter_upper(rune);
}

static uint32_t map_lower(uint32_t rune, void *state)
{
	(void)state;
	return letter_lower(rune);
}

// The common case in one pass: ASCII of which no one wants to know the origin. NULL where the
// string is not that.
static char *copy_ascii(Call *c, Str s)
{
	unsigned char seen = 0;
	char *copy;

	for (size_t i = 0; i < s.len; i++)
		seen |= (unsigned char)s.p[i];
	if (seen >= 0x80 || c->traced)
		return NULL;
	copy = arena_alloc(c->arena, s.len + 1);
	memcpy(copy, s.p, s.len);
	return copy;
}

static bool upper(Call *c)
{
	Str s = call_str(c, 0);
	char *copy = copy_ascii(c, s);

	if (!copy)
		return return_mapped(c, s, map_upper, NULL);
	for (size_t i = 0; i < s.len; i++)
		copy[i] -= copy[i] >= 'a' && copy[i] <= 'z' ? 0x20 : 0;
	return call_return_str(c, str_n(copy, s.len));
}

static bool lower(Call *c)
{
	Str s = call_str(c, 0);
	char *copy = copy_ascii(c, s);

	if (!copy)
		return return_mapped(c, s, map_lower, NULL);
	for (size_t i = 0; i < s.len; i++)
		copy[i] += copy[i] >= 'A' && copy[i] <= 'Z' ? 0x20 : 0;
	return call_return_str(c, str_n(copy, s.len));
}

// strings.Title's idea of what ends a word: no letter, digit or underscore; outside of ASCII white
// space only.
static bool ends_word(uint32_t rune)
{
	if (rune < 0x80)
		return !(letter_is(rune) || letter_is_number(rune) || rune == '_');
	return !letter_is(rune) && !unicode_is_digit(rune) && unicode_is_space(rune);
}

static uint32_t map_title(uint32_t rune, void *state)
{
	uint32_t *before = state, was = *before;

	*before = rune;
	return ends_word(was) ? letter_title(rune) : rune;
}

static bool title(Call *c)
{
	uint32_t before = ' ';

	return return_mapped(c, call_str(c, 0), map_title, &before);
}

static uint32_t map_untitle(uint32_t rune, void *state)
{
	bool *starts = state;

	if (unicode_is_space(rune)) {
		*starts = true;
	} else if (*starts) {
		*starts = false;
		return letter_lower(rune);
	}
	return rune;
}

static bool untitle(Call *c)
{
	bool starts = true;

	return return_mapped(c, call_str(c, 0), map_untitle, &starts);
}

// goutils.SwapCase: the first small letter of a word gets title case, which matters for digraphs
// only.
static uint32_t map_swapcase(uint32_t rune, void *state)
{
	bool *space = state, starts = *space;

	if (letter_is_upper(rune) || letter_is_title(rune)) {
		*space = false;
		return letter_lower(rune);
	}
	if (letter_is_lower(rune)) {
		*space = false;
		return starts ? letter_title(rune) : letter_upper(rune);
	}
	*space = unicode_is_space(rune);
	return rune;
}

static bool swapcase(Call *c)
{
	bool space = true;

	return return_mapped(c, call_str(c, 0), map_swapcase, &space);
}

static bool camelcase(Call *c)
{
	Text text = call_text(c);

	words_write_pascal(&text, call_str(c, 0));
	return call_return_text(c, &text);
}

static bool return_lower_words(Call *c, char connector)
{
	Text text = call_text(c);

	words_write_lower(&text, call_str(c, 0), connector);
	return call_return_text(c, &text);
}

static bool snakecase(Call *c)
{
	return return_lower_words(c, '_');
}

static bool kebabcase(Call *c)
{
	return return_lower_words(c, '-');
}

// --- bytes taken for characters: goutils reads UTF-8 as Latin-1 here, and so do we ---

static bool nospace(Call *c)
{
	Str s = call_str(c, 0);
	Text text = call_text(c);
	bool found = false;

	for (size_t i = 0; i < s.len && !found; i++)
		found = unicode_is_space((unsigned char)s.p[i]);
	if (!found)
		return call_return_str(c, s);
	for (size_t i = 0; i < s.len; i++) {
		unsigned char byte = (unsigned char)s.p[i];
		if (unicode_is_space(byte))
			continue;
		if (byte < 0x80)
			text_write(&text, str_slice(s, i, i + 1));
		else
			write_rune(&text, byte, str_slice(s, i, i + 1));
	}
	return call_return_text(c, &text);
}

static bool initials(Call *c)
{
	Str s = call_str(c, 0);
	Text text = call_text(c);
	bool gap = true;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char byte = (unsigned char)s.p[i];
		bool space = unicode_is_space(byte);
		if (gap && !space)
			write_rune(&text, byte, str_slice(s, i, i + 1));
		gap = space;
	}
	return call_return_text(c, &text);
}

// --- quoting and putting together ---

// Writes `s` as strconv.Quote does; what needs no escape keeps its place.
static void write_quoted(Text *text, Str s)
{
	size_t done = 0, at = 0, size;
	uint32_t rune;

	text_byte(text, '"');
	while ((size = utf8_decode(str_from(s, at), &rune))) {
		bool plain = rune != '"' && rune != '\\' && !(rune == RUNE_ERROR && size == 1) &&
		             (rune < 0x80 ? rune >= 0x20 && rune < 0x7F : num_is_print(rune));
		if (!plain) {
			Buf escaped = buf_new(text->buf.arena);
			Str piece = str_slice(s, at, at + size);
			num_quote(&escaped, piece);
			text_write(text, str_slice(s, done, at));
			text_write_as(text, str_slice(buf_view(&escaped), 1, escaped.len - 1),
			              piece);
			done = at + size;
		}
		at += size;
	}
	text_write(text, str_from(s, done));
	text_byte(text, '"');
}

static bool quote(Call *c)
{
	Text text = call_text(c);

	for (size_t i = 0; i < c->count; i++) {
		Str s;
		if (value_is_null(&c->args[i]))
			continue;
		if (text.buf.len)
			text_byte(&text, ' ');
		s = cast_strval(c, &c->args[i]);
		if (c->traced)
			write_quoted(&text, s);
		else
			num_quote(&text.buf, s);
	}
	return call_return_text(c, &text);
}

static bool squote(Call *c)
{
	Text text = call_text(c);

	for (size_t i = 0; i < c->count; i++) {
		if (value_is_null(&c->args[i]))
			continue;
		if (text.buf.len)
			text_byte(&text, ' ');
		text_byte(&text, '\'');
		format_value(&text, &c->args[i]);
		text_byte(&text, '\'');
	}
	return call_return_text(c, &text);
}

static bool cat(Call *c)
{
	Text text = call_text(c);
	bool first = true;

	for (size_t i = 0; i < c->count; i++) {
		if (value_is_null(&c->args[i]))
			continue;
		if (!first)
			text_byte(&text, ' ');
		first = false;
		format_value(&text, &c->args[i]);
	}
	return call_return_text(c, &text);
}

static bool join(Call *c)
{
	Str separator = call_str(c, 0);
	const List *parts = cast_strings(c, &c->args[1]);
	Text text = call_text(c);
	size_t total = 0;

	if (parts->len == 1)
		return call_return_str(c, value_as_str(&parts->items[0]));
	for (size_t i = 0; i < parts->len; i++) {
		if (__builtin_add_overflow(total, parts->items[i].s.len + separator.len, &total) ||
		    total > FUNCS_TEXT_LIMIT)
			return cast_text_fits(c, total);
	}
	buf_reserve(&text.buf, total);
	for (size_t i = 0; i < parts->len; i++) {
		if (i)
			text_write(&text, separator);
		text_write(&text, value_as_str(&parts->items[i]));
	}
	return call_return_text(c, &text);
}

static bool repeat(Call *c)
{
	int64_t count = call_int(c, 0);
	Str s = call_str(c, 1);
	Text text = call_text(c);
	size_t total;

	if (count < 0)
		return call_fail(c, "strings: negative Repeat count");
	if (__builtin_mul_overflow(s.len, (size_t)count, &total) || total > INT64_MAX)
		return call_fail(c, "strings: Repeat output length overflow");
	if (!cast_text_fits(c, total))
		return false;
	if (count == 1 || !s.len)
		return call_return_str(c, s);
	buf_reserve(&text.buf, total);
	for (int64_t i = 0; i < count; i++)
		text_write(&text, s);
	return call_return_text(c, &text);
}

static size_t count_byte(Str s, char byte)
{
	size_t count = 0, at;

	while ((at = str_find_byte(s, byte)) != STR_NONE) {
		count++;
		s = str_from(s, at + 1);
	}
	return count;
}

static bool return_indented(Call *c, bool new_line)
{
	int64_t width = call_int(c, 0);
	Str s = call_str(c, 1);
	Text text;
	size_t total, pad, at;

	if (width < 0)
		return call_fail(c, "strings: negative Repeat count");
	if (!width && !new_line)
		return call_return_str(c, s);
	pad = (size_t)width;
	if (__builtin_mul_overflow(count_byte(s, '\n') + 1, pad, &total) ||
	    __builtin_add_overflow(total, s.len + 1, &total))
		total = SIZE_MAX;
	if (!cast_text_fits(c, total))
		return false;
	text = call_text(c);
	buf_reserve(&text.buf, total);
	if (new_line)
		text_byte(&text, '\n');
	text_fill(&text, ' ', pad);
	while ((at = str_find_byte(s, '\n')) != STR_NONE) {
		text_write(&text, str_to(s, at + 1));
		text_fill(&text, ' ', pad);
		s = str_from(s, at + 1);
	}
	text_write(&text, s);
	return call_return_text(c, &text);
}

static bool indent(Call *c)
{
	return return_indented(c, false);
}

static bool nindent(Call *c)
{
	return return_indented(c, true);
}

// strings.Replace of the empty string: `new` before each character and at the end.
static void insert_everywhere(Text *text, Str s, Str new)
{
	uint32_t rune;
	size_t size;

	text_write(text, new);
	while ((size = utf8_decode(s, &rune))) {
		text_write(text, str_to(s, size));
		text_write(text, new);
		s = str_from(s, size);
	}
}

static size_t count_parts(Str s, Str part)
{
	size_t count = 0, at;

	if (!part.len)
		return utf8_count(s) + 1;
	while ((at = str_find(s, part)) != STR_NONE) {
		count++;
		s = str_from(s, at + part.len);
	}
	return count;
}

static bool replace(Call *c)
{
	Str old = call_str(c, 0), new = call_str(c, 1), s = call_str(c, 2);
	size_t count = count_parts(s, old), total, at;
	Text text;

	if (!count || str_eq(old, new))
		return call_return_str(c, s);
	if (__builtin_mul_overflow(count, new.len, &total) ||
	    __builtin_add_overflow(total, s.len - count * old.len, &total))
		total = SIZE_MAX;
	if (!old.len && __builtin_add_overflow(total, count, &total))
		total = SIZE_MAX;
	if (!cast_text_fits(c, total))
		return false;
	text = call_text(c);
	buf_reserve(&text.buf, total);
	if (!old.len) {
		insert_everywhere(&text, s, new);
		return call_return_text(c, &text);
	}
	while ((at = str_find(s, old)) != STR_NONE) {
		text_write(&text, str_to(s, at));
		text_write(&text, new);
		s = str_from(s, at + old.len);
	}
	text_write(&text, s);
	return call_return_text(c, &text);
}

// --- wrapping ---

static size_t last_blank(Str s)
{
	const char *hit = s.len ? memrchr(s.p, ' ', s.len) : NULL;

	return hit ? (size_t)(hit - s.p) : STR_NONE;
}

// goutils.WrapCustom: lines of at most `width` bytes, broken at blanks, which the break replaces;
// blanks at the start of a line are dropped. Words longer than a line are cut where `cut_words`,
// else left whole.
static bool return_wrapped(Call *c, Str s, int64_t wanted, Str line_break, bool cut_words)
{
	size_t width = wanted < 1 ? 1 : (size_t)wanted, at;
	Text text = call_text(c);

	if (s.len > FUNCS_TEXT_LIMIT || line_break.len > FUNCS_TEXT_LIMIT / (s.len / width + 1))
		return cast_text_fits(c, FUNCS_TEXT_LIMIT + 1);
	while (s.len > width) {
		if (s.p[0] == ' ') {
			s = str_from(s, 1);
			continue;
		}
		at = last_blank(str_to(s, width + 1));
		if (at == STR_NONE && cut_words) {
			text_write(&text, str_to(s, width));
			text_write(&text, line_break);
			s = str_from(s, width);
			continue;
		}
		if (at == STR_NONE) {
			at = str_find_byte(str_from(s, width), ' ');
			if (at == STR_NONE)
				break;
			at += width;
		}
		text_write(&text, str_to(s, at));
		text_write(&text, line_break);
		s = str_from(s, at + 1);
	}
	text_write(&text, s);
	return call_return_text(c, &text);
}

static bool wrap(Call *c)
{
	return return_wrapped(c, call_str(c, 1), call_int(c, 0), S("\n"), false);
}

static bool wrap_with(Call *c)
{
	Str line_break = call_str(c, 1);

	return return_wrapped(c, call_str(c, 2), call_int(c, 0),
	                      line_break.len ? line_break : S("\n"), true);
}

// --- splitting ---

// strings.SplitN: at most n parts, all where n is negative. An empty separator splits into
// characters.
static bool split_parts(Call *c, Str s, Str separator, int64_t n, List *parts)
{
	size_t limit = n < 0 ? SIZE_MAX : (size_t)n;

	while (parts->len < limit && (separator.len || s.len)) {
		uint32_t rune;
		size_t end = separator.len ? str_find(s, separator) : utf8_decode(s, &rune);

		if (end == STR_NONE || parts->len + 1 == limit)
			end = s.len;
		if (!cast_list_fits(c, parts->len + 1))
			return false;
		list_push(c->arena, parts, value_str(str_to(s, end)));
		if (separator.len && end == s.len)
			break;
		s = str_from(s, end + separator.len);
	}
	return true;
}

// "_0", "_1" ... for the maps that split and splitn return.
static bool return_numbered(Call *c, const List *parts)
{
	Map *map = map_new(c->arena, &TYPE_STRING_MAP);

	for (size_t i = 0; i < parts->len; i++)
		map_set(c->arena, map, str_printf(c->arena, "_%zu", i), parts->items[i]);
	return call_return_map(c, map);
}

static bool split(Call *c)
{
	List *parts = list_new(c->arena, &TYPE_STRING_LIST, 0);

	return split_parts(c, call_str(c, 1), call_str(c, 0), -1, parts) &&
	       return_numbered(c, parts);
}

static bool splitn(Call *c)
{
	List *parts = list_new(c->arena, &TYPE_STRING_LIST, 0);

	return split_parts(c, call_str(c, 2), call_str(c, 0), call_int(c, 1), parts) &&
	       return_numbered(c, parts);
}

static bool split_list(Call *c)
{
	List *parts = list_new(c->arena, &TYPE_STRING_LIST, 0);

	if (!split_parts(c, call_str(c, 1), call_str(c, 0), -1, parts))
		return false;
	parts->go_cap = parts->len;
	return call_return_list(c, parts);
}

const Func string_funcs[] = {
	{"abbrev", "int string -> string", "s cut to at most n bytes, the last three of them dots",
         abbrev, "{{ abbrev 8 \"hello world\" }} => hello..."},
	{"abbrevboth", "int int string -> string",
         "at most n bytes of s from an offset on, dots for what is left out on both sides",
         abbrevboth, "{{ abbrevboth 5 10 \"1234 5678 9123\" }} => ...5678..."},
	{"camelcase", "string -> string",
         "words joined, each with a capital: http_server is HttpServer", camelcase,
         "{{ camelcase \"http_server\" }} => HttpServer"},
	{"cat", "any... -> string", "the values that are not nil, with blanks between them", cat,
         "{{ cat \"a\" 1 nil \"b\" }} => a 1 b"},
	{"contains", "string string -> bool", "whether the first string is part of the second",
         contains, "{{ contains \"ell\" \"hello\" }} => true"},
	{"hasPrefix", "string string -> bool", "whether the second string begins with the first",
         has_prefix, "{{ hasPrefix \"he\" \"hello\" }} => true"},
	{"hasSuffix", "string string -> bool", "whether the second string ends with the first",
         has_suffix, "{{ hasSuffix \"lo\" \"hello\" }} => true"},
	{"indent", "int string -> string", "every line of s with n blanks before it", indent,
         "{{ indent 2 \"a\" }}. =>   a."},
	{"initials", "string -> string", "the first letter of every word", initials,
         "{{ initials \"First Try\" }} => FT"},
	{"join", "string any -> string",
         "the elements of a list as one string, with a separator between them", join,
         "{{ list 1 2 3 | join \"-\" }} => 1-2-3"},
	{"kebabcase", "string -> string", "words in small letters with hyphens between them",
         kebabcase, "{{ kebabcase \"FirstName\" }} => first-name"},
	{"lower", "string -> string", "s in small letters", lower,
         "{{ lower \"HELLO\" }} => hello"},
	{"nindent", "int string -> string",
         "a new line, then every line of s with n blanks before it", nindent,
         "{{ nindent 2 \"a\" | quote }} => \"\\n  a\""},
	{"nospace", "string -> string", "s without white space", nospace,
         "{{ nospace \"a b c\" }} => abc"},
	{"plural", "string string int -> string", "the first string where n is 1, else the second",
         plural, "{{ plural \"one anchovy\" \"many anchovies\" 2 }} => many anchovies"},
	{"quote", "any... -> string",
         "each value in double quotes, escaped as in Go; nil is left out", quote,
         "{{ quote \"a\" 1 }} => \"a\" \"1\""},
	{"repeat", "int string -> string", "s n times", repeat, "{{ repeat 3 \"ab\" }} => ababab"},
	{"replace", "string string string -> string",
         "the third string with every `old` replaced by `new`", replace,
         "{{ replace \" \" \"-\" \"I Am Henry\" }} => I-Am-Henry"},
	{"snakecase", "string -> string", "words in small letters with underscores between them",
         snakecase, "{{ snakecase \"FirstName\" }} => first_name"},
	{"split", "string string -> map[string]string",
         "the parts of s between separators, as _0, _1 ...", split,
         "{{ (split \"$\" \"foo$bar\")._1 }} => bar"},
	{"splitList", "string string -> strings", "the parts of s between separators, as a list",
         split_list, "{{ splitList \"$\" \"foo$bar\" }} => [foo bar]"},
	{"splitn", "string int string -> map[string]string",
         "as split, but n parts at most: the last one is the rest", splitn,
         "{{ (splitn \"$\" 2 \"foo$bar$baz\")._1 }} => bar$baz"},
	{"squote", "any... -> string", "each value in single quotes, not escaped; nil is left out",
         squote, "{{ squote \"a\" 1 }} => 'a' '1'"},
	{"substr", "int int string -> string",
         "the bytes of s from start up to end; up to its end where end is negative", substr,
         "{{ substr 0 5 \"hello world\" }} => hello"},
	{"swapcase", "string -> string", "capitals to small letters and back", swapcase,
         "{{ swapcase \"This Is\" }} => tHIS iS"},
	{"title", "string -> string", "the first letter of every word as a capital", title,
         "{{ title \"hello world\" }} => Hello World"},
	{"trim", "string -> string", "s without white space at both ends", trim,
         "{{ trim \"  a \" }} => a"},
	{"trimAll", "string string -> string",
         "the second string without the characters of the first at both ends", trim_all,
         "{{ trimAll \"$\" \"$5.00\" }} => 5.00"},
	{"trimPrefix", "string string -> string",
         "the second string without the first at its start", trim_prefix,
         "{{ trimPrefix \"-\" \"-hello\" }} => hello"},
	{"trimSuffix", "string string -> string", "the second string without the first at its end",
         trim_suffix, "{{ trimSuffix \"-\" \"hello-\" }} => hello"},
	{"trimall", "string string -> string", "an older name of trimAll", trim_all,
         "{{ trimall \"$\" \"$5.00\" }} => 5.00"},
	{"trunc", "int string -> string", "the first n bytes of s; the last n where n is negative",
         trunc_, "{{ trunc -5 \"hello world\" }} => world"},
	{"untitle", "string -> string", "the first letter of every word as a small one", untitle,
         "{{ untitle \"Hello World\" }} => hello world"},
	{"upper", "string -> string", "s in capitals", upper, "{{ upper \"hello\" }} => HELLO"},
	{"wrap", "int string -> string", "s in lines of n bytes, broken at blanks", wrap,
         "{{ wrap 5 \"ab cd ef\" | quote }} => \"ab cd\\nef\""},
	{"wrapWith", "int string string -> string",
         "as wrap, with a line break of your own, and long words are broken too", wrap_with,
         "{{ wrapWith 5 \"+\" \"Hello World\" }} => Hello+World"},
	{NULL, NULL, NULL, NULL, NULL},
};
