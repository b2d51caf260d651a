#include "k8s/compare.h"

#include "base/buf.h"
#include "base/num.h"
#include "data/json.h"
#include "data/node_path.h"
#include "data/yaml.h"
#include "k8s/base64.h"
#include "k8s/credential.h"
#include "k8s/merge_keys.h"
#include "k8s/quantities.h"
#include "k8s/secrets.h"

#include <string.h>

typedef struct Compare {
	Arena *arena;
	const CompareOptions *options;
	Changes *out;
	// Of the resource at hand.
	Str resource, kind;
	const Node *before, *after;
} Compare;

static Str text_at(const Node *mapping, const char *key)
{
	const Node *value =
		mapping && mapping->kind == NODE_MAPPING ? node_get_c(mapping, key) : NULL;

	value = value ? node_follow((Node *)value) : NULL;
	return value && value->kind == NODE_SCALAR ? value->value : S("");
}

// --- what a cluster adds ---

// What only a cluster writes: it never counts.
static const char *const CLUSTER_FIELDS[] = {
	"status",
	"metadata.uid",
	"metadata.resourceVersion",
	"metadata.generation",
	"metadata.creationTimestamp",
	"metadata.managedFields",
	"metadata.selfLink",
	"metadata.annotations[\"kubectl.kubernetes.io/last-applied-configuration\"]",
	"metadata.annotations[\"deployment.kubernetes.io/revision\"]",
	"spec.clusterIPs", // what spec.clusterIP says, or else an address
};

// What a cluster writes where one side says nothing: by the end of the path, the kind (NULL: any) and the value (NULL:
// any).
static const struct {
	const char *path, *kind, *value;
} CLUSTER_DEFAULTS[] = {
	{"restartPolicy", NULL, "Always"},
	{"dnsPolicy", NULL, "ClusterFirst"},
	{"schedulerName", NULL, "default-scheduler"},
	{"terminationGracePeriodSeconds", NULL, "30"},
	{"spec.serviceAccount", NULL, NULL}, // the old name of serviceAccountName
	{"terminationMessagePath", NULL, "/dev/termination-log"},
	{"terminationMessagePolicy", NULL, "File"},
	{"imagePullPolicy", NULL, "IfNotPresent"},
	{"successThreshold", NULL, "1"},
	{"failureThreshold", NULL, "3"},
	{"periodSeconds", NULL, "10"},
	{"timeoutSeconds", NULL, "1"},
	{"scheme", NULL, "HTTP"},
	{"defaultMode", NULL, "420"},
	{"fieldRef.apiVersion", NULL, "v1"},
	{"protocol", NULL, "TCP"},
	{"spec.replicas", NULL, "1"},
	{"progressDeadlineSeconds", "Deployment", "600"},
	{"revisionHistoryLimit", NULL, "10"},
	{"strategy.type", "Deployment", "RollingUpdate"},
	{"rollingUpdate.maxSurge", "Deployment", "25%"},
	{"rollingUpdate.maxUnavailable", "Deployment", "25%"},
	{"updateStrategy.type", NULL, "RollingUpdate"},
	{"rollingUpdate.maxSurge", "DaemonSet", "0"},
	{"rollingUpdate.maxUnavailable", "DaemonSet", "1"},
	{"rollingUpdate.partition", "StatefulSet", "0"},
	{"podManagementPolicy", "StatefulSet", "OrderedReady"},
	{"whenDeleted", "StatefulSet", "Retain"},
	{"whenScaled", "StatefulSet", "Retain"},
	{"apiVersion", "StatefulSet", "v1"}, // of its claims
	{"kind", "StatefulSet", "PersistentVolumeClaim"},
	{"status", "StatefulSet", NULL},
	{"volumeMode", NULL, "Filesystem"},
	{"spec.volumeName", "PersistentVolumeClaim", NULL},
	{"spec.storageClassName", "PersistentVolumeClaim", NULL},
	{"spec.clusterIP", "Service", NULL},
	{"spec.ipFamilies", "Service", NULL},
	{"spec.ipFamilyPolicy", "Service", "SingleStack"},
	{"spec.internalTrafficPolicy", "Service", "Cluster"},
	{"spec.externalTrafficPolicy", "Service", "Cluster"},
	{"spec.allocateLoadBalancerNodePorts", "Service", "true"},
	{"spec.healthCheckNodePort", "Service", NULL},
	{"spec.sessionAffinity", "Service", "None"},
	{"spec.type", "Service", "ClusterIP"},
	{"nodePort", "Service", NULL},
	{"spec.backoffLimit", NULL, "6"},
	{"spec.completionMode", NULL, "NonIndexed"},
	{"spec.parallelism", NULL, "1"},
	{"spec.completions", NULL, "1"},
	{"spec.suspend", NULL, "false"},
	{"spec.podReplacementPolicy", NULL, "TerminatingOrFailed"},
	{"spec.manualSelector", "Job", "false"},
	{"spec.selector", "Job", NULL},
	{"spec.concurrencyPolicy", "CronJob", "Allow"},
	{"spec.failedJobsHistoryLimit", "CronJob", "1"},
	{"spec.successfulJobsHistoryLimit", "CronJob", "3"},
	{"apiGroup", "RoleBinding", "rbac.authorization.k8s.io"},
	{"apiGroup", "ClusterRoleBinding", "rbac.authorization.k8s.io"},
	{"type", "Secret", "Opaque"},
	{"spec.finalizers", "Namespace", NULL},
	{"metadata.finalizers", "PersistentVolumeClaim", NULL},
};

// Annotations and labels that controllers and Helm's installation write, by their beginning.
static const char *const CLUSTER_LABELS[] = {
	"meta.helm.sh/",
	"pv.kubernetes.io/",
	"volume.kubernetes.io/",
	"volume.beta.kubernetes.io/",
	"deprecated.daemonset.template.generation",
	"kubernetes.io/metadata.name",
	"controller-uid",
	"job-name",
	"batch.kubernetes.io/controller-uid",
	"batch.kubernetes.io/job-name",
};

// Whether the path is `end`, or ends in it behind a dot.
static bool path_ends(Str path, const char *end)
{
	Str wanted = str_c(end);

	return str_has_suffix(path, wanted) &&
	       (path.len == wanted.len || path.p[path.len - wanted.len - 1] == '.');
}

// Whether people choose the keys there, so that they mean nothing by themselves.
static bool has_free_keys(Str path)
{
	static const char *const below[] = {"abels.", "abels[", "nnotations.", "nnotations[",
	                                    "nodeSelector."};

	for (size_t i = 0; i < sizeof below / sizeof *below; i++)
		if (str_contains(path, str_c(below[i])))
			return true;
	return str_has_prefix(path, S("data")) || str_has_prefix(path, S("stringData")) ||
	       str_has_prefix(path, S("binaryData"));
}

static bool is_cluster_default(const Compare *c, Str path, const Node *value)
{
	Str text = value->kind == NODE_SCALAR ? value->value : S("");

	if (value->kind == NODE_MAPPING && !value->len)
		return true; // securityContext: {}
	for (size_t i = 0;
	     !has_free_keys(path) && i < sizeof CLUSTER_DEFAULTS / sizeof *CLUSTER_DEFAULTS; i++) {
		const char *kind = CLUSTER_DEFAULTS[i].kind, *wanted = CLUSTER_DEFAULTS[i].value;
		if (!path_ends(path, CLUSTER_DEFAULTS[i].path) || (kind && !str_is(c->kind, kind)))
			continue;
		// clusterIP: None is said by a person.
		if (wanted ? str_is(text, wanted) : !str_is(text, "None"))
			return true;
	}
	return false;
}

static bool is_cluster_label(Str path, Str key, const Node *value)
{
	if (str_is(key, "app.kubernetes.io/managed-by") && value->kind == NODE_SCALAR)
		return str_is(value->value, "Helm");
	if (!str_contains(path, S("metadata.annotations")) &&
	    !str_contains(path, S("metadata.labels")))
		return false;
	for (size_t i = 0; i < sizeof CLUSTER_LABELS / sizeof *CLUSTER_LABELS; i++)
		if (str_has_prefix(key, str_c(CLUSTER_LABELS[i])))
			return true;
	return false;
}

static bool is_cluster_field(const Compare *c, Str path)
{
	if (!c->options->ignore_cluster)
		return false;
	for (size_t i = 0; i < sizeof CLUSTER_FIELDS / sizeof *CLUSTER_FIELDS; i++)
		if (str_is(path, CLUSTER_FIELDS[i]))
			return true;
	return path_ends(path, "metadata.creationTimestamp"); // of a pod's template: null
}

// What one side alone says may be what its cluster filled in, whichever side that is.
static bool cluster_adds(const Compare *c, Str path, Str field, const Node *value)
{
	if (!c->options->ignore_cluster)
		return false;
	if (is_cluster_field(c, path) || is_cluster_default(c, path, value) ||
	    is_cluster_label(path, field, value) ||
	    (str_is(path, "metadata.namespace") && value->kind == NODE_SCALAR &&
	     str_eq(value->value, c->options->namespace)))
		return true;
	// A mapping of nothing else.
	for (size_t i = 0; value->kind == NODE_MAPPING && i + 1 < value->len; i += 2) {
		Str key = value->children[i]->value;
		if (!cluster_adds(c, node_path_of_key(c->arena, path, key), key,
		                  node_follow(value->children[i + 1])))
			return false;
	}
	return value->kind == NODE_MAPPING;
}

// The API server writes amounts anew: 0.5 as 500m, 1024Mi as 1Gi.
static bool same_amount(const Compare *c, Str path, const Node *before, const Node *after)
{
	static const char *const places[] = {"limits", "requests", "hard", "capacity", "sizeLimit"};
	int64_t a, b;
	bool here = str_is(c->kind, "LimitRange");

	for (size_t i = 0; !here && !has_free_keys(path) && i < sizeof places / sizeof *places; i++)
		here = str_contains(path, str_c(places[i]));
	return c->options->ignore_cluster && here && before->kind == NODE_SCALAR &&
	       after->kind == NODE_SCALAR && quantity_parse(before->value, &a) &&
	       quantity_parse(after->value, &b) && a == b;
}

// The API server turns a secret's stringData into data: keys with the same text on both sides are left out of both.
static void drop_same_texts(const Compare *c, Node **plain, Node **encoded)
{
	Node *texts = node_get_c(*plain, "stringData"), *data = node_get_c(*encoded, "data");
	Node *texts_left, *data_left;

	texts = texts ? node_follow(texts) : NULL;
	data = data ? node_follow(data) : NULL;
	if (!texts || !data || texts->kind != NODE_MAPPING || data->kind != NODE_MAPPING)
		return;
	texts_left = node_copy(c->arena, texts);
	data_left = node_copy(c->arena, data);
	for (size_t i = 0; i + 1 < texts->len; i += 2) {
		Str key = texts->children[i]->value,
		    text = node_follow(texts->children[i + 1])->value;
		const Node *other = node_get(data, key);
		Str decoded;
		if (!other || !base64_read(c->arena, node_follow((Node *)other)->value, &decoded) ||
		    !str_eq(decoded, text))
			continue;
		node_remove(texts_left, key);
		node_remove(data_left, key);
	}
	*plain = node_copy(c->arena, *plain);
	node_set(c->arena, *plain, S("stringData"), texts_left);
	*encoded = node_copy(c->arena, *encoded);
	node_set(c->arena, *encoded, S("data"), data_left);
}

// --- one resource ---

static void note(Compare *c, Str path, const Node *before, const Node *after)
{
	Change change = {CHANGE_FIELD, c->resource, path,     before,
	                 after,        c->before,   c->after, false};

	change.secret = secret_is_path(c->kind, path, before ? before : after);
	VEC_PUSH(c->arena, c->out->items, c->out->len, c->out->cap) = change;
}

static void compare_nodes(Compare *c, Str path, Node *before, Node *after, const MergeType *type);

// From this many keys on, a mapping is looked up in through a table.
#define INDEX_FROM 16

typedef struct Lookup {
	const Node *mapping;
	Map *index; // NULL for small ones
} Lookup;

static Lookup lookup_new(const Compare *c, const Node *mapping)
{
	Lookup lookup = {mapping, NULL};

	if (mapping->len < 2 * INDEX_FROM)
		return lookup;
	lookup.index = map_new(c->arena, &TYPE_ANY_MAP);
	for (size_t i = 0; i + 1 < mapping->len; i += 2)
		map_set(c->arena, lookup.index, mapping->children[i]->value,
		        (Value){.kind = V_FUNC, .pointer = mapping->children[i + 1]});
	return lookup;
}

static Node *lookup_get(const Lookup *lookup, Str key)
{
	const Value *found;

	if (!lookup->index)
		return node_get(lookup->mapping, key);
	found = map_get(lookup->index, key);
	return found ? found->pointer : NULL;
}

static void compare_mappings(Compare *c, Str path, const Node *before, const Node *after,
                             const MergeType *type)
{
	Lookup in_before = lookup_new(c, before), in_after = lookup_new(c, after);

	for (size_t i = 0; i + 1 < before->len; i += 2) {
		Str key = before->children[i]->value;
		Str here = node_path_of_key(c->arena, path, key);
		Node *other = lookup_get(&in_after, key);
		if (is_cluster_field(c, here))
			continue;
		if (other)
			compare_nodes(c, here, before->children[i + 1], other,
			              merge_type_field(type, key));
		else if (!cluster_adds(c, here, key, node_follow(before->children[i + 1])))
			note(c, here, node_follow(before->children[i + 1]), NULL);
	}
	for (size_t i = 0; i + 1 < after->len; i += 2) {
		Str key = after->children[i]->value;
		Str here = node_path_of_key(c->arena, path, key);
		Node *value = node_follow(after->children[i + 1]);
		if (lookup_get(&in_before, key) || is_cluster_field(c, here) ||
		    cluster_adds(c, here, key, value))
			continue;
		note(c, here, NULL, value);
	}
}

// What tells an item of a list from the others: the values of its merge keys, or its name. Empty where it has none.
static Str item_identity(const Compare *c, const Node *item, const MergeType *type)
{
	static const char *const name_only[] = {"name"};
	bool merges = type && type->merge && type->key_count;
	const char *const *keys = merges ? type->keys : name_only;
	size_t count = merges ? type->key_count : 1;
	Buf buf = buf_new(c->arena);

	if (item->kind != NODE_MAPPING)
		return S("");
	for (size_t i = 0; i < count; i++) {
		Str value = text_at(item, keys[i]);
		if (!value.len && str_is(str_c(keys[i]), "protocol"))
			value = S("TCP");
		if (!value.len && i == 0)
			return S("");
		buf_str(&buf, value);
		buf_byte(&buf, '\n');
	}
	return buf_view(&buf);
}

// A table from identity to item; NULL where some item has none or two have the same.
static Map *index_items(const Compare *c, const Node *list, const MergeType *type)
{
	Map *index = map_new(c->arena, &TYPE_ANY_MAP);

	for (size_t i = 0; i < list->len; i++) {
		Str identity = item_identity(c, node_follow(list->children[i]), type);
		if (!identity.len || map_get(index, identity))
			return NULL;
		map_set(c->arena, index, identity,
		        (Value){.kind = V_FUNC, .pointer = node_follow(list->children[i])});
	}
	return index;
}

static void compare_lists(Compare *c, Str path, const Node *before, const Node *after,
                          const MergeType *type)
{
	Map *before_index = index_items(c, before, type),
	    *after_index = index_items(c, after, type);
	const MergeType *items = type ? type->items : NULL;
	size_t longest = before->len > after->len ? before->len : after->len;

	for (size_t i = 0; (!before_index || !after_index) && i < longest; i++) {
		Str here = str_printf(c->arena, "%.*s[%zu]", STR_ARGS(path), i);
		if (i < before->len && i < after->len)
			compare_nodes(c, here, before->children[i], after->children[i], items);
		else if (i < before->len)
			note(c, here, node_follow(before->children[i]), NULL);
		else
			note(c, here, NULL, node_follow(after->children[i]));
	}
	if (!before_index || !after_index)
		return;
	for (size_t i = 0; i < before->len; i++) {
		Node *item = node_follow(before->children[i]);
		Str here = node_path_of_item(c->arena, path, item, i);
		Value *other = map_get(after_index, item_identity(c, item, type));
		if (other)
			compare_nodes(c, here, item, other->pointer, items);
		else
			note(c, here, item, NULL);
	}
	for (size_t i = 0; i < after->len; i++) {
		Node *item = node_follow(after->children[i]);
		if (!map_get(before_index, item_identity(c, item, type)))
			note(c, node_path_of_item(c->arena, path, item, i), NULL, item);
	}
}

static void compare_nodes(Compare *c, Str path, Node *before, Node *after, const MergeType *type)
{
	before = node_follow(before);
	after = node_follow(after);
	if (before->kind == NODE_MAPPING && after->kind == NODE_MAPPING)
		compare_mappings(c, path, before, after, type);
	else if (before->kind == NODE_SEQUENCE && after->kind == NODE_SEQUENCE)
		compare_lists(c, path, before, after, type);
	else if (!node_equal(before, after) && !same_amount(c, path, before, after))
		note(c, path, before, after);
}

// --- sets of resources ---

typedef struct Resource {
	Str identity, shown;
	Node *node;
	bool matched;
} Resource;

typedef struct Resources {
	Resource *items;
	size_t len, cap;
	Map *index; // identity to position
	Map *seen;  // identity to how many there are
} Resources;

static Str group_of(Str api_version)
{
	size_t slash = str_find(api_version, S("/"));

	return slash == STR_NONE ? S("") : str_to(api_version, slash);
}

static void add_resource(Compare *c, Resources *set, Node *node)
{
	const Node *metadata = node_get_c(node, "metadata");
	Str kind = text_at(node, "kind"), name = text_at(metadata, "name");
	Str namespace = text_at(metadata, "namespace"),
	    group = group_of(text_at(node, "apiVersion"));
	Resource r = {.node = node};
	Value *seen;
	bool elsewhere;

	if (!kind.len)
		return;
	if (!name.len)
		name = text_at(metadata, "generateName");
	elsewhere = namespace.len && !str_eq(namespace, c->options->namespace);
	r.shown = str_printf(c->arena, "%.*s/%.*s%s%.*s", STR_ARGS(kind),
	                     STR_ARGS(elsewhere ? namespace : S("")), elsewhere ? "/" : "",
	                     STR_ARGS(name));
	r.identity = str_printf(c->arena, "%.*s|%.*s", STR_ARGS(group), STR_ARGS(r.shown));
	seen = map_get(set->seen, r.identity);
	if (seen) // a second one of the same name is matched with the other side's second
		r.identity = str_printf(c->arena, "%.*s|%lld", STR_ARGS(r.identity),
		                        (long long)++seen->i);
	else
		map_set(c->arena, set->seen, r.identity, value_int(1));
	map_set(c->arena, set->index, r.identity, value_int((int64_t)set->len));
	VEC_PUSH(c->arena, set->items, set->len, set->cap) = r;
}

static void add_documents(Compare *c, Resources *set, Node *const *documents, size_t count)
{
	set->index = map_new(c->arena, &TYPE_ANY_MAP);
	set->seen = map_new(c->arena, &TYPE_ANY_MAP);
	for (size_t i = 0; i < count; i++) {
		Node *root = node_follow(documents[i]);
		Node *items = root && root->kind == NODE_MAPPING ? node_get_c(root, "items") : NULL;
		items = items ? node_follow(items) : NULL;
		if (!root || root->kind != NODE_MAPPING)
			continue;
		if (items && items->kind == NODE_SEQUENCE &&
		    str_has_suffix(text_at(root, "kind"), S("List")))
			for (size_t j = 0; j < items->len; j++)
				add_resource(c, set, node_follow(items->children[j]));
		else
			add_resource(c, set, root);
	}
}

static void note_resource(Compare *c, ChangeKind kind, const Resource *r)
{
	const Node *before = kind == CHANGE_REMOVED ? r->node : NULL,
		   *after = kind == CHANGE_ADDED ? r->node : NULL;

	VEC_PUSH(c->arena, c->out->items, c->out->len, c->out->cap) =
		(Change){kind, r->shown, S(""), before, after, before, after, false};
}

void compare_documents(Arena *arena, Node *const *before, size_t before_count, Node *const *after,
                       size_t after_count, const CompareOptions *options, Changes *out)
{
	Compare c = {.arena = arena, .options = options, .out = out};
	Resources old = {0}, new = {0};

	*out = (Changes){0};
	add_documents(&c, &old, before, before_count);
	add_documents(&c, &new, after, after_count);
	for (size_t i = 0; i < old.len; i++) {
		Resource *r = &old.items[i], *other;
		Value *at = map_get(new.index, r->identity);
		out->resources++;
		if (!at) {
			note_resource(&c, CHANGE_REMOVED, r);
			continue;
		}
		other = &new.items[at->i];
		other->matched = true;
		c.resource = r->shown;
		c.kind = text_at(r->node, "kind");
		c.before = r->node;
		c.after = other->node;
		if (options->ignore_cluster && str_is(c.kind, "Secret")) {
			drop_same_texts(&c, &r->node, &other->node);
			drop_same_texts(&c, &other->node, &r->node);
		}
		compare_nodes(&c, S(""), r->node, other->node,
		              merge_type_of(text_at(r->node, "apiVersion"), c.kind));
	}
	for (size_t i = 0; i < new.len; i++)
		if (!new.items[i].matched) {
			out->resources++;
			note_resource(&c, CHANGE_ADDED, &new.items[i]);
		}
}

// --- showing ---

#define SHOWN_MAX 160

// What `kubectl apply` notes of a Secret holds its data in plain text.
static bool is_applied_configuration(Str path)
{
	return str_contains(path, S("last-applied-configuration"));
}

// Whether the scalar at `path` below a mapping is secret: by its path, or, for an item {name: X, value: Y}, by the name.
static bool is_secret_entry(Str kind, Str path, const Node *mapping, Str key)
{
	const Node *name = str_is(key, "value") ? node_get_c(mapping, "name") : NULL;

	return secret_is_path(kind, path, NULL) || is_applied_configuration(path) ||
	       (name && name->kind == NODE_SCALAR && secret_is_name(name->value));
}

// A copy in which nothing secret can be read.
static Node *masked(Arena *arena, Str kind, Str path, const Node *node)
{
	Node *copy;

	node = node_follow((Node *)node);
	copy = node_new(arena, node->kind);
	copy->tag = node->tag;
	copy->tagged = node->tagged;
	copy->style = node->style;
	copy->value = node->kind == NODE_SCALAR ? credential_mask(arena, node->value) : node->value;
	for (size_t i = 0; node->kind == NODE_SEQUENCE && i < node->len; i++)
		node_push(arena, copy,
		          masked(arena, kind, node_path_of_item(arena, path, node->children[i], i),
		                 node->children[i]));
	for (size_t i = 0; node->kind == NODE_MAPPING && i + 1 < node->len; i += 2) {
		Str key = node->children[i]->value, here = node_path_of_key(arena, path, key);
		const Node *value = node_follow(node->children[i + 1]);
		if (is_secret_entry(kind, here, node, key))
			node_set(arena, copy, key,
			         node_scalar(arena, value->kind == NODE_SCALAR
			                                    ? secret_mask(arena, value->value)
			                                    : S("********")));
		else
			node_set(arena, copy, key, masked(arena, kind, here, value));
	}
	return copy;
}

static Str cut(Arena *arena, Str shown)
{
	size_t end = SHOWN_MAX;

	if (shown.len <= SHOWN_MAX)
		return shown;
	while (end && ((unsigned char)shown.p[end] & 0xC0) == 0x80)
		end--; // not inside a character
	return str_concat(arena, str_to(shown, end),
	                  str_printf(arena, "... (%zu bytes)", shown.len));
}

Str change_value(Arena *arena, const Change *change, const Node *node)
{
	const Node *root = change->after_root ? change->after_root : change->before_root;
	Str kind = text_at(root, "kind");
	Text text = text_new(arena, false);
	Diag ignored = diag_new(arena);
	YamlValueOptions options = {.ints = true};
	Value v;

	if (!node)
		return S("nothing");
	if (change->secret || is_applied_configuration(change->path))
		return node->kind == NODE_SCALAR ? secret_mask(arena, node->value) : S("********");
	if (node->kind == NODE_SCALAR && str_find_byte(node->value, '\n') == STR_NONE)
		return cut(arena,
		           node->value.len ? credential_mask(arena, node->value) : S("\"\""));
	if (!node_to_value(arena, masked(arena, kind, change->path, node), &options, &v,
	                   &ignored) ||
	    !json_write(&text, &v, (JsonStyle){false, NULL}, &ignored))
		return S("...");
	return cut(arena, text_str(&text));
}

// "password = x" and "password: x" in a text.
static Str mask_line(Arena *arena, Str line)
{
	size_t equals = str_find_byte(line, '='), colon = str_find_byte(line, ':');
	size_t at = equals < colon ? equals : colon;

	if (at != STR_NONE && secret_is_name(str_trim_space(str_to(line, at))))
		return str_concat(arena, str_concat(arena, str_to(line, at + 1), S(" ")),
		                  secret_mask(arena, str_from(line, at + 1)));
	return credential_mask(arena, line);
}

void change_values(Arena *arena, const Change *change, Str *before, Str *after, size_t *line)
{
	Str old, new, old_line = S(""), new_line = S("");
	bool old_more = true, new_more = true;

	*line = 0;
	*before = change_value(arena, change, change->before);
	*after = change_value(arena, change, change->after);
	if (change->secret || !change->before || !change->after ||
	    change->before->kind != NODE_SCALAR || change->after->kind != NODE_SCALAR)
		return;
	old = change->before->value;
	new = change->after->value;
	if (str_find_byte(old, '\n') == STR_NONE && str_find_byte(new, '\n') == STR_NONE)
		return;
	while (old_more && new_more && str_eq(old_line, new_line)) {
		old_more = str_line(&old, &old_line);
		new_more = str_line(&new, &new_line);
		++*line;
	}
	*before = old_more ? cut(arena, mask_line(arena, old_line)) : S("nothing");
	*after = new_more ? cut(arena, mask_line(arena, new_line)) : S("nothing");
}

size_t change_offset(const Change *change)
{
	size_t at = 0;
	Str old, new;

	if (!change->before || !change->after || change->before->kind != NODE_SCALAR ||
	    change->after->kind != NODE_SCALAR)
		return 0;
	old = change->before->value;
	new = change->after->value;
	while (at < old.len && at < new.len &&old.p[at] == new.p[at])
		at++;
	return at < new.len || !at ? at : at - 1;
}
