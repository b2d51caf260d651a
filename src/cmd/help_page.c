#include "cmd/help_page.h"

#include <string.h>

const HelpExample HELP_EXAMPLES[] = {
	{"render", "cleat render flts . -f values/prod.yaml",
         "The manifests of a chart with a values file.", 0},
	{"render", "cleat render flts . --set kafka.enabled=false -s templates/training.yaml",
         "One template's, with a value set.", 0},
	{"render", "cleat render flts . -f values/prod.yaml --annotate",
         "With the lines that made each line behind it.", 0},
	{"render", "cleat render flts . -k overlays/prod", "A chart and an overlay in one pass.",
         0},
	{"completion", "cleat completion bash > cleat.bash", "A script for bash to source.", 0},
	{"man", "cleat man lint > cleat-lint.1", "A command's manual page.", 0},
	{"build", "cleat build overlays/prod", "A kustomization.", 0},
	{"why", "cleat why Deployment/train-gru spec.replicas", "Which lines made a value.", 0},
	{"why", "cleat why --value externalBackend.enabled",
         "What a value reaches, and what it decides.", 0},
	{"why", "cleat why Deployment/train-gru 'spec.template.spec.containers[0].image' -o json",
         "For programs.", 0},
	{"lint", "cleat lint . -f values/prod.yaml",
         "Everything that is wrong with the chart under these values.", 0},
	{"lint", "cleat render flts . | cleat lint -", "Manifests from anywhere.", 0},
	{"lint", "cleat lint --explain wait-on-missing-service", "What a rule is about.", 0},
	{"lint", "cleat lint . --values-set dev=values/dev.yaml --values-set prod=values/prod.yaml",
         "Several sets of values in one run.", 0},
	{"golden", "cleat golden", "Whether everything renders as it should.", 0},
	{"golden", "cleat golden --only dev,prod", "Some of it.", 0},
	{"golden", "cleat golden --update", "Takes the renders as they are now.", 0},
	{"diff", "cleat diff values/dev.yaml values/prod.yaml",
         "Two values files for the chart in this folder.", 1},
	{"diff", "cleat diff . -f values/dev.yaml -f values/prod.yaml -o markdown",
         "The same, for a pull request's comment.", 1},
	{"diff", "cleat diff overlays/base overlays/prod", "Two kustomizations.", 1},
	{"diff", "cleat render flts . | cleat diff --release flts --ignore-cluster-defaults - .",
         "What `kubectl get -o yaml` says against the chart; here the chart stands in for the "
         "cluster.",
         0},
	{"diff", "cleat diff . --rev HEAD", "The files as they are now against the last commit.",
         0},
	{"watch", "cleat watch . --runs 1", "Renders, lints and waits for a file to change.", 0},
	{"package", "cleat package seldon-system/production --name ml --date 20250704 --check",
         "Writes seldon-system-ml-secrets-20250704.tar.gz, unless something in it is in plain "
         "text.",
         0},
	{"package", "cleat package seldon-system/staging --dry-run", "Everything but the writing.",
         0},
	{"dependency", "cleat dependency list .", "What the chart depends on.", 0},
	{"functions", "cleat functions nindent", "One function's manual.", 0},
	{"functions", "cleat functions", "All of them.", 0},
	{"graph", "cleat graph .", "Who waits for whom.", 0},
	{0},
};

// --- getting the text ---

static HelpOption read_option(const Option *option)
{
	if (option->kind == OPTION_HEADING)
		return (HelpOption){.heading = str_c(option->help)};
	return (HelpOption){.letter = option->letter,
	                    .name = str_c(option->name),
	                    .argument = str_c(option->argument ? option->argument : ""),
	                    .help = str_c(option->help)};
}

HelpPage help_page(Arena *arena, const Command *command)
{
	HelpPage page = {.command = command,
	                 .summary = str_trim_space(str_c(command->options->summary))};
	Str usage = str_c(command->options->usage), line;

	// Every line of it begins with "Usage: ", or as many blanks.
	while (str_line(&usage, &line))
		VEC_PUSH(arena, page.usages, page.usage_count, page.usage_cap) =
			str_from(line, strlen("Usage: "));
	for (const Option *o = command->options->options; o->kind != OPTION_END; o++)
		if (o->help)
			VEC_PUSH(arena, page.options, page.option_count, page.option_cap) =
				read_option(o);
	return page;
}

const HelpOption *help_page_find(const HelpPage *page, Str name)
{
	for (size_t i = 0; i < page->option_count; i++)
		if (page->options[i].name.len && str_eq(page->options[i].name, name))
			return &page->options[i];
	return NULL;
}

const HelpOption *help_page_find_letter(const HelpPage *page, char letter)
{
	for (size_t i = 0; letter && i < page->option_count; i++)
		if (page->options[i].letter == letter)
			return &page->options[i];
	return NULL;
}
