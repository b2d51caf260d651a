// What `cleat why` answers, as a Value that both of its formats print.

#include "base/num.h"
#include "cmd/annotate.h"
#include "cmd/why.h"
#include "data/node_path.h"
#include "data/yaml.h"
#include "k8s/credential.h"
#include "k8s/model.h"
#include "k8s/secrets.h"
#include "lint/lint.h"

#include <string.h>

// --- places ---

// Templates of the chart itself are named from its folder.
static Str shown_file(void *context, Str file)
{
	const Why *w = context;
	const SourceFiles *files = w->built.files;

	for (size_t i = 0; files && i < files->chart_count; i++)
		if (str_has_prefix(file, files->charts[i].prefix))
			return str_concat(w->arena, files->charts[i].folder,
			                  str_from(file, files->charts[i].prefix.len));
	return str_has_prefix(file, w->prefix) ? str_from(file, w->prefix.len) : file;
}

Str why_place(const Why *w, Place place)
{
	Str file = shown_file((void *)w, place.file);

	if (!place.line)
		return file;
	return str_printf(w->arena, "%.*s:%zu:%zu", STR_ARGS(file), place.line, place.column);
}

static size_t count_lines(Str text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.p[i] == '\n';
	return count;
}

// --- the documents, in the order of the output ---

typedef struct Document {
	const Manifest *manifest;
	size_t line; // of the output that `cleat render` prints, in which its first one stands
} Document;

typedef struct Documents {
	Document *items;
	size_t len;
} Documents;

static Documents documents_of(const Why *w)
{
	const Manifests *groups[] = {&w->render.manifests, &w->render.hooks};
	Documents all = {ARENA_ARRAY(w->arena, Document, groups[0]->len + groups[1]->len + 1), 0};
	size_t line = 1;

	for (size_t g = 0; g < 2; g++)
		for (size_t i = 0; i < groups[g]->len; i++) {
			const Manifest *m = &groups[g]->items[i];
			line += w->built.files ? i > 0 : 2; // --- and # Source
			all.items[all.len++] = (Document){m, line};
			line += count_lines(m->content);
			line += !w->built.files; // its text ends with its line
		}
	return all;
}

static bool read_document(const Why *w, const Manifest *m, Node **document)
{
	YamlOptions options = {.file = m->name, .followed = true};

	return yaml_read(w->arena, m->content, &options, document, w->diag);
}

static Str identity(Arena *arena, const Manifest *m)
{
	return str_printf(arena, "%.*s/%.*s", STR_ARGS(m->kind), STR_ARGS(m->resource));
}

static bool is_in_namespace(const Why *w, const Manifest *m, Str ns)
{
	Node *document, *found;
	Str part, nearest;

	if (!read_document(w, m, &document))
		return false;
	found = node_at_path(w->arena, document, S("metadata.namespace"), &part, &nearest);
	return found && str_eq(found->value, ns);
}

static void no_such_resource(const Why *w, const Documents *all, Str wanted)
{
	Str *names = ARENA_ARRAY(w->arena, Str, all->len + 1), nearest;
	size_t slash = str_find(wanted, S("/"));

	for (size_t i = 0; i < all->len; i++)
		names[i] = identity(w->arena, all->items[i].manifest);
	nearest = str_nearest(wanted, names, all->len);
	// The right name of another kind.
	for (size_t i = 0; slash != STR_NONE && i < all->len && !nearest.len; i++)
		if (str_has_suffix(names[i], str_from(wanted, slash)))
			nearest = names[i];
	if (nearest.len)
		diag_fail(w->diag, "there is no %.*s in this render; the nearest is %.*s",
		          STR_ARGS(wanted), STR_ARGS(nearest));
	else
		diag_fail(w->diag, "there is no %.*s in this render of %zu resources",
		          STR_ARGS(wanted), all->len);
}

// By KIND/NAME, or KIND/NAMESPACE/NAME where several namespaces have one.
static const Document *find_resource(const Why *w, const Documents *all, Str wanted)
{
	size_t first = str_find(wanted, S("/")), last = str_rfind(wanted, S("/"));
	Str ns = S(""), plain = wanted;

	if (first != last) {
		ns = str_slice(wanted, first + 1, last);
		plain = str_concat(w->arena, str_to(wanted, first), str_from(wanted, last));
	}
	for (size_t i = 0; i < all->len; i++)
		if (str_ieq(identity(w->arena, all->items[i].manifest), plain) &&
		    (!ns.len || is_in_namespace(w, all->items[i].manifest, ns)))
			return &all->items[i];
	no_such_resource(w, all, wanted);
	return NULL;
}

// --- the values ---

// `path` is `wanted` or below it.
static bool is_below(Str path, Str wanted)
{
	return str_has_prefix(path, wanted) &&
	       (path.len == wanted.len || path.p[wanted.len] == '.' || path.p[wanted.len] == '[');
}

// The entry of a map that `rest`, "a.b[0].c", begins with, which is taken off it. Keys may hold dots.
static const Value *take_key(const Map *map, Str *rest)
{
	for (size_t end = 0; end <= rest->len; end++) {
		const Value *found;
		if (end < rest->len && rest->p[end] != '.' && rest->p[end] != '[')
			continue;
		found = map_get(map, str_to(*rest, end));
		if (found) {
			*rest = str_from(*rest, end);
			return found;
		}
	}
	return NULL;
}

static const Value *take_index(const List *list, Str *rest)
{
	size_t close = str_find_byte(*rest, ']');
	int64_t index;

	if (!str_has_prefix(*rest, S("[")) || close == STR_NONE ||
	    num_parse_int(str_slice(*rest, 1, close), 10, 32, &index) != NUM_OK || index < 0 ||
	    (size_t)index >= list->len)
		return NULL;
	*rest = str_from(*rest, close + 1);
	return &list->items[index];
}

// The value at "a.b[0].c", or NULL; then *behind is the last value on the way, and *rest what it has not.
static const Value *value_at_path(const Value *root, Str path, const Value **behind, Str *rest)
{
	const Value *at = root;

	*rest = path;
	while (at && rest->len) {
		*behind = at;
		if (at != root && rest->p[0] == '.')
			*rest = str_from(*rest, 1);
		at = at->kind == V_MAP    ? take_key(at->map, rest)
		     : at->kind == V_LIST ? take_index(at->list, rest)
		                          : NULL;
	}
	return at;
}

static const Origin *leaf_origin(const Value *v)
{
	return v->kind == V_STRING ? value_as_str(v).origin : v->origin;
}

// --- origins and causes ---

static void put(const Why *w, Map *map, const char *key, Value v)
{
	map_set(w->arena, map, str_c(key), v);
}

static void put_str(const Why *w, Map *map, const char *key, Str s)
{
	s.origin = NULL;
	put(w, map, key, value_str(s));
}

static void put_place(const Why *w, Map *map, Place place)
{
	put_str(w, map, "file", shown_file((void *)w, place.file));
	put(w, map, "line", value_int((int64_t)place.line));
	put(w, map, "column", value_int((int64_t)place.column));
}

static const char *kind_word(OriginKind kind)
{
	static const char *const words[] = {
		[ORIGIN_VALUES] = "values",     [ORIGIN_FLAG] = "flag",
		[ORIGIN_TEMPLATE] = "template", [ORIGIN_BUILTIN] = "builtin",
		[ORIGIN_SPANS] = "spans",       [ORIGIN_DERIVED] = "derived",
		[ORIGIN_FILE] = "file",
	};

	return words[kind];
}

static Map *describe_origin(const Why *w, const Origin *origin, size_t offset)
{
	Map *map = map_new(w->arena, &TYPE_ANY_MAP);
	List *list;

	put_str(w, map, "kind", str_c(kind_word(origin->kind)));
	if (origin->kind == ORIGIN_VALUES || origin->kind == ORIGIN_TEMPLATE ||
	    origin->kind == ORIGIN_FILE)
		put_place(w, map, origin_place(origin, offset));
	if (origin->path.len)
		put_str(w, map, "path", origin->path);
	if (origin->kind == ORIGIN_FLAG)
		put_str(w, map, "flag", credential_mask(w->arena, origin->text));
	if (origin->over) {
		list = list_new(w->arena, &TYPE_ANY_LIST, 1);
		for (const Origin *lost = origin->over; lost; lost = lost->over) {
			Map *entry = map_new(w->arena, &TYPE_ANY_MAP);
			put_str(w, entry, "kind", str_c(kind_word(lost->kind)));
			put_place(w, entry, origin_place(lost, 0));
			list_push(w->arena, list, value_map(entry));
		}
		put(w, map, "over", value_list(list));
	}
	if (origin->kind == ORIGIN_DERIVED) {
		list = list_new(w->arena, &TYPE_ANY_LIST, 1);
		for (size_t i = 0; i < origin->span_count; i++)
			list_push(w->arena, list,
			          value_map(describe_origin(w, origin->spans[i].origin, 0)));
		put(w, map, "from", value_list(list));
	}
	return map;
}

// Of "mlflow" and "mlflow.enabled" the second says it all.
static bool is_only_a_way(const Cause *cause, Str path)
{
	for (size_t i = 0; i < cause->path_count; i++)
		if (cause->paths[i].len > path.len && is_below(cause->paths[i], path))
			return true;
	return false;
}

static Map *describe_decider(const Why *w, Str path)
{
	Map *map = map_new(w->arena, &TYPE_ANY_MAP);
	Value root = value_map(w->render.values);
	const Value *behind, *v = value_at_path(&root, path, &behind, &(Str){0});
	const Origin *origin = v ? leaf_origin(v) : NULL;

	put_str(w, map, "path", path);
	if (origin && origin->kind == ORIGIN_VALUES)
		put_place(w, map, origin_place(origin, 0));
	else if (origin && origin->kind == ORIGIN_FLAG)
		put_str(w, map, "flag", credential_mask(w->arena, origin->text));
	return map;
}

static Map *describe_cause(const Why *w, const Cause *cause)
{
	Map *map = map_new(w->arena, &TYPE_ANY_MAP);
	List *values = list_new(w->arena, &TYPE_ANY_LIST, cause->path_count);

	put_str(w, map, "kind", str_c(cause_word(cause)));
	put_place(w, map, cause_place(cause));
	put_str(w, map, "source", credential_mask(w->arena, cause_source(w->arena, cause)));
	put_str(w, map, "in", shown_file((void *)w, cause_template(cause)));
	if (!cause->path_count)
		return map;
	for (size_t i = 0; i < cause->path_count; i++)
		if (!is_only_a_way(cause, cause->paths[i]))
			list_push(w->arena, values,
			          value_map(describe_decider(w, cause->paths[i])));
	put(w, map, "values", value_list(values));
	put(w, map, "went", value_bool(cause->went));
	return map;
}

static bool is_condition(const Cause *cause)
{
	return cause->kind == CAUSE_IF || cause->kind == CAUSE_WITH || cause->kind == CAUSE_RANGE;
}

// The action that wrote the bytes, the calls that led to it from the outside in, and the conditions on the way.
static void describe_causes(const Why *w, Map *piece, const Cause *cause)
{
	List *through = list_new(w->arena, &TYPE_ANY_LIST, 4),
	     *because = list_new(w->arena, &TYPE_ANY_LIST, 4);

	for (; cause; cause = cause->outer) {
		if (cause->kind == CAUSE_ACTION) {
			if (!map_get(piece, S("action")))
				put(w, piece, "action", value_map(describe_cause(w, cause)));
			for (const Cause *choice = cause->choices; choice; choice = choice->outer)
				list_push(w->arena, because, value_map(describe_cause(w, choice)));
		} else if (is_condition(cause) && cause->path_count) {
			list_push(w->arena, because, value_map(describe_cause(w, cause)));
		} else if (cause->kind == CAUSE_INCLUDE || cause->kind == CAUSE_TEMPLATE ||
		           cause->kind == CAUSE_TPL) {
			list_push(w->arena, through, value_map(describe_cause(w, cause)));
		}
	}
	put(w, piece, "through", value_list(through));
	put(w, piece, "because", value_list(because));
}

// --- why RESOURCE PATH ---

// Bytes of a document that are never shown.
typedef struct Secrets {
	Arena *arena;
	const Manifest *manifest;
	Str option;         // the scalar before this one
	const Node *scalar; // whose credentials are noted
	size_t *starts, *ends;
	size_t count, start_cap, end_cap;
} Secrets;

static void note_range(Secrets *s, size_t start, size_t end)
{
	size_t n = s->count;

	VEC_PUSH(s->arena, s->starts, s->count, s->start_cap) = start;
	VEC_PUSH(s->arena, s->ends, n, s->end_cap) = end;
}

static void note_credential(void *context, const Credential *found)
{
	Secrets *s = context;
	Source source = {.text = s->manifest->content};

	note_range(s, lint_source_offset(&source, s->scalar, found->at),
	           lint_source_offset(&source, s->scalar, found->at + found->len));
}

static void note_secret(void *context, const Node *scalar, Str path, bool is_key)
{
	Secrets *s = context;
	bool follows = str_has_prefix(s->option, S("--")) && credential_name(s->option);

	s->option = is_key ? S("") : scalar->value;
	if (is_key)
		return;
	if (follows || secret_is_path(s->manifest->kind, path, scalar)) {
		note_range(s, scalar->start.offset, scalar->end.offset);
		return;
	}
	s->scalar = scalar;
	credential_each(s->arena, scalar->value, note_credential, s);
}

static bool is_secret(const Secrets *s, size_t start, size_t end)
{
	for (size_t i = 0; i < s->count; i++)
		if (start < s->ends[i] && end > s->starts[i])
			return true;
	return false;
}

// One line of the document, with what is secret in it masked.
static Str shown_line(const Secrets *s, size_t start, size_t end)
{
	Str content = s->manifest->content, line = S("");
	size_t at = start;

	while (at < end) {
		size_t from = end, to = end;
		for (size_t i = 0; i < s->count; i++)
			if (s->ends[i] > at && s->starts[i] < from) {
				from = s->starts[i] > at ? s->starts[i] : at;
				to = s->ends[i] < end ? s->ends[i] : end;
			}
		line = str_concat(s->arena, line, str_slice(content, at, from));
		if (from < end)
			line = str_concat(s->arena, line,
			                  secret_mask(s->arena, str_slice(content, from, to)));
		at = from < end ? to : end;
	}
	return line;
}

static List *describe_pieces(const Why *w, const Secrets *secrets, size_t start, size_t end)
{
	List *pieces = list_new(w->arena, &TYPE_ANY_LIST, 2);
	Str content = secrets->manifest->content;
	OriginSpan run;

	while (origin_next(content, &start, end, &run)) {
		Map *piece = map_new(w->arena, &TYPE_ANY_MAP);
		Str text = str_slice(content, run.start, run.start + run.len);
		put_str(w, piece, "text",
		        is_secret(secrets, run.start, run.start + run.len)
		                ? secret_mask(w->arena, text)
		                : text);
		if (run.origin)
			put(w, piece, "origin",
			    value_map(describe_origin(w, run.origin, run.offset)));
		describe_causes(w, piece, run.cause);
		list_push(w->arena, pieces, value_map(piece));
	}
	return pieces;
}

static List *describe_lines(const Why *w, const Secrets *secrets, size_t start, size_t end,
                            size_t number)
{
	List *lines = list_new(w->arena, &TYPE_ANY_LIST, 8);
	FileNames names = {shown_file, (void *)w};
	Str content = secrets->manifest->content;

	for (size_t next; start < end; start = next + 1, number++) {
		size_t len = str_find_byte(str_from(content, start), '\n');
		Map *line = map_new(w->arena, &TYPE_ANY_MAP);
		Buf made = buf_new(w->arena);
		next = len == STR_NONE ? content.len : start + len;
		annotate_line(&made, content, start, next, &names);
		put(w, line, "line", value_int((int64_t)number));
		put_str(w, line, "text", shown_line(secrets, start, next));
		put_str(w, line, "made", buf_view(&made));
		list_push(w->arena, lines, value_map(line));
	}
	return lines;
}

// Where a value's text begins: of a block in what Kustomize printed, behind the header, which nobody wrote.
static size_t text_start(const Why *w, const Manifest *m, const Node *node)
{
	size_t line_end = str_find_byte(str_from(m->content, node->start.offset), '\n');

	if (!w->built.files || node->style != NODE_LITERAL || line_end == STR_NONE)
		return node->start.offset;
	return node->start.offset + line_end + 1;
}

static size_t line_start(Str text, size_t at)
{
	while (at && text.p[at - 1] != '\n')
		at--;
	return at;
}

static void describe_node(Why *w, const Document *document, Node *root, const Node *node,
                          Map *answer)
{
	const Manifest *m = document->manifest;
	Secrets secrets = {.arena = w->arena, .manifest = m};
	size_t start = line_start(m->content, node->start.offset), end = node->end.offset,
	       number = document->line + node->start.line - 1;
	size_t line_len = str_find_byte(str_from(m->content, start), '\n');

	// A block ends where the next token starts.
	while (node->kind != NODE_SCALAR && end > node->start.offset &&
	       strchr(" \n", m->content.p[end - 1]))
		end--;
	node_walk_scalars(w->arena, root, note_secret, &secrets);
	w->masked = is_secret(&secrets, node->start.offset, end);
	put_str(w, answer, "source", shown_file(w, m->name));
	put(w, answer, "line", value_int((int64_t)number));
	put_str(w, answer, "rendered",
	        shown_line(&secrets, start,
	                   line_len == STR_NONE ? m->content.len : start + line_len));
	put(w, answer, "pieces",
	    value_list(describe_pieces(w, &secrets, text_start(w, m, node), end)));
	if (node->kind != NODE_SCALAR && line_len != STR_NONE && start + line_len < end)
		put(w, answer, "lines",
		    value_list(describe_lines(w, &secrets, start, end, number)));
}

bool why_resource(Why *w, Str resource, Str path, Map *answer)
{
	Documents all = documents_of(w);
	const Document *document = find_resource(w, &all, resource);
	Str found, nearest, name;
	Node *root, *node;

	if (!document || !read_document(w, document->manifest, &root))
		return false;
	name = identity(w->arena, document->manifest);
	node = node_at_path(w->arena, root, path, &found, &nearest);
	if (!node && nearest.len)
		return diag_fail(
			w->diag, "%.*s has nothing at %.*s; the nearest is %.*s behind \"%.*s\"",
			STR_ARGS(name), STR_ARGS(path), STR_ARGS(nearest), STR_ARGS(found));
	if (!node)
		return diag_fail(w->diag, "%.*s has nothing at %.*s (what is there: %.*s)",
		                 STR_ARGS(name), STR_ARGS(path),
		                 STR_ARGS(found.len ? found : S("the document itself")));
	put_str(w, answer, "resource", name);
	put_str(w, answer, "path", path);
	describe_node(w, document, root, node, answer);
	return true;
}

// --- why --value PATH ---

static bool origin_is_of(const Origin *origin, Str wanted)
{
	if (!origin)
		return false;
	for (size_t i = 0; origin->kind == ORIGIN_DERIVED && i < origin->span_count; i++)
		if (origin_is_of(origin->spans[i].origin, wanted))
			return true;
	return (origin->kind == ORIGIN_VALUES || origin->kind == ORIGIN_FLAG) &&
	       is_below(origin->path, wanted);
}

static bool hangs_on(const Cause *cause, Str wanted)
{
	for (size_t i = 0; i < cause->path_count; i++)
		if (is_below(cause->paths[i], wanted))
			return true;
	return false;
}

// All decisions of one place that went one way.
typedef struct Decision {
	const Cause *cause;
	int64_t times;
	Map *appears;     // resource to the number of its values
	const Node *last; // the value that was counted last
} Decision;

typedef struct Reach {
	const Why *w;
	const Document *document;
	Str wanted, resource;
	List *reaches;
	Map *by_place; // of the decisions that hang on the value
	Map *by_cause; // address of a cause to its Decision; NULL for those that do not
	Decision **decisions;
	size_t count, cap;
} Reach;

static Decision *decision_of(Reach *r, const Cause *cause)
{
	Arena *arena = r->w->arena;
	Str address = str_n((const char *)&cause, sizeof cause), key;
	Decision **known = table_get(r->by_cause, address), *d;
	Place place;

	if (known)
		return *known;
	known = ARENA_NEW(arena, Decision *);
	table_put(arena, r->by_cause, str_copy(arena, address), known);
	if (!hangs_on(cause, r->wanted))
		return NULL;
	place = cause_place(cause);
	key = str_printf(arena, "%.*s:%zu:%zu %d", STR_ARGS(place.file), place.line, place.column,
	                 cause->went);
	d = table_get(r->by_place, key);
	if (!d) {
		d = ARENA_NEW(arena, Decision);
		*d = (Decision){.cause = cause, .appears = map_new(arena, &TYPE_ANY_MAP)};
		table_put(arena, r->by_place, key, d);
		VEC_PUSH(arena, r->decisions, r->count, r->cap) = d;
	}
	return *known = d;
}

static void count_appearance(Reach *r, const Cause *cause, const Node *scalar)
{
	Decision *d = decision_of(r, cause);
	Value *count;

	if (!d || d->last == scalar)
		return;
	d->last = scalar;
	count = map_get(d->appears, r->resource);
	if (count)
		count->i++;
	else
		map_set(r->w->arena, d->appears, r->resource, value_int(1));
}

static void add_reached(const Reach *r, const Node *scalar, Str path, bool is_key,
                        const OriginSpan *run)
{
	Map *entry = map_new(r->w->arena, &TYPE_ANY_MAP);
	Str before = str_slice(r->document->manifest->content, scalar->start.offset, run->start);

	put_str(r->w, entry, "resource", r->resource);
	put_str(r->w, entry, "path", path);
	put(r->w, entry, "key", value_bool(is_key));
	put(r->w, entry, "derived", value_bool(run->origin->kind == ORIGIN_DERIVED));
	put(r->w, entry, "line",
	    value_int((int64_t)(r->document->line + scalar->start.line - 1 + count_lines(before))));
	describe_causes(r->w, entry, run->cause);
	list_push(r->w->arena, r->reaches, value_map(entry));
}

static void visit_scalar(void *context, const Node *scalar, Str path, bool is_key)
{
	Reach *r = context;
	size_t at = scalar->start.offset;
	bool reached = false;
	OriginSpan run;

	while (origin_next(r->document->manifest->content, &at, scalar->end.offset, &run)) {
		if (!reached && origin_is_of(run.origin, r->wanted)) {
			add_reached(r, scalar, path, is_key, &run);
			reached = true;
		}
		for (const Cause *cause = run.cause; cause && !is_key; cause = cause->outer) {
			if (is_condition(cause))
				count_appearance(r, cause, scalar);
			for (const Cause *choice = cause->choices; choice; choice = choice->outer)
				count_appearance(r, choice, scalar);
		}
	}
}

static bool gather_reaches(Reach *r)
{
	Documents all = documents_of(r->w);
	Node *root;

	for (size_t i = 0; i < all.len; i++) {
		r->document = &all.items[i];
		r->resource = identity(r->w->arena, r->document->manifest);
		if (!read_document(r->w, r->document->manifest, &root))
			return false;
		node_walk_scalars(r->w->arena, root, visit_scalar, r);
	}
	return true;
}

static List *describe_decisions(Reach *r)
{
	const Trace *trace = r->w->render.trace;
	Arena *arena = r->w->arena;
	List *list;

	for (size_t i = 0; i < trace->decision_count; i++) {
		Decision *d = decision_of(r, trace->decisions[i]);
		if (d)
			d->times++;
	}
	list = list_new(arena, &TYPE_ANY_LIST, r->count);
	for (size_t i = 0; i < r->count; i++) {
		Map *map = describe_cause(r->w, r->decisions[i]->cause);
		const Map *appears = r->decisions[i]->appears;
		List *resources = list_new(arena, &TYPE_ANY_LIST, appears->len);
		for (size_t j = 0; j < appears->len; j++) {
			Map *entry = map_new(arena, &TYPE_ANY_MAP);
			put_str(r->w, entry, "resource", appears->entries[j].key);
			put(r->w, entry, "values", appears->entries[j].value);
			list_push(arena, resources, value_map(entry));
		}
		put(r->w, map, "times", value_int(r->decisions[i]->times));
		put(r->w, map, "appears", value_list(resources));
		list_push(arena, list, value_map(map));
	}
	return list;
}

// How often the value or something below it was asked for.
static int64_t count_reads(const Why *w, Str wanted)
{
	const Map *reads = w->render.trace->reads;
	int64_t count = 0;

	for (size_t i = 0; i < reads->len; i++)
		if (is_below(reads->entries[i].key, wanted))
			count += reads->entries[i].value.i;
	return count;
}

static bool no_such_value(const Why *w, Str wanted, const Value *behind, Str rest)
{
	size_t count = behind->kind == V_MAP ? behind->map->len : 0, end = 0;
	Str *names = ARENA_ARRAY(w->arena, Str, count + 1), nearest;

	for (size_t i = 0; i < count; i++)
		names[i] = behind->map->entries[i].key;
	while (end < rest.len && rest.p[end] != '.' && rest.p[end] != '[')
		end++;
	nearest = str_nearest(str_to(rest, end), names, count);
	if (nearest.len)
		return diag_fail(w->diag, "the values have no %.*s; did you mean \"%.*s\"?",
		                 STR_ARGS(wanted), STR_ARGS(nearest));
	return diag_fail(w->diag, "the values have no %.*s, and no template asks for it",
	                 STR_ARGS(wanted));
}

bool why_value(const Why *w, Str wanted, Map *answer)
{
	Value root = value_map(w->render.values);
	const Value *behind = &root;
	int64_t reads = count_reads(w, wanted);
	Reach r = {.w = w,
	           .wanted = wanted,
	           .reaches = list_new(w->arena, &TYPE_ANY_LIST, 8),
	           .by_place = map_new(w->arena, &TYPE_ANY_MAP),
	           .by_cause = map_new(w->arena, &TYPE_ANY_MAP)};
	Str rest;

	if (!value_at_path(&root, wanted, &behind, &rest) && !reads)
		return no_such_value(w, wanted, behind, rest);
	if (!gather_reaches(&r))
		return false;
	put_str(w, answer, "value", wanted);
	put(w, answer, "reads", value_int(reads));
	put(w, answer, "reaches", value_list(r.reaches));
	put(w, answer, "decides", value_list(describe_decisions(&r)));
	return true;
}
