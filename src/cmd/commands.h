#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

// One file a command. Each gets its own arguments (argv[0] is the command's name), prints to standard output and
// standard error, and returns the exit code: 0 done, 1 failed (or findings), 2 called wrongly.

#include <stdbool.h>
#include <stddef.h>

#define CLEAT_VERSION "0.1.0"

typedef struct Command {
	const char *name, *other; // a second spelling, or NULL
	int (*run)(int argc, char **argv);
	const char *summary; // NULL: not shown by --help
} Command;

// The table of all commands: NULL behind the last.
const Command *command_at(size_t i);
// By either name; NULL where there is none.
const Command *command_find(const char *name);

int cmd_build(int argc, char **argv);
int cmd_completion(int argc, char **argv);
int cmd_dependency(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_eval(int argc, char **argv);
int cmd_functions(int argc, char **argv);
int cmd_golden(int argc, char **argv);
int cmd_graph(int argc, char **argv);
int cmd_krm(int argc, char **argv);
int cmd_lint(int argc, char **argv);
int cmd_man(int argc, char **argv);
int cmd_manual(int argc, char **argv);
int cmd_package(int argc, char **argv);
int cmd_render(int argc, char **argv);
int cmd_watch(int argc, char **argv);
int cmd_why(int argc, char **argv);

#endif
