// `cleat eval`: one template at a time, for the tests. See tests/template/README.md for the format and the rules.

#include "cmd/eval.h"

#include "chart/render.h"
#include "chart/strvals.h"
#include "cmd/commands.h"
#include "cmd/options.h"

#include "base/num.h"

#include <stdio.h>
#include <string.h>

// As it is: byte order marks are the loader's business.
static void add_file(Arena *arena, ChartFiles *files, Str name, Str data)
{
	VEC_PUSH(arena, files->items, files->len, files->cap) =
		(ChartFile){.name = name, .data = data};
}

// --- one case ---

static bool read_values(Arena *arena, const EvalCase *test, Map **out, Diag *diag)
{
	StrvalsOptions options = {STRVALS_TYPED, false, "--set"};
	Map *map;

	*out = map_new(arena, &TYPE_ANY_MAP);
	for (size_t i = 0; i < test->values.len; i++) {
		if (!values_read(arena, test->values.items[i], S("values.yaml"), false, &map, diag))
			return diag_wrap(diag, "failed to parse values.yaml");
		*out = values_merge(arena, *out, map);
	}
	for (size_t i = 0; i < test->set.len; i++)
		if (!strvals_parse(arena, test->set.items[i], &options, *out, diag))
			return diag_wrap(diag, "failed parsing --set data");
	return true;
}

static Chart *load_chart(Render *render, const EvalCase *test, Diag *diag)
{
	ChartLoad load = {render->arena, &render->log, false};
	Fs *fs = fs_memory(render->arena, S("t"), NULL);

	fs_memory_put(fs, S("Chart.yaml"), S("apiVersion: v2\nname: t\nversion: 0.1.0\n"));
	fs_memory_put(fs, S("templates/t.yaml"), test->template);
	for (size_t i = 0; i < test->files.len; i++)
		fs_memory_put(fs, test->files.items[i].name, test->files.items[i].data);
	return chart_load_folder(&load, fs, S("t"), diag);
}

static bool find_output(const Render *render, Str *out)
{
	Str name = str_concat(render->arena, chart_name(render->chart), S("/templates/t.yaml"));

	for (size_t i = 0; i < render->file_count; i++)
		if (str_eq(render->files[i].name, name)) {
			*out = render->files[i].text;
			return true;
		}
	return false;
}

bool eval_case(Arena *arena, const EvalCase *test, Str *out)
{
	Render render = {.arena = arena, .log = log_new(arena)};
	RenderOptions options = {.release = {S("rel"), S("default"), false}};
	Diag diag = diag_new(arena);
	bool late = false;
	Map *values;

	options.capabilities.kube = kube_version_default();
	*out = S("");
	if (read_values(arena, test, &values, &diag) &&
	    (render.chart = load_chart(&render, test, &diag)) &&
	    render_templates(&render, &options, values, &late, &diag)) {
		find_output(&render, out);
		return true;
	}
	*out = diag.message;
	return false;
}

// --- test files ---

typedef struct Case {
	Str name;
	size_t line;
	EvalCase test;
	bool has_template, has_expectation, fails;
	Str expected;
} Case;

typedef struct Reader {
	Arena *arena;
	Str file, rest;
	size_t line; // of the last line read
	Case *cases;
	size_t len, cap;
} Reader;

static bool fail_format(const Reader *r, const char *what)
{
	fprintf(stderr, "%.*s:%zu: %s\n", STR_ARGS(r->file), r->line, what);
	return false;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// An escaped line, after its backslash.
static bool unescape(const Reader *r, Str line, Buf *out)
{
	for (size_t i = 0; i < line.len; i++) {
		char c = line.p[i];
		int high, low;
		if (c != '\\') {
			buf_byte(out, c);
			continue;
		}
		c = i + 1 < line.len ? line.p[++i] : '\0';
		switch (c) {
		case 'n':
			buf_byte(out, '\n');
			break;
		case 't':
			buf_byte(out, '\t');
			break;
		case 'r':
			buf_byte(out, '\r');
			break;
		case '\\':
			buf_byte(out, '\\');
			break;
		case 'x':
			high = i + 1 < line.len ? hex_digit(line.p[i + 1]) : -1;
			low = i + 2 < line.len ? hex_digit(line.p[i + 2]) : -1;
			if (high < 0 || low < 0)
				return fail_format(r, "\\x needs two hexadecimal digits");
			buf_byte(out, (char)(high << 4 | low));
			i += 2;
			break;
		default:
			return fail_format(r, "unknown escape");
		}
	}
	return true;
}

static bool is_head(Str line)
{
	return str_has_prefix(line, S("--- ")) || str_has_prefix(line, S("### "));
}

// The lines of a part. `*end` tells what comes next: its line, or nothing at the end of the file.
static bool read_part(Reader *r, bool is_file, Str *out, Str *next)
{
	Buf text = buf_new(r->arena);
	size_t lines = 0, empty = 0, last_start = 0;
	Str line = {0};
	bool more;

	while ((more = str_line(&r->rest, &line))) {
		r->line++;
		if (is_head(line))
			break;
		if (lines++)
			buf_byte(&text, '\n');
		last_start = text.len;
		empty = line.len == 0;
		if (line.len && line.p[0] == '\\') {
			if (!unescape(r, str_from(line, 1), &text))
				return false;
		} else {
			buf_str(&text, line);
		}
	}
	*next = more ? line : (Str){NULL, 0, NULL};
	if (!more || str_has_prefix(line, S("### "))) {
		if (!lines || !empty)
			return fail_format(r, "a case ends with an empty line");
		lines--;
		text.len = last_start > 0 ? last_start - 1 : 0;
	}
	if (is_file && lines)
		buf_byte(&text, '\n');
	*out = buf_view(&text);
	return true;
}

static void split_lines(Arena *arena, Str text, StrList *out)
{
	Str line;

	while (text.len && str_cut(&text, S("\n"), &line))
		str_list_push(arena, out, line);
}

static bool take_part(Reader *r, Case *c, Str head, Str text)
{
	if (c->has_expectation)
		return fail_format(r, "a part after the expectation");
	if (str_is(head, "template")) {
		c->test.template = text;
		c->has_template = true;
	} else if (str_is(head, "values")) {
		str_list_push(r->arena, &c->test.values, text);
	} else if (str_is(head, "set")) {
		split_lines(r->arena, text, &c->test.set);
	} else if (str_has_prefix(head, S("file "))) {
		add_file(r->arena, &c->test.files, str_from(head, 5), text);
	} else if (str_is(head, "output") || str_is(head, "error")) {
		c->has_expectation = true;
		c->fails = str_is(head, "error");
		c->expected = text;
	} else {
		return fail_format(r, "unknown part");
	}
	return true;
}

static bool read_case(Reader *r, Str *line)
{
	Case *c = &VEC_PUSH(r->arena, r->cases, r->len, r->cap);

	*c = (Case){.name = str_from(*line, 4), .line = r->line};
	if (!str_line(&r->rest, line))
		return fail_format(r, "a case without parts");
	r->line++;
	while (line->p && str_has_prefix(*line, S("--- "))) {
		Str head = str_from(*line, 4), text;
		bool is_file = str_is(head, "values") || str_has_prefix(head, S("file "));
		if (!read_part(r, is_file, &text, line) || !take_part(r, c, head, text))
			return false;
	}
	if (line->p && !str_has_prefix(*line, S("### ")))
		return fail_format(r, "text before the first part");
	return (c->has_template && c->has_expectation) ||
	       fail_format(r, "a case needs a template and an expectation");
}

static bool read_cases(Reader *r)
{
	Str line = {0};

	while (str_line(&r->rest, &line)) {
		r->line++;
		if (str_has_prefix(line, S("### ")))
			break;
		line = (Str){0};
	}
	while (line.p)
		if (!read_case(r, &line))
			return false;
	return true;
}

static void print_quoted(Arena *arena, const char *what, Str text)
{
	Buf out = buf_new(arena);

	num_quote_ascii(&out, text);
	printf("%s: %.*s\n", what, (int)out.len, out.p);
}

// Each case has an arena of its own: one that runs full fails alone.
static bool run_case(Str file, const Case *c)
{
	Arena *arena = arena_new(0);
	Str got = S("");
	bool rendered, ok;

	if (!arena || setjmp(*arena_trap(arena))) {
		printf("FAIL %.*s:%zu: %.*s\nout of memory\n", STR_ARGS(file), c->line,
		       STR_ARGS(c->name));
		arena_free(arena);
		return false;
	}
	rendered = eval_case(arena, &c->test, &got);
	ok = rendered != c->fails && str_eq(got, c->expected);
	if (!ok) {
		printf("FAIL %.*s:%zu: %.*s\n", STR_ARGS(file), c->line, STR_ARGS(c->name));
		print_quoted(arena, c->fails ? "expected error" : "expected output", c->expected);
		print_quoted(arena, rendered ? "got output" : "got error", got);
	}
	arena_free(arena);
	return ok;
}

static bool test_file(const char *path, size_t *passed, size_t *failed)
{
	Arena *arena = arena_new(0);
	Reader r = {.arena = arena, .file = str_c(path)};
	Diag diag;
	bool ok;

	if (!arena || setjmp(*arena_trap(arena))) {
		fprintf(stderr, "%s: out of memory\n", path);
		arena_free(arena);
		return false;
	}
	diag = diag_new(arena);
	ok = fs_read_any(arena, r.file, &r.rest, &diag);
	if (!ok)
		fprintf(stderr, "%.*s\n", STR_ARGS(diag.message));
	ok = ok && read_cases(&r);
	for (size_t i = 0; ok && i < r.len; i++)
		++*(run_case(r.file, &r.cases[i]) ? passed : failed);
	arena_free(arena);
	return ok;
}

int eval_test_files(char **paths, int count)
{
	size_t passed = 0, failed = 0;

	for (int i = 0; i < count; i++)
		if (!test_file(paths[i], &passed, &failed))
			return 2;
	printf("%zu passed, %zu failed\n", passed, failed);
	return failed ? 1 : 0;
}

// --- one template from the command line ---

typedef struct EvalCommand {
	Str template;
	StrList values, set, files;
	bool test;
} EvalCommand;

static const Option OPTIONS[] = {
	{OPTION_TEXT, "template", 0, offsetof(EvalCommand, template), "FILE",
         "rendered as templates/t.yaml", NULL, NULL, NULL},
	{OPTION_LIST, "values", 'f', offsetof(EvalCommand, values), "FILE", "a values file", NULL,
         NULL, NULL},
	{OPTION_LIST, "set", 0, offsetof(EvalCommand, set), "K=V", "a value", NULL, NULL, NULL},
	{OPTION_LIST, "file", 0, offsetof(EvalCommand, files), "PATH=FILE",
         "another file of the chart", NULL, NULL, NULL},
	{OPTION_FLAG, "test", 0, offsetof(EvalCommand, test), NULL, "run the cases of .test files",
         NULL, NULL, NULL},
	{.kind = OPTION_END},
};

static const OptionTable TABLE = {
	"Usage: cleat eval --template FILE [--values FILE]... [--set K=V]... [--file "
	"PATH=FILE]...\n"
	"       cleat eval --test FILE...",
	"Renders one template in a small chart, for the tests: tests/template/README.md.\n",
	OPTIONS,
};

static bool read_inputs(Arena *arena, const EvalCommand *command, EvalCase *test, Diag *diag)
{
	Str text;

	test->set = command->set;
	if (!fs_read_any(arena, command->template, &test->template, diag))
		return false;
	for (size_t i = 0; i < command->values.len; i++) {
		if (!fs_read_any(arena, command->values.items[i], &text, diag))
			return false;
		str_list_push(arena, &test->values, text);
	}
	for (size_t i = 0; i < command->files.len; i++) {
		Str path = command->files.items[i];
		size_t equals = str_find_byte(path, '=');
		if (equals == STR_NONE)
			return diag_fail(diag, "--file needs PATH=FILE");
		if (!fs_read_any(arena, str_from(path, equals + 1), &text, diag))
			return false;
		add_file(arena, &test->files, str_to(path, equals), text);
	}
	return true;
}

static int run(Arena *arena, const EvalCommand *command)
{
	EvalCase test = {0};
	Diag diag = diag_new(arena);
	Str out;

	if (!command->template.len)
		diag_fail(&diag, "--template is needed");
	if (diag.set || !read_inputs(arena, command, &test, &diag)) {
		fprintf(stderr, "Error: %.*s\n", STR_ARGS(diag.message));
		return 2;
	}
	if (eval_case(arena, &test, &out)) {
		fwrite(out.p, 1, out.len, stdout);
		return 0;
	}
	fputs("Error: ", stderr);
	fwrite(out.p, 1, out.len, stderr);
	fputc('\n', stderr);
	return 1;
}

int cmd_eval(Arena *arena, int argc, char **argv)
{
	EvalCommand command = {0};
	StrList args = {0};
	bool help = false;
	Buf notes = buf_new(arena);
	Diag diag = diag_new(arena);

	if (argc > 1 && !strcmp(argv[1], "--test"))
		return eval_test_files(argv + 2, argc - 2);
	if (!options_parse(arena, &TABLE, argc, argv, &command, &args, &notes, &help, &diag) ||
	    args.len) {
		fprintf(stderr, "Error: %.*s\n",
		        STR_ARGS(diag.set ? diag.message : S("eval takes options only")));
		return 2;
	}
	if (help) {
		options_help(&TABLE, stdout);
		return 0;
	}
	return run(arena, &command);
}
