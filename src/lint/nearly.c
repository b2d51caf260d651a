#include "lint/nearly.h"

#include "k8s/names.h"

// Labels have no longer values.
#define NEAR_LABEL_LIMIT 63

// Values of one key that come to the same by leaving out a letter: two that differ in a letter always do.
typedef struct Alike {
	Str *values;
	size_t len, cap;
} Alike;

struct NearLabels {
	const Model *model;
	Map *keys; // "ns\nkey" to what its values come to, mapped to Alike
};

// What is looked for, and the best so far.
typedef struct Search {
	NearLabels *labels;
	Str ns;
	const Node *selector;
	Nearly best;
} Search;

NearLabels *near_labels_new(const Model *model)
{
	NearLabels *labels = ARENA_NEW(model->arena, NearLabels);

	labels->model = model;
	labels->keys = map_new(model->arena, &TYPE_ANY_MAP);
	return labels;
}

// "worker-1" and "worker-2" are two.
static bool is_letter_slip(Str a, Str b)
{
	size_t i = 0;

	while (i < a.len && i < b.len && a.p[i] == b.p[i])
		i++;
	return name_is_slip(a, b) && !(i < a.len && ascii_is_digit(a.p[i])) &&
	       !(i < b.len && ascii_is_digit(b.p[i]));
}

static Str without(Arena *arena, Str value, size_t at)
{
	return str_concat(arena, str_to(value, at), str_from(value, at + 1));
}

static void add_alike(Arena *arena, Map *index, Str shortened, Str value)
{
	Alike *alike = table_get(index, shortened);

	if (!alike) {
		alike = ARENA_NEW(arena, Alike);
		table_put(arena, index, shortened, alike);
	}
	VEC_PUSH(arena, alike->values, alike->len, alike->cap) = value;
}

static Map *alike_of_key(NearLabels *labels, Str ns, Str key)
{
	Arena *arena = labels->model->arena;
	const Namespace *all = model_namespace(labels->model, ns);
	Str name = model_key(arena, ns, key, S(""));
	Map *index = table_get(labels->keys, name), *seen;

	if (index)
		return index;
	index = map_new(arena, &TYPE_ANY_MAP);
	seen = map_new(arena, &TYPE_ANY_MAP);
	table_put(arena, labels->keys, name, index);
	for (size_t i = 0; all && i < all->workloads.len; i++) {
		const Node *own = all->workloads.items[i]->labels;
		Str value = node_text(own && own->kind == NODE_MAPPING ? node_get(own, key) : NULL);
		if (!value.len || value.len > NEAR_LABEL_LIMIT || map_get(seen, value))
			continue;
		map_set(arena, seen, value, value_bool(true));
		add_alike(arena, index, value, value);
		for (size_t at = 0; at < value.len; at++)
			add_alike(arena, index, without(arena, value, at), value);
	}
	return index;
}

// Takes a pod for which exactly one label is wrong, if it is better than the best so far.
static void consider(Search *s, const Workload *workload)
{
	Nearly found = {.found = workload};
	size_t wrong = 0, count = node_count(s->selector);
	const Node *own = workload->labels;

	if (workload->resource->hooks)
		return;
	for (size_t i = 0; i < count && wrong < 2; i++) {
		Str key = node_text(node_key(s->selector, i)),
		    wanted = node_text(node_value(s->selector, i));
		const Node *have = own && own->kind == NODE_MAPPING ? node_get(own, key) : NULL;
		if (have && str_eq(node_text(have), wanted))
			continue;
		wrong++;
		found.key = key;
		found.wanted = wanted;
		found.have = node_text(have);
	}
	found.slip = is_letter_slip(found.wanted, found.have);
	if (wrong != 1 || (!found.slip && count < 2) || (s->best.slip && !found.slip))
		return;
	if (s->best.found && s->best.slip == found.slip && s->best.found->order <= workload->order)
		return;
	s->best = found;
}

static const Service *labelled(const Search *s, Str key, Str value)
{
	const Model *model = s->labels->model;

	return table_get(model->pods_by_label, model_key(model->arena, s->ns, key, value));
}

// Pods with a value that is one letter away.
static void consider_slips(Search *s, Str key, Str wanted)
{
	Arena *arena = s->labels->model->arena;
	Map *index;

	if (wanted.len > NEAR_LABEL_LIMIT)
		return;
	index = alike_of_key(s->labels, s->ns, key);
	for (size_t at = 0; at <= wanted.len; at++) {
		const Alike *alike =
			table_get(index, at < wanted.len ? without(arena, wanted, at) : wanted);
		for (size_t i = 0; alike && i < alike->len; i++) {
			const Service *pods = is_letter_slip(wanted, alike->values[i])
			                              ? labelled(s, key, alike->values[i])
			                              : NULL;
			for (size_t j = 0; pods && j < pods->backends.len && !s->best.slip; j++)
				consider(s, pods->backends.items[j]);
		}
	}
}

// Where all labels are right but one, one of any two is: of the two that the fewest pods have.
static void consider_others(Search *s)
{
	static const Service none;
	const Service *fewest[2] = {NULL, NULL};

	for (size_t i = 0; i < node_count(s->selector); i++) {
		const Service *pods = labelled(s, node_text(node_key(s->selector, i)),
		                               node_text(node_value(s->selector, i)));
		pods = pods ? pods : &none;
		if (!fewest[0] || pods->backends.len < fewest[0]->backends.len) {
			fewest[1] = fewest[0];
			fewest[0] = pods;
		} else if (!fewest[1] || pods->backends.len < fewest[1]->backends.len) {
			fewest[1] = pods;
		}
	}
	for (size_t i = 0; i < 2 && fewest[1]; i++)
		for (size_t j = 0; j < fewest[i]->backends.len; j++) {
			const Workload *workload = fewest[i]->backends.items[j];
			if (s->best.found && s->best.found->order < workload->order)
				break;
			consider(s, workload);
		}
}

Nearly nearly_selected(NearLabels *labels, Str ns, const Node *selector)
{
	Search s = {.labels = labels, .ns = ns, .selector = selector};

	for (size_t i = 0; i < node_count(selector); i++)
		consider_slips(&s, node_text(node_key(selector, i)),
		               node_text(node_value(selector, i)));
	if (!s.best.slip)
		consider_others(&s);
	return s.best;
}
