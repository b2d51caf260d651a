// Reading .cleat.yaml.

#include "lint/settings.h"

#include "base/fs.h"
#include "base/num.h"
#include "data/yaml.h"
#include "lint/lint.h"

Settings settings_default(void)
{
	return (Settings){.fail_on = SEVERITY_ERROR,
	                  .explore = {.limit = EXPLORE_LIMIT_DEFAULT},
	                  .ns = S("default"),
	                  .cluster_domain = S("cluster.local")};
}

Settings settings_copy(Arena *arena, const Settings *settings)
{
	Settings copy = *settings;

	for (size_t i = 0; i < OUTSIDE_COUNT; i++) {
		Patterns *patterns = &copy.outside[i];
		*patterns = (Patterns){0};
		for (size_t j = 0; j < settings->outside[i].len; j++)
			VEC_PUSH(arena, patterns->items, patterns->len, patterns->cap) =
				settings->outside[i].items[j];
	}
	return copy;
}

bool severity_read(Str text, Severity *out)
{
	static const char *const names[] = {"", "off", "info", "warning", "error"};

	for (int i = SEVERITY_OFF; i <= SEVERITY_ERROR; i++)
		if (str_is(text, names[i])) {
			*out = (Severity)i;
			return true;
		}
	if (str_is(text, "false")) { // `off` is a boolean in YAML 1.1
		*out = SEVERITY_OFF;
		return true;
	}
	return false;
}

// A star that was met: matching goes on behind it at `pattern`, and again one byte (or folder) further in the text.
typedef struct Star {
	bool met,
		folders; // "**/" takes whole folders, and none at all, too: "a/**/b" matches "a/b"
	size_t pattern, text;
} Star;

// The next place in the text to try behind the star.
static bool star_next(Star *star, Str text, bool deep)
{
	if (!star->met || star->text >= text.len || (!deep && text.p[star->text] == '/'))
		return false;
	star->text++;
	while (star->folders && text.p[star->text - 1] != '/')
		if (star->text++ == text.len)
			return false;
	return true;
}

// Behind the stars of the pattern at `*p`.
static Star star_at(Str pattern, size_t *p, size_t t, bool deep)
{
	Star star = {.met = true, .text = t};

	while (*p < pattern.len && pattern.p[*p] == '*')
		++*p;
	star.folders = deep && *p < pattern.len && pattern.p[*p] == '/';
	*p += star.folders;
	star.pattern = *p;
	return star;
}

// Of each kind the last star is remembered: quadratic for one, cubic at worst, in texts that are names.
bool pattern_match(Str pattern, Str text, bool path)
{
	Star deep = {0}, flat = {0};
	size_t p = 0, t = 0;

	while (t < text.len || p < pattern.len) {
		if (p < pattern.len && pattern.p[p] == '*') {
			bool twice = p + 1 < pattern.len && pattern.p[p + 1] == '*';
			Star star = star_at(pattern, &p, t, path && twice);
			*(!path || twice ? &deep : &flat) = star;
			if (!path || twice)
				flat.met = false;
		} else if (p < pattern.len && t < text.len &&
		           (pattern.p[p] == text.p[t] ||
		            (pattern.p[p] == '?' && text.p[t] != '/'))) {
			p++;
			t++;
		} else if (star_next(&flat, text, false)) {
			p = flat.pattern;
			t = flat.text;
		} else if (star_next(&deep, text, true)) {
			flat.met = false;
			p = deep.pattern;
			t = deep.text;
		} else {
			return false;
		}
	}
	return true;
}

typedef struct Reader {
	Arena *arena;
	Str file;
	Settings *config;
	Diag *diag;
} Reader;

static Place place_of(const Reader *r, const Node *node)
{
	return (Place){r->file, node->start.line, node->start.column};
}

static bool wrong_key(Reader *r, const Node *key, const Str *known, size_t count)
{
	Str nearest = str_nearest(node_text(key), known, count);

	if (nearest.len)
		return diag_fail_at(r->diag, place_of(r, key),
		                    "unknown key \"%.*s\" (did you mean \"%.*s\"?)",
		                    STR_ARGS(node_text(key)), STR_ARGS(nearest));
	return diag_fail_at(r->diag, place_of(r, key), "unknown key \"%.*s\"",
	                    STR_ARGS(node_text(key)));
}

static bool expect_kind(Reader *r, const Node *node, NodeKind kind, const char *what)
{
	if (node && node->kind == kind)
		return true;
	return diag_fail_at(r->diag, place_of(r, node), "%s", what);
}

// A table, each of whose keys is said once. One without rows, as where all of them are comments, is empty.
static bool expect_table(Reader *r, const Node *node, const char *what)
{
	Map *seen = map_new(r->arena, &TYPE_ANY_MAP);

	if (node_is_null(node))
		return true;
	if (!expect_kind(r, node, NODE_MAPPING, what))
		return false;
	for (size_t i = 0; i < node_count(node); i++) {
		const Node *key = node_key(node, i);
		const Value *before = map_get(seen, node_text(key));
		if (before)
			return diag_fail_at(
				r->diag, place_of(r, key),
				"\"%.*s\" stands here for the second time: line %lld has "
				"it, too",
				STR_ARGS(node_text(key)), (long long)before->i);
		map_set(r->arena, seen, node_text(key), value_int((int64_t)key->start.line));
	}
	return true;
}

static bool read_name(Reader *r, const Node *node, Str *out)
{
	if (node->kind != NODE_SCALAR || node_is_null(node) || !node_text(node).len)
		return diag_fail_at(r->diag, place_of(r, node), "a name is expected here");
	*out = node_text(node);
	return true;
}

static bool read_severity(Reader *r, const Node *node, Severity *out)
{
	static const Str known[] = {{"severity", 8, NULL}};
	const Node *severity = node;

	if (node->kind == NODE_MAPPING) {
		severity = node_at(node, "severity");
		for (size_t i = 0; i < node_count(node); i++)
			if (!str_is(node_text(node_key(node, i)), "severity"))
				return wrong_key(r, node_key(node, i), known, 1);
	}
	if (severity && severity_read(node_text(severity), out))
		return true;
	return diag_fail_at(r->diag, place_of(r, severity ? severity : node),
	                    "a rule is set to off, info, warning or error, not to \"%.*s\"",
	                    STR_ARGS(node_text(severity)));
}

static bool read_rules(Reader *r, const Node *node, RuleSettings *out)
{
	if (!expect_table(r, node, "rules must be a table of rule: severity"))
		return false;
	for (size_t i = 0; i < node_count(node); i++) {
		const Node *key = node_key(node, i);
		RuleSetting setting = {.rule = node_text(key)};
		if (!lint_rule(setting.rule))
			return diag_fail_at(r->diag, place_of(r, key), "%.*s",
			                    STR_ARGS(lint_no_rule(r->arena, setting.rule)));
		if (!read_severity(r, node_value(node, i), &setting.severity))
			return false;
		VEC_PUSH(r->arena, out->items, out->len, out->cap) = setting;
	}
	return true;
}

static bool read_patterns(Reader *r, const Node *node, Patterns *out)
{
	Str name;

	if (node_is_null(node))
		return true;
	if (!expect_kind(r, node, NODE_SEQUENCE, "a list of names is expected here"))
		return false;
	for (size_t i = 0; i < node->len; i++) {
		if (!read_name(r, node_item(node, i), &name))
			return false;
		VEC_PUSH(r->arena, out->items, out->len, out->cap) = name;
	}
	return true;
}

static bool read_outside(Reader *r, const Node *node)
{
	static const Str keys[OUTSIDE_COUNT] = {
		{"hosts", 5, NULL},       {"services", 8, NULL},         {"secrets", 7, NULL},
		{"configMaps", 10, NULL}, {"serviceAccounts", 15, NULL}, {"claims", 6, NULL},
		{"namespaces", 10, NULL},
	};

	if (!expect_table(r, node, "outside must be a table"))
		return false;
	for (size_t i = 0; i < node_count(node); i++) {
		size_t kind = 0;
		while (kind < OUTSIDE_COUNT && !str_eq(node_text(node_key(node, i)), keys[kind]))
			kind++;
		if (kind == OUTSIDE_COUNT)
			return wrong_key(r, node_key(node, i), keys, OUTSIDE_COUNT);
		if (!read_patterns(r, node_value(node, i), &r->config->outside[kind]))
			return false;
	}
	return true;
}

static bool read_path(Reader *r, const Node *item, PathSetting *out)
{
	static const Str keys[] = {{"path", 4, NULL}, {"rules", 5, NULL}};
	static const char what[] = "each of paths is a table of path and rules";

	if (!expect_kind(r, item, NODE_MAPPING, what) || !expect_table(r, item, what))
		return false;
	for (size_t i = 0; i < node_count(item); i++) {
		const Node *key = node_key(item, i), *value = node_value(item, i);
		if (str_is(node_text(key), "path")) {
			if (!read_name(r, value, &out->path))
				return false;
		} else if (!str_is(node_text(key), "rules")) {
			return wrong_key(r, key, keys, 2);
		} else if (!read_rules(r, value, &out->rules)) {
			return false;
		}
	}
	out->path = path_clean(r->arena, out->path);
	return (node_at(item, "path") && node_at(item, "rules")) ||
	       diag_fail_at(r->diag, place_of(r, item), "%s", what);
}

static bool read_paths(Reader *r, const Node *node)
{
	if (node_is_null(node))
		return true;
	if (!expect_kind(r, node, NODE_SEQUENCE, "paths must be a list of {path, rules}"))
		return false;
	for (size_t i = 0; i < node->len; i++) {
		PathSetting setting = {0};
		if (!read_path(r, node_item(node, i), &setting))
			return false;
		VEC_PUSH(r->arena, r->config->paths, r->config->path_count, r->config->path_cap) =
			setting;
	}
	return true;
}

bool explore_limit_read(Str text, size_t *out)
{
	uint64_t n;

	if (num_parse_uint(text, 10, 64, &n) != NUM_OK || !n || n > EXPLORE_LIMIT_MAX)
		return false;
	*out = (size_t)n;
	return true;
}

static bool read_switch(Reader *r, const Node *node, bool *out)
{
	*out = str_is(node_text(node), "true");
	return *out || str_is(node_text(node), "false") ||
	       diag_fail_at(r->diag, place_of(r, node), "true or false is expected here");
}

static bool read_explore(Reader *r, const Node *node)
{
	static const Str keys[] = {{"enabled", 7, NULL}, {"limit", 5, NULL}, {"except", 6, NULL}};
	ExploreSetting *explore = &r->config->explore;

	if (node->kind == NODE_SCALAR && !node_is_null(node))
		return read_switch(r, node, &explore->on);
	if (!expect_table(r, node, "explore is true, false or a table of limit and except"))
		return false;
	explore->on = true;
	for (size_t i = 0; i < node_count(node); i++) {
		const Node *key = node_key(node, i), *value = node_value(node, i);
		bool ok = true;
		if (str_is(node_text(key), "enabled"))
			ok = read_switch(r, value, &explore->on);
		else if (str_is(node_text(key), "except"))
			ok = read_patterns(r, value, &explore->except);
		else if (!str_is(node_text(key), "limit"))
			return wrong_key(r, key, keys, 3);
		else if (!explore_limit_read(node_text(value), &explore->limit))
			return diag_fail_at(r->diag, place_of(r, value),
			                    "limit must be a number of configurations, from 1 to "
			                    "%d",
			                    EXPLORE_LIMIT_MAX);
		if (!ok)
			return false;
	}
	return true;
}

static bool read_fail_on(Reader *r, const Node *node)
{
	Settings *config = r->config;

	config->never_fails = str_is(node_text(node), "never");
	return config->never_fails ||
	       (severity_read(node_text(node), &config->fail_on) &&
	        config->fail_on != SEVERITY_OFF) ||
	       diag_fail_at(r->diag, place_of(r, node),
	                    "failOn is error, warning, info or never, not \"%.*s\"",
	                    STR_ARGS(node_text(node)));
}

static bool read_entry(Reader *r, const Node *key, const Node *value)
{
	static const Str keys[] = {{"rules", 5, NULL},     {"outside", 7, NULL},
	                           {"paths", 5, NULL},     {"failOn", 6, NULL},
	                           {"namespace", 9, NULL}, {"clusterDomain", 13, NULL},
	                           {"explore", 7, NULL},   {"golden", 6, NULL}};
	Str name = node_text(key);

	if (str_is(name, "rules"))
		return read_rules(r, value, &r->config->rules);
	if (str_is(name, "outside"))
		return read_outside(r, value);
	if (str_is(name, "paths"))
		return read_paths(r, value);
	if (str_is(name, "explore"))
		return read_explore(r, value);
	if (str_is(name, "failOn"))
		return read_fail_on(r, value);
	if (str_is(name, "namespace"))
		return read_name(r, value, &r->config->ns);
	if (str_is(name, "clusterDomain"))
		return read_name(r, value, &r->config->cluster_domain);
	// What `cleat golden` compares: cmd/project.c reads it.
	return str_is(name, "golden") || wrong_key(r, key, keys, sizeof keys / sizeof *keys);
}

static bool read_document(Reader *r, Str text)
{
	YamlOptions options = {.file = r->file, .followed = true};
	Node **documents;
	const Node *root;
	size_t count;

	if (!yaml_read_all(r->arena, text, &options, &documents, &count, r->diag))
		return false;
	if (count > 1)
		return diag_fail_at(r->diag, place_of(r, documents[1]),
		                    "settings are one document: what follows this line would not "
		                    "count");
	root = count ? node_follow(documents[0]) : NULL;
	if (!root)
		return true;
	if (!expect_table(r, root, "a table of settings is expected"))
		return false;
	for (size_t i = 0; i < node_count(root); i++)
		if (!read_entry(r, node_key(root, i), node_value(root, i)))
			return false;
	return true;
}

bool settings_read(Arena *arena, Str text, Str file, Settings *out, Diag *diag)
{
	Reader r = {arena, file, out, diag};

	if (read_document(&r, text))
		return true;
	if (!diag->place.line)
		return diag_wrap(diag, "%.*s", STR_ARGS(file));
	return diag_wrap(diag, "%.*s:%zu:%zu", STR_ARGS(file), diag->place.line,
	                 diag->place.column);
}

// As the patterns of the settings call a file that is called by a path from the current folder: from their own.
static Str from_settings(const Settings *config, Arena *arena, Str file)
{
	Str whole = str_has_prefix(file, S("/")) ? file : path_join(arena, config->here, file);

	return config->folder.len && str_has_prefix(whole, config->folder)
	               ? str_from(whole, config->folder.len)
	               : file;
}

Severity settings_severity(const Settings *config, Arena *arena, Str rule, Str file,
                           Severity fallback)
{
	for (size_t i = 0; i < config->rules.len; i++)
		if (str_eq(config->rules.items[i].rule, rule))
			fallback = config->rules.items[i].severity;
	if (file.len && config->path_count)
		file = from_settings(config, arena, file);
	for (size_t i = 0; file.len && i < config->path_count; i++) {
		const PathSetting *setting = &config->paths[i];
		if (!pattern_match(setting->path, file, true))
			continue;
		for (size_t j = 0; j < setting->rules.len; j++)
			if (str_eq(setting->rules.items[j].rule, rule))
				fallback = setting->rules.items[j].severity;
	}
	return fallback;
}

bool settings_outside(const Settings *config, OutsideKind kind, Str ns, Str name)
{
	const Patterns *patterns = &config->outside[kind];

	for (size_t i = 0; i < patterns->len; i++) {
		Str pattern = patterns->items[i];
		size_t slash = str_find_byte(pattern, '/');
		if (slash != STR_NONE) {
			if (!pattern_match(str_to(pattern, slash), ns, false))
				continue;
			pattern = str_from(pattern, slash + 1);
		}
		if (pattern_match(pattern, name, false))
			return true;
	}
	return false;
}
