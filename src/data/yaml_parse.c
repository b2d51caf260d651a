// Tokens to events, by the rules of go-yaml's parser: a machine whose states say what may come
// next.

#include "data/yaml_parse.h"

enum {
	AT_STREAM_START,
	AT_IMPLICIT_DOCUMENT,
	AT_DOCUMENT_START,
	AT_DOCUMENT_CONTENT,
	AT_DOCUMENT_END,
	AT_BLOCK_NODE,
	AT_SEQUENCE_FIRST,
	AT_SEQUENCE_ENTRY,
	AT_INDENTLESS_ENTRY,
	AT_MAPPING_FIRST,
	AT_MAPPING_KEY,
	AT_MAPPING_VALUE,
	AT_FLOW_SEQUENCE_FIRST,
	AT_FLOW_SEQUENCE_ENTRY,
	AT_FLOW_PAIR_KEY, // [key: value]
	AT_FLOW_PAIR_VALUE,
	AT_FLOW_PAIR_END,
	AT_FLOW_MAPPING_FIRST,
	AT_FLOW_MAPPING_KEY,
	AT_FLOW_MAPPING_VALUE,
	AT_FLOW_MAPPING_EMPTY,
	AT_END,
};

static const YamlMark no_mark;

static bool fail_context(Parser *p, YamlMark context, const char *problem, YamlMark at)
{
	p->scanner.error = YAML_ERROR_PARSER;
	p->scanner.problem = problem;
	p->scanner.problem_mark = at;
	p->scanner.context_mark = context;
	return false;
}

static bool fail(Parser *p, const char *problem, YamlMark at)
{
	return fail_context(p, no_mark, problem, at);
}

static inline void push_state(Parser *p, uint8_t state)
{
	VEC_PUSH(p->scanner.scratch, p->states, p->state_count, p->state_cap) = state;
}

static inline void pop_state(Parser *p)
{
	p->state = p->states[--p->state_count];
}

static inline void push_mark(Parser *p, YamlMark at)
{
	VEC_PUSH(p->scanner.scratch, p->marks, p->mark_count, p->mark_cap) = at;
}

// --- comments (YAML_V3)
// ---------------------------------------------------------------------------------

static void join_comment(Parser *p, Str *to, Str more)
{
	if (more.len == 0)
		return;
	*to = to->len == 0 ? more
	                   : str_concat(p->scanner.arena,
	                                str_concat(p->scanner.arena, *to, S("\n")), more);
}

// Takes the comments that stand before the token.
static void unfold_comments(Parser *p, const YamlToken *token)
{
	Scanner *s = &p->scanner;

	while (s->comment_head < s->comment_count) {
		YamlComment *comment = &s->comments[s->comment_head];

		if (token->start.pos < comment->token.pos)
			return;
		// Ends have no heads: these are for what follows.
		if (comment->head.len > 0 && token->kind == TOKEN_BLOCK_END)
			return;
		join_comment(p, &p->waiting.head, comment->head);
		join_comment(p, &p->waiting.foot, comment->foot);
		join_comment(p, &p->waiting.line, comment->line);
		*comment = (YamlComment){0};
		s->comment_head++;
	}
}

static inline YamlToken *peek(Parser *p)
{
	YamlToken *token = scanner_peek(&p->scanner);

	if (token && p->scanner.keep_comments)
		unfold_comments(p, token);
	return token;
}

static inline YamlToken *take_and_peek(Parser *p)
{
	scanner_take(&p->scanner);
	return peek(p);
}

// Gives the waiting comments to the event at hand.
static inline void set_comments(Parser *p)
{
	if (!p->scanner.keep_comments)
		return;
	p->comments = p->waiting;
	p->waiting = (NodeComments){0};
	p->stem = (Str){0};
}

// The part of a head comment above its last empty line belongs to the document.
static Str split_document_comment(Parser *p)
{
	Str head = p->waiting.head;

	for (size_t i = head.len; i-- > 1;) {
		if (head.p[i] != '\n')
			continue;
		bool last = i == head.len - 1;
		if (last || head.p[i - 1] == '\n') {
			p->waiting.head = str_from(head, i + 1);
			return str_to(head, last ? i : i - 1);
		}
	}
	return (Str){0};
}

// A comment above "- " and a collection in it belongs to the collection, not to its first entry.
static void split_stem_comment(Parser *p, size_t stem)
{
	if (stem == 0)
		return;
	const YamlToken *token = peek(p);
	if (!token ||
	    (token->kind != TOKEN_BLOCK_SEQUENCE_START && token->kind != TOKEN_BLOCK_MAPPING_START))
		return;
	Str head = p->waiting.head;
	p->stem = str_to(head, stem);
	p->waiting.head = head.len == stem ? (Str){0} : str_from(head, stem + 1);
}

// --- nodes
// ----------------------------------------------------------------------------------------------

static inline void set_event(YamlEvent *event, EventKind kind, YamlMark start, YamlMark end)
{
	*event = (YamlEvent){.kind = (uint8_t)kind, .start = start, .end = end};
}

static bool empty_scalar(YamlEvent *event, YamlMark at)
{
	set_event(event, EVENT_SCALAR, at, at);
	event->implicit = true;
	return true;
}

static bool expand_tag(Parser *p, Str handle, Str suffix, Str *tag)
{
	if (handle.len == 0) {
		*tag = suffix;
		return true;
	}
	for (size_t i = 0; i < p->tag_count; i++) {
		if (str_eq(p->tags[i].handle, handle)) {
			*tag = str_concat(p->scanner.arena, p->tags[i].prefix, suffix);
			return tag->len > 0;
		}
	}
	return false;
}

// The anchor and tag before a node, in either order.
static YamlToken *parse_properties(Parser *p, YamlToken *token, YamlEvent *event)
{
	bool anchor = false, tag = false;
	YamlMark tag_mark = no_mark;
	Str handle = {0}, suffix = {0};

	while (token &&
	       ((token->kind == TOKEN_ANCHOR && !anchor) || (token->kind == TOKEN_TAG && !tag))) {
		if (token->kind == TOKEN_ANCHOR) {
			anchor = true;
			event->anchor = token->value;
		} else {
			tag = true;
			tag_mark = token->start;
			handle = token->value;
			suffix = token->suffix;
		}
		event->end = token->end;
		token = take_and_peek(p);
	}
	if (token && tag && !expand_tag(p, handle, suffix, &event->tag)) {
		fail_context(p, event->start, "found undefined tag handle", tag_mark);
		return NULL;
	}
	return token;
}

// What opens a collection, and the state that reads on inside it.
static bool collection_start(const YamlToken *token, bool block, YamlEvent *event, uint8_t *state)
{
	switch (token->kind) {
	case TOKEN_FLOW_SEQUENCE_START:
		event->kind = EVENT_SEQUENCE_START;
		event->flow = true;
		*state = AT_FLOW_SEQUENCE_FIRST;
		return true;
	case TOKEN_FLOW_MAPPING_START:
		event->kind = EVENT_MAPPING_START;
		event->flow = true;
		*state = AT_FLOW_MAPPING_FIRST;
		return true;
	case TOKEN_BLOCK_SEQUENCE_START:
		event->kind = EVENT_SEQUENCE_START;
		*state = AT_SEQUENCE_FIRST;
		return block;
	case TOKEN_BLOCK_MAPPING_START:
		event->kind = EVENT_MAPPING_START;
		*state = AT_MAPPING_FIRST;
		return block;
	default:
		return false;
	}
}

// A node whose "- " may stand as far left as its key.
static bool parse_node(Parser *p, YamlEvent *event, bool block, bool indentless)
{
	YamlToken *token = peek(p);

	if (!token)
		return false;
	set_event(event, EVENT_SCALAR, token->start, token->start);
	if (token->kind == TOKEN_SCALAR) {
		event->end = token->end;
		event->implicit = token->style == SCALAR_PLAIN;
		event->style = token->style;
		event->value = token->value;
		pop_state(p);
		set_comments(p);
		scanner_take(&p->scanner);
		return true;
	}
	if (token->kind == TOKEN_ALIAS) {
		event->kind = EVENT_ALIAS;
		event->end = token->end;
		event->value = token->value;
		pop_state(p);
		set_comments(p);
		scanner_take(&p->scanner);
		return true;
	}
	token = parse_properties(p, token, event);
	if (!token)
		return false;
	if (indentless && token->kind == TOKEN_BLOCK_ENTRY) {
		event->kind = EVENT_SEQUENCE_START;
		event->end = token->end;
		p->state = AT_INDENTLESS_ENTRY;
		return true;
	}
	if (token->kind == TOKEN_SCALAR) {
		event->end = token->end;
		event->implicit = (event->tag.len == 0 && token->style == SCALAR_PLAIN) ||
		                  str_is(event->tag, "!");
		event->style = token->style;
		event->value = token->value;
		pop_state(p);
		set_comments(p);
		scanner_take(&p->scanner);
		return true;
	}
	if (collection_start(token, block, event, &p->state)) {
		event->end = token->end;
		if (event->flow) {
			set_comments(p);
		} else if (p->stem.len > 0) {
			p->comments.head = p->stem;
			p->stem = (Str){0};
		}
		return true;
	}
	if (event->anchor.len > 0 || event->tag.len > 0) {
		event->kind = EVENT_SCALAR;
		event->implicit = event->tag.len == 0;
		pop_state(p);
		return true;
	}
	return fail_context(p, event->start, "did not find expected node content", token->start);
}

// --- documents
// ------------------------------------------------------------------------------------------

static bool add_tag_directive(Parser *p, Str handle, Str prefix, bool standard, YamlMark at)
{
	for (size_t i = 0; i < p->tag_count; i++) {
		if (str_eq(p->tags[i].handle, handle))
			return standard || fail(p, "found duplicate %TAG directive", at);
	}
	VEC_PUSH(p->scanner.scratch, p->tags, p->tag_count, p->tag_cap) =
		(TagDirective){handle, prefix};
	return true;
}

static YamlToken *parse_directives(Parser *p)
{
	YamlToken *token = peek(p);
	bool version = false;

	for (; token &&
	       (token->kind == TOKEN_VERSION_DIRECTIVE || token->kind == TOKEN_TAG_DIRECTIVE);
	     token = take_and_peek(p)) {
		if (token->kind == TOKEN_TAG_DIRECTIVE) {
			if (!add_tag_directive(p, token->value, token->suffix, false, token->start))
				return NULL;
			continue;
		}
		if (version)
			fail(p, "found duplicate %YAML directive", token->start);
		else if (token->major != 1 || token->minor != 1)
			fail(p, "found incompatible YAML document", token->start);
		if (p->scanner.error)
			return NULL;
		version = true;
	}
	if (token) {
		add_tag_directive(p, S("!"), S("!"), true, token->start);
		add_tag_directive(p, S("!!"), S("tag:yaml.org,2002:"), true, token->start);
	}
	return token;
}

static bool parse_document_start(Parser *p, YamlEvent *event, bool implicit)
{
	YamlToken *token = peek(p);

	while (token && !implicit && token->kind == TOKEN_DOCUMENT_END)
		token = take_and_peek(p);
	if (!token)
		return false;
	if (token->kind == TOKEN_STREAM_END) {
		p->state = AT_END;
		set_event(event, EVENT_STREAM_END, token->start, token->end);
		return true;
	}
	YamlMark start = token->start, end = token->end;
	bool explicit = !implicit || token->kind == TOKEN_VERSION_DIRECTIVE ||
	                token->kind == TOKEN_TAG_DIRECTIVE || token->kind == TOKEN_DOCUMENT_START;
	token = parse_directives(p);
	if (!token)
		return false;
	push_state(p, AT_DOCUMENT_END);
	if (!explicit) {
		p->state = AT_BLOCK_NODE;
		set_event(event, EVENT_DOCUMENT_START, start, end);
		p->comments.head = split_document_comment(p);
		return true;
	}
	if (token->kind != TOKEN_DOCUMENT_START)
		return fail(p, "did not find expected <document start>", token->start);
	p->state = AT_DOCUMENT_CONTENT;
	set_event(event, EVENT_DOCUMENT_START, start, token->end);
	scanner_take(&p->scanner);
	return true;
}

static bool parse_document_content(Parser *p, YamlEvent *event)
{
	YamlToken *token = peek(p);

	if (!token)
		return false;
	switch (token->kind) {
	case TOKEN_VERSION_DIRECTIVE:
	case TOKEN_TAG_DIRECTIVE:
	case TOKEN_DOCUMENT_START:
	case TOKEN_DOCUMENT_END:
	case TOKEN_STREAM_END:
		pop_state(p);
		return empty_scalar(event, token->start);
	default:
		return parse_node(p, event, true, false);
	}
}

static bool parse_document_end(Parser *p, YamlEvent *event)
{
	YamlToken *token = peek(p);

	if (!token)
		return false;
	set_event(event, EVENT_DOCUMENT_END, token->start, token->start);
	if (token->kind == TOKEN_DOCUMENT_END) {
		event->end = token->end;
		scanner_take(&p->scanner);
	}
	p->tag_count = 0;
	p->state = AT_DOCUMENT_START;
	set_comments(p);
	if (p->comments.head.len > 0 && p->comments.foot.len == 0) {
		p->comments.foot = p->comments.head;
		p->comments.head = (Str){0};
	}
	return true;
}

// --- collections
// ----------------------------------------------------------------------------------------

// Takes the token that opened the collection.
static bool enter(Parser *p)
{
	YamlToken *token = peek(p);

	if (!token)
		return false;
	push_mark(p, token->start);
	scanner_take(&p->scanner);
	return true;
}

static bool leave(Parser *p, YamlEvent *event, EventKind kind, const YamlToken *token)
{
	set_event(event, kind, token->start, token->end);
	pop_state(p);
	p->mark_count--;
	return true;
}

static bool fail_in_collection(Parser *p, const char *problem, YamlMark at)
{
	return fail_context(p, p->marks[--p->mark_count], problem, at);
}

static bool parse_sequence_entry(Parser *p, YamlEvent *event, bool first)
{
	if (first && !enter(p))
		return false;
	YamlToken *token = peek(p);
	if (!token)
		return false;
	if (token->kind == TOKEN_BLOCK_ENTRY) {
		YamlMark at = token->end;
		size_t stem = p->waiting.head.len;
		token = take_and_peek(p);
		split_stem_comment(p, stem);
		if (!token || !(token = peek(p)))
			return false;
		if (token->kind != TOKEN_BLOCK_ENTRY && token->kind != TOKEN_BLOCK_END) {
			push_state(p, AT_SEQUENCE_ENTRY);
			return parse_node(p, event, true, false);
		}
		p->state = AT_SEQUENCE_ENTRY;
		return empty_scalar(event, at);
	}
	if (token->kind != TOKEN_BLOCK_END)
		return fail_in_collection(p, "did not find expected '-' indicator", token->start);
	leave(p, event, EVENT_SEQUENCE_END, token);
	scanner_take(&p->scanner);
	return true;
}

static bool parse_indentless_entry(Parser *p, YamlEvent *event)
{
	YamlToken *token = peek(p);

	if (!token)
		return false;
	if (token->kind != TOKEN_BLOCK_ENTRY) {
		set_event(event, EVENT_SEQUENCE_END, token->start, token->start);
		pop_state(p);
		return true;
	}
	YamlMark at = token->end;
	size_t stem = p->waiting.head.len;
	token = take_and_peek(p);
	split_stem_comment(p, stem);
	if (!token || !(token = peek(p)))
		return false;
	switch (token->kind) {
	case TOKEN_BLOCK_ENTRY:
	case TOKEN_KEY:
	case TOKEN_VALUE:
	case TOKEN_BLOCK_END:
		p->state = AT_INDENTLESS_ENTRY;
		return empty_scalar(event, at);
	default:
		push_state(p, AT_INDENTLESS_ENTRY);
		return parse_node(p, event, true, false);
	}
}

// The node of a key or a value, or the empty scalar where there is none.
static bool parse_mapping_node(Parser *p, YamlEvent *event, uint8_t next)
{
	YamlMark at = peek(p)->end;
	YamlToken *token = take_and_peek(p);

	if (!token)
		return false;
	if (token->kind == TOKEN_KEY || token->kind == TOKEN_VALUE ||
	    token->kind == TOKEN_BLOCK_END) {
		p->state = next;
		return empty_scalar(event, at);
	}
	push_state(p, next);
	return parse_node(p, event, true, true);
}

static bool parse_mapping_key(Parser *p, YamlEvent *event, bool first)
{
	if (first && !enter(p))
		return false;
	YamlToken *token = peek(p);
	if (!token)
		return false;
	if (token->kind == TOKEN_KEY)
		return parse_mapping_node(p, event, AT_MAPPING_VALUE);
	if (token->kind != TOKEN_BLOCK_END)
		return fail_in_collection(p, "did not find expected key", token->start);
	leave(p, event, EVENT_MAPPING_END, token);
	set_comments(p);
	scanner_take(&p->scanner);
	return true;
}

static bool parse_mapping_value(Parser *p, YamlEvent *event)
{
	YamlToken *token = peek(p);

	if (!token)
		return false;
	if (token->kind == TOKEN_VALUE)
		return parse_mapping_node(p, event, AT_MAPPING_KEY);
	p->state = AT_MAPPING_KEY;
	return empty_scalar(event, token->start);
}

// Between the entries of a flow collection there is a comma.
static YamlToken *next_flow_entry(Parser *p, YamlToken *token, bool first, const char *problem)
{
	if (first)
		return token;
	if (token->kind == TOKEN_FLOW_ENTRY)
		return take_and_peek(p);
	fail_in_collection(p, problem, token->start);
	return NULL;
}

static bool parse_flow_sequence_entry(Parser *p, YamlEvent *event, bool first)
{
	if (first && !enter(p))
		return false;
	YamlToken *token = peek(p);
	if (token && token->kind != TOKEN_FLOW_SEQUENCE_END) {
		token = next_flow_entry(p, token, first, "did not find expected ',' or ']'");
		if (token && token->kind == TOKEN_KEY) {
			p->state = AT_FLOW_PAIR_KEY;
			set_event(event, EVENT_MAPPING_START, token->start, token->end);
			event->flow = true;
			scanner_take(&p->scanner);
			return true;
		}
		if (token && token->kind != TOKEN_FLOW_SEQUENCE_END) {
			push_state(p, AT_FLOW_SEQUENCE_ENTRY);
			return parse_node(p, event, false, false);
		}
	}
	if (!token)
		return false;
	leave(p, event, EVENT_SEQUENCE_END, token);
	set_comments(p);
	scanner_take(&p->scanner);
	return true;
}

static bool ends_flow_entry(const YamlToken *token, TokenKind end)
{
	return token->kind == TOKEN_FLOW_ENTRY || token->kind == end;
}

static bool parse_flow_pair_key(Parser *p, YamlEvent *event)
{
	YamlToken *token = peek(p);

	if (!token)
		return false;
	if (token->kind != TOKEN_VALUE && !ends_flow_entry(token, TOKEN_FLOW_SEQUENCE_END)) {
		push_state(p, AT_FLOW_PAIR_VALUE);
		return parse_node(p, event, false, false);
	}
	// go-yaml drops the token here, so that "[? ]" and "[: x]" are errors further on.
	YamlMark at = token->end;
	scanner_take(&p->scanner);
	p->state = AT_FLOW_PAIR_VALUE;
	return empty_scalar(event, at);
}

// The value behind a key inside a flow collection that `end` closes.
static bool parse_flow_value(Parser *p, YamlEvent *event, uint8_t next, TokenKind end)
{
	YamlToken *token = peek(p);

	if (!token)
		return false;
	YamlMark at = token->start;
	if (token->kind == TOKEN_VALUE) {
		token = take_and_peek(p);
		if (!token)
			return false;
		if (!ends_flow_entry(token, end)) {
			push_state(p, next);
			return parse_node(p, event, false, false);
		}
		if (end == TOKEN_FLOW_MAPPING_END)
			at = token->start;
	}
	p->state = next;
	return empty_scalar(event, at);
}

static bool parse_flow_pair_end(Parser *p, YamlEvent *event)
{
	YamlToken *token = peek(p);

	if (!token)
		return false;
	p->state = AT_FLOW_SEQUENCE_ENTRY;
	set_event(event, EVENT_MAPPING_END, token->start, token->start);
	return true;
}

static bool parse_flow_mapping_key(Parser *p, YamlEvent *event, bool first)
{
	if (first && !enter(p))
		return false;
	YamlToken *token = peek(p);
	if (token && token->kind != TOKEN_FLOW_MAPPING_END) {
		token = next_flow_entry(p, token, first, "did not find expected ',' or '}'");
		if (token && token->kind == TOKEN_KEY) {
			token = take_and_peek(p);
			if (!token)
				return false;
			if (token->kind != TOKEN_VALUE &&
			    !ends_flow_entry(token, TOKEN_FLOW_MAPPING_END)) {
				push_state(p, AT_FLOW_MAPPING_VALUE);
				return parse_node(p, event, false, false);
			}
			p->state = AT_FLOW_MAPPING_VALUE;
			return empty_scalar(event, token->start);
		}
		if (token && token->kind != TOKEN_FLOW_MAPPING_END) {
			push_state(p, AT_FLOW_MAPPING_EMPTY);
			return parse_node(p, event, false, false);
		}
	}
	if (!token)
		return false;
	leave(p, event, EVENT_MAPPING_END, token);
	set_comments(p);
	scanner_take(&p->scanner);
	return true;
}

static bool parse_flow_mapping_empty(Parser *p, YamlEvent *event)
{
	YamlToken *token = peek(p);

	if (!token)
		return false;
	p->state = AT_FLOW_MAPPING_KEY;
	return empty_scalar(event, token->start);
}

bool parser_next(Parser *p, YamlEvent *event)
{
	if (p->scanner.error)
		return false;
	if (p->scanner.keep_comments)
		p->comments = (NodeComments){0};
	switch (p->state) {
	case AT_STREAM_START:
		if (!peek(p))
			return false;
		set_event(event, EVENT_STREAM_START, no_mark, no_mark);
		scanner_take(&p->scanner);
		p->state = AT_IMPLICIT_DOCUMENT;
		return true;
	case AT_IMPLICIT_DOCUMENT:
		return parse_document_start(p, event, true);
	case AT_DOCUMENT_START:
		return parse_document_start(p, event, false);
	case AT_DOCUMENT_CONTENT:
		return parse_document_content(p, event);
	case AT_DOCUMENT_END:
		return parse_document_end(p, event);
	case AT_BLOCK_NODE:
		return parse_node(p, event, true, false);
	case AT_SEQUENCE_FIRST:
	case AT_SEQUENCE_ENTRY:
		return parse_sequence_entry(p, event, p->state == AT_SEQUENCE_FIRST);
	case AT_INDENTLESS_ENTRY:
		return parse_indentless_entry(p, event);
	case AT_MAPPING_FIRST:
	case AT_MAPPING_KEY:
		return parse_mapping_key(p, event, p->state == AT_MAPPING_FIRST);
	case AT_MAPPING_VALUE:
		return parse_mapping_value(p, event);
	case AT_FLOW_SEQUENCE_FIRST:
	case AT_FLOW_SEQUENCE_ENTRY:
		return parse_flow_sequence_entry(p, event, p->state == AT_FLOW_SEQUENCE_FIRST);
	case AT_FLOW_PAIR_KEY:
		return parse_flow_pair_key(p, event);
	case AT_FLOW_PAIR_VALUE:
		return parse_flow_value(p, event, AT_FLOW_PAIR_END, TOKEN_FLOW_SEQUENCE_END);
	case AT_FLOW_PAIR_END:
		return parse_flow_pair_end(p, event);
	case AT_FLOW_MAPPING_FIRST:
	case AT_FLOW_MAPPING_KEY:
		return parse_flow_mapping_key(p, event, p->state == AT_FLOW_MAPPING_FIRST);
	case AT_FLOW_MAPPING_VALUE:
		return parse_flow_value(p, event, AT_FLOW_MAPPING_KEY, TOKEN_FLOW_MAPPING_END);
	case AT_FLOW_MAPPING_EMPTY:
		return parse_flow_mapping_empty(p, event);
	default:
		set_event(event, EVENT_STREAM_END, no_mark, no_mark);
		return true;
	}
}

void parser_open(Parser *p, Arena *arena, Arena *scratch, Str text, YamlDialect dialect,
                 bool comments)
{
	*p = (Parser){.state = AT_STREAM_START};
	scanner_open(&p->scanner, arena, scratch, text, dialect, comments);
}

void parser_seek(Parser *p, YamlMark at)
{
	scanner_seek(&p->scanner, at);
	p->state = AT_STREAM_START;
	p->state_count = p->mark_count = p->tag_count = 0;
}

// Which line go-yaml names. Its lines count from 0 and only scanner errors are corrected for that,
// so that a parser error is told one line above; nothing is said of the first line. v2 starts from
// the place of the problem, v3 from where the construct began.
static int32_t error_line(const Scanner *s)
{
	int32_t extra = s->error == YAML_ERROR_SCANNER;

	if (s->dialect == YAML_V2) {
		if (s->problem_mark.line != 0)
			return s->problem_mark.line + extra;
		return s->context_mark.line;
	}
	if (s->context_mark.line != 0)
		return s->context_mark.line + extra;
	return s->problem_mark.line != 0 ? s->problem_mark.line + extra : 0;
}

static Place place_of(Str file, YamlMark mark)
{
	return (Place){
		.file = file, .line = (size_t)mark.line + 1, .column = (size_t)mark.column + 1};
}

bool parser_fail(const Parser *p, Str file, Diag *diag)
{
	const Scanner *s = &p->scanner;
	int32_t line = error_line(s);
	Place place = {.file = file};

	if (s->error != YAML_ERROR_READER)
		place = place_of(file, s->problem_mark);
	if (!diag->set && memcmp(&s->context_mark, &no_mark, sizeof no_mark) != 0)
		diag->since = place_of(file, s->context_mark);
	if (line == 0)
		return diag_fail_at(diag, place, "yaml: %s", s->problem);
	return diag_fail_at(diag, place, "yaml: line %d: %s", line, s->problem);
}
