// Taking credentials out of what is shown.

#include "lint/mask.h"

#include "k8s/credential.h"
#include "k8s/secrets.h"
#include "lint/held.h"

#include <string.h>

// Shorter texts are everyday words.
#define NOTED_LEAST   5
#define MESSAGE_LEAST 8
// Noted texts that one line is searched for: more are the work of an attacker, or a dump of a cluster.
#define NOTED_LIMIT 2000

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '.';
}

static void note_text(Lint *lint, Str text)
{
	if (text.len < NOTED_LEAST || lint->noted_count >= NOTED_LIMIT ||
	    map_get(lint->noted_index, text))
		return;
	map_set(lint->arena, lint->noted_index, text, value_bool(true));
	VEC_PUSH(lint->arena, lint->noted, lint->noted_count, lint->noted_cap) = text;
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
	if (!lint->noted_index)
		lint->noted_index = map_new(lint->arena, &TYPE_ANY_MAP);
	for (size_t i = 0; i < other->noted_count; i++)
		if (!map_get(lint->noted_index, other->noted[i]))
			note(lint, str_copy(lint->arena, other->noted[i]));
}

void mask_collect(Lint *lint)
{
	const Model *model = lint->model;

	if (!lint->noted_index)
		lint->noted_index = map_new(lint->arena, &TYPE_ANY_MAP);
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

static Str replace(Lint *lint, Str text, size_t at, size_t len)
{
	Buf buf = buf_new(lint->arena);

	buf_str(&buf, str_to(text, at));
	buf_c(&buf, "********");
	buf_str(&buf, str_from(text, at + len));
	return buf_view(&buf);
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

// Noted texts; short ones where they stand alone.
static Str mask_noted(Lint *lint, Str line, size_t least)
{
	for (size_t i = 0; i < lint->noted_count; i++) {
		Str noted = lint->noted[i];
		size_t from = 0, at;
		if (noted.len < least || noted.len > line.len)
			continue;
		while ((at = str_find(str_from(line, from), noted)) != STR_NONE) {
			size_t end = from + at + noted.len;
			at += from;
			from = end;
			if (noted.len < MESSAGE_LEAST && !stands_alone(line, at, end))
				continue;
			// A well-known default is an everyday word, too: only as a whole value.
			if (credential_is_default(noted) && !ends_value(line, at, end))
				continue;
			line = replace(lint, line, at, noted.len);
			from = at + 8;
		}
	}
	return line;
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

// name: value and name=value, wherever they stand in a line.
static Str mask_named(Lint *lint, Str line)
{
	for (size_t at = 0; at < line.len; at++) {
		size_t name, start, end;
		char quote = '\0';
		Str value;
		if (line.p[at] != ':' && line.p[at] != '=')
			continue;
		name = at;
		while (name && strchr("\"' ", line.p[name - 1]) != NULL)
			name--;
		end = name;
		while (name && is_word(line.p[name - 1]))
			name--;
		if (end == name || !(secret_is_name(str_slice(line, name, end)) ||
		                     credential_name(str_slice(line, name, end))))
			continue;
		start = at + 1;
		while (start < line.len && line.p[start] == ' ')
			start++;
		if (start < line.len && strchr("\"'", line.p[start]) != NULL)
			quote = line.p[start++];
		end = value_end(line, start, quote);
		value = str_slice(line, start, end);
		if (value.len < 3 || strchr("{[&*|>", value.p[0]) != NULL ||
		    str_contains(value, S("{{")) ||
		    (!credential_value(value) && !credential_is_default(value)))
			continue;
		line = replace(lint, line, start, end - start);
		at = start + 7;
	}
	return line;
}

static Str mask_urls(Lint *lint, Str line)
{
	for (size_t from = 0;;) {
		size_t at = str_find(str_from(line, from), S("://")), end, sign, colon;
		Str authority;
		if (at == STR_NONE)
			return line;
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
		line = replace(lint, line, at + colon + 1, sign - colon - 1);
		from = at + colon + 9;
	}
}

Str mask_line(Lint *lint, Str line)
{
	Credential found;

	line = mask_noted(lint, line, NOTED_LEAST);
	line = mask_named(lint, line);
	line = mask_urls(lint, line);
	for (size_t from = 0; credential_next(line, from, false, &found); from = found.at + 8)
		line = replace(lint, line, found.at, found.len);
	return line;
}

Str mask_message(Lint *lint, Str message)
{
	Str masked = message;

	for (size_t i = 0; i < lint->noted_count; i++) {
		if (lint->noted[i].len < MESSAGE_LEAST || credential_is_default(lint->noted[i]))
			continue;
		if (str_contains(masked, lint->noted[i]))
			return mask_noted(lint, masked, MESSAGE_LEAST);
	}
	return masked;
}
