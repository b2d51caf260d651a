// Choosing what to try, and telling the findings what it showed.

#include "lint/left_out.h"

#include "k8s/credential.h"
#include "lint/mask.h"
#include "template/ast.h"

#include <string.h>

// Renders at most: a wait for what no template makes at all costs them in vain.
#define ATTEMPTS_MAX 16
// Settings of one attempt: deeper nesting is not searched.
#define SETTINGS_MAX 3
#define DEPTH_MAX    200
// Shorter parts of a name say nothing.
#define WORD_LEAST 3

enum { SCORE_WRITES_KIND = 4, SCORE_SPEAKS_OF_NAME = 2, SCORE_CALLS = 1, SCORE_SUBCHART = 3 };

struct LeftOutSearch {
	Arena *arena;
	Switches *switches;
	LeftOut **missed;
	Finding **findings; // one for each of missed
	size_t count, missed_cap, finding_cap;
	LeftOutAttempt *queue; // taken ones have a count of 0
	size_t queue_len, queue_cap, tried;
	Map *seen; // decisions and dependencies that are queued already
};

// --- what a branch that was not taken would have done ---

typedef struct Branch {
	const LeftOutSearch *search;
	bool writes_kind, speaks_of_name, calls;
} Branch;

// Whether the text has a part of a missed object's name: "mlflow" of "release-mlflow".
static bool speaks_of_name(const LeftOutSearch *s, Str text)
{
	for (size_t i = 0; i < s->count; i++) {
		Str rest = s->missed[i]->name, word;
		while (str_cut(&rest, S("-"), &word))
			if (word.len >= WORD_LEAST && str_contains(text, word))
				return true;
	}
	return false;
}

// Whether the text has a missed key: "password:".
static bool writes_key(Str text, Str key)
{
	size_t at;

	while (key.len && (at = str_find(text, key)) != STR_NONE) {
		text = str_from(text, at + key.len);
		if (str_has_prefix(text, S(":")) || str_has_prefix(text, S("\":")))
			return true;
	}
	return false;
}

static bool writes_kind(Str text, Str kind)
{
	size_t at;

	while ((at = str_find(text, S("kind:"))) != STR_NONE) {
		text = str_from(text, at + 5);
		if (str_has_prefix(str_trim_ascii(text), kind))
			return true;
	}
	return false;
}

static void look_at_text(Branch *b, Str text)
{
	for (size_t i = 0; i < b->search->count && !b->writes_kind; i++)
		b->writes_kind = writes_kind(text, b->search->missed[i]->kind) ||
		                 writes_key(text, b->search->missed[i]->key);
}

// The name of a template that is called may tell what it writes: "common.service".
static void look_at_call(Branch *b, Str name)
{
	b->calls = true;
	for (size_t i = 0; i < b->search->count; i++)
		b->writes_kind |= str_ieq(
			str_from(name, name.len - (name.len < b->search->missed[i]->kind.len
		                                           ? name.len
		                                           : b->search->missed[i]->kind.len)),
			b->search->missed[i]->kind);
}

static void look_at(Branch *b, const Ast *node, int depth)
{
	Str included;

	if (!node || depth > DEPTH_MAX)
		return;
	switch (node->kind) {
	case AST_TEXT:
		look_at_text(b, node->text);
		b->speaks_of_name |= speaks_of_name(b->search, node->text);
		break;
	case AST_STRING:
		b->speaks_of_name |= speaks_of_name(b->search, node->text);
		break;
	case AST_TEMPLATE:
		look_at_call(b, node->text);
		b->speaks_of_name |= speaks_of_name(b->search, node->text);
		break;
	case AST_COMMAND:
		if (ast_includes(node, &included))
			look_at_call(b, included);
		// fall through
	case AST_LIST:
	case AST_PIPE:
		for (size_t i = 0; i < node->count; i++)
			look_at(b, node->items[i], depth + 1);
		break;
	case AST_ACTION:
		look_at(b, node->pipe, depth + 1);
		break;
	case AST_IF:
	case AST_WITH:
	case AST_RANGE:
		look_at(b, node->list, depth + 1);
		look_at(b, node->else_list, depth + 1);
		break;
	default:
		break;
	}
}

static int score_of(const LeftOutSearch *s, const Cause *cause)
{
	Branch b = {.search = s};
	const Ast *node = cause->node;
	int score;

	if (!node || (cause->kind != CAUSE_IF && cause->kind != CAUSE_WITH))
		return 0;
	look_at(&b, cause->went ? node->else_list : node->list, 0);
	score = b.writes_kind ? SCORE_WRITES_KIND : b.calls ? SCORE_CALLS : 0;
	for (size_t i = 0; i < cause->path_count; i++)
		b.speaks_of_name |= speaks_of_name(s, cause->paths[i]);
	return score && (b.speaks_of_name || speaks_of_name(s, node->tree->parse_name))
	               ? score + SCORE_SPEAKS_OF_NAME
	               : score;
}

// --- what to try ---

static bool is_set(const LeftOutAttempt *attempt, size_t which)
{
	for (size_t i = 0; attempt && i < attempt->count; i++)
		if (attempt->settings[i].which == which)
			return true;
	return false;
}

static void queue(LeftOutSearch *s, const LeftOutAttempt *below, const Setting *settings,
                  size_t count, Place condition, int score)
{
	size_t before = below ? below->count : 0;
	LeftOutAttempt attempt = {.settings = ARENA_ARRAY(s->arena, Setting, before + count),
	                          .count = before + count,
	                          .condition = condition,
	                          .score = score - (int)(before + count)};

	if (!count || attempt.count > SETTINGS_MAX)
		return;
	if (below) {
		memcpy(attempt.settings, below->settings, before * sizeof *settings);
		attempt.condition = below->condition.file.len ? below->condition : condition;
	}
	memcpy(attempt.settings + before, settings, count * sizeof *settings);
	VEC_PUSH(s->arena, s->queue, s->queue_len, s->queue_cap) = attempt;
}

// A decision that asked for more is another one: `or` and `and` ask until they know.
static Str decision_key(const LeftOutSearch *s, const Cause *cause, Place place)
{
	Buf key = buf_new(s->arena);

	buf_printf(&key, "%.*s:%zu:%zu", STR_ARGS(place.file), place.line, place.column);
	for (size_t i = 0; i < cause->path_count; i++)
		buf_printf(&key, " %.*s", STR_ARGS(cause->paths[i]));
	return buf_view(&key);
}

static bool first_time(LeftOutSearch *s, Str key)
{
	if (map_get(s->seen, key))
		return false;
	map_set(s->arena, s->seen, str_copy(s->arena, key), value_bool(true));
	return true;
}

// Each value of each switch that the decision hangs on, then all of them together.
static void queue_decision(LeftOutSearch *s, const LeftOutAttempt *below, const Chart *chart,
                           const Str *paths, size_t count, Place condition, int score)
{
	Setting all[SETTINGS_MAX];
	size_t all_count = 0;

	condition.file = str_copy(s->arena, condition.file);
	for (size_t i = 0; i < count; i++) {
		size_t which = switches_find(s->switches, chart, paths[i]);
		if (which == STR_NONE || is_set(below, which))
			continue;
		for (size_t v = 0; v < s->switches->items[which].value_count; v++)
			queue(s, below, &(Setting){which, v}, 1, condition, score);
		if (s->switches->items[which].value_count && all_count < SETTINGS_MAX)
			all[all_count++] = (Setting){which, 0};
	}
	if (all_count > 1)
		queue(s, below, all, all_count, condition, score);
}

LeftOutSearch *left_out_new(Arena *arena, const Findings *findings)
{
	LeftOutSearch *s = ARENA_NEW(arena, LeftOutSearch);

	s->arena = arena;
	s->seen = map_new(arena, &TYPE_ANY_MAP);
	s->switches = switches_new(arena, NULL);
	s->switches->every = true;
	for (size_t i = 0; i < findings->len; i++) {
		if (!findings->items[i]->left_out || findings->items[i]->state != FINDING_NEW)
			continue;
		VEC_PUSH(arena, s->findings, s->count, s->finding_cap) = findings->items[i];
		s->count--;
		VEC_PUSH(arena, s->missed, s->count, s->missed_cap) = findings->items[i]->left_out;
	}
	return s;
}

void left_out_learn(LeftOutSearch *s, const LeftOutAttempt *attempt, const Render *render)
{
	Settables ignored = {0};

	if (!render->values || !render->trace)
		return;
	switches_learn(s->switches, render, &ignored);
	for (size_t i = 0; i < render->asked.len; i++) {
		const DependencySwitch *asked = &render->asked.items[i];
		int score = SCORE_SUBCHART +
		            (speaks_of_name(s, asked->path) ? SCORE_SPEAKS_OF_NAME : 0);
		if (!asked->on && first_time(s, asked->path))
			queue_decision(s, attempt, render->chart, &asked->path, 1, (Place){0},
			               score);
	}
	for (size_t i = 0; i < render->trace->decision_count; i++) {
		const Cause *cause = render->trace->decisions[i];
		int score = cause->path_count ? score_of(s, cause) : 0;
		Place place = score ? cause_place(cause) : (Place){0};
		if (score && first_time(s, decision_key(s, cause, place)))
			queue_decision(s, attempt, render->chart, cause->paths, cause->path_count,
			               place, score);
	}
}

bool left_out_wanted(const LeftOutSearch *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (!s->missed[i]->because.len)
			return true;
	return false;
}

LeftOutAttempt *left_out_next(LeftOutSearch *s)
{
	LeftOutAttempt *best = NULL;

	if (s->tried == ATTEMPTS_MAX)
		return NULL;
	for (size_t i = 0; i < s->queue_len; i++)
		if (s->queue[i].count && (!best || s->queue[i].score > best->score))
			best = &s->queue[i];
	if (!best)
		return NULL;
	s->tried++;
	LeftOutAttempt *taken = ARENA_NEW(s->arena, LeftOutAttempt);
	*taken = *best;
	best->count = 0;
	return taken;
}

bool left_out_apply(const LeftOutSearch *s, const LeftOutAttempt *attempt, Arena *arena,
                    Map *values, Diag *diag)
{
	return switches_apply(s->switches, attempt->settings, attempt->count, arena, values, diag);
}

// --- what it showed ---

// "externalBackend.enabled is true"; of a text only that it is set, unless the condition compares it.
static void describe(Buf *out, const Switch *sw, const SwitchValue *turned)
{
	buf_str(out, sw->path);
	if (sw->own.kind == V_BOOL)
		buf_c(out, sw->own.b ? " is true" : " is false");
	else if (value_is_int(&sw->own))
		buf_printf(out, " is %lld", (long long)sw->own.i);
	else if (sw->own.kind != V_STRING)
		buf_c(out, " is not set");
	else if (str_has_suffix(turned->text, S("=")) || credential_name(sw->path))
		buf_c(out, " is set");
	else if (!value_as_str(&sw->own).len)
		buf_c(out, " is empty");
	else
		buf_printf(out, " is \"%.*s\"", STR_ARGS(value_as_str(&sw->own)));
}

static Str because(const LeftOutSearch *s, const LeftOutAttempt *attempt)
{
	Buf out = buf_new(s->arena);

	for (size_t i = 0; i < attempt->count; i++) {
		const Switch *sw = &s->switches->items[attempt->settings[i].which];
		if (i)
			buf_c(&out, " and ");
		describe(&out, sw, &sw->values[attempt->settings[i].value]);
	}
	return buf_view(&out);
}

static bool is_there(const Model *model, const LeftOut *missed, Arena *arena)
{
	for (int kind = REF_SECRET; kind <= REF_ACCOUNT; kind++) {
		Provider *provider;
		if (!str_is(missed->kind, ref_object_kind((RefKind)kind)))
			continue;
		provider = model_provider(model, (RefKind)kind, missed->ns, missed->name);
		return provider &&
		       (!missed->key.len || model_provides_key(model, provider, missed->key));
	}
	return model_resource(model, str_to_c(arena, missed->kind), missed->ns, missed->name);
}

bool left_out_found(LeftOutSearch *s, const LeftOutAttempt *attempt, const Model *model, Lint *lint)
{
	bool any = false;

	for (size_t i = 0; i < s->count; i++) {
		LeftOut *left_out = s->missed[i];
		Finding *finding = s->findings[i];
		if (left_out->because.len || !is_there(model, left_out, s->arena))
			continue;
		any = true;
		left_out->because = mask_message(lint, because(s, attempt));
		left_out->condition = lint_person_place(lint, attempt->condition);
		left_out->value = lint_person_place(
			lint, s->switches->items[attempt->settings[0].which].place);
		finding->message =
			left_out->key.len
				? str_printf(s->arena, "%.*s; it is left out because %.*s",
		                             STR_ARGS(finding->message),
		                             STR_ARGS(left_out->because))
				: str_printf(s->arena, "%.*s; %.*s/%.*s is left out because %.*s",
		                             STR_ARGS(finding->message), STR_ARGS(left_out->kind),
		                             STR_ARGS(left_out->name), STR_ARGS(left_out->because));
	}
	return any;
}
