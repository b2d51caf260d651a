#ifndef CMD_CHART_OPTIONS_H
#define CMD_CHART_OPTIONS_H

// The options that every command which renders a chart shares, and the way from them to a render.

#include "chart/render.h"
#include "cmd/options.h"

#include <stddef.h>

typedef struct ChartOptions {
	ValueFlags values;
	Str namespace, kube_version, name_template, seed, now, kubeconfig, kube_context;
	StrList api_versions;
	bool is_upgrade, skip_schema, enable_dns, debug, subchart_notes, generate_name;
	bool dependency_update;
	Chart *loaded; // the chart, where it has been read before; it is not read again
	Fs *fs;        // where the chart lies, with its values files (values.fs): NULL is the disk
} ChartOptions;

#define CHART_OPTION(kind, name, letter, field, argument, help)                                    \
	{                                                                                          \
		kind, name, letter, CHART_BASE + offsetof(ChartOptions, field), argument, help,    \
			NULL, NULL, NULL                                                           \
	}

// The rows, for a table whose target holds a ChartOptions at the offset CHART_BASE.
#define CHART_OPTION_ROWS                                                                          \
	CHART_OPTION(OPTION_CSV, "values", 'f', values.files, "FILE",                              \
	             "values file; - is standard input; repeatable"),                              \
		CHART_OPTION(OPTION_LIST, "set", 0, values.set, "K=V",                             \
	                     "set a value: a.b=c,list[0]=x,list={a,b}"),                           \
		CHART_OPTION(OPTION_LIST, "set-string", 0, values.strings, "K=V",                  \
	                     "set a value that stays a string"),                                   \
		CHART_OPTION(OPTION_LIST, "set-file", 0, values.texts, "K=PATH",                   \
	                     "set a value to a file's text"),                                      \
		CHART_OPTION(OPTION_LIST, "set-json", 0, values.json, "K=JSON",                    \
	                     "set a value from JSON"),                                             \
		CHART_OPTION(OPTION_LIST, "set-literal", 0, values.literal, "K=V",                 \
	                     "set a value, nothing escaped"),                                      \
		CHART_OPTION(OPTION_TEXT, "namespace", 'n', namespace, "NS",                       \
	                     "namespace of the release"),                                          \
		CHART_OPTION(OPTION_TEXT, "kube-version", 0, kube_version, "V",                    \
	                     "Kubernetes version to render for"),                                  \
		CHART_OPTION(OPTION_CSV, "api-versions", 'a', api_versions, "LIST",                \
	                     "further API versions there are"),                                    \
		CHART_OPTION(OPTION_TEXT, "name-template", 0, name_template, "TEXT",               \
	                     "template of the release's name"),                                    \
		CHART_OPTION(OPTION_FLAG, "generate-name", 'g', generate_name, NULL,               \
	                     "as Helm: no NAME is given"),                                         \
		CHART_OPTION(OPTION_FLAG, "is-upgrade", 0, is_upgrade, NULL,                       \
	                     "set .Release.IsUpgrade"),                                            \
		CHART_OPTION(OPTION_FLAG, "skip-schema-validation", 0, skip_schema, NULL,          \
	                     "no values.schema.json"),                                             \
		CHART_OPTION(OPTION_FLAG, "render-subchart-notes", 0, subchart_notes, NULL,        \
	                     "subcharts' notes too"),                                              \
		CHART_OPTION(OPTION_FLAG, "enable-dns", 0, enable_dns, NULL,                       \
	                     "let getHostByName ask the resolver"),                                \
		CHART_OPTION(OPTION_TEXT, "seed", 0, seed, "N",                                    \
	                     "seed of random functions: the same render each time"),               \
		CHART_OPTION(OPTION_TEXT, "now", 0, now, "TIME",                                   \
	                     "the clock: RFC 3339 or seconds since 1970"),                         \
		CHART_OPTION(OPTION_FLAG, "debug", 0, debug, NULL,                                 \
	                     "say more; print what is no YAML"),                                   \
		CHART_OPTION(OPTION_TEXT, "kubeconfig", 0, kubeconfig, "FILE",                     \
	                     "where a namespace may be set"),                                      \
		CHART_OPTION(OPTION_TEXT, "kube-context", 0, kube_context, "NAME",                 \
	                     "the context to take it from")

// How a command ends.
typedef enum ChartOutcome { CHART_OK, CHART_FAILED, CHART_MISUSED } ChartOutcome;

// Whether the path is a chart on disk: a folder with a Chart.yaml, or an archive.
bool chart_is_there(Arena *arena, Str path);
// Loads the chart that `args` ([NAME] [CHART]) name into `render` (arena and log set) and reads the values, for
// render_templates.
ChartOutcome chart_options_load(const ChartOptions *options, const StrList *args, bool traced,
                                Render *render, RenderOptions *out, Map **values, Diag *diag);
// Loads the chart that `args` ([NAME] [CHART]) name and renders its templates into `render` (arena and log set). Where
// the failure is one of Helm's after the chart was processed, `*late` is set: Helm adds a hint then. Values that a
// schema refuses are told with their places.
ChartOutcome chart_options_render(const ChartOptions *options, const StrList *args, bool traced,
                                  Render *render, bool *late, Diag *diag);
// The same once more with origins kept, for an error that wants to name them; what it logs is not printed. False where
// the chart fails, or can't be read again since standard input was among its values.
bool chart_options_trace(const ChartOptions *options, const StrList *args, Render *again,
                         Diag *diag);
// Prints notes, log lines and the error to standard error as every command does.
void print_failure(Arena *arena, const Diag *diag, bool hint);
int exit_code(ChartOutcome outcome);

#endif
