#ifndef CHART_CHART_H
#define CHART_CHART_H

// A chart as Helm loads it: metadata, values, templates, other files and the charts it depends on.
//
// Loading keeps the order of files (a folder's in lexical order, an archive's as they lie in it). What a chart has in
// charts/ becomes its `deps`, before dependencies.h sorts out which of them are wanted, under which names.

#include "base/fs.h"
#include "chart/decode.h"
#include "chart/log.h"

typedef struct Maintainer {
	Str name, email, url;
} Maintainer;

typedef struct Dependency {
	Str name, version, repository, condition, alias;
	StrList tags;
	List *import_values; // NULL where there are none
	bool enabled;
} Dependency;

typedef struct Metadata {
	Str name, home, version, description, icon, api_version, condition, tags, app_version,
		kube_version, type;
	StrList sources, keywords;
	PtrList maintainers;  // of Maintainer
	PtrList dependencies; // of Dependency
	Map *annotations;     // TYPE_STRING_MAP or NULL
	bool deprecated;
} Metadata;

// A file is read when first asked for: most renders never look at a README, a licence or megabytes of crds/.
typedef struct ChartFile {
	Str name; // below the chart: "templates/a.yaml"
	Str data; // without a byte order mark; not valid while `fs` is set
	Fs *fs;   // where to read it, NULL once read
	Str path; // in fs
} ChartFile;

typedef struct ChartFiles {
	ChartFile *items;
	size_t len, cap;
} ChartFiles;

typedef struct Chart Chart;
struct Chart {
	Metadata *meta;
	ChartFiles templates, files;
	Map *values; // NULL where the chart has no values.yaml
	Str values_file,
		values_text; // that file, by the name that places use, for those who show its lines
	Str schema;          // values.schema.json
	bool has_schema;
	Str place; // for messages: the folder or archive, and the way inside it
	Chart *parent;
	Chart **deps;
	size_t dep_count;
	PtrList dropped; // of Dependency: declared, and switched off by a condition or a tag
};

// Helm's limits on a chart's files, and ours on charts inside charts (Helm has none; the memory limit would end it).
#define CHART_FILE_LIMIT    ((uint64_t)5 << 20)
#define CHART_ARCHIVE_LIMIT ((uint64_t)100 << 20)
#define CHART_DEPTH_LIMIT   64

typedef struct ChartLoad {
	Arena *arena;
	Log *log;
	bool traced; // origins on values
} ChartLoad;

// Loads the chart at a path that a person gave: a folder or a .tgz. Messages are Helm's.
Chart *chart_load(const ChartLoad *load, Str path, Diag *diag);
// The absolute path of what a person named.
Str chart_path(Arena *arena, Str path);
// Loads the chart at the root of `fs`; `place` names it in messages.
Chart *chart_load_folder(const ChartLoad *load, Fs *fs, Str place, Diag *diag);
Chart *chart_load_archive(const ChartLoad *load, Str bytes, Str place, Diag *diag);
// Loads from files already read, as from an archive.
Chart *chart_load_files(const ChartLoad *load, ChartFiles *files, Str place, Diag *diag);

void chart_files_add(Arena *arena, ChartFiles *files, Str name, Str data);
// The file's bytes.
bool chart_file_read(Arena *arena, ChartFile *file, Str *out, Diag *diag);
Str chart_name(const Chart *chart);
bool chart_is_library(const Chart *chart);
// "umbrella/charts/sub", by names, not by folders.
Str chart_full_path(Arena *arena, const Chart *chart);
void chart_set_deps(Chart *chart, Chart **deps, size_t count);

// Chart.yaml's rules, with Helm's words; cleans its strings.
bool metadata_validate(Arena *arena, Metadata *meta, Diag *diag);
extern const DecodeType METADATA_TYPE;

#endif
