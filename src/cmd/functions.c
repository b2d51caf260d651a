// `cleat functions [NAME]`: the manual of the template functions, from the tables.

#include "base/diag.h"
#include "cmd/commands.h"
#include "template/func.h"

#include <stdio.h>
#include <string.h>

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

static int print_one(Arena *arena, const char *name)
{
	const Func *func = func_find(str_c(name));
	Str nearest = func_nearest(str_c(name)), shown = diag_escape(arena, str_c(name));

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

int cmd_functions(Arena *arena, int argc, char **argv)
{
	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		printf("The manual of the template functions: all of them, or those named.\n\n"
		       "Usage: cleat functions [NAME]...\n");
		return 0;
	}
	if (argc > 1 && argv[1][0] == '-') {
		fprintf(stderr, "cleat functions: unknown option %.*s\n",
		        STR_ARGS(diag_escape(arena, str_c(argv[1]))));
		return 2;
	}
	if (argc < 2)
		return print_all();
	for (int i = 1; i < argc; i++) {
		int code = print_one(arena, argv[i]);
		if (code)
			return code;
	}
	return 0;
}
