// Walks the model for texts that hold credentials.

#include "lint/held.h"

#include "k8s/base64.h"
#include "k8s/names.h"
#include "k8s/tools.h"

#include <string.h>

// Credentials noted of one text: more are a list of them, and the first say it.
#define TEXT_LIMIT 50
// Deeper trees are no manifest.
#define DEPTH_LIMIT 60

static bool is_binary(Str value)
{
	return str_find_byte(value, '\0') != STR_NONE;
}

// In annotations and in the fields of other objects a name that only ends in "secret" or "token" mostly refers to one.
static bool names_password(Str name)
{
	static const char *const ends[] = {"password", "passwd", "passphrase"};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t len = strlen(ends[i]);
		if (name.len >= len && str_ieq(str_from(name, name.len - len), str_c(ends[i])))
			return true;
	}
	return false;
}

static bool is_drawn(Str value)
{
	size_t digits = 0, letters = 0;

	for (size_t i = 0; i < value.len; i++) {
		char c = value.p[i];
		digits += c >= '0' && c <= '9';
		letters += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (strchr(" .:,/", c) != NULL)
			return false;
	}
	return value.len >= 12 && digits >= 2 && letters >= 2;
}

static bool refers(const Held *held, Credential found, Str value)
{
	if (strcmp(held->kind, "annotation") && strcmp(held->kind, "field"))
		return false;
	// ExternalSecret and its kin: under which key the secret gets it
	if (str_is(held->name, "secretKey") && held->resource->custom)
		return true;
	return !names_password(held->name) &&
	       (found.kind == CREDENTIAL_DEFAULT || !is_drawn(value));
}

static void push(Lint *lint, Held held)
{
	for (size_t i = lint->held_count; i > 0 && lint->held[i - 1].node == held.node; i--)
		if (lint->held[i - 1].offset == held.offset &&
		    str_eq(lint->held[i - 1].text, held.text))
			return; // found by two ways
	VEC_PUSH(lint->arena, lint->held, lint->held_count, lint->held_cap) = held;
}

static void add(Lint *lint, Held held, Str value, size_t base, Credential found)
{
	held.found = found;
	held.text = str_slice(value, found.at, found.at + found.len);
	held.offset = held.encoded ? 0 : base + found.at;
	held.decoded = held.encoded ? base + found.at + 1 : 0;
	if (found.name.len && found.kind != CREDENTIAL_TOKEN && found.kind != CREDENTIAL_KEY)
		held.name = found.name;
	push(lint, held);
}

// The text of the JSON string that follows a key, which ends at byte `at`.
static Str json_string(Str text, size_t at)
{
	size_t start;

	while (at < text.len && strchr(": \t\n", text.p[at]) != NULL)
		at++;
	if (at >= text.len || text.p[at] != '"')
		return S("");
	start = ++at;
	while (at < text.len && text.p[at] != '"')
		at++;
	return str_slice(text, start, at);
}

// ~/.docker/config.json: "auth" is user:password in base64, "password" may stand beside it.
static bool add_registries(Lint *lint, Held held, Str value)
{
	static const char *const keys[] = {"\"password\"", "\"auth\""};
	size_t before = lint->held_count;

	if (!str_is(held.name, ".dockerconfigjson") && !str_is(held.name, ".dockercfg") &&
	    !str_contains(value, S("\"auths\"")))
		return false;
	held.found.kind = CREDENTIAL_REGISTRY;
	for (size_t k = 0; k < 2; k++)
		for (size_t from = 0, at;
		     lint->held_count - before < TEXT_LIMIT &&
		     (at = str_find(str_from(value, from), str_c(keys[k]))) != STR_NONE;) {
			Str field = json_string(value, from + at + strlen(keys[k])), plain = field;
			size_t colon;
			bool known = false;
			from += at + strlen(keys[k]);
			if (k == 1) {
				colon = base64_read(lint->arena, field, &plain)
				                ? str_find_byte(plain, ':')
				                : STR_NONE;
				plain = colon == STR_NONE ? S("") : str_from(plain, colon + 1);
			}
			for (size_t i = before; i < lint->held_count; i++)
				known |= str_eq(lint->held[i].text, plain);
			held.text = plain;
			held.offset = held.encoded ? 0 : (size_t)(field.p - value.p);
			held.decoded = held.encoded ? (size_t)(field.p - value.p) + 1 : 0;
			if (!known && credential_value(plain))
				push(lint, held);
		}
	return true;
}

typedef struct Script {
	Lint *lint;
	Held held;
	Str text;
	size_t base;
} Script;

static void add_command_word(void *context, const Credential *found)
{
	Script *script = context;

	add(script->lint, script->held, script->text, script->base, *found);
}

static void add_commands(Lint *lint, Held held, Str text, size_t base)
{
	Script script = {lint, held, text, base};

	script.held.kind = "argument of";
	credential_of_script(lint->arena, text, add_command_word, &script);
}

// A text with its own name, and everything in it.
static void add_text(Lint *lint, Held held, Str value, size_t base)
{
	Str trimmed = str_trim_ascii(value);
	Credential found;
	size_t count = 0;

	if (!value.len || is_binary(value) || add_registries(lint, held, value))
		return;
	for (size_t from = 0;
	     count < TEXT_LIMIT && credential_next(value, from, name_is_program(held.name), &found);
	     from = found.at + (found.len ? found.len : 1), count++)
		add(lint, held, value, base, found);
	if (shell_is_script(held.name, value))
		add_commands(lint, held, value, base);
	if (count || str_find_byte(trimmed, '\n') != STR_NONE)
		return;
	found = credential_named(held.name, trimmed);
	if (found.kind == CREDENTIAL_NONE || refers(&held, found, trimmed))
		return;
	found.at += (size_t)(trimmed.p - value.p);
	add(lint, held, value, base, found);
}

static bool is_shell(const Str *words, size_t count)
{
	Str last = count ? words[0] : S("");

	while (str_find_byte(last, '/') != STR_NONE)
		last = str_from(last, str_find_byte(last, '/') + 1);
	return str_is(last, "sh") || str_is(last, "bash") || str_is(last, "ash") ||
	       str_is(last, "dash");
}

static Str without_dashes(Str option)
{
	while (option.len && option.p[0] == '-')
		option = str_from(option, 1);
	return option;
}

// A command's words: options, scripts, and what they say of passwords.
static void add_words(Lint *lint, Held held, const Node **nodes, size_t count)
{
	Str *words = ARENA_ARRAY(lint->arena, Str, count + 1), option = S("");
	size_t word;
	Credential found;

	for (size_t i = 0; i < count; i++)
		words[i] = node_text(nodes[i]);
	for (size_t i = 0; i < count; i++) {
		size_t equals = str_find_byte(words[i], '='), base = 0;
		bool is_option = words[i].len > 2 && words[i].p[0] == '-' &&
		                 str_find_byte(words[i], '\n') == STR_NONE;
		held.node = nodes[i];
		held.name = option;
		option = is_option ? without_dashes(str_to(words[i], equals)) : S("");
		if (is_option && equals != STR_NONE) {
			held.name = option;
			option = S("");
			base = equals + 1;
		}
		add_text(lint, held, str_from(words[i], base), base);
		if (i && is_shell(words, count))
			add_commands(lint, held, words[i], 0);
	}
	for (size_t from = 0; credential_of_words(words, count, from, &word, &found);
	     from = word + 1) {
		held.node = nodes[word];
		held.kind = "argument of";
		held.name = tool_name(words[0]);
		add(lint, held, words[word], 0, found);
	}
}

static void add_arguments(Lint *lint, Container *container)
{
	size_t count = 0;
	const Node **nodes = ARENA_ARRAY(lint->arena, const Node *,
	                                 container->command_count + container->arg_count + 1);
	Held held = {.resource = container->workload->resource,
	             .workload = container->workload,
	             .container = container,
	             .kind = "argument"};

	for (size_t i = 0; i < container->command_count; i++)
		nodes[count++] = container->command[i];
	for (size_t i = 0; i < container->arg_count; i++)
		nodes[count++] = container->args[i];
	add_words(lint, held, nodes, count);
}

static void add_container(Lint *lint, Container *container)
{
	for (size_t i = 0; i < container->env_count; i++) {
		const EnvVar *var = &container->env[i];
		Held held = {.resource = container->workload->resource,
		             .workload = container->workload,
		             .container = container,
		             .node = var->node,
		             .name = var->name,
		             .kind = "environment variable"};
		if (var->source == ENV_VALUE && var->node)
			add_text(lint, held, var->value, 0);
	}
	add_arguments(lint, container);
}

static Container *container_of(const Resource *resource, const Node *node)
{
	for (size_t i = 0; i < resource->workloads.len; i++)
		for (size_t j = 0; j < resource->workloads.items[i]->container_count; j++)
			if (resource->workloads.items[i]->containers[j].node == node)
				return &resource->workloads.items[i]->containers[j];
	return NULL;
}

static void add_fields(Lint *lint, Held held, const Node *node, int depth);

// Of a probe or a lifecycle hook.
static void add_command(Lint *lint, Held held, const Node *list)
{
	const Node **nodes = ARENA_ARRAY(lint->arena, const Node *, node_count(list) + 1);

	for (size_t i = 0; i < node_count(list); i++)
		nodes[i] = node_item(list, i);
	held.kind = "argument";
	add_words(lint, held, nodes, node_count(list));
}

static void add_mapping_fields(Lint *lint, Held held, const Node *mapping, int depth)
{
	Container *container = container_of(held.resource, mapping);

	if (container) {
		held.workload = container->workload;
		held.container = container;
	}
	for (size_t i = 0; i < node_count(mapping); i++) {
		Held inner = held;
		Str key = node_text(node_key(mapping, i));
		const Node *value = node_value(mapping, i);
		bool command = str_is(key, "command") || str_is(key, "args");
		if (container && (command || str_is(key, "env")))
			continue; // read from the model
		inner.name = node_setting(mapping, key);
		if (str_is(key, "annotations"))
			inner.kind = "annotation";
		if (command && value && value->kind == NODE_SEQUENCE)
			add_command(lint, inner, value);
		else
			add_fields(lint, inner, value, depth + 1);
	}
}

// Everything of a resource that has no place of its own here.
static void add_fields(Lint *lint, Held held, const Node *node, int depth)
{
	if (!node || depth > DEPTH_LIMIT)
		return;
	held.node = node;
	if (node->kind == NODE_SCALAR)
		add_text(lint, held, node->value, 0);
	for (size_t i = 0; node->kind == NODE_SEQUENCE && i < node_count(node); i++)
		add_fields(lint, held, node_item(node, i), depth + 1);
	if (node->kind == NODE_MAPPING)
		add_mapping_fields(lint, held, node, depth);
}

static void add_mapping(Lint *lint, Held held, const Node *mapping)
{
	for (size_t i = 0; mapping && mapping->kind == NODE_MAPPING && i < node_count(mapping);
	     i++) {
		Str text = node_text(node_value(mapping, i)), decoded;
		held.node = node_value(mapping, i);
		held.name = node_text(node_key(mapping, i));
		if (str_is(held.name, "_example")) // Knative's manual of a config map, in it
			continue;
		if (!held.encoded)
			add_text(lint, held, text, 0);
		else if (base64_read(lint->arena, text, &decoded))
			add_text(lint, held, decoded, 0);
	}
}

static void add_resource(Lint *lint, Resource *resource)
{
	Held held = {.resource = resource, .kind = "key"};
	const Node *root = resource->node;

	// Schemas and ciphertext.
	if (str_is(resource->kind, "CustomResourceDefinition") ||
	    str_is(resource->kind, "SealedSecret"))
		return;
	if (str_is(resource->kind, "Secret") && str_is(resource->api_version, "v1")) {
		held.in_secret = true;
		add_mapping(lint, held, node_at(root, "stringData"));
		held.encoded = true;
		add_mapping(lint, held, node_at(root, "data"));
	} else if (str_is(resource->kind, "ConfigMap")) {
		add_mapping(lint, held, node_at(root, "data"));
		held.encoded = true;
		add_mapping(lint, held, node_at(root, "binaryData"));
	}
	held = (Held){.resource = resource, .kind = "annotation"};
	add_mapping(lint, held, node_at(resource->metadata, "annotations"));
	held.kind = "field";
	for (size_t i = 0; i < node_count(root); i++) {
		Str key = node_text(node_key(root, i));
		if (!str_is(key, "metadata") && !str_is(key, "data") &&
		    !str_is(key, "stringData") && !str_is(key, "binaryData") &&
		    !str_is(key, "status"))
			add_fields(lint, held, node_value(root, i), 0);
	}
}

static bool in_comment(Str text, size_t at)
{
	while (at && text.p[at - 1] != '\n')
		if (text.p[--at] == '#' && (!at || strchr(" \t\n", text.p[at - 1]) != NULL))
			return true;
	return false;
}

static Str key_of_line(Str text, size_t at)
{
	size_t start = at, end;

	while (start && text.p[start - 1] != '\n')
		start--;
	end = str_find_byte(str_slice(text, start, at), ':');
	return end == STR_NONE ? S("") : str_trim_ascii(str_slice(text, start, start + end));
}

static void add_values_file(Lint *lint, const LintFile *file)
{
	size_t line = 1, counted = 0, count = 0;
	Credential found;

	for (size_t from = 0;
	     count < TEXT_LIMIT && credential_next(file->text, from, false, &found);
	     from = found.at + (found.len ? found.len : 1)) {
		for (; counted < found.at; counted++)
			line += file->text.p[counted] == '\n';
		// What has only a name may be of no use, or replaced: where it is rendered, it is found there.
		if (found.kind != CREDENTIAL_TOKEN && found.kind != CREDENTIAL_KEY &&
		    found.kind != CREDENTIAL_URL)
			continue;
		count++;
		VEC_PUSH(lint->arena, lint->written, lint->written_count, lint->written_cap) =
			(WrittenDown){.file = file,
		                      .line = line,
		                      .in_comment = in_comment(file->text, found.at),
		                      .key = key_of_line(file->text, found.at),
		                      .text = str_slice(file->text, found.at, found.at + found.len),
		                      .found = found};
	}
}

void held_collect(Lint *lint)
{
	if (lint->held_known)
		return;
	lint->held_known = true;
	for (size_t i = 0; i < lint->model->workloads.len; i++)
		for (size_t j = 0; j < lint->model->workloads.items[i]->container_count; j++)
			add_container(lint, &lint->model->workloads.items[i]->containers[j]);
	for (size_t i = 0; i < lint->model->resources.len; i++)
		add_resource(lint, lint->model->resources.items[i]);
	for (size_t i = 0; i < lint->value_file_count; i++)
		add_values_file(lint, table_get(lint->files, lint->value_files[i]));
}
