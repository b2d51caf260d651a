// RE2's syntax, refused where Go's regexp/syntax refuses it and in its words.
//
// The parser keeps a stack of finished pieces with markers for open parentheses and bars, as Go's
// does: which part of a wrong pattern a message quotes, and when a pattern counts as too deep,
// follow from that.

#include "base/regex_syntax.h"

#include "base/buf.h"
#include "base/unicode.h"

#include <stdlib.h>
#include <string.h>

// Go's limits. A repetition, or nested repetitions together, may ask for a thousand copies; trees
// may be a thousand deep; a program may have so many instructions, and all classes together so many
// ranges.
#define REPEAT_MAX            1000
#define HEIGHT_MAX            1000
#define SIZE_MAX_INSTRUCTIONS ((128 << 20) / 40)
#define RUNES_MAX             ((128 << 20) / 4)

enum {
	FLAG_FOLD = 1,      // i
	FLAG_MULTILINE = 2, // m
	FLAG_DOT_NL = 4,    // s
	FLAG_LAZY = 8,      // U
	FLAGS_ALL = 15,
};

typedef struct Parser {
	Arena *arena;
	Diag *diag;
	Str pattern;
	unsigned flags;
	RegexNode **stack;
	size_t stack_len, stack_cap;
	size_t runes; // in all nodes pushed so far
	bool too_large, too_deep;
	bool no_posix_end; // there is no ":]" further on: it is looked for once only
	RegexTree *tree;
	size_t names_cap;
} Parser;

static bool fail(Parser *p, const char *code, Str expression)
{
	Buf buf = buf_new(p->arena);

	buf_c(&buf, "error parsing regexp: ");
	buf_c(&buf, code);
	buf_c(&buf, ": `");
	buf_str(&buf, expression);
	buf_byte(&buf, '`');
	return diag_fail_str(p->diag, buf_view(&buf));
}

// The part of `from` that stands before `rest`, which is its end.
static Str before(Str from, Str rest)
{
	return str_to(from, from.len - rest.len);
}

// At the end it gives U+FFFD, as Go does: no character is ever looked for there that it could be.
static bool next_rune(Parser *p, Str *s, uint32_t *rune)
{
	size_t size = utf8_decode(*s, rune);

	if (*rune == 0xFFFD && size == 1)
		return fail(p, "invalid UTF-8", *s);
	*s = str_from(*s, size);
	return true;
}

static bool check_utf8(Parser *p, Str s)
{
	uint32_t rune;

	while (s.len > 0) {
		if (!next_rune(p, &s, &rune))
			return false;
	}
	return true;
}

static bool is_alnum(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Sets of characters.

static void set_push(Arena *arena, RuneSet *set, uint32_t rune)
{
	VEC_PUSH(arena, set->items, set->len, set->cap) = rune;
}

// Appends first-last, stretching one of the last two ranges where it touches: A-Z and a-z grow side
// by side when case is folded.
static void set_add(Arena *arena, RuneSet *set, uint32_t first, uint32_t last)
{
	for (size_t back = 2; back <= 4 && back <= set->len; back += 2) {
		uint32_t *range = &set->items[set->len - back];

		if (first <= range[1] + 1 && range[0] <= last + 1) {
			if (first < range[0])
				range[0] = first;
			if (last > range[1])
				range[1] = last;
			return;
		}
	}
	set_push(arena, set, first);
	set_push(arena, set, last);
}

typedef struct SetTarget {
	Arena *arena;
	RuneSet *set;
} SetTarget;

static void add_other_cases(void *context, uint32_t rune)
{
	SetTarget *target = context;

	for (uint32_t other = unicode_fold(rune); other != rune; other = unicode_fold(other))
		set_add(target->arena, target->set, other, other);
}

static void set_add_folded(Arena *arena, RuneSet *set, uint32_t first, uint32_t last)
{
	SetTarget target = {arena, set};

	set_add(arena, set, first, last);
	unicode_each_cased(first, last, add_other_cases, &target);
}

static int compare_ranges(const void *a, const void *b)
{
	const uint32_t *left = a, *right = b;

	if (left[0] != right[0])
		return left[0] < right[0] ? -1 : 1;
	return left[1] == right[1] ? 0 : left[1] > right[1] ? -1 : 1;
}

// Puts the ranges in order and joins those that touch.
static void set_clean(RuneSet *set)
{
	size_t kept = 2;

	if (set->len < 4)
		return;
	qsort(set->items, set->len / 2, 2 * sizeof *set->items, compare_ranges);
	for (size_t i = 2; i < set->len; i += 2) {
		uint32_t *last = &set->items[kept - 1];

		if (set->items[i] <= *last + 1) {
			if (set->items[i + 1] > *last)
				*last = set->items[i + 1];
			continue;
		}
		set->items[kept++] = set->items[i];
		set->items[kept++] = set->items[i + 1];
	}
	set->len = kept;
}

// Appends a clean set, or what it lacks.
static void set_add_set(Arena *arena, RuneSet *set, const RuneSet *clean, bool negated)
{
	uint32_t next = 0;

	for (size_t i = 0; i < clean->len; i += 2) {
		uint32_t first = clean->items[i], last = clean->items[i + 1];

		if (!negated)
			set_add(arena, set, first, last);
		else if (next < first)
			set_add(arena, set, next, first - 1);
		next = last + 1;
	}
	if (negated && next <= UNICODE_MAX)
		set_add(arena, set, next, UNICODE_MAX);
}

// Adds `more`, its characters of other case where the parser folds, negated where asked for.
static void set_add_group(Parser *p, RuneSet *set, RuneSet *more, bool negated)
{
	RuneSet folded = {NULL, 0, 0};

	if (p->flags & FLAG_FOLD) {
		for (size_t i = 0; i < more->len; i += 2)
			set_add_folded(p->arena, &folded, more->items[i], more->items[i + 1]);
		more = &folded;
	}
	set_clean(more);
	set_add_set(p->arena, set, more, negated);
}

static bool set_has(const RuneSet *set, uint32_t rune)
{
	for (size_t i = 0; i < set->len; i += 2) {
		if (set->items[i] <= rune && rune <= set->items[i + 1])
			return true;
	}
	return false;
}

// Nodes and the stack.

static RegexNode *node_new(Parser *p, RegexOp op)
{
	RegexNode *node = ARENA_NEW(p->arena, RegexNode);

	node->op = op;
	node->fold = (p->flags & FLAG_FOLD) != 0;
	node->lazy = (p->flags & FLAG_LAZY) != 0;
	node->flags = p->flags;
	return node;
}

static void node_add(Parser *p, RegexNode *node, RegexNode *sub)
{
	VEC_PUSH(p->arena, node->subs, node->sub_count, node->sub_cap) = sub;
}

static int64_t subs_size(const RegexNode *node)
{
	int64_t size = 0;

	for (size_t i = 0; i < node->sub_count; i++)
		size += node->subs[i]->size;
	return size;
}

// What Go's parser counts; it can't overflow, since every part was checked before it became one.
static int64_t node_size(const RegexNode *node)
{
	int64_t sub = subs_size(node);

	switch (node->op) {
	case RX_LITERAL:
		return (int64_t)node->runes.len;
	case RX_CAPTURE:
	case RX_STAR:
		return sub + 2;
	case RX_PLUS:
	case RX_QUEST:
		return sub + 1;
	case RX_ALTERNATE:
		return sub + (int64_t)node->sub_count - 1;
	case RX_CONCAT:
		return sub;
	case RX_REPEAT:
		if (node->max < 0)
			return node->min == 0 ? sub + 2 : 1 + node->min * sub;
		return node->max * sub + node->max - node->min;
	default:
		return 1;
	}
}

static void node_measure(Parser *p, RegexNode *node)
{
	int64_t size = node_size(node);

	node->size = size > 1 ? size : 1;
	node->height = 1;
	for (size_t i = 0; i < node->sub_count; i++) {
		if (node->height <= node->subs[i]->height)
			node->height = node->subs[i]->height + 1;
	}
	if (node->size > SIZE_MAX_INSTRUCTIONS || p->runes > RUNES_MAX)
		p->too_large = true;
	if (node->height > HEIGHT_MAX)
		p->too_deep = true;
}

static RegexNode *top(Parser *p, size_t down)
{
	return down < p->stack_len ? p->stack[p->stack_len - 1 - down] : NULL;
}

// Two literals on top of the stack become one, now that no operator can follow the lower of them.
// Where there is `next`, a single rune, it may take the place of the upper one: true then.
static bool join_literals(Parser *p, const uint32_t *next, bool fold)
{
	RegexNode *upper = top(p, 0), *lower = top(p, 1);

	if (lower == NULL || upper->op != RX_LITERAL || lower->op != RX_LITERAL ||
	    upper->fold != lower->fold)
		return false;
	for (size_t i = 0; i < upper->runes.len; i++)
		set_push(p->arena, &lower->runes, upper->runes.items[i]);
	node_measure(p, lower);
	if (next != NULL) {
		upper->runes.items[0] = *next;
		upper->runes.len = 1;
		upper->fold = fold;
		node_measure(p, upper);
		return true;
	}
	p->stack_len--;
	return false;
}

// Whether the class is one letter in its two cases.
static bool is_folded_letter(const RuneSet *set)
{
	uint32_t a, b;

	if (set->len == 4 && set->items[0] == set->items[1] && set->items[2] == set->items[3]) {
		a = set->items[0];
		b = set->items[2];
	} else if (set->len == 2 && set->items[0] + 1 == set->items[1]) {
		a = set->items[0];
		b = set->items[1];
	} else {
		return false;
	}
	return unicode_fold(a) == b && unicode_fold(b) == a;
}

static void push(Parser *p, RegexNode *node)
{
	bool single = node->op == RX_CLASS && node->runes.len == 2 &&
	              node->runes.items[0] == node->runes.items[1];
	bool letter = node->op == RX_CLASS && !single && is_folded_letter(&node->runes);

	p->runes += node->runes.len;
	if (single || letter) {
		if (join_literals(p, &node->runes.items[0], letter))
			return;
		node->op = RX_LITERAL;
		node->runes.len = 1;
		node->fold = letter;
	} else {
		join_literals(p, NULL, false);
	}
	VEC_PUSH(p->arena, p->stack, p->stack_len, p->stack_cap) = node;
	node_measure(p, node);
}

static void push_op(Parser *p, RegexOp op)
{
	push(p, node_new(p, op));
}

static void push_literal(Parser *p, uint32_t rune)
{
	RegexNode *node = node_new(p, RX_LITERAL);

	if (node->fold) {
		uint32_t smallest = rune;

		for (uint32_t other = unicode_fold(rune); other != rune;
		     other = unicode_fold(other))
			smallest = other < smallest ? other : smallest;
		rune = smallest;
	}
	set_push(p->arena, &node->runes, rune);
	push(p, node);
}

// Concatenation and alternation.

static bool is_pseudo(const RegexNode *node)
{
	return node->op >= RX_PAREN;
}

// Takes everything above the topmost marker off the stack as one node: a part that is itself an
// `op` gives its parts instead.
static RegexNode *collapse(Parser *p, RegexOp op)
{
	size_t start = p->stack_len;
	RegexNode *node;

	while (start > 0 && !is_pseudo(p->stack[start - 1]))
		start--;
	if (start == p->stack_len)
		return node_new(p, op == RX_CONCAT ? RX_EMPTY : RX_NO_MATCH);
	if (p->stack[p->stack_len - 1]->op == RX_CLASS)
		set_clean(&p->stack[p->stack_len - 1]->runes);
	if (start + 1 == p->stack_len) {
		p->stack_len = start;
		return p->stack[start];
	}
	node = node_new(p, op);
	for (size_t i = start; i < p->stack_len; i++) {
		RegexNode *sub = p->stack[i];

		if (sub->op != op) {
			node_add(p, node, sub);
			continue;
		}
		for (size_t j = 0; j < sub->sub_count; j++)
			node_add(p, node, sub->subs[j]);
	}
	p->stack_len = start;
	return node;
}

static void concat(Parser *p)
{
	join_literals(p, NULL, false);
	push(p, collapse(p, RX_CONCAT));
}

static void alternate(Parser *p)
{
	push(p, collapse(p, RX_ALTERNATE));
}

static bool is_one_character(const RegexNode *node)
{
	return (node->op == RX_LITERAL && node->runes.len == 1) || node->op == RX_CLASS ||
	       node->op == RX_ANY_NOT_NL || node->op == RX_ANY;
}

static bool matches_newline(const RegexNode *node)
{
	if (node->op == RX_LITERAL)
		return node->runes.items[0] == '\n';
	return node->op == RX_CLASS ? set_has(&node->runes, '\n') : node->op == RX_ANY;
}

static void set_add_node(Parser *p, RuneSet *set, const RegexNode *node)
{
	if (node->op == RX_CLASS)
		set_add_set(p->arena, set, &node->runes, false);
	else if (node->fold)
		set_add_folded(p->arena, set, node->runes.items[0], node->runes.items[0]);
	else
		set_add(p->arena, set, node->runes.items[0], node->runes.items[0]);
}

// Makes `into`, the later of the two kinds, match what `other` matches, too.
static void merge_characters(Parser *p, RegexNode *into, const RegexNode *other)
{
	RuneSet set = {NULL, 0, 0};

	if (into->op == RX_ANY)
		return;
	if (into->op == RX_ANY_NOT_NL) {
		if (matches_newline(other))
			into->op = RX_ANY;
		return;
	}
	if (into->op == RX_LITERAL && other->fold == into->fold &&
	    other->runes.items[0] == into->runes.items[0])
		return;
	if (into->op == RX_CLASS) {
		// Put in order later: a long `a|b|c...` comes here for every part.
		set_add_node(p, &into->runes, other);
		return;
	}
	set_add_node(p, &set, into);
	set_add_node(p, &set, other);
	into->op = RX_CLASS;
	into->runes = set;
}

// What was just parsed goes below the bar under it, if there is one. False where there is none.
static bool swap_bar(Parser *p)
{
	RegexNode *last = top(p, 0), *bar = top(p, 1), *first = top(p, 2);

	if (bar == NULL || bar->op != RX_BAR)
		return false;
	if (first != NULL && is_one_character(last) && is_one_character(first)) {
		if (last->op > first->op) {
			RegexNode *swapped = first;

			first = last;
			last = swapped;
		}
		merge_characters(p, first, last);
		p->stack[p->stack_len - 3] = first;
		p->stack_len--;
		return true;
	}
	p->stack[p->stack_len - 2] = last;
	p->stack[p->stack_len - 1] = bar;
	return true;
}

static void parse_bar(Parser *p)
{
	concat(p);
	if (!swap_bar(p))
		push_op(p, RX_BAR);
}

static void close_alternation(Parser *p)
{
	concat(p);
	if (swap_bar(p))
		p->stack_len--;
	alternate(p);
}

static bool parse_right_paren(Parser *p)
{
	RegexNode *inner, *paren;

	close_alternation(p);
	inner = top(p, 0);
	paren = top(p, 1);
	if (paren == NULL || paren->op != RX_PAREN)
		return fail(p, "unexpected )", p->pattern);
	p->stack_len -= 2;
	p->flags = paren->flags;
	if (paren->group == 0) {
		push(p, inner);
		return true;
	}
	paren->op = RX_CAPTURE;
	node_add(p, paren, inner);
	push(p, paren);
	return true;
}

// Repetition.

// Whether nested repetitions together stay within `limit` copies. Only called for counts of 2 and
// more, so each part of the tree is walked a few times at most.
static bool repeat_is_valid(const RegexNode *node, int limit)
{
	if (node->op == RX_REPEAT) {
		int count = node->max < 0 ? node->min : node->max;

		if (node->max == 0)
			return true;
		if (count > limit)
			return false;
		if (count > 0)
			limit /= count;
	}
	for (size_t i = 0; i < node->sub_count; i++) {
		if (!repeat_is_valid(node->subs[i], limit))
			return false;
	}
	return true;
}

typedef struct Repeat {
	RegexOp op;
	int min, max;
} Repeat;

// Applies the operator at `start`, whose text ends before *rest, to the top of the stack. `last` is
// where an operator right before it began, empty where there was none.
static bool parse_repeat_op(Parser *p, Repeat repeat, Str start, Str *rest, Str last)
{
	RegexNode *sub = top(p, 0);
	bool lazy = (p->flags & FLAG_LAZY) != 0;
	RegexNode *node;

	if (rest->len > 0 && rest->p[0] == '?') {
		*rest = str_from(*rest, 1);
		lazy = !lazy;
	}
	if (last.len > 0)
		return fail(p, "invalid nested repetition operator", before(last, *rest));
	if (sub == NULL || is_pseudo(sub))
		return fail(p, "missing argument to repetition operator", before(start, *rest));
	node = node_new(p, repeat.op);
	node->lazy = lazy;
	node->min = repeat.min;
	node->max = repeat.max;
	node_add(p, node, sub);
	p->stack[p->stack_len - 1] = node;
	node_measure(p, node);
	if (repeat.op == RX_REPEAT && (repeat.min >= 2 || repeat.max >= 2) &&
	    !repeat_is_valid(node, REPEAT_MAX))
		return fail(p, "invalid repeat count", before(start, *rest));
	return true;
}

// A number without leading zeros; -1 for one that is far too big.
static bool parse_count(Str *s, int *out)
{
	int n = 0;

	if (s->len == 0 || s->p[0] < '0' || s->p[0] > '9')
		return false;
	if (s->len >= 2 && s->p[0] == '0' && s->p[1] >= '0' && s->p[1] <= '9')
		return false;
	while (s->len > 0 && s->p[0] >= '0' && s->p[0] <= '9') {
		if (n >= 100000000)
			n = -1;
		if (n >= 0)
			n = n * 10 + (s->p[0] - '0');
		*s = str_from(*s, 1);
	}
	*out = n;
	return true;
}

// {n}, {n,} or {n,m}; false where it is not of that form, and then stands for itself.
static bool parse_counts(Str s, Repeat *out, Str *rest)
{
	s = str_from(s, 1);
	out->op = RX_REPEAT;
	if (!parse_count(&s, &out->min) || s.len == 0)
		return false;
	if (s.p[0] != ',') {
		out->max = out->min;
	} else {
		s = str_from(s, 1);
		if (s.len == 0)
			return false;
		if (s.p[0] == '}')
			out->max = -1;
		else if (!parse_count(&s, &out->max))
			return false;
		else if (out->max < 0)
			out->min = -1;
	}
	if (s.len == 0 || s.p[0] != '}')
		return false;
	*rest = str_from(s, 1);
	return true;
}

static bool parse_brace(Parser *p, Str *t, Str last, Str *repeat)
{
	Str start = *t, rest;
	Repeat counts;

	if (!parse_counts(start, &counts, &rest)) {
		push_literal(p, '{');
		*t = str_from(start, 1);
		return true;
	}
	if (counts.min < 0 || counts.min > REPEAT_MAX || counts.max > REPEAT_MAX ||
	    (counts.max >= 0 && counts.min > counts.max))
		return fail(p, "invalid repeat count", before(start, rest));
	*repeat = start;
	*t = rest;
	return parse_repeat_op(p, counts, start, t, last);
}

// Groups.

static size_t new_group(Parser *p, Str name)
{
	RegexTree *tree = p->tree;

	VEC_PUSH(p->arena, tree->names, tree->groups, p->names_cap) = name;
	return tree->groups;
}

static void open_paren(Parser *p, size_t group, Str name)
{
	RegexNode *node = node_new(p, RX_PAREN);

	node->group = group;
	node->name = name;
	push(p, node);
}

static bool is_group_name(Str name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (name.p[i] != '_' && !is_alnum((unsigned char)name.p[i]))
			return false;
	}
	return name.len > 0;
}

// (?P<name> or (?<name>; the name begins at `start`.
static bool parse_named_group(Parser *p, Str *t, size_t start)
{
	size_t end = str_find_byte(*t, '>');
	Str name;

	if (end == STR_NONE)
		return check_utf8(p, *t) && fail(p, "invalid named capture", *t);
	name = str_slice(*t, start, end);
	if (!check_utf8(p, name))
		return false;
	if (!is_group_name(name))
		return fail(p, "invalid named capture", str_to(*t, end + 1));
	open_paren(p, new_group(p, name), name);
	*t = str_from(*t, end + 1);
	return true;
}

static unsigned flag_of(uint32_t rune)
{
	return rune == 'i'   ? FLAG_FOLD
	       : rune == 'm' ? FLAG_MULTILINE
	       : rune == 's' ? FLAG_DOT_NL
	       : rune == 'U' ? FLAG_LAZY
	                     : 0;
}

// (?flags) or (?flags:
static bool parse_flags(Parser *p, Str *t)
{
	Str whole = *t;
	unsigned flags = p->flags;
	bool negative = false, seen = false;
	uint32_t rune;

	*t = str_from(*t, 2);
	while (t->len > 0) {
		unsigned flag;

		if (!next_rune(p, t, &rune))
			return false;
		flag = flag_of(rune);
		if (flag != 0) {
			flags = negative ? flags & ~flag : flags | flag;
			seen = true;
		} else if (rune == '-' && !negative) {
			negative = true;
			seen = false;
		} else if ((rune == ':' || rune == ')') && (seen || !negative)) {
			if (rune == ':')
				open_paren(p, 0, S(""));
			p->flags = flags;
			return true;
		} else {
			break;
		}
	}
	return fail(p, "invalid or unsupported Perl syntax", before(whole, *t));
}

static bool parse_left_paren(Parser *p, Str *t)
{
	if (t->len >= 2 && t->p[1] == '?') {
		if (t->len > 4 && t->p[2] == 'P' && t->p[3] == '<')
			return parse_named_group(p, t, 4);
		if (t->len > 3 && t->p[2] == '<')
			return parse_named_group(p, t, 3);
		return parse_flags(p, t);
	}
	open_paren(p, new_group(p, S("")), S(""));
	*t = str_from(*t, 1);
	return true;
}

// Escapes.

static int hex_digit(uint32_t c)
{
	if (c >= '0' && c <= '9')
		return (int)c - '0';
	if (c >= 'a' && c <= 'f')
		return (int)c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? (int)c - 'A' + 10 : -1;
}

// What follows \x: two digits, or any number of them in braces. *known says whether it is a
// character.
static bool parse_hex(Parser *p, Str *t, uint32_t *out, bool *known)
{
	uint32_t c, second;
	size_t digits = 0;

	*known = false;
	if (t->len == 0)
		return true;
	if (!next_rune(p, t, &c))
		return false;
	if (c != '{') {
		int high = hex_digit(c), low;

		if (!next_rune(p, t, &second))
			return false;
		low = hex_digit(second);
		*known = high >= 0 && low >= 0;
		*out = (uint32_t)(high * 16 + low);
		return true;
	}
	*out = 0;
	while (t->len > 0) {
		if (!next_rune(p, t, &c))
			return false;
		if (c == '}') {
			*known = digits > 0;
			return true;
		}
		if (hex_digit(c) < 0)
			return true;
		*out = *out * 16 + (uint32_t)hex_digit(c);
		if (*out > UNICODE_MAX)
			return true;
		digits++;
	}
	return true;
}

static bool is_octal(Str t)
{
	return t.len > 0 && t.p[0] >= '0' && t.p[0] <= '7';
}

// A backslash and what follows it, as one character.
static bool parse_escape(Parser *p, Str *t, uint32_t *out)
{
	static const char letters[] = "afnrtv", values[] = "\a\f\n\r\t\v";
	Str whole = *t;
	const char *letter;
	bool known = false;
	uint32_t c;

	*t = str_from(*t, 1);
	if (t->len == 0)
		return fail(p, "trailing backslash at end of expression", S(""));
	if (!next_rune(p, t, &c))
		return false;
	if (c == '0' || (c >= '1' && c <= '7' && is_octal(*t))) {
		*out = c - '0';
		for (int i = 1; i < 3 && is_octal(*t); i++) {
			*out = *out * 8 + (uint32_t)(t->p[0] - '0');
			*t = str_from(*t, 1);
		}
		return true;
	}
	if (c == 'x') {
		if (!parse_hex(p, t, out, &known))
			return false;
		if (known)
			return true;
	} else if (c < 0x80 && !is_alnum(c)) {
		*out = c;
		return true;
	} else if (c < 0x80 && (letter = strchr(letters, (int)c)) != NULL) {
		*out = (uint32_t)values[letter - letters];
		return true;
	}
	return fail(p, "invalid escape sequence", before(whole, *t));
}

// Classes.

typedef struct NamedClass {
	const char *name, *ranges; // pairs of bytes
	unsigned char bytes;
} NamedClass;

#define RANGES(literal) (literal), sizeof(literal) - 1

static const NamedClass named_classes[] = {
	{"d", RANGES("09")},           {"s", RANGES("\t\n\f\r  ")},
	{"w", RANGES("09AZ__az")},     {"alnum", RANGES("09AZaz")},
	{"alpha", RANGES("AZaz")},     {"ascii", RANGES("\0\x7f")},
	{"blank", RANGES("\t\t  ")},   {"cntrl", RANGES("\0\x1f\x7f\x7f")},
	{"digit", RANGES("09")},       {"graph", RANGES("!~")},
	{"lower", RANGES("az")},       {"print", RANGES(" ~")},
	{"punct", RANGES("!/:@[`{~")}, {"space", RANGES("\t\r  ")},
	{"upper", RANGES("AZ")},       {"word", RANGES("09AZ__az")},
	{"xdigit", RANGES("09AFaf")},
};

#define NAMED_CLASS_COUNT (sizeof named_classes / sizeof named_classes[0])

static bool add_named_class(Parser *p, RuneSet *set, Str name, bool negated)
{
	for (size_t i = 0; i < NAMED_CLASS_COUNT; i++) {
		const NamedClass *class = &named_classes[i];
		RuneSet ranges = {NULL, 0, 0};

		if (!str_is(name, class->name))
			continue;
		for (size_t j = 0; j < class->bytes; j++)
			set_push(p->arena, &ranges, (unsigned char)class->ranges[j]);
		set_add_group(p, set, &ranges, negated);
		return true;
	}
	return false;
}

// \d \D \s \S \w \W; false where *t is none of them.
static bool parse_perl_class(Parser *p, Str *t, RuneSet *set)
{
	char lower;

	if (t->len < 2 || t->p[0] != '\\' || strchr("dDsSwW", t->p[1]) == NULL || t->p[1] == '\0')
		return false;
	lower = (char)(t->p[1] | 0x20);
	add_named_class(p, set, str_n(&lower, 1), t->p[1] != lower);
	*t = str_from(*t, 2);
	return true;
}

// [:name:] or [:^name:]. *found is false where *t is not of that form.
static bool parse_posix_class(Parser *p, Str *t, RuneSet *set, bool *found)
{
	size_t end = p->no_posix_end ? STR_NONE : str_find(str_from(*t, 2), S(":]"));
	Str name;
	bool negated;

	*found = false;
	p->no_posix_end = end == STR_NONE;
	if (end == STR_NONE)
		return true;
	name = str_slice(*t, 2, end + 2);
	negated = name.len > 0 && name.p[0] == '^';
	name = str_from(name, negated);
	// The one-letter names are Perl's.
	if (name.len < 2 || !add_named_class(p, set, name, negated))
		return fail(p, "invalid character class range", str_to(*t, end + 4));
	*t = str_from(*t, end + 4);
	*found = true;
	return true;
}

// Go compares names without '_', '-' and ' ', the first letter large, the others small.
static Str canonical_name(Arena *arena, Str name)
{
	Buf buf = buf_new(arena);

	for (size_t i = 0; i < name.len; i++) {
		char c = name.p[i];

		if (c == '_' || c == '-' || c == ' ')
			continue;
		if (buf.len == 0 && c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		else if (buf.len > 0 && c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		buf_byte(&buf, c);
	}
	return buf_view(&buf);
}

typedef struct CategoryAlias {
	const char *name, *category;
} CategoryAlias;

static const CategoryAlias category_aliases[] = {
	{"Casedletter", "Lc"},
	{"Closepunctuation", "Pe"},
	{"Cntrl", "Cc"},
	{"Combiningmark", "M"},
	{"Connectorpunctuation", "Pc"},
	{"Control", "Cc"},
	{"Currencysymbol", "Sc"},
	{"Dashpunctuation", "Pd"},
	{"Decimalnumber", "Nd"},
	{"Digit", "Nd"},
	{"Enclosingmark", "Me"},
	{"Finalpunctuation", "Pf"},
	{"Format", "Cf"},
	{"Initialpunctuation", "Pi"},
	{"Letter", "L"},
	{"Letternumber", "Nl"},
	{"Lineseparator", "Zl"},
	{"Lowercaseletter", "Ll"},
	{"Mark", "M"},
	{"Mathsymbol", "Sm"},
	{"Modifierletter", "Lm"},
	{"Modifiersymbol", "Sk"},
	{"Nonspacingmark", "Mn"},
	{"Number", "N"},
	{"Openpunctuation", "Ps"},
	{"Other", "C"},
	{"Otherletter", "Lo"},
	{"Othernumber", "No"},
	{"Otherpunctuation", "Po"},
	{"Othersymbol", "So"},
	{"Paragraphseparator", "Zp"},
	{"Privateuse", "Co"},
	{"Punct", "P"},
	{"Punctuation", "P"},
	{"Separator", "Z"},
	{"Spaceseparator", "Zs"},
	{"Spacingmark", "Mc"},
	{"Surrogate", "Cs"},
	{"Symbol", "S"},
	{"Titlecaseletter", "Lt"},
	{"Unassigned", "Cn"},
	{"Uppercaseletter", "Lu"},
};

static void add_class(void *context, const UnicodeClass *class)
{
	SetTarget *target = context;

	for (size_t i = 0; i < class->count; i++)
		set_add(target->arena, target->set, class->ranges[i].first, class->ranges[i].last);
}

// What no category holds: Cn is the complement of all others.
static void add_unassigned(Arena *arena, RuneSet *set)
{
	RuneSet all = {NULL, 0, 0};
	SetTarget target = {arena, &all};

	for (const char *letter = "LMNPSZC"; *letter != '\0'; letter++)
		unicode_each_category(*letter, add_class, &target);
	set_add(arena, &all, 0xD800, 0xDFFF);
	set_clean(&all);
	set_add_set(arena, set, &all, true);
}

static bool add_unicode_class(Parser *p, RuneSet *set, Str name)
{
	SetTarget target = {p->arena, set};
	const UnicodeClass *class = unicode_class(name);

	if (class != NULL) {
		add_class(&target, class);
	} else if (str_is(name, "Any")) {
		set_add(p->arena, set, 0, UNICODE_MAX);
	} else if (str_is(name, "Ascii")) {
		set_add(p->arena, set, 0, 0x7F);
	} else if (str_is(name, "Cs")) {
		set_add(p->arena, set, 0xD800, 0xDFFF);
	} else if (str_is(name, "Cn")) {
		add_unassigned(p->arena, set);
	} else if (str_is(name, "Assigned")) {
		RuneSet unassigned = {NULL, 0, 0};

		add_unassigned(p->arena, &unassigned);
		set_add_set(p->arena, set, &unassigned, true);
	} else if (str_is(name, "Lc")) {
		add_class(&target, unicode_class(S("Lu")));
		add_class(&target, unicode_class(S("Ll")));
		add_class(&target, unicode_class(S("Lt")));
	} else if (name.len == 1 && strchr("LMNPSZC", name.p[0]) != NULL && name.p[0] != '\0') {
		unicode_each_category(name.p[0], add_class, &target);
		if (name.p[0] == 'C') {
			set_add(p->arena, set, 0xD800, 0xDFFF);
			add_unassigned(p->arena, set);
		}
	} else {
		return false;
	}
	return true;
}

static bool add_unicode_name(Parser *p, RuneSet *set, Str name)
{
	name = canonical_name(p->arena, name);
	if (add_unicode_class(p, set, name))
		return true;
	for (size_t i = 0; i < sizeof category_aliases / sizeof category_aliases[0]; i++) {
		if (str_is(name, category_aliases[i].name))
			return add_unicode_class(p, set, str_c(category_aliases[i].category));
	}
	return false;
}

// \pL, \p{Greek}, \P{^Greek}. *found is false where *t does not begin so.
static bool parse_unicode_class(Parser *p, Str *t, RuneSet *set, bool *found)
{
	RuneSet class = {NULL, 0, 0};
	bool negated;
	Str rest, name, whole;
	uint32_t c;

	*found = false;
	if (t->len < 2 || t->p[0] != '\\' || (t->p[1] != 'p' && t->p[1] != 'P'))
		return true;
	negated = t->p[1] == 'P';
	rest = str_from(*t, 2);
	if (!next_rune(p, &rest, &c))
		return false;
	if (c != '{') {
		whole = before(*t, rest);
		name = str_from(whole, 2);
	} else {
		size_t end = str_find_byte(*t, '}');

		if (end == STR_NONE)
			return check_utf8(p, *t) && fail(p, "invalid character class range", *t);
		whole = str_to(*t, end + 1);
		rest = str_from(*t, end + 1);
		name = str_slice(*t, 3, end);
		if (!check_utf8(p, name))
			return false;
	}
	if (name.len > 0 && name.p[0] == '^') {
		negated = !negated;
		name = str_from(name, 1);
	}
	if (!add_unicode_name(p, &class, name))
		return fail(p, "invalid character class range", whole);
	set_clean(&class);
	set_add_group(p, set, &class, negated);
	*t = rest;
	*found = true;
	return true;
}

static bool parse_class_rune(Parser *p, Str *t, Str whole, uint32_t *out)
{
	if (t->len == 0)
		return fail(p, "missing closing ]", whole);
	if (t->p[0] == '\\')
		return parse_escape(p, t, out);
	return next_rune(p, t, out);
}

// A character or a range of them within brackets.
static bool parse_class_range(Parser *p, Str *t, Str whole, RuneSet *set)
{
	Str start = *t;
	uint32_t first, last;

	if (!parse_class_rune(p, t, whole, &first))
		return false;
	last = first;
	if (t->len >= 2 && t->p[0] == '-' && t->p[1] != ']') {
		*t = str_from(*t, 1);
		if (!parse_class_rune(p, t, whole, &last))
			return false;
		if (last < first)
			return fail(p, "invalid character class range", before(start, *t));
	}
	if (p->flags & FLAG_FOLD)
		set_add_folded(p->arena, set, first, last);
	else
		set_add(p->arena, set, first, last);
	return true;
}

static bool parse_class_item(Parser *p, Str *t, Str whole, RuneSet *set)
{
	bool found = false;

	if (t->len > 2 && t->p[0] == '[' && t->p[1] == ':') {
		if (!parse_posix_class(p, t, set, &found))
			return false;
		if (found)
			return true;
	}
	if (!parse_unicode_class(p, t, set, &found))
		return false;
	return found || parse_perl_class(p, t, set) || parse_class_range(p, t, whole, set);
}

static bool parse_class(Parser *p, Str *t)
{
	RegexNode *node = node_new(p, RX_CLASS);
	RuneSet set = {NULL, 0, 0};
	Str whole = *t;
	bool negated, first = true;

	*t = str_from(*t, 1);
	negated = t->len > 0 && t->p[0] == '^';
	if (negated)
		*t = str_from(*t, 1);
	while (t->len == 0 || t->p[0] != ']' || first) {
		first = false;
		if (!parse_class_item(p, t, whole, &set))
			return false;
	}
	*t = str_from(*t, 1);
	set_clean(&set);
	if (negated)
		set_add_set(p->arena, &node->runes, &set, true);
	else
		node->runes = set;
	push(p, node);
	return true;
}

// \Q...\E: all that is between stands for itself.
static bool parse_quoted(Parser *p, Str *t)
{
	Str rest = str_from(*t, 2);
	Str text = rest;
	size_t end = str_find(rest, S("\\E"));
	uint32_t rune;

	if (end != STR_NONE)
		text = str_to(rest, end);
	*t = end == STR_NONE ? str_from(rest, rest.len) : str_from(rest, end + 2);
	while (text.len > 0) {
		if (!next_rune(p, &text, &rune))
			return false;
		push_literal(p, rune);
	}
	return true;
}

static bool parse_backslash(Parser *p, Str *t)
{
	RegexNode *class;
	bool found = false;
	uint32_t rune;
	char c = t->len >= 2 ? t->p[1] : '\0';

	if (c == 'A' || c == 'b' || c == 'B' || c == 'z') {
		push_op(p, c == 'A'   ? RX_BEGIN_TEXT
		           : c == 'z' ? RX_END_TEXT
		           : c == 'b' ? RX_WORD_BOUNDARY
		                      : RX_NO_WORD_BOUNDARY);
		*t = str_from(*t, 2);
		return true;
	}
	if (c == 'C') // any byte: Go refuses it
		return fail(p, "invalid escape sequence", str_to(*t, 2));
	if (c == 'Q')
		return parse_quoted(p, t);
	class = node_new(p, RX_CLASS);
	if (!parse_unicode_class(p, t, &class->runes, &found))
		return false;
	if (found || parse_perl_class(p, t, &class->runes)) {
		push(p, class);
		return true;
	}
	if (!parse_escape(p, t, &rune))
		return false;
	push_literal(p, rune);
	return true;
}

// One step: an operator, a group's end, a character. *repeat becomes the operator's text where it
// was one.
static bool parse_step(Parser *p, Str *t, Str last, Str *repeat)
{
	bool multiline = (p->flags & FLAG_MULTILINE) != 0;
	Str start = *t;
	uint32_t rune;

	switch (t->p[0]) {
	case '(':
		return parse_left_paren(p, t);
	case '[':
		return parse_class(p, t);
	case '\\':
		return parse_backslash(p, t);
	case '{':
		return parse_brace(p, t, last, repeat);
	case '*':
	case '+':
	case '?': {
		RegexOp op = t->p[0] == '*' ? RX_STAR : t->p[0] == '+' ? RX_PLUS : RX_QUEST;

		*repeat = start;
		*t = str_from(*t, 1);
		return parse_repeat_op(p, (Repeat){op, 0, 0}, start, t, last);
	}
	case '|':
		parse_bar(p);
		break;
	case ')':
		if (!parse_right_paren(p))
			return false;
		break;
	case '^':
		push_op(p, multiline ? RX_BEGIN_LINE : RX_BEGIN_TEXT);
		break;
	case '$':
		push_op(p, multiline ? RX_END_LINE : RX_END_TEXT);
		break;
	case '.':
		push_op(p, p->flags & FLAG_DOT_NL ? RX_ANY : RX_ANY_NOT_NL);
		break;
	default:
		if (!next_rune(p, t, &rune))
			return false;
		push_literal(p, rune);
		return true;
	}
	*t = str_from(start, 1);
	return true;
}

// Limits stop the parse at once, whatever else is wrong further on.
static bool within_limits(Parser *p)
{
	if (p->too_large)
		return fail(p, "expression too large", p->pattern);
	if (p->too_deep)
		return fail(p, "expression nests too deeply", p->pattern);
	return true;
}

bool regex_parse(Arena *arena, Str pattern, RegexTree *out, Diag *diag)
{
	Parser p = {.arena = arena, .diag = diag, .pattern = pattern, .tree = out};
	Str t = pattern, last = S("");

	*out = (RegexTree){NULL, 0, NULL};
	while (t.len > 0) {
		Str repeat = S("");
		bool parsed = parse_step(&p, &t, last, &repeat);

		if (p.too_large || p.too_deep) {
			diag->set = false;
			return within_limits(&p);
		}
		if (!parsed)
			return false;
		last = repeat;
	}
	close_alternation(&p);
	if (!within_limits(&p))
		return false;
	if (p.stack_len != 1)
		return fail(&p, "missing closing )", pattern);
	out->root = p.stack[0];
	return true;
}
