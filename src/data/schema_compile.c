// Compiles schemas: finds the parts of a document that have an id or anchor of their own (resources), resolves
// references between them and to other documents, and turns every part that is reachable into a Schema.

#include "base/num.h"
#include "data/json.h"
#include "data/schema_graph.h"
#include "data/schema_meta.h"
#include "data/schema_plain.h"
#include "data/schema_url.h"

#include <string.h>

// Schemas nest at most so deep.
#define DEPTH_MAX 1000

typedef struct Draft {
	int version;
	const char *url;
	const char *vocab_prefix;
	const char *const *vocabs; // with metaschemas
	const char *const *default_vocabs;
} Draft;

static const char *const vocabs_2019[] = {"core",   "applicator", "validation", "meta-data",
                                          "format", "content",    NULL};
static const char *const defaults_2019[] = {"core", "applicator", "validation", NULL};
static const char *const vocabs_2020[] = {
	"core",      "applicator",        "unevaluated",      "validation",
	"meta-data", "format-annotation", "format-assertion", "content",
	NULL};
static const char *const defaults_2020[] = {"core", "applicator", "unevaluated", "validation",
                                            NULL};
static const char *const no_vocabs[] = {NULL};

static const Draft drafts[] = {
	{4, "http://json-schema.org/draft-04/schema", "", no_vocabs, no_vocabs},
	{6, "http://json-schema.org/draft-06/schema", "", no_vocabs, no_vocabs},
	{7, "http://json-schema.org/draft-07/schema", "", no_vocabs, no_vocabs},
	{2019, "https://json-schema.org/draft/2019-09/schema",
         "https://json-schema.org/draft/2019-09/vocab/", vocabs_2019, defaults_2019},
	{2020, "https://json-schema.org/draft/2020-12/schema",
         "https://json-schema.org/draft/2020-12/vocab/", vocabs_2020, defaults_2020},
};
#define DRAFT_LATEST (&drafts[4])

// Where a schema holds other schemas.
enum { ONE, LIST, MAP };
static const struct {
	const char *key;
	int shape;
	int since;
} places[] = {
	{"definitions", MAP, 4},
	{"not", ONE, 4},
	{"allOf", LIST, 4},
	{"anyOf", LIST, 4},
	{"oneOf", LIST, 4},
	{"properties", MAP, 4},
	{"additionalProperties", ONE, 4},
	{"patternProperties", MAP, 4},
	{"items", ONE, 4},
	{"items", LIST, 4},
	{"additionalItems", ONE, 4},
	{"dependencies", MAP, 4},
	{"propertyNames", ONE, 6},
	{"contains", ONE, 6},
	{"if", ONE, 7},
	{"then", ONE, 7},
	{"else", ONE, 7},
	{"$defs", MAP, 2019},
	{"dependentSchemas", MAP, 2019},
	{"unevaluatedProperties", ONE, 2019},
	{"unevaluatedItems", ONE, 2019},
	{"contentSchema", ONE, 2019},
	{"prefixItems", LIST, 2020},
};

// A draft, and the vocabularies that a metaschema of one's own picked from it.
typedef struct Dialect {
	const Draft *draft;
	bool picked;
	Str *vocabs;
	size_t count, cap;
} Dialect;

// A part of a document with a URL of its own.
typedef struct Resource {
	Str ptr, id;
	Dialect dialect;
	Map *anchors; // to pointers
	Str *dynamic_anchors;
	size_t dynamic_count, dynamic_cap;
} Resource;

typedef struct Compiler Compiler;

// A document.
struct SchemaRoot {
	Compiler *compiler;
	Str url;
	const Value *doc;
	Map *by_ptr, *by_id; // to positions in `resources`
	Resource **resources;
	size_t len, cap;
	Map *processed; // pointers of schemas found so far
	int depth;
};

struct Compiler {
	Arena *arena;
	SchemaLoader *loader;
	Diag *diag;
	bool assert_format;
	const Draft *
		plain; // set where the one document is plain (schema_plain.h): it is taken as it stands
	Map *regexes;                // of that document: pattern to Regex
	Compiler *meta;              // compiles metaschemas
	Map *docs, *roots, *schemas; // by URL; to positions below
	const Value **doc_list;
	size_t doc_count, doc_cap;
	SchemaRoot **root_list;
	size_t root_count, root_cap;
	Schema **queue; // every schema met, in order; those from `compiled` on are still to do
	size_t queue_len, queue_cap, compiled;
};

// --- small helpers ---

static Str quoted(Compiler *c, Str s)
{
	Buf text = buf_new(c->arena);

	num_quote(&text, s);
	return buf_view(&text);
}

static bool fail(Compiler *c, const char *before, Str quote, const char *after)
{
	Str message = str_concat(c->arena, str_c(before), quoted(c, quote));

	return diag_fail_str(c->diag, str_concat(c->arena, message, str_c(after)));
}

static const Value *member(const Value *v, const char *key)
{
	return v && v->kind == V_MAP ? map_get(v->map, str_c(key)) : NULL;
}

static bool string_member(const Value *v, const char *key, Str *out)
{
	const Value *found = member(v, key);

	if (!found || found->kind != V_STRING)
		return false;
	*out = value_as_str(found);
	return true;
}

void schema_escape_token(Buf *out, Str token)
{
	if (str_find_byte(token, '~') == STR_NONE && str_find_byte(token, '/') == STR_NONE) {
		buf_str(out, token);
		return;
	}
	for (size_t i = 0; i < token.len; i++) {
		if (token.p[i] == '~')
			buf_c(out, "~0");
		else if (token.p[i] == '/')
			buf_c(out, "~1");
		else
			buf_byte(out, token.p[i]);
	}
}

static Str ptr_append(Compiler *c, Str ptr, Str token)
{
	Buf out = buf_new(c->arena);

	buf_reserve(&out, ptr.len + token.len + 1);
	buf_str(&out, ptr);
	buf_byte(&out, '/');
	schema_escape_token(&out, token);
	return buf_view(&out);
}

static Str ptr_append_index(Compiler *c, Str ptr, size_t index)
{
	return ptr_append(c, ptr, str_printf(c->arena, "%zu", index));
}

// URL and pointer, as messages show places.
static Str location(Arena *arena, Str url, Str ptr)
{
	Buf out = buf_new(arena);

	buf_str(&out, url);
	buf_byte(&out, '#');
	url_escape_path(&out, ptr);
	return buf_view(&out);
}

static bool unescape_token(Compiler *c, Str token, Str *out)
{
	Buf plain;

	*out = token;
	if (str_find_byte(token, '~') == STR_NONE)
		return true;
	plain = buf_new(c->arena);
	for (size_t i = 0; i < token.len; i++) {
		char next = i + 1 < token.len ? token.p[i + 1] : 0;
		if (token.p[i] != '~') {
			buf_byte(&plain, token.p[i]);
			continue;
		}
		if (next != '0' && next != '1')
			return false;
		buf_byte(&plain, next == '0' ? '~' : '/');
		i++;
	}
	*out = buf_view(&plain);
	return true;
}

static const Value *step(const Value *v, Str token)
{
	int64_t index;

	if (v->kind == V_MAP)
		return map_get(v->map, token);
	if (v->kind != V_LIST || num_parse_int(token, 10, 64, &index) != NUM_OK || index < 0)
		return NULL;
	return (uint64_t)index < v->list->len ? &v->list->items[index] : NULL;
}

// What a JSON pointer points at.
static const Value *lookup(Compiler *c, const SchemaRoot *root, Str ptr)
{
	const Value *v = root->doc;
	Str rest = ptr, token, key;

	str_cut(&rest, S("/"), &token);
	while (str_cut(&rest, S("/"), &token)) {
		if (!unescape_token(c, token, &key)) {
			fail(c, "invalid json-pointer ", location(c->arena, root->url, ptr), "");
			return NULL;
		}
		v = step(v, key);
		if (!v) {
			fail(c, "json-pointer in ", location(c->arena, root->url, ptr),
			     " not found");
			return NULL;
		}
	}
	return v;
}

static bool fail_url(Compiler *c, Str url, Diag *reason)
{
	Str message = str_concat(c->arena, S("error in parsing "), quoted(c, url));

	return diag_fail_str(c->diag, str_concat(c->arena, str_concat(c->arena, message, S(": ")),
	                                         reason->message));
}

static Str without_fragment(Str url)
{
	return str_to(url, str_find_byte(url, '#'));
}

// A reference from `base`, as URL and fragment.
static bool join(Compiler *c, Str base, Str ref, Str *url, Str *fragment)
{
	size_t hash = str_find_byte(ref, '#');
	Diag reason = diag_new(c->arena);
	Url base_url, ref_url, resolved;

	if (!url_parse(c->arena, base, &base_url, &reason))
		return fail_url(c, base, &reason);
	if (!url_unescape(c->arena, hash == STR_NONE ? S("") : str_from(ref, hash + 1), fragment,
	                  &reason))
		return fail_url(c, ref, &reason);
	if (!url_parse(c->arena, str_to(ref, hash), &ref_url, &reason))
		return fail_url(c, str_to(ref, hash), &reason);
	resolved = url_resolve(c->arena, &base_url, &ref_url);
	*url = url_text(c->arena, &resolved);
	return true;
}

// --- loading documents ---

static bool read_doc(Compiler *c, Str text, const Value **out, Diag *diag)
{
	Value *v = ARENA_NEW(c->arena, Value);

	*out = v;
	if (json_read(c->arena, text, JSON_NUMBERS, v, diag))
		return true;
	// The reference reads from a stream, which words three things another way.
	if (!str_trim_ascii(text).len)
		diag->message = S("EOF");
	else if (str_is(diag->message, "unexpected end of JSON input"))
		diag->message = S("unexpected EOF");
	else if (str_has_suffix(diag->message, S("after top-level value")))
		diag->message = S("invalid character after top-level value");
	return false;
}

static void add_doc(Compiler *c, Str url, const Value *doc)
{
	map_set(c->arena, c->docs, url, value_int((int64_t)c->doc_count));
	VEC_PUSH(c->arena, c->doc_list, c->doc_count, c->doc_cap) = doc;
}

static Str meta_text(Compiler *c, const char *text)
{
	char *copy = str_to_c(c->arena, str_c(text));

	for (char *p = copy; *p; p++)
		if (*p == '\'')
			*p = '"';
	return str_c(copy);
}

// Why a document can't be had, in Helm's words as far as they don't depend on the network.
static Str load_failure(Compiler *c, Str url)
{
	Diag reason = diag_new(c->arena);
	Str path, message;
	Url parts;

	if (!url_parse(c->arena, url, &parts, &reason))
		return reason.message;
	if (str_is(parts.scheme, "file")) {
		if (!url_unescape(c->arena, parts.path, &path, &reason))
			path = parts.path;
		message = str_concat(c->arena, S("open "), path);
		return str_concat(c->arena, message, S(": no such file or directory"));
	}
	if (str_is(parts.scheme, "http") || str_is(parts.scheme, "https")) {
		message = str_concat(c->arena, S("HTTP request failed for "), url);
		message = str_concat(c->arena, str_concat(c->arena, message, S(": Get ")),
		                     quoted(c, url));
		return str_concat(c->arena, message,
		                  S(": the network is not used; put the schema into the chart"));
	}
	return str_concat(c->arena, S("no URLLoader registered for "), quoted(c, url));
}

static bool load_from_outside(Compiler *c, Str url, const Value **out)
{
	Diag reason = diag_new(c->arena);
	Str text, message;

	if (c->loader && c->loader->load && c->loader->load(c->loader, c->arena, url, &text)) {
		if (read_doc(c, text, out, &reason))
			return true;
	} else if (str_has_prefix(url, S("urn:"))) {
		if (c->loader && c->loader->unresolved_urn)
			c->loader->unresolved_urn(c->loader, url);
		return read_doc(c, S("true"), out, &reason);
	} else {
		reason.message = load_failure(c, url);
	}
	message = str_concat(c->arena, S("failing loading "), quoted(c, url));
	return diag_fail_str(c->diag, str_concat(c->arena, str_concat(c->arena, message, S(": ")),
	                                         reason.message));
}

static const Value *load(Compiler *c, Str url)
{
	const Value *known = map_get(c->docs, url), *doc;
	const char *meta = schema_meta_find(url);

	if (known)
		return c->doc_list[known->i];
	if (meta ? !read_doc(c, meta_text(c, meta), &doc, c->diag)
	         : !load_from_outside(c, url, &doc))
		return NULL;
	add_doc(c, url, doc);
	return doc;
}

// --- drafts and vocabularies ---

static const Draft *draft_of_url(Str url)
{
	size_t hash = str_find_byte(url, '#');
	Str http = S("http://"), https = S("https://");

	if (hash != STR_NONE && hash + 1 < url.len)
		return NULL;
	url = str_to(url, hash);
	if (str_has_prefix(url, http))
		url = str_from(url, http.len);
	else if (str_has_prefix(url, https))
		url = str_from(url, https.len);
	if (str_is(url, "json-schema.org/schema"))
		return DRAFT_LATEST;
	for (size_t i = 0; i < sizeof drafts / sizeof *drafts; i++)
		if (str_is(url, strstr(drafts[i].url, "://") + 3))
			return &drafts[i];
	return NULL;
}

// The draft that `doc` names by $schema, if need be through metaschemas that name another in turn.
static const Draft *find_draft(Compiler *c, Str url, Str ptr, const Value *doc,
                               const Draft *fallback)
{
	Map *seen = map_new(c->arena, &TYPE_ANY_MAP);
	Diag reason = diag_new(c->arena);
	const Draft *draft;
	Str schema;
	Url parts;

	while (string_member(doc, "$schema", &schema)) {
		draft = draft_of_url(schema);
		if (draft)
			return draft;
		schema = without_fragment(schema);
		if (!url_parse(c->arena, schema, &parts, &reason)) {
			Str message = str_concat(c->arena, S("invalid $schema in "),
			                         quoted(c, location(c->arena, url, ptr)));
			diag_fail_str(c->diag,
			              str_concat(c->arena, str_concat(c->arena, message, S(": ")),
			                         reason.message));
			return NULL;
		}
		if (!ptr.len && str_eq(schema, url)) {
			fail(c, "draft ", schema, " is not supported");
			return NULL;
		}
		if (map_get(seen, schema)) {
			fail(c, "cycle in resolving $schema in ", schema, "");
			return NULL;
		}
		map_set(c->arena, seen, schema, value_bool(true));
		doc = load(c, schema);
		if (!doc)
			return NULL;
		url = schema;
		ptr = S("");
	}
	return fallback;
}

static void pick_vocab(Compiler *c, Dialect *dialect, Str name)
{
	for (size_t i = 0; i < dialect->count; i++)
		if (str_eq(dialect->vocabs[i], name))
			return;
	VEC_PUSH(c->arena, dialect->vocabs, dialect->count, dialect->cap) = name;
}

static bool is_listed(const char *const *names, Str name)
{
	for (; *names; names++)
		if (str_is(name, *names))
			return true;
	return false;
}

// The vocabularies of the metaschema that `doc` names, where it is none of the drafts' own.
static bool find_vocabs(Compiler *c, const Value *doc, Dialect *dialect)
{
	const Draft *draft = dialect->draft;
	const Value *vocabs;
	Str url, prefix = str_c(draft->vocab_prefix);

	if (!string_member(doc, "$schema", &url) || draft_of_url(url))
		return true;
	url = without_fragment(url);
	doc = load(c, url);
	if (!doc)
		return false;
	vocabs = member(doc, "$vocabulary");
	if (draft->version < 2019 || !vocabs || vocabs->kind != V_MAP)
		return true;
	dialect->picked = true;
	map_sort(vocabs->map);
	for (size_t i = 0; i < vocabs->map->len; i++) {
		const MapEntry *entry = &vocabs->map->entries[i];
		Str name = entry->key;
		if (entry->value.kind != V_BOOL || !entry->value.b)
			continue;
		if (!str_has_prefix(name, prefix) ||
		    !is_listed(draft->vocabs, str_from(name, prefix.len))) {
			Str message =
				str_concat(c->arena, S("unsupported vocabulary "), quoted(c, name));
			message = str_concat(c->arena, str_concat(c->arena, message, S(" in ")),
			                     quoted(c, url));
			return diag_fail_str(c->diag, message);
		}
		pick_vocab(c, dialect, str_from(name, prefix.len));
	}
	pick_vocab(c, dialect, S("core"));
	return true;
}

static bool has_vocab(const Dialect *dialect, const char *name)
{
	if (strcmp(name, "core") == 0 || dialect->draft->version < 2019)
		return true;
	if (!dialect->picked)
		return is_listed(dialect->draft->default_vocabs, str_c(name));
	for (size_t i = 0; i < dialect->count; i++)
		if (str_is(dialect->vocabs[i], name))
			return true;
	return false;
}

// --- resources ---

static Resource *resource_by(const SchemaRoot *root, const Map *map, Str key)
{
	const Value *at = map_get(map, key);

	return at ? root->resources[at->i] : NULL;
}

// The resource that a place belongs to: the nearest one above it.
static Resource *resource_at(const SchemaRoot *root, Str ptr)
{
	for (;;) {
		Resource *found = resource_by(root, root->by_ptr, ptr);
		size_t slash;
		if (found)
			return found;
		slash = str_rfind(ptr, S("/"));
		if (slash == STR_NONE)
			return root->resources[0];
		ptr = str_to(ptr, slash);
	}
}

static Resource *add_resource(Compiler *c, SchemaRoot *root, Str ptr, Str id, Dialect dialect)
{
	Resource *resource = ARENA_NEW(c->arena, Resource);

	*resource = (Resource){.ptr = ptr, .id = id, .dialect = dialect};
	resource->anchors = map_new(c->arena, &TYPE_ANY_MAP);
	map_set(c->arena, root->by_ptr, ptr, value_int((int64_t)root->len));
	if (!map_get(root->by_id, id))
		map_set(c->arena, root->by_id, id, value_int((int64_t)root->len));
	VEC_PUSH(c->arena, root->resources, root->len, root->cap) = resource;
	return resource;
}

static const char *id_key(const Draft *draft)
{
	return draft->version == 4 ? "id" : "$id";
}

// The id without its fragment; empty where there is none.
static Str id_of(const Draft *draft, const Value *v)
{
	Str id = S("");

	if (draft->version < 2019 && member(v, "$ref")) // what stands beside $ref does not count
		return id;
	string_member(v, id_key(draft), &id);
	return without_fragment(id);
}

static bool add_anchor(Compiler *c, const SchemaRoot *root, Resource *resource, Str anchor, Str ptr)
{
	const Value *known = map_get(resource->anchors, anchor);
	Buf message = buf_new(c->arena);

	if (!known) {
		map_set(c->arena, resource->anchors, anchor, value_str(ptr));
		return true;
	}
	if (str_eq(value_as_str(known), ptr))
		return true;
	buf_c(&message, "duplicate anchor ");
	num_quote(&message, anchor);
	buf_c(&message, " in ");
	num_quote(&message, root->url);
	buf_c(&message, " at ");
	num_quote(&message, value_as_str(known));
	buf_c(&message, " and ");
	num_quote(&message, ptr);
	return diag_fail_str(c->diag, buf_view(&message));
}

static bool collect_anchors(Compiler *c, const SchemaRoot *root, const Value *v, Str ptr,
                            Resource *resource)
{
	const Draft *draft = resource->dialect.draft;
	Diag reason = diag_new(c->arena);
	Str text, fragment;
	size_t hash;

	if (v->kind != V_MAP)
		return true;
	if (draft->version < 2019) {
		if (member(v, "$ref") || !string_member(v, id_key(draft), &text))
			return true;
		hash = str_find_byte(text, '#');
		if (hash == STR_NONE)
			return true;
		if (!url_unescape(c->arena, str_from(text, hash + 1), &fragment, &reason))
			return fail(c, "error in parsing anchor at ",
			            location(c->arena, root->url, ptr), "");
		if (!fragment.len || fragment.p[0] == '/')
			return true;
		return add_anchor(c, root, resource, fragment, ptr);
	}
	if (string_member(v, "$anchor", &text) && !add_anchor(c, root, resource, text, ptr))
		return false;
	if (draft->version >= 2020 && string_member(v, "$dynamicAnchor", &text)) {
		if (!add_anchor(c, root, resource, text, ptr))
			return false;
		VEC_PUSH(c->arena, resource->dynamic_anchors, resource->dynamic_count,
		         resource->dynamic_cap) = text;
	}
	return true;
}

static bool collect(Compiler *c, SchemaRoot *root, const Value *v, Str base, Str ptr,
                    Dialect fallback);

static bool collect_below(Compiler *c, SchemaRoot *root, const Value *v, Str base, Str ptr,
                          Dialect dialect, const Draft *draft)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const Value *sub =
			places[i].since <= draft->version ? member(v, places[i].key) : NULL;
		Str at;
		if (!sub)
			continue;
		at = ptr_append(c, ptr, str_c(places[i].key));
		if (places[i].shape == ONE && !collect(c, root, sub, base, at, dialect))
			return false;
		if (places[i].shape == LIST && sub->kind == V_LIST)
			for (size_t j = 0; j < sub->list->len; j++)
				if (!collect(c, root, &sub->list->items[j], base,
				             ptr_append_index(c, at, j), dialect))
					return false;
		if (places[i].shape != MAP || sub->kind != V_MAP)
			continue;
		map_sort(sub->map);
		for (size_t j = 0; j < sub->map->len; j++)
			if (!collect(c, root, &sub->map->entries[j].value, base,
			             ptr_append(c, at, sub->map->entries[j].key), dialect))
				return false;
	}
	return true;
}

// Adds the resource that starts at `v`, if one does. `*base` becomes its id.
static bool collect_resource(Compiler *c, SchemaRoot *root, const Value *v, Str *base, Str ptr,
                             Dialect fallback, const Draft **draft)
{
	Dialect dialect = fallback;
	bool has_schema;
	Resource *known;
	Str id, fragment, text;

	*draft = find_draft(c, root->url, ptr, v, fallback.draft);
	if (!*draft)
		return false;
	has_schema = string_member(v, "$schema", &text);
	id = id_of(*draft, v);
	if (!id.len && ptr.len) { // only a resource may name its $schema
		*draft = fallback.draft;
		has_schema = false;
		id = id_of(*draft, v);
	}
	if (id.len) {
		Diag outer = *c->diag;
		if (!join(c, *base, id, base, &fragment)) {
			*c->diag = outer;
			return fail(c, "error in parsing id at ",
			            location(c->arena, root->url, ptr), "");
		}
	} else if (ptr.len) {
		return true;
	}
	known = resource_by(root, root->by_id, *base);
	if (known) {
		Buf message = buf_new(c->arena);
		if (str_eq(known->ptr, ptr))
			return true;
		buf_c(&message, "duplicate id ");
		num_quote(&message, *base);
		buf_c(&message, " in ");
		num_quote(&message, root->url);
		buf_c(&message, " at ");
		num_quote(&message, ptr);
		buf_c(&message, " and ");
		num_quote(&message, known->ptr);
		return diag_fail_str(c->diag, buf_view(&message));
	}
	if (has_schema) {
		dialect = (Dialect){.draft = *draft};
		if (!find_vocabs(c, v, &dialect))
			return false;
	}
	add_resource(c, root, ptr, *base, dialect);
	return true;
}

// Notes what has an id or anchor in the schema `v` and those in it.
static bool collect(Compiler *c, SchemaRoot *root, const Value *v, Str base, Str ptr,
                    Dialect fallback)
{
	const Draft *draft;
	Resource *resource;
	bool ok;

	if (map_get(root->processed, ptr))
		return true;
	map_set(c->arena, root->processed, ptr, value_bool(true));
	if (v->kind == V_BOOL && !ptr.len)
		add_resource(c, root, ptr, base, fallback);
	if (v->kind != V_MAP) {
		if (!ptr.len && !root->len) // no schema at all: its metaschema will say so
			add_resource(c, root, ptr, base, fallback);
		return true;
	}
	if (root->depth >= DEPTH_MAX)
		return diag_fail(c->diag, "schema nests deeper than %d levels", DEPTH_MAX);
	if (!collect_resource(c, root, v, &base, ptr, fallback, &draft))
		return false;
	resource = resource_by(root, root->by_id, base);
	if (!resource)
		resource = root->resources[0];
	root->depth++;
	ok = collect_anchors(c, root, v, ptr, resource) &&
	     collect_below(c, root, v, base, ptr, resource->dialect, draft);
	root->depth--;
	return ok;
}

// --- metaschemas ---

static Schema *compile_at(Compiler *c, Str url, Str fragment);

static Schema *meta_compile(Compiler *c, Str url)
{
	if (!c->meta) {
		c->meta = ARENA_NEW(c->arena, Compiler);
		*c->meta = (Compiler){.arena = c->arena, .diag = c->diag, .assert_format = true};
		c->meta->docs = map_new(c->arena, &TYPE_ANY_MAP);
		c->meta->roots = map_new(c->arena, &TYPE_ANY_MAP);
		c->meta->schemas = map_new(c->arena, &TYPE_ANY_MAP);
	}
	return compile_at(c->meta, url, S(""));
}

// Kept sorted.
static void add_dynamic_anchor(Compiler *c, SchemaDynamic *dynamic, Str anchor, Schema *schema)
{
	SchemaEntries *anchors = &dynamic->anchors;
	SchemaEntry entry = {.key = anchor, .schema = schema};
	size_t at = anchors->len;

	VEC_PUSH(c->arena, anchors->items, anchors->len, anchors->cap) = entry;
	for (; at && str_cmp(anchors->items[at - 1].key, anchor) > 0; at--)
		anchors->items[at] = anchors->items[at - 1];
	anchors->items[at] = entry;
}

// The schema that schemas of a dialect must be valid by.
static Schema *meta_schema(Compiler *c, const Dialect *dialect)
{
	Str url = str_c(dialect->draft->url);
	Schema *schema;
	SchemaList *all_of;

	if (!dialect->picked)
		return meta_compile(c, url);
	schema = ARENA_NEW(c->arena, Schema);
	schema->draft = dialect->draft->version;
	schema->resource = schema;
	schema->combined = ARENA_NEW(c->arena, SchemaCombined);
	all_of = &schema->combined->all_of;
	all_of->items = ARENA_ARRAY(c->arena, Schema *, dialect->count);
	all_of->set = true;
	for (size_t i = 0; i < dialect->count; i++) {
		Str part =
			str_concat(c->arena, str_to(url, url.len - strlen("schema")), S("meta/"));
		Schema *sub = meta_compile(c, str_concat(c->arena, part, dialect->vocabs[i]));
		if (!sub)
			return NULL;
		all_of->items[all_of->len++] = sub;
	}
	if (schema->draft >= 2020) {
		schema->dynamic = ARENA_NEW(c->arena, SchemaDynamic);
		schema->dynamic->anchor = S("meta");
		add_dynamic_anchor(c, schema->dynamic, S("meta"), schema);
	}
	return schema;
}

Schema *schema_root_meta(SchemaRoot *root, Str ptr)
{
	Resource *resource = resource_by(root, root->by_ptr, ptr);

	return resource ? meta_schema(root->compiler, &resource->dialect) : NULL;
}

bool schema_root_has_parts(const SchemaRoot *root)
{
	return root->len > 1;
}

static bool check_by_meta(Compiler *c, SchemaRoot *root, const Value *v, Str ptr)
{
	Schema *meta = meta_schema(c, &resource_at(root, ptr)->dialect);
	SchemaReport report;
	Str message;

	if (!meta || !schema_check(c->arena, meta, v, meta, root, &report, c->diag))
		return false;
	if (!report.text.len)
		return true;
	message = str_concat(c->arena, quoted(c, location(c->arena, root->url, ptr)),
	                     S(" is not valid against metaschema: "));
	return diag_fail_str(c->diag, str_concat(c->arena, message, report.text));
}

// --- documents ---

static SchemaRoot *root_of(Compiler *c, Str url)
{
	const Value *known = map_get(c->roots, url), *doc;
	SchemaRoot *root;
	bool own = str_has_prefix(url, S("http://json-schema.org/")) ||
	           str_has_prefix(url, S("https://json-schema.org/"));

	if (known)
		return c->root_list[known->i];
	doc = load(c, url);
	if (!doc)
		return NULL;
	root = ARENA_NEW(c->arena, SchemaRoot);
	*root = (SchemaRoot){.compiler = c, .url = url, .doc = doc};
	root->by_ptr = map_new(c->arena, &TYPE_ANY_MAP);
	root->by_id = map_new(c->arena, &TYPE_ANY_MAP);
	root->processed = map_new(c->arena, &TYPE_ANY_MAP);
	if (c->plain)
		add_resource(c, root, S(""), url, (Dialect){.draft = c->plain});
	else if (!collect(c, root, doc, url, S(""), (Dialect){.draft = DRAFT_LATEST}))
		return NULL;
	if (!own && !c->plain && !check_by_meta(c, root, doc, S("")))
		return NULL;
	map_set(c->arena, c->roots, url, value_int((int64_t)c->root_count));
	VEC_PUSH(c->arena, c->root_list, c->root_count, c->root_cap) = root;
	return root;
}

static bool place_has(Str key, int shape)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (places[i].shape == shape && str_is(key, places[i].key))
			return true;
	return false;
}

static bool is_index(Str token)
{
	for (size_t i = 0; i < token.len; i++)
		if (token.p[i] < '0' || token.p[i] > '9')
			return false;
	return token.len == 1 || (token.len > 1 && token.len < 10 && token.p[0] != '0');
}

// The schema that a pointer without escapes leads to in a plain document; NULL where there is none, or where what is
// there is none by its place, so that nobody has looked at it.
static const Value *plain_lookup(const SchemaRoot *root, Str ptr)
{
	const Value *v = root->doc;
	Str rest = ptr, key, inner;

	str_cut(&rest, S("/"), &key);
	while (v && str_cut(&rest, S("/"), &key)) {
		const Value *sub = v->kind == V_MAP ? map_get(v->map, key) : NULL;
		if (!sub)
			return NULL;
		if (sub->kind == V_LIST && place_has(key, LIST))
			v = str_cut(&rest, S("/"), &inner) && is_index(inner) ? step(sub, inner)
			                                                      : NULL;
		else if (place_has(key, MAP))
			v = str_cut(&rest, S("/"), &inner) ? step(sub, inner) : NULL;
		else
			v = place_has(key, ONE) ? sub : NULL;
	}
	return v && (v->kind == V_MAP || v->kind == V_BOOL) ? v : NULL;
}

// A reference may point at what is no schema by its place: it becomes one.
static bool ensure_schema(Compiler *c, SchemaRoot *root, Str ptr)
{
	const Value *v;
	Resource *resource;

	if (map_get(root->processed, ptr))
		return true;
	v = lookup(c, root, ptr);
	if (!v)
		return false;
	resource = resource_at(root, ptr);
	if (!collect(c, root, v, resource->id, ptr, resource->dialect))
		return false;
	return check_by_meta(c, root, v, ptr);
}

static bool resolve_in(Compiler *c, const SchemaRoot *root, const Resource *resource, Str fragment,
                       Str *ptr)
{
	const Value *at;
	Str message;

	if (!fragment.len || fragment.p[0] == '/') {
		*ptr = str_concat(c->arena, resource->ptr, fragment);
		return true;
	}
	at = map_get(resource->anchors, fragment);
	if (at) {
		*ptr = value_as_str(at);
		return true;
	}
	message = str_concat(c->arena, S("anchor in "),
	                     quoted(c, location(c->arena, resource->id, fragment)));
	message = str_concat(c->arena, str_concat(c->arena, message, S(" not found in schema ")),
	                     quoted(c, root->url));
	return diag_fail_str(c->diag, message);
}

// --- schemas ---

static Str pointer_of(Arena *arena, const Schema *schema)
{
	if (!schema->parent)
		return schema->ptr;
	return str_concat(arena, pointer_of(arena, schema->parent), schema->ptr);
}

Str schema_location(Arena *arena, const Schema *schema)
{
	return schema->root ? location(arena, schema->root->url, pointer_of(arena, schema))
	                    : S("urn:mem:metaschema");
}

static Schema *push_schema(Compiler *c, SchemaRoot *root, const Schema *parent, Str ptr)
{
	Schema *schema = ARENA_NEW(c->arena, Schema);

	schema->root = root;
	schema->parent = parent;
	schema->ptr = ptr;
	VEC_PUSH(c->arena, c->queue, c->queue_len, c->queue_cap) = schema;
	return schema;
}

static Schema *enqueue(Compiler *c, SchemaRoot *root, Str ptr)
{
	Buf text = buf_new(c->arena);
	const Value *known;
	Str key;

	buf_reserve(&text, root->url.len + ptr.len + 1);
	buf_str(&text, root->url);
	buf_byte(&text, '#');
	buf_str(&text, ptr);
	key = buf_view(&text);
	known = map_get(c->schemas, key);
	if (known)
		return c->queue[known->i];
	map_set(c->arena, c->schemas, key, value_int((int64_t)c->queue_len));
	return push_schema(c, root, NULL, ptr);
}

// The schema being compiled, and what it is made from.
typedef struct Job {
	Compiler *c;
	Schema *s;
	const Value *v;
	uint64_t
		present; // a bit for every key of `v`: most of the keywords asked for are not there
	Resource *resource;
} Job;

static inline uint64_t key_bit(const char *p, size_t len)
{
	return len ? UINT64_C(1) << (((unsigned char)p[0] * 3 + (unsigned char)p[len - 1] +
	                              len * 7) &
	                             63)
	           : 1;
}

static uint64_t key_bits(const Value *v)
{
	uint64_t bits = 0;

	for (size_t i = 0; v->kind == V_MAP && i < v->map->len; i++)
		bits |= key_bit(v->map->entries[i].key.p, v->map->entries[i].key.len);
	return bits;
}

static inline const Value *keyword(const Job *j, const char *key)
{
	return j->present & key_bit(key, strlen(key)) ? member(j->v, key) : NULL;
}

// What the pointers of the parts of the schema at hand begin with.
static Str here(const Job *j)
{
	return j->c->plain ? S("") : j->s->ptr;
}

// A part of the schema at hand, which is one by its place. In a plain document it is met once, but for references.
static Schema *enqueue_at(Job *j, Str ptr, const Value *v)
{
	Schema *schema;

	if (!j->c->plain)
		return enqueue(j->c, j->s->root, ptr);
	schema = push_schema(j->c, j->s->root, j->s, ptr);
	schema->plain = v;
	return schema;
}

static Schema *sub_schema(Job *j, const char *key)
{
	const Value *v = keyword(j, key);

	return v ? enqueue_at(j, ptr_append(j->c, here(j), str_c(key)), v) : NULL;
}

static SchemaList sub_list(Job *j, const char *key)
{
	const Value *v = keyword(j, key);
	SchemaList list = {0};
	Str ptr;

	if (!v || v->kind != V_LIST)
		return list;
	ptr = ptr_append(j->c, here(j), str_c(key));
	list.set = true;
	list.items = ARENA_ARRAY(j->c->arena, Schema *, v->list->len);
	for (size_t i = 0; i < v->list->len; i++)
		list.items[list.len++] =
			enqueue_at(j, ptr_append_index(j->c, ptr, i), &v->list->items[i]);
	return list;
}

static void take_names(Job *j, const Value *v, Str **names, size_t *count)
{
	*count = 0;
	if (!v || v->kind != V_LIST)
		return;
	*names = ARENA_ARRAY(j->c->arena, Str, v->list->len);
	for (size_t i = 0; i < v->list->len; i++)
		if (v->list->items[i].kind == V_STRING)
			(*names)[(*count)++] = value_as_str(&v->list->items[i]);
}

// A map of schemas, or, where `names` is set, of lists of names (and schemas too where `both`).
static SchemaEntries sub_entries(Job *j, const char *key, bool names, bool both)
{
	const Value *v = keyword(j, key);
	SchemaEntries entries = {0};
	Str ptr;

	if (!v || v->kind != V_MAP)
		return entries;
	ptr = ptr_append(j->c, here(j), str_c(key));
	entries.set = true;
	entries.cap = v->map->len;
	entries.items = ARENA_ARRAY(j->c->arena, SchemaEntry, entries.cap);
	map_sort(v->map);
	for (size_t i = 0; i < v->map->len; i++) {
		MapEntry *from = &v->map->entries[i];
		SchemaEntry entry = {.key = from->key};
		if (names && from->value.kind == V_LIST)
			take_names(j, &from->value, &entry.names, &entry.name_count);
		else if (!names || both)
			entry.schema =
				enqueue_at(j, ptr_append(j->c, ptr, from->key), &from->value);
		else
			continue;
		VEC_PUSH(j->c->arena, entries.items, entries.len, entries.cap) = entry;
	}
	return entries;
}

SchemaEntry *schema_entry(const SchemaEntries *entries, Str key)
{
	size_t low = 0, high = entries->len;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = str_cmp(entries->items[middle].key, key);
		if (order == 0)
			return &entries->items[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static SchemaAdditional sub_additional(Job *j, const char *key)
{
	const Value *v = keyword(j, key);
	SchemaAdditional additional = {.set = v != NULL};

	if (v && v->kind == V_BOOL)
		additional.allowed = v->b;
	else if (v)
		additional.schema = sub_schema(j, key);
	return additional;
}

static bool flag(Job *j, const char *key)
{
	const Value *v = keyword(j, key);

	return v && v->kind == V_BOOL && v->b;
}

static SchemaLimit limit(Job *j, const char *key)
{
	const Value *v = keyword(j, key);
	SchemaLimit out = {0};

	out.set = v && (v->kind != V_OBJECT || v->object->type == &TYPE_JSON_NUMBER) &&
	          decimal_of(j->c->arena, v, &out.n);
	return out;
}

static SchemaCount count(Job *j, const char *key)
{
	SchemaLimit n = limit(j, key);

	if (!n.set || !decimal_is_int(&n.n))
		return (SchemaCount){0};
	return (SchemaCount){true, decimal_int(&n.n)};
}

static bool compile_regex(Job *j, const char *key, Str pattern, Regex **out)
{
	Diag reason = diag_new(j->c->arena);
	Buf message = buf_new(j->c->arena);
	const Value *known = j->c->regexes ? map_get(j->c->regexes, pattern) : NULL;
	Str place;

	if (known) {
		*out = known->pointer;
		return true;
	}
	if (regex_compile(j->c->arena, pattern, out, &reason))
		return true;
	buf_c(&message, "invalid regex ");
	num_quote(&message, pattern);
	buf_c(&message, " at ");
	place = str_concat(j->c->arena, schema_location(j->c->arena, j->s), S("/"));
	num_quote(&message, str_concat(j->c->arena, place, str_c(key)));
	buf_c(&message, ": ");
	buf_str(&message, reason.message);
	return diag_fail_str(j->c->diag, buf_view(&message));
}

// Where a reference leads. `*out` is NULL where the schema has none of that name.
static bool sub_ref(Job *j, const char *key, Schema **out)
{
	Compiler *c = j->c;
	SchemaRoot *root = j->s->root;
	Resource *resource;
	Str ref, url, fragment, ptr;

	*out = NULL;
	if (!keyword(j, key) || !string_member(j->v, key, &ref))
		return true;
	if (c->plain) {
		*out = enqueue(c, root, str_from(ref, 1));
		return true;
	}
	if (!join(c, j->resource->id, ref, &url, &fragment))
		return false;
	resource =
		str_eq(url, root->url) ? root->resources[0] : resource_by(root, root->by_id, url);
	if (!resource) {
		root = root_of(c, url);
		if (!root)
			return false;
		resource = root->resources[0];
	}
	if (!resolve_in(c, root, resource, fragment, &ptr))
		return false;
	*out = enqueue(c, root, ptr);
	return true;
}

static unsigned type_bit(Str name)
{
	static const char *const names[] = {"null",   "boolean", "number", "integer",
	                                    "string", "array",   "object"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_is(name, names[i]))
			return 1u << i;
	return 0;
}

static void compile_types(Job *j)
{
	const Value *v = keyword(j, "type");

	if (v && v->kind == V_STRING)
		j->s->types = type_bit(value_as_str(v));
	for (size_t i = 0; v && v->kind == V_LIST && i < v->list->len; i++)
		if (v->list->items[i].kind == V_STRING)
			j->s->types |= type_bit(value_as_str(&v->list->items[i]));
}

static bool has_any(const Job *j, const char *const *keys)
{
	for (; *keys; keys++)
		if (keyword(j, *keys))
			return true;
	return false;
}

static void compile_numbers(Job *j)
{
	static const char *const KEYS[] = {"minimum",          "maximum",    "exclusiveMinimum",
	                                   "exclusiveMaximum", "multipleOf", NULL};
	SchemaNumbers *numbers;

	if (!has_any(j, KEYS))
		return;
	numbers = j->s->numbers = ARENA_NEW(j->c->arena, SchemaNumbers);
	numbers->multiple_of = limit(j, "multipleOf");
	numbers->maximum = limit(j, "maximum");
	numbers->minimum = limit(j, "minimum");
	if (flag(j, "exclusiveMaximum")) { // draft 4
		numbers->exclusive_maximum = numbers->maximum;
		numbers->maximum.set = false;
	} else {
		numbers->exclusive_maximum = limit(j, "exclusiveMaximum");
	}
	if (flag(j, "exclusiveMinimum")) {
		numbers->exclusive_minimum = numbers->minimum;
		numbers->minimum.set = false;
	} else {
		numbers->exclusive_minimum = limit(j, "exclusiveMinimum");
	}
}

static bool compile_strings(Job *j)
{
	static const char *const KEYS[] = {"minLength", "maxLength", "pattern", NULL};
	SchemaStrings *strings;
	Str pattern;

	if (!has_any(j, KEYS))
		return true;
	strings = j->s->strings = ARENA_NEW(j->c->arena, SchemaStrings);
	strings->min_length = count(j, "minLength");
	strings->max_length = count(j, "maxLength");
	return !string_member(j->v, "pattern", &pattern) ||
	       compile_regex(j, "pattern", pattern, &strings->pattern);
}

static SchemaArrays *arrays_of(Job *j)
{
	if (!j->s->arrays)
		j->s->arrays = ARENA_NEW(j->c->arena, SchemaArrays);
	return j->s->arrays;
}

static SchemaObjects *objects_of(Job *j)
{
	if (!j->s->objects)
		j->s->objects = ARENA_NEW(j->c->arena, SchemaObjects);
	return j->s->objects;
}

static SchemaCombined *combined_of(Job *j)
{
	if (!j->s->combined)
		j->s->combined = ARENA_NEW(j->c->arena, SchemaCombined);
	return j->s->combined;
}

static SchemaDynamic *dynamic_of(Job *j)
{
	if (!j->s->dynamic)
		j->s->dynamic = ARENA_NEW(j->c->arena, SchemaDynamic);
	return j->s->dynamic;
}

static bool compile_validation(Job *j)
{
	static const char *const ARRAYS[] = {"minItems", "maxItems", "uniqueItems", NULL};
	static const char *const OBJECTS[] = {"minProperties", "maxProperties", "required", NULL};
	const Value *v = keyword(j, "enum");

	compile_types(j);
	compile_numbers(j);
	if (v && v->kind == V_LIST)
		j->s->enumeration = v->list;
	if (has_any(j, ARRAYS)) {
		SchemaArrays *arrays = arrays_of(j);
		arrays->min_items = count(j, "minItems");
		arrays->max_items = count(j, "maxItems");
		arrays->unique_items = flag(j, "uniqueItems");
	}
	if (has_any(j, OBJECTS)) {
		SchemaObjects *objects = objects_of(j);
		objects->min_properties = count(j, "minProperties");
		objects->max_properties = count(j, "maxProperties");
		take_names(j, keyword(j, "required"), &objects->required, &objects->required_count);
	}
	return compile_strings(j);
}

static void compile_items(Job *j)
{
	const Value *items = keyword(j, "items");

	if (j->s->draft >= 2020 || !items)
		return;
	if (items->kind == V_LIST) {
		arrays_of(j)->item_list = sub_list(j, "items");
		j->s->arrays->additional = sub_additional(j, "additionalItems");
	} else {
		arrays_of(j)->items = sub_schema(j, "items");
	}
}

static bool compile_properties(Job *j)
{
	static const char *const KEYS[] = {"properties", "patternProperties",
	                                   "additionalProperties", "dependencies", NULL};
	SchemaObjects *objects;

	if (!has_any(j, KEYS))
		return true;
	objects = objects_of(j);
	objects->properties = sub_entries(j, "properties", false, false);
	objects->pattern_properties = sub_entries(j, "patternProperties", false, false);
	for (size_t i = 0; i < objects->pattern_properties.len; i++) {
		SchemaEntry *entry = &objects->pattern_properties.items[i];
		if (!compile_regex(j, "patternProperties", entry->key, &entry->regex))
			return false;
	}
	objects->additional = sub_additional(j, "additionalProperties");
	objects->dependencies = sub_entries(j, "dependencies", true, true);
	return true;
}

static bool compile_applicators(Job *j)
{
	static const char *const KEYS[] = {"allOf", "anyOf", "oneOf", "not", NULL};

	if (has_any(j, KEYS)) {
		SchemaCombined *combined = combined_of(j);
		combined->all_of = sub_list(j, "allOf");
		combined->any_of = sub_list(j, "anyOf");
		combined->one_of = sub_list(j, "oneOf");
		combined->not_schema = sub_schema(j, "not");
	}
	compile_items(j);
	return compile_properties(j);
}

static bool asserts_format(Job *j)
{
	if (j->c->assert_format || j->s->draft < 2019)
		return true;
	return has_vocab(&j->resource->dialect,
	                 j->s->draft == 2019 ? "format" : "format-assertion");
}

// What all drafts have. `*done` where a $ref makes the rest void.
static bool compile_draft_4(Job *j, bool *done)
{
	const Dialect *dialect = &j->resource->dialect;
	Str format;

	*done = false;
	if (!sub_ref(j, "$ref", &j->s->ref))
		return false;
	if (j->s->draft < 2019 && j->s->ref) {
		*done = true;
		return true;
	}
	if (has_vocab(dialect, "applicator") && !compile_applicators(j))
		return false;
	if (has_vocab(dialect, "validation") && !compile_validation(j))
		return false;
	if (asserts_format(j) && string_member(j->v, "format", &format))
		j->s->format = schema_format_find(format);
	return true;
}

static void compile_draft_6_and_7(Job *j)
{
	Schema *s = j->s;
	const Dialect *dialect = &j->resource->dialect;
	const Value *condition = keyword(j, "if");
	SchemaCombined *combined;

	if (s->draft < 6)
		return;
	if (has_vocab(dialect, "validation"))
		s->constant = keyword(j, "const");
	if (!has_vocab(dialect, "applicator"))
		return;
	if (keyword(j, "contains"))
		arrays_of(j)->contains = sub_schema(j, "contains");
	if (keyword(j, "propertyNames"))
		objects_of(j)->property_names = sub_schema(j, "propertyNames");
	if (s->draft < 7 || !condition)
		return;
	combined = combined_of(j);
	combined->if_schema = sub_schema(j, "if");
	if (condition->kind != V_BOOL || condition->b)
		combined->then_schema = sub_schema(j, "then");
	if (condition->kind != V_BOOL || !condition->b)
		combined->else_schema = sub_schema(j, "else");
}

static bool compile_draft_2019(Job *j)
{
	Schema *s = j->s, *ref;
	const Dialect *dialect = &j->resource->dialect;

	if (!sub_ref(j, "$recursiveRef", &ref))
		return false;
	if (ref)
		dynamic_of(j)->recursive_ref = ref;
	if (flag(j, "$recursiveAnchor"))
		dynamic_of(j)->recursive_anchor = true;
	if (has_vocab(dialect, "validation")) {
		if (s->arrays && s->arrays->contains) {
			s->arrays->min_contains = count(j, "minContains");
			s->arrays->max_contains = count(j, "maxContains");
		}
		if (keyword(j, "dependentRequired"))
			objects_of(j)->dependent_required =
				sub_entries(j, "dependentRequired", true, false);
	}
	if (has_vocab(dialect, "applicator") && keyword(j, "dependentSchemas"))
		objects_of(j)->dependent_schemas = sub_entries(j, "dependentSchemas", false, false);
	if (has_vocab(dialect, s->draft == 2019 ? "applicator" : "unevaluated")) {
		if (keyword(j, "unevaluatedItems"))
			arrays_of(j)->unevaluated = sub_schema(j, "unevaluatedItems");
		if (keyword(j, "unevaluatedProperties"))
			objects_of(j)->unevaluated = sub_schema(j, "unevaluatedProperties");
	}
	return true;
}

static bool compile_dynamic_ref(Job *j)
{
	Diag reason = diag_new(j->c->arena);
	Schema *target;
	Str ref, fragment;
	size_t hash;

	if (!sub_ref(j, "$dynamicRef", &target))
		return false;
	if (!target || !string_member(j->v, "$dynamicRef", &ref))
		return true;
	dynamic_of(j)->dynamic_ref = target;
	hash = str_find_byte(ref, '#');
	if (hash != STR_NONE &&
	    url_unescape(j->c->arena, str_from(ref, hash + 1), &fragment, &reason) &&
	    fragment.len && fragment.p[0] != '/')
		j->s->dynamic->ref_anchor = fragment;
	return true;
}

static bool compile_draft_2020(Job *j)
{
	Str anchor;

	if (!compile_dynamic_ref(j))
		return false;
	if (string_member(j->v, "$dynamicAnchor", &anchor))
		dynamic_of(j)->anchor = anchor;
	if (!has_vocab(&j->resource->dialect, "applicator"))
		return true;
	if (keyword(j, "prefixItems"))
		arrays_of(j)->prefix_items = sub_list(j, "prefixItems");
	if (keyword(j, "items"))
		arrays_of(j)->items_2020 = sub_schema(j, "items");
	return true;
}

static bool compile_object(Job *j)
{
	bool done;

	if (!j->v->map->len) {
		j->s->is_bool = j->s->bool_value = true;
		return true;
	}
	if (!compile_draft_4(j, &done))
		return false;
	compile_draft_6_and_7(j);
	if (j->s->draft >= 2019 && !compile_draft_2019(j))
		return false;
	return j->s->draft < 2020 || compile_draft_2020(j);
}

// A resource's dynamic anchors can be the target of references from anywhere.
static void compile_dynamic_anchors(Job *j)
{
	Resource *resource = j->resource;

	for (size_t i = 0; i < resource->dynamic_count; i++) {
		Str anchor = resource->dynamic_anchors[i];
		Str ptr = value_as_str(map_get(resource->anchors, anchor));
		add_dynamic_anchor(j->c, dynamic_of(j), anchor, enqueue(j->c, j->s->root, ptr));
	}
}

// What a schema says of all properties and items, so that nobody else need look at them.
static void note_evaluated(Schema *s)
{
	const SchemaArrays *arrays = s->arrays;

	s->all_properties_evaluated = s->objects && s->objects->additional.set;
	if (!arrays)
		return;
	s->all_items_evaluated = s->draft < 2020 ? arrays->additional.set || arrays->items
	                                         : arrays->items_2020 != NULL;
	s->items_evaluated = s->draft < 2020 ? arrays->item_list.len : arrays->prefix_items.len;
}

static bool compile_one(Compiler *c, Schema *s)
{
	Job job = {.c = c, .s = s};

	if (!c->plain && !ensure_schema(c, s->root, s->ptr))
		return false;
	job.v = c->plain ? s->plain ? s->plain : plain_lookup(s->root, s->ptr)
	                 : lookup(c, s->root, s->ptr);
	if (!job.v)
		return false;
	if (c->plain)
		s->plain = job.v;
	job.present = key_bits(job.v);
	job.resource = c->plain ? s->root->resources[0] : resource_at(s->root, s->ptr);
	s->draft = job.resource->dialect.draft->version;
	s->resource = c->plain ? c->queue[0] : enqueue(c, s->root, job.resource->ptr);
	if (s->draft >= 2020 && s == s->resource)
		compile_dynamic_anchors(&job);
	if (job.v->kind == V_BOOL) {
		s->is_bool = true;
		s->bool_value = job.v->b;
	} else if (job.v->kind == V_MAP && !compile_object(&job)) {
		return false;
	}
	note_evaluated(s);
	return true;
}

static Schema *compile_at(Compiler *c, Str url, Str fragment)
{
	SchemaRoot *root = root_of(c, url);
	Schema *schema;
	Str ptr;

	if (!root || !resolve_in(c, root, root->resources[0], fragment, &ptr))
		return NULL;
	schema = enqueue(c, root, ptr);
	for (; c->compiled < c->queue_len; c->compiled++)
		if (!compile_one(c, c->queue[c->compiled]))
			return NULL;
	return schema;
}

// The draft of a document that names none, or one of ours in full; NULL for all others.
static const Draft *obvious_draft(const Value *doc)
{
	const Value *named = member(doc, "$schema");
	Str url;

	if (!named)
		return DRAFT_LATEST;
	if (!string_member(doc, "$schema", &url))
		return NULL;
	return str_has_prefix(url, S("http://")) || str_has_prefix(url, S("https://"))
	               ? draft_of_url(url)
	               : NULL;
}

static Schema *compile_doc(Arena *arena, Str url, const Value *doc, SchemaLoader *loader,
                           const Draft *plain, Map *regexes, Diag *diag)
{
	Compiler *c = ARENA_NEW(arena, Compiler);

	*c = (Compiler){
		.arena = arena, .loader = loader, .plain = plain, .regexes = regexes, .diag = diag};
	c->docs = map_new(arena, &TYPE_ANY_MAP);
	c->roots = map_new(arena, &TYPE_ANY_MAP);
	c->schemas = map_new(arena, &TYPE_ANY_MAP);
	add_doc(c, url, doc);
	return compile_at(c, url, S(""));
}

Schema *schema_compile(Arena *arena, Str url, const Value *doc, SchemaLoader *loader, Diag *diag)
{
	Diag ignored = diag_new(arena);
	const Draft *draft = obvious_draft(doc);
	Map *regexes = map_new(arena, &TYPE_ANY_MAP);
	Schema *schema = NULL;

	// Should a plain document hold a surprise after all (a reference to nowhere), the long way finds the words for it.
	if (draft && schema_is_plain(arena, doc, draft->version, regexes))
		schema = compile_doc(arena, url, doc, loader, draft, regexes, &ignored);
	return schema ? schema : compile_doc(arena, url, doc, loader, NULL, NULL, diag);
}

bool schema_validate(Arena *arena, Str text, Str url, const Value *instance, SchemaLoader *loader,
                     SchemaReport *report, Diag *diag)
{
	Str head = S("jsonschema validation failed with ");
	Compiler reader = {.arena = arena};
	Buf line = buf_new(arena);
	const Value *doc;
	Schema *schema;

	*report = (SchemaReport){.text = S("")};
	if (!read_doc(&reader, text, &doc, diag))
		return false;
	schema = schema_compile(arena, url, doc, loader, diag);
	if (!schema || !schema_check(arena, schema, instance, NULL, NULL, report, diag))
		return false;
	if (!report->text.len)
		return true;
	buf_str(&line, head);
	schema_quote(&line, schema_location(arena, schema));
	buf_byte(&line, '\n');
	if (str_has_prefix(report->text, buf_view(&line)))
		report->text = str_from(report->text, line.len);
	report->text = str_concat(arena, report->text, S("\n"));
	return true;
}
