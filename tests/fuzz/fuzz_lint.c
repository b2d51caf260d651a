// Hostile manifests: the model, every rule and every report.

#include "lint/graph.h"
#include "lint/lint.h"
#include "lint/report/report.h"
#include "lint/suppress.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const formats[] = {"text", "json", "sarif", "github", "junit"};
	Arena *arena = arena_new((size_t)256 << 20);
	Settings settings = settings_default();
	ModelOptions options = {.ns = S("default"), .cluster_domain = S("cluster.local")};
	ReportOptions report = {.show_suppressed = true, .fail_on = SEVERITY_INFO};
	Lint lint = {.arena = arena, .settings = &settings};
	Source source;
	Buf out;
	Diag diag;

	if (!arena || setjmp(*arena_trap(arena))) {
		arena_free(arena);
		return 0;
	}
	diag = diag_new(arena);
	out = buf_new(arena);
	source = (Source){.name = S("fuzz.yaml"),
	                  .text = str_copy(arena, str_n((const char *)data, size))};
	lint.files = map_new(arena, &TYPE_ANY_MAP);
	lint.suppressions = suppressions_new(arena);
	lint_add_file(&lint, source.name, source.text);
	if (model_build(arena, &source, 1, &options, &lint.model, &diag)) {
		lint_run(&lint);
		suppressions_report(&lint, lint.suppressions);
		report_sort(&lint.findings);
		for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
			report_find(str_c(formats[i]))(&lint, &report, &out);
		graph_svg(graph_new(arena, lint.model, lint.settings), &out);
	}
	arena_free(arena);
	return 0;
}
