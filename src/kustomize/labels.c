// Labels and annotations: pairs set in maps.

#include "kustomize/transform.h"

typedef struct Pair {
	Str key;
	Node *value; // one node for all places in a resource, as in Kustomize: see tree.h
} Pair;

static bool set_pair(FieldSetter *setter, Node *map)
{
	const Pair *pair = setter->context;

	if (!tree_expect(map, NODE_MAPPING, setter->diag))
		return false;
	tree_set(setter->arena, map, pair->key, pair->value);
	return true;
}

bool transform_labels(Build *build, const Transformer *transformer, ResMap *map, Diag *diag)
{
	const LabelSettings *settings = transformer->settings;
	Pair pair;
	FieldSetter setter = {.arena = build->arena,
	                      .diag = diag,
	                      .set = set_pair,
	                      .creates = true,
	                      .kind = NODE_MAPPING,
	                      .tag = TAG_MAP,
	                      .context = &pair};

	for (size_t i = 0; i < map->len; i++)
		for (size_t p = 0; p < settings->pairs.len; p++) {
			const TextPair *wanted = &settings->pairs.items[p];
			Resource *resource = map->items[i];
			pair = (Pair){wanted->key,
			              tree_scalar(build->arena, wanted->value, TAG_STR)};
			for (size_t s = 0; s < settings->specs.len; s++)
				if (!fieldspec_apply(&settings->specs.items[s], &resource->id.gvk,
				                     resource->node, &setter))
					return false;
		}
	return true;
}
