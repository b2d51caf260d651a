// Documents, hooks and their order, by the rules of Helm's pkg/release/v1/util.

#include "chart/manifest.h"

#include "base/num.h"
#include "data/yaml.h"

#include <stddef.h>
#include <stdlib.h>

// --- cutting ---

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

// Helm splits at (?:^|\s*\n)---\s*, where ^ is the start of the text only, and drops what is empty then.
bool manifest_next(Str *rest, bool *first, Str *document)
{
	for (;;) {
		size_t end, next;
		if (!rest->len)
			return false;
		if (*first && str_has_prefix(*rest, S("---"))) {
			end = 0;
			next = 3;
		} else {
			size_t at = str_find(*rest, S("\n---"));
			end = at == STR_NONE ? rest->len : at;
			next = at == STR_NONE ? rest->len : at + 4;
			while (at != STR_NONE && end > 0 && is_blank(rest->p[end - 1]))
				end--;
		}
		*first = false;
		while (next < rest->len && is_blank(rest->p[next]))
			next++;
		*document = str_to(*rest, end);
		*rest = str_from(*rest, next);
		if (document->len) {
			*document = str_trim_space(*document);
			return true;
		}
	}
}

// --- reading ---

typedef struct Sorter {
	Arena *arena;
	Log *log;
	Manifests *hooks, *manifests;
	BadManifest *bad;
	Diag *diag;
} Sorter;

static bool annotation(const YamlHead *head, const char *key, Str *out)
{
	for (size_t i = 0; i < head->annotation_count; i++)
		if (str_is(head->annotations[i].key, key)) {
			*out = head->annotations[i].value;
			return true;
		}
	return false;
}

static Str lowered(Arena *arena, Str text)
{
	Str copy = str_copy(arena, text);

	for (size_t i = 0; i < copy.len; i++)
		if (copy.p[i] >= 'A' && copy.p[i] <= 'Z')
			((char *)copy.p)[i] |= 0x20;
	return copy;
}

// False where one of the events is none of Helm's: the whole document is dropped then.
static bool hook_events(Arena *arena, Str events, bool *test)
{
	static const char *const KNOWN[] = {
		"pre-install",  "post-install", "pre-delete",    "post-delete", "pre-upgrade",
		"post-upgrade", "pre-rollback", "post-rollback", "test",        "test-success",
	};
	Str event;

	while (str_cut(&events, S(","), &event)) {
		bool known = false;
		event = lowered(arena, str_trim_space(event));
		for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN && !known; i++)
			known = str_is(event, KNOWN[i]);
		if (!known)
			return false;
		*test |= str_has_prefix(event, S("test"));
	}
	return true;
}

static void take_hook(Sorter *s, Manifest *m, const YamlHead *head, Str events)
{
	Str weight = S("");
	LogPair pair = {"hookTypes", events};

	m->hook = true;
	if (!hook_events(s->arena, events, &m->test)) {
		log_write(s->log, LOG_INFO, S("skipping unknown hooks"), &pair, 1);
		return;
	}
	annotation(head, "helm.sh/hook-weight", &weight);
	if (!weight.len || num_parse_int(weight, 10, 64, &m->weight) != NUM_OK)
		m->weight = 0;
	VEC_PUSH(s->arena, s->hooks->items, s->hooks->len, s->hooks->cap) = *m;
}

static bool take_document(Sorter *s, const Rendered *file, Str document)
{
	// What is read is only looked at: it goes at once, so that a render's peak does not hold all documents twice.
	Arena *scratch = arena_scratch(s->arena);
	Manifest m = {.name = file->name, .content = document};
	Diag inner = diag_new(s->arena);
	YamlHead head = {0};
	bool ok = yaml_scan_head(scratch, document, &head, &inner);
	Str events;

	if (ok) {
		m.api_version = str_copy(s->arena, head.version);
		m.kind = str_copy(s->arena, head.kind);
		m.resource = str_copy(s->arena, head.name);
		if (annotation(&head, "helm.sh/hook", &events))
			take_hook(s, &m, &head, str_copy(s->arena, events));
		else
			VEC_PUSH(s->arena, s->manifests->items, s->manifests->len,
			         s->manifests->cap) = m;
	}
	inner.message = str_copy(s->arena, inner.message);
	arena_scratch_free(s->arena, scratch);
	if (ok)
		return true;
	*s->bad = (BadManifest){file, document, inner.place.line, inner.since.line};
	diag_fail_str(s->diag, inner.message);
	return diag_wrap(s->diag, "YAML parse error on %.*s", STR_ARGS(file->name));
}

// --- order ---

// Helm's InstallOrder; other kinds follow by name.
static const char *const INSTALL_ORDER[] = {
	"PriorityClass",
	"Namespace",
	"NetworkPolicy",
	"ResourceQuota",
	"LimitRange",
	"PodSecurityPolicy",
	"PodDisruptionBudget",
	"ServiceAccount",
	"Secret",
	"SecretList",
	"ConfigMap",
	"StorageClass",
	"PersistentVolume",
	"PersistentVolumeClaim",
	"CustomResourceDefinition",
	"ClusterRole",
	"ClusterRoleList",
	"ClusterRoleBinding",
	"ClusterRoleBindingList",
	"Role",
	"RoleList",
	"RoleBinding",
	"RoleBindingList",
	"Service",
	"DaemonSet",
	"Pod",
	"ReplicationController",
	"ReplicaSet",
	"Deployment",
	"HorizontalPodAutoscaler",
	"StatefulSet",
	"Job",
	"CronJob",
	"IngressClass",
	"Ingress",
	"APIService",
	"MutatingWebhookConfiguration",
	"ValidatingWebhookConfiguration",
};
#define KIND_COUNT (sizeof INSTALL_ORDER / sizeof *INSTALL_ORDER)

typedef struct Ranked {
	Manifest manifest;
	size_t rank, at; // place of the kind, place in the input
} Ranked;

static size_t kind_rank(Str kind)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (str_is(kind, INSTALL_ORDER[i]))
			return i;
	return KIND_COUNT;
}

static int compare_ranked(const void *a, const void *b)
{
	const Ranked *x = a, *y = b;
	int by_kind;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	by_kind = x->rank == KIND_COUNT ? str_cmp(x->manifest.kind, y->manifest.kind) : 0;
	if (by_kind)
		return by_kind;
	return x->at < y->at ? -1 : 1;
}

// Helm 4 sorts hooks by kind as well: their weights count when they are run, not here.
static void sort_by_kind(Arena *arena, Manifests *manifests)
{
	Ranked *ranked = ARENA_ARRAY(arena, Ranked, manifests->len + 1);

	for (size_t i = 0; i < manifests->len; i++)
		ranked[i] = (Ranked){manifests->items[i], kind_rank(manifests->items[i].kind), i};
	qsort(ranked, manifests->len, sizeof *ranked, compare_ranked);
	for (size_t i = 0; i < manifests->len; i++)
		manifests->items[i] = ranked[i].manifest;
}

static int compare_files(const void *a, const void *b)
{
	return str_cmp(((const Rendered *)a)->name, ((const Rendered *)b)->name);
}

bool manifests_sort(Arena *arena, Log *log, Rendered *files, size_t count, Manifests *hooks,
                    Manifests *manifests, BadManifest *bad, Diag *diag)
{
	Sorter s = {arena, log, hooks, manifests, bad, diag};

	if (count)
		qsort(files, count, sizeof *files, compare_files);
	for (size_t i = 0; i < count; i++) {
		Str rest = str_trim_space(files[i].text), document;
		bool first = true;
		if (str_has_prefix(path_base(files[i].name), S("_")))
			continue;
		while (manifest_next(&rest, &first, &document))
			if (!take_document(&s, &files[i], document))
				return false;
	}
	sort_by_kind(arena, hooks);
	sort_by_kind(arena, manifests);
	return true;
}
