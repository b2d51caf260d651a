// The table of commands.

#include "cmd/commands.h"

#include <string.h>

static const Command COMMANDS[] = {
	{"render", "template", cmd_render,
         "render a Helm chart, byte for byte as helm template does", &render_options, false},
	{"build", "kustomize", cmd_build,
         "build a kustomization, byte for byte as kustomize build does", &build_options, false},
	{"why", NULL, cmd_why, "which lines made a rendered value, and what a value reaches",
         &why_options, false},
	{"lint", NULL, cmd_lint,
         "find waits that never end, hardcoded hosts, plaintext credentials, ...", &lint_options,
         true},
	{"golden", NULL, cmd_golden, "compare renders with the golden files that .cleat.yaml names",
         &golden_options, true},
	{"diff", NULL, cmd_diff, "what differs between charts, values, revisions or manifests",
         &diff_options, true},
	{"watch", NULL, cmd_watch, "render and lint again when a file changes, show what changed",
         &watch_options, false},
	{"package", NULL, cmd_package, "pack a namespace's secrets for those who apply them",
         &package_options, false},
	{"graph", NULL, cmd_graph, "draw who waits for whom", &graph_options, true},
	{"dependency", "dep", cmd_dependency,
         "list a chart's dependencies and whether they are there", &dependency_options, false},
	{"functions", NULL, cmd_functions, "the manual of the template functions",
         &functions_options, false},
	{"krm", NULL, cmd_krm, "the linter as a KRM function, for Kustomize and kpt", &krm_options,
         false},
	{"completion", NULL, cmd_completion, "print a completion script for bash, zsh or fish",
         &completion_options, false},
	{"man", NULL, cmd_man, "print a manual page, or write all of them", &man_options, false},
	{"eval", NULL, cmd_eval, NULL, NULL, false},
	{"manual", NULL, cmd_manual, NULL, NULL, false},
};

const Command *command_at(size_t i)
{
	return i < sizeof COMMANDS / sizeof *COMMANDS ? &COMMANDS[i] : NULL;
}

Str command_nearest(Str name)
{
	Str names[sizeof COMMANDS / sizeof *COMMANDS * 2 + 1] = {S("help")};
	size_t count = 1;

	for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
		if (!COMMANDS[i].summary)
			continue;
		names[count++] = str_c(COMMANDS[i].name);
		if (COMMANDS[i].other)
			names[count++] = str_c(COMMANDS[i].other);
	}
	return str_nearest(name, names, count);
}

const Command *command_find(const char *name)
{
	for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++)
		if (!strcmp(name, COMMANDS[i].name) ||
		    (COMMANDS[i].other && !strcmp(name, COMMANDS[i].other)))
			return &COMMANDS[i];
	return NULL;
}
