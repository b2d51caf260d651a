// Config maps and secrets made from literals, files and env files.

#include "base/num.h"
#include "data/text.h"
#include "kustomize/transform.h"

#include <string.h>

static const FillField options_fields[] = {
	{"labels", FILL_STR_MAP, offsetof(GeneratorOptions, labels), NULL, 0},
	{"annotations", FILL_STR_MAP, offsetof(GeneratorOptions, annotations), NULL, 0},
	{"disableNameSuffixHash", FILL_BOOL, offsetof(GeneratorOptions, disable_hash), NULL, 0},
	{"immutable", FILL_BOOL, offsetof(GeneratorOptions, immutable), NULL, 0},
};
const FillType generator_options_type =
	FILL_TYPE("GeneratorOptions", GeneratorOptions, options_fields);

#define GENERATOR_FIELDS(embedded)                                                                 \
	{embedded "namespace", FILL_STR, offsetof(GeneratorArgs, ns), NULL, 0},                    \
		{embedded "name", FILL_STR, offsetof(GeneratorArgs, name), NULL, 0},               \
		{embedded "behavior", FILL_STR, offsetof(GeneratorArgs, behavior), NULL, 0},       \
		{embedded "KvPairSources.literals", FILL_STR_LIST,                                 \
	         offsetof(GeneratorArgs, literals), NULL, 0},                                      \
		{embedded "KvPairSources.files", FILL_STR_LIST, offsetof(GeneratorArgs, files),    \
	         NULL, 0},                                                                         \
		{embedded "KvPairSources.envs", FILL_STR_LIST, offsetof(GeneratorArgs, envs),      \
	         NULL, 0},                                                                         \
		{embedded "KvPairSources.env", FILL_STR, offsetof(GeneratorArgs, env), NULL, 0},   \
	{                                                                                          \
		embedded "options", FILL_STRUCT_PTR, offsetof(GeneratorArgs, options),             \
			&generator_options_type, 0                                                 \
	}

static const FillField config_map_fields[] = {GENERATOR_FIELDS("GeneratorArgs.")};
static const FillField secret_fields[] = {
	GENERATOR_FIELDS("GeneratorArgs."),
	{"type", FILL_STR, offsetof(GeneratorArgs, type), NULL, 0},
};
const FillType config_map_args_type =
	FILL_TYPE_WITH_NODE("ConfigMapArgs", GeneratorArgs, config_map_fields);
const FillType secret_args_type = FILL_TYPE_WITH_NODE("SecretArgs", GeneratorArgs, secret_fields);

static const FillField config_map_plugin_fields[] = {
	GENERATOR_FIELDS("ConfigMapArgs.GeneratorArgs.")};
static const FillField secret_plugin_fields[] = {
	GENERATOR_FIELDS("SecretArgs.GeneratorArgs."),
	{"SecretArgs.type", FILL_STR, offsetof(GeneratorArgs, type), NULL, 0},
};
const FillType config_map_plugin_type =
	FILL_TYPE_WITH_NODE("ConfigMapGeneratorPlugin", GeneratorArgs, config_map_plugin_fields);
const FillType secret_plugin_type =
	FILL_TYPE_WITH_NODE("SecretGeneratorPlugin", GeneratorArgs, secret_plugin_fields);

static void merge_map(Build *build, TextMap *own, const TextMap *all)
{
	for (size_t i = 0; i < all->len; i++)
		if (!text_map_get(own, all->items[i].key))
			text_map_set(build->arena, own, all->items[i].key, all->items[i].value);
}

void generator_options_merge(Build *build, GeneratorOptions **own, const GeneratorOptions *all)
{
	if (!all)
		return;
	if (!*own)
		*own = ARENA_NEW(build->arena, GeneratorOptions);
	merge_map(build, &(*own)->labels, &all->labels);
	merge_map(build, &(*own)->annotations, &all->annotations);
	(*own)->disable_hash |= all->disable_hash;
	(*own)->immutable |= all->immutable;
}

// --- pairs ---

typedef struct Generator {
	Build *build;
	const Loader *loader;
	const GeneratorArgs *args;
	TextMap pairs;
	TextPair *found; // in the order found, to see repeated keys
	size_t len, cap;
	Diag *diag;
} Generator;

static void add_pair(Generator *generator, Str key, Str value)
{
	VEC_PUSH(generator->build->arena, generator->found, generator->len, generator->cap) =
		(TextPair){key, value};
}

// A line of an env file that is longer ends the reading, without an error: the limit of Go's line scanner.
#define ENV_LINE_LIMIT 65536

static Str trim_left(Str s)
{
	Str trimmed = str_trim_space(s);

	return trimmed.len ? str_from(s, (size_t)(trimmed.p - s.p)) : S("");
}

static bool read_env_file(Generator *generator, Str content)
{
	Str line;

	for (size_t number = 0; str_line(&content, &line); number++) {
		size_t equals;
		if (line.len && line.p[line.len - 1] == '\r')
			line = str_to(line, line.len - 1);
		if (line.len >= ENV_LINE_LIMIT)
			return true;
		if (!utf8_valid(line))
			return diag_fail(generator->diag, "line %zu has invalid utf8 bytes",
			                 number + 1);
		if (number == 0 && str_has_prefix(line, S("\xEF\xBB\xBF")))
			line = str_from(line, 3);
		line = trim_left(line);
		if (!line.len || line.p[0] == '#')
			continue;
		equals = str_find_byte(line, '=');
		if (equals == 0)
			continue;
		if (equals == STR_NONE)
			add_pair(generator, line, S(""));
		else
			add_pair(generator, str_to(line, equals), str_from(line, equals + 1));
	}
	return true;
}

static bool add_env_files(Generator *generator)
{
	TextList files = {0};
	Str content;

	for (size_t i = 0; i < generator->args->envs.len; i++)
		text_list_add(generator->build->arena, &files, generator->args->envs.items[i]);
	if (generator->args->env.len)
		text_list_add(generator->build->arena, &files, generator->args->env);
	for (size_t i = 0; i < files.len; i++)
		if (!loader_read(generator->loader, files.items[i], &content, generator->diag) ||
		    !read_env_file(generator, content))
			return diag_wrap(generator->diag, "env source files: %.*s",
			                 STR_ARGS(text_list_str(generator->build->arena, &files)));
	return true;
}

static Str remove_quotes(Str s)
{
	bool quoted = s.len >= 2 && s.p[0] == s.p[s.len - 1] && (s.p[0] == '"' || s.p[0] == '\'');

	return quoted ? str_slice(s, 1, s.len - 1) : s;
}

static bool add_literals(Generator *generator)
{
	const TextList *literals = &generator->args->literals;

	for (size_t i = 0; i < literals->len; i++) {
		Str literal = literals->items[i];
		size_t equals = str_find_byte(literal, '=');
		if (equals == 0 || equals == STR_NONE) {
			diag_fail(generator->diag,
			          "invalid literal source %.*s, expected key=value",
			          STR_ARGS(literal));
			return diag_wrap(
				generator->diag, "literal sources %.*s",
				STR_ARGS(text_list_str(generator->build->arena, literals)));
		}
		add_pair(generator, str_to(literal, equals),
		         remove_quotes(str_from(literal, equals + 1)));
	}
	return true;
}

static Str quoted(Arena *arena, Str s)
{
	Buf out = buf_new(arena);

	num_quote(&out, s);
	return buf_view(&out);
}

static bool split_file_source(Generator *generator, Str source, Str *key, Str *path)
{
	Arena *arena = generator->build->arena;
	size_t equals = str_find_byte(source, '=');
	Str shown = quoted(arena, source);

	if (equals == STR_NONE) {
		*key = path_base(source);
		*path = source;
		return true;
	}
	*key = str_to(source, equals);
	*path = str_from(source, equals + 1);
	if (str_find_byte(*path, '=') != STR_NONE)
		return diag_fail(generator->diag, "source %.*s key name or file path contains '='",
		                 STR_ARGS(shown));
	if (!key->len)
		return diag_fail(generator->diag,
		                 "missing key name for file path %.*s in source %.*s",
		                 STR_ARGS(quoted(arena, *path)), STR_ARGS(shown));
	if (!path->len)
		return diag_fail(generator->diag,
		                 "missing file path for key name %.*s in source %.*s",
		                 STR_ARGS(quoted(arena, *key)), STR_ARGS(shown));
	return true;
}

static bool add_files(Generator *generator)
{
	const TextList *files = &generator->args->files;

	for (size_t i = 0; i < files->len; i++) {
		Str key, path, content;
		if (!split_file_source(generator, files->items[i], &key, &path) ||
		    !loader_read(generator->loader, path, &content, generator->diag))
			return diag_wrap(generator->diag, "file sources: %.*s",
			                 STR_ARGS(text_list_str(generator->build->arena, files)));
		add_pair(generator, key, content);
	}
	return true;
}

static bool collect(Generator *generator)
{
	if (!add_env_files(generator) || !add_literals(generator) || !add_files(generator))
		return diag_wrap(generator->diag, "loading KV pairs");
	for (size_t i = 0; i < generator->len; i++) {
		size_t before = generator->pairs.len;
		text_map_set(generator->build->arena, &generator->pairs, generator->found[i].key,
		             generator->found[i].value);
		if (generator->pairs.len == before)
			return diag_fail(
				generator->diag, "configmap %.*s illegally repeats the key `%.*s`",
				STR_ARGS(generator->args->name), STR_ARGS(generator->found[i].key));
	}
	return true;
}

// --- the resource ---

// Long values are cut into lines of 70, each ended by LF.
#define BASE64_LINE 70

static Str base64(Arena *arena, Str data)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	Buf out = buf_new(arena), lines;

	buf_reserve(&out, data.len / 3 * 4 + 8);
	for (size_t i = 0; i < data.len; i += 3) {
		size_t left = data.len - i < 3 ? data.len - i : 3;
		uint32_t bits = 0;
		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (k < left ? (unsigned char)data.p[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			buf_byte(&out, k <= left ? digits[bits >> (18 - 6 * k) & 63] : '=');
	}
	if (out.len / BASE64_LINE + 1 == 1)
		return buf_view(&out);
	lines = buf_new(arena);
	for (size_t i = 0; i < out.len; i += BASE64_LINE) {
		buf_str(&lines, str_slice(buf_view(&out), i, i + BASE64_LINE));
		buf_byte(&lines, '\n');
	}
	return buf_view(&lines);
}

static void add_data(Arena *arena, Node *node, const char *field, Str key, Str value)
{
	Node *map = tree_get_or_add(arena, node, str_c(field), NODE_MAPPING);

	node_push(arena, map, tree_key(arena, key));
	node_push(arena, map, tree_lines(arena, value));
}

static void add_metadata(Arena *arena, Node *metadata, const char *field, const TextMap *map)
{
	for (size_t i = 0; i < map->len; i++) {
		Node *node = tree_get_or_add(arena, metadata, str_c(field), NODE_MAPPING);
		node_push(arena, node, tree_key(arena, map->items[i].key));
		node_push(arena, node, tree_scalar(arena, map->items[i].value, TAG_STR));
	}
}

static void set_text(Arena *arena, Node *map, const char *field, Str value, const char *tag)
{
	tree_set(arena, map, str_c(field), tree_scalar(arena, value, tag));
}

static Node *make_node(Generator *generator, bool secret)
{
	Arena *arena = generator->build->arena;
	const GeneratorArgs *args = generator->args;
	Node *node = tree_kind(arena, NODE_MAPPING), *metadata;

	set_text(arena, node, "apiVersion", S("v1"), TAG_STR);
	set_text(arena, node, "kind", secret ? S("Secret") : S("ConfigMap"), TAG_STR);
	metadata = tree_get_or_add(arena, node, S("metadata"), NODE_MAPPING);
	set_text(arena, metadata, "name", args->name, TAG_STR);
	if (args->ns.len)
		set_text(arena, metadata, "namespace", args->ns, TAG_STR);
	if (secret) {
		set_text(arena, node, "type", args->type.len ? args->type : S("Opaque"), TAG_STR);
		tree_get_or_add(arena, node, S("data"), NODE_MAPPING);
	}
	for (size_t i = 0; i < generator->pairs.len; i++) {
		TextPair *pair = &generator->pairs.items[i];
		if (secret || !utf8_valid(pair->value))
			add_data(arena, node, secret ? "data" : "binaryData", pair->key,
			         text_made_from(arena, base64(arena, pair->value), pair->value));
		else
			add_data(arena, node, "data", pair->key, pair->value);
	}
	if (args->options) {
		add_metadata(arena, metadata, "labels", &args->options->labels);
		add_metadata(arena, metadata, "annotations", &args->options->annotations);
		if (args->options->immutable)
			set_text(arena, node, "immutable", S("true"), "!!bool");
	}
	return node;
}

static Behavior behavior_of(Str text)
{
	if (str_is(text, "create"))
		return BEHAVIOR_CREATE;
	if (str_is(text, "replace"))
		return BEHAVIOR_REPLACE;
	return str_is(text, "merge") ? BEHAVIOR_MERGE : BEHAVIOR_UNSPECIFIED;
}

bool generate(Build *build, const Loader *loader, const GeneratorArgs *args, bool secret,
              Resource **out, Diag *diag)
{
	Generator generator = {.build = build, .loader = loader, .args = args, .diag = diag};

	if (!args->name.len)
		return diag_fail(diag, "a configmap must have a name");
	if (!collect(&generator))
		return false;
	*out = resource_new(build->arena, make_node(&generator, secret));
	(*out)->behavior = behavior_of(args->behavior);
	(*out)->needs_hash = !args->options || !args->options->disable_hash;
	(*out)->annotated = true;
	return true;
}
