// Taking credentials out of what is shown.

#include "lint/mask.h"

#include "k8s/credential.h"
#include "k8s/secrets.h"
#include "lint/held.h"

#include <stdlib.h>
#include <string.h>

#define MASK "********"

// Shorter texts are everyday words.
#define NOTED_LEAST   5
#define MESSAGE_LEAST 8
// A line whose search takes more bytes than this for each of its own was made to take them: the rest of it is taken out.
#define SEARCH_FACTOR 64
// What stands behind a credential's name and is longer is taken out unseen.
#define VALUE_SEEN 512

// Noted texts, found in a line in time that does not grow with their number: by their first bytes, then by their lengths.
typedef struct Lengths {
	size_t *items; // longest first
	size_t len, cap;
} Lengths;

struct Noted {
	Str *items;
	size_t len, cap;
	Map *texts;
	Map *starts; // the first NOTED_LEAST bytes to the Lengths of those that begin so
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '.';
}

static struct Noted *noted_of(Lint *lint)
{
	if (!lint->noted) {
		lint->noted = ARENA_NEW(lint->arena, struct Noted);
		lint->noted->texts = map_new(lint->arena, &TYPE_ANY_MAP);
		lint->noted->starts = map_new(lint->arena, &TYPE_ANY_MAP);
	}
	return lint->noted;
}

static void add_length(Arena *arena, Lengths *lengths, size_t len)
{
	size_t at = 0;

	while (at < lengths->len && lengths->items[at] > len)
		at++;
	if (at < lengths->len && lengths->items[at] == len)
		return;
	VEC_PUSH(arena, lengths->items, lengths->len, lengths->cap) = len;
	for (size_t i = lengths->len - 1; i > at; i--)
		lengths->items[i] = lengths->items[i - 1];
	lengths->items[at] = len;
}

static void note_text(Lint *lint, Str text)
{
	struct Noted *noted = noted_of(lint);
	Str start = str_to(text, NOTED_LEAST);
	Lengths *lengths;

	if (text.len < NOTED_LEAST || map_get(noted->texts, text))
		return;
	map_set(lint->arena, noted->texts, text, value_bool(true));
	VEC_PUSH(lint->arena, noted->items, noted->len, noted->cap) = text;
	lengths = table_get(noted->starts, start);
	if (!lengths) {
		lengths = ARENA_NEW(lint->arena, Lengths);
		table_put(lint->arena, noted->starts, start, lengths);
	}
	add_length(lint->arena, lengths, text.len);
}

// As quoted scalars of YAML and JSON spell it: "a\"b", 'a''b'.
static void note_quoted(Lint *lint, Str text)
{
	Buf twice = buf_new(lint->arena), escaped = buf_new(lint->arena);

	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '\'')
			buf_byte(&twice, '\'');
		if (text.p[i] == '"' || text.p[i] == '\\')
			buf_byte(&escaped, '\\');
		buf_byte(&twice, text.p[i]);
		buf_byte(&escaped, text.p[i]);
	}
	if (twice.len > text.len)
		note_text(lint, buf_view(&twice));
	if (escaped.len > text.len)
		note_text(lint, buf_view(&escaped));
}

static void note(Lint *lint, Str text)
{
	Str line;

	if (str_find_byte(text, '\n') == STR_NONE) {
		note_text(lint, text);
		note_quoted(lint, text);
		return;
	}
	while (str_line(&text, &line))
		if (line.len >= 16)
			note(lint, str_trim_ascii(line));
}

static void note_named(Lint *lint, Str name, Str value, Str raw)
{
	Credential found = credential_find(name, value);

	if (found.kind == CREDENTIAL_NONE && !(secret_is_name(name) && credential_value(value)))
		return;
	note(lint, value);
	note(lint, raw);
}

void mask_take(Lint *lint, const Lint *other)
{
	const struct Noted *known = noted_of(lint), *noted = other->noted;

	for (size_t i = 0; noted && i < noted->len; i++)
		if (!map_get(known->texts, noted->items[i]))
			note(lint, str_copy(lint->arena, noted->items[i]));
}

void mask_collect(Lint *lint)
{
	const Model *model = lint->model;

	for (size_t i = 0; i < model->resources.len; i++) {
		const Node *data = node_at(model->resources.items[i]->node, "data");
		const Node *plain = node_at(model->resources.items[i]->node, "stringData");
		if (!str_is(model->resources.items[i]->kind, "Secret"))
			continue;
		for (size_t j = 0; data && data->kind == NODE_MAPPING && j < node_count(data);
		     j++) {
			Str decoded = S(""), raw = node_text(node_value(data, j));
			const Node *node;
			Resource *resource;
			note(lint, raw);
			if (model_key_text(model, true, model->resources.items[i]->ns,
			                   model->resources.items[i]->name,
			                   node_text(node_key(data, j)), &decoded, &node,
			                   &resource))
				note_named(lint, node_text(node_key(data, j)), decoded, raw);
		}
		for (size_t j = 0; plain && plain->kind == NODE_MAPPING && j < node_count(plain);
		     j++)
			note_named(lint, node_text(node_key(plain, j)),
			           node_text(node_value(plain, j)), S(""));
	}
	for (size_t i = 0; i < model->workloads.len; i++)
		for (size_t j = 0; j < model->workloads.items[i]->container_count; j++) {
			const Container *container = &model->workloads.items[i]->containers[j];
			for (size_t k = 0; k < container->env_count; k++)
				if (container->env[k].source == ENV_VALUE)
					note_named(lint, container->env[k].name,
					           container->env[k].value, S(""));
			for (size_t k = 0; k + 1 < container->arg_count; k++) // --password x
				note_named(lint, node_text(container->args[k]),
				           node_text(container->args[k + 1]), S(""));
			for (size_t k = 0; k + 1 < container->command_count; k++)
				note_named(lint, node_text(container->command[k]),
				           node_text(container->command[k + 1]), S(""));
		}
	for (size_t i = 0; i < model->addresses.len; i++)
		note(lint, model->addresses.items[i]->password);
	held_collect(lint);
	for (size_t i = 0; i < lint->held_count; i++)
		note(lint, lint->held[i].text);
	for (size_t i = 0; i < lint->written_count; i++)
		note(lint, lint->written[i].text);
}

// --- what is taken out of a line ---

typedef struct Cuts {
	Arena *arena;
	MaskCut *items;
	size_t len, cap;
} Cuts;

static void cut(Cuts *cuts, size_t start, size_t end)
{
	if (start < end)
		VEC_PUSH(cuts->arena, cuts->items, cuts->len, cuts->cap) = (MaskCut){start, end};
}

static bool ends_value(Str line, size_t at, size_t end)
{
	return at && strchr(" \"'=:", line.p[at - 1]) != NULL &&
	       (end == line.len || strchr(" \"',}", line.p[end]) != NULL);
}

// A short text may be a part of a word by chance; behind -p it is what mysql takes for a password.
static bool stands_alone(Str line, size_t at, size_t end)
{
	if (end < line.len && is_word(line.p[end]))
		return false;
	return !at || !is_word(line.p[at - 1]) ||
	       (at > 2 && line.p[at - 1] == 'p' && line.p[at - 2] == '-');
}

// A well-known default is an everyday word, too: only as a whole value, and not in a message, which may be about it.
static bool counts_here(Str line, size_t at, size_t end, bool message)
{
	Str noted = str_slice(line, at, end);

	if (noted.len < MESSAGE_LEAST && (message || !stands_alone(line, at, end)))
		return false;
	return (!message && ends_value(line, at, end)) || !credential_is_default(noted);
}

// Noted texts; short ones where they stand alone, and not in a message.
static void cut_noted(const Lint *lint, Str line, bool message, Cuts *cuts)
{
	const struct Noted *noted = lint->noted;
	size_t left = SEARCH_FACTOR * (line.len + SEARCH_FACTOR);

	for (size_t at = 0; noted && at + NOTED_LEAST <= line.len; at++) {
		const Lengths *lengths =
			table_get(noted->starts, str_slice(line, at, at + NOTED_LEAST));
		for (size_t i = 0; lengths && i < lengths->len; i++) {
			size_t len = lengths->items[i];
			if (len > line.len - at)
				continue;
			if (len > left) {
				cut(cuts, at, line.len);
				return;
			}
			left -= len;
			if (!map_get(noted->texts, str_slice(line, at, at + len)) ||
			    !counts_here(line, at, at + len, message))
				continue;
			cut(cuts, at, at + len);
			break;
		}
	}
}

// Where the value ends that begins at byte `start`: behind escapes and doubled quotes where it is quoted.
static size_t value_end(Str line, size_t start, char quote)
{
	size_t end = start;

	while (end < line.len) {
		char c = line.p[end];
		bool doubled = c == '\'' && end + 1 < line.len && line.p[end + 1] == '\'';
		if (quote ? c == quote && !(quote == '\'' && doubled) : strchr(" ,}]", c) != NULL)
			break;
		end += (quote == '"' && c == '\\') || (quote == '\'' && doubled) ? 2 : 1;
	}
	return end < line.len ? end : line.len;
}

static bool is_named(Str line, size_t sign)
{
	size_t start = sign, end;
	Str name;

	while (start && strchr("\"' ", line.p[start - 1]) != NULL)
		start--;
	end = start;
	while (start && is_word(line.p[start - 1]))
		start--;
	name = str_slice(line, start, end);
	return name.len && (secret_is_name(name) || credential_name(name));
}

// name: value and name=value, wherever they stand in a line.
static void cut_named(Str line, Cuts *cuts)
{
	size_t known_end =
		0; // of the last value without quotes: one that begins in it ends there, too

	for (size_t at = 0; at < line.len; at++) {
		size_t start = at + 1, end, action;
		char quote = '\0';
		Str value;
		if ((line.p[at] != ':' && line.p[at] != '=') || !is_named(line, at))
			continue;
		while (start < line.len && line.p[start] == ' ')
			start++;
		if (start < line.len && strchr("\"'", line.p[start]) != NULL)
			quote = line.p[start++];
		end = !quote && start < known_end ? known_end : value_end(line, start, quote);
		known_end = quote ? known_end : end;
		value = str_slice(line, start, end);
		if (value.len < 3 || strchr("{[&*|>", value.p[0]) != NULL)
			continue;
		action = str_find(value, S("{{"));
		if (action != STR_NONE) {
			at = start + action;
			continue;
		}
		if (value.len <= VALUE_SEEN && !credential_value(value) &&
		    !credential_is_default(value))
			continue;
		cut(cuts, start, end);
		at = end - 1;
	}
}

static void cut_urls(Str line, Cuts *cuts)
{
	for (size_t from = 0;;) {
		size_t at = str_find(str_from(line, from), S("://")), end, sign, colon;
		Str authority;
		if (at == STR_NONE)
			return;
		at += from + 3;
		end = at;
		while (end < line.len && strchr("/ \"'\t", line.p[end]) == NULL)
			end++;
		from = end;
		authority = str_slice(line, at, end);
		sign = str_rfind(authority, S("@"));
		colon = str_find_byte(authority, ':');
		if (sign == STR_NONE || colon == STR_NONE || colon > sign ||
		    str_contains(authority, S("{{")) || str_contains(authority, S("$(")))
			continue;
		cut(cuts, at + colon + 1, at + sign);
	}
}

static int compare_cuts(const void *a, const void *b)
{
	const MaskCut *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

// In order, and those that overlap as one.
static void join_cuts(Cuts *cuts)
{
	size_t kept = 0;

	if (cuts->len)
		qsort(cuts->items, cuts->len, sizeof *cuts->items, compare_cuts);
	for (size_t i = 0; i < cuts->len; i++) {
		MaskCut next = cuts->items[i], *last = kept ? &cuts->items[kept - 1] : NULL;
		if (!last || next.start >= last->end)
			cuts->items[kept++] = next;
		else if (next.end > last->end)
			last->end = next.end;
	}
	cuts->len = kept;
}

static MaskedLine take_out(Str line, Cuts *cuts)
{
	Buf buf = buf_new(cuts->arena);
	size_t from = 0;

	if (!cuts->len)
		return (MaskedLine){.text = line};
	join_cuts(cuts);
	for (size_t i = 0; i < cuts->len; i++) {
		buf_str(&buf, str_slice(line, from, cuts->items[i].start));
		buf_c(&buf, MASK);
		from = cuts->items[i].end;
	}
	buf_str(&buf, str_from(line, from));
	return (MaskedLine){buf_view(&buf), cuts->items, cuts->len};
}

MaskedLine mask_line(Lint *lint, Str line)
{
	Cuts cuts = {.arena = lint->arena};
	Credential found;

	cut_noted(lint, line, false, &cuts);
	cut_named(line, &cuts);
	cut_urls(line, &cuts);
	for (size_t from = 0; credential_next(line, from, false, &found);
	     from = found.at + found.len + !found.len)
		cut(&cuts, found.at, found.at + found.len);
	return take_out(line, &cuts);
}

size_t mask_column(const MaskedLine *masked, size_t column)
{
	size_t shift = 0, at = column ? column - 1 : 0;

	for (size_t i = 0; i < masked->cut_count && masked->cuts[i].start < at; i++) {
		const MaskCut *c = &masked->cuts[i];
		if (at < c->end)
			return c->start + shift + 1;
		shift += sizeof MASK - 1 - (c->end - c->start); // modulo: it may shrink
	}
	return at + shift + 1;
}

Str mask_message(Lint *lint, Str message)
{
	Cuts cuts = {.arena = lint->arena};

	cut_noted(lint, message, true, &cuts);
	return take_out(message, &cuts).text;
}
