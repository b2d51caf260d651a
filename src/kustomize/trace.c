#include "kustomize/trace.h"

#include "data/text.h"
#include "data/yaml.h"

#include <stdlib.h>
#include <string.h>

typedef struct Tracer {
	Arena *arena;
	Str printed;
	size_t at; // bytes of `printed` that are done
	Text out;
	Str last; // the last word with an origin
} Tracer;

// The first text below a node that has an origin.
static Str first_written(const Node *node)
{
	if (node->value.origin)
		return node->value;
	for (size_t i = 0; i < node->len; i++) {
		Str found = first_written(node->children[i]);
		if (found.origin)
			return found;
	}
	return S("");
}

// `printed` up to byte `end` was made from the text.
static void write_as(Tracer *t, size_t end, Str text)
{
	text_write_as(&t->out, str_slice(t->printed, t->at, end), text);
	t->at = end;
}

static void write_plain(Tracer *t, size_t end)
{
	text_write(&t->out, str_slice(t->printed, t->at, end));
	t->at = end;
}

// What lies between the runs of a word: quotes and indents are nobody's, escapes belong to who wrote the byte behind.
static void write_between(Tracer *t, size_t end, Str text)
{
	bool dressing = true;

	for (size_t i = t->at; i < end && dressing; i++)
		dressing = strchr("|>+-\"' \n", t->printed.p[i]) != NULL;
	if (dressing)
		write_plain(t, end);
	else
		write_as(t, end, text);
}

// A word that reads the same as its source, run by run: `word` knows where in `printed` its bytes stand.
static void write_runs(Tracer *t, const Node *word, Str text)
{
	OriginSpan run;

	for (size_t at = 0; origin_next(word->value, &at, word->value.len, &run);) {
		Str piece = str_slice(text, run.start, run.start + run.len);
		if (!run.origin || run.offset < t->at || run.offset + piece.len > word->end.offset)
			continue;
		write_between(t, run.offset, piece);
		if (memcmp(t->printed.p + t->at, piece.p, piece.len) != 0)
			continue;
		text_write(&t->out, piece);
		t->at += piece.len;
	}
	write_between(t, word->end.offset, text.len ? str_from(text, text.len - 1) : text);
}

static void write_word(Tracer *t, const Node *word, const Node *source)
{
	Str text = source ? source->value : S("");

	if (word->start.offset < t->at || word->end.offset > t->printed.len)
		return;
	write_plain(t, word->start.offset);
	if (!text.origin)
		text = t->last;
	else
		t->last = text;
	if (source && text.len && str_eq(text, word->value))
		write_runs(t, word, text);
	else
		write_as(t, word->end.offset, text);
}

// --- matching ---

typedef struct Entry {
	Str key;
	const Node *name, *value;
} Entry;

static int compare_entries(const void *a, const void *b)
{
	return str_cmp(((const Entry *)a)->key, ((const Entry *)b)->key);
}

static Entry *sorted_entries(Arena *arena, const Node *map, size_t count)
{
	Entry *entries = ARENA_ARRAY(arena, Entry, count + 1);

	for (size_t i = 0; i < count; i++)
		entries[i] = (Entry){map->children[2 * i]->value, map->children[2 * i],
		                     map->children[2 * i + 1]};
	if (count)
		qsort(entries, count, sizeof *entries, compare_entries);
	return entries;
}

static void trace_node(Tracer *t, const Node *node, const Node *source);

static void trace_mapping(Tracer *t, const Node *node, const Node *source)
{
	size_t count = source && source->kind == NODE_MAPPING ? source->len / 2 : 0;
	Entry *entries = sorted_entries(t->arena, source, count);

	for (size_t i = 0; i + 1 < node->len; i += 2) {
		Entry wanted = {.key = node->children[i]->value};
		const Entry *found =
			count ? bsearch(&wanted, entries, count, sizeof *entries, compare_entries)
			      : NULL;
		write_word(t, node->children[i], found ? found->name : NULL);
		trace_node(t, node->children[i + 1], found ? found->value : NULL);
	}
}

static void trace_node(Tracer *t, const Node *node, const Node *source)
{
	source = node_follow((Node *)source);
	if (node->kind == NODE_SCALAR)
		write_word(t, node, source && source->kind == NODE_SCALAR ? source : NULL);
	else if (node->kind == NODE_MAPPING)
		trace_mapping(t, node, source);
	for (size_t i = 0; node->kind == NODE_SEQUENCE && i < node->len; i++) {
		bool there = source && source->kind == NODE_SEQUENCE && i < source->len;
		trace_node(t, node->children[i], there ? source->children[i] : NULL);
	}
}

Str trace_print(Arena *arena, Str printed, const Node *source)
{
	Tracer t = {.arena = arena_scratch(arena),
	            .printed = printed,
	            .out = text_new(arena, true),
	            .last = first_written(source)};
	YamlOptions options = {.traced = true, .v3 = true};
	Diag ignored = diag_new(arena);
	Node *document;

	// The words of what is read again know their places in `printed`.
	if (yaml_read(t.arena, text_of_file(t.arena, S(""), printed), &options, &document,
	              &ignored) &&
	    document && document->len)
		trace_node(&t, document->children[0], source);
	write_plain(&t, printed.len);
	arena_scratch_free(arena, t.arena);
	return text_str(&t.out);
}
