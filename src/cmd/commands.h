#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

// One file a command. Each gets the arena of its run and its own arguments (argv[0] is the command's name), prints to
// standard output and standard error, and returns the exit code: 0 done, 1 failed (or findings), 2 called wrongly.

#include "cmd/options.h"

#define CLEAT_VERSION "0.1.0"

typedef struct Command {
	const char *name, *other; // a second spelling, or NULL
	int (*run)(Arena *arena, int argc, char **argv);
	const char *summary;        // NULL: not shown by --help
	const OptionTable *options; // NULL where summary is
	bool finds; // its exit code 1 says that it found something, and 2 that it could not look
} Command;

// The table of all commands: NULL behind the last.
const Command *command_at(size_t i);
// By either name; NULL where there is none.
const Command *command_find(const char *name);
// The one that was probably meant, of those that --help shows; empty where none is near.
Str command_nearest(Str name);

extern const OptionTable build_options, completion_options, dependency_options, diff_options,
	functions_options, golden_options, graph_options, krm_options, lint_options, man_options,
	package_options, render_options, watch_options, why_options;

int cmd_build(Arena *arena, int argc, char **argv);
int cmd_completion(Arena *arena, int argc, char **argv);
int cmd_dependency(Arena *arena, int argc, char **argv);
int cmd_diff(Arena *arena, int argc, char **argv);
int cmd_eval(Arena *arena, int argc, char **argv);
int cmd_functions(Arena *arena, int argc, char **argv);
int cmd_golden(Arena *arena, int argc, char **argv);
int cmd_graph(Arena *arena, int argc, char **argv);
int cmd_krm(Arena *arena, int argc, char **argv);
int cmd_lint(Arena *arena, int argc, char **argv);
int cmd_man(Arena *arena, int argc, char **argv);
int cmd_manual(Arena *arena, int argc, char **argv);
int cmd_package(Arena *arena, int argc, char **argv);
int cmd_render(Arena *arena, int argc, char **argv);
int cmd_watch(Arena *arena, int argc, char **argv);
int cmd_why(Arena *arena, int argc, char **argv);

#endif
