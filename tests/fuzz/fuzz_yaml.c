// Reading YAML: any bytes end in documents or one error, and what was read can be written and reads
// the same.

#include "data/json.h"
#include "data/text.h"
#include "data/yaml.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
	if (!ok)
		abort();
}

static bool as_json(Arena *arena, const Value *v, Str *out)
{
	Diag diag = diag_new(arena);
	Text text = text_new(arena, false);

	if (!json_write(&text, v, (JsonStyle){0}, &diag))
		return false;
	*out = text_str(&text);
	return true;
}

// What toYaml writes, fromYaml reads back: the same value.
static void check_value(Arena *arena, const Value *v)
{
	YamlValueOptions options = {.ints = true};
	Diag diag = diag_new(arena);
	Text yaml = text_new(arena, false);
	Str before, after;
	Value again;

	if (!as_json(arena, v, &before) || !yaml_write_value(&yaml, v, &diag))
		return;
	// go-yaml writes some strings so that they come back changed (NEL, spaces around LS): only
	// that it reads counts where such bytes are about.
	must(yaml_read_value(arena, text_str(&yaml), &options, &again, &diag));
	must(as_json(arena, &again, &after));
	for (size_t i = 0; i < before.len; i++) {
		if ((unsigned char)before.p[i] >= 0x7F ||
		    (before.p[i] == '\\' && before.p[i + 1] != 'n'))
			return;
	}
	// Minus zero loses its sign, as Helm's does.
	if (!str_contains(before, S("-0")))
		must(str_eq(before, after));
}

static void check_values(Arena *arena, Str text)
{
	for (int i = 0; i < 4; i++) {
		YamlValueOptions options = {.yaml.traced = i & 1, .strict = i & 2, .ints = true};
		Diag diag = diag_new(arena);
		Value v;

		if (!yaml_read_value(arena, text, &options, &v, &diag))
			must(diag.set && diag.message.len > 0);
		else if (i == 0)
			check_value(arena, &v);
	}
}

// The fast walk and the full reading agree on what is an error.
static void check_head(Arena *arena, Str text)
{
	YamlValueOptions options = {.ints = true, .head = true};
	Diag diag = diag_new(arena), full = diag_new(arena);
	YamlHead head;
	Value v;

	bool ok = yaml_scan_head(arena, text, &head, &diag);
	bool read = yaml_read_value(arena, text, &options, &v, &full);
	if (!read)
		must(!ok && str_eq(diag.message, full.message));
	else if (!ok)
		must(str_contains(diag.message, S("error unmarshaling JSON")));
}

static void check_nodes(Arena *arena, Str text, bool comments)
{
	YamlOptions options = {.comments = comments, .v3 = true};
	Diag diag = diag_new(arena);
	Node **documents;
	size_t count;

	if (!yaml_read_all(arena, text, &options, &documents, &count, &diag))
		must(diag.set && diag.message.len > 0);
	for (size_t i = 0; i < count; i++) {
		Buf out = buf_new(arena);
		Value v;
		Diag ignored = diag_new(arena);

		must(node_equal(documents[i], node_copy(arena, documents[i])));
		node_to_json_value(arena, documents[i], &v, &ignored);
		yaml_write_node(&out, documents[i], &ignored);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *volatile arena = arena_new((size_t)256 << 20);

	if (!arena)
		return 0;
	if (setjmp(*arena_trap(arena))) {
		arena_free(arena);
		return 0;
	}
	char *copy = arena_alloc(arena, size ? size : 1);
	if (size)
		memcpy(copy, data, size);
	Str text = str_n(copy, size);
	check_values(arena, text);
	check_head(arena, text);
	check_nodes(arena, text, false);
	check_nodes(arena, text, true);
	arena_free(arena);
	return 0;
}
