// Shell scripts: what is a command, and inside of what.

#include "unit.h"

#include "base/buf.h"
#include "k8s/shell.h"

#include <string.h>

static void describe_word(Buf *out, const ShellWord *word)
{
	for (size_t i = 0; i < word->count; i++) {
		const ShellPart *part = &word->parts[i];
		if (part->kind == SHELL_VARIABLE)
			buf_printf(out, "$%.*s%.*s", STR_ARGS(part->text), STR_ARGS(part->op));
		else if (part->kind == SHELL_COMMAND)
			buf_printf(out, "$(%.*s)", STR_ARGS(part->text));
		else if (part->kind == SHELL_UNKNOWN)
			buf_c(out, "?");
		else
			buf_str(out, part->text);
		if (part->word)
			describe_word(out, part->word);
	}
}

static void describe(Buf *out, const ShellNode *node)
{
	static const char *const names[] = {"",     "pipe",  "and",     "or",    "not",
	                                    "list", "group", "while",   "until", "for",
	                                    "if",   "case",  "function"};

	if (node->kind != SHELL_SIMPLE)
		buf_printf(out, "(%s", names[node->kind]);
	if (node->name.len)
		buf_printf(out, " %.*s:", STR_ARGS(node->name));
	if (node->kind == SHELL_SIMPLE)
		buf_byte(out, '[');
	for (size_t i = 0; i < node->assign_count; i++) {
		buf_printf(out, "%.*s=", STR_ARGS(node->assigns[i].name));
		describe_word(out, node->assigns[i].value);
		buf_byte(out, i + 1 < node->assign_count || node->word_count ? ' ' : ']');
	}
	for (size_t i = 0; i < node->word_count; i++) {
		if (i)
			buf_byte(out, '|');
		describe_word(out, node->words[i]);
	}
	for (size_t i = 0; i < node->redirect_count; i++) {
		buf_printf(out, " %.*s ", STR_ARGS(node->redirects[i].op));
		if (node->redirects[i].target)
			describe_word(out, node->redirects[i].target);
	}
	if (node->kind == SHELL_SIMPLE && (node->word_count || !node->assign_count))
		buf_byte(out, ']');
	for (size_t i = 0; i < node->count; i++) {
		buf_byte(out, ' ');
		describe(out, node->children[i]);
	}
	if (node->kind != SHELL_SIMPLE)
		buf_byte(out, ')');
}

static void expect(const char *script, const char *want, bool want_complete)
{
	Arena *arena = arena_new(0);
	Buf out = buf_new(arena);
	bool complete;
	const ShellNode *node = shell_parse(arena, str_c(script), &complete);

	for (size_t i = 0; i < node->count; i++) {
		if (i)
			buf_byte(&out, ' ');
		describe(&out, node->children[i]);
	}
	buf_byte(&out, '\0');
	assert_string_equal(out.p, want);
	assert_int_equal(complete, want_complete);
	arena_free(arena);
}

static void test_words_split_at_spaces_and_join_across_quotes(void **state)
{
	(void)state;
	expect("nc -z  'a b'\"c\"d\\ e", "[nc|-z|a bcd e]", true);
	expect("a # b\nc", "[a] [c]", true);
	expect("a \\\n b", "[a|b]", true);
	expect("", "", true);
}

static void test_variables_keep_their_operator(void **state)
{
	(void)state;
	expect("nc $H ${P} ${X:-5432} \"${Y%:*}\"", "[nc|$H|$P|$X:-5432|$Y%:*]", true);
	expect("X=1 Y=$Z a b", "[X=1 Y=$Z a|b]", true);
	expect("n=$((n + 1))", "[n=?]", true);
	expect("a $(b `c`) $1 $?", "[a|$(b `c`)|$1|$?]", true);
}

static void test_lists_bind_as_in_a_shell(void **state)
{
	(void)state;
	expect("a && b || c; d & e | f", "(or (and [a] [b]) [c]) [d] (pipe [e] [f])", true);
	expect("! a | b", "(pipe (not [a]) [b])", true);
	expect("(a; b) && { c; }", "(and (group (list [a] [b])) (group (list [c])))", true);
}

static void test_loops_and_conditions(void **state)
{
	(void)state;
	expect("until nc -z a 1; do sleep 1; done", "(until (list [nc|-z|a|1]) (list [sleep|1]))",
	       true);
	expect("while ! a\ndo\nb\ndone", "(while (list (not [a])) (list [b]))", true);
	expect("for h in a b; do c $h; done", "(for h:a|b (list [c|$h]))", true);
	expect("for ((i = 0; i < 3; i++)); do a; done", "(for (list [a]))", true);
	expect("if a; then b; elif c; then d; else e; fi",
	       "(if (list [a]) (list [b]) (if (list [c]) (list [d]) (list [e])))", true);
	expect("case $x in a|b) c;; *) d;; esac", "(case$x (list [c]) (list [d]))", true);
	expect("f() { a; }; f b", "(function f: (group (list [a]))) [f|b]", true);
}

static void test_redirections_and_here_documents(void **state)
{
	(void)state;
	expect("echo > /dev/tcp/a/1 2>&1", "[echo > /dev/tcp/a/1 > 1]", true);
	expect("cat <<EOF\nx y\nEOF\nz", "[cat << x y\n] [z]", true);
	expect("cat <<-'EOF' | sh\n\ta\n\tEOF\nb", "(pipe [cat << \ta\n] [sh]) [b]", true);
}

static void test_broken_scripts_keep_what_was_understood(void **state)
{
	(void)state;
	expect("until a; do b", "(until (list [a]) (list [b]))", false);
	expect("a 'b", "[a|b]", false);
	expect("a; done; b", "[a] [b]", false);
	expect("))))", "", false);
}

static void test_offsets_count_in_the_script(void **state)
{
	Arena *arena = arena_new(0);
	const ShellNode *node =
		shell_parse(arena, S("until nc -z \"mlflow\" 5000; do :; done"), NULL);
	const ShellNode *nc = node->children[0]->children[0]->children[0];

	(void)state;
	assert_int_equal(nc->offset, 6);
	assert_int_equal(nc->words[2]->offset, 12);
	assert_int_equal(nc->words[2]->parts[nc->words[2]->count - 1].offset, 13);
	arena_free(arena);
}

// Deep nesting, long words, many commands: time that grows with the text, and no deep recursion.
static void test_hostile_scripts_end(void **state)
{
	static const char *const pieces[] = {"(",  "$(",   "`",  "{ ",   "if a; then ",
	                                     "! ", "\"$(", "a;", "${a:-"};
	(void)state;

	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		Arena *arena = arena_new(0);
		Buf text = buf_new(arena);
		while (text.len < 100000)
			buf_c(&text, pieces[i]);
		assert_non_null(shell_parse(arena, buf_view(&text), NULL));
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_split_at_spaces_and_join_across_quotes),
		cmocka_unit_test(test_variables_keep_their_operator),
		cmocka_unit_test(test_lists_bind_as_in_a_shell),
		cmocka_unit_test(test_loops_and_conditions),
		cmocka_unit_test(test_redirections_and_here_documents),
		cmocka_unit_test(test_broken_scripts_keep_what_was_understood),
		cmocka_unit_test(test_offsets_count_in_the_script),
		cmocka_unit_test(test_hostile_scripts_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
