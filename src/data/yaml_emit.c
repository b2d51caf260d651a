// Events to YAML. The two halves: how a scalar may be written and is, and the machine that places
// nodes.

#include "data/yaml_emit.h"

#include <limits.h>
#include <string.h>

// Longer keys are written as "? key".
#define SIMPLE_KEY_LIMIT 128
#define BEST_WIDTH       80

enum {
	AT_DOCUMENT_START,
	AT_DOCUMENT_CONTENT,
	AT_DOCUMENT_END,
	AT_FLOW_SEQUENCE_FIRST,
	AT_FLOW_SEQUENCE_TRAIL, // behind an item whose comma is written already
	AT_FLOW_SEQUENCE_ITEM,
	AT_FLOW_MAPPING_FIRST,
	AT_FLOW_MAPPING_TRAIL,
	AT_FLOW_MAPPING_KEY,
	AT_FLOW_MAPPING_SIMPLE_VALUE,
	AT_FLOW_MAPPING_VALUE,
	AT_SEQUENCE_FIRST,
	AT_SEQUENCE_ITEM,
	AT_MAPPING_FIRST,
	AT_MAPPING_KEY,
	AT_MAPPING_SIMPLE_VALUE,
	AT_MAPPING_VALUE,
};

// --- bytes
// -----------------------------------------------------------------------------------------------

static void put(Emitter *e, char c)
{
	text_byte(e->out, c);
	e->column++;
}

static void put_break(Emitter *e)
{
	text_byte(e->out, '\n');
	e->column = 0;
	if (e->dialect == YAML_V3)
		e->indention = true;
}

static int break_size(Str s)
{
	if (s.len == 0)
		return 0;
	if (s.p[0] == '\n' || s.p[0] == '\r')
		return 1;
	if (s.len >= 2 && memcmp(s.p, "\xC2\x85", 2) == 0)
		return 2;
	if (s.len >= 3 && memcmp(s.p, "\xE2\x80", 2) == 0 && (s.p[2] == '\xA8' || s.p[2] == '\xA9'))
		return 3;
	return 0;
}

// Writes the break at the start of s as it is, and says its size.
static int put_break_of(Emitter *e, Str s)
{
	int size = break_size(s);

	if (s.p[0] == '\n') {
		put_break(e);
		return 1;
	}
	text_write(e->out, str_to(s, (size_t)size));
	e->column = 0;
	if (e->dialect == YAML_V3)
		e->indention = true;
	return size;
}

// Columns count characters.
static void put_text(Emitter *e, Str s)
{
	if (s.len == 0)
		return;
	text_write(e->out, s);
	for (size_t i = 0; i < s.len; i++)
		e->column += ((unsigned char)s.p[i] & 0xC0) != 0x80;
}

static void write_indent(Emitter *e)
{
	int indent = e->indent < 0 ? 0 : e->indent;

	if (!e->indention || e->column > indent || (e->column == indent && !e->whitespace))
		put_break(e);
	if (e->dialect == YAML_V3 && e->foot_indent == indent)
		put_break(e);
	if (e->column < indent) {
		text_fill(e->out, ' ', (size_t)(indent - e->column));
		e->column = indent;
	}
	e->whitespace = true;
	if (e->dialect == YAML_V2)
		e->indention = true;
	e->foot_indent = -1;
}

static void write_indicator(Emitter *e, const char *indicator, bool need_whitespace,
                            bool is_whitespace, bool is_indention)
{
	size_t len = strlen(indicator);

	if (need_whitespace && !e->whitespace)
		put(e, ' ');
	text_bytes(e->out, indicator, len);
	e->column += (int)len;
	e->whitespace = is_whitespace;
	e->indention = e->indention && is_indention;
}

// --- comments (v3)
// ---------------------------------------------------------------------------------------

static void write_comment(Emitter *e, Str comment)
{
	bool breaks = false, pound = false;

	while (comment.len > 0) {
		if (break_size(comment)) {
			comment = str_from(comment, (size_t)put_break_of(e, comment));
			breaks = true;
			pound = false;
			continue;
		}
		if (breaks)
			write_indent(e);
		if (!pound && comment.p[0] != '#') {
			put(e, '#');
			put(e, ' ');
		}
		pound = true;
		size_t len = 1;
		while (len < comment.len && !break_size(str_from(comment, len)))
			len++;
		put_text(e, str_to(comment, len));
		comment = str_from(comment, len);
		e->indention = false;
		breaks = false;
	}
	if (!breaks)
		put_break(e);
	e->whitespace = true;
}

static void note_foot_indent(Emitter *e)
{
	e->foot_indent = e->indent < 0 ? 0 : e->indent;
}

static void write_head_comment(Emitter *e)
{
	if (e->tail.len > 0) {
		write_indent(e);
		write_comment(e, e->tail);
		e->tail = (Str){0};
		note_foot_indent(e);
	}
	if (e->head.len > 0) {
		write_indent(e);
		write_comment(e, e->head);
		e->head = (Str){0};
	}
}

static void write_line_comment(Emitter *e)
{
	if (e->line.len == 0)
		return;
	if (!e->whitespace)
		put(e, ' ');
	write_comment(e, e->line);
	e->line = (Str){0};
}

// The end of a block scalar's first line.
static void write_header_end(Emitter *e)
{
	if (e->line.len == 0)
		put_break(e);
	else
		write_line_comment(e);
}

static void write_foot_comment(Emitter *e)
{
	if (e->foot.len == 0)
		return;
	write_indent(e);
	write_comment(e, e->foot);
	e->foot = (Str){0};
	note_foot_indent(e);
}

static bool trailing_comments(const Emitter *e)
{
	return e->line.len + e->foot.len + e->tail.len > 0;
}

// --- what a scalar allows
// --------------------------------------------------------------------------------

typedef struct Analysis {
	bool multiline, flow_plain, block_plain, single_quoted, block;
} Analysis;

// Whether the character at the start of s is written as it is; others are escaped. Of four bytes:
// never.
static bool printable(Str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	unsigned char second = s.len > 1 ? p[1] : 0, third = s.len > 2 ? p[2] : 0;

	if (p[0] < 0x80)
		return p[0] == '\n' || (p[0] >= 0x20 && p[0] <= 0x7E);
	if (p[0] == 0xC2)
		return second >= 0xA0;
	if (p[0] < 0xED)
		return p[0] > 0xC2;
	if (p[0] == 0xED)
		return second < 0xA0;
	if (p[0] == 0xEF)
		return !(second == 0xBB && third == 0xBF) &&
		       !(second == 0xBF && (third == 0xBE || third == 0xBF));
	return p[0] == 0xEE;
}

static size_t rune_size(char c)
{
	unsigned char u = (unsigned char)c;

	return u < 0x80 ? 1 : (u & 0xE0) == 0xC0 ? 2 : (u & 0xF0) == 0xE0 ? 3 : 4;
}

static bool blank_at(Str s, size_t at)
{
	return at < s.len && (s.p[at] == ' ' || s.p[at] == '\t');
}

typedef struct Indicators {
	bool flow, block;
} Indicators;

// What the character says as the first one.
static Indicators first_indicator(char c, bool followed_by_space)
{
	if (c && strchr("#,[]{}&*!|>'\"%@`", c))
		return (Indicators){true, true};
	if (c == '?' || c == ':')
		return (Indicators){true, followed_by_space};
	if (c == '-')
		return (Indicators){followed_by_space, followed_by_space};
	return (Indicators){0};
}

static Indicators inner_indicator(char c, bool after_space, bool followed_by_space)
{
	if (c && strchr(",?[]{}", c))
		return (Indicators){true, false};
	if (c == ':')
		return (Indicators){true, followed_by_space};
	if (c == '#')
		return (Indicators){after_space, after_space};
	return (Indicators){0};
}

static bool plain_byte(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '.' || c == '/';
}

static Analysis analyze(const Emitter *e, Str s)
{
	bool special = false, tabs = false, breaks = false, break_space = false,
	     space_break = false;
	bool previous_space = false, previous_break = false, after_space = true;
	Indicators found = {0};

	if (s.len == 0)
		return (Analysis){.block_plain = true, .single_quoted = true};
	if (s.len >= 3 && (memcmp(s.p, "---", 3) == 0 || memcmp(s.p, "...", 3) == 0))
		found = (Indicators){true, true};
	for (size_t i = 0, size; i < s.len; i += size) {
		char c = s.p[i];
		size = 1;
		if (plain_byte((unsigned char)c) && i > 0) {
			previous_space = previous_break = after_space = false;
			continue;
		}
		size = rune_size(c);
		bool followed = i + size >= s.len || blank_at(s, i + size);
		Indicators here = i == 0 ? first_indicator(c, followed)
		                         : inner_indicator(c, after_space, followed);
		found.flow |= here.flow;
		found.block |= here.block;
		if (c == '\t' && e->dialect == YAML_V3)
			tabs = true;
		else if (!printable(str_from(s, i)))
			special = true;
		bool is_break = break_size(str_from(s, i)) > 0;
		break_space |= c == ' ' && previous_break;
		space_break |= is_break && previous_space;
		breaks |= is_break;
		previous_space = c == ' ';
		previous_break = is_break;
		after_space = c == ' ' || c == '\t' || is_break || c == 0;
	}
	bool trailing_space = s.p[s.len - 1] == ' ';
	bool outer = s.p[0] == ' ' || trailing_space || break_size(s) || previous_break;
	bool no_plain = outer || break_space || space_break || tabs || special || breaks;
	return (Analysis){
		.multiline = breaks,
		.flow_plain = !no_plain && !found.flow,
		.block_plain = !no_plain && !found.block,
		.single_quoted = !break_space && !space_break && !tabs && !special,
		.block = !trailing_space && !space_break && !special,
	};
}

static ScalarStyle choose_style(const Emitter *e, const EmitEvent *event, const Analysis *a)
{
	ScalarStyle style = event->style;

	if (e->in_simple_key && a->multiline)
		style = SCALAR_DOUBLE_QUOTED;
	if (style == SCALAR_PLAIN) {
		bool allowed = e->flow_level > 0 ? a->flow_plain : a->block_plain;
		if (!allowed || (event->value.len == 0 && (e->flow_level > 0 || e->in_simple_key)))
			style = SCALAR_SINGLE_QUOTED;
	}
	if (style == SCALAR_SINGLE_QUOTED && !a->single_quoted)
		style = SCALAR_DOUBLE_QUOTED;
	if ((style == SCALAR_LITERAL || style == SCALAR_FOLDED) &&
	    (!a->block || e->flow_level > 0 || e->in_simple_key))
		style = SCALAR_DOUBLE_QUOTED;
	return style;
}

// --- writing scalars
// -------------------------------------------------------------------------------------

static bool space_at(Str s, size_t at)
{
	return at < s.len && s.p[at] == ' ';
}

// Text of a plain or single-quoted scalar. `quoted`: quotes are doubled, and no fold at the ends.
static void write_flow_text(Emitter *e, Str s, bool quoted)
{
	bool fold = !e->in_simple_key, spaces = false, breaks = false;

	for (size_t i = 0; i < s.len;) {
		Str rest = str_from(s, i);
		if (s.p[i] == ' ') {
			bool inside = !quoted || (i > 0 && i < s.len - 1);
			if (fold && !spaces && e->column > e->best_width && inside &&
			    !space_at(s, i + 1))
				write_indent(e);
			else
				put_text(e, str_to(rest, 1));
			i++;
			spaces = true;
			continue;
		}
		int size = break_size(rest);
		if (size) {
			if (!breaks && s.p[i] == '\n')
				put_break(e);
			i += (size_t)put_break_of(e, rest);
			if (e->dialect == YAML_V2)
				e->indention = true;
			breaks = true;
			continue;
		}
		if (breaks)
			write_indent(e);
		size_t len = 0;
		while (i + len < s.len && s.p[i + len] != ' ' &&
		       !break_size(str_from(s, i + len)) && !(quoted && s.p[i + len] == '\''))
			len++;
		if (len == 0) { // a quote
			text_write_as(e->out, S("''"), str_to(rest, 1));
			e->column += 2;
			len = 1;
		} else {
			put_text(e, str_to(rest, len));
		}
		i += len;
		e->indention = false;
		spaces = breaks = false;
	}
}

static void write_plain(Emitter *e, Str s)
{
	if (!e->whitespace && (s.len > 0 || e->dialect == YAML_V2))
		put(e, ' ');
	write_flow_text(e, s, false);
	if (s.len > 0 || e->dialect == YAML_V2)
		e->whitespace = false;
	e->indention = false;
}

static void write_single_quoted(Emitter *e, Str s)
{
	write_indicator(e, "'", true, false, false);
	write_flow_text(e, s, true);
	write_indicator(e, "'", false, false, false);
	e->whitespace = e->indention = false;
}

// The letter behind the backslash, or 0.
static char escape_letter(uint32_t rune)
{
	switch (rune) {
	case 0x00:
		return '0';
	case 0x07:
		return 'a';
	case 0x08:
		return 'b';
	case 0x09:
		return 't';
	case 0x0A:
		return 'n';
	case 0x0B:
		return 'v';
	case 0x0C:
		return 'f';
	case 0x0D:
		return 'r';
	case 0x1B:
		return 'e';
	case 0x22:
		return '"';
	case 0x5C:
		return '\\';
	case 0x85:
		return 'N';
	case 0xA0:
		return '_';
	case 0x2028:
		return 'L';
	case 0x2029:
		return 'P';
	default:
		return 0;
	}
}

static void write_escape(Emitter *e, Str source, uint32_t rune)
{
	static const char hex[] = "0123456789ABCDEF";
	char text[10] = {'\\', escape_letter(rune)};
	size_t len = 2;

	if (text[1] == 0) {
		int digits = rune <= 0xFF ? 2 : rune <= 0xFFFF ? 4 : 8;
		text[1] = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
		while (digits-- > 0)
			text[len++] = hex[rune >> (digits * 4) & 15];
	}
	text_write_as(e->out, str_n(text, len), source);
	e->column += (int)len;
}

// go-yaml asks whether the value begins with a byte order mark wherever it means "is this one": a
// value that does is escaped throughout.
static bool begins_with_bom(Str s)
{
	return s.len >= 3 && memcmp(s.p, "\xEF\xBB\xBF", 3) == 0;
}

static void write_double_quoted(Emitter *e, Str s)
{
	bool fold = !e->in_simple_key, spaces = false, bom = begins_with_bom(s);

	write_indicator(e, "\"", true, false, false);
	for (size_t i = 0; i < s.len;) {
		Str rest = str_from(s, i);
		uint32_t rune;

		if (!bom && s.p[i] == ' ') {
			if (fold && !spaces && e->column > e->best_width && i > 0 &&
			    i < s.len - 1) {
				write_indent(e);
				if (space_at(s, i + 1))
					put(e, '\\');
			} else {
				put_text(e, str_to(rest, 1));
			}
			i++;
			spaces = true;
			continue;
		}
		spaces = false;
		if (bom || s.p[i] == '"' || s.p[i] == '\\' || !printable(rest) ||
		    break_size(rest)) {
			size_t size = utf8_decode(rest, &rune);
			write_escape(e, str_to(rest, size), rune);
			i += size;
			continue;
		}
		size_t len = rune_size(s.p[i]);
		while (i + len < s.len && plain_byte((unsigned char)s.p[i + len]))
			len++;
		put_text(e, str_to(rest, len));
		i += len;
	}
	write_indicator(e, "\"", false, false, false);
	e->whitespace = e->indention = false;
}

static bool ends_in_break(Str s, size_t *without)
{
	size_t at = s.len;

	while (at > 0 && ((unsigned char)s.p[--at] & 0xC0) == 0x80)
		;
	*without = at;
	return break_size(str_from(s, at)) > 0;
}

// The indentation indicator where the text begins with white space, and the chomping one.
static void write_block_hints(Emitter *e, Str s)
{
	size_t without;

	if (s.p[0] == ' ' || break_size(s)) {
		char hint[2] = {(char)('0' + e->best_indent), 0};
		write_indicator(e, hint, false, false, false);
	}
	if (!ends_in_break(s, &without))
		write_indicator(e, "-", false, false, false);
	else if (without == 0 || ends_in_break(str_to(s, without), &without))
		write_indicator(e, "+", false, false, false);
}

static size_t line_length(Str s)
{
	size_t len = 0;

	for (;;) {
		while (len < s.len && s.p[len] != '\n' && s.p[len] != '\r' &&
		       (unsigned char)s.p[len] < 0xC2)
			len++;
		if (len >= s.len || break_size(str_from(s, len)))
			return len;
		len++;
	}
}

static void write_literal(Emitter *e, Str s)
{
	bool breaks = true;

	write_indicator(e, "|", true, false, false);
	write_block_hints(e, s);
	write_header_end(e);
	e->indention = e->whitespace = true;
	while (s.len > 0) {
		if (break_size(s)) {
			s = str_from(s, (size_t)put_break_of(e, s));
			e->indention = true;
			breaks = true;
			continue;
		}
		if (breaks)
			write_indent(e);
		size_t len = line_length(s);
		put_text(e, str_to(s, len));
		s = str_from(s, len);
		e->indention = false;
		breaks = false;
	}
}

// go-yaml looks for the character behind the breaks from the start of the value, not from here.
static bool blank_behind_first_breaks(Str s)
{
	while (break_size(s))
		s = str_from(s, (size_t)break_size(s));
	return s.len == 0 || s.p[0] == ' ' || s.p[0] == '\t';
}

static void write_folded(Emitter *e, Str s)
{
	bool breaks = true, leading_spaces = true;
	bool separate = !blank_behind_first_breaks(s);

	write_indicator(e, ">", true, false, false);
	write_block_hints(e, s);
	write_header_end(e);
	e->indention = e->whitespace = true;
	for (size_t i = 0; i < s.len;) {
		Str rest = str_from(s, i);
		if (break_size(rest)) {
			if (!breaks && !leading_spaces && s.p[i] == '\n' && separate)
				put_break(e);
			i += (size_t)put_break_of(e, rest);
			e->indention = true;
			breaks = true;
			continue;
		}
		if (breaks) {
			write_indent(e);
			leading_spaces = blank_at(s, i);
		}
		if (!breaks && s.p[i] == ' ' && !space_at(s, i + 1) && e->column > e->best_width) {
			write_indent(e);
			i++;
		} else {
			size_t len = rune_size(s.p[i]);
			put_text(e, str_to(rest, len));
			i += len;
		}
		e->indention = false;
		breaks = false;
	}
}

static void write_scalar_text(Emitter *e, Str s, ScalarStyle style)
{
	switch (style) {
	case SCALAR_PLAIN:
		write_plain(e, s);
		break;
	case SCALAR_SINGLE_QUOTED:
		write_single_quoted(e, s);
		break;
	case SCALAR_DOUBLE_QUOTED:
		write_double_quoted(e, s);
		break;
	case SCALAR_LITERAL:
		write_literal(e, s);
		break;
	case SCALAR_FOLDED:
		write_folded(e, s);
		break;
	}
}

// --- anchors and tags
// ------------------------------------------------------------------------------------

static bool word_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '_' || c == '-';
}

static bool check_name(Emitter *e, Str name, bool alias)
{
	if (name.len == 0) {
		e->problem =
			alias ? "alias value must not be empty" : "anchor value must not be empty";
		return false;
	}
	for (size_t i = 0; i < name.len; i++) {
		if (!word_byte(name.p[i])) {
			e->problem =
				alias ? "alias value must contain alphanumerical characters only"
				      : "anchor value must contain alphanumerical characters only";
			return false;
		}
	}
	return true;
}

static void write_name(Emitter *e, const char *indicator, Str name)
{
	write_indicator(e, indicator, true, false, false);
	put_text(e, name);
	e->whitespace = e->indention = false;
}

// "!!x" and "!x" where the tag begins so, else "!<x>".
static void split_tag(Str tag, Str *handle, Str *suffix)
{
	static const char standard[] = "tag:yaml.org,2002:";

	*handle = (Str){0};
	*suffix = tag;
	if (str_has_prefix(tag, S("!"))) {
		*handle = S("!");
		*suffix = str_from(tag, 1);
	} else if (str_has_prefix(tag, str_c(standard))) {
		*handle = S("!!");
		*suffix = str_from(tag, sizeof standard - 1);
	}
}

static void write_tag_content(Emitter *e, Str s)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];
		if (word_byte(c) || (c && strchr(";/?:@&=+$,_.~*'()[]", c))) {
			put(e, c);
		} else {
			put(e, '%');
			put(e, hex[(unsigned char)c >> 4]);
			put(e, hex[c & 15]);
		}
	}
	e->whitespace = e->indention = false;
}

static void write_tag(Emitter *e, Str tag)
{
	Str handle, suffix;

	if (tag.len == 0)
		return;
	split_tag(tag, &handle, &suffix);
	if (handle.len == 0) {
		write_indicator(e, "!<", true, false, false);
		write_tag_content(e, suffix);
		write_indicator(e, ">", false, false, false);
		return;
	}
	if (!e->whitespace)
		put(e, ' ');
	put_text(e, handle);
	e->whitespace = e->indention = false;
	if (suffix.len > 0)
		write_tag_content(e, suffix);
}

static bool write_properties(Emitter *e, const EmitEvent *event)
{
	if (event->anchor.len > 0) {
		if (!check_name(e, event->anchor, false))
			return false;
		write_name(e, "&", event->anchor);
	}
	write_tag(e, event->tag);
	return true;
}

// --- placing nodes
// ---------------------------------------------------------------------------------------

static void push_state(Emitter *e, uint8_t state)
{
	VEC_PUSH(e->scratch, e->states, e->state_count, e->state_cap) = state;
}

static void pop_state(Emitter *e)
{
	e->state = e->states[--e->state_count];
}

static void increase_indent(Emitter *e, bool flow, bool indentless, bool compact)
{
	VEC_PUSH(e->scratch, e->indents, e->indent_count, e->indent_cap) = e->indent;
	if (e->indent < 0) {
		e->indent = flow ? e->best_indent : 0;
	} else if (indentless) {
		return;
	} else if (e->dialect == YAML_V2) {
		e->indent += e->best_indent;
	} else if (e->states[e->state_count - 1] == AT_SEQUENCE_ITEM) {
		e->indent += 2; // only past "- "
	} else {
		e->indent = e->best_indent * ((e->indent + e->best_indent) / e->best_indent);
		if (compact)
			e->indent -= 2;
	}
}

static void decrease_indent(Emitter *e)
{
	e->indent = e->indents[--e->indent_count];
}

static bool emit_scalar(Emitter *e, const EmitEvent *event)
{
	Analysis analysis = analyze(e, event->value);
	ScalarStyle style = choose_style(e, event, &analysis);

	if (!write_properties(e, event))
		return false;
	increase_indent(e, true, false, false);
	write_scalar_text(e, event->value, style);
	decrease_indent(e);
	pop_state(e);
	return true;
}

static bool emit_node(Emitter *e, const EmitEvent *event, bool mapping, bool simple_key)
{
	e->in_mapping = mapping;
	e->in_simple_key = simple_key;
	switch (event->kind) {
	case EMIT_ALIAS:
		if (!check_name(e, event->value, true))
			return false;
		write_name(e, "*", event->value);
		pop_state(e);
		return true;
	case EMIT_SCALAR:
		return emit_scalar(e, event);
	case EMIT_SEQUENCE_START:
	case EMIT_MAPPING_START:
		break;
	default:
		e->problem = "expected SCALAR, SEQUENCE-START, MAPPING-START, or ALIAS";
		return false;
	}
	if (!write_properties(e, event))
		return false;
	bool flow = e->flow_level > 0 || event->flow || event->empty;
	if (event->kind == EMIT_SEQUENCE_START)
		e->state = flow ? AT_FLOW_SEQUENCE_FIRST : AT_SEQUENCE_FIRST;
	else
		e->state = flow ? AT_FLOW_MAPPING_FIRST : AT_MAPPING_FIRST;
	return true;
}

static bool emit_with_comments(Emitter *e, const EmitEvent *event, bool mapping)
{
	if (!emit_node(e, event, mapping, false))
		return false;
	write_line_comment(e);
	write_foot_comment(e);
	return true;
}

static size_t tag_length(Str tag)
{
	Str handle, suffix;

	split_tag(tag, &handle, &suffix);
	return handle.len + suffix.len;
}

static bool is_simple_key(const Emitter *e, const EmitEvent *event)
{
	size_t length = event->anchor.len + tag_length(event->tag);

	switch (event->kind) {
	case EMIT_ALIAS:
	case EMIT_SCALAR:
		if (event->kind == EMIT_SCALAR && event->value.len <= SIMPLE_KEY_LIMIT &&
		    analyze(e, event->value).multiline)
			return false;
		length += event->value.len;
		break;
	case EMIT_SEQUENCE_START:
	case EMIT_MAPPING_START:
		if (!event->empty)
			return false;
		break;
	default:
		return false;
	}
	return length <= SIMPLE_KEY_LIMIT;
}

static void flow_separator(Emitter *e, bool first, bool trail)
{
	if (!first && !trail)
		write_indicator(e, ",", false, false, false);
	write_head_comment(e);
	if ((e->dialect == YAML_V3 && e->column == 0) || e->column > e->best_width)
		write_indent(e);
}

// The node of a flow item or value, with its comma at once where comments follow.
static bool emit_flow_content(Emitter *e, const EmitEvent *event, bool mapping, uint8_t next,
                              uint8_t trail)
{
	push_state(e, trailing_comments(e) ? trail : next);
	if (!emit_node(e, event, mapping, false))
		return false;
	if (trailing_comments(e))
		write_indicator(e, ",", false, false, false);
	write_line_comment(e);
	write_foot_comment(e);
	return true;
}

static bool emit_flow_sequence(Emitter *e, const EmitEvent *event, bool first, bool trail)
{
	if (first) {
		write_indicator(e, "[", true, true, false);
		increase_indent(e, true, false, false);
		e->flow_level++;
	}
	if (event->kind == EMIT_SEQUENCE_END) {
		e->flow_level--;
		decrease_indent(e);
		if (e->dialect == YAML_V3 && e->column == 0)
			write_indent(e);
		write_indicator(e, "]", false, false, false);
		write_line_comment(e);
		write_foot_comment(e);
		pop_state(e);
		return true;
	}
	flow_separator(e, first, trail);
	return emit_flow_content(e, event, false, AT_FLOW_SEQUENCE_ITEM, AT_FLOW_SEQUENCE_TRAIL);
}

static bool emit_flow_mapping_key(Emitter *e, const EmitEvent *event, bool first, bool trail)
{
	if (first) {
		write_indicator(e, "{", true, true, false);
		increase_indent(e, true, false, false);
		e->flow_level++;
	}
	if (event->kind == EMIT_MAPPING_END) {
		if (e->head.len + e->foot.len + e->tail.len > 0 && !first && !trail)
			write_indicator(e, ",", false, false, false);
		write_head_comment(e);
		e->flow_level--;
		decrease_indent(e);
		write_indicator(e, "}", false, false, false);
		write_line_comment(e);
		write_foot_comment(e);
		pop_state(e);
		return true;
	}
	flow_separator(e, first, trail);
	bool simple = is_simple_key(e, event);
	if (!simple)
		write_indicator(e, "?", true, false, false);
	push_state(e, simple ? AT_FLOW_MAPPING_SIMPLE_VALUE : AT_FLOW_MAPPING_VALUE);
	return emit_node(e, event, true, simple);
}

static bool emit_flow_mapping_value(Emitter *e, const EmitEvent *event, bool simple)
{
	if (!simple && e->column > e->best_width)
		write_indent(e);
	write_indicator(e, ":", !simple, false, false);
	return emit_flow_content(e, event, true, AT_FLOW_MAPPING_KEY, AT_FLOW_MAPPING_TRAIL);
}

static bool emit_sequence(Emitter *e, const EmitEvent *event, bool first)
{
	if (first) {
		bool indentless = e->dialect == YAML_V2 && e->in_mapping && !e->indention;
		bool compact = e->compact && e->in_mapping && (e->column == 0 || !e->indention);
		increase_indent(e, false, indentless, compact);
	}
	if (event->kind == EMIT_SEQUENCE_END) {
		decrease_indent(e);
		pop_state(e);
		return true;
	}
	write_head_comment(e);
	write_indent(e);
	write_indicator(e, "-", true, false, true);
	push_state(e, AT_SEQUENCE_ITEM);
	return emit_with_comments(e, event, false);
}

static bool emit_mapping_key(Emitter *e, const EmitEvent *event, bool first)
{
	if (first)
		increase_indent(e, false, false, false);
	write_head_comment(e);
	if (event->kind == EMIT_MAPPING_END) {
		decrease_indent(e);
		pop_state(e);
		return true;
	}
	write_indent(e);
	if (e->line.len > 0) {
		// A key's own line comment: written when it is known what its value is.
		e->key_line = e->line;
		e->line = (Str){0};
	}
	bool simple = is_simple_key(e, event);
	if (!simple)
		write_indicator(e, "?", true, false, true);
	push_state(e, simple ? AT_MAPPING_SIMPLE_VALUE : AT_MAPPING_VALUE);
	return emit_node(e, event, true, simple);
}

// The line comment that was a key's goes behind a scalar value that has none, or above a block.
static void place_key_comment(Emitter *e, const EmitEvent *event)
{
	if (e->key_line.len == 0)
		return;
	if (event->kind == EMIT_SCALAR) {
		if (e->line.len == 0) {
			e->line = e->key_line;
			e->key_line = (Str){0};
		}
	} else if (!event->flow &&
	           (event->kind == EMIT_MAPPING_START || event->kind == EMIT_SEQUENCE_START)) {
		Str line = e->line;
		e->line = e->key_line;
		write_line_comment(e);
		e->line = line;
		e->key_line = (Str){0};
	}
}

static bool emit_mapping_value(Emitter *e, const EmitEvent *event, bool simple)
{
	if (!simple)
		write_indent(e);
	write_indicator(e, ":", !simple, false, !simple);
	place_key_comment(e, event);
	push_state(e, AT_MAPPING_KEY);
	return emit_with_comments(e, event, true);
}

static bool emit_document_start(Emitter *e)
{
	if (!e->first) {
		write_indent(e);
		write_indicator(e, "---", true, false, false);
		if (e->dialect == YAML_V3)
			write_indent(e);
	}
	e->first = false;
	if (e->head.len > 0) {
		write_head_comment(e);
		put_break(e);
	}
	e->state = AT_DOCUMENT_CONTENT;
	return true;
}

static bool emit_document_content(Emitter *e, const EmitEvent *event)
{
	push_state(e, AT_DOCUMENT_END);
	write_head_comment(e);
	return emit_with_comments(e, event, false);
}

static bool emit_document_end(Emitter *e)
{
	e->foot_indent = 0; // an empty line before the foot
	write_foot_comment(e);
	e->foot_indent = -1;
	write_indent(e);
	e->state = AT_DOCUMENT_START;
	return true;
}

// Comments of an event replace those on their way out, but an event without keeps them.
static void take_comments(Emitter *e, const EmitEvent *event)
{
	if (event->head.len > 0)
		e->head = event->head;
	if (event->line.len > 0)
		e->line = event->line;
	if (event->foot.len > 0)
		e->foot = event->foot;
	if (event->tail.len > 0)
		e->tail = event->tail;
}

bool emitter_emit(Emitter *e, const EmitEvent *event)
{
	if (e->problem)
		return false;
	take_comments(e, event);
	switch (e->state) {
	case AT_DOCUMENT_START:
		return emit_document_start(e);
	case AT_DOCUMENT_CONTENT:
		return emit_document_content(e, event);
	case AT_DOCUMENT_END:
		return emit_document_end(e);
	case AT_FLOW_SEQUENCE_FIRST:
	case AT_FLOW_SEQUENCE_TRAIL:
	case AT_FLOW_SEQUENCE_ITEM:
		return emit_flow_sequence(e, event, e->state == AT_FLOW_SEQUENCE_FIRST,
		                          e->state == AT_FLOW_SEQUENCE_TRAIL);
	case AT_FLOW_MAPPING_FIRST:
	case AT_FLOW_MAPPING_TRAIL:
	case AT_FLOW_MAPPING_KEY:
		return emit_flow_mapping_key(e, event, e->state == AT_FLOW_MAPPING_FIRST,
		                             e->state == AT_FLOW_MAPPING_TRAIL);
	case AT_FLOW_MAPPING_SIMPLE_VALUE:
	case AT_FLOW_MAPPING_VALUE:
		return emit_flow_mapping_value(e, event, e->state == AT_FLOW_MAPPING_SIMPLE_VALUE);
	case AT_SEQUENCE_FIRST:
	case AT_SEQUENCE_ITEM:
		return emit_sequence(e, event, e->state == AT_SEQUENCE_FIRST);
	case AT_MAPPING_FIRST:
	case AT_MAPPING_KEY:
		return emit_mapping_key(e, event, e->state == AT_MAPPING_FIRST);
	default:
		return emit_mapping_value(e, event, e->state == AT_MAPPING_SIMPLE_VALUE);
	}
}

void emitter_open(Emitter *e, Text *out, Arena *scratch, YamlDialect dialect, int indent,
                  bool compact)
{
	*e = (Emitter){
		.out = out,
		.scratch = scratch,
		.dialect = dialect,
		.best_indent = indent,
		.best_width = dialect == YAML_V2 ? BEST_WIDTH : INT_MAX,
		.compact = compact,
		.first = true,
		.state = AT_DOCUMENT_START,
		.indent = -1,
		.whitespace = true,
		.indention = true,
		.foot_indent = -1,
	};
}
