// Runs files of the JSON Schema Test Suite through schema_validate:
//
//	json_schema_suite REMOTES DRAFT_URL FILE...
//
// Prints each failing test, and `N passed, N failed` at the end. Schemas without $schema get DRAFT_URL.

#include "data/json.h"
#include "data/schema.h"

#include <stdio.h>
#include <string.h>

typedef struct Suite {
	SchemaLoader loader; // first: the loader is the suite
	const char *remotes;
	Str draft;
	size_t passed, failed;
} Suite;

static bool read_file(Arena *arena, const char *path, Str *text)
{
	FILE *file = fopen(path, "rb");
	Buf buf = buf_new(arena);
	char part[65536];
	size_t len;

	if (!file)
		return false;
	while ((len = fread(part, 1, sizeof part, file)) > 0)
		buf_bytes(&buf, part, len);
	fclose(file);
	*text = buf_view(&buf);
	return true;
}

// The schema as text, with a $schema where it has none.
static Str with_draft(Arena *arena, Str draft, Value *schema)
{
	Diag diag = diag_new(arena);
	Text text = text_new(arena, false);

	if (schema->kind == V_MAP && !map_get(schema->map, S("$schema")))
		map_set(arena, schema->map, S("$schema"), value_str(draft));
	json_write(&text, schema, (JsonStyle){false, NULL}, &diag);
	return text_str(&text);
}

static bool load_remote(SchemaLoader *loader, Arena *arena, Str url, Str *text)
{
	Suite *suite = (Suite *)loader;
	Str prefix = S("http://localhost:1234/");
	Diag diag = diag_new(arena);
	Str path;
	Value v;

	if (!str_has_prefix(url, prefix))
		return false;
	path = str_printf(arena, "%s/%.*s", suite->remotes, STR_ARGS(str_from(url, prefix.len)));
	if (!read_file(arena, str_to_c(arena, path), text))
		return false;
	if (json_read(arena, *text, JSON_NUMBERS, &v, &diag))
		*text = with_draft(arena, suite->draft, &v);
	return true;
}

static void run_test(Suite *suite, const char *file, const Value *group, Str schema,
                     const Value *test)
{
	Arena *arena = arena_new(0);
	Str description = value_as_str(map_get(test->map, S("description")));
	Str about = value_as_str(map_get(group->map, S("description")));
	Diag diag = diag_new(arena);
	SchemaReport report;
	bool want = map_get(test->map, S("valid"))->b, usable;

	if (setjmp(*arena_trap(arena))) {
		printf("FAIL %s: %.*s: %.*s: out of memory\n", file, STR_ARGS(about),
		       STR_ARGS(description));
		suite->failed++;
		arena_free(arena);
		return;
	}
	usable = schema_validate(arena, schema, SCHEMA_URL, map_get(test->map, S("data")),
	                         &suite->loader, &report, &diag);
	if (usable && want == !report.text.len) {
		suite->passed++;
	} else {
		Str got = usable ? report.text : diag.message;
		suite->failed++;
		printf("FAIL %s: %.*s: %.*s: want %s, got %.*s\n", file, STR_ARGS(about),
		       STR_ARGS(description), want ? "valid" : "invalid",
		       STR_ARGS(got.len ? got : S("valid")));
	}
	arena_free(arena);
}

static void run_file(Suite *suite, const char *path)
{
	Arena *arena = arena_new(0);
	Diag diag = diag_new(arena);
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	Value groups;
	Str text;

	if (setjmp(*arena_trap(arena)))
		return;
	if (!read_file(arena, path, &text) ||
	    !json_read(arena, text, JSON_NUMBERS, &groups, &diag)) {
		printf("FAIL %s: cannot be read\n", path);
		suite->failed++;
		arena_free(arena);
		return;
	}
	for (size_t i = 0; i < groups.list->len; i++) {
		Value *group = &groups.list->items[i], *tests = map_get(group->map, S("tests"));
		Str schema = with_draft(arena, suite->draft, map_get(group->map, S("schema")));
		for (size_t j = 0; j < tests->list->len; j++)
			run_test(suite, name, group, schema, &tests->list->items[j]);
	}
	arena_free(arena);
}

int main(int argc, char **argv)
{
	Suite suite = {.loader = {.load = load_remote}};

	if (argc < 3) {
		fprintf(stderr, "usage: json_schema_suite REMOTES DRAFT_URL FILE...\n");
		return 2;
	}
	suite.remotes = argv[1];
	suite.draft = str_c(argv[2]);
	for (int i = 3; i < argc; i++)
		run_file(&suite, argv[i]);
	printf("%zu passed, %zu failed\n", suite.passed, suite.failed);
	return suite.failed > 0;
}
