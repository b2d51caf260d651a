// Prefixes, suffixes and content hashes of names.

#include "base/lib.h"
#include "data/text.h"
#include "kustomize/scalar.h"
#include "kustomize/transform.h"

// Kinds whose names mean something outside the kustomization.
static bool keeps_its_name(const ResId *id)
{
	return str_is(id->gvk.kind, "CustomResourceDefinition") ||
	       str_is(id->gvk.kind, "Namespace") ||
	       (str_is(id->gvk.kind, "APIService") &&
	        str_is(id->gvk.group, "apiregistration.k8s.io"));
}

static bool set_prefix(FieldSetter *setter, Node *field)
{
	const Str *text = setter->context;

	return tree_set_scalar(field, text_concat(setter->arena, *text, field->value), "",
	                       setter->diag);
}

static bool set_suffix(FieldSetter *setter, Node *field)
{
	const Str *text = setter->context;

	return tree_set_scalar(field, text_concat(setter->arena, field->value, *text), "",
	                       setter->diag);
}

static bool affix(Build *build, const AffixSettings *settings, bool prefix, ResMap *map, Diag *diag)
{
	Str text = settings->text;
	FieldSetter setter = {.arena = build->arena,
	                      .diag = diag,
	                      .set = prefix ? set_prefix : set_suffix,
	                      .creates = true,
	                      .kind = NODE_SCALAR,
	                      .tag = TAG_STR,
	                      .context = &text};

	for (size_t i = 0; i < map->len; i++) {
		Resource *resource = map->items[i];
		ResId id = resource_original_id(resource);
		if (keeps_its_name(&id))
			continue;
		for (size_t s = 0; s < settings->specs.len; s++) {
			const FieldSpec *spec = &settings->specs.items[s];
			if (!gvk_selected(&id.gvk, &spec->gvk))
				continue;
			if (str_is(spec->path, "metadata/name") && text.len) {
				text_list_add(build->arena,
				              prefix ? &resource->prefixes : &resource->suffixes,
				              text);
				resource_store_id(build->arena, resource);
			}
			if (!fieldspec_apply(spec, &resource->id.gvk, resource->node, &setter))
				return false;
			resmap_touch(map, resource);
		}
	}
	return true;
}

bool transform_prefix(Build *build, const Transformer *transformer, ResMap *map, Diag *diag)
{
	return affix(build, transformer->settings, true, map, diag);
}

bool transform_suffix(Build *build, const Transformer *transformer, ResMap *map, Diag *diag)
{
	return affix(build, transformer->settings, false, map, diag);
}

// --- content hashes ---

typedef unsigned char *Sha256(const unsigned char *data, size_t size, unsigned char *out);

static bool sha256_hex(Arena *arena, Str data, Str *out, Diag *diag)
{
	static const char *const sonames[] = {"libcrypto.so.3", "libcrypto.so.1.1", NULL};
	static const char *const symbols[] = {"SHA256", NULL};
	unsigned char digest[32];
	LibFunction function;
	Buf hex = buf_new(arena);

	if (!lib_load(sonames, symbols, &function, "libssl3", diag))
		return false;
	((Sha256 *)function)((const unsigned char *)data.p, data.len, digest);
	for (size_t i = 0; i < sizeof digest; i++)
		buf_printf(&hex, "%02x", digest[i]);
	*out = buf_view(&hex);
	return true;
}

static bool add_field(Arena *arena, Buf *json, const Node *node, const char *field, bool required,
                      Diag *diag)
{
	Node *value = tree_get_c(node, field);

	if (!required && (!value || value->kind != NODE_MAPPING))
		return true;
	buf_byte(json, json->len == 1 ? '"' : ',');
	if (json->len > 2)
		buf_byte(json, '"');
	buf_c(json, field);
	buf_c(json, "\":");
	if (!value)
		buf_c(json, "\"\"");
	else if (value->kind == NODE_SCALAR)
		scalar_write_json_string(json, value->value);
	else
		return tree_settle(arena, &value, diag) &&
		       tree_write_json(arena, json, value, diag);
	return true;
}

// The first ten hex digits of a SHA-256 over kind, type and data as JSON (the name counts as empty), with vowels and
// lookalikes replaced.
static bool content_hash(Arena *arena, const Resource *resource, Str *out, Diag *diag)
{
	const Node *node = resource->node;
	Buf json = buf_new(arena), name = buf_new(arena);
	Str hex;

	buf_byte(&json, '{');
	if (str_is(resource->id.gvk.kind, "ConfigMap")) {
		if (!add_field(arena, &json, node, "binaryData", false, diag) ||
		    !add_field(arena, &json, node, "data", true, diag))
			return false;
		buf_c(&json, ",\"kind\":\"ConfigMap\",\"name\":\"\"}");
	} else if (str_is(resource->id.gvk.kind, "Secret")) {
		if (!add_field(arena, &json, node, "data", true, diag))
			return false;
		buf_c(&json, ",\"kind\":\"Secret\",\"name\":\"\"");
		if (!add_field(arena, &json, node, "stringData", false, diag) ||
		    !add_field(arena, &json, node, "type", true, diag))
			return false;
		buf_byte(&json, '}');
	} else {
		json.len = 0;
		if (!tree_write_json(arena, &json, node, diag))
			return false;
	}
	if (!sha256_hex(arena, buf_view(&json), &hex, diag))
		return false;
	for (size_t i = 0; i < 10; i++) {
		static const char from[] = "013ae", to[] = "ghkmt";
		char c = hex.p[i];
		for (size_t k = 0; k < 5; k++)
			if (hex.p[i] == from[k])
				c = to[k];
		buf_byte(&name, c);
	}
	*out = buf_view(&name);
	return true;
}

bool transform_hash(Build *build, ResMap *map, Diag *diag)
{
	for (size_t i = 0; i < map->len; i++) {
		Resource *resource = map->items[i];
		Str hash, name;
		if (!resource->needs_hash)
			continue;
		if (!content_hash(build->arena, resource, &hash, diag))
			return false;
		resource_store_id(build->arena, resource);
		name = text_concat(build->arena, resource->id.name,
		                   str_concat(build->arena, S("-"), hash));
		resource_set_name(build->arena, resource, name);
		resmap_touch(map, resource);
	}
	return true;
}
