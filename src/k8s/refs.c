// Secrets that objects without pods name: service accounts, ingresses, what operators read.

#include "k8s/model.h"

#include <string.h>

typedef struct SecretRef {
	const char *kind, *path; // "[]" walks a list; the path ends at the secret's name
	const char *key;         // beside the name, NULL where none is said
	const char *use;
} SecretRef;

static const SecretRef secret_refs[] = {
	{"ServiceAccount", "imagePullSecrets.[].name", NULL, "an image pull secret"},
	{"Ingress", "spec.tls.[].secretName", NULL, "the ingress's certificate"},
	{"Issuer", "spec.ca.secretName", NULL, "the issuer"},
	{"TriggerAuthentication", "spec.secretTargetRef.[].name", "key", "the trigger"},
	{"ServiceMonitor", "spec.endpoints.[].basicAuth.username.name", "key", "the monitor"},
	{"ServiceMonitor", "spec.endpoints.[].basicAuth.password.name", "key", "the monitor"},
	{"ServiceMonitor", "spec.endpoints.[].bearerTokenSecret.name", "key", "the monitor"},
};

static void follow(Model *model, Resource *resource, const SecretRef *row, const Node *parent,
                   const Node *node, Str path)
{
	Str step;

	if (!node)
		return;
	if (!path.len || !str_cut(&path, S("."), &step)) {
		model_add_ref(model, (Ref){.kind = REF_SECRET,
		                           .resource = resource,
		                           .ns = resource->ns,
		                           .name = node_text(node),
		                           .key = row->key ? node_text_at(parent, row->key) : S(""),
		                           .node = node,
		                           .key_node = row->key ? node_at(parent, row->key) : NULL,
		                           .use = row->use});
		return;
	}
	if (!path.p)
		path = S("");
	if (str_is(step, "[]"))
		for (size_t i = 0; node->kind == NODE_SEQUENCE && i < node_count(node); i++)
			follow(model, resource, row, node, node_item(node, i), path);
	else if (node->kind == NODE_MAPPING)
		follow(model, resource, row, node, node_get(node, step), path);
}

void model_read_refs(Model *model, Resource *resource)
{
	for (size_t i = 0; i < sizeof secret_refs / sizeof *secret_refs; i++)
		if (str_is(resource->kind, secret_refs[i].kind))
			follow(model, resource, &secret_refs[i], NULL, resource->node,
			       str_c(secret_refs[i].path));
}
