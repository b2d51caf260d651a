// The objects that Helm hands to templates.

#include "chart/objects.h"

#include "base/num.h"
#include "chart/match.h"
#include "chart/values.h"
#include "data/yaml.h"
#include "funcs/capacity.h"
#include "template/func.h"

// A release that a kustomization names was written there.
static Value builtin(Arena *arena, Str text, const char *path, bool traced)
{
	Origin *origin;

	if (traced && !text.origin) {
		origin = ARENA_NEW(arena, Origin);
		*origin = (Origin){.kind = ORIGIN_BUILTIN,
		                   .base = text.p,
		                   .len = text.len,
		                   .path = str_c(path)};
		text.origin = origin;
	}
	return value_str(text);
}

// --- .Chart ---

static void put(Arena *arena, Map *map, const char *key, Value v)
{
	map_set(arena, map, str_c(key), v);
}

static Value strings_value(Arena *arena, const StrList *strings)
{
	List *list = list_new(arena, &TYPE_ANY_LIST, strings->len);

	for (size_t i = 0; i < strings->len; i++)
		list_push(arena, list, value_str(strings->items[i]));
	return value_list(list);
}

static Value maintainers_value(Arena *arena, const PtrList *maintainers)
{
	List *list = list_new(arena, &TYPE_ANY_LIST, maintainers->len);

	for (size_t i = 0; i < maintainers->len; i++) {
		const Maintainer *maintainer = maintainers->items[i];
		Map *map = map_new(arena, &TYPE_ANY_MAP);
		put(arena, map, "Email", value_str(maintainer->email));
		put(arena, map, "Name", value_str(maintainer->name));
		put(arena, map, "URL", value_str(maintainer->url));
		list_push(arena, list, value_map(map));
	}
	return value_list(list);
}

static Value dependencies_value(Arena *arena, const PtrList *dependencies)
{
	List *list = list_new(arena, &TYPE_ANY_LIST, dependencies->len);

	for (size_t i = 0; i < dependencies->len; i++) {
		const Dependency *dep = dependencies->items[i];
		Map *map = map_new(arena, &TYPE_ANY_MAP);
		List *imports = dep->import_values ? dep->import_values
		                                   : list_new(arena, &TYPE_ANY_LIST, 0);
		put(arena, map, "Alias", value_str(dep->alias));
		put(arena, map, "Condition", value_str(dep->condition));
		put(arena, map, "Enabled", value_bool(dep->enabled));
		put(arena, map, "ImportValues", value_list(imports));
		put(arena, map, "Name", value_str(dep->name));
		put(arena, map, "Repository", value_str(dep->repository));
		put(arena, map, "Tags", strings_value(arena, &dep->tags));
		put(arena, map, "Version", value_str(dep->version));
		list_push(arena, list, value_map(map));
	}
	return value_list(list);
}

static Value annotations_value(Arena *arena, Map *annotations)
{
	if (!annotations) {
		annotations = map_new(arena, &TYPE_STRING_MAP);
		annotations->nil = true;
	}
	return value_map(annotations);
}

Value object_chart(Arena *arena, const Chart *chart, bool traced)
{
	const Metadata *meta = chart->meta;
	Map *map = map_new(arena, &TYPE_ANY_MAP);

	put(arena, map, "APIVersion", value_str(meta->api_version));
	put(arena, map, "Annotations", annotations_value(arena, meta->annotations));
	put(arena, map, "AppVersion",
	    builtin(arena, meta->app_version, "Chart.AppVersion", traced));
	put(arena, map, "Condition", value_str(meta->condition));
	put(arena, map, "Dependencies", dependencies_value(arena, &meta->dependencies));
	put(arena, map, "Deprecated", value_bool(meta->deprecated));
	put(arena, map, "Description",
	    builtin(arena, meta->description, "Chart.Description", traced));
	put(arena, map, "Home", builtin(arena, meta->home, "Chart.Home", traced));
	put(arena, map, "Icon", builtin(arena, meta->icon, "Chart.Icon", traced));
	put(arena, map, "IsRoot", value_bool(!chart->parent));
	put(arena, map, "Keywords", strings_value(arena, &meta->keywords));
	put(arena, map, "KubeVersion",
	    builtin(arena, meta->kube_version, "Chart.KubeVersion", traced));
	put(arena, map, "Maintainers", maintainers_value(arena, &meta->maintainers));
	put(arena, map, "Name", builtin(arena, meta->name, "Chart.Name", traced));
	put(arena, map, "Sources", strings_value(arena, &meta->sources));
	put(arena, map, "Tags", value_str(meta->tags));
	put(arena, map, "Type", builtin(arena, meta->type, "Chart.Type", traced));
	put(arena, map, "Version", builtin(arena, meta->version, "Chart.Version", traced));
	return value_map(map);
}

// --- .Release ---

Value object_release(Arena *arena, const Release *release, bool traced)
{
	Map *map = map_new(arena, &TYPE_ANY_MAP);

	put(arena, map, "IsInstall", value_bool(!release->upgrade));
	put(arena, map, "IsUpgrade", value_bool(release->upgrade));
	put(arena, map, "Name", builtin(arena, release->name, "Release.Name", traced));
	put(arena, map, "Namespace",
	    builtin(arena, release->namespace, "Release.Namespace", traced));
	put(arena, map, "Revision", value_int(1));
	put(arena, map, "Service", builtin(arena, S("Helm"), "Release.Service", traced));
	return value_map(map);
}

// --- .Capabilities ---

// What Helm 4.1.4 knows of by itself, in its order.
static const char *const API_VERSIONS[] = {
	"v1",
	"admissionregistration.k8s.io/v1",
	"admissionregistration.k8s.io/v1alpha1",
	"admissionregistration.k8s.io/v1beta1",
	"internal.apiserver.k8s.io/v1alpha1",
	"apps/v1",
	"apps/v1beta1",
	"apps/v1beta2",
	"authentication.k8s.io/v1",
	"authentication.k8s.io/v1alpha1",
	"authentication.k8s.io/v1beta1",
	"authorization.k8s.io/v1",
	"authorization.k8s.io/v1beta1",
	"autoscaling/v1",
	"autoscaling/v2",
	"autoscaling/v2beta1",
	"autoscaling/v2beta2",
	"batch/v1",
	"batch/v1beta1",
	"certificates.k8s.io/v1",
	"certificates.k8s.io/v1beta1",
	"certificates.k8s.io/v1alpha1",
	"coordination.k8s.io/v1alpha2",
	"coordination.k8s.io/v1beta1",
	"coordination.k8s.io/v1",
	"discovery.k8s.io/v1",
	"discovery.k8s.io/v1beta1",
	"events.k8s.io/v1",
	"events.k8s.io/v1beta1",
	"extensions/v1beta1",
	"flowcontrol.apiserver.k8s.io/v1",
	"flowcontrol.apiserver.k8s.io/v1beta1",
	"flowcontrol.apiserver.k8s.io/v1beta2",
	"flowcontrol.apiserver.k8s.io/v1beta3",
	"networking.k8s.io/v1",
	"networking.k8s.io/v1beta1",
	"node.k8s.io/v1",
	"node.k8s.io/v1alpha1",
	"node.k8s.io/v1beta1",
	"policy/v1",
	"policy/v1beta1",
	"rbac.authorization.k8s.io/v1",
	"rbac.authorization.k8s.io/v1beta1",
	"rbac.authorization.k8s.io/v1alpha1",
	"resource.k8s.io/v1",
	"resource.k8s.io/v1beta2",
	"resource.k8s.io/v1beta1",
	"resource.k8s.io/v1alpha3",
	"scheduling.k8s.io/v1alpha1",
	"scheduling.k8s.io/v1beta1",
	"scheduling.k8s.io/v1",
	"storage.k8s.io/v1beta1",
	"storage.k8s.io/v1",
	"storage.k8s.io/v1alpha1",
	"storagemigration.k8s.io/v1beta1",
	"apiextensions.k8s.io/v1beta1",
	"apiextensions.k8s.io/v1",
};

KubeVersion kube_version_default(void)
{
	return (KubeVersion){S("v1.35.0"), S("v1.35.0"), S("1"), S("35")};
}

static bool kube_string(Call *c)
{
	const KubeVersion *kube = c->args[0].object->data;

	return call_return_str(c, kube->normalized);
}

static bool kube_git_version(Call *c)
{
	return call_return(c, c->args[0].object->fields[0]);
}

static bool kube_format(const Object *object, Buf *out)
{
	const KubeVersion *kube = object->data;

	buf_str(out, kube->normalized);
	return true;
}

static const Func KUBE_METHODS[] = {
	{"String", "-> string", "the version without what follows its numbers", kube_string, NULL},
	{"GitVersion", "-> string", "the full version", kube_git_version, NULL},
	{0},
};

static Value kube_field(const Object *object, size_t index)
{
	const KubeVersion *kube = object->data;
	Str fields[] = {kube->version, kube->normalized, kube->major, kube->minor};

	return value_str(fields[index]);
}

// Their hidden field is lost.
static Value kube_deep_copy(Arena *arena, const Object *object);
static Value capabilities_deep_copy(Arena *arena, const Object *object);

#define KUBE_FIELDS                                                                                \
	.name = "common.KubeVersion", .kind = V_OBJECT, .kind_name = "struct",                     \
	.fields = (const char *const[]){"Version", "Major", "Minor", NULL},                        \
	.all_fields =                                                                              \
		(const char *const[]){"Version", "normalizedVersion", "Major", "Minor", NULL},     \
	.all_field = kube_field, .deep_copy = kube_deep_copy

static const Type TYPE_KUBE_COPY = {KUBE_FIELDS};

// As .Capabilities, a pointer, holds it: String and GitVersion are the pointer's.
static const Type TYPE_KUBE_VERSION = {
	KUBE_FIELDS,
	.methods = KUBE_METHODS,
	.format = kube_format,
	.copied = &TYPE_KUBE_COPY,
};

static bool apis_has(Call *c)
{
	const List *list = c->args[0].list;
	Str wanted = call_str(c, 1);

	for (size_t i = 0; i < list->len; i++)
		if (str_eq(value_as_str(&list->items[i]), wanted))
			return call_return_bool(c, true);
	return call_return_bool(c, false);
}

static const Func API_METHODS[] = {
	{"Has", "string -> bool", "whether the cluster knows this API version", apis_has, NULL},
	{0},
};

static const Type TYPE_API_VERSIONS = {
	.name = "common.VersionSet", .kind = V_LIST, .elem = V_STRING, .methods = API_METHODS};

static const Type TYPE_BUILD_INFO = {
	.name = "version.BuildInfo",
	.kind = V_OBJECT,
	.kind_name = "struct",
	.fields = (const char *const[]){"Version", "GitCommit", "GitTreeState", "GoVersion",
                                        "KubeClientVersion", NULL},
	.json_names = (const char *const[]){"version,omitempty", "git_commit,omitempty",
                                            "git_tree_state,omitempty", "go_version,omitempty",
                                            "kube_client_version", NULL},
};

static Value own_field(const Object *object, size_t index)
{
	return object->fields[index];
}

static const Type TYPE_CAPABILITIES = {
	.name = "*common.Capabilities",
	.kind = V_OBJECT,
	.kind_name = "ptr",
	.fields = (const char *const[]){"KubeVersion", "APIVersions", "HelmVersion", NULL},
	.all_fields = (const char *const[]){"KubeVersion", "APIVersions", "HelmVersion", NULL},
	.all_field = own_field,
	.deep_copy = capabilities_deep_copy,
};

// A field of what a pointer points to has the methods of its own pointer.
static bool capabilities_field(const Object *object, Str name, Value *out)
{
	if (!str_is(name, "KubeVersion"))
		return false;
	*out = *(const Value *)object->data;
	return true;
}

static Value object_new(Arena *arena, const Type *type, void *data, const Value *fields,
                        size_t count)
{
	Object *object = ARENA_NEW(arena, Object);

	object->type = type;
	object->data = data;
	if (count)
		object->fields = ARENA_ARRAY(arena, Value, count);
	for (size_t i = 0; i < count; i++)
		object->fields[i] = fields[i];
	return value_object(object);
}

static Value kube_value(Arena *arena, const KubeVersion *kube, const Type *type)
{
	Value fields[] = {value_str(kube->version), value_str(kube->major), value_str(kube->minor)};
	KubeVersion *copy = ARENA_NEW(arena, KubeVersion);

	*copy = *kube;
	return object_new(arena, type, copy, fields, 3);
}

static Value kube_deep_copy(Arena *arena, const Object *object)
{
	KubeVersion kube = *(const KubeVersion *)object->data;

	kube.normalized = S("");
	return kube_value(arena, &kube, &TYPE_KUBE_COPY);
}

static Value apis_value(Arena *arena, const StrList *extra)
{
	size_t known = sizeof API_VERSIONS / sizeof *API_VERSIONS;
	List *list = list_new(arena, &TYPE_API_VERSIONS, known + extra->len);

	for (size_t i = 0; i < known; i++)
		list_push(arena, list, value_str(str_c(API_VERSIONS[i])));
	for (size_t i = 0; i < extra->len; i++)
		list_push(arena, list, value_str(extra->items[i]));
	list->go_cap = capacity_grow(list->type, known, list->len);
	return value_list(list);
}

// What Helm 4.1.4 says of itself: charts compare it.
static Value helm_value(Arena *arena)
{
	Value fields[] = {value_str(S("v4.1.4")),
	                  value_str(S("05fa37973dc9e42b76e1d2883494c87174b6074f")),
	                  value_str(S("clean")), value_str(S("go1.25.9")), value_str(S("v1.35"))};

	return object_new(arena, &TYPE_BUILD_INFO, NULL, fields, 5);
}

static Value capabilities_value(Arena *arena, const KubeVersion *kube, Value apis)
{
	Value fields[] = {kube_value(arena, kube, &TYPE_KUBE_COPY), apis, helm_value(arena)};
	Value *reached = ARENA_NEW(arena, Value), v;

	*reached = kube_value(arena, kube, &TYPE_KUBE_VERSION);
	v = object_new(arena, &TYPE_CAPABILITIES, reached, fields, 3);
	v.object->field = capabilities_field;
	return v;
}

static Value capabilities_deep_copy(Arena *arena, const Object *object)
{
	Value kube = kube_deep_copy(arena, object->fields[0].object);

	return capabilities_value(arena, kube.object->data, object->fields[1]);
}

Value object_capabilities(Arena *arena, const Capabilities *capabilities)
{
	return capabilities_value(arena, &capabilities->kube,
	                          apis_value(arena, &capabilities->extra_apis));
}

// --- .Values ---

// common.Values has methods, which hide keys of their names.

static bool values_as_map(Call *c)
{
	const Map *from = c->args[0].map;
	Map *to = map_new(c->arena, &TYPE_ANY_MAP);

	for (size_t i = 0; i < from->len; i++)
		map_set(c->arena, to, from->entries[i].key, from->entries[i].value);
	return call_return_map(c, to);
}

static bool values_yaml(Call *c)
{
	Text text = call_text(c);
	Diag diag = diag_new(c->arena);

	return yaml_write_value(&text, &c->args[0], &diag) ? call_return_text(c, &text)
	                                                   : call_fail_str(c, diag.message);
}

static Str quoted(Call *c, Str text)
{
	Buf out = buf_new(c->arena);

	num_quote(&out, text);
	return buf_view(&out);
}

static bool values_table_method(Call *c)
{
	Str missing;
	Map *table = values_table(c->args[0].map, call_str(c, 1), &missing);

	return table ? call_return_map(c, table)
	             : call_fail(c, "%.*s is not a table", STR_ARGS(quoted(c, missing)));
}

static bool values_path_method(Call *c)
{
	Str path = call_str(c, 1);
	size_t dot = str_rfind(path, S("."));
	const Value *v;

	if (!path.len)
		return call_fail(c, "YAML path cannot be empty");
	v = values_path(c->args[0].map, path);
	return v ? call_return(c, *v)
	         : call_fail(c, "%.*s is not a value",
	                     STR_ARGS(quoted(c, dot == STR_NONE ? path : str_from(path, dot + 1))));
}

static const Func VALUES_METHODS[] = {
	{"AsMap", "-> dict", "the values as a plain map", values_as_map, NULL},
	{"YAML", "-> string", "the values as YAML", values_yaml, NULL},
	{"Table", "string -> dict", "the table at a path with dots", values_table_method, NULL},
	{"PathValue", "string -> any", "the value at a path with dots", values_path_method, NULL},
	{0},
};

const Type TYPE_CHART_VALUES = {
	.name = "common.Values", .kind = V_MAP, .elem = V_NIL, .methods = VALUES_METHODS};

// --- .Files ---

typedef struct Files {
	Arena *arena;
	const Chart *chart;
	bool traced;
	Map *index;     // name to the file
	Map *container; // as Go holds it, made when a template walks it
} Files;

static const Type TYPE_FILES;

static ChartFile *find_file(const Files *files, Str name)
{
	const Value *v = map_get(files->index, name);

	return v ? v->pointer : NULL;
}

// The bytes; a file that can't be read any more counts as empty.
static Str file_bytes(const Files *files, ChartFile *file)
{
	Diag ignored = diag_new(files->arena);
	Str data = S("");
	Origin *origin;

	chart_file_read(files->arena, file, &data, &ignored);
	if (files->traced && data.len) {
		origin = ARENA_NEW(files->arena, Origin);
		*origin = (Origin){.kind = ORIGIN_TEMPLATE,
		                   .base = data.p,
		                   .len = data.len,
		                   .line = 1,
		                   .column = 1};
		origin->lines = line_index_new(files->arena, data);
		origin->file = path_join(files->arena, files->chart->place, file->name);
		data.origin = origin;
	}
	return data;
}

// A file's bytes as a template sees them when it walks .Files. Go's []byte, kept as a string until somebody looks at
// single bytes: a Value for each would be 32 times the file.
typedef struct Bytes {
	Arena *arena;
	Str data;
} Bytes;

static Value bytes_container(const Object *object)
{
	const Bytes *bytes = object->data;
	List *list = list_new(bytes->arena, &TYPE_BYTES, bytes->data.len);

	for (size_t i = 0; i < bytes->data.len; i++)
		list_push(bytes->arena, list,
		          value_of_kind(V_UINT8, (unsigned char)bytes->data.p[i]));
	return value_list(list);
}

static bool bytes_text(const Object *object, Str *out)
{
	*out = ((const Bytes *)object->data)->data;
	return true;
}

static const Type TYPE_FILE_BYTES = {
	.name = "[]uint8",
	.kind = V_OBJECT,
	.kind_name = "slice",
	.as_container = bytes_container,
	.bytes = bytes_text,
};

static Value bytes_value(Arena *arena, Str data)
{
	Bytes *bytes = ARENA_NEW(arena, Bytes);
	Value v;

	bytes->arena = arena;
	bytes->data = data;
	v = object_new(arena, &TYPE_FILE_BYTES, bytes, NULL, 0);
	v.origin = data.origin;
	return v;
}

static Value files_value(Files *files)
{
	return object_new(files->arena, &TYPE_FILES, files, NULL, 0);
}

// What .Files is in Go: a missing name gives no bytes.
static const Type TYPE_FILE_MAP = {
	.name = "map[string][]uint8", .kind = V_MAP, .elem = V_LIST, .elem_type = &TYPE_BYTES};

static Value files_container(const Object *object)
{
	Files *files = object->data;

	if (!files->container) {
		files->container = map_new(files->arena, &TYPE_FILE_MAP);
		for (size_t i = 0; i < files->index->len; i++) {
			MapEntry *entry = &files->index->entries[i];
			Str data = file_bytes(files, entry->value.pointer);
			map_set(files->arena, files->container, entry->key,
			        bytes_value(files->arena, data));
		}
	}
	return value_map(files->container);
}

static Files *receiver(Call *c)
{
	return c->args[0].object->data;
}

static bool files_get(Call *c)
{
	ChartFile *file = find_file(receiver(c), call_str(c, 1));

	return call_return_str(c, file ? file_bytes(receiver(c), file) : S(""));
}

static bool files_get_bytes(Call *c)
{
	ChartFile *file = find_file(receiver(c), call_str(c, 1));

	return call_return(c, bytes_value(c->arena, file ? file_bytes(receiver(c), file) : S("")));
}

// A pattern that can't be read matches everything, as in Helm.
static bool files_glob(Call *c)
{
	Files *from = receiver(c), *to = ARENA_NEW(c->arena, Files);
	Glob *glob = glob_compile(c->arena, call_str(c, 1));

	*to = *from;
	to->container = NULL;
	to->index = map_new(c->arena, &TYPE_ANY_MAP);
	for (size_t i = 0; i < from->index->len; i++) {
		MapEntry *entry = &from->index->entries[i];
		if (!glob || glob_match(glob, entry->key))
			map_set(c->arena, to->index, entry->key, entry->value);
	}
	return call_return(c, files_value(to));
}

static bool files_lines(Call *c)
{
	ChartFile *file = find_file(receiver(c), call_str(c, 1));
	List *lines = list_new(c->arena, &TYPE_STRING_LIST, 0);
	Str rest, line;

	if (!file)
		return call_return_list(c, lines);
	rest = file_bytes(receiver(c), file);
	if (!rest.len)
		return call_fail(c, "runtime error: index out of range [-1]");
	if (rest.p[rest.len - 1] == '\n')
		rest = str_to(rest, rest.len - 1);
	while (str_cut(&rest, S("\n"), &line))
		list_push(c->arena, lines, value_str(line));
	return call_return_list(c, lines);
}

// The files as a YAML map of their base names; of two with the same name, one wins by chance in Helm, the last here.
static bool return_as_yaml(Call *c, Value (*content)(Call *, Str))
{
	Files *files = receiver(c);
	Map *map = map_new(c->arena, &TYPE_STRING_MAP);
	Value v = value_map(map);
	Text text = call_text(c);
	Diag ignored = diag_new(c->arena);

	map_sort(files->index);
	for (size_t i = 0; i < files->index->len; i++) {
		MapEntry *entry = &files->index->entries[i];
		Str data = file_bytes(files, entry->value.pointer);
		map_set(c->arena, map, path_base(entry->key), content(c, data));
	}
	if (!yaml_write_value(&text, &v, &ignored))
		return call_return_c(c, "");
	if (text.buf.len && text.buf.p[text.buf.len - 1] == '\n')
		text_truncate(&text, text.buf.len - 1);
	return call_return_text(c, &text);
}

static Value as_text(Call *c, Str data)
{
	(void)c;
	return value_str(data);
}

static Value as_base64(Call *c, Str data)
{
	static const char DIGITS[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	Buf out = buf_new(c->arena);
	Str text;

	for (size_t i = 0; i < data.len; i += 3) {
		uint32_t bits = (uint32_t)(unsigned char)data.p[i] << 16;
		if (i + 1 < data.len)
			bits |= (uint32_t)(unsigned char)data.p[i + 1] << 8;
		if (i + 2 < data.len)
			bits |= (unsigned char)data.p[i + 2];
		buf_byte(&out, DIGITS[bits >> 18]);
		buf_byte(&out, DIGITS[bits >> 12 & 63]);
		buf_byte(&out, i + 1 < data.len ? DIGITS[bits >> 6 & 63] : '=');
		buf_byte(&out, i + 2 < data.len ? DIGITS[bits & 63] : '=');
	}
	text = buf_view(&out);
	text.origin = c->traced ? origin_derived(c->arena, &data, 1) : NULL;
	return value_str(text);
}

static bool files_as_config(Call *c)
{
	return return_as_yaml(c, as_text);
}

static bool files_as_secrets(Call *c)
{
	return return_as_yaml(c, as_base64);
}

static const Func FILES_METHODS[] = {
	{"Get", "string -> string", "a file's text; empty where there is none", files_get, NULL},
	{"GetBytes", "string -> bytes", "a file's bytes", files_get_bytes, NULL},
	{"Glob", "string -> files", "the files whose paths match", files_glob, NULL},
	{"Lines", "string -> strings", "a file's lines", files_lines, NULL},
	{"AsConfig", "-> string", "the files as the data of a ConfigMap", files_as_config, NULL},
	{"AsSecrets", "-> string", "the files as the data of a Secret", files_as_secrets, NULL},
	{0},
};

static const Type TYPE_FILES = {
	.name = "engine.files",
	.kind = V_OBJECT,
	.kind_name = "map",
	.methods = FILES_METHODS,
	.as_container = files_container,
};

Value object_files(Arena *arena, const Chart *chart, bool traced)
{
	Files *files = ARENA_NEW(arena, Files);

	*files = (Files){arena, chart, traced, map_new(arena, &TYPE_ANY_MAP), NULL};
	for (size_t i = 0; i < chart->files.len; i++)
		map_set(arena, files->index, chart->files.items[i].name,
		        (Value){.kind = V_FUNC, .pointer = &chart->files.items[i]});
	return files_value(files);
}
