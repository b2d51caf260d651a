// Words of a shell script to texts whose pieces remember where they were written.

#include "k8s/walk.h"

#include <string.h>

static const ToolWord *find_var(const Walk *w, Str name)
{
	for (size_t i = w->var_count; i > 0; i--)
		if (str_eq(w->vars[i - 1].name, name))
			return &w->vars[i - 1].value;
	return NULL;
}

void walk_set(Walk *w, Str name, ToolWord value)
{
	for (size_t i = w->var_count; i > 0; i--)
		if (str_eq(w->vars[i - 1].name, name)) {
			w->vars[i - 1].value = value;
			return;
		}
	VEC_PUSH(w->model->arena, w->vars, w->var_count, w->var_cap) = (ShellVar){name, value};
}

// --- Expansion: words to texts that remember their places.

void word_append(Walk *w, ToolWord *word, Str text, size_t offset, const Node *node,
                 Resource *resource)
{
	if (word->text.len && word->text.len + text.len > WORD_LIMIT)
		text = S(""); // x=$x$x again and again
	VEC_PUSH(w->model->arena, word->pieces, word->count, word->cap) =
		(ToolPiece){word->text.len, offset, node, resource};
	word->text = word->text.len ? str_concat(w->model->arena, word->text, text) : text;
}

void word_append_unknown(Walk *w, ToolWord *word, size_t offset)
{
	static const char text[] = {MODEL_UNKNOWN, '\0'};

	word_append(w, word, str_c(text), offset, NULL, NULL);
}

size_t word_offset(const ToolWord *word, size_t fallback)
{
	return word->count ? word->pieces[0].offset : fallback;
}

void word_append_word(Walk *w, ToolWord *word, const ToolWord *more, size_t offset)
{
	size_t base = word->text.len;

	if (base && base + more->text.len > WORD_LIMIT)
		return;
	for (size_t i = 0; i < more->count; i++) {
		ToolPiece piece = more->pieces[i];
		piece.start += base;
		VEC_PUSH(w->model->arena, word->pieces, word->count, word->cap) = piece;
	}
	if (!more->count)
		VEC_PUSH(w->model->arena, word->pieces, word->count, word->cap) =
			(ToolPiece){.start = base, .offset = offset};
	word->text =
		word->text.len ? str_concat(w->model->arena, word->text, more->text) : more->text;
}

bool walk_variable(Walk *w, Str name, size_t offset, ToolWord *out)
{
	const ToolWord *var = find_var(w, name);
	const Node *node = NULL;
	Resource *resource = NULL;
	Str text;

	*out = (ToolWord){0};
	if (var) {
		*out = *var;
		return true;
	}
	if (model_env(w->model, w->container, name, &text, &node, &resource)) {
		word_append(w, out, text, offset, node, resource);
		return true;
	}
	if (model_env_has(w->model, w->container, name) || w->container->env_from_count ||
	    (name.len && name.p[0] <= '9')) {
		word_append_unknown(w, out, offset);
		return true;
	}
	return false;
}

// --- ${NAME} and what may stand behind the name ---

// Longer values are not cut: patterns are held against every part of them.
#define CUT_LIMIT 1024

// Patterns of the shell: * and ?; what stands in brackets is not understood.
static bool glob_matches(Str pattern, Str text)
{
	size_t p = 0, t = 0, star = STR_NONE, resume = 0;

	while (t < text.len) {
		if (p < pattern.len && pattern.p[p] == '*') {
			star = p++;
			resume = t;
		} else if (p < pattern.len && (pattern.p[p] == '?' || pattern.p[p] == text.p[t])) {
			p++;
			t++;
		} else if (star != STR_NONE) {
			p = star + 1;
			t = ++resume;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.p[p] == '*')
		p++;
	return p == pattern.len;
}

// ${X#pattern} and kin: the shortest or longest part at the beginning or the end goes.
static bool cut_pattern(Walk *w, ToolWord *value, Str pattern, bool at_end, bool longest)
{
	size_t len = value->text.len;

	if (len > CUT_LIMIT || str_find_byte(pattern, '[') != STR_NONE ||
	    str_find_byte(pattern, MODEL_UNKNOWN) != STR_NONE)
		return false;
	for (size_t i = 0; i <= len; i++) {
		size_t cut = longest ? len - i : i; // bytes that go
		Str part = at_end ? str_from(value->text, len - cut) : str_to(value->text, cut);
		if (!glob_matches(pattern, part))
			continue;
		*value = at_end ? word_slice(w, value, 0, len - cut)
		                : word_slice(w, value, cut, len);
		return true;
	}
	return true;
}

// ${X/old/new}, ${X//old/new}: an exact text for another.
static void replace_text(Walk *w, ToolWord *value, Str both, bool every)
{
	size_t slash = str_find_byte(both, '/'), at, from = 0;
	Str old = str_to(both, slash), new = slash == STR_NONE ? S("") : str_from(both, slash + 1);

	while (old.len && value->text.len < WORD_LIMIT &&
	       (at = str_find(str_from(value->text, from), old)) != STR_NONE) {
		Str head = str_to(value->text, from + at),
		    tail = str_from(value->text, from + at + old.len);
		value->text =
			str_concat(w->model->arena, str_concat(w->model->arena, head, new), tail);
		from += at + new.len;
		if (!every)
			break;
	}
}

// ${X,,} and ${X^^}
static void change_case(Walk *w, ToolWord *value, bool lower)
{
	Buf buf = buf_new(w->model->arena);

	for (size_t i = 0; i < value->text.len; i++) {
		char c = value->text.p[i];
		buf_byte(&buf, lower ? ascii_lower(c) : c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
	}
	value->text = buf_view(&buf);
}

// What an operator makes of a value that is set. False where only running it would tell.
static bool change_value(Walk *w, const ShellPart *part, ToolWord *value)
{
	char op = part->op.p[part->op.len - 1];
	bool doubled = part->op.len > 1;
	Str argument = walk_expand(w, part->word).text, name = value->text;

	switch (op) {
	case '%':
	case '#':
		return cut_pattern(w, value, argument, op == '%', doubled);
	case '/':
		replace_text(w, value, argument, doubled);
		return true;
	case ',':
	case '^':
		change_case(w, value, op == ',');
		return true;
	case '!': // ${!NAME}: the variable that is called so
		return walk_variable(w, name, part->offset, value);
	default:
		return true;
	}
}

// $X_SERVICE_HOST of a service that is not there: nothing sets it, and what the script means by it is known.
static bool expand_missing_service(Walk *w, const ShellPart *part, ToolWord *out)
{
	Str what, service = model_service_of_variable(w->model->arena, part->text, &what);

	if (!service.len)
		return false;
	if (str_is(what, "HOST"))
		word_append(w, out, service, part->offset, NULL, NULL);
	else
		word_append_unknown(w, out, part->offset);
	return true;
}

static void expand_variable(Walk *w, const ShellPart *part, ToolWord *out)
{
	ToolWord value;
	bool set = walk_variable(w, part->text, part->offset, &value);
	char op = part->op.len ? part->op.p[part->op.len - 1] : '\0';
	bool empty_too = part->op.len && part->op.p[0] == ':';

	if (!set && !part->op.len && expand_missing_service(w, part, out))
		return;
	if (!set && w->container->kind == CONTAINER_MAIN && !part->op.len) {
		word_append_unknown(w, out, part->offset); // the image may set it
	} else if ((op == '-' || op == '=') && (!set || (empty_too && !value.text.len))) {
		value = walk_expand(w, part->word);
		word_append_word(w, out, &value, part->offset);
	} else if (op == '+') {
		if (set && value.text.len)
			value = walk_expand(w, part->word);
		word_append_word(w, out, &value, part->offset);
	} else if (set && op && op != '-' && op != '=' && !change_value(w, part, &value)) {
		word_append_unknown(w, out, part->offset);
	} else if (set) {
		word_append_word(w, out, &value, part->offset);
	}
}

// $(NAME) of Kubernetes, or a command whose output is not known, but for a few that only print.
static void expand_command(Walk *w, const ShellPart *part, ToolWord *out)
{
	ToolPiece source = {0};
	ToolWord value;
	Str text;

	if (model_env_has(w->model, w->container, part->text) &&
	    walk_variable(w, part->text, part->offset, &value)) {
		word_append_word(w, out, &value, part->offset);
		return;
	}
	if (expand_missing_service(w, part, out))
		return;
	if (part->command && part->command->count == 1 &&
	    walk_output(w, part->command->children[0], STR_NONE, &text, &source))
		word_append(w, out, text, source.node ? source.offset : part->offset, source.node,
		            source.resource);
	else
		word_append_unknown(w, out, part->offset);
}

ToolWord walk_expand(Walk *w, const ShellWord *word)
{
	ToolWord out = {0};

	if (!word || w->depth > DEPTH_LIMIT || w->steps > STEP_LIMIT)
		return out;
	w->depth++;
	w->steps++;
	for (size_t i = 0; i < word->count && w->steps++ < STEP_LIMIT; i++) {
		const ShellPart *part = &word->parts[i];
		if (part->kind == SHELL_LITERAL)
			word_append(w, &out, part->text, part->offset, NULL, NULL);
		else if (part->kind == SHELL_VARIABLE)
			expand_variable(w, part, &out);
		else if (part->kind == SHELL_COMMAND)
			expand_command(w, part, &out);
		else
			word_append_unknown(w, &out, part->offset);
	}
	w->depth--;
	return out;
}

ToolWord word_slice(Walk *w, const ToolWord *word, size_t start, size_t end)
{
	ToolWord part = {.text = str_slice(word->text, start, end)};

	for (size_t i = 0; i < word->count; i++) {
		ToolPiece piece = word->pieces[i];
		size_t next = i + 1 < word->count ? word->pieces[i + 1].start : word->text.len + 1;
		if (next <= start || piece.start >= end)
			continue;
		if (piece.start < start) {
			piece.offset += piece.node ? 0 : start - piece.start;
			piece.start = 0;
		} else {
			piece.start -= start;
		}
		VEC_PUSH(w->model->arena, part.pieces, part.count, part.cap) = piece;
	}
	return part;
}

void walk_split(Walk *w, const ToolWord *whole, Words *out)
{
	const ToolWord *ifs = find_var(w, S("IFS"));
	Str separators = ifs ? ifs->text : S(" \t\n");
	size_t start = 0;

	for (size_t i = 0; i <= whole->text.len; i++) {
		if (i < whole->text.len && str_find_byte(separators, whole->text.p[i]) == STR_NONE)
			continue;
		if (i > start)
			VEC_PUSH(w->model->arena, out->items, out->len, out->cap) =
				word_slice(w, whole, start, i);
		start = i + 1;
	}
}

void walk_expand_split(Walk *w, const ShellWord *word, Words *out)
{
	ToolWord whole = walk_expand(w, word);
	bool splits = false;

	for (size_t i = 0; i < word->count; i++)
		splits |= word->parts[i].kind != SHELL_LITERAL &&
		          (!word->parts[i].quoted || str_is(word->parts[i].text, "@"));
	if (splits)
		walk_split(w, &whole, out);
	else
		VEC_PUSH(w->model->arena, out->items, out->len, out->cap) = whole;
}

const ShellWord *walk_input(const ShellNode *node)
{
	for (size_t i = 0; i < node->redirect_count; i++)
		if (str_is(node->redirects[i].op, "<<<") || str_is(node->redirects[i].op, "<<"))
			return node->redirects[i].target;
	return NULL;
}
