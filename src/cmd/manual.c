// `cleat man` and `cleat manual DIR`: the manual, from what the commands, rules and functions say of themselves.

#include "cmd/chart_options.h"
#include "cmd/files.h"
#include "cmd/help_page.h"
#include "lint/lint.h"
#include "template/func.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

// --- roff ---

// Text in a manual page: a backslash, a leading dot and a dash mean something there.
static void roff(Buf *out, Str text)
{
	for (size_t i = 0; i < text.len; i++) {
		bool starts = !i || text.p[i - 1] == '\n';
		if (starts && (text.p[i] == '.' || text.p[i] == '\''))
			buf_c(out, "\\&");
		if (text.p[i] == '\\')
			buf_c(out, "\\e");
		else if (text.p[i] == '-')
			buf_c(out, "\\-");
		else
			buf_byte(out, text.p[i]);
	}
}

static void roff_line(Buf *out, const char *before, Str text)
{
	buf_c(out, before);
	roff(out, text);
	buf_byte(out, '\n');
}

static void roff_head(Buf *out, const char *name)
{
	buf_c(out, ".\\\" Made by `cleat man` from what the commands say of themselves.\n.TH ");
	for (const char *c = name; *c; c++)
		buf_byte(out, *c >= 'a' && *c <= 'z' ? (char)(*c & ~0x20) : *c);
	buf_printf(out, " 1 \"\" \"cleat %s\" \"cleat's manual\"\n", CLEAT_VERSION);
}

static void roff_option(Buf *out, const HelpOption *o)
{
	if (o->heading.len) {
		roff_line(out, ".SS ", str_to(o->heading, o->heading.len - 1));
		return;
	}
	buf_c(out, ".TP\n.B ");
	if (o->letter)
		buf_printf(out, "\\-%c\\fR, \\fB", o->letter);
	buf_c(out, "\\-\\-");
	roff(out, o->name);
	if (o->argument.len) {
		buf_c(out, "\\fR \\fI");
		roff(out, o->argument);
		buf_c(out, "\\fR");
	}
	buf_byte(out, '\n');
	roff_line(out, "", o->help);
}

static void roff_examples(Buf *out, const char *command)
{
	bool any = false;

	for (const HelpExample *e = HELP_EXAMPLES; e->command; e++) {
		if (strcmp(e->command, command) != 0)
			continue;
		if (!any)
			buf_c(out, ".SH EXAMPLES\n");
		any = true;
		roff_line(out, ".PP\n", str_c(e->says));
		roff_line(out, ".PP\n.RS 4\n.nf\n", str_c(e->line));
		buf_c(out, ".fi\n.RE\n");
	}
}

static void man_of_command(Buf *out, Arena *arena, const HelpPage *page)
{
	const Command *command = page->command;

	roff_head(out, str_to_c(arena, str_printf(arena, "cleat-%s", command->name)));
	buf_printf(out, ".SH NAME\ncleat\\-%s \\- ", command->name);
	roff_line(out, "", str_c(command->summary));
	buf_c(out, ".SH SYNOPSIS\n.nf\n");
	for (size_t i = 0; i < page->usage_count; i++)
		roff_line(out, ".B ", page->usages[i]);
	buf_c(out, ".fi\n");
	roff_line(out, ".SH DESCRIPTION\n", page->summary);
	if (page->option_count)
		buf_c(out, ".SH OPTIONS\n");
	for (size_t i = 0; i < page->option_count; i++)
		roff_option(out, &page->options[i]);
	roff_examples(out, command->name);
	buf_c(out, ".SH SEE ALSO\n.BR cleat (1)\n");
}

static const struct {
	const char *name, *says;
} ENVIRONMENT[] = {
	{"NO_COLOR", "set to anything: no colours, unless \\-\\-color=always"},
	{"HELM_NAMESPACE", "the release's namespace where no \\-\\-namespace says another"},
	{"KUBECONFIG", "where the current context may name a namespace"},
	{"SOURCE_DATE_EPOCH", "the date of packages, in seconds since 1970"},
};

static void man_of_all(Buf *out)
{
	const Command *command;

	roff_head(out, "cleat");
	buf_c(out,
	      ".SH NAME\ncleat \\- render Helm charts and Kustomize overlays, and lint what was "
	      "rendered\n"
	      ".SH SYNOPSIS\n.B cleat\n.I COMMAND\n.RI [ ARGUMENTS ]\n.SH DESCRIPTION\n"
	      "Renders charts and overlays byte for byte as Helm and Kustomize do, knows which "
	      "line made every rendered\n"
	      "byte, and finds in the render what will go wrong in the cluster.\n.SH COMMANDS\n");
	for (size_t i = 0; (command = command_at(i)); i++)
		if (command->summary) {
			buf_printf(out, ".TP\n.BR cleat\\-%s (1)\n", command->name);
			roff_line(out, "", str_c(command->summary));
		}
	buf_c(out, ".SH EXIT STATUS\n.TP\n.B 0\ndone; nothing found\n.TP\n.B 1\nfailed, or "
	           "something was found\n"
	           ".TP\n.B 2\ncalled wrongly\n.SH ENVIRONMENT\n");
	for (size_t i = 0; i < sizeof ENVIRONMENT / sizeof *ENVIRONMENT; i++)
		buf_printf(out, ".TP\n.B %s\n%s\n", ENVIRONMENT[i].name, ENVIRONMENT[i].says);
	buf_c(out, ".SH FILES\n.TP\n.B .cleat.yaml\nsettings of a project: the linter's, and its "
	           "golden renders\n");
}

// --- Markdown ---

static void page_head(Buf *out, const char *title)
{
	buf_printf(out, "<!-- Made by `make docs`: edit the table it comes from. -->\n# %s\n\n",
	           title);
}

static void md_examples(Buf *out, const char *command)
{
	bool any = false;

	for (const HelpExample *e = HELP_EXAMPLES; e->command; e++) {
		if (strcmp(e->command, command) != 0)
			continue;
		buf_c(out, any ? "\n" : "\n## Examples\n\n");
		buf_printf(out, "%s\n\n```sh\n%s", e->says, e->line);
		if (e->exit)
			buf_printf(out, "  # exits with %d", e->exit);
		buf_c(out, "\n```\n");
		any = true;
	}
}

// Bars end a table's cell.
static void md_cell(Buf *out, Str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '|')
			buf_byte(out, '\\');
		buf_byte(out, text.p[i]);
	}
}

static void md_of_command(Buf *out, const HelpPage *page)
{
	bool in_table = false;

	page_head(out, page->command->name);
	buf_printf(out, "%s.\n\n```text\n", page->command->summary);
	for (size_t i = 0; i < page->usage_count; i++)
		buf_printf(out, "%.*s\n", STR_ARGS(page->usages[i]));
	buf_printf(out, "```\n\n%.*s\n", STR_ARGS(page->summary));
	if (page->option_count)
		buf_c(out, "\n## Options\n");
	for (size_t i = 0; i < page->option_count; i++) {
		const HelpOption *o = &page->options[i];
		if (o->heading.len) {
			buf_printf(out, "\n%.*s\n", STR_ARGS(o->heading));
			in_table = false;
			continue;
		}
		if (!in_table)
			buf_c(out, "\n| option | |\n|---|---|\n");
		in_table = true;
		buf_c(out, "| `");
		if (o->letter)
			buf_printf(out, "-%c, ", o->letter);
		buf_printf(out, "--%.*s%s", STR_ARGS(o->name), o->argument.len ? " " : "");
		md_cell(out, o->argument);
		buf_c(out, "` | ");
		md_cell(out, o->help);
		buf_c(out, " |\n");
	}
	md_examples(out, page->command->name);
}

static void md_of_rule(Buf *out, const Rule *rule)
{
	page_head(out, rule->id);
	buf_printf(out, "%s (%.*s)\n\n**Why.** %s\n\n**Mend.** %s\n", rule->summary,
	           STR_ARGS(lint_severity_name(rule->severity)), rule->why, rule->mend);
	buf_printf(out,
	           "\n## Turning it off\n\nFor a project, in `.cleat.yaml`:\n\n```yaml\nrules:\n  "
	           "%s: off\n```\n\nThe same is said "
	           "by the program:\n\n```sh\ncleat lint --explain %s\n```\n",
	           rule->id, rule->id);
}

static void md_of_function(Buf *out, const Func *func)
{
	page_head(out, func->name);
	buf_printf(out, "%s\n\n```text\n%s %s\n```\n", func->help, func->name, func->signature);
	if (func->example)
		buf_printf(out, "\n```text\n%s\n```\n", func->example);
}

// --- writing the manual ---

typedef struct Manual {
	Arena *arena;
	Str folder;
	Diag *diag;
} Manual;

static bool put(const Manual *m, const char *below, const char *name, Str text)
{
	Str path = str_printf(m->arena, "%.*s/%s%s", STR_ARGS(m->folder), below, name);

	return file_write(m->arena, path, text, m->diag);
}

static bool write_commands(const Manual *m)
{
	Buf index = buf_new(m->arena);
	const Command *command;
	HelpPage page;

	page_head(&index, "Commands");
	for (size_t i = 0; (command = command_at(i)); i++) {
		Buf out = buf_new(m->arena);
		if (!command->summary)
			continue;
		page = help_page(m->arena, command);
		md_of_command(&out, &page);
		buf_printf(&index, "- [%s](%s.md): %s\n", command->name, command->name,
		           command->summary);
		if (!put(m, "commands/",
		         str_to_c(m->arena, str_printf(m->arena, "%s.md", command->name)),
		         buf_view(&out)))
			return false;
	}
	return put(m, "commands/", "README.md", buf_view(&index));
}

static bool write_rules(const Manual *m)
{
	Buf index = buf_new(m->arena);
	const Rule *rule;

	page_head(&index, "Rules");
	buf_c(&index, "| rule | severity | |\n|---|---|---|\n");
	for (size_t i = 0; (rule = lint_rule_at(i)); i++) {
		Buf out = buf_new(m->arena);
		md_of_rule(&out, rule);
		buf_printf(&index, "| [%s](%s.md) | %.*s | %s |\n", rule->id, rule->id,
		           STR_ARGS(lint_severity_name(rule->severity)), rule->summary);
		if (!put(m, "rules/", str_to_c(m->arena, str_printf(m->arena, "%s.md", rule->id)),
		         buf_view(&out)))
			return false;
	}
	return put(m, "rules/", "README.md", buf_view(&index));
}

static bool write_functions(const Manual *m)
{
	Buf index = buf_new(m->arena);
	const Func *const *rows;
	size_t count = func_all(&rows);

	page_head(&index, "Template functions");
	for (size_t i = 0; i < count; i++) {
		Buf out = buf_new(m->arena);
		md_of_function(&out, rows[i]);
		buf_printf(&index, "- [%s](%s.md): %s\n", rows[i]->name, rows[i]->name,
		           rows[i]->help);
		if (!put(m, "functions/",
		         str_to_c(m->arena, str_printf(m->arena, "%s.md", rows[i]->name)),
		         buf_view(&out)))
			return false;
	}
	return put(m, "functions/", "README.md", buf_view(&index));
}

static bool write_man(const Manual *m)
{
	Buf all = buf_new(m->arena);
	const Command *command;
	HelpPage page;

	for (size_t i = 0; (command = command_at(i)); i++) {
		Buf out = buf_new(m->arena);
		if (!command->summary)
			continue;
		page = help_page(m->arena, command);
		man_of_command(&out, m->arena, &page);
		if (!put(m, "",
		         str_to_c(m->arena, str_printf(m->arena, "cleat-%s.1", command->name)),
		         buf_view(&out)))
			return false;
	}
	man_of_all(&all);
	return put(m, "", "cleat.1", buf_view(&all));
}

static bool write_manual(const Manual *m)
{
	return write_commands(m) && write_rules(m) && write_functions(m);
}

// --- the commands ---

static bool print_man(Arena *arena, const char *name, Diag *diag)
{
	const Command *command = name ? command_find(name) : NULL;
	Buf out = buf_new(arena);
	HelpPage page;

	if (name && (!command || !command->summary))
		return diag_fail(diag, "there is no command \"%s\"", name);
	if (command) {
		page = help_page(arena, command);
		man_of_command(&out, arena, &page);
	} else {
		man_of_all(&out);
	}
	fwrite(out.p, 1, out.len, stdout);
	return true;
}

static const Option MAN_OPTIONS[] = {
	{OPTION_TEXT, "directory", 'd', offsetof(Manual, folder), "DIR",
         "write all pages below DIR, not one to standard output", NULL, NULL, NULL},
	{.kind = OPTION_END},
};

const OptionTable man_options = {
	"Usage: cleat man [COMMAND] [options]",
	"Prints cleat's manual page, or a command's: `cleat man lint | man -l -`.",
	MAN_OPTIONS,
};

static int run_man(Arena *arena, int argc, char **argv, Diag *diag)
{
	Manual m = {arena, S(""), diag};
	StrList names = {0};
	Buf notes = buf_new(arena);
	bool help = false;

	if (!options_parse(arena, &man_options, argc, argv, &m, &names, &notes, &help, diag))
		return 2;
	if (help) {
		options_help(&man_options, stdout);
		return 0;
	}
	if (names.len > 1 || (names.len && m.folder.len)) {
		diag_fail(diag, "cleat man takes one command's name, or -d DIR");
		return 2;
	}
	if (m.folder.len)
		return write_man(&m) ? 0 : 1;
	return print_man(arena, names.len ? str_to_c(arena, names.items[0]) : NULL, diag) ? 0 : 2;
}

static const OptionTable manual_table = {
	"Usage: cleat manual DIR",
	"Writes docs/reference: a page for each command, rule and template function.",
	(const Option[]){{.kind = OPTION_END}},
};

static int run_manual(Arena *arena, int argc, char **argv, Diag *diag)
{
	Manual m = {arena, S(""), diag};
	StrList folders = {0};
	Buf notes = buf_new(arena);
	bool help = false;

	if (!options_parse(arena, &manual_table, argc, argv, NULL, &folders, &notes, &help, diag))
		return 2;
	if (help) {
		options_help(&manual_table, stdout);
		return 0;
	}
	if (folders.len != 1) {
		diag_fail(diag, "cleat manual takes the folder to write to");
		return 2;
	}
	m.folder = folders.items[0];
	return write_manual(&m) ? 0 : 1;
}

int cmd_man(Arena *arena, int argc, char **argv)
{
	Diag diag = diag_new(arena);
	int code = run_man(arena, argc, argv, &diag);

	if (diag.set)
		print_failure(arena, &diag, false);
	return code;
}

int cmd_manual(Arena *arena, int argc, char **argv)
{
	Diag diag = diag_new(arena);
	int code = run_manual(arena, argc, argv, &diag);

	if (diag.set)
		print_failure(arena, &diag, false);
	return code;
}
