#include "cmd/help_page.h"

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
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

// Commands print their help to standard output: for this long that is a buffer. NULL where the system refuses.
static char *capture(const Command *command)
{
	char help[] = "--help", *argv[] = {(char *)command->name, help, NULL}, *bytes = NULL;
	size_t len = 0;
	FILE *real = stdout, *memory = open_memstream(&bytes, &len);

	if (!memory)
		return NULL;
	stdout = memory;
	command->run(2, argv);
	stdout = real;
	return fclose(memory) == 0 ? bytes : NULL;
}

// --- reading it ---

static size_t indent_of(Str line)
{
	size_t n = 0;

	while (n < line.len && line.p[n] == ' ')
		n++;
	return n;
}

static bool is_option(Str line)
{
	size_t indent = indent_of(line);

	return (indent == 2 || indent == 6) && indent < line.len && line.p[indent] == '-';
}

static void read_option(Arena *arena, HelpPage *page, Str line)
{
	HelpOption option = {0};
	size_t gap = str_find(str_from(line, indent_of(line)), S("  ")), name_end;
	Str left = str_trim_space(gap == STR_NONE ? line : str_to(line, indent_of(line) + gap));

	option.help =
		gap == STR_NONE ? S("") : str_trim_space(str_from(line, indent_of(line) + gap));
	if (left.len > 1 && left.p[1] != '-') {
		option.letter = left.p[1];
		left = str_trim_space(str_from(left, 3));
	}
	left = str_from(left, 2);
	name_end = str_find_byte(left, ' ');
	option.name = str_to(left, name_end == STR_NONE ? left.len : name_end);
	option.argument = name_end == STR_NONE ? S("") : str_from(left, name_end + 1);
	VEC_PUSH(arena, page->options, page->option_count, page->option_cap) = option;
}

static Str join(Arena *arena, Str a, Str b)
{
	return a.len ? str_concat(arena, str_concat(arena, a, S(" ")), b) : b;
}

static void read_page(Arena *arena, Str text, HelpPage *page)
{
	Buf summary = buf_new(arena);
	Str line;

	while (str_line(&text, &line)) {
		HelpOption *last =
			page->option_count ? &page->options[page->option_count - 1] : NULL;
		if (str_has_prefix(line, S("Usage: ")) ||
		    (!last && !summary.len && str_has_prefix(line, S("       cleat "))))
			VEC_PUSH(arena, page->usages, page->usage_count, page->usage_cap) =
				str_from(line, 7);
		else if (is_option(line))
			read_option(arena, page, line);
		else if (last && indent_of(line) > 8)
			last->help = join(arena, last->help, str_trim_space(line));
		else if (line.len && str_has_suffix(line, S(":")) && line.p[0] != ' ')
			VEC_PUSH(arena, page->options, page->option_count, page->option_cap) =
				(HelpOption){.heading = line};
		else if (!last)
			buf_printf(&summary, "%.*s\n", STR_ARGS(line));
	}
	page->summary = str_trim_space(buf_view(&summary));
}

bool help_page_read(Arena *arena, const Command *command, HelpPage *out, Diag *diag)
{
	char *bytes = capture(command);

	if (!bytes)
		return diag_fail(diag, "the help of cleat %s can't be read", command->name);
	*out = (HelpPage){.command = command};
	read_page(arena, str_copy(arena, str_c(bytes)), out);
	free(bytes);
	return true;
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
