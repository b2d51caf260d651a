// A reader of shell scripts: recursive descent over the bytes, since the shell's tokens depend on where they stand.

#include "k8s/shell.h"

#include <string.h>

// Deeper nesting than any script has; a hostile one ends there.
#define DEPTH_LIMIT 100

typedef struct Pending { // a here-document whose body begins after this line
	ShellRedirect *redirect;
	ShellNode *owner;
	size_t index; // of the redirect in its owner
	Str end;
	bool strip, quoted;
} Pending;

typedef struct Shell {
	Arena *arena;
	Str s;
	size_t at;
	int depth;
	bool broken;
	Pending *pending;
	size_t pending_count, pending_cap;
} Shell;

static ShellNode *parse_list(Shell *sh);
static ShellWord *parse_word(Shell *sh);
static ShellNode *parse_and_or(Shell *sh);

static bool at_end(const Shell *sh)
{
	return sh->at >= sh->s.len;
}

static char peek_at(const Shell *sh, size_t ahead)
{
	return sh->at + ahead < sh->s.len ? sh->s.p[sh->at + ahead] : '\0';
}

static char peek(const Shell *sh)
{
	return peek_at(sh, 0);
}

static bool name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool name_char(char c)
{
	return name_start(c) || (c >= '0' && c <= '9');
}

static bool is_meta(char c)
{
	return c != '\0' && strchr(" \t\r\n;&|<>()", c) != NULL;
}

// A quote, a dollar sign, a backslash: what is not a word's plain text.
static bool opens_part(char c)
{
	return c != '\0' && strchr("'\"`$\\", c) != NULL;
}

static ShellNode *node_new_at(Shell *sh, ShellKind kind, size_t offset)
{
	ShellNode *node = ARENA_NEW(sh->arena, ShellNode);
	node->kind = kind;
	node->offset = offset;
	return node;
}

static void add_child(Shell *sh, ShellNode *node, ShellNode *child)
{
	VEC_PUSH(sh->arena, node->children, node->count, node->cap) = child;
}

static ShellPart *add_part(Shell *sh, ShellWord *word, ShellPartKind kind, Str text, size_t offset)
{
	ShellPart *part = &VEC_PUSH(sh->arena, word->parts, word->count, word->cap);
	*part = (ShellPart){.kind = kind, .text = text, .offset = offset};
	return part;
}

// Reads the bodies of the here-documents whose line has just ended.
static void read_documents(Shell *sh)
{
	for (size_t i = 0; i < sh->pending_count; i++) {
		Pending *doc = &sh->pending[i];
		size_t start = sh->at, end = sh->s.len;
		Str rest = str_from(sh->s, sh->at), line;
		ShellWord *body = ARENA_NEW(sh->arena, ShellWord);

		while (str_line(&rest, &line)) {
			Str text = line;
			while (doc->strip && text.len && text.p[0] == '\t')
				text = str_from(text, 1);
			if (str_eq(str_trim_ascii(text), doc->end)) {
				end = (size_t)(line.p - sh->s.p);
				break;
			}
		}
		body->offset = start;
		add_part(sh, body, SHELL_LITERAL, str_slice(sh->s, start, end), start);
		doc->owner->redirects[doc->index].target = body;
		sh->at = end;
		while (!at_end(sh) && peek(sh) != '\n')
			sh->at++;
		if (!at_end(sh))
			sh->at++;
	}
	sh->pending_count = 0;
}

static void newline(Shell *sh)
{
	sh->at++;
	if (sh->pending_count)
		read_documents(sh);
}

// Spaces, joined lines and comments; not the end of the line.
static void skip_blank(Shell *sh)
{
	for (;;) {
		char c = peek(sh);
		if (at_end(sh))
			return;
		if (c == ' ' || c == '\t' || c == '\r') {
			sh->at++;
		} else if (c == '\\' && peek_at(sh, 1) == '\n') {
			sh->at += 2;
		} else if (c == '#') {
			while (!at_end(sh) && peek(sh) != '\n')
				sh->at++;
		} else {
			return;
		}
	}
}

static void skip_space(Shell *sh)
{
	for (;;) {
		skip_blank(sh);
		if (at_end(sh) || peek(sh) != '\n')
			return;
		newline(sh);
	}
}

// The bare word at the current place, without reading it: for reserved words.
static Str bare_word(const Shell *sh)
{
	size_t end = sh->at;

	while (end < sh->s.len && !is_meta(sh->s.p[end]))
		end++;
	return str_slice(sh->s, sh->at, end);
}

static bool take_reserved(Shell *sh, const char *word)
{
	skip_space(sh);
	if (!str_is(bare_word(sh), word))
		return false;
	sh->at += strlen(word);
	return true;
}

static bool is_closing(Str word)
{
	static const char *const closing[] = {"then", "do",   "done", "fi",
	                                      "else", "elif", "esac", "}"};

	for (size_t i = 0; i < sizeof closing / sizeof *closing; i++)
		if (str_is(word, closing[i]))
			return true;
	return false;
}

// From behind an opening bracket to behind its partner; quotes and nested brackets are respected.
static Str bracketed(Shell *sh, char open, char close)
{
	size_t start = sh->at, level = 1;

	while (!at_end(sh)) {
		char c = peek(sh);
		if (c == '\\' && sh->at + 1 < sh->s.len) {
			sh->at += 2;
			continue;
		}
		if (c == '\'' || (c == '"' && open == '(')) {
			size_t end = sh->at + 1;
			while (end < sh->s.len && sh->s.p[end] != c)
				end += c == '"' && sh->s.p[end] == '\\' ? 2 : 1;
			sh->at = end < sh->s.len ? end + 1 : sh->s.len;
			continue;
		}
		sh->at++;
		if (c == open)
			level++;
		if (c == close && --level == 0)
			return str_slice(sh->s, start, sh->at - 1);
	}
	sh->broken = true;
	return str_from(sh->s, start);
}

// A part of the script read on its own, with offsets that count from the script's start.
static ShellNode *parse_inside(Shell *sh, Str text)
{
	Shell inner = *sh;
	ShellNode *node;

	if (sh->depth >= DEPTH_LIMIT) {
		sh->broken = true;
		return NULL;
	}
	inner.s = str_to(sh->s, (size_t)(text.p - sh->s.p) + text.len);
	inner.at = (size_t)(text.p - sh->s.p);
	inner.depth = sh->depth + 1;
	inner.pending = NULL;
	inner.pending_count = inner.pending_cap = 0;
	node = parse_list(&inner);
	return node;
}

static ShellWord *word_inside(Shell *sh, Str text)
{
	Shell inner = *sh;
	ShellWord *word = ARENA_NEW(sh->arena, ShellWord);

	word->offset = (size_t)(text.p - sh->s.p);
	if (sh->depth >= DEPTH_LIMIT)
		return word;
	inner.s = str_to(sh->s, word->offset + text.len);
	inner.at = word->offset;
	inner.depth = sh->depth + 1;
	inner.pending_count = 0;
	while (!at_end(&inner)) {
		ShellWord *part = parse_word(&inner);
		for (size_t i = 0; i < part->count; i++)
			*add_part(sh, word, SHELL_LITERAL, S(""), 0) = part->parts[i];
		if (!at_end(&inner)) {
			add_part(sh, word, SHELL_LITERAL,
			         str_slice(inner.s, inner.at, inner.at + 1), inner.at);
			inner.at++;
		}
	}
	return word;
}

// ${...}: a name and perhaps an operator with its word.
static void parse_braces(Shell *sh, ShellWord *word, size_t offset, bool quoted)
{
	static const char *const ops[] = {":-", ":=", ":?", ":+", "%%", "##", "//", "-",
	                                  "=",  "?",  "+",  "%",  "#",  "/",  ",,", "^^"};
	Str inside = bracketed(sh, '{', '}'), rest;
	size_t end = 0;
	ShellPart *part;

	if (inside.len > 1 && inside.p[0] == '!' && name_start(inside.p[1])) { // ${!NAME}
		part = add_part(sh, word, SHELL_VARIABLE, str_from(inside, 1), offset);
		part->op = str_to(inside, 1);
		part->quoted = quoted;
		return;
	}

	while (end < inside.len && name_char(inside.p[end]))
		end++;
	rest = str_from(inside, end);
	part = add_part(sh, word, SHELL_VARIABLE, str_to(inside, end), offset);
	part->quoted = quoted;
	if (!rest.len && end)
		return;
	if (end && (str_is(rest, "[@]") || str_is(rest, "[*]"))) { // every item of an array
		part->quoted = false;
		return;
	}
	for (size_t i = 0; end && i < sizeof ops / sizeof *ops; i++) {
		if (!str_has_prefix(rest, str_c(ops[i])))
			continue;
		part->op = str_to(rest, strlen(ops[i]));
		part->word = word_inside(sh, str_from(rest, strlen(ops[i])));
		return;
	}
	part->kind = SHELL_UNKNOWN;
}

// What follows a dollar sign.
static void parse_dollar(Shell *sh, ShellWord *word, bool quoted)
{
	size_t offset = sh->at++;
	char c = peek(sh);

	if (c == '{') {
		sh->at++;
		parse_braces(sh, word, offset, quoted);
	} else if (c == '(' && peek_at(sh, 1) == '(') {
		sh->at++;
		bracketed(sh, '(', ')');
		add_part(sh, word, SHELL_UNKNOWN, S(""), offset)->quoted = quoted;
	} else if (c == '(') {
		Str inside;
		ShellPart *part;
		ShellNode *command;
		sh->at++;
		inside = bracketed(sh, '(', ')');
		command = parse_inside(sh, inside);
		part = add_part(sh, word, SHELL_COMMAND, inside, offset);
		part->quoted = quoted;
		part->command = command;
	} else if (name_start(c)) {
		size_t start = sh->at;
		while (!at_end(sh) && name_char(peek(sh)))
			sh->at++;
		add_part(sh, word, SHELL_VARIABLE, str_slice(sh->s, start, sh->at), offset)
			->quoted = quoted;
	} else if (c != '\0' && strchr("0123456789@*#?$!-", c)) {
		add_part(sh, word, SHELL_VARIABLE, str_slice(sh->s, sh->at, sh->at + 1), offset)
			->quoted = quoted;
		sh->at++;
	} else {
		add_part(sh, word, SHELL_LITERAL, S("$"), offset)->quoted = quoted;
	}
}

static void parse_backticks(Shell *sh, ShellWord *word, bool quoted)
{
	size_t offset = sh->at++, start = sh->at;
	Str inside;
	ShellNode *command;
	ShellPart *part;

	while (!at_end(sh) && peek(sh) != '`')
		sh->at += peek(sh) == '\\' ? 2 : 1;
	inside = str_slice(sh->s, start, sh->at);
	sh->at++;
	command = parse_inside(sh, inside);
	part = add_part(sh, word, SHELL_COMMAND, inside, offset);
	part->quoted = quoted;
	part->command = command;
}

static void parse_double_quotes(Shell *sh, ShellWord *word)
{
	size_t start = ++sh->at;

	// "" is a word, too.
	add_part(sh, word, SHELL_LITERAL, str_slice(sh->s, start, start), start)->quoted = true;
	while (!at_end(sh) && peek(sh) != '"') {
		char c = peek(sh);
		if (c != '\\' && c != '$' && c != '`') {
			sh->at++;
			continue;
		}
		if (sh->at > start)
			add_part(sh, word, SHELL_LITERAL, str_slice(sh->s, start, sh->at), start)
				->quoted = true;
		if (c == '$') {
			parse_dollar(sh, word, true);
			start = sh->at;
		} else if (c == '`') {
			parse_backticks(sh, word, true);
			start = sh->at;
		} else {
			char next = peek_at(sh, 1);
			start = sh->at + (next != '\0' && strchr("$`\"\\", next) != NULL ? 1 : 0);
			sh->at += 2;
			if (next == '\n')
				start = sh->at;
		}
	}
	if (sh->at > sh->s.len)
		sh->at = sh->s.len;
	if (sh->at > start)
		add_part(sh, word, SHELL_LITERAL, str_slice(sh->s, start, sh->at), start)->quoted =
			true;
	if (at_end(sh))
		sh->broken = true;
	else
		sh->at++;
}

static void parse_single_quotes(Shell *sh, ShellWord *word)
{
	size_t start = ++sh->at;

	while (!at_end(sh) && peek(sh) != '\'')
		sh->at++;
	add_part(sh, word, SHELL_LITERAL, str_slice(sh->s, start, sh->at), start)->quoted = true;
	if (at_end(sh))
		sh->broken = true;
	else
		sh->at++;
}

// A word: everything up to the next unquoted space or operator.
static ShellWord *parse_word(Shell *sh)
{
	ShellWord *word = ARENA_NEW(sh->arena, ShellWord);

	word->offset = sh->at;
	while (!at_end(sh) && !is_meta(peek(sh))) {
		char c = peek(sh);
		if (c == '\'') {
			parse_single_quotes(sh, word);
		} else if (c == '"') {
			parse_double_quotes(sh, word);
		} else if (c == '`') {
			parse_backticks(sh, word, false);
		} else if (c == '$' && peek_at(sh, 1) == '\'') {
			sh->at++;
			parse_single_quotes(sh, word);
		} else if (c == '$') {
			parse_dollar(sh, word, false);
		} else if (c == '\\') {
			sh->at++;
			if (peek(sh) != '\n' && !at_end(sh))
				add_part(sh, word, SHELL_LITERAL,
				         str_slice(sh->s, sh->at, sh->at + 1), sh->at)
					->quoted = true;
			if (!at_end(sh))
				sh->at++;
		} else {
			size_t start = sh->at;
			while (!at_end(sh) && !is_meta(peek(sh)) && !opens_part(peek(sh)))
				sh->at++;
			add_part(sh, word, SHELL_LITERAL, str_slice(sh->s, start, sh->at), start);
		}
	}
	return word;
}

// NAME= or NAME+= at the current place: the length of the name, or 0.
static size_t assignment_name(const Shell *sh)
{
	size_t end = sh->at;

	if (end >= sh->s.len || !name_start(sh->s.p[end]))
		return 0;
	while (end < sh->s.len && name_char(sh->s.p[end]))
		end++;
	if (end + 1 < sh->s.len && sh->s.p[end] == '+' && sh->s.p[end + 1] == '=')
		return end - sh->at;
	return end < sh->s.len && sh->s.p[end] == '=' ? end - sh->at : 0;
}

// NAME=(a b c): its words joined by spaces.
static ShellWord *parse_array(Shell *sh)
{
	ShellWord *all = ARENA_NEW(sh->arena, ShellWord);

	all->offset = sh->at++;
	for (;;) {
		ShellWord *word;
		skip_space(sh);
		if (at_end(sh))
			return all;
		if (is_meta(peek(sh))) {
			if (sh->s.p[sh->at++] == ')')
				return all;
			continue;
		}
		word = parse_word(sh);
		if (all->count)
			add_part(sh, all, SHELL_LITERAL, S(" "), word->offset);
		for (size_t i = 0; i < word->count; i++)
			*add_part(sh, all, SHELL_LITERAL, S(""), 0) = word->parts[i];
	}
}

static void parse_assign(Shell *sh, ShellNode *node, size_t name_len)
{
	ShellAssign *assign =
		&VEC_PUSH(sh->arena, node->assigns, node->assign_count, node->assign_cap);
	Str name = str_slice(sh->s, sh->at, sh->at + name_len);

	sh->at += name_len;
	*assign = (ShellAssign){.name = name, .adds = peek(sh) == '+'};
	sh->at += assign->adds ? 2 : 1;
	assign->value = peek(sh) == '(' ? parse_array(sh) : parse_word(sh);
}

// Whether a redirection stands here, perhaps with a number before it.
static bool at_redirect(const Shell *sh)
{
	size_t at = sh->at;

	while (at < sh->s.len && sh->s.p[at] >= '0' && sh->s.p[at] <= '9')
		at++;
	if (at < sh->s.len && (sh->s.p[at] == '<' || sh->s.p[at] == '>'))
		return true;
	return peek(sh) == '&' && peek_at(sh, 1) == '>';
}

// The end marker of a here-document, as text.
static Str word_text(Shell *sh, const ShellWord *word)
{
	Str text = S("");

	for (size_t i = 0; i < word->count; i++)
		text = str_concat(sh->arena, text, word->parts[i].text);
	return text;
}

static void parse_redirect(Shell *sh, ShellNode *node)
{
	ShellRedirect *redirect =
		&VEC_PUSH(sh->arena, node->redirects, node->redirect_count, node->redirect_cap);
	size_t start;

	while (peek(sh) >= '0' && peek(sh) <= '9')
		sh->at++;
	if (peek(sh) == '&')
		sh->at++;
	start = sh->at;
	while (!at_end(sh) && (peek(sh) == '<' || peek(sh) == '>') && sh->at - start < 3)
		sh->at++;
	*redirect = (ShellRedirect){.op = str_slice(sh->s, start, sh->at)};
	if (str_is(redirect->op, "<<")) {
		Pending *doc =
			&VEC_PUSH(sh->arena, sh->pending, sh->pending_count, sh->pending_cap);
		*doc = (Pending){.owner = node, .index = node->redirect_count - 1};
		if (peek(sh) == '-') {
			doc->strip = true;
			sh->at++;
		}
		skip_blank(sh);
		doc->end = word_text(sh, parse_word(sh));
		return;
	}
	if (peek(sh) == '&' || peek(sh) == '|')
		sh->at++;
	if (peek(sh) == '(') { // process substitution
		ShellNode *inner;
		sh->at++;
		inner = parse_inside(sh, bracketed(sh, '(', ')'));
		if (inner)
			add_child(sh, node, inner);
		return;
	}
	skip_blank(sh);
	redirect = &node->redirects[node->redirect_count - 1];
	redirect->target = parse_word(sh);
}

// [[ ... ]]: operators inside are words of the test.
static void parse_test(Shell *sh, ShellNode *node)
{
	for (;;) {
		ShellWord *word;
		skip_space(sh);
		if (at_end(sh))
			return;
		if (is_meta(peek(sh))) {
			word = ARENA_NEW(sh->arena, ShellWord);
			word->offset = sh->at;
			add_part(sh, word, SHELL_LITERAL, str_slice(sh->s, sh->at, sh->at + 1),
			         sh->at);
			sh->at++;
		} else {
			word = parse_word(sh);
		}
		VEC_PUSH(sh->arena, node->words, node->word_count, node->word_cap) = word;
		if (word->count == 1 && str_is(word->parts[0].text, "]]"))
			return;
	}
}

static void parse_redirects(Shell *sh, ShellNode *node)
{
	skip_blank(sh);
	while (!at_end(sh) && at_redirect(sh)) {
		parse_redirect(sh, node);
		skip_blank(sh);
	}
}

static ShellNode *parse_function(Shell *sh, Str name, size_t offset)
{
	ShellNode *node = node_new_at(sh, SHELL_FUNCTION, offset);

	node->name = name;
	skip_space(sh);
	add_child(sh, node, parse_and_or(sh));
	return node;
}

static ShellNode *parse_simple(Shell *sh)
{
	ShellNode *node = node_new_at(sh, SHELL_SIMPLE, sh->at);

	for (;;) {
		size_t name_len;
		ShellWord *word;
		skip_blank(sh);
		if (at_end(sh))
			return node;
		if (at_redirect(sh)) {
			parse_redirect(sh, node);
			continue;
		}
		if (peek(sh) == '(' && node->word_count == 1 && !node->assign_count) {
			size_t close = sh->at + 1;
			while (close < sh->s.len && sh->s.p[close] == ' ')
				close++;
			if (close < sh->s.len && sh->s.p[close] == ')') {
				sh->at = close + 1;
				return parse_function(sh, word_text(sh, node->words[0]),
				                      node->offset);
			}
		}
		if (is_meta(peek(sh)))
			return node;
		name_len = node->word_count ? 0 : assignment_name(sh);
		if (name_len) {
			parse_assign(sh, node, name_len);
			continue;
		}
		word = parse_word(sh);
		VEC_PUSH(sh->arena, node->words, node->word_count, node->word_cap) = word;
		if (node->word_count == 1 && word->count == 1 &&
		    str_is(word->parts[0].text, "[[")) {
			parse_test(sh, node);
			return node;
		}
	}
}

static ShellNode *parse_loop(Shell *sh, ShellKind kind, size_t offset)
{
	ShellNode *node = node_new_at(sh, kind, offset);

	add_child(sh, node, parse_list(sh));
	if (!take_reserved(sh, "do"))
		sh->broken = true;
	add_child(sh, node, parse_list(sh));
	if (!take_reserved(sh, "done"))
		sh->broken = true;
	return node;
}

static ShellNode *parse_for(Shell *sh, size_t offset)
{
	ShellNode *node = node_new_at(sh, SHELL_FOR, offset);

	skip_blank(sh);
	if (peek(sh) == '(') { // for ((i = 0; ...))
		sh->at++;
		bracketed(sh, '(', ')');
	} else {
		node->name = bare_word(sh);
		sh->at += node->name.len;
		if (take_reserved(sh, "in")) {
			skip_blank(sh);
			while (!at_end(sh) && !is_meta(peek(sh))) {
				ShellWord *word = parse_word(sh);
				VEC_PUSH(sh->arena, node->words, node->word_count, node->word_cap) =
					word;
				skip_blank(sh);
			}
		}
	}
	skip_blank(sh);
	if (peek(sh) == ';')
		sh->at++;
	if (!take_reserved(sh, "do"))
		sh->broken = true;
	add_child(sh, node, parse_list(sh));
	if (!take_reserved(sh, "done"))
		sh->broken = true;
	return node;
}

static ShellNode *parse_if(Shell *sh, size_t offset)
{
	ShellNode *node = node_new_at(sh, SHELL_IF, offset);

	add_child(sh, node, parse_list(sh));
	if (!take_reserved(sh, "then"))
		sh->broken = true;
	add_child(sh, node, parse_list(sh));
	skip_space(sh);
	if (str_is(bare_word(sh), "elif") && sh->depth < DEPTH_LIMIT) {
		size_t at = sh->at;
		sh->at += 4;
		sh->depth++;
		add_child(sh, node, parse_if(sh, at)); // takes the common fi
		sh->depth--;
		return node;
	}
	if (take_reserved(sh, "else"))
		add_child(sh, node, parse_list(sh));
	if (!take_reserved(sh, "fi"))
		sh->broken = true;
	return node;
}

static ShellNode *parse_case(Shell *sh, size_t offset)
{
	ShellNode *node = node_new_at(sh, SHELL_CASE, offset);

	skip_blank(sh);
	VEC_PUSH(sh->arena, node->words, node->word_count, node->word_cap) = parse_word(sh);
	if (!take_reserved(sh, "in"))
		sh->broken = true;
	for (;;) {
		size_t before;
		skip_space(sh);
		if (at_end(sh)) {
			sh->broken = true;
			return node;
		}
		if (take_reserved(sh, "esac"))
			return node;
		while (!at_end(sh) && peek(sh) != ')')
			sh->at++;
		if (!at_end(sh))
			sh->at++;
		before = sh->at;
		add_child(sh, node, parse_list(sh));
		while (peek(sh) == ';' || peek(sh) == '&')
			sh->at++;
		if (sh->at == before && !at_end(sh) && !str_is(bare_word(sh), "esac"))
			sh->at++;
	}
}

static ShellNode *parse_group(Shell *sh, size_t offset, bool braces)
{
	ShellNode *node = node_new_at(sh, SHELL_GROUP, offset);

	add_child(sh, node, parse_list(sh));
	skip_space(sh);
	if (braces ? !take_reserved(sh, "}") : peek(sh) != ')')
		sh->broken = true;
	else if (!braces)
		sh->at++;
	return node;
}

static ShellNode *parse_compound(Shell *sh, Str word, size_t offset)
{
	if (peek(sh) == '(') {
		if (peek_at(sh, 1) == '(') { // (( arithmetic ))
			ShellNode *node = node_new_at(sh, SHELL_SIMPLE, offset);
			sh->at++;
			bracketed(sh, '(', ')');
			return node;
		}
		sh->at++;
		return parse_group(sh, offset, false);
	}
	sh->at += word.len;
	if (str_is(word, "{"))
		return parse_group(sh, offset, true);
	if (str_is(word, "while"))
		return parse_loop(sh, SHELL_WHILE, offset);
	if (str_is(word, "until"))
		return parse_loop(sh, SHELL_UNTIL, offset);
	if (str_is(word, "for") || str_is(word, "select"))
		return parse_for(sh, offset);
	if (str_is(word, "if"))
		return parse_if(sh, offset);
	if (str_is(word, "case"))
		return parse_case(sh, offset);
	if (str_is(word, "function")) {
		Str name;
		skip_blank(sh);
		name = bare_word(sh);
		sh->at += name.len;
		skip_blank(sh);
		if (peek(sh) == '(') {
			sh->at++;
			bracketed(sh, '(', ')');
		}
		return parse_function(sh, name, offset);
	}
	sh->at = offset;
	return NULL;
}

static ShellNode *parse_command(Shell *sh)
{
	size_t offset;
	ShellNode *node;

	skip_blank(sh);
	offset = sh->at;
	if (sh->depth >= DEPTH_LIMIT) {
		sh->broken = true;
		sh->at = sh->s.len;
		return node_new_at(sh, SHELL_SIMPLE, offset);
	}
	if (str_is(bare_word(sh), "!")) {
		sh->at++;
		node = node_new_at(sh, SHELL_NOT, offset);
		sh->depth++;
		add_child(sh, node, parse_command(sh));
		sh->depth--;
		return node;
	}
	sh->depth++;
	node = parse_compound(sh, bare_word(sh), offset);
	sh->depth--;
	if (!node)
		return parse_simple(sh);
	parse_redirects(sh, node);
	return node;
}

static ShellNode *parse_pipe(Shell *sh)
{
	ShellNode *first = parse_command(sh), *pipe;

	skip_blank(sh);
	if (peek(sh) != '|' || peek_at(sh, 1) == '|')
		return first;
	pipe = node_new_at(sh, SHELL_PIPE, first->offset);
	add_child(sh, pipe, first);
	while (peek(sh) == '|' && peek_at(sh, 1) != '|') {
		sh->at += peek_at(sh, 1) == '&' ? 2 : 1;
		skip_space(sh);
		if (at_end(sh))
			break;
		add_child(sh, pipe, parse_command(sh));
		skip_blank(sh);
	}
	return pipe;
}

static ShellNode *parse_and_or(Shell *sh)
{
	ShellNode *left = parse_pipe(sh);

	for (;;) {
		ShellNode *node;
		bool and;
		skip_blank(sh);
		and = peek(sh) == '&' && peek_at(sh, 1) == '&';
		if (!and&&!(peek(sh) == '|' && peek_at(sh, 1) == '|'))
			return left;
		sh->at += 2;
		skip_space(sh);
		node = node_new_at(sh, and? SHELL_AND : SHELL_OR, left->offset);
		add_child(sh, node, left);
		add_child(sh, node, parse_pipe(sh));
		left = node;
	}
}

// Commands up to a closing word or bracket.
static ShellNode *parse_list(Shell *sh)
{
	ShellNode *list = node_new_at(sh, SHELL_LIST, sh->at);

	for (;;) {
		ShellNode *command;
		size_t before;
		skip_space(sh);
		if (at_end(sh) || peek(sh) == ')' || is_closing(bare_word(sh)))
			return list;
		if (peek(sh) == ';' && peek_at(sh, 1) == ';')
			return list;
		if (peek(sh) == ';' || peek(sh) == '&' || peek(sh) == '|') {
			sh->at++;
			continue;
		}
		before = sh->at;
		command = parse_and_or(sh);
		add_child(sh, list, command);
		skip_blank(sh);
		if (peek(sh) == '&' && peek_at(sh, 1) != '&')
			command->background = true;
		if (sh->at == before) {
			sh->broken = true;
			sh->at++;
		}
	}
}

bool shell_is_script(Str name, Str text)
{
	Str first = text;

	return str_has_suffix(name, S(".sh")) || str_has_suffix(name, S(".bash")) ||
	       (str_has_prefix(text, S("#!")) && str_line(&text, &first) &&
	        str_has_suffix(first, S("sh")));
}

ShellNode *shell_parse(Arena *arena, Str script, bool *complete)
{
	Shell sh = {.arena = arena, .s = script};
	ShellNode *all = parse_list(&sh);

	// A stray closing word or bracket: what follows is still worth reading.
	while (!at_end(&sh)) {
		size_t before = sh.at;
		ShellNode *more;
		sh.broken = true;
		sh.at += bare_word(&sh).len;
		if (sh.at == before)
			sh.at++;
		more = parse_list(&sh);
		for (size_t i = 0; i < more->count; i++)
			add_child(&sh, all, more->children[i]);
	}
	if (complete)
		*complete = !sh.broken;
	return all;
}
