// `cleat lint`: findings in charts and manifests.

#include "cmd/commands.h"
#include "cmd/files.h"
#include "cmd/lint_explore.h"
#include "cmd/lint_left_out.h"

#include "lint/baseline.h"
#include "lint/report/report.h"
#include "lint/suppress.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct LintCommand {
	ChartOptions chart;
	StrList sets, only;
	Str output, fail_on, baseline, write_baseline, explain, config, colour, explore_limit;
	bool no_config, rules, show_suppressed, explore;
} LintCommand;

static bool check_output(Str value, Diag *diag)
{
	return report_find(value) ||
	       diag_fail(diag, "must be one of: text, json, sarif, github, junit");
}

static bool check_fail_on(Str value, Diag *diag)
{
	Severity severity;

	return (severity_read(value, &severity) && severity != SEVERITY_OFF) ||
	       str_is(value, "never") ||
	       diag_fail(diag, "must be one of: error, warning, info, never");
}

static bool check_limit(Str value, Diag *diag)
{
	size_t limit;

	return explore_limit_read(value, &limit) ||
	       diag_fail(diag, "must be a number of configurations, from 1 to %d",
	                 EXPLORE_LIMIT_MAX);
}

static bool check_set(Str value, Diag *diag)
{
	size_t equals = str_find_byte(value, '=');
	Str files = str_from(value, equals == STR_NONE ? value.len : equals + 1), file;
	bool good = equals && files.len;

	while (files.len && str_cut(&files, S(","), &file))
		good &= file.len != 0;
	return (good && value.p[value.len - 1] != ',') ||
	       diag_fail(diag, "must be NAME=FILE or NAME=FILE,FILE...");
}

#define CHART_BASE offsetof(LintCommand, chart)
#define ROW(kind, name, letter, field, argument, help, check)                                      \
	{                                                                                          \
		kind, name, letter, offsetof(LintCommand, field), argument, help, NULL, NULL,      \
			check                                                                      \
	}

static const Option OPTIONS[] = {
	{.kind = OPTION_HEADING, .help = "What is reported:"},
	ROW(OPTION_TEXT, "output", 'o', output, "FORMAT", "text, json, sarif, github or junit",
            check_output),
	ROW(OPTION_TEXT, "fail-on", 0, fail_on, "SEVERITY",
            "exit with 1 from here on: error (default), warning, info, never", check_fail_on),
	ROW(OPTION_CSV, "only", 0, only, "RULES", "only these rules", NULL),
	ROW(OPTION_TEXT, "baseline", 0, baseline, "FILE",
            "findings that are known: only new ones count", NULL),
	ROW(OPTION_TEXT, "write-baseline", 0, write_baseline, "FILE",
            "write what is found as a baseline", NULL),
	ROW(OPTION_TEXT, "config", 0, config, "FILE", "settings instead of .cleat.yaml", NULL),
	ROW(OPTION_FLAG, "no-config", 0, no_config, NULL, "no settings file at all", NULL),
	ROW(OPTION_FLAG, "show-suppressed", 0, show_suppressed, NULL,
            "show what is ignored in place, too", NULL),
	ROW(OPTION_TEXT, "color", 0, colour, "WHEN",
            "auto, always or never (NO_COLOR is respected)", check_colour),
	ROW(OPTION_TEXT, "explain", 0, explain, "RULE", "what a rule is about, and how to mend it",
            NULL),
	ROW(OPTION_FLAG, "rules", 0, rules, NULL, "list the rules", NULL),
	{.kind = OPTION_HEADING, .help = "Other configurations that the values allow:"},
	ROW(OPTION_FLAG, "explore", 0, explore, NULL,
            "lint the chart with its switches set otherwise, one by one and in pairs, too", NULL),
	ROW(OPTION_TEXT, "explore-limit", 0, explore_limit, "N",
            "configurations at most for each values set (200)", check_limit),
	{.kind = OPTION_HEADING, .help = "Values, release and chart, as for render:"},
	ROW(OPTION_LIST, "values-set", 0, sets, "NAME=FILES",
            "lint with these values files; repeatable: each set in one run", check_set),
	CHART_OPTION_ROWS,
	{.kind = OPTION_END},
};

const OptionTable lint_options = {
	"Usage: cleat lint [CHART | FILE | FOLDER | -]... [options]",
	"Finds waits that never end, hosts written where they should be configured, credentials in "
	"plain text\n"
	"and more, in a chart (rendered with its values) or in manifests, and names the line to "
	"edit. Without\n"
	"an argument: the current folder. Exit codes: 0 nothing found, 1 findings, 2 could not "
	"run.",
	OPTIONS,
};

static int print_rules(void)
{
	const Rule *rule;

	for (size_t i = 0; (rule = lint_rule_at(i)); i++)
		printf("%-26s %-8.*s %s\n", rule->id, STR_ARGS(lint_severity_name(rule->severity)),
		       rule->summary);
	return 0;
}

static int print_rule(Arena *arena, Str id)
{
	const Rule *rule = lint_rule(id);
	Str unknown;

	if (rule) {
		printf("%s (%.*s): %s\n\nWhy: %s\n\nMend: %s\n", rule->id,
		       STR_ARGS(lint_severity_name(rule->severity)), rule->summary, rule->why,
		       rule->mend);
		return 0;
	}
	unknown = diag_escape(arena, lint_no_rule(arena, id));
	fprintf(stderr, "Error: %.*s; `cleat lint --rules` lists them\n", STR_ARGS(unknown));
	return 2;
}

typedef struct Session {
	Arena *arena;
	LintCommand *command;
	LintInput input;
	Lint lint;
	Exploring **explored; // one for each values set, where the chart is explored
	size_t explored_count, explored_cap;
	ExploreCounts counts;
	Buf log;
	Diag diag;
} Session;

// Only the rules asked for.
static bool apply_only(Session *s)
{
	const Rule *rule;

	for (size_t i = 0; i < s->command->only.len; i++)
		if (!lint_rule(s->command->only.items[i]))
			return diag_fail_str(&s->diag,
			                     lint_no_rule(s->arena, s->command->only.items[i]));
	for (size_t i = 0; s->command->only.len && (rule = lint_rule_at(i)); i++) {
		bool wanted = false;
		for (size_t j = 0; j < s->command->only.len; j++)
			wanted |= str_is(s->command->only.items[j], rule->id);
		if (!wanted)
			VEC_PUSH(s->arena, s->input.settings.rules.items,
			         s->input.settings.rules.len, s->input.settings.rules.cap) =
				(RuleSetting){str_c(rule->id), SEVERITY_OFF};
	}
	return true;
}

// Findings of one set that an earlier one had too are told once, with both names.
static void merge_sets(Session *s, Findings *all, Map *seen, Findings *found)
{
	findings_number(s->arena, found);
	for (size_t i = 0; i < found->len; i++) {
		Finding *finding = found->items[i], *earlier;
		Str key;
		key = str_printf(s->arena, "%s %s:%zu %s:%zu",
		                 str_to_c(s->arena, finding->fingerprint),
		                 str_to_c(s->arena, finding->template.file), finding->template.line,
		                 str_to_c(s->arena, finding->values.file), finding->values.line);
		earlier = table_get(seen, key);
		if (!earlier) {
			table_put(s->arena, seen, key, finding);
			VEC_PUSH(s->arena, all->items, all->len, all->cap) = finding;
			continue;
		}
		for (size_t j = 0; j < finding->set_count; j++)
			VEC_PUSH(s->arena, earlier->sets, earlier->set_count, earlier->set_cap) =
				finding->sets[j];
	}
}

static bool lint_set(Session *s, Str set, Findings *all, Map *seen)
{
	size_t equals = str_find_byte(set, '=');
	StrList values = {0};
	LintRead read;
	Str rest = equals == STR_NONE ? S("") : str_from(set, equals + 1), file;

	while (rest.len && str_cut(&rest, S(","), &file))
		str_list_push(s->arena, &values, file);
	s->lint.set = equals == STR_NONE ? S("") : str_to(set, equals);
	s->lint.findings = (Findings){0};
	if (!lint_input_read(&s->input, &values, &s->lint, &read, &s->log, &s->diag)) {
		if (s->lint.set.len)
			diag_wrap(&s->diag, "values set %.*s", STR_ARGS(s->lint.set));
		return false;
	}
	if (!s->input.earlier)
		s->input.earlier = read.chart;
	lint_run(&s->lint);
	lint_left_out(&s->input, &s->lint, &read);
	merge_sets(s, all, seen, &s->lint.findings);
	if (s->input.explored && read.chart)
		VEC_PUSH(s->arena, s->explored, s->explored_count, s->explored_cap) =
			exploring_new(&s->input, &read, &s->lint);
	return true;
}

// Every other configuration, once the values alone have said what they show.
static void explore(Session *s, Findings *all)
{
	size_t next = 0;
	Str pattern;

	if (!s->explored_count)
		return;
	explore_run(s->explored, s->explored_count, &s->lint, all, &s->log);
	s->counts = exploring_counts(s->explored, s->explored_count);
	while (s->explored_count == 1 &&
	       explore_unused_pattern(s->explored[0]->explore, &next, &pattern)) {
		buf_c(&s->log, "Warning: explore.except: no value that can be switched is called ");
		buf_str(&s->log, diag_escape(s->arena, pattern));
		buf_byte(&s->log, '\n');
	}
}

static bool check_input_once(Session *s, Str file, size_t *times)
{
	*times += str_is(file, "-");
	return *times < 2 ||
	       diag_fail(&s->diag, "standard input can be read once: it stands for the values of "
	                           "several sets here");
}

// Each set has a name of its own, and standard input is not asked for twice: -f - would be for each set.
static bool check_sets(Session *s)
{
	const StrList *sets = &s->command->sets, *common = &s->command->chart.values.files;
	Map *names = map_new(s->arena, &TYPE_ANY_MAP);
	size_t times = 0;

	for (size_t i = 0; i < sets->len; i++) {
		Str files = sets->items[i], name, file;
		str_cut(&files, S("="), &name);
		if (map_get(names, name))
			return diag_fail(&s->diag, "there are two values sets called %.*s",
			                 STR_ARGS(name));
		map_set(s->arena, names, name, value_bool(true));
		while (files.len && str_cut(&files, S(","), &file))
			if (!check_input_once(s, file, &times))
				return false;
		for (size_t j = 0; j < common->len; j++)
			if (!check_input_once(s, common->items[j], &times))
				return false;
	}
	return true;
}

// Where the input is no chart, they would be for nothing.
static bool check_values(Session *s)
{
	const ValueFlags *values = &s->command->chart.values;
	Str target = s->input.targets.len ? s->input.targets.items[0] : S(".");

	if ((!s->command->sets.len && !values->files.len && !values->set.len &&
	     !values->strings.len) ||
	    lint_input_is_chart(s->arena, target) ||
	    (!str_is(target, "-") && access(str_to_c(s->arena, target), F_OK) != 0))
		return true;
	return diag_fail(&s->diag, "%.*s is no chart: manifests take no values", STR_ARGS(target));
}

static bool lint_sets(Session *s)
{
	Findings all = {0};
	Map *seen = map_new(s->arena, &TYPE_ANY_MAP);
	const StrList *sets = &s->command->sets;

	s->lint.suppressions = suppressions_new(s->arena);
	s->lint.files = map_new(s->arena, &TYPE_ANY_MAP);
	s->lint.arena = s->arena;
	s->lint.settings = &s->input.settings;
	s->input.several = sets->len > 1;
	if (!sets->len && !lint_set(s, S(""), &all, seen))
		return false;
	for (size_t i = 0; i < sets->len; i++) {
		s->lint.later_set = i > 0;
		if (!lint_set(s, sets->items[i], &all, seen))
			return false;
	}
	s->lint.set = S("");
	explore(s, &all);
	s->lint.findings = (Findings){0};
	if (!s->command->only.len)
		suppressions_report(&s->lint, s->lint.suppressions);
	merge_sets(s, &all, seen, &s->lint.findings);
	s->lint.findings = all;
	return true;
}

static bool use_baseline(Session *s, ReportOptions *options)
{
	Str text;

	if (s->command->baseline.len) {
		if (!fs_read_any(s->arena, s->command->baseline, &text, &s->diag) ||
		    !baseline_apply(s->arena, s->command->baseline, text, &s->input.settings,
		                    &s->lint.findings, &options->mended, &s->diag))
			return false;
	}
	return !s->command->write_baseline.len ||
	       file_write(s->arena, s->command->write_baseline,
	                  baseline_write(s->arena, &s->lint.findings), &s->diag);
}

static int report(Session *s)
{
	ReportOptions options = {.colour = wants_colour(s->command->colour),
	                         .show_suppressed = s->command->show_suppressed,
	                         .set_count = s->command->sets.len,
	                         .fail_on = s->input.settings.fail_on,
	                         .tool_version = S(CLEAT_VERSION),
	                         .explored = s->explored_count ? &s->counts : NULL,
	                         .explore_limit = s->input.settings.explore.limit};
	Buf out = buf_new(s->arena);
	Str fail_on = s->command->fail_on;
	bool never = fail_on.len ? str_is(fail_on, "never") : s->input.settings.never_fails;
	int code = 0;

	if (fail_on.len)
		severity_read(fail_on, &options.fail_on);
	report_sort(&s->lint.findings);
	if (!use_baseline(s, &options))
		return 2;
	report_find(s->command->output.len ? s->command->output : S("text"))(&s->lint, &options,
	                                                                     &out);
	fwrite(out.p, 1, out.len, stdout);
	for (size_t i = 0; i < s->lint.findings.len; i++)
		if (s->lint.findings.items[i]->state == FINDING_NEW &&
		    s->lint.findings.items[i]->severity >= options.fail_on)
			code = 1;
	return never ? 0 : code;
}

// The command line counts for more than the settings do.
static bool apply_explore(Session *s, bool given)
{
	const LintCommand *command = s->command;
	ExploreSetting *setting = &s->input.settings.explore;
	Str target = s->input.targets.len ? s->input.targets.items[0] : S(".");

	if (command->explore_limit.len)
		explore_limit_read(command->explore_limit, &setting->limit);
	s->input.explored = given ? command->explore : setting->on || command->explore_limit.len;
	if (s->input.explored && (given || command->explore_limit.len) &&
	    !lint_input_is_chart(s->arena, target))
		return diag_fail(&s->diag,
		                 "only a chart can be explored: manifests have no values");
	return true;
}

int cmd_lint(Arena *arena, int argc, char **argv)
{
	LintCommand *command = ARENA_NEW(arena, LintCommand);
	Session s = {
		.arena = arena, .command = command, .log = buf_new(arena), .diag = diag_new(arena)};
	Buf notes = buf_new(arena);
	bool help = false, ready, given = options_given(&lint_options, argc, argv, "explore");
	int code = 2;

	ready = options_parse(arena, &lint_options, argc, argv, command, &s.input.targets, &notes,
	                      &help, &s.diag);
	if (help) {
		options_help(&lint_options, stdout);
		return 0;
	}
	if (ready && command->rules)
		return print_rules();
	if (ready && command->explain.len)
		return print_rule(arena, command->explain);
	s.input.options = &command->chart;
	s.input.config_file = command->config;
	s.input.no_config = command->no_config;
	if (ready && check_sets(&s) && check_values(&s) &&
	    lint_input_config(arena, &s.input, &s.diag) && apply_only(&s) &&
	    apply_explore(&s, given) && lint_sets(&s))
		code = report(&s);
	fwrite(notes.p, 1, notes.len, stderr);
	fwrite(s.log.p, 1, s.log.len, stderr);
	if (s.diag.set)
		print_failure(arena, &s.diag, false);
	return code;
}
