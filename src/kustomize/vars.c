// Vars: $(NAME) in certain fields stands for a field of some resource.

#include "base/num.h"
#include "data/text.h"
#include "kustomize/path.h"
#include "kustomize/scalar.h"
#include "kustomize/transform.h"

#include <stdlib.h>
#include <string.h>

typedef struct FieldRef {
	Str field_path;
} FieldRef;

// objref is read into the middle of a Var, from api_version on.
#define OBJECT(member) (offsetof(Var, member) - offsetof(Var, api_version))

static const FillField object_fields[] = {
	{"apiVersion", FILL_STR, OBJECT(api_version), NULL, 0},
	{"Gvk.group", FILL_STR, OBJECT(object.group), NULL, 0},
	{"Gvk.version", FILL_STR, OBJECT(object.version), NULL, 0},
	{"Gvk.kind", FILL_STR, OBJECT(object.kind), NULL, 0},
	{"name", FILL_STR, OBJECT(object.name), NULL, 0},
	{"namespace", FILL_STR, OBJECT(object.ns), NULL, 0},
};
static const FillType object_type = {
	"Target", NULL, sizeof(Var), object_fields, sizeof object_fields / sizeof *object_fields,
	false};

static const FillField field_ref_fields[] = {{"fieldPath", FILL_STR, 0, NULL, 0}};
static const FillType field_ref_type = FILL_TYPE("FieldSelector", FieldRef, field_ref_fields);

static const FillField var_fields[] = {
	{"name", FILL_STR, offsetof(Var, name), NULL, 0},
	{"objref", FILL_STRUCT, offsetof(Var, api_version), &object_type, 0},
	{"fieldref", FILL_STRUCT, offsetof(Var, field_path), &field_ref_type, 0},
};
const FillType var_type = FILL_TYPE("Var", Var, var_fields);

// --- collecting ---

static void complete_kind(Var *var)
{
	if (var->api_version.len) {
		Gvk gvk = gvk_of(var->api_version, var->object.kind);
		if (str_find_byte(gvk.version, '/') == STR_NONE) {
			if (gvk.group.len)
				var->object.group = gvk.group;
			var->object.version = gvk.version;
		}
	}
}

static Str var_str(Arena *arena, const Var *var)
{
	Gvk gvk = {var->object.group, var->object.version, var->object.kind};

	return str_printf(arena, "{%.*s %.*s {%.*s}}", STR_ARGS(var->name),
	                  STR_ARGS(gvk_str(arena, &gvk)), STR_ARGS(var->field_path));
}

static bool add(Build *build, Vars *vars, const Var *var, Diag *diag)
{
	for (size_t i = 0; i < vars->len; i++)
		if (str_eq(vars->items[i].name, var->name))
			return diag_fail(diag, "var '%.*s' already encountered",
			                 STR_ARGS(var->name));
	VEC_PUSH(build->arena, vars->items, vars->len, vars->cap) = *var;
	if (!var->field_path.len)
		vars->items[vars->len - 1].field_path = S("metadata.name");
	return true;
}

bool vars_absorb(Build *build, Vars *vars, const Vars *more, Diag *diag)
{
	for (size_t i = 0; i < more->len; i++)
		if (!add(build, vars, &more->items[i], diag))
			return false;
	return true;
}

static bool is_meant(const Resource *resource, const ResId *id, bool any_namespace)
{
	for (size_t i = 0; i <= resource->prev_len; i++) {
		ResId have = i < resource->prev_len ? resource_prev_id(resource, i) : resource->id;
		if (str_eq(have.name, id->name) && gvk_equal(&have.gvk, &id->gvk) &&
		    (any_namespace || str_eq(resid_namespace(&have), resid_namespace(id))))
			return true;
	}
	return false;
}

static Str vars_str(Arena *arena, const Vars *vars)
{
	Buf out = buf_new(arena);

	buf_byte(&out, '[');
	for (size_t i = 0; i < vars->len; i++) {
		if (i)
			buf_byte(&out, ' ');
		buf_str(&out, var_str(arena, &vars->items[i]));
	}
	buf_byte(&out, ']');
	return buf_view(&out);
}

static bool merge(Build *build, Vars *vars, const Vars *more, ResMap *map, Diag *diag)
{
	for (size_t v = 0; v < more->len; v++) {
		Var *var = &more->items[v];
		ResId id;
		Resources named;
		Resource *match = NULL;
		size_t count = 0;
		complete_kind(var);
		id = selector_id(&var->object);
		named = resmap_by_name(map, id.name);
		for (size_t i = 0; i < named.len; i++)
			if (is_meant(named.items[i], &id, !id.ns.len)) {
				match = named.items[i];
				count++;
			}
		if (count > 1)
			return diag_fail(
				diag,
				"found %zu resId matches for var %.*s (unable to disambiguate)",
				count, STR_ARGS(var_str(build->arena, var)));
		if (match)
			text_list_add(build->arena, &match->vars, var->name);
	}
	return vars_absorb(build, vars, more, diag);
}

bool vars_merge(Build *build, Vars *vars, const Vars *more, ResMap *map, Diag *diag)
{
	Str shown = vars_str(build->arena, more); // as written: merging completes them

	return merge(build, vars, more, map, diag) ||
	       diag_wrap(diag, "merging vars %.*s", STR_ARGS(shown));
}

// --- values ---

typedef struct VarValue {
	const Var *var;
	Node *node; // as it would stand in a field; NULL where it is no scalar
	bool used;
} VarValue;

typedef struct Values {
	Build *build;
	VarValue *items; // sorted by name
	size_t len;
} Values;

// "ports[0]" is a list and an index.
static Path var_path(Arena *arena, Str text)
{
	Path split = path_parse(arena, text), path = {0};
	size_t cap = 0;

	for (size_t i = 0; i < split.len; i++) {
		Str part = split.parts[i];
		size_t open = str_rfind(part, S("["));
		bool index = open != STR_NONE && part.p[part.len - 1] == ']' && part.len - open > 2;
		for (size_t k = open + 1; index && k + 1 < part.len; k++)
			index = part.p[k] >= '0' && part.p[k] <= '9';
		if (!index) {
			VEC_PUSH(arena, path.parts, path.len, cap) = part;
			continue;
		}
		if (open)
			VEC_PUSH(arena, path.parts, path.len, cap) = str_to(part, open);
		VEC_PUSH(arena, path.parts, path.len, cap) =
			str_slice(part, open + 1, part.len - 1);
	}
	return path;
}

// The value as Kustomize writes it back: integers in decimal, floats without exponent.
static bool value_node(Arena *arena, const Node *field, Node **out)
{
	Node *node = tree_scalar(arena, field->value, TAG_STR);
	Buf text = buf_new(arena);
	int64_t i;
	double f;

	*out = node;
	if (str_is(field->tag, "!!int")) {
		if (num_parse_int(field->value, 10, 64, &i) != NUM_OK)
			return false;
		num_format_int(&text, i, 10);
		*node = *tree_scalar(arena, text_made_from(arena, buf_view(&text), field->value),
		                     TAG_INT);
	} else if (str_is(field->tag, "!!float")) {
		if (num_parse_float(field->value, &f) != NUM_OK)
			return false;
		num_format_float(&text, f, 'f', -1);
		*node = *tree_scalar(arena, text_made_from(arena, buf_view(&text), field->value),
		                     "!!float");
	} else if (str_is(field->tag, "!!bool")) {
		node->tag = S("!!bool");
	}
	return true;
}

static bool resource_has_var(const Resource *resource, Str name)
{
	for (size_t i = 0; i < resource->vars.len; i++)
		if (str_eq(resource->vars.items[i], name))
			return true;
	return false;
}

static bool find_value(Build *build, ResMap *map, VarValue *value, Diag *diag)
{
	Diag ignored = diag_new(build->arena);
	Str shown = var_str(build->arena, value->var);
	Path path = var_path(build->arena, value->var->field_path);
	Resources named = resmap_by_name(map, value->var->object.name);
	Node *field = NULL;

	for (size_t i = 0; i < named.len; i++) {
		Resource *resource = named.items[i];
		if (!resource_has_var(resource, value->var->name))
			continue;
		if (!path_lookup(build->arena, resource->node, &path, &field, &ignored) || !field ||
		    (field->kind == NODE_SCALAR && !value_node(build->arena, field, &value->node)))
			return diag_fail(
				diag,
				"field specified in var '%.*s' not found in corresponding resource",
				STR_ARGS(shown));
		return true;
	}
	return diag_fail(diag,
	                 "var '%.*s' cannot be mapped to a field in the set of known resources",
	                 STR_ARGS(shown));
}

static int compare_values(const void *a, const void *b)
{
	return str_cmp(((const VarValue *)a)->var->name, ((const VarValue *)b)->var->name);
}

static VarValue *find_var(Values *values, Str name)
{
	Var var = {.name = name};
	VarValue key = {.var = &var};

	return bsearch(&key, values->items, values->len, sizeof *values->items, compare_values);
}

// --- replacing ---

// The value of a var; NULL where the text must stay.
static const Node *replacement_for(Values *values, Str name)
{
	VarValue *value = find_var(values, name);

	if (!value || !value->node)
		return NULL;
	value->used = true;
	return value->node;
}

// Reads "(NAME)" or the escape "$" behind a dollar. Gives the bytes it took.
static size_t read_reference(Str rest, Str *name, bool *is_var)
{
	size_t close;

	*is_var = false;
	if (rest.p[0] == '$') {
		*name = str_to(rest, 1);
		return 1;
	}
	if (rest.p[0] != '(')
		return 0;
	close = str_find_byte(rest, ')');
	if (close == STR_NONE)
		return 0;
	*name = str_slice(rest, 1, close);
	*is_var = true;
	return close + 1;
}

static void replace_in(Values *values, Node *field)
{
	Arena *arena = values->build->arena;
	Str input = field->value;
	Text out = text_new(arena, values->build->options->traced);
	Node result = *field;

	result.tag = S(TAG_STR);
	for (size_t i = 0; i < input.len; i++) {
		Str name;
		bool is_var;
		size_t taken;
		const Node *value;
		if (input.p[i] != '$' || i + 1 == input.len) {
			text_write(&out, str_slice(input, i, i + 1));
			continue;
		}
		taken = read_reference(str_from(input, i + 1), &name, &is_var);
		if (!taken) {
			text_byte(&out, '$');
			continue;
		}
		if (!is_var) {
			text_write(&out, name);
			i += taken;
			continue;
		}
		value = replacement_for(values, name);
		if (value && taken + 1 == input.len) { // the whole: the kind stays
			field->value = value->value;
			field->tag = value->tag;
			field->style = NODE_STYLE_ANY;
			return;
		}
		if (value)
			text_write(&out, value->value);
		else
			text_write(&out, str_slice(input, i, i + 1 + taken));
		i += taken;
	}
	result.value = text_str(&out);
	result.style = NODE_STYLE_ANY;
	*field = result;
}

static bool replace_field(FieldSetter *setter, Node *field)
{
	Values *values = setter->context;

	if (tree_is_null(field))
		return true;
	if (field->kind == NODE_SCALAR) {
		if (tree_is_string(field))
			replace_in(values, field);
		return true;
	}
	for (size_t i = field->kind == NODE_MAPPING; i < field->len;
	     i += field->kind == NODE_MAPPING ? 2 : 1) {
		Node *item = field->children[i];
		if (tree_is_string(item))
			replace_in(values, item);
		else if (field->kind == NODE_SEQUENCE)
			return diag_fail(setter->diag, "invalid value type expect a string");
	}
	return true;
}

static void warn_unused(Build *build, const Values *values)
{
	Buf names = buf_new(build->arena);

	for (size_t i = 0; i < values->len; i++)
		if (!values->items[i].used) {
			if (names.len)
				buf_byte(&names, ',');
			buf_str(&names, values->items[i].var->name);
		}
	if (names.len)
		build_warn(build, str_concat(build->arena,
		                             S("well-defined vars that were never replaced: "),
		                             buf_view(&names)));
}

bool vars_resolve(Build *build, const Vars *vars, const FieldSpecs *specs, ResMap *map, Diag *diag)
{
	Values values = {build, ARENA_ARRAY(build->arena, VarValue, vars->len + 1), vars->len};
	FieldSetter setter = {
		.arena = build->arena, .diag = diag, .set = replace_field, .context = &values};

	if (!vars->len)
		return true;
	for (size_t i = 0; i < vars->len; i++)
		values.items[i].var = &vars->items[i];
	qsort(values.items, values.len, sizeof *values.items, compare_values);
	for (size_t i = 0; i < vars->len; i++)
		if (!find_value(build, map, &values.items[i], diag))
			return false;
	for (size_t i = 0; i < map->len; i++)
		for (size_t s = 0; s < specs->len; s++)
			if (!fieldspec_apply(&specs->items[s], &map->items[i]->id.gvk,
			                     map->items[i]->node, &setter))
				return false;
	warn_unused(build, &values);
	return true;
}
