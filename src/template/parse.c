// The parser: a recursive descent over tokens with up to three of look-ahead, as Go's. A failure leaves
// `failed` set and NULL behind, which every level passes up.

#include "base/num.h"
#include "template/ast.h"
#include "template/engine.h"
#include "template/lex.h"

#include <stddef.h>
#include <string.h>

// Go's own limit for parentheses within parentheses. Control structures have none in Go; here the
// stack's guard ends them.
#define PAREN_DEPTH_LIMIT 10000

#define NOWHERE ((size_t)-1)

// A file calls the same few functions over and over: each is looked up once, unless another takes its place.
#define KNOWN_FUNCS 32

typedef struct KnownFunc {
	Str name;
	const Func *func;
	const Signature *signature;
} KnownFunc;

typedef struct Parser {
	Engine *engine;
	KnownFunc known[KNOWN_FUNCS];
	Arena *arena;
	Diag *diag;
	Lexer lexer;
	Token ahead[3]; // ahead[peeked - 1] comes next
	size_t peeked;
	bool failed;
	size_t action_pos; // where the action being parsed begins, NOWHERE outside
	size_t paren_depth;
	Str name; // the file's
	Str text;
	// Of the tree being built (a define inside a file has its own).
	Tree *tree;
	Str *vars;
	size_t var_count, var_cap;
	size_t range_depth;
	Ast **nodes; // children of nodes not yet finished
	size_t node_count, node_cap;
	Str *names; // of the chain at hand
	size_t name_count, name_cap;
	Parsed *out;
	size_t out_cap;
	Map *defined; // name to position in `out`; NULL while there are less than two
} Parser;

// --- tokens ---

static Token next(Parser *p)
{
	if (p->peeked)
		p->peeked--;
	else
		p->ahead[0] = lex_next(&p->lexer);
	return p->ahead[p->peeked];
}

static void backup(Parser *p)
{
	p->peeked++;
}

// Puts back `first`, to come before what is already waiting in ahead[0].
static void backup2(Parser *p, Token first)
{
	p->ahead[1] = first;
	p->peeked = 2;
}

static void backup3(Parser *p, Token first, Token second)
{
	p->ahead[1] = second;
	p->ahead[2] = first;
	p->peeked = 3;
}

// What is peeked at is good until the next token is taken or put back.
static inline const Token *peek(Parser *p)
{
	if (!p->peeked) {
		p->peeked = 1;
		p->ahead[0] = lex_next(&p->lexer);
	}
	return &p->ahead[p->peeked - 1];
}

static const Token *peek_non_space(Parser *p)
{
	while (peek(p)->kind == TOKEN_SPACE)
		p->peeked--;
	return &p->ahead[p->peeked - 1];
}

static Token next_non_space(Parser *p)
{
	const Token *token = peek_non_space(p);

	p->peeked--;
	return *token;
}

// --- errors ---

static void *fail_str(Parser *p, Str message)
{
	Buf buf = buf_new(p->arena);

	if (p->failed)
		return NULL;
	p->failed = true;
	buf_c(&buf, "template: ");
	buf_str(&buf, p->name);
	buf_printf(&buf, ":%zu: ", lex_line(p->text, p->ahead[0].pos));
	buf_str(&buf, message);
	p->diag->place = (Place){p->name, lex_line(p->text, p->ahead[0].pos), 0};
	diag_fail_str(p->diag, buf_view(&buf));
	return NULL;
}

static void *fail(Parser *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void *fail(Parser *p, const char *format, ...)
{
	Buf buf = buf_new(p->arena);
	va_list args;

	va_start(args, format);
	buf_vprintf(&buf, format, args);
	va_end(args);
	return fail_str(p, buf_view(&buf));
}

// `prefix` and the quoted text.
static void *fail_quoted(Parser *p, const char *prefix, Str text, const char *suffix)
{
	Buf buf = buf_new(p->arena);

	buf_c(&buf, prefix);
	num_quote(&buf, text);
	buf_c(&buf, suffix);
	return fail_str(p, buf_view(&buf));
}

static void *unexpected(Parser *p, Token token, const char *context)
{
	Buf buf = buf_new(p->arena);
	size_t started = p->action_pos == NOWHERE ? 0 : lex_line(p->text, p->action_pos);
	bool far = started && started != lex_line(p->text, token.pos);

	if (token.kind != TOKEN_ERROR) {
		buf_c(&buf, "unexpected ");
		buf_str(&buf, token_to_str(p->arena, &token));
		buf_printf(&buf, " in %s", context);
		return fail_str(p, buf_view(&buf));
	}
	buf_str(&buf, token.text);
	if (far) {
		buf_c(&buf, str_has_suffix(token.text, S(" action")) ? " started at "
		                                                     : " in action started at ");
		buf_str(&buf, p->name);
		buf_printf(&buf, ":%zu", started);
	}
	return fail_str(p, buf_view(&buf));
}

static bool expect(Parser *p, TokenKind kind, const char *context, Token *out)
{
	*out = next_non_space(p);
	if (out->kind != kind)
		unexpected(p, *out, context);
	return !p->failed;
}

// --- nodes ---

// Large charts have hundreds of thousands of nodes: each is as large as its kind needs.
static size_t size_of(AstKind kind)
{
	switch (kind) {
	case AST_LIST:
	case AST_COMMAND:
		return offsetof(Ast, decls);
	case AST_FIELD:
	case AST_VARIABLE:
		return offsetof(Ast, node);
	case AST_IDENTIFIER:
		return offsetof(Ast, signature) + sizeof(((Ast *)0)->signature);
	case AST_TEXT:
		return offsetof(Ast, items);
	default:
		return sizeof(Ast);
	}
}

static Ast *new_ast(Parser *p, AstKind kind, size_t pos)
{
	Ast *ast = arena_calloc(p->arena, 1, size_of(kind));

	ast->kind = kind;
	ast->pos = (uint32_t)pos;
	ast->tree = p->tree;
	return ast;
}

// Children gather on a stack of the parser's and are copied once, when their number is known.
static void push_node(Parser *p, Ast *node)
{
	VEC_PUSH(p->arena, p->nodes, p->node_count, p->node_cap) = node;
}

// Takes what was pushed since `mark`.
static Ast **take_nodes(Parser *p, size_t mark, uint32_t *count)
{
	size_t bytes = (p->node_count - mark) * sizeof *p->nodes;
	Ast **items = bytes ? arena_alloc(p->arena, bytes) : NULL;

	if (bytes)
		memcpy(items, p->nodes + mark, bytes);
	*count = (uint32_t)(p->node_count - mark);
	p->node_count = mark;
	return items;
}

static void push_var(Parser *p, Str name)
{
	VEC_PUSH(p->arena, p->vars, p->var_count, p->var_cap) = name;
}

// The unquoted text of a string token; views the template where nothing was escaped, so that it keeps
// its place there.
static bool unquote(Parser *p, Token token, Str *out)
{
	Str inside = str_slice(token.text, 1, token.text.len - 1);

	bool as_is = token.text.p[0] == '`'
	                     ? str_find_byte(inside, '\r') == STR_NONE
	                     : str_find_byte(inside, '\\') == STR_NONE && utf8_valid(inside);

	if (as_is) {
		*out = inside;
		return true;
	}
	if (!num_unquote(p->arena, token.text, out))
		return fail(p, "invalid syntax");
	return true;
}

// --- numbers ---

static void integer_from_float(AstNumber *n, double f)
{
	if (!n->is_int && f >= -9223372036854775808.0 && f < 9223372036854775808.0 &&
	    (double)(int64_t)f == f) {
		n->is_int = true;
		n->i = (int64_t)f;
	}
	if (!n->is_uint && f >= 0 && f < 18446744073709551616.0 && (double)(uint64_t)f == f) {
		n->is_uint = true;
		n->u = (uint64_t)f;
	}
}

static void simplify_complex(AstNumber *n)
{
	n->is_complex = true;
	n->is_float = n->im == 0;
	if (n->is_float) {
		n->f = n->re;
		integer_from_float(n, n->f);
	}
}

static bool char_constant(Parser *p, Token token, AstNumber *n)
{
	uint32_t rune;
	bool multibyte;
	size_t used;
	Str inside = str_from(token.text, 1);

	if (!num_unquote_char(inside, '\'', &rune, &multibyte, &used))
		return fail(p, "invalid syntax");
	if (!str_is(str_from(inside, used), "'")) {
		Buf buf = buf_new(p->arena);
		buf_c(&buf, "malformed character constant: ");
		buf_str(&buf, token.text);
		return fail_str(p, buf_view(&buf));
	}
	*n = (AstNumber){
		.is_int = true, .is_uint = true, .is_float = true, .i = rune, .u = rune, .f = rune};
	return true;
}

static size_t skip_chars(Str text, size_t at, const char *set)
{
	while (at < text.len && text.p[at] && strchr(set, text.p[at]))
		at++;
	return at;
}

// The end of what fmt's scanner takes for a float at `at`: nothing, too, where there is none.
static size_t scan_float(Str text, size_t at)
{
	const char *digits = "0123456789_", *exponent = "eEpP";

	if (at < text.len && strchr("+-", text.p[at]))
		at++;
	if (at < text.len && text.p[at] == 'i') // what might have become Inf is gone
		at++;
	if (at + 1 < text.len && text.p[at] == '0' && strchr("xX", text.p[at + 1])) {
		at += 2;
		digits = "0123456789abcdefABCDEF_";
		exponent = "pP";
	}
	at = skip_chars(text, at, digits);
	if (at < text.len && text.p[at] == '.')
		at = skip_chars(text, at + 1, digits);
	if (at < text.len && strchr(exponent, text.p[at])) {
		at++;
		if (at < text.len && strchr("+-", text.p[at]))
			at++;
		at = skip_chars(text, at, "0123456789_");
	}
	return at;
}

// "1+2i", as fmt.Sscan reads it.
static bool complex_constant(Parser *p, Token token, AstNumber *n)
{
	Str text = token.text;
	size_t split = scan_float(text, 0), end;
	NumError error;

	if (split >= text.len || !strchr("+-", text.p[split]))
		return fail(p, "syntax error scanning complex number");
	end = scan_float(text, split);
	if (end >= text.len || text.p[end] != 'i')
		return fail(p, "syntax error scanning complex number");
	error = num_parse_float(str_to(text, split), &n->re);
	if (error == NUM_OK)
		error = num_parse_float(str_slice(text, split, end), &n->im);
	if (error != NUM_OK)
		return fail(p, error == NUM_RANGE ? "value out of range" : "invalid syntax");
	simplify_complex(n);
	return true;
}

static bool plain_number(Parser *p, Token token, AstNumber *n)
{
	Str text = token.text;
	double f;
	bool looks_float = false;

	if (text.len && text.p[text.len - 1] == 'i' &&
	    num_parse_float(str_to(text, text.len - 1), &f) == NUM_OK) {
		n->im = f;
		simplify_complex(n);
		return true;
	}
	n->is_uint = num_parse_uint(text, 0, 64, &n->u) == NUM_OK;
	n->is_int = num_parse_int(text, 0, 64, &n->i) == NUM_OK;
	if (n->is_int && n->i == 0)
		n->is_uint = true, n->u = 0; // -0
	if (n->is_int || n->is_uint) {
		n->is_float = true;
		n->f = n->is_int ? (double)n->i : (double)n->u;
		return true;
	}
	for (size_t i = 0; i < text.len; i++)
		looks_float |= strchr(".eEpP", text.p[i]) != NULL;
	if (num_parse_float(text, &f) != NUM_OK)
		return fail_quoted(p, "illegal number syntax: ", text, "");
	if (!looks_float)
		return fail_quoted(p, "integer overflow: ", text, "");
	n->is_float = true;
	n->f = f;
	integer_from_float(n, f);
	return true;
}

static Ast *number(Parser *p, Token token)
{
	Ast *ast = new_ast(p, AST_NUMBER, token.pos);
	bool ok;

	ast->text = token.text;
	ast->number = ARENA_NEW(p->arena, AstNumber);
	if (token.kind == TOKEN_CHAR_CONSTANT)
		ok = char_constant(p, token, ast->number);
	else if (token.kind == TOKEN_COMPLEX)
		ok = complex_constant(p, token, ast->number);
	else
		ok = plain_number(p, token, ast->number);
	return ok ? ast : NULL;
}

// --- operands ---

static Ast *pipeline(Parser *p, const char *context, TokenKind end);

static Ast *variable(Parser *p, Token token)
{
	Ast *ast = new_ast(p, AST_VARIABLE, token.pos);

	ast->names = arena_alloc(p->arena, sizeof *ast->names);
	ast->names[0] = token.text;
	ast->name_count = 1;
	return ast;
}

static Ast *use_variable(Parser *p, Token token)
{
	for (size_t i = 0; i < p->var_count; i++)
		if (str_eq(p->vars[i], token.text))
			return variable(p, token);
	return fail_quoted(p, "undefined variable ", token.text, "");
}

static KnownFunc *known_func(Parser *p, Str name)
{
	unsigned first = (unsigned char)name.p[0], last = (unsigned char)name.p[name.len - 1];

	return &p->known[(first * 7 + last + name.len * 3) % KNOWN_FUNCS];
}

static Ast *identifier(Parser *p, Token token)
{
	Ast *ast = new_ast(p, AST_IDENTIFIER, token.pos);
	KnownFunc *known = known_func(p, token.text);

	ast->text = token.text;
	if (known->func && str_eq(known->name, token.text)) {
		ast->func = known->func;
		ast->signature = known->signature;
		return ast;
	}
	ast->func = func_find(token.text);
	if (!ast->func) {
		p->diag->place = (Place){p->name, lex_line(p->text, token.pos), 0};
		p->diag->detail = engine_suggest_function(p->engine, token.text);
		return fail_quoted(p, "function ", token.text, " not defined");
	}
	ast->signature = engine_signature(p->engine, ast->func);
	*known = (KnownFunc){token.text, ast->func, ast->signature};
	return ast;
}

static Ast *string(Parser *p, Token token)
{
	Ast *ast = new_ast(p, AST_STRING, token.pos);

	ast->quoted = token.text;
	return unquote(p, token, &ast->text) ? ast : NULL;
}

static Ast *parenthesized(Parser *p)
{
	Ast *ast;

	if (p->paren_depth == PAREN_DEPTH_LIMIT || engine_stack_is_low(p->engine))
		return fail(p, "max expression depth exceeded");
	p->paren_depth++;
	ast = pipeline(p, "parenthesized pipeline", TOKEN_RIGHT_PAREN);
	p->paren_depth--;
	return ast;
}

// NULL without a failure: the next token starts no term.
static Ast *term(Parser *p)
{
	Token token = next_non_space(p);
	Ast *ast;

	switch (token.kind) {
	case TOKEN_IDENTIFIER:
		return identifier(p, token);
	case TOKEN_DOT:
		return new_ast(p, AST_DOT, token.pos);
	case TOKEN_NIL:
		return new_ast(p, AST_NIL, token.pos);
	case TOKEN_VARIABLE:
		return use_variable(p, token);
	case TOKEN_FIELD:
		ast = new_ast(p, AST_FIELD, token.pos);
		ast->text = str_from(token.text, 1); // `operand` makes it the first of its names
		return ast;
	case TOKEN_BOOL:
		ast = new_ast(p, AST_BOOL, token.pos);
		ast->truth = str_is(token.text, "true");
		return ast;
	case TOKEN_CHAR_CONSTANT:
	case TOKEN_COMPLEX:
	case TOKEN_NUMBER:
		return number(p, token);
	case TOKEN_LEFT_PAREN:
		return parenthesized(p);
	case TOKEN_STRING:
	case TOKEN_RAW_STRING:
		return string(p, token);
	default:
		backup(p);
		return NULL;
	}
}

// A term and the fields behind it: .a.b is one FIELD, $x.a one VARIABLE, (f x).a a CHAIN. The position is
// that of the second name, as Go has it.
static bool takes_no_fields(const Ast *node)
{
	return node->kind == AST_BOOL || node->kind == AST_STRING || node->kind == AST_NUMBER ||
	       node->kind == AST_NIL || node->kind == AST_DOT;
}

static Ast *refuse_fields(Parser *p, const Ast *node)
{
	while (peek(p)->kind == TOKEN_FIELD)
		next(p);
	return fail_quoted(p, "unexpected . after term ", ast_to_str(p->arena, node), "");
}

static void push_name(Parser *p, Str name)
{
	VEC_PUSH(p->arena, p->names, p->name_count, p->name_cap) = name;
}

static Ast *operand(Parser *p)
{
	Ast *node = term(p), *chain = node;

	if (!node)
		return NULL;
	p->name_count = 0;
	if (node->kind == AST_FIELD)
		push_name(p, node->text);
	else if (node->kind == AST_VARIABLE)
		push_name(p, node->names[0]);
	else if (peek(p)->kind != TOKEN_FIELD)
		return node;
	else if (takes_no_fields(node))
		return refuse_fields(p, node);
	while (peek(p)->kind == TOKEN_FIELD) {
		Token field = next(p);
		if (chain == node && node->kind != AST_FIELD && node->kind != AST_VARIABLE) {
			chain = new_ast(p, AST_CHAIN, field.pos);
			chain->node = node;
		} else if (p->name_count == 1 && chain == node) {
			chain->pos = (uint32_t)field.pos;
		}
		push_name(p, str_from(field.text, 1));
	}
	if (p->failed)
		return NULL;
	for (size_t i = 0; i < p->name_count && i < 3 && chain->kind != AST_CHAIN; i++)
		if (str_eq(p->names[i], S("Values"))) {
			chain->values = (uint8_t)(i + 1);
			break;
		}
	if (chain->name_count != p->name_count) {
		chain->names = arena_alloc(p->arena, p->name_count * sizeof *chain->names);
		memcpy(chain->names, p->names, p->name_count * sizeof *chain->names);
		chain->name_count = p->name_count;
	}
	chain->text = S("");
	return chain;
}

static Ast *command(Parser *p)
{
	Ast *ast = new_ast(p, AST_COMMAND, peek_non_space(p)->pos);
	size_t mark = p->node_count;

	for (;;) {
		Ast *argument;
		Token token;
		peek_non_space(p);
		argument = operand(p);
		if (p->failed)
			return NULL;
		if (argument)
			push_node(p, argument);
		token = next(p);
		if (token.kind == TOKEN_SPACE)
			continue;
		if (token.kind == TOKEN_RIGHT_DELIM || token.kind == TOKEN_RIGHT_PAREN)
			backup(p);
		else if (token.kind != TOKEN_PIPE)
			return unexpected(p, token, "operand");
		break;
	}
	ast->items = take_nodes(p, mark, &ast->count);
	return ast->count ? ast : fail(p, "empty command");
}

// --- pipelines ---

static void declare(Parser *p, Ast *pipe, Token token)
{
	// At most two: "$i, $x :=".
	pipe->decls = arena_grow(p->arena, pipe->decls, pipe->decl_count * sizeof *pipe->decls,
	                         (pipe->decl_count + 1) * sizeof *pipe->decls);
	pipe->decls[pipe->decl_count++] = variable(p, token);
	push_var(p, token.text);
}

// "$x :=", "$x =", and for range "$i, $x :=".
static bool declarations(Parser *p, Ast *pipe, const char *context)
{
	for (;;) {
		Token name = *peek_non_space(p), after, sign;
		if (name.kind != TOKEN_VARIABLE)
			return true;
		next(p);
		// Space is a token: to learn that $x in "$x foo" is an argument, what stands right behind it must be
		// remembered and put back.
		after = *peek(p);
		sign = *peek_non_space(p);
		if (sign.kind == TOKEN_ASSIGN || sign.kind == TOKEN_DECLARE) {
			pipe->is_assign = sign.kind == TOKEN_ASSIGN;
			next_non_space(p);
			declare(p, pipe, name);
			return true;
		}
		if (sign.kind == TOKEN_CHAR && str_is(sign.text, ",")) {
			TokenKind follows;
			next_non_space(p);
			declare(p, pipe, name);
			if (!strcmp(context, "range") && pipe->decl_count < 2) {
				follows = peek_non_space(p)->kind;
				if (follows == TOKEN_VARIABLE || follows == TOKEN_RIGHT_DELIM ||
				    follows == TOKEN_RIGHT_PAREN)
					continue;
				return fail(p, "range can only initialize variables");
			}
			return fail(p, "too many declarations in %s", context);
		}
		if (after.kind == TOKEN_SPACE)
			backup3(p, name, after);
		else
			backup2(p, name);
		return true;
	}
}

static Ast *check_pipeline(Parser *p, Ast *pipe, const char *context)
{
	if (!pipe->count)
		return fail(p, "missing value for %s", context);
	for (size_t i = 1; i < pipe->count; i++)
		switch (pipe->items[i]->items[0]->kind) {
		case AST_BOOL:
		case AST_DOT:
		case AST_NIL:
		case AST_NUMBER:
		case AST_STRING:
			return fail(p, "non executable command in pipeline stage %zu", i + 1);
		default:
			break;
		}
	return pipe;
}

static Ast *pipeline(Parser *p, const char *context, TokenKind end)
{
	Ast *pipe = new_ast(p, AST_PIPE, peek_non_space(p)->pos);
	size_t mark = p->node_count;

	if (!declarations(p, pipe, context))
		return NULL;
	for (;;) {
		Token token = next_non_space(p);
		Ast *cmd;
		if (token.kind == end) {
			pipe->items = take_nodes(p, mark, &pipe->count);
			return check_pipeline(p, pipe, context);
		}
		switch (token.kind) {
		case TOKEN_BOOL:
		case TOKEN_CHAR_CONSTANT:
		case TOKEN_COMPLEX:
		case TOKEN_DOT:
		case TOKEN_FIELD:
		case TOKEN_IDENTIFIER:
		case TOKEN_NUMBER:
		case TOKEN_NIL:
		case TOKEN_RAW_STRING:
		case TOKEN_STRING:
		case TOKEN_VARIABLE:
		case TOKEN_LEFT_PAREN:
			backup(p);
			cmd = command(p);
			if (!cmd)
				return NULL;
			push_node(p, cmd);
			break;
		default:
			return unexpected(p, token, context);
		}
	}
}

// --- control structures ---

static Ast *text_or_action(Parser *p);

// Nodes up to {{end}} or {{else}}, which is handed back in *end.
static Ast *item_list(Parser *p, Ast **end)
{
	Ast *list = new_ast(p, AST_LIST, peek_non_space(p)->pos);
	size_t mark = p->node_count;

	while (!p->failed && peek_non_space(p)->kind != TOKEN_EOF) {
		Ast *node = text_or_action(p);
		if (!node)
			return NULL;
		if (node->kind == AST_END || node->kind == AST_ELSE) {
			*end = node;
			list->items = take_nodes(p, mark, &list->count);
			return list;
		}
		push_node(p, node);
	}
	return fail(p, "unexpected EOF");
}

static Ast *control(Parser *p, AstKind kind);

// What stands behind {{else}}. "else if" is an else with an if in it, whose {{end}} serves both.
static Ast *else_list(Parser *p, AstKind kind, Ast *otherwise)
{
	TokenKind follows = peek(p)->kind;
	Ast *list, *end = NULL;

	if ((kind == AST_IF && follows == TOKEN_IF) ||
	    (kind == AST_WITH && follows == TOKEN_WITH)) {
		Ast *nested;
		next(p);
		list = new_ast(p, AST_LIST, otherwise->pos);
		nested = control(p, kind);
		if (!nested)
			return NULL;
		push_node(p, nested);
		list->items = take_nodes(p, p->node_count - 1, &list->count);
		return list;
	}
	list = item_list(p, &end);
	if (list && end->kind != AST_END) {
		Str found = ast_to_str(p->arena, end);
		return fail(p, "expected end; found %.*s", STR_ARGS(found));
	}
	return list;
}

static Ast *control(Parser *p, AstKind kind)
{
	const char *context = kind == AST_IF ? "if" : kind == AST_RANGE ? "range" : "with";
	size_t vars = p->var_count;
	Ast *pipe, *list, *end = NULL, *ast;

	if (engine_stack_is_low(p->engine))
		return fail(p, "max expression depth exceeded");
	pipe = pipeline(p, context, TOKEN_RIGHT_DELIM);
	if (!pipe)
		return NULL;
	ast = new_ast(p, kind, pipe->pos);
	ast->pipe = pipe;
	p->range_depth += kind == AST_RANGE;
	list = item_list(p, &end);
	p->range_depth -= kind == AST_RANGE;
	if (!list)
		return NULL;
	ast->list = list;
	if (end->kind == AST_ELSE && !(ast->else_list = else_list(p, kind, end)))
		return NULL;
	p->var_count = vars;
	return ast;
}

static Ast *end_control(Parser *p)
{
	Token token;

	return expect(p, TOKEN_RIGHT_DELIM, "end", &token) ? new_ast(p, AST_END, token.pos) : NULL;
}

static Ast *else_control(Parser *p)
{
	Token token = *peek_non_space(p);

	if (token.kind == TOKEN_IF || token.kind == TOKEN_WITH)
		return new_ast(p, AST_ELSE, token.pos);
	return expect(p, TOKEN_RIGHT_DELIM, "else", &token) ? new_ast(p, AST_ELSE, token.pos)
	                                                    : NULL;
}

static Ast *jump_control(Parser *p, Token keyword, AstKind kind, const char *shown)
{
	Token token = next_non_space(p);

	if (token.kind != TOKEN_RIGHT_DELIM)
		return unexpected(p, token, shown);
	if (!p->range_depth)
		return fail(p, "%s outside {{range}}", shown);
	return new_ast(p, kind, keyword.pos);
}

static bool template_name(Parser *p, Token token, const char *context, Str *name)
{
	if (token.kind != TOKEN_STRING && token.kind != TOKEN_RAW_STRING)
		return unexpected(p, token, context);
	return unquote(p, token, name);
}

// What a tree has of its own while it is parsed, set aside while an inner one is.
typedef struct Outer {
	Tree *tree;
	Str *vars;
	size_t var_count, var_cap, range_depth, action_pos;
} Outer;

static Outer open_tree(Parser *p, Str name)
{
	Outer outer = {p->tree, p->vars, p->var_count, p->var_cap, p->range_depth, p->action_pos};

	p->tree = ARENA_NEW(p->arena, Tree);
	p->tree->name = name;
	p->tree->parse_name = p->name;
	p->tree->text = p->text;
	p->vars = NULL;
	p->var_count = p->var_cap = p->range_depth = 0;
	p->action_pos = NOWHERE;
	push_var(p, S("$"));
	return outer;
}

// A name defined twice in one text is an error, unless one of both is empty.
static bool add_tree(Parser *p)
{
	Parsed *out = p->out;
	const Value *at = NULL;
	Tree **known;

	// Most texts define nothing but themselves.
	if (out->count && !p->defined) {
		p->defined = map_new(p->arena, &TYPE_ANY_MAP);
		map_set(p->arena, p->defined, out->trees[0]->name, value_int(0));
	}
	if (p->defined)
		at = map_get(p->defined, p->tree->name);
	if (!at) {
		if (p->defined)
			map_set(p->arena, p->defined, p->tree->name,
			        value_int((int64_t)out->count));
		VEC_PUSH(p->arena, out->trees, out->count, p->out_cap) = p->tree;
		return true;
	}
	known = &out->trees[at->i];
	if (ast_is_empty((*known)->root))
		*known = p->tree;
	else if (!ast_is_empty(p->tree->root))
		return fail_quoted(p, "template: multiple definition of template ", p->tree->name,
		                   "");
	return true;
}

static void close_tree(Parser *p, Outer outer)
{
	p->tree = outer.tree;
	p->vars = outer.vars;
	p->var_count = outer.var_count;
	p->var_cap = outer.var_cap;
	p->range_depth = outer.range_depth;
	p->action_pos = outer.action_pos;
}

// The body of a define or block, up to its {{end}}, added as a tree of its own. `blamed`: the token at whose line Go
// reports another end; NULL: that end's own.
static bool tree_body(Parser *p, Str name, const char *context, const Token *blamed)
{
	Outer outer = open_tree(p, name);
	Ast *end = NULL;

	p->tree->root = item_list(p, &end);
	if (p->tree->root && end->kind != AST_END) {
		Str found = ast_to_str(p->arena, end);
		if (blamed)
			p->ahead[0] = *blamed;
		fail(p, "unexpected %.*s in %s", STR_ARGS(found), context);
	}
	if (!p->failed)
		add_tree(p);
	close_tree(p, outer);
	return !p->failed;
}

static Ast *template_node(Parser *p, Token name_token, Str name, Ast *pipe)
{
	Ast *ast = new_ast(p, AST_TEMPLATE, name_token.pos);

	ast->text = name;
	ast->pipe = pipe;
	return ast;
}

static Ast *block_control(Parser *p)
{
	Token token = next_non_space(p), head_end;
	Ast *pipe;
	Str name;

	if (!template_name(p, token, "block clause", &name))
		return NULL;
	pipe = pipeline(p, "block clause", TOKEN_RIGHT_DELIM);
	head_end = p->ahead[0];
	if (!pipe || !tree_body(p, name, "block clause", &head_end))
		return NULL;
	return template_node(p, token, name, pipe);
}

static Ast *template_control(Parser *p)
{
	Token token = next_non_space(p);
	Ast *pipe = NULL;
	Str name;

	if (!template_name(p, token, "template clause", &name))
		return NULL;
	if (next_non_space(p).kind != TOKEN_RIGHT_DELIM) {
		backup(p);
		pipe = pipeline(p, "template clause", TOKEN_RIGHT_DELIM);
		if (!pipe)
			return NULL;
	}
	return template_node(p, token, name, pipe);
}

static Ast *action(Parser *p)
{
	Token token = next_non_space(p);
	Ast *ast;

	switch (token.kind) {
	case TOKEN_BLOCK:
		return block_control(p);
	case TOKEN_BREAK:
		return jump_control(p, token, AST_BREAK, "{{break}}");
	case TOKEN_CONTINUE:
		return jump_control(p, token, AST_CONTINUE, "{{continue}}");
	case TOKEN_ELSE:
		return else_control(p);
	case TOKEN_END:
		return end_control(p);
	case TOKEN_IF:
		return control(p, AST_IF);
	case TOKEN_RANGE:
		return control(p, AST_RANGE);
	case TOKEN_TEMPLATE:
		return template_control(p);
	case TOKEN_WITH:
		return control(p, AST_WITH);
	default:
		break;
	}
	backup(p);
	ast = new_ast(p, AST_ACTION, peek(p)->pos);
	ast->pipe = pipeline(p, "command", TOKEN_RIGHT_DELIM);
	return ast->pipe ? ast : NULL;
}

static Ast *text_or_action(Parser *p)
{
	Token token = next_non_space(p);
	Ast *ast;

	if (token.kind == TOKEN_TEXT) {
		ast = new_ast(p, AST_TEXT, token.pos);
		ast->text = token.text;
		return ast;
	}
	if (token.kind != TOKEN_LEFT_DELIM)
		return unexpected(p, token, "input");
	p->action_pos = token.pos;
	ast = action(p);
	p->action_pos = NOWHERE;
	return ast;
}

static bool definition(Parser *p)
{
	Token token = next_non_space(p);
	Str name;

	if (token.kind != TOKEN_STRING && token.kind != TOKEN_RAW_STRING)
		return unexpected(p, token, "define clause");
	return unquote(p, token, &name) && expect(p, TOKEN_RIGHT_DELIM, "define clause", &token) &&
	       tree_body(p, name, "define clause", NULL);
}

static void top_level(Parser *p)
{
	size_t mark = p->node_count;

	p->tree->root = new_ast(p, AST_LIST, peek(p)->pos);
	while (!p->failed && peek(p)->kind != TOKEN_EOF) {
		Ast *node;
		if (peek(p)->kind == TOKEN_LEFT_DELIM) {
			Token delim = next(p);
			if (next_non_space(p).kind == TOKEN_DEFINE) {
				definition(p);
				continue;
			}
			backup2(p, delim);
		}
		node = text_or_action(p);
		if (!node)
			return;
		if (node->kind == AST_END || node->kind == AST_ELSE) {
			Str found = ast_to_str(p->arena, node);
			fail(p, "unexpected %.*s", STR_ARGS(found));
			return;
		}
		push_node(p, node);
	}
	p->tree->root->items = take_nodes(p, mark, &p->tree->root->count);
}

bool parse_template(Engine *engine, Arena *arena, Str name, Str text, Parsed *out, Diag *diag)
{
	Parser parser = {.engine = engine,
	                 .arena = arena,
	                 .diag = diag,
	                 .lexer = lex_new(arena, text),
	                 .name = name,
	                 .text = text,
	                 .out = out};

	*out = (Parsed){0};
	if (text.len >= UINT32_MAX)
		return diag_fail(diag, "template: %.*s: the text is too long", STR_ARGS(name));
	open_tree(&parser, name);
	top_level(&parser);
	if (!parser.failed)
		add_tree(&parser);
	return !parser.failed;
}
