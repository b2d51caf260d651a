// `cleat build DIR` (`cleat kustomize DIR`): what `kubectl kustomize DIR` does.

#include "cmd/build_output.h"
#include "cmd/chart_options.h"
#include "cmd/commands.h"
#include "cmd/files.h"
#include "cmd/inflate.h"
#include "cmd/options.h"
#include "cmd/overlay.h"
#include "cmd/render_output.h"
#include "kustomize/kustomize.h"

#include <stdio.h>
#include <string.h>

typedef struct BuildOptions {
	bool enable_helm, enable_plugins, managed_by;
	// For functions, which cleat does not run, and Helm itself: without effect.
	bool as_current_user, network, helm_debug;
	StrList env, mount, helm_api_versions;
	Str network_name, helm_command, helm_kube_version;
	Str load_restrictor, reorder, output;
} BuildOptions;

static bool check_restrictor(Str value, Diag *diag)
{
	if (str_is(value, "LoadRestrictionsRootOnly") || str_is(value, "LoadRestrictionsNone"))
		return true;
	return diag_fail(diag,
	                 "illegal flag value --load-restrictor %.*s; legal values: "
	                 "[LoadRestrictionsRootOnly "
	                 "LoadRestrictionsNone]",
	                 STR_ARGS(value));
}

static bool check_reorder(Str value, Diag *diag)
{
	if (str_is(value, "none") || str_is(value, "legacy"))
		return true;
	return diag_fail(diag, "illegal flag value --reorder %.*s; legal values: [legacy none]",
	                 STR_ARGS(value));
}

#define OFFSET(member) offsetof(BuildOptions, member)

static const Option options[] = {
	{OPTION_FLAG, "enable-helm", 0, OFFSET(enable_helm), NULL,
         "inflate the charts of helmCharts", NULL, NULL, NULL},
	{OPTION_TEXT, "load-restrictor", 0, OFFSET(load_restrictor), "WHICH",
         "LoadRestrictionsNone lets files be read from outside a kustomization's folder", NULL,
         NULL, check_restrictor},
	{OPTION_TEXT, "output", 'o', OFFSET(output), "PATH",
         "write there instead of to standard output; a folder gets a file a resource", NULL, NULL,
         NULL},
	{OPTION_TEXT, "reorder", 0, OFFSET(reorder), "ORDER",
         "none keeps resources in the order they were read; legacy sorts them by kind (default)",
         NULL, NULL, check_reorder},
	{OPTION_FLAG, "enable-managedby-label", 0, OFFSET(managed_by), NULL,
         "add the label app.kubernetes.io/managed-by", NULL, NULL, NULL},
	{OPTION_TEXT, "helm-kube-version", 0, OFFSET(helm_kube_version), "VERSION",
         "the Kubernetes version charts see", NULL, NULL, NULL},
	{OPTION_CSV, "helm-api-versions", 0, OFFSET(helm_api_versions), "VERSIONS",
         "the API versions charts see", NULL, NULL, NULL},
	{OPTION_FLAG, "enable-alpha-plugins", 0, OFFSET(enable_plugins), NULL,
         "as --enable-helm: other plugins, and functions, are not run", NULL, NULL, NULL},
	{OPTION_FLAG, "as-current-user", 0, OFFSET(as_current_user), NULL, NULL, NULL, NULL, NULL},
	{OPTION_FLAG, "network", 0, OFFSET(network), NULL, NULL, NULL, NULL, NULL},
	{OPTION_TEXT, "network-name", 0, OFFSET(network_name), "NAME", NULL, NULL, NULL, NULL},
	{OPTION_LIST, "env", 'e', OFFSET(env), "ENV", NULL, NULL, NULL, NULL},
	{OPTION_LIST, "mount", 0, OFFSET(mount), "MOUNT", NULL, NULL, NULL, NULL},
	{OPTION_FLAG, "helm-debug", 0, OFFSET(helm_debug), NULL, NULL, NULL, NULL, NULL},
	{OPTION_TEXT, "helm-command", 0, OFFSET(helm_command), "COMMAND", NULL, NULL, NULL, NULL},
	{.kind = OPTION_END},
};

const OptionTable build_options = {
	"Usage: cleat build [DIR] [options]",
	"Builds the kustomization in DIR (default: the current folder), byte for byte as `kubectl "
	"kustomize` does.\n"
	"A chart in DIR (a folder or .tgz) is rendered as `cleat render` does.\n"
	"Nothing is read from outside the folders a kustomization may read, and nothing from the "
	"network.\n",
	options,
};

static int fail(Arena *arena, const Diag *diag)
{
	Str message = diag_escape(arena, diag->message);

	fprintf(stderr, "error: ");
	fwrite(message.p, 1, message.len, stderr);
	fputc('\n', stderr);
	if (diag->place.file.len) {
		Str file = diag_escape(arena, diag->place.file);
		fprintf(stderr, "  at %.*s", STR_ARGS(file));
		if (diag->place.line)
			fprintf(stderr, ":%zu", diag->place.line);
		fputc('\n', stderr);
	}
	if (diag->detail.len) {
		Str detail = diag_escape(arena, diag->detail);
		fprintf(stderr, "  ");
		fwrite(detail.p, 1, detail.len, stderr);
		fputc('\n', stderr);
	}
	return 1;
}

static bool write_output(Arena *arena, const BuildOptions *given, const Buf *out, Diag *diag)
{
	if (given->output.len)
		return file_write(arena, given->output, buf_view(out), diag);
	fwrite(out->p, 1, out->len, stdout); // main() sees to what can't be written
	return true;
}

// A folder that is a chart and no kustomization: what `cleat render` prints of it.
static int render(Arena *arena, const BuildOptions *given, Str path)
{
	ChartOptions how = {.kube_version = given->helm_kube_version,
	                    .api_versions = given->helm_api_versions,
	                    .debug = given->helm_debug};
	OutputOptions output = {0};
	StrList args = {&path, 1, 1};
	Render *render = ARENA_NEW(arena, Render);
	Diag diag = diag_new(arena);
	Buf out = buf_new(arena);
	bool late = false;
	ChartOutcome outcome;

	*render = (Render){.arena = arena, .log = log_new(arena)};
	outcome = chart_options_render(&how, &args, false, render, &late, &diag);
	if (outcome == CHART_OK &&
	    (!render_manifests(render, &diag) || !output_compose(render, &output, &out, &diag) ||
	     !write_output(arena, given, &out, &diag)))
		outcome = CHART_FAILED;
	fwrite(render->log.out.p, 1, render->log.out.len, stderr);
	if (outcome != CHART_OK)
		print_failure(arena, &diag, late);
	return exit_code(outcome);
}

static bool write_resources(Arena *arena, const BuildOptions *given, const ResMap *resources,
                            Diag *diag)
{
	Buf out = buf_new(arena);

	if (build_output_is_folder(arena, given->output))
		return build_output_write_folder(arena, given->output, resources, diag);
	return kustomize_write(arena, resources, &out, diag) &&
	       write_output(arena, given, &out, diag);
}

static int build(Arena *arena, const BuildOptions *given, Str path)
{
	KustomizeOptions how = {
		.unrestricted = str_is(given->load_restrictor, "LoadRestrictionsNone"),
		.enable_helm = given->enable_helm || given->enable_plugins,
		.managed_by = given->managed_by,
		.reorder = str_is(given->reorder, "none")     ? REORDER_NONE
	                   : str_is(given->reorder, "legacy") ? REORDER_LEGACY
	                                                      : REORDER_DEFAULT,
	};
	Inflate inflate = {given->helm_kube_version, given->helm_api_versions};
	Diag diag = diag_new(arena);
	TextList warnings = {0};
	ResMap *resources;
	bool ok;

	inflate_charts_with(&how, &inflate);
	ok = kustomize_build(arena, &how, path, &resources, &warnings, &diag);

	for (size_t i = 0; i < warnings.len; i++) {
		Str line = diag_escape(arena, warnings.items[i]);
		fprintf(stderr, "%.*s\n", STR_ARGS(line));
	}
	if (!ok || !write_resources(arena, given, resources, &diag))
		return fail(arena, &diag);
	return 0;
}

int cmd_build(Arena *arena, int argc, char **argv)
{
	BuildOptions given = {0};
	StrList args = {0};
	Buf notes = buf_new(arena);
	Diag diag = diag_new(arena);
	Str path, folder;
	bool help = false;

	if (!options_parse(arena, &build_options, argc, argv, &given, &args, &notes, &help,
	                   &diag)) {
		fprintf(stderr, "error: %.*s\n", STR_ARGS(diag_escape(arena, diag.message)));
		return 2;
	}
	if (help) {
		options_help(&build_options, stdout);
		return 0;
	}
	if (args.len > 1) {
		fprintf(stderr, "error: specify one path to kustomization.yaml\n");
		return 2;
	}
	path = args.len ? args.items[0] : S(".");
	if (!overlay_is_there(arena, path, &folder) && chart_is_there(arena, path))
		return render(arena, &given, path);
	return build(arena, &given, path);
}
