// Picks a command and runs it.

#include "cmd/commands.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// Templates may call each other deeply, as in Go, whose stack grows to 1 GiB. Only what is touched costs memory.
#define STACK_SIZE ((size_t)512 << 20)

static void print_help(FILE *out)
{
	const Command *command;

	fprintf(out,
	        "cleat renders Helm charts and Kustomize overlays, and lints what it rendered.\n\n"
	        "Usage: cleat COMMAND [ARGUMENTS]\n\nCommands:\n");
	for (size_t i = 0; (command = command_at(i)); i++)
		if (command->summary)
			fprintf(out, "  %-11s %s%s%s%s\n", command->name, command->summary,
			        command->other ? " (also: " : "",
			        command->other ? command->other : "", command->other ? ")" : "");
	fprintf(out, "\nOptions:\n  -h, --help  this text; `cleat COMMAND --help` for a command's\n"
	             "  --version   the version\n\n"
	             "Exit codes: 0 done, 1 failed or found something, 2 called wrongly.\n");
}

// Pages that every command touches are mapped at once: each at its first touch costs a virtual machine as much as
// 100,000 instructions. That they are is only a wish.

static void map_program(void)
{
#ifdef MADV_POPULATE_READ
	extern const char __executable_start[], edata[]; // the linker's
	uintptr_t from = (uintptr_t)__executable_start & ~(uintptr_t)4095;

	(void)madvise((void *)from, (uintptr_t)edata - from, MADV_POPULATE_READ);
#endif
}

// The stack of a usual render, from the caller's frame down.
static void map_stack(void)
{
#ifdef MADV_POPULATE_WRITE
	const uintptr_t size = (uintptr_t)48 << 10;
	uintptr_t top = (uintptr_t)__builtin_frame_address(0) & ~(uintptr_t)4095;

	(void)madvise((void *)(top - size), size, MADV_POPULATE_WRITE);
#endif
}

// What was printed has to arrive: a full disk is a failure. The reason is known where the last write failed; where an
// earlier one did, nothing at all is left to be written.
static bool flush_output(void)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	fprintf(stderr, "cleat: standard output can't be written%s%s\n", errno ? ": " : "",
	        errno ? strerror(errno) : "");
	return false;
}

// Ends the program. Of a command that finds things, 1 would say that it found some.
static _Noreturn void end(const Command *command, int code)
{
	if (!flush_output())
		code = command && command->finds ? 2 : 1;
	exit(code);
}

typedef struct Run {
	const Command *command;
	int argc;
	char **argv;
} Run;

// Everything a command allocates lives in one arena. A full one unwinds to here. The thread ends the program: to end
// itself first, give its stack back and wake the main one would be for nothing.
static void *run_command(void *context)
{
	Run *run = context;
	Arena *arena = arena_new_large(0);
	int code;

	map_stack();
	if (!arena || setjmp(*arena_trap(arena))) {
		fputs("Error: out of memory, or past the limit of it\n", stderr);
		code = run->command->finds ? 2 : 1;
	} else {
		code = run->command->run(arena, run->argc, run->argv);
	}
	arena_free(arena);
	end(run->command, code);
}

static _Noreturn void run_on_large_stack(const Command *command, int argc, char **argv)
{
	Run run = {command, argc, argv};
	pthread_attr_t attributes;
	pthread_t thread;

	map_program();
	mallopt(M_ARENA_MAX, 1); // one thread works: a heap of its own would be for nothing
	pthread_attr_init(&attributes);
	// Where the system grants no such stack, the usual one serves all but the deepest templates.
	if (pthread_attr_setstacksize(&attributes, STACK_SIZE) == 0 &&
	    pthread_create(&thread, &attributes, run_command, &run) == 0)
		pthread_join(thread, NULL);
	run_command(&run);
	exit(1); // not reached
}

static int refuse(const char *name)
{
	Arena *arena = arena_new(0);
	Str nearest = command_nearest(str_c(name)), shown;

	if (arena && !setjmp(*arena_trap(arena))) {
		shown = diag_escape(arena, str_c(name));
		fprintf(stderr, "cleat: there is no command \"%.*s\"", STR_ARGS(shown));
		if (nearest.len)
			fprintf(stderr, " (did you mean \"%.*s\"?)", STR_ARGS(nearest));
		fputs("; `cleat --help` lists them\n", stderr);
	}
	arena_free(arena);
	return 2;
}

static int pick(int argc, char **argv)
{
	static char help[] = "--help";
	const Command *command;

	if (argc < 2) {
		print_help(stderr);
		return 2;
	}
	// `cleat help COMMAND` is `cleat COMMAND --help`.
	if (argc == 3 && !strcmp(argv[1], "help") && command_find(argv[2])) {
		argv[1] = argv[2];
		argv[2] = help;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		print_help(stdout);
		return 0;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "version")) {
		printf("cleat %s\n", CLEAT_VERSION);
		return 0;
	}
	command = command_find(argv[1]);
	if (command)
		run_on_large_stack(command, argc - 1, argv + 1);
	return refuse(argv[1]);
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash ? slash + 1 : argv[0];

	// Installed, `render` is a second name of the same binary.
	if (!strcmp(name, "render"))
		run_on_large_stack(command_at(0), argc, argv);
	end(argc > 1 ? command_find(argv[1]) : NULL, pick(argc, argv));
}
