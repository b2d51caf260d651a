// Semantic versions. What Go gives as a pointer (semver's result) and as a struct (what its Inc and
// Set methods return) are two types, since only the pointer has the methods that compare.

#include "base/semver.h"

#include "funcs/families.h"

// Their methods make them, so they must be known before.
static const Type semver_pointer, semver_struct;

static const Semver *receiver(const Call *c)
{
	return c->args[0].object->data;
}

static Value make_object(Arena *arena, const Type *type, const Semver *version)
{
	Object *object = ARENA_NEW(arena, Object);
	Semver *copy = ARENA_NEW(arena, Semver);

	*copy = *version;
	object->type = type;
	object->data = copy;
	return value_object(object);
}

static bool format_version(const Object *object, Buf *out)
{
	buf_str(out, semver_string(out->arena, object->data));
	return true;
}

// What a version holds needs no escapes in JSON.
static bool version_json(const Object *object, Buf *out, Diag *diag)
{
	(void)diag;
	buf_byte(out, '"');
	format_version(object, out);
	buf_byte(out, '"');
	return true;
}

static bool equal_versions(const Object *a, const Object *b)
{
	const Semver *left = a->data, *right = b->data;

	return semver_compare(left, right) == 0 && str_eq(left->metadata, right->metadata) &&
	       str_eq(left->original, right->original);
}

static bool return_number(Call *c, uint64_t number)
{
	Value v = value_of_kind(V_UINT64, 0);

	v.u = number;
	return call_return(c, v);
}

static bool major(Call *c)
{
	return return_number(c, receiver(c)->major);
}

static bool minor(Call *c)
{
	return return_number(c, receiver(c)->minor);
}

static bool patch(Call *c)
{
	return return_number(c, receiver(c)->patch);
}

static bool prerelease(Call *c)
{
	return call_return_str(c, receiver(c)->prerelease);
}

static bool metadata(Call *c)
{
	return call_return_str(c, receiver(c)->metadata);
}

static bool original(Call *c)
{
	return call_return_str(c, receiver(c)->original);
}

static bool to_string(Call *c)
{
	return call_return_derived(c, semver_string(c->arena, receiver(c)));
}

// The other version may be a nil pointer, which only Equal asks about first.
static bool compare(Call *c, int *order)
{
	if (c->args[1].object->nil)
		return call_fail(
			c, "runtime error: invalid memory address or nil pointer dereference");
	*order = semver_compare(receiver(c), c->args[1].object->data);
	return true;
}

static bool compare_method(Call *c)
{
	int order;

	return compare(c, &order) && call_return_int(c, order);
}

static bool equal(Call *c)
{
	int order;

	if (c->args[1].object->nil)
		return call_return_bool(c, false);
	return compare(c, &order) && call_return_bool(c, order == 0);
}

static bool less_than(Call *c)
{
	int order;

	return compare(c, &order) && call_return_bool(c, order < 0);
}

static bool less_than_equal(Call *c)
{
	int order;

	return compare(c, &order) && call_return_bool(c, order <= 0);
}

static bool greater_than(Call *c)
{
	int order;

	return compare(c, &order) && call_return_bool(c, order > 0);
}

static bool greater_than_equal(Call *c)
{
	int order;

	return compare(c, &order) && call_return_bool(c, order >= 0);
}

// A changed version's original is its text, after the "v" that the old one may have had.
static bool return_changed(Call *c, Semver *version)
{
	Str text = semver_string(c->arena, version);

	version->original = str_has_prefix(receiver(c)->original, S("v"))
	                            ? str_concat(c->arena, S("v"), text)
	                            : text;
	return call_return(c, make_object(c->arena, &semver_struct, version));
}

static bool inc_major(Call *c)
{
	Semver next = {.major = receiver(c)->major + 1};

	return return_changed(c, &next);
}

static bool inc_minor(Call *c)
{
	Semver next = {.major = receiver(c)->major, .minor = receiver(c)->minor + 1};

	return return_changed(c, &next);
}

// The version after a prerelease is the one it comes before.
static bool inc_patch(Call *c)
{
	const Semver *from = receiver(c);
	Semver next = {.major = from->major, .minor = from->minor, .patch = from->patch};

	next.patch += from->prerelease.len == 0;
	return return_changed(c, &next);
}

static bool set_prerelease(Call *c)
{
	Diag diag = diag_new(c->arena);
	Semver next = *receiver(c);

	next.prerelease = call_str(c, 1);
	if (next.prerelease.len > 0 && !semver_valid_prerelease(next.prerelease, &diag))
		return call_fail_str(c, diag.message);
	return return_changed(c, &next);
}

static bool set_metadata(Call *c)
{
	Diag diag = diag_new(c->arena);
	Semver next = *receiver(c);

	next.metadata = call_str(c, 1);
	if (next.metadata.len > 0 && !semver_valid_metadata(next.metadata, &diag))
		return call_fail_str(c, diag.message);
	return return_changed(c, &next);
}

static bool return_bytes(Call *c, Str text)
{
	List *list = list_new(c->arena, &TYPE_BYTES, text.len);

	for (size_t i = 0; i < text.len; i++)
		list_push(c->arena, list, value_of_kind(V_UINT8, (unsigned char)text.p[i]));
	return call_return_list(c, list);
}

static bool marshal_text(Call *c)
{
	return return_bytes(c, semver_string(c->arena, receiver(c)));
}

static bool marshal_json(Call *c)
{
	Buf buf = buf_new(c->arena);

	version_json(c->args[0].object, &buf, NULL);
	return return_bytes(c, buf_view(&buf));
}

#define VALUE_METHODS                                                                              \
	{"IncMajor", "-> semver.Version", "the next major version", inc_major, NULL},              \
		{"IncMinor", "-> semver.Version", "the next minor version", inc_minor, NULL},      \
		{"IncPatch", "-> semver.Version",                                                  \
	         "the next patch, or what a prerelease comes before", inc_patch, NULL},            \
		{"Major", "-> uint64", "the first number", major, NULL},                           \
		{"MarshalJSON", "-> []uint8", "the version as JSON", marshal_json, NULL},          \
		{"MarshalText", "-> []uint8", "the version as bytes", marshal_text, NULL},         \
		{"Metadata", "-> string", "what follows the +", metadata, NULL},                   \
		{"Minor", "-> uint64", "the second number", minor, NULL},                          \
		{"Patch", "-> uint64", "the third number", patch, NULL},                           \
		{"Prerelease", "-> string", "what follows the -", prerelease, NULL},               \
		{"SetMetadata", "string -> semver.Version", "the version with other metadata",     \
	         set_metadata, NULL},                                                              \
		{"SetPrerelease", "string -> semver.Version", "the version as another prerelease", \
	         set_prerelease, NULL},                                                            \
		{"String", "-> string", "the version in full, without a v", to_string, NULL},      \
	{                                                                                          \
		"Value", "-> string", "the version in full, for databases", to_string, NULL        \
	}

static const Func struct_methods[] = {
	VALUE_METHODS,
	{NULL, NULL, NULL, NULL, NULL},
};

static const Func pointer_methods[] = {
	VALUE_METHODS,
	{"Compare", "*semver.Version -> int", "-1, 0 or 1: before, equal to, after the other",
         compare_method, NULL},
	{"Equal", "*semver.Version -> bool", "whether equal to the other but for metadata", equal,
         NULL},
	{"GreaterThan", "*semver.Version -> bool", "whether after the other", greater_than, NULL},
	{"GreaterThanEqual", "*semver.Version -> bool", "whether not before the other",
         greater_than_equal, NULL},
	{"LessThan", "*semver.Version -> bool", "whether before the other", less_than, NULL},
	{"LessThanEqual", "*semver.Version -> bool", "whether not after the other", less_than_equal,
         NULL},
	{"Original", "-> string", "the version as it was written", original, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

static Value version_field(const Object *object, size_t index)
{
	const Semver *v = object->data;
	uint64_t numbers[] = {v->major, v->minor, v->patch};
	Str texts[] = {v->prerelease, v->metadata, v->original};

	return index < 3 ? value_of_kind(V_UINT64, (int64_t)numbers[index])
	                 : value_str(texts[index - 3]);
}

// All of its fields are hidden: a deep copy is an empty version.
static Value copy_version(Arena *arena, const Object *object)
{
	return make_object(arena, object->type, &(Semver){0});
}

#define HIDDEN_FIELDS                                                                              \
	.all_fields = (const char *const[]){"major",    "minor",    "patch", "pre",                \
	                                    "metadata", "original", NULL},                         \
	.all_field = version_field, .deep_copy = copy_version

static const Type semver_pointer = {
	HIDDEN_FIELDS,        .name = "*semver.Version",  .kind = V_OBJECT,
	.kind_name = "ptr",   .methods = pointer_methods, .format = format_version,
	.json = version_json, .equal = equal_versions,
};

static const Type semver_struct = {
	HIDDEN_FIELDS,         .name = "semver.Version",  .kind = V_OBJECT,
	.kind_name = "struct", .methods = struct_methods, .format = format_version,
	.json = version_json,  .equal = equal_versions,
};

static bool semver(Call *c)
{
	Diag diag = diag_new(c->arena);
	Semver version;

	if (!semver_parse(c->arena, call_str(c, 0), &version, &diag))
		return call_fail_str(c, diag.message);
	return call_return(c, make_object(c->arena, &semver_pointer, &version));
}

static bool semver_compare_func(Call *c)
{
	Diag diag = diag_new(c->arena);
	SemverConstraints *constraints;
	Semver version;

	if (!semver_constraints_parse(c->arena, call_str(c, 0), &constraints, &diag) ||
	    !semver_parse(c->arena, call_str(c, 1), &version, &diag))
		return call_fail_str(c, diag.message);
	return call_return_bool(c, semver_check(constraints, &version));
}

const Func semver_funcs[] = {
	{"semver", "string -> *semver.Version",
         "the version with its parts: Major, Minor, Patch, Prerelease, Metadata, Original", semver,
         "{{ (semver \"v1.2.3-beta\").Prerelease }} => beta"},
	{"semverCompare", "string string -> bool",
         "whether a version meets a constraint (^1.2, >=1 <3, 1.x || 3 - 4)", semver_compare_func,
         "{{ semverCompare \"^1.2.0\" \"1.4.1\" }} => true"},
	{NULL, NULL, NULL, NULL, NULL},
};
