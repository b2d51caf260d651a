// The order of the output.

#include "kustomize/transform.h"

#include "k8s/kinds.h"

#include <stdlib.h>
#include <string.h>

static const FillField legacy_fields[] = {
	{"orderFirst", FILL_STR_LIST, offsetof(LegacySort, first), NULL, 0},
	{"orderLast", FILL_STR_LIST, offsetof(LegacySort, last), NULL, 0},
};
static const FillType legacy_type = FILL_TYPE("LegacySortOptions", LegacySort, legacy_fields);

static const FillType order_type = FILL_TEXT_TYPE("SortOrder");
static const FillField sort_fields[] = {
	{"order", FILL_STR, offsetof(SortOptions, order), &order_type, 0},
	{"legacySortOptions", FILL_STRUCT_PTR, offsetof(SortOptions, legacy), &legacy_type, 0},
};
const FillType sort_options_type = FILL_TYPE("SortOptions", SortOptions, sort_fields);

typedef struct SortKey {
	Resource *resource;
	int rank;
	Str kind_key; // group_version_kind
	Str id_key;   // kind.version.group|namespace|name
} SortKey;

static Str or_else(Str s, const char *missing)
{
	return s.len ? s : str_c(missing);
}

static Str join(Arena *arena, Str a, const char *separator, Str b, Str c)
{
	Buf out = buf_new(arena);

	buf_str(&out, a);
	buf_c(&out, separator);
	buf_str(&out, b);
	buf_c(&out, separator);
	buf_str(&out, c);
	return buf_view(&out);
}

static int rank_of(const LegacySort *order, Str kind)
{
	int rank = 0;

	if (!order)
		return kind_rank(kind);
	for (size_t i = 0; i < order->first.len; i++)
		if (str_eq(order->first.items[i], kind))
			rank = (int)i - (int)order->first.len;
	for (size_t i = 0; i < order->last.len; i++)
		if (str_eq(order->last.items[i], kind))
			rank = (int)i + 1;
	return rank;
}

static SortKey key_of(Arena *arena, const LegacySort *order, Resource *resource)
{
	const ResId *id = &resource->id;

	return (SortKey){resource, rank_of(order, id->gvk.kind),
	                 join(arena, or_else(id->gvk.group, "~G"), "_",
	                      or_else(id->gvk.version, "~V"), or_else(id->gvk.kind, "~K")),
	                 join(arena, gvk_str(arena, &id->gvk), "|", or_else(id->ns, "~X"),
	                      or_else(id->name, "~N"))};
}

static int compare_keys(const void *left, const void *right)
{
	const SortKey *a = left, *b = right;
	const Gvk *x = &a->resource->id.gvk, *y = &b->resource->id.gvk;
	int order;

	if (gvk_equal(x, y)) {
		order = str_cmp(a->id_key, b->id_key);
	} else if (a->rank != b->rank) {
		order = a->rank - b->rank;
	} else {
		order = str_cmp(a->kind_key, b->kind_key);
		// Core namespaces go before those of other groups.
		if (str_is(x->kind, "Namespace") && str_is(y->kind, "Namespace") &&
		    (!x->group.len || !y->group.len))
			order = -order;
	}
	if (order)
		return order;
	return a->resource->position < b->resource->position ? -1 : 1;
}

static bool check_unique(Build *build, const ResMap *map, Diag *diag)
{
	for (size_t i = 1; i < map->len; i++)
		if (resid_equal(&map->items[i]->id, &map->items[i - 1]->id))
			return diag_fail(
				diag,
				"SortOrderTransformer: Failed to append to resources: may not add "
				"resource with an already registered id: %.*s",
				STR_ARGS(resid_str(build->arena, &map->items[i]->id)));
	return true;
}

bool sort_resources(Build *build, const SortOptions *options, ResMap *map, Diag *diag)
{
	SortKey *keys;

	if (!str_is(options->order, "fifo") && !str_is(options->order, "legacy"))
		return diag_fail(diag,
		                 "the field 'sortOptions.order' must be one of [fifo, legacy]");
	if (str_is(options->order, "fifo")) {
		if (options->legacy)
			return diag_fail(
				diag,
				"the field 'sortOptions.legacySortOptions' is set but the selected "
				"sort order is 'fifo', not 'legacy'");
		return true;
	}
	keys = ARENA_ARRAY(build->arena, SortKey, map->len + 1);
	for (size_t i = 0; i < map->len; i++)
		keys[i] = key_of(build->arena, options->legacy, map->items[i]);
	if (map->len)
		qsort(keys, map->len, sizeof *keys, compare_keys);
	for (size_t i = 0; i < map->len; i++) {
		map->items[i] = keys[i].resource;
		map->items[i]->position = i;
	}
	return check_unique(build, map, diag);
}
