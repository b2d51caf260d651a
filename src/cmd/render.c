// `cleat render`, also `cleat template`: what `helm template` does.

#include "cmd/annotate.h"
#include "cmd/chart_options.h"
#include "cmd/commands.h"
#include "cmd/explain.h"
#include "cmd/overlay.h"
#include "cmd/postrender.h"
#include "cmd/render_output.h"

#include "base/num.h"

#include <string.h>

typedef struct RenderCommand {
	bool annotate;
	ChartOptions chart;
	OutputOptions output;
	Str dry_run, post_renderer, repo, overlay, ignored_text;
	StrList post_renderer_args, ignored_list, labels;
	bool validate, verify, ignored_flag;
} RenderCommand;

// --- values that Helm checks though they change nothing here ---

static bool duration_unit(Str *text)
{
	static const Str UNITS[] = {{"ns", 2, NULL},        {"us", 2, NULL}, {"\xC2\xB5s", 3, NULL},
	                            {"\xCE\xBCs", 3, NULL}, {"ms", 2, NULL}, {"s", 1, NULL},
	                            {"m", 1, NULL},         {"h", 1, NULL}};

	for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++)
		if (str_has_prefix(*text, UNITS[i])) {
			*text = str_from(*text, UNITS[i].len);
			return true;
		}
	return false;
}

static bool check_duration(Str value, Diag *diag)
{
	Str rest = value;
	Buf quoted = buf_new(diag->arena);

	num_quote(&quoted, value);
	if (rest.len && (rest.p[0] == '-' || rest.p[0] == '+'))
		rest = str_from(rest, 1);
	if (str_is(rest, "0"))
		return true;
	do {
		size_t digits = 0;
		while (digits < rest.len &&
		       (rest.p[digits] == '.' || (rest.p[digits] >= '0' && rest.p[digits] <= '9')))
			digits++;
		if (!digits)
			return diag_fail(diag, "time: invalid duration %.*s",
			                 STR_ARGS(buf_view(&quoted)));
		rest = str_from(rest, digits);
		if (!rest.len)
			return diag_fail(diag, "time: missing unit in duration %.*s",
			                 STR_ARGS(buf_view(&quoted)));
		if (!duration_unit(&rest))
			return diag_fail(diag, "time: unknown unit in duration %.*s",
			                 STR_ARGS(buf_view(&quoted)));
	} while (rest.len);
	return true;
}

static bool check_wait(Str value, Diag *diag)
{
	static const char *const KNOWN[] = {"watcher", "hookOnly", "legacy", "true", "false"};
	Buf quoted = buf_new(diag->arena);

	for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
		if (str_is(value, KNOWN[i]))
			return true;
	num_quote(&quoted, value);
	return diag_fail(diag,
	                 "invalid wait input %.*s. Valid inputs are watcher, hookOnly, and legacy",
	                 STR_ARGS(buf_view(&quoted)));
}

static bool check_labels(Str value, Diag *diag)
{
	Str part;

	while (value.len && str_cut(&value, S(","), &part))
		if (str_find_byte(part, '=') == STR_NONE)
			return diag_fail(diag, "%.*s must be formatted as key=value",
			                 STR_ARGS(part));
	return true;
}

static bool check_color(Str value, Diag *diag)
{
	return str_is(value, "never") || str_is(value, "auto") || str_is(value, "always") ||
	       diag_fail(diag, "must be one of: never, auto, always");
}

// --- the table ---

#define CHART_BASE offsetof(RenderCommand, chart)
#define ROW(kind, name, letter, field, argument, help)                                             \
	{                                                                                          \
		kind, name, letter, offsetof(RenderCommand, field), argument, help, NULL, NULL,    \
			NULL                                                                       \
	}
// What Helm takes and client-side rendering does not look at.
#define IGNORED_FLAG(name)                                                                         \
	{                                                                                          \
		OPTION_FLAG, name, 0, offsetof(RenderCommand, ignored_flag), NULL, NULL, NULL,     \
			NULL, NULL                                                                 \
	}
#define IGNORED_TEXT(name)                                                                         \
	{                                                                                          \
		OPTION_TEXT, name, 0, offsetof(RenderCommand, ignored_text), "X", NULL, NULL,      \
			NULL, NULL                                                                 \
	}

static const Option OPTIONS[] = {
	{.kind = OPTION_HEADING, .help = "Values, release and chart:"},
	CHART_OPTION_ROWS,
	{.kind = OPTION_HEADING, .help = "Output:"},
	ROW(OPTION_LIST, "show-only", 's', output.show_only, "PATH",
            "only this template's manifests; globs; repeatable"),
	ROW(OPTION_TEXT, "output-dir", 0, output.output_dir, "DIR",
            "write files below DIR, not standard output"),
	ROW(OPTION_FLAG, "release-name", 0, output.use_release_name, NULL,
            "the release's name in those paths"),
	ROW(OPTION_FLAG, "include-crds", 0, output.include_crds, NULL, "the files of crds/ too"),
	ROW(OPTION_FLAG, "skip-tests", 0, output.skip_tests, NULL, "leave out hooks of helm test"),
	ROW(OPTION_FLAG, "annotate", 0, annotate, NULL,
            "comments that name the lines each line came from"),
	ROW(OPTION_FLAG, "no-hooks", 0, output.no_hooks, NULL, "leave out hooks"),
	ROW(OPTION_TEXT, "kustomize", 'k', overlay, "DIR",
            "lay the kustomization in DIR over the chart, which is its chart.yaml"),
	ROW(OPTION_TEXT, "post-renderer", 0, post_renderer, "PROGRAM",
            "run this program over the manifests: standard input to standard output"),
	ROW(OPTION_LIST, "post-renderer-args", 0, post_renderer_args, "ARG",
            "an argument for it; repeatable"),
	{.kind = OPTION_HEADING, .help = "Refused, since they need a cluster or the network:"},
	{OPTION_MAYBE, "dry-run", 0, offsetof(RenderCommand, dry_run), "MODE",
         "client is what happens; server is refused", "unset", NULL, NULL},
	{OPTION_FLAG, "validate", 0, offsetof(RenderCommand, validate), NULL, "as --dry-run=server",
         NULL, "use '--dry-run=server' instead", NULL},
	ROW(OPTION_TEXT, "repo", 0, repo, "URL", "a chart repository"),
	ROW(OPTION_FLAG, "verify", 0, verify, NULL, "check the chart's signature"),
	ROW(OPTION_FLAG, "dependency-update", 0, chart.dependency_update, NULL,
            "fetch what charts/ lacks"),
	{.kind = OPTION_HEADING,
         .help = "Everything else that `helm template` takes is taken too and changes nothing, as "
                 "there."},
	{OPTION_TEXT, "timeout", 0, offsetof(RenderCommand, ignored_text), "D", NULL, NULL, NULL,
         check_duration},
	{OPTION_MAYBE, "wait", 0, offsetof(RenderCommand, ignored_text), "HOW", NULL, "watcher",
         NULL, check_wait},
	{OPTION_CSV, "labels", 'l', offsetof(RenderCommand, labels), "K=V", NULL, NULL, NULL,
         check_labels},
	{OPTION_TEXT, "color", 0, offsetof(RenderCommand, ignored_text), "WHEN", NULL, NULL, NULL,
         check_color},
	{OPTION_TEXT, "colour", 0, offsetof(RenderCommand, ignored_text), "WHEN", NULL, NULL, NULL,
         check_color},
	{OPTION_FLAG, "force", 0, offsetof(RenderCommand, ignored_flag), NULL, NULL, NULL,
         "use --force-replace instead", NULL},
	{OPTION_FLAG, "atomic", 0, offsetof(RenderCommand, ignored_flag), NULL, NULL, NULL,
         "use --rollback-on-failure instead", NULL},
	{OPTION_TEXT, "v", 'v', offsetof(RenderCommand, ignored_text), "N", NULL, NULL, NULL, NULL},
	{OPTION_LIST, "kube-as-group", 0, offsetof(RenderCommand, ignored_list), "G", NULL, NULL,
         NULL, NULL},
	IGNORED_FLAG("create-namespace"),
	IGNORED_FLAG("devel"),
	IGNORED_FLAG("disable-openapi-validation"),
	IGNORED_FLAG("force-conflicts"),
	IGNORED_FLAG("force-replace"),
	IGNORED_FLAG("hide-notes"),
	IGNORED_FLAG("insecure-skip-tls-verify"),
	IGNORED_FLAG("kube-insecure-skip-tls-verify"),
	IGNORED_FLAG("pass-credentials"),
	IGNORED_FLAG("plain-http"),
	IGNORED_FLAG("replace"),
	IGNORED_FLAG("rollback-on-failure"),
	IGNORED_FLAG("server-side"),
	IGNORED_FLAG("skip-crds"),
	IGNORED_FLAG("take-ownership"),
	IGNORED_FLAG("wait-for-jobs"),
	IGNORED_TEXT("burst-limit"),
	IGNORED_TEXT("ca-file"),
	IGNORED_TEXT("cert-file"),
	IGNORED_TEXT("content-cache"),
	IGNORED_TEXT("description"),
	IGNORED_TEXT("key-file"),
	IGNORED_TEXT("keyring"),
	IGNORED_TEXT("kube-apiserver"),
	IGNORED_TEXT("kube-as-user"),
	IGNORED_TEXT("kube-ca-file"),
	IGNORED_TEXT("kube-tls-server-name"),
	IGNORED_TEXT("kube-token"),
	IGNORED_TEXT("password"),
	IGNORED_TEXT("qps"),
	IGNORED_TEXT("registry-config"),
	IGNORED_TEXT("repository-cache"),
	IGNORED_TEXT("repository-config"),
	IGNORED_TEXT("username"),
	IGNORED_TEXT("version"),
	{.kind = OPTION_END},
};

const OptionTable render_options = {
	"Usage: cleat render [NAME] [CHART] [options]",
	"Renders a chart, a folder or a .tgz, byte for byte as `helm template`. Without CHART it "
	"is the current\n"
	"folder, without NAME the release is called release-name. Progress and warnings go to "
	"standard error.",
	OPTIONS,
};

// --- what is refused ---

static bool parse_bool(Str text, bool *out)
{
	static const char *const NAMES[] = {"1", "t", "T", "TRUE",  "true",  "True",
	                                    "0", "f", "F", "FALSE", "false", "False"};

	for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
		if (str_is(text, NAMES[i])) {
			*out = i < 6;
			return true;
		}
	return false;
}

static bool refuse_server(Diag *diag, const char *option)
{
	return diag_fail(diag,
	                 "%s needs a cluster, which cleat does not talk to: leave it out, or use "
	                 "helm for it",
	                 option);
}

static bool check_dry_run(Str mode, Buf *notes, Diag *diag)
{
	Buf quoted = buf_new(diag->arena);
	bool on = false;

	num_quote(&quoted, mode);
	if (!mode.len || str_is(mode, "client"))
		return true;
	if (str_is(mode, "server"))
		return refuse_server(diag, "--dry-run=server");
	if (str_is(mode, "unset")) {
		buf_c(notes, "level=WARN msg=\"--dry-run is deprecated and should be replaced with "
		             "'--dry-run=client'\"\n");
		return true;
	}
	if (!str_is(mode, "none") && !parse_bool(mode, &on))
		return diag_fail(
			diag,
			"invalid dry-run value (%.*s). Must be \"none\", \"server\", or \"client\"",
			STR_ARGS(buf_view(&quoted)));
	if (str_is(mode, "none") || !on)
		return diag_fail(diag,
		                 "invalid dry-run value (%.*s). Must be \"server\" or \"client\"",
		                 STR_ARGS(buf_view(&quoted)));
	buf_c(notes, "level=WARN msg=\"boolean '--dry-run=true' flag is deprecated and must be "
	             "replaced with "
	             "'--dry-run=client'\"\n");
	return true;
}

static bool check_exclusive(int argc, char **argv, Diag *diag)
{
	static const char *const PAIRS[][3] = {
		{"force-replace", "force-conflicts", "force-conflicts force-replace"},
		{"force", "force-conflicts", "force force-conflicts"},
		{"validate", "dry-run", "dry-run validate"},
	};

	for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++)
		if (options_given(&render_options, argc, argv, PAIRS[i][0]) &&
		    options_given(&render_options, argc, argv, PAIRS[i][1]))
			return diag_fail(diag,
			                 "if any flags in the group [%s %s] are set none of the "
			                 "others can be; [%s] "
			                 "were all set",
			                 PAIRS[i][0], PAIRS[i][1], PAIRS[i][2]);
	return true;
}

static bool check_refused(const RenderCommand *c, Buf *notes, Diag *diag)
{
	if (c->validate)
		return refuse_server(diag, "--validate");
	if (c->repo.len)
		return diag_fail(diag,
		                 "--repo needs the network, which cleat does not use: `helm pull "
		                 "--repo %.*s CHART "
		                 "--untar` brings the chart here, then name its folder",
		                 STR_ARGS(c->repo));
	if (c->verify)
		return diag_fail(diag, "--verify is not done by cleat: `helm verify` checks a "
		                       "package's signature");
	return check_dry_run(c->dry_run, notes, diag);
}

// --- running ---

typedef struct Session {
	RenderCommand *command;
	StrList args;
	Render render;
	bool late;
	Diag diag;
} Session;

// The rendered chart becomes part of a kustomization, which is what comes out.
static bool lay_over(Session *s, Buf *out)
{
	Str manifests = buf_view(out);
	Built built;

	*out = buf_new(s->render.arena);
	if (!overlay_build_over(s->render.arena, NULL, s->command->overlay, manifests, &built,
	                        &s->render.log.out, &s->diag))
		return false;
	buf_str(out, built.text);
	return true;
}

static ChartOutcome finish(Session *s, Buf *out)
{
	RenderCommand *c = s->command;

	c->output.release = s->render.release;
	if (c->post_renderer.len &&
	    !postrender(&s->render, c->post_renderer, &c->post_renderer_args, &s->diag))
		return CHART_FAILED;
	if (!render_manifests(&s->render, &s->diag)) {
		if (c->chart.debug)
			output_compose_broken(&s->render, &c->output, out);
		else
			explain_bad_manifest(&s->render, &c->chart, &s->args, &s->diag);
		return CHART_FAILED;
	}
	s->late = false; // what fails now, fails in the command, not in the render
	if (c->annotate && !annotate_manifests(&s->render, &s->diag))
		return CHART_FAILED;
	if (c->overlay.len && c->output.output_dir.len) {
		diag_fail(&s->diag,
		          "-k prints to standard output: --output-dir can't be used with it");
		return CHART_FAILED;
	}
	if (!output_compose(&s->render, &c->output, out, &s->diag))
		return CHART_FAILED;
	return !c->overlay.len || lay_over(s, out) ? CHART_OK : CHART_FAILED;
}

int cmd_render(Arena *arena, int argc, char **argv)
{
	RenderCommand *command = ARENA_NEW(arena, RenderCommand);
	Session s = {.command = command,
	             .render = {.arena = arena, .log = log_new(arena)},
	             .diag = diag_new(arena)};
	Buf notes = buf_new(arena), out = buf_new(arena);
	ChartOutcome outcome = CHART_MISUSED;
	bool help = false;

	if (options_parse(arena, &render_options, argc, argv, command, &s.args, &notes, &help,
	                  &s.diag) &&
	    !help && check_exclusive(argc, argv, &s.diag) &&
	    check_refused(command, &notes, &s.diag))
		outcome = chart_options_render(&command->chart, &s.args, command->annotate,
		                               &s.render, &s.late, &s.diag);
	if (help) {
		options_help(&render_options, stdout);
		return 0;
	}
	if (outcome == CHART_OK)
		outcome = finish(&s, &out);
	fwrite(notes.p, 1, notes.len, stderr);
	fwrite(s.render.log.out.p, 1, s.render.log.out.len, stderr);
	fwrite(out.p, 1, out.len, stdout);
	if (outcome != CHART_OK)
		print_failure(arena, &s.diag, s.late && !command->chart.debug);
	return exit_code(outcome);
}
