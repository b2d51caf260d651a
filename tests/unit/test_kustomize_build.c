// Whole builds from files in memory, and what they may read.

#include "kustomize/kustomize.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static Arena *arena;

#define CONFIG_MAP "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"

static bool build(Fs *fs, const char *path, Str *out, Diag *diag)
{
	KustomizeOptions options = {.fs = fs};
	TextList warnings = {0};
	Buf text = buf_new(arena);
	ResMap *resources;
	bool ok;

	*diag = diag_new(arena);
	ok = kustomize_build(arena, &options, str_c(path), &resources, &warnings, diag) &&
	     kustomize_write(arena, resources, &text, diag);
	*out = buf_view(&text);
	return ok;
}

static void test_builds_from_memory(void **state)
{
	Fs *fs = fs_memory(arena, S("memory"), NULL);
	Diag diag;
	Str out;

	(void)state;
	fs_memory_put(fs, S("base/kustomization.yaml"), S("resources: [c.yaml]\n"));
	fs_memory_put(fs, S("base/c.yaml"), S(CONFIG_MAP));
	fs_memory_put(fs, S("over/kustomization.yaml"),
	              S("resources: [../base]\nnamePrefix: p-\n"));
	assert_true(build(fs, "over", &out, &diag));
	assert_string_equal(str_to_c(arena, out),
	                    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: p-c\n");
}

static void test_files_outside_the_root_are_refused(void **state)
{
	Fs *fs = fs_memory(arena, S("memory"), NULL);
	Diag diag;
	Str out;

	(void)state;
	fs_memory_put(fs, S("c.yaml"), S(CONFIG_MAP));
	fs_memory_put(fs, S("a/kustomization.yaml"), S("resources: [../c.yaml]\n"));
	assert_false(build(fs, "a", &out, &diag));
	assert_true(
		str_contains(diag.message, S("security; file '/c.yaml' is not in or below '/a'")));
}

static void test_cycles_are_refused(void **state)
{
	Fs *fs = fs_memory(arena, S("memory"), NULL);
	Diag diag;
	Str out;

	(void)state;
	fs_memory_put(fs, S("a/kustomization.yaml"), S("resources: [../b]\n"));
	fs_memory_put(fs, S("b/kustomization.yaml"), S("resources: [../a]\n"));
	assert_false(build(fs, "a", &out, &diag));
	assert_true(str_contains(diag.message, S("cycle detected: candidate root '/a'")));
}

static void test_remote_resources_are_named_and_refused(void **state)
{
	static const char *const names[] = {
		"https://example.invalid/a.yaml", "github.com/x/y//z?ref=1",
		"git@example.invalid:x/y.git", "ssh://git@example.invalid/x"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		Fs *fs = fs_memory(arena, S("memory"), NULL);
		Diag diag;
		Str out;
		fs_memory_put(fs, S("kustomization.yaml"),
		              str_printf(arena, "resources: [\"%s\"]\n", names[i]));
		assert_false(build(fs, ".", &out, &diag));
		assert_true(str_contains(diag.message, str_c(names[i])));
		assert_true(str_contains(diag.message, S("uses no network")));
	}
}

static void test_the_place_of_an_error_is_known(void **state)
{
	Fs *fs = fs_memory(arena, S("memory"), NULL);
	Diag diag;
	Str out;

	(void)state;
	fs_memory_put(fs, S("kustomization.yaml"), S("namePrefix: a\nresourcez: []\n"));
	assert_false(build(fs, ".", &out, &diag));
	assert_string_equal(str_to_c(arena, diag.message),
	                    "invalid Kustomization: json: unknown field \"resourcez\"");
	assert_int_equal(diag.place.line, 2);
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void test_links_are_resolved_before_the_check(void **state)
{
	char folder[] = "/tmp/cleat-kustomize-XXXXXX";
	char *root = mkdtemp(folder);
	Diag diag;
	Str out;

	(void)state;
	assert_non_null(root);
	assert_int_equal(chdir(root), 0);
	assert_int_equal(mkdir("a", 0700), 0);
	write_file("c.yaml", CONFIG_MAP);
	write_file("a/kustomization.yaml", "resources: [link.yaml]\n");
	assert_int_equal(symlink("../c.yaml", "a/link.yaml"), 0);
	assert_false(build(NULL, "a", &out, &diag));
	assert_true(str_contains(diag.message, S("security; file")));
	unlink("a/link.yaml");
	unlink("a/kustomization.yaml");
	unlink("c.yaml");
	rmdir("a");
	assert_int_equal(chdir("/"), 0);
	rmdir(root);
}

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_builds_from_memory),
		cmocka_unit_test(test_files_outside_the_root_are_refused),
		cmocka_unit_test(test_cycles_are_refused),
		cmocka_unit_test(test_remote_resources_are_named_and_refused),
		cmocka_unit_test(test_the_place_of_an_error_is_known),
		cmocka_unit_test(test_links_are_resolved_before_the_check),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
