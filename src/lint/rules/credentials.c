// Credentials that must not be in plain text, and secrets that are not there.

#include "k8s/policies.h"
#include "k8s/secrets.h"
#include "lint/held.h"
#include "lint/origin_class.h"

#include <string.h>

#define TEXT(s) str_to_c(lint->arena, (s))

static Subject subject_of_held(const Held *held)
{
	return (Subject){.resource = held->resource,
	                 .container = held->container,
	                 .workload = held->workload,
	                 .node = held->node,
	                 .offset = held->offset,
	                 .decoded = held->decoded,
	                 .text = held->text};
}

static OriginClass written_by(const Held *held)
{
	return origin_class_of_text(held->resource->source, held->node, held->offset,
	                            held->encoded ? 0 : held->text.len, held->text);
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
	if (held->found.host.len)
		return str_printf(lint->arena, "url %s %s", TEXT(held->name),
		                  TEXT(held->found.host));
	return str_printf(lint->arena, "%s %s", held->kind, TEXT(held->name));
}

static const char *masked(Lint *lint, Str value)
{
	return TEXT(secret_mask(lint->arena, value));
}

// A Secret's name, or the value of one of its keys' names, is no credential.
static bool is_object_name(const Lint *lint, const Held *held)
{
	return model_provider(lint->model, REF_SECRET, held->resource->ns, held->text) != NULL;
}

typedef bool HeldAsk(const Held *held);

// What is generated while rendering, or given on the command line, nobody wrote down.
static void report_held(Lint *lint, const Rule *rule, HeldAsk *ask,
                        Str (*say)(Lint *lint, const Held *held))
{
	held_collect(lint);
	for (size_t i = 0; i < lint->held_count; i++) {
		const Held *held = &lint->held[i];
		Subject subject = subject_of_held(held);
		if (!ask(held) || written_by(held) == WRITTEN_MADE)
			continue;
		if ((held->found.kind == CREDENTIAL_NAMED ||
		     held->found.kind == CREDENTIAL_DEFAULT) &&
		    is_object_name(lint, held))
			continue;
		lint_add(lint, rule, &subject, held_about(lint, held), say(lint, held));
	}
}

// A finding of the rule that already points at this line of the values, or at the one it begins on.
static bool is_told(const Lint *lint, const Rule *rule, Place place)
{
	for (size_t i = 0; i < lint->findings.len; i++) {
		const Finding *finding = lint->findings.items[i];
		if (finding->rule == rule && str_eq(finding->values.file, place.file) &&
		    finding->values.line <= place.line && finding->values.line + 1 >= place.line)
			return true;
	}
	return false;
}

// What lies in a values file and is rendered by no template, or only under another setting: it is in the repository all
// the same. Comments count for what can be nothing else.
static void report_unused(Lint *lint, const Rule *rule, CredentialKind kind)
{
	for (size_t i = 0; i < lint->written_count; i++) {
		const WrittenDown *written = &lint->written[i];
		Place place = {written->file->name, written->line, 1};
		bool url = kind == CREDENTIAL_URL;
		if (written->found.kind != kind || is_told(lint, rule, place) ||
		    (url && written->in_comment))
			continue;
		lint_add_at(lint, rule, (Place){0}, place,
		            str_printf(lint->arena, "values %s %s", TEXT(written->key),
		                       written->found.what),
		            str_printf(lint->arena, "the values hold %s%s: %s", written->found.what,
		                       url ? " in a URL" : "", masked(lint, written->text)));
	}
}

static bool is_plaintext(const Held *held)
{
	return !held->in_secret &&
	       (held->found.kind == CREDENTIAL_NAMED || held->found.kind == CREDENTIAL_RANDOM ||
	        held->found.kind == CREDENTIAL_URL);
}

static Str say_plaintext(Lint *lint, const Held *held)
{
	if (held->found.kind == CREDENTIAL_URL)
		return str_printf(lint->arena, "a URL for %s holds %s in plain text: %s",
		                  TEXT(held->found.host), held->found.what,
		                  masked(lint, held->text));
	return str_printf(lint->arena, "%s holds %s in plain text: %s", held_text(lint, held),
	                  held->found.what, masked(lint, held->text));
}

static void check_plaintext(Lint *lint, const Rule *rule)
{
	report_held(lint, rule, is_plaintext, say_plaintext);
	report_unused(lint, rule, CREDENTIAL_URL);
}

static bool is_in_values(const Held *held)
{
	return held->in_secret &&
	       (held->found.kind == CREDENTIAL_NAMED || held->found.kind == CREDENTIAL_URL);
}

static Str say_in_values(Lint *lint, const Held *held)
{
	OriginClass from = written_by(held);

	return str_printf(lint->arena, "key %s of Secret/%s comes from %s: %s", TEXT(held->name),
	                  TEXT(held->resource->name),
	                  from == WRITTEN_VALUES     ? "a values file"
	                  : from == WRITTEN_TEMPLATE ? "a template's own text"
	                                             : "the manifest",
	                  masked(lint, held->text));
}

static void check_values(Lint *lint, const Rule *rule)
{
	report_held(lint, rule, is_in_values, say_in_values);
}

static bool is_default(const Held *held)
{
	return held->found.kind == CREDENTIAL_DEFAULT;
}

static Str say_default(Lint *lint, const Held *held)
{
	if (held->found.host.len)
		return str_printf(lint->arena,
		                  "a URL for %s holds a default password that everybody knows: %s",
		                  TEXT(held->found.host), masked(lint, held->text));
	return str_printf(lint->arena, "%s is a default that everybody knows: %s",
	                  held_text(lint, held), masked(lint, held->text));
}

static void check_default(Lint *lint, const Rule *rule)
{
	report_held(lint, rule, is_default, say_default);
}

static Str say_shape(Lint *lint, const Held *held)
{
	return str_printf(lint->arena, "%s holds %s%s: %s", held_text(lint, held), held->found.what,
	                  held->in_secret ? " that somebody wrote down" : "",
	                  masked(lint, held->text));
}

static bool is_token(const Held *held)
{
	return held->found.kind == CREDENTIAL_TOKEN;
}

static void check_token(Lint *lint, const Rule *rule)
{
	report_held(lint, rule, is_token, say_shape);
	report_unused(lint, rule, CREDENTIAL_TOKEN);
}

static bool is_key(const Held *held)
{
	return held->found.kind == CREDENTIAL_KEY;
}

static void check_key(Lint *lint, const Rule *rule)
{
	report_held(lint, rule, is_key, say_shape);
	report_unused(lint, rule, CREDENTIAL_KEY);
}

static bool is_registry(const Held *held)
{
	return held->found.kind == CREDENTIAL_REGISTRY;
}

static Str say_registry(Lint *lint, const Held *held)
{
	return str_printf(lint->arena, "%s holds the login of an image registry: %s",
	                  held_text(lint, held), masked(lint, held->text));
}

static void check_registry(Lint *lint, const Rule *rule)
{
	report_held(lint, rule, is_registry, say_registry);
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
		Provider *first = model_provider(lint->model, ref->kind, ref->ns, ref->name);
		Subject subject = {.resource = ref->resource,
		                   .workload = ref->workload,
		                   .container = ref->container,
		                   .node = ref->key_node};
		Finding *finding;
		if (ref->kind != REF_SECRET || !first || !ref->key.len || ref->optional)
			continue;
		if (model_provides_key(lint->model, first, ref->key) ||
		    model_fills(lint->model, ref->name, ref->key))
			continue;
		if (ref->of_mount)
			subject.severity = SEVERITY_WARNING; // the container starts
		finding = lint_add(
			lint, rule, &subject,
			str_printf(lint->arena, "%s/%s", TEXT(ref->name), TEXT(ref->key)),
			str_printf(lint->arena,
		                   "%s wants key %s of secret \"%s\", which %s does not have%s",
		                   ref->use, TEXT(ref->key), TEXT(ref->name),
		                   provider_text(first, lint),
		                   ref->of_mount ? ": an empty folder is mounted" : ""));
		lint_missed_ref(lint, finding, ref, ref->key);
	}
}

// A job of the render that may make secrets there while it runs: argo-cd's redis-secret-init, a certgen. What it makes is
// in its program.
typedef struct Makers {
	const Workload *first, *second; // one of them is not the one that needs it
} Makers;

static const Makers *makers_of(const Lint *lint, Map *known, Str ns)
{
	ApiRequest request = {.verb = "create", .resource = S("secrets"), .ns = ns};
	Makers *makers = table_get(known, ns);

	if (makers)
		return makers;
	makers = ARENA_NEW(lint->arena, Makers);
	table_put(lint->arena, known, ns, makers);
	for (size_t i = 0; i < lint->model->workloads.len && !makers->second; i++) {
		const Workload *workload = lint->model->workloads.items[i];
		if (workload->completes &&
		    account_may(lint->model, workload->resource->ns, workload->account, &request) ==
		            PERMISSION_YES)
			*(makers->first ? &makers->second : &makers->first) = workload;
	}
	return makers;
}

static const Workload *may_be_made_by(const Lint *lint, Map *known, const Ref *ref)
{
	const Makers *makers = makers_of(lint, known, ref->ns);

	return makers->first != ref->workload ? makers->first : makers->second;
}

static void check_refs(Lint *lint, const Rule *rule)
{
	Map *makers = map_new(lint->arena, &TYPE_ANY_MAP);

	for (size_t i = 0; i < lint->model->refs.len; i++) {
		const Ref *ref = lint->model->refs.items[i];
		Subject subject = {.resource = ref->resource,
		                   .workload = ref->workload,
		                   .container = ref->container,
		                   .node = ref->node};
		const Workload *maker;
		Finding *finding;
		if (ref->kind != REF_SECRET || ref->optional || ref->of_mount ||
		    model_provider(lint->model, REF_SECRET, ref->ns, ref->name) ||
		    model_provider(lint->model, REF_SECRET, S(""), ref->name) ||
		    model_mentions(lint->model, ref->name) ||
		    model_operator_owns(lint->model, ref->ns, ref->name) ||
		    settings_outside(lint->settings, OUTSIDE_SECRETS, ref->ns, ref->name) ||
		    settings_outside(lint->settings, OUTSIDE_NAMESPACES, S(""), ref->ns))
			continue;
		maker = may_be_made_by(lint, makers, ref);
		if (maker || str_is(str_c(ref->use), "an image pull secret") ||
		    origin_class(ref->resource->source, ref->node, 0, 0) == WRITTEN_VALUES)
			subject.severity =
				SEVERITY_INFO; // named in the values: it is meant to be there
		finding = lint_add(
			lint, rule, &subject, ref->name,
			str_printf(lint->arena,
		                   "%s wants secret \"%s\", which nothing rendered makes in "
		                   "namespace %s%s%s%s",
		                   ref->use, TEXT(ref->name), TEXT(ref->ns), maker ? " (" : "",
		                   maker ? TEXT(maker->what) : "",
		                   maker ? " may, while it runs)" : ""));
		lint_missed_ref(lint, finding, ref, S(""));
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
         "The container is not started: CreateContainerConfigError. A mount with a subPath starts "
         "it, with an empty folder where the file should be.",
         "Correct the key, or add it to what makes the secret.", check_keys},
	{"secret-ref-missing", SEVERITY_WARNING, "a secret that nothing makes",
         "The container is not started until somebody makes it by hand.",
         "Render it, correct the name, or declare it under outside.secrets in .cleat.yaml.",
         check_refs},
	{0},
};
