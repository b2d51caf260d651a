// Who makes secrets, config maps, claims and accounts: the objects themselves, and what operators make from others.

#include "k8s/model.h"

// Larger texts are data.
#define SCRIPT_LIMIT ((size_t)64 << 10)

static void add_keys(Model *model, Provider *provider, const Node *mapping)
{
	for (size_t i = 0; i < node_count(mapping); i++)
		if (mapping->kind == NODE_MAPPING)
			table_put(model->arena, provider->keys, node_text(node_key(mapping, i)),
			          (void *)node_value(mapping, i));
}

static void add_item_keys(Model *model, Provider *provider, const Node *list, const char *field)
{
	for (size_t i = 0; i < node_count(list); i++) {
		const Node *key = node_at(node_item(list, i), field);
		if (key)
			table_put(model->arena, provider->keys, node_text(key), (void *)key);
	}
}

static Provider provider_new(Model *model, Resource *resource, ProviderKind kind)
{
	return (Provider){
		.kind = kind, .resource = resource, .keys = map_new(model->arena, &TYPE_ANY_MAP)};
}

// Annotations by which something fills the object in the cluster.
static bool is_filled_later(const Resource *resource)
{
	static const char *const marks[] = {
		"replicator.v1.mittwald.de/replicate-from",
		"reflector.v1.k8s.emberstack.com/reflects",
		"service.beta.openshift.io/inject-cabundle",
		"config.openshift.io/inject-trusted-cabundle",
		"kubernetes.io/service-account.name",
		"secret-generator.v1.mittwald.de/autogenerate",
		"avp.kubernetes.io/path",
		"secret-generator.v1.mittwald.de/type",
		"kubed.appscode.com/sync",
	};
	const Node *annotations = node_at(resource->metadata, "annotations");

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (node_at(annotations, marks[i]))
			return true;
	return str_is(node_text_at(resource->node, "type"), "kubernetes.io/service-account-token");
}

// Scripts name what they make.
static void see_scripts(Model *model, const Node *data)
{
	for (size_t i = 0; i < node_count(data); i++) {
		Str text = node_text(node_value(data, i));
		if (data->kind == NODE_MAPPING && text.len < SCRIPT_LIMIT &&
		    str_find_byte(text, '\n') != STR_NONE)
			model_see_text(model, text);
	}
}

static void read_plain(Model *model, Resource *resource, RefKind kind)
{
	Provider provider = provider_new(model, resource, PROVIDER_PLAIN);

	add_keys(model, &provider, node_at(resource->node, "data"));
	add_keys(model, &provider,
	         node_at(resource->node, kind == REF_SECRET ? "stringData" : "binaryData"));
	provider.open = is_filled_later(resource);
	model_add_provider(model, kind, resource->ns, resource->name, provider);
	if (kind == REF_CONFIG)
		see_scripts(model, node_at(resource->node, "data"));
}

// ExternalSecret, and ClusterExternalSecret with its spec one level deeper.
static void read_external_secret(Model *model, Resource *resource, const Node *spec, Str ns)
{
	const Node *target = node_at(spec, "target"), *template = node_at(target, "template");
	Str name = node_text_at(target, "name"), policy = node_text_at(target, "creationPolicy");
	Provider provider = provider_new(model, resource, PROVIDER_EXTERNAL);
	const Node *made = node_at(template, "data");

	if (!name.len)
		name = resource->name;
	provider.merges = str_is(policy, "Merge") || str_is(policy, "None");
	if (made && !str_is(node_text_at(template, "mergePolicy"), "Merge")) {
		add_keys(model, &provider, made);
	} else {
		add_keys(model, &provider, made);
		add_item_keys(model, &provider, node_at(spec, "data"), "secretKey");
		provider.open = node_count(node_at(spec, "dataFrom")) > 0;
	}
	if (node_count(node_at(template, "templateFrom")))
		provider.open = true;
	model_add_provider(model, REF_SECRET, ns, name, provider);
}

static void read_sealed_secret(Model *model, Resource *resource)
{
	const Node *template = node_at(resource->spec, "template");
	Str name = node_text_at(node_at(template, "metadata"), "name");
	Provider provider = provider_new(model, resource, PROVIDER_SEALED);

	add_keys(model, &provider, node_at(resource->spec, "encryptedData"));
	add_keys(model, &provider, node_at(template, "data"));
	provider.open = node_at(resource->spec, "data") != NULL;
	model_add_provider(model, REF_SECRET, resource->ns, name.len ? name : resource->name,
	                   provider);
}

static void read_certificate(Model *model, Resource *resource)
{
	static const char *const keys[] = {"tls.crt", "tls.key", "ca.crt"};
	const Node *name = node_at(resource->spec, "secretName");
	Provider provider = provider_new(model, resource, PROVIDER_CERTIFICATE);

	for (int i = 0; i < 3; i++)
		table_put(model->arena, provider.keys, str_c(keys[i]), (void *)name);
	provider.open = node_at(resource->spec, "keystores") != NULL ||
	                node_at(resource->spec, "additionalOutputFormats") != NULL;
	model_add_provider(model, REF_SECRET, resource->ns, node_text(name), provider);
}

static void read_provider_class(Model *model, Resource *resource)
{
	const Node *objects = node_at(resource->spec, "secretObjects");

	for (size_t i = 0; i < node_count(objects); i++) {
		Provider provider = provider_new(model, resource, PROVIDER_EXTERNAL);
		add_item_keys(model, &provider, node_at(node_item(objects, i), "data"), "key");
		model_add_provider(model, REF_SECRET, resource->ns,
		                   node_text_at(node_item(objects, i), "secretName"), provider);
	}
}

static void read_sops_secret(Model *model, Resource *resource)
{
	const Node *templates = node_at(resource->spec, "secretTemplates");

	for (size_t i = 0; i < node_count(templates); i++) {
		Provider provider = provider_new(model, resource, PROVIDER_SEALED);
		add_keys(model, &provider, node_at(node_item(templates, i), "data"));
		add_keys(model, &provider, node_at(node_item(templates, i), "stringData"));
		model_add_provider(model, REF_SECRET, resource->ns,
		                   node_text_at(node_item(templates, i), "name"), provider);
	}
}

static void read_ingress_tls(Model *model, Resource *resource)
{
	const Node *tls = node_at(resource->spec, "tls"),
		   *annotations = node_at(resource->metadata, "annotations");
	bool managed = node_at(annotations, "cert-manager.io/cluster-issuer") ||
	               node_at(annotations, "cert-manager.io/issuer") ||
	               node_at(annotations, "kubernetes.io/tls-acme");

	for (size_t i = 0; managed && i < node_count(tls); i++) {
		Provider provider = provider_new(model, resource, PROVIDER_CERTIFICATE);
		provider.open = true;
		model_add_provider(model, REF_SECRET, resource->ns,
		                   node_text_at(node_item(tls, i), "secretName"), provider);
	}
}

// Kinds whose operators make a secret (or more) under a name that the object says. An issuer takes the key of its account
// from a secret that is there already, so that several may share one.
static const struct {
	const char *kind, *path; // path NULL: the object's own name
	RefKind makes;
	bool shares;
} operators[] = {
	{"KafkaUser", NULL, REF_SECRET, false},
	{"ObjectBucketClaim", NULL, REF_SECRET, false},
	{"ObjectBucketClaim", NULL, REF_CONFIG, false},
	{"OnePasswordItem", NULL, REF_SECRET, false},
	{"VaultStaticSecret", "spec.destination.name", REF_SECRET, false},
	{"VaultDynamicSecret", "spec.destination.name", REF_SECRET, false},
	{"VaultPKISecret", "spec.destination.name", REF_SECRET, false},
	{"VaultSecret", NULL, REF_SECRET, false},
	{"DopplerSecret", "spec.managedSecret.name", REF_SECRET, false},
	{"InfisicalSecret", "spec.managedSecretReference.secretName", REF_SECRET, false},
	{"BitwardenSecret", "spec.secretName", REF_SECRET, false},
	{"AzureKeyVaultSecret", "spec.output.secret.name", REF_SECRET, false},
	{"CephObjectStoreUser", NULL, REF_SECRET, false},
	{"CredentialsRequest", "spec.secretRef.name", REF_SECRET, false},
	{"Issuer", "spec.acme.privateKeySecretRef.name", REF_SECRET, true},
	{"ClusterIssuer", "spec.acme.privateKeySecretRef.name", REF_SECRET, true},
	{"Bundle", NULL, REF_CONFIG, false},
	{"PersistentVolumeClaim", NULL, REF_CLAIM, false},
	{"DataVolume", NULL, REF_CLAIM, false},
	{"ServiceAccount", NULL, REF_ACCOUNT, false},
};

static void read_operators(Model *model, Resource *resource)
{
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
		Provider provider;
		if (!str_is(resource->kind, operators[i].kind))
			continue;
		provider = provider_new(model, resource, PROVIDER_OPERATOR);
		provider.open = true;
		provider.merges = operators[i].shares;
		model_add_provider(model, operators[i].makes, resource->ns,
		                   operators[i].path
		                           ? node_text(node_down(resource->node, operators[i].path))
		                           : resource->name,
		                   provider);
	}
}

// Annotations of a service that ask for a certificate.
static void read_serving_cert(Model *model, Resource *resource)
{
	static const char *const marks[] = {"service.beta.openshift.io/serving-cert-secret-name",
	                                    "need-a-cert.cattle.io/secret-name"};
	const Node *annotations = node_at(resource->metadata, "annotations");

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		Str name = node_text_at(annotations, marks[i]);
		Provider provider;
		if (!name.len)
			continue;
		provider = provider_new(model, resource, PROVIDER_CERTIFICATE);
		provider.open = true;
		model_add_provider(model, REF_SECRET, resource->ns, name, provider);
	}
}

void model_read_owners(Model *model, Resource *resource)
{
	if (str_is(resource->kind, "Secret") && str_is(resource->api_version, "v1"))
		read_plain(model, resource, REF_SECRET);
	else if (str_is(resource->kind, "ConfigMap") && str_is(resource->api_version, "v1"))
		read_plain(model, resource, REF_CONFIG);
	else if (str_is(resource->kind, "ExternalSecret"))
		read_external_secret(model, resource, resource->spec, resource->ns);
	else if (str_is(resource->kind, "ClusterExternalSecret"))
		read_external_secret(model, resource, node_at(resource->spec, "externalSecretSpec"),
		                     S(""));
	else if (str_is(resource->kind, "SealedSecret"))
		read_sealed_secret(model, resource);
	else if (str_is(resource->kind, "Certificate"))
		read_certificate(model, resource);
	else if (str_is(resource->kind, "SecretProviderClass"))
		read_provider_class(model, resource);
	else if (str_is(resource->kind, "SopsSecret"))
		read_sops_secret(model, resource);
	else if (str_is(resource->kind, "Ingress"))
		read_ingress_tls(model, resource);
	else if (str_is(resource->kind, "Service"))
		read_serving_cert(model, resource);
	read_operators(model, resource);
}
