// Secrets that objects without pods name: service accounts, ingresses, what operators read.

#include "k8s/model.h"

#include <string.h>

typedef struct SecretRef {
	const char *kind, *path; // to the secret's name: see node_each_down
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

typedef struct Reading {
	Model *model;
	Resource *resource;
	const SecretRef *row;
} Reading;

static void add_ref(void *context, const Node *parent, const Node *node)
{
	const Reading *reading = context;
	const SecretRef *row = reading->row;

	model_add_ref(reading->model,
	              (Ref){.kind = REF_SECRET,
	                    .resource = reading->resource,
	                    .ns = reading->resource->ns,
	                    .name = node_text(node),
	                    .key = row->key ? node_text_at(parent, row->key) : S(""),
	                    .node = node,
	                    .key_node = row->key ? node_at(parent, row->key) : NULL,
	                    .use = row->use});
}

void model_read_refs(Model *model, Resource *resource)
{
	for (size_t i = 0; i < sizeof secret_refs / sizeof *secret_refs; i++) {
		Reading reading = {model, resource, &secret_refs[i]};
		if (str_is(resource->kind, secret_refs[i].kind))
			node_each_down(resource->node, secret_refs[i].path, add_ref, &reading);
	}
}
