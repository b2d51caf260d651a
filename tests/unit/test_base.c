// Arenas, strings, buffers, paths and files.

#include "base/arena.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/unicode.h"
#include "unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_arena_limit_jumps_to_the_trap(void **state)
{
	Arena *arena = arena_new(1 << 20);
	volatile int allocated = 0;

	(void)state;
	if (setjmp(*arena_trap(arena)) == 0) {
		for (;;) {
			arena_alloc(arena, 4096);
			allocated++;
		}
	}
	assert_in_range(allocated, 200, 256);
	arena_free(arena);
}

static void test_arena_product_that_overflows_jumps(void **state)
{
	Arena *arena = arena_new(0);
	volatile bool jumped = false;

	(void)state;
	if (setjmp(*arena_trap(arena)) == 0)
		arena_calloc(arena, SIZE_MAX / 2, 4);
	else
		jumped = true;
	assert_true(jumped);
	arena_free(arena);
}

static void test_arena_grows_the_last_allocation_in_place(void **state)
{
	UNIT_ARENA(arena);
	char *p = arena_alloc(arena, 16);

	(void)state;
	assert_ptr_equal(arena_grow(arena, p, 16, 1024), p);
	arena_alloc(arena, 1);
	assert_ptr_not_equal(arena_grow(arena, p, 1024, 4096), p);
	arena_free(arena);
}

static void count_release(void *count)
{
	++*(int *)count;
}

static void test_arena_releases_what_was_deferred_but_not_what_was_taken_back(void **state)
{
	Arena *arena = arena_new(0);
	int kept = 0, taken = 0;

	(void)state;
	arena_defer(arena, count_release, &kept);
	arena_defer(arena, count_release, &taken);
	arena_undefer(arena, &taken);
	arena_free(arena);
	assert_int_equal(kept, 1);
	assert_int_equal(taken, 0);
}

static void test_scratch_is_reused_and_fails_into_the_parents_trap(void **state)
{
	Arena *arena = arena_new(1 << 20), *volatile scratch;
	volatile bool jumped = false;

	(void)state;
	scratch = arena_scratch(arena);
	arena_alloc(scratch, 100000);
	arena_scratch_free(arena, scratch);
	assert_ptr_equal(arena_scratch(arena), scratch);
	assert_int_equal(arena_used(scratch), 0);
	if (setjmp(*arena_trap(arena)) == 0)
		arena_alloc(scratch, 2 << 20);
	else
		jumped = true;
	assert_true(jumped);
	arena_free(arena);
}

static void test_scratch_arenas_in_use_at_once_cost_their_parent_once(void **state)
{
	Arena *arena = arena_new_large(0);
	size_t used = 0;

	(void)state;
	for (int round = 0; round < 100; round++) {
		Arena *outer = arena_scratch(arena), *inner = arena_scratch(arena);
		arena_alloc(outer, 50000);
		arena_alloc(inner, 100000);
		arena_scratch_free(arena, outer);
		arena_scratch_free(arena, inner);
		if (round == 4)
			used = arena_used(arena);
	}
	assert_int_equal(arena_used(arena), used);
	arena_free(arena);
}

static void test_blocks_of_a_large_arena_hold_what_was_asked_for(void **state)
{
	static const size_t sizes[] = {1, 4 << 20, 100, 9 << 20, (2 << 20) - 100, 1 << 20};
	Arena *arena = arena_new_large(0);
	unsigned char *kept[6];

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		kept[i] = arena_alloc(arena, sizes[i]);
		memset(kept[i], (int)i + 1, sizes[i]);
	}
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(kept[i][0], i + 1);
		assert_int_equal(kept[i][sizes[i] - 1], i + 1);
	}
	arena_free(arena);
}

static void test_str_cut_gives_every_part_and_the_empty_one(void **state)
{
	Str rest = S("a,,b"), part;

	(void)state;
	assert_true(str_cut(&rest, S(","), &part));
	assert_str(part, "a");
	assert_true(str_cut(&rest, S(","), &part));
	assert_str(part, "");
	assert_true(str_cut(&rest, S(","), &part));
	assert_str(part, "b");
	assert_false(str_cut(&rest, S(","), &part));
	rest = S("");
	assert_true(str_cut(&rest, S(","), &part));
	assert_false(str_cut(&rest, S(","), &part));
}

static void test_str_finds_from_both_ends(void **state)
{
	(void)state;
	assert_int_equal(str_find(S("abcabc"), S("bc")), 1);
	assert_int_equal(str_rfind(S("abcabc"), S("bc")), 4);
	assert_int_equal(str_rfind(S("abc"), S("")), 3);
	assert_int_equal(str_find(S("abc"), S("x")), STR_NONE);
	assert_int_equal(str_rfind(S("a"), S("abc")), STR_NONE);
}

static void test_str_trims_unicode_space(void **state)
{
	(void)state;
	assert_str(str_trim_space(S("\xC2\xA0 \t a b \xE3\x80\x80\n")), "a b");
	assert_str(str_trim_space(S("\xFF \xA0")), "\xFF \xA0");
	assert_str(str_trim_space(S("  ")), "");
}

static void test_utf8_refuses_what_go_refuses(void **state)
{
	uint32_t rune;

	(void)state;
	assert_int_equal(utf8_decode(S("\xE2\x82\xAC"), &rune), 3);
	assert_int_equal(rune, 0x20AC);
	assert_int_equal(utf8_decode(S("\xC0\x80"), &rune), 1);
	assert_int_equal(rune, 0xFFFD);
	assert_int_equal(utf8_decode(S("\xED\xA0\x80"), &rune), 1); // a surrogate
	assert_int_equal(utf8_decode(S("\xF4\x90\x80\x80"), &rune), 1);
	assert_int_equal(utf8_decode(S("\xE2\x82"), &rune), 1);
	assert_true(utf8_valid(S("\xEF\xBF\xBD")));
	assert_false(utf8_valid(S("a\xFF")));
}

static void test_str_nearest_suggests_only_what_is_close(void **state)
{
	const Str names[] = {S("toYaml"), S("toJson"), S("upper")};

	(void)state;
	assert_str(str_nearest(S("toYml"), names, 3), "toYaml");
	assert_str(str_nearest(S("uper"), names, 3), "upper");
	assert_str(str_nearest(S("something"), names, 3), "");
}

static void test_path_clean_is_gos(void **state)
{
	static const struct {
		const char *path, *clean;
	} cases[] = {{"", "."},
	             {"a/../b", "b"},
	             {"/../a", "/a"},
	             {"../../a", "../../a"},
	             {"a/./b//c/", "a/b/c"},
	             {"..", ".."},
	             {"a/../..", ".."},
	             {"/", "/"},
	             {"./a", "a"},
	             {"/a/../..", "/"}};
	UNIT_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_str(path_clean(arena, str_c(cases[i].path)), cases[i].clean);
	assert_str(path_join(arena, S("a"), S("../b")), "b");
	assert_str(path_base(S("a/b/")), "b");
	assert_str(path_dir(arena, S("a/b")), "a");
	assert_str(path_ext(S("a.b/c.tgz")), ".tgz");
	assert_str(path_ext(S("a.b/c")), "");
	arena_free(arena);
}

static void test_memory_lies_over_what_is_below(void **state)
{
	UNIT_ARENA(arena);
	Fs *below = fs_memory(arena, S("base"), NULL), *over = fs_memory(arena, S("over"), below);
	Diag diag = diag_new(arena);
	Str *names, content;
	size_t count;

	(void)state;
	fs_memory_put(below, S("a.yaml"), S("old"));
	fs_memory_put(below, S("dir/b.yaml"), S("b"));
	fs_memory_put(over, S("a.yaml"), S("new"));
	fs_memory_put(over, S("dir/c.yaml"), S("c"));
	assert_true(fs_read(over, arena, S("a.yaml"), &content, &diag));
	assert_str(content, "new");
	assert_true(fs_read(over, arena, S("dir/b.yaml"), &content, &diag));
	assert_true(fs_list(over, arena, S("dir"), &names, &count, &diag));
	assert_int_equal(count, 2);
	assert_str(names[1], "c.yaml");
	assert_int_equal(fs_info(over, S("dir")).kind, FS_FOLDER);
	assert_false(fs_read(over, arena, S("nope"), &content, &diag));
	assert_str(diag.message, "open base/nope: no such file or directory");
	arena_free(arena);
}

static void test_folder_does_not_leave_its_root(void **state)
{
	UNIT_ARENA(arena);
	char dir[] = "/tmp/cleat-unit-XXXXXX";
	Diag diag = diag_new(arena);
	Str content;
	Fs *fs;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(symlink("/etc/passwd", str_to_c(arena, str_printf(arena, "%s/out", dir))),
	                 0);
	fs = fs_folder(arena, str_c(dir), FS_LINKS_INSIDE);
	assert_false(fs_read(fs, arena, S("../../etc/passwd"), &content, &diag));
	diag = diag_new(arena);
	assert_false(fs_read(fs, arena, S("/etc/passwd"), &content, &diag));
	diag = diag_new(arena);
	assert_false(fs_read(fs, arena, S("out"), &content, &diag));
	assert_true(fs_info(fs, S("out")).escapes);
	diag = diag_new(arena);
	assert_false(fs_read(fs, arena, str_n("a\0b", 3), &content, &diag));
	unlink(str_to_c(arena, str_printf(arena, "%s/out", dir)));
	rmdir(dir);
	arena_free(arena);
}

static void test_diag_keeps_the_first_error_and_escapes_controls(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);

	(void)state;
	assert_false(diag_fail(&diag, "first %d", 1));
	assert_false(diag_fail(&diag, "second"));
	diag_wrap(&diag, "while testing");
	assert_str(diag.message, "while testing: first 1");
	assert_str(diag_escape(arena, S("a\x1B[31m\xC2\x9B\xFF\n")), "a\\x1b[31m\\x9b\\xff\n");
	assert_str(diag_escape(arena, S("\u202Eabc\u2066")),
	           "\\u202eabc\\u2066"); // would be read as cba
	assert_str(diag_escape_line(arena, S("a\n\tb\u2028c")), "a\\n\\tb\\u2028c");
	arena_free(arena);
}

static void test_unicode_width_counts_cells(void **state)
{
	(void)state;
	assert_int_equal(unicode_width('a'), 1);
	assert_int_equal(unicode_width(0x301), 0); // a combining accent
	assert_int_equal(unicode_width(0x200B), 0);
	assert_int_equal(unicode_width(0x4E2D), 2);
	assert_int_equal(unicode_width(0xFF76), 1); // half a width by name
	assert_int_equal(unicode_width(0x1F600), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena_limit_jumps_to_the_trap),
		cmocka_unit_test(test_arena_product_that_overflows_jumps),
		cmocka_unit_test(test_arena_grows_the_last_allocation_in_place),
		cmocka_unit_test(test_arena_releases_what_was_deferred_but_not_what_was_taken_back),
		cmocka_unit_test(test_scratch_is_reused_and_fails_into_the_parents_trap),
		cmocka_unit_test(test_scratch_arenas_in_use_at_once_cost_their_parent_once),
		cmocka_unit_test(test_blocks_of_a_large_arena_hold_what_was_asked_for),
		cmocka_unit_test(test_str_cut_gives_every_part_and_the_empty_one),
		cmocka_unit_test(test_str_finds_from_both_ends),
		cmocka_unit_test(test_str_trims_unicode_space),
		cmocka_unit_test(test_utf8_refuses_what_go_refuses),
		cmocka_unit_test(test_str_nearest_suggests_only_what_is_close),
		cmocka_unit_test(test_path_clean_is_gos),
		cmocka_unit_test(test_memory_lies_over_what_is_below),
		cmocka_unit_test(test_folder_does_not_leave_its_root),
		cmocka_unit_test(test_diag_keeps_the_first_error_and_escapes_controls),
		cmocka_unit_test(test_unicode_width_counts_cells),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
