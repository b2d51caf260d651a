// Runs a command, its output thrown away, and prints the most memory it held at once, in KiB. It forks from as little as
// this, since what a child shares with its parent before it becomes the command counts as the child's.
//
//	peak COMMAND [ARGUMENT]...

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t quiet;
	struct rusage usage;
	int error, status;
	pid_t child;

	if (argc < 2) {
		fputs("usage: peak COMMAND [ARGUMENT]...\n", stderr);
		return 2;
	}
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	error = posix_spawnp(&child, argv[1], &quiet, NULL, argv + 1, environ);
	if (error || wait4(child, &status, 0, &usage) < 0) {
		fprintf(stderr, "peak: %s: %s\n", argv[1], strerror(error));
		return 1;
	}
	printf("%ld\n", usage.ru_maxrss);
	return 0;
}
