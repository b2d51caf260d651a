// The order of configurations.

#include "lint/explore.h"

#include <string.h>

// How near two switches are to each other: pairs are tried in this order.
typedef enum Nearness {
	NEAR_MISSING,
	NEAR_WANTED,
	NEAR_DECISION,
	NEAR_FILE,
	NEAR_REFERENCE,
	NEAR_NOT,
	NEAR_COUNT,
	NEAR_NEVER = NEAR_COUNT,
} Nearness;

typedef struct Queue {
	Configuration **items;
	size_t len, cap, head;
} Queue;

typedef struct Edge {
	size_t file; // that refers
	Str name;    // to what
} Edge;

// Who makes an object, and under which configuration that was seen first.
typedef struct Maker {
	size_t file;
	const Configuration *configuration; // NULL: the chart as it is
} Maker;

// A service that a configuration turns off: it is gone under every configuration that holds this one.
typedef struct Gone Gone;
struct Gone {
	const Configuration *configuration;
	Gone *next;
};

struct Explore {
	Arena *arena;
	size_t limit;
	Switches *switches;
	Queue deciding, reading; // single values, by whether they are known to decide
	Queue singles;           // those that were handed out
	Map *files;              // file to the hash of its text in the chart as it is
	Map *renders;            // hashes of what was rendered
	Map *tried;              // the settings of what was handed out
	Map *makers;             // "Kind\nns\nname" to the first Maker of it
	Map *gone;               // "Service\nns\nname" to the Gone of it
	Edge *edges;
	size_t edge_count, edge_cap;
	Map *edge_index;
	Map *services; // key of a service that somebody asks for to its number
	Bits asked;    // those that are asked for in the chart as it is
	Bits wanted;   // files that make services that another file asks for
	Nearness near; // of the pairs that are handed out now
	size_t first, second;
	bool reaches_known;
	size_t smaller; // how many explore_without has handed out
	ExploreCounts counts;
};

Explore *explore_new(Arena *arena, const Patterns *except, size_t limit)
{
	Explore *e = ARENA_NEW(arena, Explore);

	e->arena = arena;
	e->limit = limit;
	e->switches = switches_new(arena, except);
	e->files = map_new(arena, &TYPE_ANY_MAP);
	e->renders = map_new(arena, &TYPE_ANY_MAP);
	e->makers = map_new(arena, &TYPE_ANY_MAP);
	e->tried = map_new(arena, &TYPE_ANY_MAP);
	e->gone = map_new(arena, &TYPE_ANY_MAP);
	e->edge_index = map_new(arena, &TYPE_ANY_MAP);
	e->services = map_new(arena, &TYPE_ANY_MAP);
	return e;
}

// --- configurations ---

// `with` and one setting more, which takes the place of another value of its switch.
static Configuration *extend(Explore *e, const Configuration *with, Setting setting)
{
	Configuration *made = ARENA_NEW(e->arena, Configuration);
	size_t count = with ? with->count : 0, i = 0;

	made->settings = ARENA_ARRAY(e->arena, Setting, count + 1);
	for (; i < count && with->settings[i].which < setting.which; i++)
		made->settings[made->count++] = with->settings[i];
	made->settings[made->count++] = setting;
	for (; i < count; i++)
		if (with->settings[i].which != setting.which)
			made->settings[made->count++] = with->settings[i];
	return made;
}

// Whether two configurations agree, and neither holds the other.
static bool can_unite(const Configuration *a, const Configuration *b)
{
	size_t i = 0, j = 0, common = 0;

	while (i < a->count && j < b->count) {
		Setting x = a->settings[i], y = b->settings[j];
		if (x.which == y.which && x.value != y.value)
			return false;
		common += x.which == y.which;
		i += x.which <= y.which;
		j += y.which <= x.which;
	}
	return common < a->count && common < b->count;
}

static Configuration *unite(Explore *e, const Configuration *a, const Configuration *b)
{
	Configuration *made = (Configuration *)a;

	for (size_t i = 0; i < b->count; i++)
		made = extend(e, made, b->settings[i]);
	made->pair = true;
	return made;
}

// Whether `a` is made of settings of `b`.
static bool is_part(const Configuration *a, const Configuration *b)
{
	size_t j = 0;

	for (size_t i = 0; a && i < a->count; i++, j++) {
		while (j < b->count && b->settings[j].which < a->settings[i].which)
			j++;
		if (j == b->count || b->settings[j].which != a->settings[i].which ||
		    b->settings[j].value != a->settings[i].value)
			return false;
	}
	return true;
}

// --- learning ---

static Str hash_key(const uint64_t *hash)
{
	return str_n((const char *)hash, sizeof *hash);
}

static void put_hash(Explore *e, Map *map, Str key, uint64_t hash)
{
	map_set(e->arena, map, str_copy(e->arena, key), (Value){.kind = V_UINT64, .u = hash});
}

// The files whose text is not what it is without the configuration.
static void find_changed(Explore *e, Configuration *configuration, const Render *render)
{
	for (size_t i = 0; i < render->file_count; i++) {
		const Rendered *file = &render->files[i];
		const Value *before = map_get(e->files, file->name);
		uint64_t hash = str_hash(file->text);
		if (!configuration)
			put_hash(e, e->files, file->name, hash);
		else if (before ? before->u != hash : file->text.len != 0)
			bits_set(e->arena, &configuration->files,
			         switches_file(e->switches, file->name));
	}
}

void explore_learn(Explore *e, Configuration *configuration, const Render *render)
{
	Settables found = {0};

	switches_learn(e->switches, render, &found);
	for (size_t i = 0; i < found.len; i++) {
		Queue *queue = found.items[i].decides ? &e->deciding : &e->reading;
		VEC_PUSH(e->arena, queue->items, queue->len, queue->cap) =
			extend(e, configuration, found.items[i].setting);
	}
	if (!configuration || !configuration->pair)
		find_changed(e, configuration, render);
}

bool explore_is_known(Explore *e, const Render *render)
{
	uint64_t hash = render->file_count;

	for (size_t i = 0; i < render->file_count; i++) {
		uint64_t parts[] = {hash, str_hash(render->files[i].name),
		                    str_hash(render->files[i].text)};
		hash = str_hash(str_n((const char *)parts, sizeof parts));
	}
	if (map_get(e->renders, hash_key(&hash))) {
		e->counts.equal++;
		return true;
	}
	put_hash(e, e->renders, hash_key(&hash), hash);
	return false;
}

// The template's file behind a source of the model: "rendered t/templates/a.yaml".
static size_t file_of(Explore *e, const Resource *resource)
{
	Str name = resource->source->name, mark = S("rendered ");

	return switches_file(e->switches,
	                     str_has_prefix(name, mark) ? str_from(name, mark.len) : name);
}

static void add_maker(Explore *e, const Configuration *configuration, Str key,
                      const Resource *resource)
{
	Maker *maker;

	if (map_get(e->makers, key))
		return;
	maker = ARENA_NEW(e->arena, Maker);
	*maker = (Maker){file_of(e, resource), configuration};
	table_put(e->arena, e->makers, str_copy(e->arena, key), maker);
}

static void add_edge(Explore *e, Arena *scratch, const Resource *from, const char *kind, Str ns,
                     Str name)
{
	size_t file = file_of(e, from);
	Str key = model_key(scratch, str_c(kind), ns, name),
	    known = str_printf(scratch, "%zu\n%s", file, str_to_c(scratch, key));

	if (map_get(e->edge_index, known))
		return;
	map_set(e->arena, e->edge_index, str_copy(e->arena, known), value_nil());
	VEC_PUSH(e->arena, e->edges, e->edge_count, e->edge_cap) =
		(Edge){file, str_copy(e->arena, key)};
}

// What may be made by other releases or by people: --set x.create=false says that it is.
static const struct {
	const char *name;
	OutsideKind outside;
} REF_KINDS[] = {
	[REF_SECRET] = {"Secret", OUTSIDE_SECRETS},
	[REF_CONFIG] = {"ConfigMap", OUTSIDE_CONFIG_MAPS},
	[REF_CLAIM] = {"PersistentVolumeClaim", OUTSIDE_CLAIMS},
	[REF_ACCOUNT] = {"ServiceAccount", OUTSIDE_ACCOUNTS},
};

static size_t service_number(Explore *e, Str key)
{
	const Value *known = map_get(e->services, key);

	if (!known) {
		map_set(e->arena, e->services, str_copy(e->arena, key),
		        value_int((int64_t)e->services->len));
		return e->services->len - 1;
	}
	return (size_t)known->i;
}

// Somebody waits for the service, or points at it.
static void add_asked(Explore *e, Configuration *configuration, Arena *scratch,
                      const Resource *from, Str ns, Str name)
{
	size_t number = service_number(e, model_key(scratch, S("Service"), ns, name));

	add_edge(e, scratch, from, "Service", ns, name);
	if (!configuration)
		bits_set(e->arena, &e->asked, number);
	else if (!configuration->pair && !bits_has(&e->asked, number))
		bits_set(e->arena, &configuration->asks, number);
}

// Services that are there with fewer of its settings.
static void find_lacks(Explore *e, Configuration *configuration, const Model *model)
{
	Str mark = S("Service\n");

	for (size_t i = 0; i < e->makers->len; i++) {
		Str key = e->makers->entries[i].key;
		const Maker *maker = e->makers->entries[i].value.pointer;
		if (str_has_prefix(key, mark) && is_part(maker->configuration, configuration) &&
		    !map_get(model->service_map,
		             str_concat(model->arena, str_from(key, mark.len), S("\n"))))
			bits_set(e->arena, &configuration->lacks, service_number(e, key));
	}
}

void explore_learn_model(Explore *e, Configuration *configuration, const Model *model)
{
	for (size_t i = 0; i < model->resources.len; i++) {
		const Resource *r = model->resources.items[i];
		add_maker(e, configuration, model_key(model->arena, r->kind, r->ns, r->name), r);
	}
	for (size_t i = 0; i < model->providers->len; i++) {
		const MapEntry *entry = &model->providers->entries[i];
		const Provider *provider = entry->value.pointer;
		add_maker(e, configuration, entry->key, provider->resource);
	}
	for (size_t i = 0; i < model->refs.len; i++) {
		const Ref *ref = model->refs.items[i];
		add_edge(e, model->arena, ref->resource, REF_KINDS[ref->kind].name, ref->ns,
		         ref->name);
	}
	for (size_t i = 0; i < model->waits.len; i++) {
		const Wait *wait = model->waits.items[i];
		if (wait->service_name.len)
			add_asked(e, configuration, model->arena, wait->workload->resource,
			          wait->ns, wait->service_name);
	}
	for (size_t i = 0; i < model->addresses.len; i++) {
		const Address *address = model->addresses.items[i];
		if (address->service_name.len && address->where != ADDRESS_FIELD)
			add_asked(e, configuration, model->arena, address->spot.resource,
			          address->ns, address->service_name);
	}
	if (configuration && !configuration->pair)
		find_lacks(e, configuration, model);
}

// "Kind\nns\nname" of an object that pods may want.
static bool cut_key(Str key, RefKind *kind, Str *ns, Str *name)
{
	Str word;

	if (!str_cut(&key, S("\n"), &word) || !str_cut(&key, S("\n"), ns))
		return false;
	*name = key;
	for (size_t i = 0; i < sizeof REF_KINDS / sizeof *REF_KINDS; i++)
		if (str_is(word, REF_KINDS[i].name)) {
			*kind = (RefKind)i;
			return true;
		}
	return false;
}

// Whether all that `b` has and `a` has not is switched off there.
static bool turns_off(const Explore *e, const Configuration *a, const Configuration *b)
{
	for (size_t i = 0; i < b->count; i++) {
		Setting setting = b->settings[i];
		Configuration alone = {.settings = &setting, .count = 1};
		const SwitchValue *v = &e->switches->items[setting.which].values[setting.value];
		if (!(a && is_part(&alone, a)) && !str_has_suffix(v->text, S("=false")))
			return false;
	}
	return true;
}

Map *explore_switched_off(Explore *e, const Configuration *configuration, const Model *model)
{
	Map *off = map_new(model->arena, &TYPE_ANY_MAP);
	Str mark = S("Service\n");

	for (size_t i = 0; i < e->makers->len; i++) {
		Str key = e->makers->entries[i].key;
		const Maker *maker = e->makers->entries[i].value.pointer;
		const Gone *gone = table_get(e->gone, key);
		Str service;
		if (!str_has_prefix(key, mark) || !is_part(maker->configuration, configuration))
			continue;
		service = str_concat(model->arena, str_from(key, mark.len), S("\n"));
		if (map_get(model->service_map, service))
			continue;
		while (gone && !is_part(gone->configuration, configuration))
			gone = gone->next;
		if (!gone && turns_off(e, maker->configuration, configuration)) {
			Gone *made = ARENA_NEW(e->arena, Gone);
			*made = (Gone){configuration, table_get(e->gone, key)};
			table_put(e->arena, e->gone, key, made);
			gone = made;
		}
		if (gone)
			map_set(model->arena, off, service, value_bool(true));
	}
	return off;
}

void explore_outside(const Explore *e, const Configuration *configuration, const Model *model,
                     Settings *settings)
{
	for (size_t i = 0; i < e->makers->len; i++) {
		const MapEntry *entry = &e->makers->entries[i];
		const Maker *maker = entry->value.pointer;
		RefKind kind;
		Str ns, name;
		Patterns *outside;
		if (!cut_key(entry->key, &kind, &ns, &name) ||
		    !is_part(maker->configuration, configuration) ||
		    model_provider(model, kind, ns, name) ||
		    model_resource(model, REF_KINDS[kind].name, ns, name))
			continue;
		outside = &settings->outside[REF_KINDS[kind].outside];
		VEC_PUSH(model->arena, outside->items, outside->len, outside->cap) =
			str_printf(model->arena, "%s/%s", str_to_c(model->arena, ns),
		                   str_to_c(model->arena, name));
	}
}

// --- pairs ---

// The switch that a single configuration is about is the one of its settings that its context lacks: the file bits of
// all of them count, since they are only there together.
static void find_reaches(Explore *e)
{
	e->reaches_known = true;
	for (size_t i = 0; i < e->singles.len; i++) {
		Configuration *single = e->singles.items[i];
		for (size_t j = 0; j < single->count; j++)
			bits_join(e->arena, &single->files,
			          &e->switches->items[single->settings[j].which].files);
	}
	for (size_t k = 0; k < e->edge_count; k++) {
		const Maker *maker = table_get(e->makers, e->edges[k].name);
		Bits from = {0};
		if (!maker || maker->file == e->edges[k].file)
			continue;
		bits_set(e->arena, &from, e->edges[k].file);
		if (str_has_prefix(e->edges[k].name, S("Service\n")))
			bits_set(e->arena, &e->wanted, maker->file);
		for (size_t i = 0; i < e->singles.len; i++)
			if (bits_meet(&from, &e->singles.items[i]->files))
				bits_set(e->arena, &e->singles.items[i]->reaches, maker->file);
	}
}

static bool decided_together(const Explore *e, const Configuration *a, const Configuration *b)
{
	for (size_t i = 0; i < a->count; i++)
		for (size_t j = 0; j < b->count; j++)
			if (switches_together(e->switches, a->settings[i].which,
			                      b->settings[j].which))
				return true;
	return false;
}

static Nearness nearness(const Explore *e, const Configuration *a, const Configuration *b)
{
	if (bits_meet(&a->lacks, &b->asks) || bits_meet(&a->asks, &b->lacks))
		return NEAR_MISSING;
	if (decided_together(e, a, b))
		return bits_meet3(&a->files, &b->files, &e->wanted) ? NEAR_WANTED : NEAR_DECISION;
	if (a->refused || b->refused)
		return NEAR_NEVER;
	if (bits_meet(&a->files, &b->files))
		return NEAR_FILE;
	if (bits_meet(&a->reaches, &b->files) || bits_meet(&a->files, &b->reaches))
		return NEAR_REFERENCE;
	return NEAR_NOT;
}

// Moves on to the next pair; false behind the last.
static bool find_pair(Explore *e)
{
	if (!e->reaches_known)
		find_reaches(e);
	for (; e->near < NEAR_COUNT; e->near++, e->first = e->second = 0)
		for (; e->first < e->singles.len; e->first++, e->second = e->first)
			while (++e->second < e->singles.len) {
				const Configuration *a = e->singles.items[e->first],
						    *b = e->singles.items[e->second];
				if (can_unite(a, b) && nearness(e, a, b) == e->near)
					return true;
			}
	return false;
}

static Configuration *next(Explore *e)
{
	Queue *queue = e->deciding.head < e->deciding.len ? &e->deciding : &e->reading;

	if (queue->head == queue->len)
		return find_pair(e)
		               ? unite(e, e->singles.items[e->first], e->singles.items[e->second])
		               : NULL;
	VEC_PUSH(e->arena, e->singles.items, e->singles.len, e->singles.cap) =
		queue->items[queue->head];
	return queue->items[queue->head++];
}

// Pairs that are left are counted as long as nothing else is: those of values that were not tried are not known.
static size_t count_left(Explore *e)
{
	size_t singles = e->deciding.len - e->deciding.head + e->reading.len - e->reading.head,
	       pairs = 0;

	if (singles)
		return singles;
	while (find_pair(e))
		pairs++;
	return pairs;
}

static Str settings_key(const Configuration *configuration)
{
	return str_n((const char *)configuration->settings,
	             configuration->count * sizeof *configuration->settings);
}

static void hand_out(Explore *e, Configuration *configuration)
{
	e->counts.tried++;
	map_set(e->arena, e->tried, settings_key(configuration), value_nil());
}

Configuration *explore_without(Explore *e, const Configuration *configuration, size_t i)
{
	Configuration *made = ARENA_NEW(e->arena, Configuration);

	made->pair = true;
	made->settings = ARENA_ARRAY(e->arena, Setting, configuration->count);
	for (size_t j = 0; j < configuration->count; j++)
		if (j != i)
			made->settings[made->count++] = configuration->settings[j];
	if (!made->count || e->smaller == e->limit || map_get(e->tried, settings_key(made)))
		return NULL;
	e->smaller++;
	hand_out(e, made);
	return made;
}

Configuration *explore_next(Explore *e)
{
	Configuration *found;

	if (e->counts.tried == e->limit) {
		e->counts.left = count_left(e);
		return NULL;
	}
	found = next(e);
	if (found)
		hand_out(e, found);
	return found;
}

// --- about one ---

void explore_refused(Explore *e, Configuration *configuration)
{
	configuration->refused = true;
	e->counts.refused++;
}

bool explore_apply(const Explore *e, const Configuration *configuration, Arena *arena, Map *values,
                   Diag *diag)
{
	return switches_apply(e->switches, configuration->settings, configuration->count, arena,
	                      values, diag);
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       strchr("_-.,=/:@%+", c) != NULL;
}

static void put_quoted(Buf *out, Str word)
{
	size_t plain = 0;

	while (plain < word.len && is_plain(word.p[plain]))
		plain++;
	if (plain == word.len) {
		buf_str(out, word);
		return;
	}
	buf_byte(out, '\'');
	for (size_t i = 0; i < word.len; i++)
		if (word.p[i] == '\'')
			buf_c(out, "'\\''");
		else
			buf_byte(out, word.p[i]);
	buf_byte(out, '\'');
}

Str explore_text(const Explore *e, const Configuration *configuration, Arena *arena)
{
	Buf out = buf_new(arena);

	for (size_t i = 0; i < configuration->count; i++) {
		Setting setting = configuration->settings[i];
		const SwitchValue *v = &e->switches->items[setting.which].values[setting.value];
		if (i)
			buf_byte(&out, ' ');
		buf_c(&out, v->flag);
		buf_byte(&out, ' ');
		put_quoted(&out, v->text);
	}
	return buf_view(&out);
}

ExploreCounts explore_counts(const Explore *e)
{
	return e->counts;
}

bool explore_unused_pattern(const Explore *e, size_t *i, Str *pattern)
{
	const Patterns *except = e->switches->except;

	for (; except && *i < except->len; (*i)++)
		if (!e->switches->except_used[*i]) {
			*pattern = except->items[(*i)++];
			return true;
		}
	return false;
}
