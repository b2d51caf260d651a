// `cleat functions [NAME]`: the manual of the template functions, from the tables.

#include "cmd/chart_options.h"
#include "cmd/commands.h"
#include "template/func.h"

#include <stdio.h>

static void print_row(const Func *func)
{
	printf("%s\n  %s %s\n  %s\n", func->name, func->name, func->signature, func->help);
	if (func->example)
		printf("  %s\n", func->example);
}

static int print_all(void)
{
	const Func *const *rows;
	size_t count = func_all(&rows);

	for (size_t i = 0; i < count; i++)
		printf("%-24s %s\n", rows[i]->name, rows[i]->help);
	return 0;
}

static int print_one(Arena *arena, Str name)
{
	const Func *func = func_find(name);
	Str nearest = func_nearest(name), shown = diag_escape(arena, name);

	if (func) {
		print_row(func);
		return 0;
	}
	fprintf(stderr, "cleat functions: there is no function \"%.*s\"", STR_ARGS(shown));
	if (nearest.len)
		fprintf(stderr, "; did you mean \"%.*s\"?", STR_ARGS(nearest));
	fprintf(stderr, "\n");
	return 2;
}

const OptionTable functions_options = {
	"Usage: cleat functions [NAME]...",
	"The manual of the template functions: all of them, or those named.",
	(const Option[]){{.kind = OPTION_END}},
};

int cmd_functions(Arena *arena, int argc, char **argv)
{
	StrList names = {0};
	Buf notes = buf_new(arena);
	Diag diag = diag_new(arena);
	bool help = false;
	int code = 0;

	if (!options_parse(arena, &functions_options, argc, argv, NULL, &names, &notes, &help,
	                   &diag)) {
		print_failure(arena, &diag, false);
		return 2;
	}
	if (help) {
		options_help(&functions_options, stdout);
		return 0;
	}
	if (!names.len)
		return print_all();
	for (size_t i = 0; !code && i < names.len; i++)
		code = print_one(arena, names.items[i]);
	return code;
}
