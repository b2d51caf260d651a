// Counts of replicas.

#include "base/num.h"
#include "data/text.h"
#include "kustomize/transform.h"

static const FillField replica_fields[] = {
	{"name", FILL_STR, offsetof(Replica, name), NULL, 0},
	{"count", FILL_INT, offsetof(Replica, count), NULL, 0},
};
const FillType replica_type = FILL_TYPE_WITH_NODE("Replica", Replica, replica_fields);

static bool set_count(FieldSetter *setter, Node *field)
{
	return tree_set_scalar(field, *(const Str *)setter->context, TAG_INT, setter->diag);
}

// Whether the resource has or had both the name and a kind the spec selects.
static bool is_meant(const Resource *resource, Str name, const FieldSpec *spec)
{
	if (str_eq(resource->id.name, name) && gvk_selected(&resource->id.gvk, &spec->gvk))
		return true;
	for (size_t i = 0; i < resource->prev_len; i++) {
		ResId id = resource_prev_id(resource, i);
		if (str_eq(id.name, name) && gvk_selected(&id.gvk, &spec->gvk))
			return true;
	}
	return false;
}

static bool fail_missing(Build *build, const ReplicaSettings *settings, Diag *diag)
{
	Buf kinds = buf_new(build->arena);

	for (size_t i = 0; i < settings->specs.len; i++) {
		if (i)
			buf_byte(&kinds, ' ');
		buf_str(&kinds, gvk_str(build->arena, &settings->specs.items[i].gvk));
	}
	return diag_fail(
		diag,
		"resource with name %.*s does not match a config with the following GVK [%.*s]",
		STR_ARGS(settings->replica.name), STR_ARGS(buf_view(&kinds)));
}

bool transform_replicas(Build *build, const Transformer *transformer, ResMap *map, Diag *diag)
{
	const ReplicaSettings *settings = transformer->settings;
	const Node *written = tree_get_c(settings->replica.node, "count");
	Buf text = buf_new(build->arena);
	Resources named = resmap_by_name(map, settings->replica.name);
	bool found = false;
	Str count;
	FieldSetter setter = {.arena = build->arena,
	                      .diag = diag,
	                      .set = set_count,
	                      .creates = true,
	                      .kind = NODE_SCALAR,
	                      .tag = TAG_INT,
	                      .context = &count};

	num_format_int(&text, settings->replica.count, 10);
	count = buf_view(&text);
	if (written)
		count = text_made_from(build->arena, count, written->value);
	for (size_t s = 0; s < settings->specs.len; s++)
		for (size_t i = 0; i < named.len; i++) {
			Resource *resource = named.items[i];
			if (!is_meant(resource, settings->replica.name, &settings->specs.items[s]))
				continue;
			found = true;
			if (!fieldspec_apply(&settings->specs.items[s], &resource->id.gvk,
			                     resource->node, &setter))
				return false;
		}
	return found || fail_missing(build, settings, diag);
}
