// Sets the namespace of resources, and of what names one.

#include "kustomize/transform.h"

#define NAMESPACE_PATH "metadata/namespace"
#define NAME_PATH      "metadata/name"
#define SUBJECTS_PATH  "subjects/namespace"

static bool set_namespace(FieldSetter *setter, Node *field)
{
	const NamespaceSettings *settings = setter->context;

	if (settings->unset_only && tree_text(field).len)
		return true;
	return tree_set_scalar(field, settings->ns, TAG_STR, setter->diag);
}

static bool is_role_binding(const Gvk *gvk)
{
	return str_is(gvk->kind, "RoleBinding") || str_is(gvk->kind, "ClusterRoleBinding");
}

static bool subject_counts(const NamespaceSettings *settings, const Node *subject)
{
	if (str_is(settings->subjects, "allServiceAccounts"))
		return str_is(tree_get_text(subject, "kind"), "ServiceAccount");
	return str_is(tree_get_text(subject, "name"), "default");
}

static bool set_subjects(const NamespaceSettings *settings, Node *root, FieldSetter *setter)
{
	Node *subjects = tree_get_c(root, "subjects");

	if (str_is(settings->subjects, "none") || tree_is_null(subjects))
		return true;
	if (!tree_expect(subjects, NODE_SEQUENCE, setter->diag))
		return diag_wrap(setter->diag,
		                 "setting namespace on (cluster)role binding subjects");
	for (size_t i = 0; i < subjects->len; i++) {
		Node *subject = subjects->children[i];
		if (!tree_expect(subject, NODE_MAPPING, setter->diag))
			return diag_wrap(setter->diag,
			                 "setting namespace on (cluster)role binding subjects: "
			                 "looking up name on (cluster)role binding subject");
		if (subject_counts(settings, subject) &&
		    !set_namespace(setter, tree_get_or_add(setter->arena, subject, S("namespace"),
		                                           NODE_SCALAR)))
			return false;
	}
	return true;
}

// The resource's own namespace, the subjects of bindings and the names of namespaces have rules of their own.
static bool spec_applies(const FieldSpec *spec, const Gvk *gvk)
{
	if (str_is(spec->path, NAMESPACE_PATH))
		return false;
	if (str_is(spec->path, NAME_PATH) && (gvk->group.len || !str_is(gvk->version, "v1")))
		return false;
	return !(is_role_binding(gvk) && is_role_binding(&spec->gvk) &&
	         str_is(spec->path, SUBJECTS_PATH));
}

static bool set_one(const NamespaceSettings *settings, const FieldSpec *own, Resource *resource,
                    FieldSetter *setter)
{
	const Gvk *gvk = &resource->id.gvk;

	if (!resource->id.cluster && !fieldspec_apply(own, gvk, resource->node, setter))
		return false;
	if (is_role_binding(gvk) && !set_subjects(settings, resource->node, setter))
		return false;
	for (size_t i = 0; i < settings->specs.len; i++) {
		const FieldSpec *spec = &settings->specs.items[i];
		if (!spec_applies(spec, gvk) || fieldspec_apply(spec, gvk, resource->node, setter))
			continue;
		if (str_find(setter->diag->message, S("expected ScalarNode")) != STR_NONE)
			return diag_wrap(setter->diag,
			                 "namespace field specs must target scalar nodes");
		return diag_wrap(setter->diag, "namespace transformation failed");
	}
	return true;
}

static bool fail_conflict(Build *build, const Resources *matches, Diag *diag)
{
	Buf list = buf_new(build->arena);

	for (size_t i = 0; i < matches->len; i++) {
		if (i)
			buf_byte(&list, ' ');
		resource_expose_notes(build->arena, matches->items[i]);
		if (!tree_write_json(build->arena, &list, matches->items[i]->node, diag))
			return false;
	}
	return diag_fail(diag, "namespace transformation produces ID conflict: [%.*s]",
	                 STR_ARGS(buf_view(&list)));
}

bool transform_namespace(Build *build, const Transformer *transformer, ResMap *map, Diag *diag)
{
	NamespaceSettings settings = *(const NamespaceSettings *)transformer->settings;
	FieldSpec own =
		fieldspec_new(build->arena, (Gvk){S(""), S(""), S("")}, S(NAMESPACE_PATH), true);
	FieldSetter setter = {.arena = build->arena,
	                      .diag = diag,
	                      .set = set_namespace,
	                      .creates = true,
	                      .kind = NODE_SCALAR,
	                      .tag = TAG_STR,
	                      .context = &settings};

	if (!settings.ns.len)
		return true;
	for (size_t i = 0; i < map->len; i++) {
		Resource *resource = map->items[i];
		Resources matches;
		if (resource_is_empty(resource))
			continue;
		resource_store_id(build->arena, resource);
		if (!set_one(&settings, &own, resource, &setter))
			return false;
		resmap_touch(map, resource);
		matches = resmap_by_current_id(map, &resource->id);
		if (matches.len != 1)
			return fail_conflict(build, &matches, diag);
	}
	return true;
}
