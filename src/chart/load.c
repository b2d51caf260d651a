// Loading charts: folders, archives, and the charts inside them.

#include "chart/chart.h"

#include "chart/archive.h"
#include "chart/ignore.h"
#include "chart/values.h"

#include "base/fs_path.h"
#include "base/num.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

// --- files ---

static Str without_bom(Str data)
{
	return str_has_prefix(data, S("\xEF\xBB\xBF")) ? str_from(data, 3) : data;
}

void chart_files_add(Arena *arena, ChartFiles *files, Str name, Str data)
{
	VEC_PUSH(arena, files->items, files->len, files->cap) =
		(ChartFile){.name = name, .data = without_bom(data)};
}

bool chart_file_read(Arena *arena, ChartFile *file, Str *out, Diag *diag)
{
	if (file->fs) {
		if (!fs_read(file->fs, arena, file->path, &file->data, diag))
			return diag_wrap(diag, "error reading %.*s", STR_ARGS(file->name));
		file->data = without_bom(file->data);
		file->fs = NULL;
	}
	*out = file->data;
	return true;
}

static void add_renamed(Arena *arena, ChartFiles *files, const ChartFile *file, Str name)
{
	ChartFile *copy = &VEC_PUSH(arena, files->items, files->len, files->cap);

	*copy = *file;
	copy->name = name;
}

// --- the chart and its kin ---

Str chart_name(const Chart *chart)
{
	return chart->meta->name;
}

bool chart_is_library(const Chart *chart)
{
	return str_ieq(chart->meta->type, S("library"));
}

Str chart_full_path(Arena *arena, const Chart *chart)
{
	if (!chart->parent)
		return chart_name(chart);
	return str_concat(arena,
	                  str_concat(arena, chart_full_path(arena, chart->parent), S("/charts/")),
	                  chart_name(chart));
}

void chart_set_deps(Chart *chart, Chart **deps, size_t count)
{
	chart->deps = deps;
	chart->dep_count = count;
	for (size_t i = 0; i < count; i++)
		deps[i]->parent = chart;
}

// --- a chart from its files ---

typedef struct Loader {
	const ChartLoad *load;
	Arena *arena;
	Chart *chart;
	Str place;
	size_t depth;
	Diag *diag;
} Loader;

// The files below one name in charts/.
typedef struct Group {
	Str name;
	ChartFiles files;
} Group;

typedef struct Groups {
	Group *items;
	size_t len, cap;
	Map *index; // name to position
} Groups;

static Chart *load_files(const ChartLoad *load, ChartFiles *files, Str place, size_t depth,
                         Diag *diag);

static Str file_place(const Loader *l, Str name)
{
	return path_join(l->arena, l->place, name);
}

static Metadata *metadata_of(Loader *l)
{
	if (!l->chart->meta)
		l->chart->meta = ARENA_NEW(l->arena, Metadata);
	return l->chart->meta;
}

static bool read_yaml(Loader *l, ChartFile *file, const DecodeType *type, void *out)
{
	Str text;

	if (!chart_file_read(l->arena, file, &text, l->diag))
		return false;
	return decode_yaml(l->arena, text, file_place(l, file->name), type, out, l->diag) ||
	       diag_wrap(l->diag, "cannot load %.*s", STR_ARGS(file->name));
}

// Of a lock file Helm only wants that it can be read.
static bool check_lock(Loader *l, ChartFile *file)
{
	static const DecodeField fields[] = {{"digest", DECODE_STRING, 0, NULL}, {0}};
	static const DecodeType type = {"Lock", "v2.Lock", sizeof(Str), fields};
	Str digest;

	return read_yaml(l, file, &type, &digest);
}

static void warn_v1(Loader *l, const char *what)
{
	log_printf(l->load->log, LOG_INFO, "Warning: %s", what);
}

static bool take_requirements(Loader *l, ChartFile *file)
{
	Metadata *meta = metadata_of(l);
	bool v1 = str_is(meta->api_version, "v1");

	if (!v1)
		warn_v1(l, "Dependencies are handled in Chart.yaml since apiVersion \"v2\". We "
		           "recommend migrating "
		           "dependencies to Chart.yaml.");
	if (!read_yaml(l, file, &METADATA_TYPE, meta))
		return false;
	if (str_is(meta->api_version, "v1"))
		add_renamed(l->arena, &l->chart->files, file, file->name);
	return true;
}

static bool take_requirements_lock(Loader *l, ChartFile *file)
{
	bool v1 = str_is(metadata_of(l)->api_version, "v1");

	if (!check_lock(l, file))
		return false;
	if (!v1)
		warn_v1(l, "Dependency locking is handled in Chart.lock since apiVersion \"v2\". "
		           "We recommend migrating "
		           "to Chart.lock.");
	else
		add_renamed(l->arena, &l->chart->files, file, file->name);
	return true;
}

static bool take_values(Loader *l, ChartFile *file)
{
	Chart *chart = l->chart;

	chart->values_file = file_place(l, file->name);
	return chart_file_read(l->arena, file, &chart->values_text, l->diag) &&
	       (values_read(l->arena, chart->values_text, chart->values_file, l->load->traced,
	                    &chart->values, l->diag) ||
	        diag_wrap(l->diag, "cannot load values.yaml"));
}

static bool take_schema(Loader *l, ChartFile *file)
{
	l->chart->has_schema = true;
	return chart_file_read(l->arena, file, &l->chart->schema, l->diag);
}

static bool take_template(Loader *l, ChartFile *file)
{
	Str text;

	if (!chart_file_read(l->arena, file, &text, l->diag))
		return false;
	add_renamed(l->arena, &l->chart->templates, file, file->name);
	return true;
}

static void take_subchart_file(Loader *l, Groups *groups, const ChartFile *file)
{
	Str inner = str_from(file->name, S("charts/").len), rest = inner, name;
	Value *at;

	if (str_is(path_ext(file->name), ".prov")) {
		add_renamed(l->arena, &l->chart->files, file, file->name);
		return;
	}
	str_cut(&rest, S("/"), &name);
	at = map_get(groups->index, name);
	if (!at) {
		map_set(l->arena, groups->index, name, value_int((int64_t)groups->len));
		VEC_PUSH(l->arena, groups->items, groups->len, groups->cap) = (Group){.name = name};
		at = map_get(groups->index, name);
	}
	add_renamed(l->arena, &groups->items[at->i].files, file, inner);
}

static bool take_file(Loader *l, Groups *groups, ChartFile *file)
{
	if (str_is(file->name, "Chart.yaml"))
		return true; // read before all others
	if (str_is(file->name, "Chart.lock"))
		return check_lock(l, file);
	if (str_is(file->name, "values.yaml"))
		return take_values(l, file);
	if (str_is(file->name, "values.schema.json"))
		return take_schema(l, file);
	if (str_is(file->name, "requirements.yaml"))
		return take_requirements(l, file);
	if (str_is(file->name, "requirements.lock"))
		return take_requirements_lock(l, file);
	if (str_has_prefix(file->name, S("templates/")))
		return take_template(l, file);
	if (str_has_prefix(file->name, S("charts/")))
		take_subchart_file(l, groups, file);
	else
		add_renamed(l->arena, &l->chart->files, file, file->name);
	return true;
}

static Chart *load_archived(Loader *l, Group *group)
{
	ChartFile *file = &group->files.items[0];
	ChartFiles inner = {0};
	Str bytes;

	if (!chart_file_read(l->arena, file, &bytes, l->diag) ||
	    !archive_read_files(l->arena, bytes, &inner, l->diag))
		return NULL;
	return load_files(l->load, &inner,
	                  file_place(l, path_join(l->arena, S("charts"), group->name)),
	                  l->depth + 1, l->diag);
}

// Files that lie in charts/ itself, and are no archive, count as a chart without Chart.yaml.
static Chart *load_unpacked(Loader *l, Group *group)
{
	ChartFiles inner = {0};

	for (size_t i = 0; i < group->files.len; i++) {
		const ChartFile *file = &group->files.items[i];
		size_t slash = str_find_byte(file->name, '/');
		if (slash != STR_NONE)
			add_renamed(l->arena, &inner, file, str_from(file->name, slash + 1));
	}
	return load_files(l->load, &inner,
	                  file_place(l, path_join(l->arena, S("charts"), group->name)),
	                  l->depth + 1, l->diag);
}

static bool load_subchart(Loader *l, Group *group, Chart **out)
{
	bool archived = str_is(path_ext(group->name), ".tgz");
	Str name = chart_name(l->chart), first = group->files.items[0].name;

	if (archived && !str_eq(first, group->name))
		return diag_fail(l->diag,
		                 "error unpacking subchart tar in %.*s: expected %.*s, got %.*s",
		                 STR_ARGS(name), STR_ARGS(group->name), STR_ARGS(first));
	*out = archived ? load_archived(l, group) : load_unpacked(l, group);
	return *out || diag_wrap(l->diag, "error unpacking subchart %.*s in %.*s",
	                         STR_ARGS(group->name), STR_ARGS(name));
}

static bool load_subcharts(Loader *l, Groups *groups)
{
	Chart **deps = ARENA_ARRAY(l->arena, Chart *, groups->len + 1);
	size_t count = 0;

	if (l->depth >= CHART_DEPTH_LIMIT && groups->len)
		return diag_fail(l->diag, "charts are nested more than %d deep", CHART_DEPTH_LIMIT);
	for (size_t i = 0; i < groups->len; i++) {
		Group *group = &groups->items[i];
		if (group->name.len && (group->name.p[0] == '_' || group->name.p[0] == '.'))
			continue;
		if (!load_subchart(l, group, &deps[count]))
			return false;
		count++;
	}
	chart_set_deps(l->chart, deps, count);
	return true;
}

static bool take_files(Loader *l, ChartFiles *files, Groups *groups)
{
	for (size_t i = 0; i < files->len; i++)
		if (str_is(files->items[i].name, "Chart.yaml")) {
			if (!read_yaml(l, &files->items[i], &METADATA_TYPE, metadata_of(l)))
				return false;
			if (!l->chart->meta->api_version.len)
				l->chart->meta->api_version = S("v1");
		}
	for (size_t i = 0; i < files->len; i++)
		if (!take_file(l, groups, &files->items[i]))
			return false;
	return true;
}

static Chart *load_files(const ChartLoad *load, ChartFiles *files, Str place, size_t depth,
                         Diag *diag)
{
	Loader l = {load, load->arena, ARENA_NEW(load->arena, Chart), place, depth, diag};
	Groups groups = {.index = map_new(load->arena, &TYPE_ANY_MAP)};

	l.chart->place = place;
	if (!take_files(&l, files, &groups))
		return NULL;
	if (!l.chart->meta) {
		diag_fail(diag, "Chart.yaml file is missing");
		return NULL;
	}
	if (!metadata_validate(l.arena, l.chart->meta, diag) || !load_subcharts(&l, &groups))
		return NULL;
	return l.chart;
}

Chart *chart_load_files(const ChartLoad *load, ChartFiles *files, Str place, Diag *diag)
{
	Chart *chart = load_files(load, files, place, 0, diag);

	// Helm 4 reads such charts, and all that is wrong with them comes first.
	if (chart && str_is(chart->meta->api_version, "v3")) {
		diag_fail(diag, "invalid chart apiVersion");
		return NULL;
	}
	return chart;
}

// --- Helm looks at Chart.yaml's version before anything else ---

static bool check_version(const ChartLoad *load, Str text, Str place, Diag *diag)
{
	static const DecodeField fields[] = {{"apiVersion", DECODE_STRING, 0, NULL}, {0}};
	static const DecodeType type = {"chartBase", "loader.chartBase", sizeof(Str), fields};
	Str version = S("");

	if (!decode_yaml(load->arena, without_bom(text), place, &type, &version, diag))
		return diag_wrap(diag, "cannot load Chart.yaml");
	return !version.len || str_is(version, "v1") || str_is(version, "v2") ||
	       str_is(version, "v3") || diag_fail(diag, "unsupported chart version");
}

Chart *chart_load_archive(const ChartLoad *load, Str bytes, Str place, Diag *diag)
{
	Diag inner = diag_new(load->arena);
	ChartFiles files = {0};

	if (!archive_check(bytes, place, diag))
		return NULL;
	if (!archive_read_files(load->arena, bytes, &files, &inner)) {
		diag_fail(diag, "unable to load chart archive");
		diag->detail = inner.message; // Helm keeps it to itself
		return NULL;
	}
	for (size_t i = 0; i < files.len; i++)
		if (str_is(files.items[i].name, "Chart.yaml")) {
			Str at = path_join(load->arena, place, S("Chart.yaml"));
			if (!check_version(load, files.items[i].data, at, diag))
				return NULL;
			return chart_load_files(load, &files, place, diag);
		}
	diag_fail(diag, "unable to detect chart version, no Chart.yaml found");
	return NULL;
}

// --- folders ---

// Deeper folders are a loop of links.
#define WALK_DEPTH_LIMIT 200

typedef struct Walk {
	const ChartLoad *load;
	Fs *fs;
	const IgnoreRules *rules;
	ChartFiles *files;
	Diag *diag;
} Walk;

static bool walk_folder(Walk *w, Str folder, size_t depth);

static bool note_link(Walk *w, Str path)
{
	Arena *arena = w->load->arena;
	Str full = path_join(arena, w->fs->root, path);
	FsPlace real = {0};

	if (!fs_resolve(arena, full, &real, w->diag))
		return diag_wrap(w->diag, "error evaluating symlink %.*s", STR_ARGS(full));
	log_write(w->load->log, LOG_INFO,
	          S("found symbolic link in path. Contents of linked file included and used"),
	          (LogPair[]){{"path", full}, {"resolved", real.path}}, 2);
	return true;
}

static bool walk_file(Walk *w, Str path, const FsInfo *info)
{
	Str base = path_base(path);
	Buf quoted = buf_new(w->load->arena);

	if (info->kind != FS_FILE)
		return diag_fail(
			w->diag,
			"cannot load irregular file %.*s/%.*s as it has file mode type bits set",
			STR_ARGS(w->fs->root), STR_ARGS(path));
	if (info->size > CHART_FILE_LIMIT) {
		num_quote(&quoted, base);
		return diag_fail(w->diag,
		                 "chart file %.*s is larger than the maximum file size %llu",
		                 STR_ARGS(buf_view(&quoted)), (unsigned long long)CHART_FILE_LIMIT);
	}
	chart_files_add(w->load->arena, w->files, path, S(""));
	w->files->items[w->files->len - 1].fs = w->fs;
	w->files->items[w->files->len - 1].path = path;
	return true;
}

static bool walk_one(Walk *w, Str path, size_t depth)
{
	FsInfo info = fs_info(w->fs, path);

	if (info.link && !note_link(w, path))
		return false;
	if (ignore_path(w->rules, path, info.kind == FS_FOLDER))
		return true;
	return info.kind == FS_FOLDER ? walk_folder(w, path, depth + 1) : walk_file(w, path, &info);
}

static bool walk_folder(Walk *w, Str folder, size_t depth)
{
	Str *names;
	size_t count;

	if (depth > WALK_DEPTH_LIMIT)
		return diag_fail(w->diag, "open %.*s/%.*s: too many levels of symbolic links",
		                 STR_ARGS(w->fs->root), STR_ARGS(folder));
	if (!fs_list(w->fs, w->load->arena, folder, &names, &count, w->diag))
		return false;
	for (size_t i = 0; i < count; i++) {
		Str path = depth ? str_concat(w->load->arena,
		                              str_concat(w->load->arena, folder, S("/")), names[i])
		                 : names[i];
		if (!walk_one(w, path, depth))
			return false;
	}
	return true;
}

Chart *chart_load_folder(const ChartLoad *load, Fs *fs, Str place, Diag *diag)
{
	ChartFiles files = {0};
	Walk walk = {load, fs, NULL, &files, diag};
	IgnoreRules *rules;
	Str text, ignore = S("");

	if (!fs_read(fs, load->arena, S("Chart.yaml"), &text, diag)) {
		diag_wrap(diag, "unable to detect chart at %.*s/Chart.yaml", STR_ARGS(fs->root));
		return NULL;
	}
	if (!check_version(load, text, path_join(load->arena, place, S("Chart.yaml")), diag))
		return NULL;
	if (fs_info(fs, S(".helmignore")).kind == FS_FILE &&
	    !fs_read(fs, load->arena, S(".helmignore"), &ignore, diag))
		return NULL;
	if (!ignore_parse(load->arena, ignore, &rules, diag))
		return NULL;
	walk.rules = rules;
	return walk_folder(&walk, S("."), 0) ? chart_load_files(load, &files, place, diag) : NULL;
}

// --- what a person named ---

Str chart_path(Arena *arena, Str path)
{
	char *here;
	Str full;

	if (str_has_prefix(path, S("/")))
		return path_clean(arena, path);
	here = getcwd(NULL, 0);
	full = path_join(arena, here ? str_copy(arena, str_c(here)) : S("."), path);
	free(here);
	return full;
}

Chart *chart_load(const ChartLoad *load, Str path, Diag *diag)
{
	Str full = chart_path(load->arena, path), bytes;
	Fs *fs = fs_folder(load->arena, full, FS_LINKS_FOLLOW);

	if (fs_info(fs, S(".")).kind == FS_FOLDER)
		return chart_load_folder(load, fs, path, diag);
	if (!fs_read_any(load->arena, full, &bytes, diag) || !archive_check(bytes, full, diag))
		return NULL;
	return chart_load_archive(load, bytes, path, diag);
}
