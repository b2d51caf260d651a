// Credentials that must not be in plain text, and secrets that are not there.

#include "k8s/base64.h"
#include "k8s/secrets.h"
#include "lint/credential.h"
#include "lint/lint.h"
#include "lint/origin_class.h"

#include <string.h>

#define TEXT(s) str_to_c(lint->arena, (s))

// A text that may hold a credential, with its name and where it stands.
typedef struct Held {
	Resource *resource;
	const Workload *workload;
	Container *container;
	const Node *node;
	Str name, value;
	size_t offset;    // of value in the node's value
	const char *kind; // "environment variable", "key", "annotation", "argument"
	bool in_secret;
	bool whole; // several lines: only shapes are looked for
	bool line;  // one of them: shapes were found in the whole
} Held;

typedef void HeldVisit(Lint *lint, const Rule *rule, const Held *held);

static bool name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '.';
}

// Lines "name: value" and "name = value" of a configuration file.
static void visit_lines(Lint *lint, const Rule *rule, Held held, HeldVisit *visit)
{
	Str rest = held.value, line, whole = held.value;

	held.line = true;

	while (str_line(&rest, &line)) {
		Str text = str_trim_ascii(line);
		size_t len = 0, at;
		if (!text.len || strchr("#;/!", text.p[0]) != NULL)
			continue;
		while (text.len && strchr("\"' -", text.p[0]) != NULL)
			text = str_from(text, 1);
		while (len < text.len && name_char(text.p[len]))
			len++;
		at = len;
		while (at < text.len && strchr("\"' ", text.p[at]) != NULL)
			at++;
		if (!len || at >= text.len || (text.p[at] != ':' && text.p[at] != '=') ||
		    (at + 1 < text.len && text.p[at + 1] == '='))
			continue;
		held.name = str_to(text, len);
		text = str_trim_ascii(str_from(text, at + 1));
		while (text.len && strchr("\",';", text.p[text.len - 1]) != NULL)
			text.len--;
		while (text.len && strchr("\"'", text.p[0]) != NULL)
			text = str_from(text, 1);
		at = str_find(text, S(" #"));
		held.value = str_trim_ascii(str_to(text, at == STR_NONE ? text.len : at));
		held.offset = (size_t)(held.value.p - whole.p);
		// Code is no configuration: calls, lookups, concatenations.
		if (held.value.len && str_find_byte(held.value, '(') == STR_NONE &&
		    str_find_byte(held.value, '[') == STR_NONE &&
		    str_find_byte(held.value, '{') == STR_NONE)
			visit(lint, rule, &held);
	}
}

// Options: --password=x, --password x.
static void visit_words(Lint *lint, const Rule *rule, Container *container, HeldVisit *visit)
{
	size_t count = container->command_count + container->arg_count;
	Held held = {.resource = container->workload->resource,
	             .workload = container->workload,
	             .container = container,
	             .kind = "argument"};
	Str option = S("");

	for (size_t i = 0; i < count; i++) {
		const Node *node = i < container->command_count
		                           ? container->command[i]
		                           : container->args[i - container->command_count];
		Str text = node_text(node);
		size_t equals = str_find_byte(text, '=');
		held.node = node;
		held.name = option;
		held.value = text;
		held.offset = 0;
		option = S("");
		if (str_find_byte(text, '\n') != STR_NONE) {
			held.name = S("");
			held.whole = true;
			visit(lint, rule, &held);
			held.whole = false;
			continue;
		}
		if (text.len > 2 && text.p[0] == '-') {
			while (text.len && text.p[0] == '-')
				text = str_from(text, 1);
			equals = str_find_byte(text, '=');
			if (equals == STR_NONE) {
				option = text;
				continue;
			}
			held.name = str_to(text, equals);
			held.value = str_from(text, equals + 1);
			held.offset = (size_t)(held.value.p - node_text(node).p);
		}
		if (held.value.len)
			visit(lint, rule, &held);
	}
}

// Files of programs, whose assignments are no settings.
static bool is_code(Str name)
{
	static const char *const ends[] = {".js", ".ts", ".html", ".css",    ".lua",
	                                   ".rb", ".go", ".java", ".groovy", ".tpl",
	                                   ".py", ".md", ".json"};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (str_has_suffix(name, str_c(ends[i])))
			return true;
	return false;
}

static void visit_mapping(Lint *lint, const Rule *rule, Held held, const Node *mapping,
                          HeldVisit *visit)
{
	for (size_t i = 0; mapping && mapping->kind == NODE_MAPPING && i < node_count(mapping);
	     i++) {
		held.node = node_value(mapping, i);
		held.name = node_text(node_key(mapping, i));
		held.value = node_text(held.node);
		held.offset = 0;
		if (!held.value.len)
			continue;
		if (str_find_byte(held.value, '\n') == STR_NONE) {
			visit(lint, rule, &held);
			continue;
		}
		// As a whole for shapes only, then line by line.
		held.whole = true;
		visit(lint, rule, &held);
		held.whole = false;
		if (!is_code(held.name))
			visit_lines(lint, rule, held, visit);
	}
}

// Every text of the render that may hold a credential in plain text, but for Secrets.
static void visit_plain(Lint *lint, const Rule *rule, HeldVisit *visit)
{
	for (size_t i = 0; i < lint->model->workloads.len; i++) {
		Workload *workload = lint->model->workloads.items[i];
		for (size_t j = 0; j < workload->container_count; j++) {
			Container *container = &workload->containers[j];
			for (size_t k = 0; k < container->env_count; k++) {
				const EnvVar *var = &container->env[k];
				Held held = {.resource = workload->resource,
				             .workload = workload,
				             .container = container,
				             .node = var->node,
				             .name = var->name,
				             .value = var->value,
				             .kind = "environment variable"};
				if (var->source == ENV_VALUE && var->value.len)
					visit(lint, rule, &held);
			}
			visit_words(lint, rule, container, visit);
		}
	}
	for (size_t i = 0; i < lint->model->resources.len; i++) {
		Resource *resource = lint->model->resources.items[i];
		Held held = {.resource = resource, .kind = "annotation"};
		visit_mapping(lint, rule, held, node_at(resource->metadata, "annotations"), visit);
		held.kind = "key";
		if (str_is(resource->kind, "ConfigMap"))
			visit_mapping(lint, rule, held, node_at(resource->node, "data"), visit);
	}
}

static void visit_secrets(Lint *lint, const Rule *rule, HeldVisit *visit)
{
	for (size_t i = 0; i < lint->model->resources.len; i++) {
		Resource *resource = lint->model->resources.items[i];
		const Node *data = node_at(resource->node, "data"),
			   *plain = node_at(resource->node, "stringData");
		Held held = {.resource = resource, .kind = "key", .in_secret = true};
		if (!str_is(resource->kind, "Secret") || !str_is(resource->api_version, "v1"))
			continue;
		for (size_t j = 0; data && data->kind == NODE_MAPPING && j < node_count(data);
		     j++) {
			held.node = node_value(data, j);
			held.name = node_text(node_key(data, j));
			if (base64_read(lint->arena, node_text(held.node), &held.value) &&
			    held.value.len)
				visit(lint, rule, &held);
		}
		for (size_t j = 0; plain && plain->kind == NODE_MAPPING && j < node_count(plain);
		     j++) {
			held.node = node_value(plain, j);
			held.name = node_text(node_key(plain, j));
			held.value = node_text(held.node);
			if (held.value.len)
				visit(lint, rule, &held);
		}
	}
}

static Subject subject_of_held(const Held *held)
{
	return (Subject){.resource = held->resource,
	                 .container = held->container,
	                 .workload = held->workload,
	                 .node = held->node,
	                 .offset = held->in_secret ? 0 : held->offset};
}

// Generated while rendering, or given on the command line: nobody wrote it down.
static bool is_made(const Held *held)
{
	size_t len = held->in_secret ? 0 : held->value.len;

	return origin_class_of_text(held->resource->source, held->node,
	                            held->in_secret ? 0 : held->offset, len,
	                            held->value) == WRITTEN_MADE;
}

static const char *held_text(Lint *lint, const Held *held)
{
	if (!held->name.len)
		return held->kind[0] == 'a' ? TEXT(str_printf(lint->arena, "an %s", held->kind))
		                            : TEXT(str_printf(lint->arena, "a %s", held->kind));
	return TEXT(str_printf(lint->arena, "%s %s", held->kind, TEXT(held->name)));
}

static Str held_about(Lint *lint, const Held *held)
{
	return str_printf(lint->arena, "%s %s", held->kind, TEXT(held->name));
}

static const char *masked(Lint *lint, Str value)
{
	return TEXT(secret_mask(lint->arena, value));
}

// A Secret's name, or the value of one of its keys' names, is no credential.
static bool is_object_name(const Lint *lint, const Held *held)
{
	return model_provider(lint->model, REF_SECRET, held->resource->ns, held->value) != NULL;
}

static void plaintext(Lint *lint, const Rule *rule, const Held *held)
{
	Credential found = credential_find(held->name, held->value);
	Subject subject = subject_of_held(held);

	if (held->whole || (found.kind != CREDENTIAL_NAMED && found.kind != CREDENTIAL_RANDOM) ||
	    is_object_name(lint, held) || is_made(held))
		return;
	lint_add(lint, rule, &subject, held_about(lint, held),
	         str_printf(lint->arena, "%s holds %s in plain text: %s", held_text(lint, held),
	                    found.what, masked(lint, held->value)));
}

static void check_plaintext(Lint *lint, const Rule *rule)
{
	visit_plain(lint, rule, plaintext);
	// URLs with a password in them.
	for (size_t i = 0; i < lint->model->addresses.len; i++) {
		const Address *address = lint->model->addresses.items[i];
		Subject subject = subject_of_spot(&address->spot);
		size_t at = str_find(address->spot.node->value, address->password);
		if (!address->password.len || at == STR_NONE ||
		    !credential_value(address->password) ||
		    credential_is_default(address->password))
			continue;
		if (origin_class(address->spot.resource->source, address->spot.node, at,
		                 address->password.len) == WRITTEN_MADE)
			continue;
		subject.workload = address->workload;
		subject.container = address->container;
		subject.offset = at;
		lint_add(lint, rule, &subject,
		         str_printf(lint->arena, "url %s %s", TEXT(address->variable),
		                    TEXT(address->host)),
		         str_printf(lint->arena, "a URL for %s holds a password in plain text: %s",
		                    TEXT(address->host), masked(lint, address->password)));
	}
}

static bool is_credential_key(Str name)
{
	return credential_name(name) || str_is(name, "pass");
}

static void in_values(Lint *lint, const Rule *rule, const Held *held)
{
	OriginClass from =
		origin_class_of_text(held->resource->source, held->node, 0, 0, held->value);
	Subject subject = subject_of_held(held);
	Credential found = credential_find(held->name, held->value);

	if (from == WRITTEN_MADE || found.kind == CREDENTIAL_KEY ||
	    found.kind == CREDENTIAL_TOKEN || found.kind == CREDENTIAL_DEFAULT ||
	    !is_credential_key(held->name) || !credential_value(held->value))
		return;
	lint_add(lint, rule, &subject, held_about(lint, held),
	         str_printf(lint->arena, "key %s of Secret/%s comes from %s: %s", TEXT(held->name),
	                    TEXT(held->resource->name),
	                    from == WRITTEN_VALUES     ? "a values file"
	                    : from == WRITTEN_TEMPLATE ? "a template's own text"
	                                               : "the manifest",
	                    masked(lint, held->value)));
}

static void check_values(Lint *lint, const Rule *rule)
{
	visit_secrets(lint, rule, in_values);
}

static void well_known(Lint *lint, const Rule *rule, const Held *held)
{
	Subject subject = subject_of_held(held);

	if (held->whole || !credential_name(held->name) || !credential_is_default(held->value) ||
	    str_is(held->value, "default") || is_made(held) || is_object_name(lint, held))
		return;
	lint_add(lint, rule, &subject, held_about(lint, held),
	         str_printf(lint->arena, "%s is a default that everybody knows: %s",
	                    held_text(lint, held), masked(lint, held->value)));
}

static void check_default(Lint *lint, const Rule *rule)
{
	visit_plain(lint, rule, well_known);
	visit_secrets(lint, rule, well_known);
	for (size_t i = 0; i < lint->model->addresses.len; i++) {
		const Address *address = lint->model->addresses.items[i];
		Subject subject = subject_of_spot(&address->spot);
		size_t at = str_find(address->spot.node->value, address->password);
		if (!address->password.len || at == STR_NONE ||
		    !credential_is_default(address->password) ||
		    origin_class(address->spot.resource->source, address->spot.node, at,
		                 address->password.len) == WRITTEN_MADE)
			continue;
		subject.offset = at;
		subject.workload = address->workload;
		subject.container = address->container;
		lint_add(
			lint, rule, &subject,
			str_printf(lint->arena, "url %s %s", TEXT(address->variable),
		                   TEXT(address->host)),
			str_printf(lint->arena,
		                   "a URL for %s holds a default password that everybody knows: %s",
		                   TEXT(address->host), masked(lint, address->password)));
	}
}

static void shape_of_kind(Lint *lint, const Rule *rule, const Held *held, CredentialKind kind)
{
	Credential found;
	Subject subject = subject_of_held(held);

	for (size_t from = 0; !held->line && credential_shape(held->value, from, &found);
	     from = found.at + found.len) {
		size_t at = held->in_secret ? 0 : held->offset + found.at;
		if (found.kind != kind)
			continue;
		if (origin_class_of_text(
			    held->resource->source, held->node, at, held->in_secret ? 0 : found.len,
			    str_slice(held->value, found.at, found.at + found.len)) == WRITTEN_MADE)
			continue;
		subject.offset = at;
		lint_add(lint, rule, &subject, held_about(lint, held),
		         str_printf(lint->arena, "%s holds %s%s: %s", held_text(lint, held),
		                    found.what, held->in_secret ? " that somebody wrote down" : "",
		                    masked(lint, str_slice(held->value, found.at,
		                                           found.at + found.len))));
		if (kind == CREDENTIAL_KEY)
			return;
	}
}

static void token(Lint *lint, const Rule *rule, const Held *held)
{
	shape_of_kind(lint, rule, held, CREDENTIAL_TOKEN);
}

static void key(Lint *lint, const Rule *rule, const Held *held)
{
	shape_of_kind(lint, rule, held, CREDENTIAL_KEY);
}

static void check_token(Lint *lint, const Rule *rule)
{
	visit_plain(lint, rule, token);
	visit_secrets(lint, rule, token);
}

static void check_key(Lint *lint, const Rule *rule)
{
	visit_plain(lint, rule, key);
	visit_secrets(lint, rule, key);
}

// A field of a JSON text: "name" : "value".
static Str json_field(Str text, const char *name)
{
	size_t at = str_find(text, str_c(name)), start;

	if (at == STR_NONE)
		return S("");
	at += strlen(name);
	while (at < text.len && strchr(": \t\n", text.p[at]) != NULL)
		at++;
	start = ++at; // behind the quote
	while (at < text.len && text.p[at] != '"')
		at++;
	return str_slice(text, start, at);
}

static void registry(Lint *lint, const Rule *rule, const Held *held)
{
	Subject subject = subject_of_held(held);
	Str auth = json_field(held->value, "\"auth\""),
	    password = json_field(held->value, "\"password\""), plain;

	if (!str_is(held->name, ".dockerconfigjson") && !str_is(held->name, ".dockercfg") &&
	    !str_contains(held->value, S("\"auths\"")))
		return;
	if (auth.len && base64_read(lint->arena, auth, &plain)) {
		size_t colon = str_find_byte(plain, ':');
		if (colon != STR_NONE && colon + 1 < plain.len && !password.len)
			password = str_from(plain, colon + 1);
	}
	if (!password.len || !credential_value(password) ||
	    origin_class_of_text(held->resource->source, held->node, 0, 0, password) ==
	            WRITTEN_MADE)
		return;
	lint_add(lint, rule, &subject, held_about(lint, held),
	         str_printf(lint->arena, "%s holds the login of an image registry: %s",
	                    held_text(lint, held), masked(lint, password)));
}

static void check_registry(Lint *lint, const Rule *rule)
{
	visit_secrets(lint, rule, registry);
	visit_plain(lint, rule, registry);
}

static const char *provider_text(const Provider *provider, Lint *lint)
{
	return TEXT(str_printf(lint->arena, "%s/%s", TEXT(provider->resource->kind),
	                       TEXT(provider->resource->name)));
}

static void check_owned(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->providers->len; i++) {
		const Provider *first = lint->model->providers->entries[i].value.pointer;
		const Provider *plain = NULL, *other = NULL;
		Subject subject;
		if (!str_has_prefix(lint->model->providers->entries[i].key, S("Secret\n")))
			continue;
		for (const Provider *p = first; p; p = p->next) {
			if (p->merges || p->kind == PROVIDER_CERTIFICATE)
				continue;
			if (p->kind == PROVIDER_PLAIN && !p->open)
				plain = p;
			else if (p->kind != PROVIDER_PLAIN &&
			         (!other || other->resource != p->resource))
				other = other && !plain ? (plain = other, p) : p;
		}
		if (!plain || !other || plain->resource == other->resource)
			continue;
		subject = (Subject){.resource = plain->resource,
		                    .node = node_at(plain->resource->metadata, "name")};
		lint_add(lint, rule, &subject,
		         str_printf(lint->arena, "%s", provider_text(other, lint)),
		         str_printf(lint->arena,
		                    "%s and %s both write the secret \"%s\": each undoes the "
		                    "other, for ever",
		                    provider_text(plain, lint), provider_text(other, lint),
		                    TEXT(plain->resource->name)));
	}
}

static void check_keys(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->refs.len; i++) {
		const Ref *ref = lint->model->refs.items[i];
		const Provider *first = model_provider(lint->model, ref->kind, ref->ns, ref->name);
		Subject subject = {.resource = ref->resource,
		                   .workload = ref->workload,
		                   .container = ref->container,
		                   .node = ref->key_node};
		bool there = false;
		if (ref->kind != REF_SECRET || !first || !ref->key.len || ref->optional)
			continue;
		for (const Provider *p = first; p; p = p->next)
			there |= p->open || table_get(p->keys, ref->key);
		if (there)
			continue;
		lint_add(lint, rule, &subject,
		         str_printf(lint->arena, "%s/%s", TEXT(ref->name), TEXT(ref->key)),
		         str_printf(lint->arena,
		                    "%s wants key %s of secret \"%s\", which %s does not have",
		                    ref->use, TEXT(ref->key), TEXT(ref->name),
		                    provider_text(first, lint)));
	}
}

static void check_refs(Lint *lint, const Rule *rule)
{
	for (size_t i = 0; i < lint->model->refs.len; i++) {
		const Ref *ref = lint->model->refs.items[i];
		Subject subject = {.resource = ref->resource,
		                   .workload = ref->workload,
		                   .container = ref->container,
		                   .node = ref->node};
		if (ref->kind != REF_SECRET || ref->optional ||
		    model_provider(lint->model, REF_SECRET, ref->ns, ref->name) ||
		    model_provider(lint->model, REF_SECRET, S(""), ref->name) ||
		    model_mentions(lint->model, ref->name) ||
		    model_operator_owns(lint->model, ref->ns, ref->name) ||
		    settings_outside(lint->settings, OUTSIDE_SECRETS, ref->ns, ref->name) ||
		    settings_outside(lint->settings, OUTSIDE_NAMESPACES, S(""), ref->ns))
			continue;
		if (str_is(str_c(ref->use), "an image pull secret") ||
		    origin_class(ref->resource->source, ref->node, 0, 0) == WRITTEN_VALUES)
			subject.severity =
				SEVERITY_INFO; // named in the values: it is meant to be there
		lint_add(lint, rule, &subject, ref->name,
		         str_printf(lint->arena,
		                    "%s wants secret \"%s\", which nothing rendered makes in "
		                    "namespace %s",
		                    ref->use, TEXT(ref->name), TEXT(ref->ns)));
	}
}

const Rule credential_rules[] = {
	{"plaintext-credential", SEVERITY_ERROR, "a credential in plain text",
         "Everybody who can read the object or the repository has it: environment values, "
         "arguments, config maps and "
         "annotations are shown by kubectl describe, logs and backups.",
         "Put it in a Secret that an operator fills (External Secrets, Sealed Secrets), and take "
         "it from there with "
         "secretKeyRef.",
         check_plaintext},
	{"secret-in-values", SEVERITY_WARNING, "a Secret whose content is in the repository",
         "A Secret made from a values file or a template is as public as that file: base64 hides "
         "nothing.",
         "Leave the value empty and name an existing secret, or let ExternalSecret or SealedSecret "
         "make it.",
         check_values},
	{"default-credential", SEVERITY_ERROR, "a well-known default credential",
         "It is the first that anybody tries.",
         "Generate one, or refuse to render without one (required).", check_default},
	{"private-key", SEVERITY_ERROR, "a private key in a file",
         "Whoever has it can pretend to be the service, and read what was meant for it.",
         "Revoke it. Let cert-manager make it, or take it from a secret store.", check_key},
	{"cloud-token", SEVERITY_ERROR, "a provider's token",
         "It opens an account outside of the cluster.",
         "Revoke it. Use workload identity, or take it from a secret store.", check_token},
	{"registry-auth", SEVERITY_ERROR, "the login of an image registry",
         "dockerconfigjson holds user and password, only base64 away from plain text.",
         "Revoke it. Let ExternalSecret or SealedSecret make the pull secret.", check_registry},
	{"secret-owned-twice", SEVERITY_ERROR, "two writers of one secret",
         "The operator writes its content, the next helm upgrade or Argo CD's self-heal writes the "
         "other back, and so on.",
         "Keep one of them: render the Secret only where no operator makes it.", check_owned},
	{"secret-key-missing", SEVERITY_ERROR, "a key that the secret does not have",
         "The container is not started: CreateContainerConfigError.",
         "Correct the key, or add it to what makes the secret.", check_keys},
	{"secret-ref-missing", SEVERITY_WARNING, "a secret that nothing makes",
         "The container is not started until somebody makes it by hand.",
         "Render it, correct the name, or declare it under outside.secrets in .cleat.yaml.",
         check_refs},
	{0},
};
