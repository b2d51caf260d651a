// Reading the switches of external backends from values.

#include "lint/externals.h"

#include <string.h>

// Tables in tables that are looked into.
#define DEPTH_LIMIT 4

#define COUNT(a) (sizeof(a) / sizeof *(a))

// What charts call a backend of a kind, and what its service may be called. Each between spaces.
static const struct {
	const char *kinds, *services;
} families[] = {
	{" database db sql ", " postgresql postgres mysql mariadb mongodb database cockroachdb "},
	{" cache ", " redis valkey memcached dragonfly "},
	{" s3 storage objectstorage objectstore ", " minio seaweedfs "},
	{" broker queue messagequeue ", " rabbitmq kafka nats redis "},
	{" search ", " elasticsearch opensearch "},
};

static bool listed(const char *words, Str word)
{
	Str rest = str_c(words), one;

	while (word.len && str_cut(&rest, S(" "), &one))
		if (one.len && str_ieq(one, word))
			return true;
	return false;
}

// Whether a part stands in a name between dashes.
static bool has_part(Str name, Str part)
{
	for (size_t at = 0; part.len > 2 && at + part.len <= name.len; at++)
		if (str_ieq(str_slice(name, at, at + part.len), part) &&
		    (!at || name.p[at - 1] == '-') &&
		    (at + part.len == name.len || name.p[at + part.len] == '-'))
			return true;
	return false;
}

bool external_replaces(const External *external, Str service)
{
	Str rest, one;

	if (has_part(service, external->part))
		return true;
	for (size_t i = 0; i < COUNT(families); i++) {
		if (!listed(families[i].kinds, external->part))
			continue;
		rest = str_c(families[i].services);
		while (str_cut(&rest, S(" "), &one))
			if (has_part(service, one))
				return true;
	}
	return false;
}

static bool is_said(const Value *value)
{
	return (value->kind == V_STRING && value->s.len) ||
	       (value->kind == V_LIST && value->list->len);
}

// Whether a table has an address that somebody filled in.
static bool says_address(const Map *table)
{
	static const char *const ends[] = {"host",     "hosts",   "url",       "uri",    "urls",
	                                   "endpoint", "address", "endpoints", "broker", "brokers",
	                                   "servers",  "server",  "hostname"};

	for (size_t i = 0; i < table->len; i++)
		for (size_t j = 0; j < COUNT(ends); j++) {
			Str key = table->entries[i].key;
			size_t len = strlen(ends[j]);
			if (key.len >= len && is_said(&table->entries[i].value) &&
			    str_ieq(str_from(key, key.len - len), str_c(ends[j])))
				return true;
		}
	return false;
}

// "externalDatabase" gives "Database", "external" nothing. False where the key is none of an external backend.
static bool external_key(Str key, Str *tail)
{
	*tail = str_from(key, strlen("external"));
	return str_ieq(str_to(key, strlen("external")), S("external"));
}

static bool bool_at(const Map *table, const char *key, bool *out)
{
	const Value *value = table ? map_get(table, str_c(key)) : NULL;

	*out = value && value->kind == V_BOOL && value->b;
	return value && value->kind == V_BOOL;
}

static Str joined(Arena *arena, Str prefix, Str key)
{
	return prefix.len ? str_concat(arena, str_concat(arena, prefix, S(".")), key) : key;
}

static Str lower_first(Arena *arena, Str name)
{
	Str copy = str_copy(arena, name);

	if (copy.len)
		((char *)copy.p)[0] = ascii_lower(copy.p[0]);
	return copy;
}

typedef struct Reader {
	Arena *arena;
	Externals *out;
} Reader;

static void add(Reader *r, Str because, Str path, Str part, bool on)
{
	VEC_PUSH(r->arena, r->out->items, r->out->len, r->out->cap) =
		(External){because, path, part, on};
}

static Str said(Reader *r, Str path, const char *how)
{
	return str_concat(r->arena, path, str_c(how));
}

// postgresql.enabled beside externalDatabase: the cluster's own that the external one stands for. The first that is on,
// else the first of all.
static const MapEntry *own_backend(const Map *siblings, const External *external, bool *enabled)
{
	const MapEntry *found = NULL;

	*enabled = false;
	for (size_t i = 0; i < siblings->len && !*enabled; i++) {
		const MapEntry *entry = &siblings->entries[i];
		bool on;
		if (entry->value.kind != V_MAP || !bool_at(entry->value.map, "enabled", &on) ||
		    !external_replaces(external, entry->key))
			continue;
		found = found && !on ? found : entry;
		*enabled = on;
	}
	return found;
}

// A table with an address of its own.
static void read_own(Reader *r, const Map *siblings, Str prefix, Str path, Str tail,
                     const Map *table)
{
	size_t dot = str_rfind(prefix, S("."));
	External external = {.path = path,
	                     .part = tail.len ? lower_first(r->arena, tail)
	                                      : str_from(prefix, dot == STR_NONE ? 0 : dot + 1)};
	const MapEntry *own;
	const Value *type = map_get(siblings, S("type"));
	bool on;

	if (!external.part.len)
		return;
	if (bool_at(table, "enabled", &on)) {
		add(r, said(r, path, on ? " is on" : " is off"), path, external.part, on);
	} else if (tail.len) {
		own = own_backend(siblings, &external, &on);
		if (own)
			add(r,
			    said(r, joined(r->arena, prefix, own->key),
			         on ? ".enabled is true" : ".enabled is false"),
			    path, external.part, !on);
	} else if (type && type->kind == V_STRING) {
		on = str_ieq(value_as_str(type), S("external"));
		add(r, said(r, prefix, on ? ".type is external" : ".type is not external"), path,
		    external.part, on);
	} else if (bool_at(siblings, "enabled", &on)) {
		add(r, said(r, prefix, on ? ".enabled is true" : ".enabled is false"), path,
		    external.part, !on);
	}
}

static void read_external(Reader *r, const Map *siblings, Str prefix, const MapEntry *entry,
                          Str tail)
{
	const Map *table = entry->value.map;
	Str path = joined(r->arena, prefix, entry->key);
	bool on;

	if (says_address(table))
		read_own(r, siblings, prefix, path, tail, table);
	if (!bool_at(table, "enabled", &on))
		return;
	for (size_t i = 0; i < table->len; i++) {
		const MapEntry *part = &table->entries[i];
		if (part->value.kind == V_MAP && says_address(part->value.map))
			add(r, said(r, path, on ? " is on" : " is off"),
			    joined(r->arena, path, part->key), part->key, on);
	}
}

static void read_table(Reader *r, const Map *table, Str prefix, int depth)
{
	size_t dot = str_rfind(prefix, S("."));
	bool on;

	// redis: {external: true, externalHost: ...}
	if (prefix.len && bool_at(table, "external", &on) && says_address(table))
		add(r, said(r, prefix, on ? ".external is true" : ".external is false"), prefix,
		    str_from(prefix, dot == STR_NONE ? 0 : dot + 1), on);
	for (size_t i = 0; i < table->len && depth < DEPTH_LIMIT; i++) {
		const MapEntry *entry = &table->entries[i];
		Str tail;
		if (entry->value.kind != V_MAP)
			continue;
		if (external_key(entry->key, &tail))
			read_external(r, table, prefix, entry, tail);
		else
			read_table(r, entry->value.map, joined(r->arena, prefix, entry->key),
			           depth + 1);
	}
}

void externals_read(Arena *arena, const Map *values, Externals *out)
{
	Reader r = {arena, out};

	read_table(&r, values, S(""), 0);
}
