// The evaluator: walks a parsed template with a cursor ("dot") and a stack of variables, as Go's
// text/template does, down to which node an error is said to be at.

#include "base/num.h"
#include "template/engine.h"
#include "template/format.h"

#include <string.h>

// Helm's: a name may be included inside itself this often.
#define INCLUDE_DEPTH_LIMIT 1000
// What Go says when templates call each other without end. Here the stack's guard may come first.
#define TEMPLATE_DEPTH_LIMIT 100000

// Compiled out in the build that `make bench` compares with: what keeping origins costs a render that keeps none.
#ifdef CLEAT_UNTRACED
#define IS_TRACED(e) ((void)(e), false)
#else
#define IS_TRACED(e) ((e)->traced)
#endif

typedef enum Walk { WALK_ON, WALK_BREAK, WALK_CONTINUE, WALK_FAILED } Walk;

// --- errors ---

// Records the error at the node at work. All that fails returns false upwards after this.
static bool fail_str(Eval *e, Str reason)
{
	Buf buf;

	if (e->failed)
		return false;
	e->failed = true;
	buf = buf_new(e->arena);
	buf_c(&buf, "template: ");
	if (e->node) {
		Str place = ast_location(e->arena, e->node);
		buf_str(&buf, place);
		buf_c(&buf, ": executing ");
		num_quote(&buf, e->tree->name);
		buf_c(&buf, " at <");
		buf_str(&buf, ast_to_str(e->arena, e->node));
		buf_c(&buf, ">: ");
	} else {
		buf_str(&buf, e->tree->name);
		buf_c(&buf, ": ");
	}
	buf_str(&buf, reason);
	e->error = buf_view(&buf);
	return false;
}

static bool fail(Eval *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool fail(Eval *e, const char *format, ...)
{
	Buf buf = buf_new(e->arena);
	va_list args;

	va_start(args, format);
	buf_vprintf(&buf, format, args);
	va_end(args);
	return fail_str(e, buf_view(&buf));
}

// The reason with the node's text in it: "can't give argument to non-function %s".
static bool fail_about(Eval *e, const char *before, Str about, const char *after)
{
	Buf buf = buf_new(e->arena);

	buf_c(&buf, before);
	buf_str(&buf, about);
	buf_c(&buf, after);
	return fail_str(e, buf_view(&buf));
}

static bool fail_node(Eval *e, const char *before, const Ast *node, const char *after)
{
	return fail_about(e, before, ast_to_str(e->arena, node), after);
}

static bool fail_value(Eval *e, const char *before, const Value *v, const char *after)
{
	return fail_about(e, before, format_to_str(e->arena, v), after);
}

// --- variables ---

static void push_var(Eval *e, Str name, const Value *v)
{
	VEC_PUSH(e->arena, e->vars, e->var_count, e->var_cap) = (Variable){name, *v, NULL};
}

// Variables are few and the latest ones are asked for most: a walk from the top is quick, and it is what Go
// does, so that a name declared where evaluation never came is as undefined as there.
static Variable *find_var(Eval *e, Str name)
{
	for (size_t i = e->var_count; i > e->var_base; i--)
		if (str_eq(e->vars[i - 1].name, name))
			return &e->vars[i - 1];
	fail_about(e, "undefined variable: ", name, "");
	return NULL;
}

static bool set_var(Eval *e, Str name, const Value *v)
{
	Variable *var = find_var(e, name);

	if (var)
		var->value = *v;
	return var != NULL;
}

// --- values ---

// Loses the knowledge that the value was an interface{}: reflect.ValueOf(value.Interface()).
static void unbox(Value *v)
{
	if (v->kind == V_NIL)
		v->kind = V_INVALID;
	v->boxed = false;
}

// An entry of a container whose elements are interface{}: boxed.
static Value element(const Type *type, const Value *v)
{
	Value out = *v;

	out.boxed = type->elem == V_NIL;
	if (out.kind == V_INVALID)
		out.kind = V_NIL;
	return out;
}

static Value zero_element(Arena *arena, const Type *type)
{
	switch (type->elem) {
	case V_NIL:
		return (Value){.kind = V_NIL, .boxed = true};
	case V_STRING:
		return value_str(S(""));
	case V_LIST: {
		List *list = list_new(arena, type->elem_type, 0);
		list->nil = true;
		return value_list(list);
	}
	case V_MAP: {
		Map *map = map_new(arena, type->elem_type);
		map->nil = true;
		return value_map(map);
	}
	default:
		return (Value){.kind = (uint8_t)type->elem};
	}
}

// Objects that Go holds as a map or slice are looked into as such.
static void open_container(Value *v)
{
	if (v->kind == V_OBJECT && !v->object->nil && v->object->type->as_container)
		*v = v->object->type->as_container(v->object);
}

static Str shown_type(const Value *v)
{
	return v->boxed ? S("interface {}") : value_type_name(v);
}

// --- expressions ---

static bool eval_pipeline(Eval *e, const Value *dot, const Ast *pipe, Value *out);
static bool eval_arg(Eval *e, const Value *dot, const Param *param, const Ast *node, Value *out);

static bool accept(Eval *e, const Param *param, Value *v)
{
	Str error;

	return param_accept(e->arena, param, v, &error) || fail_str(e, error);
}

static bool not_a_function(Eval *e, const Ast *const *args, size_t count, const Value *final)
{
	return (count <= 1 && !final) ||
	       fail_node(e, "can't give argument to non-function ", args[0], "");
}

// An integer with a sign of a float in its text is one: 1e3, 1.0. 'e' in a rune or hex constant is none.
static bool looks_float(Str text)
{
	bool hex = text.len > 2 && text.p[0] == '0' && (text.p[1] | 0x20) == 'x';
	bool exponent =
		str_find_byte(text, 'p') != STR_NONE || str_find_byte(text, 'P') != STR_NONE;

	if (text.len && text.p[0] == '\'')
		return false;
	if (hex && !exponent)
		return false;
	return exponent || str_find_byte(text, '.') != STR_NONE ||
	       str_find_byte(text, 'e') != STR_NONE || str_find_byte(text, 'E') != STR_NONE;
}

static bool ideal_constant(Eval *e, const Ast *node, Value *out)
{
	const AstNumber *n = node->number;

	e->node = node;
	if (n->is_complex) {
		*out = (Value){.kind = V_COMPLEX128, .c = {n->re, n->im}};
		return true;
	}
	if (n->is_float && looks_float(node->text)) {
		*out = value_float(n->f);
		return true;
	}
	if (n->is_int) {
		*out = value_int(n->i);
		return true;
	}
	if (n->is_uint)
		return fail_about(e, "", node->text, " overflows int");
	*out = value_invalid();
	return true;
}

static void string_constant(Eval *e, const Ast *node, Value *out)
{
	Str text = node->text;

	// A text without escapes views the template; one with them gets the place of its quotes.
	text.origin = IS_TRACED(e) ? node->tree->text.origin : NULL;
	*out = value_str(text);
}

static size_t count_fixed(const Signature *signature)
{
	return signature->variadic ? signature->count - 1 : signature->count;
}

static const Param *param_at(const Signature *signature, size_t i)
{
	return &signature->params[i < signature->count ? i : signature->count - 1];
}

static bool check_count(Eval *e, const Signature *signature, const char *name, size_t given,
                        size_t shown)
{
	size_t fixed = count_fixed(signature);

	if (signature->variadic && given < fixed)
		return fail(e, "wrong number of args for %s: want at least %zu got %zu", name,
		            fixed, shown);
	if (!signature->variadic && given != fixed)
		return fail(e, "wrong number of args for %s: want %zu got %zu", name, fixed, given);
	return true;
}

// `and` and `or` stop at the first argument that decides.
static bool eval_short_circuit(Eval *e, const Value *dot, bool until, const Param *param,
                               const Ast *const *args, size_t count, const Value *final, Value *out)
{
	for (size_t i = 0; i < count; i++) {
		if (!eval_arg(e, dot, param, args[i], out))
			return false;
		if (value_truth(out) == until)
			return true;
	}
	if (final) {
		*out = *final;
		return accept(e, param, out);
	}
	return true;
}

// What reflect.Value.String says: a string itself, else only the type.
static Str callee_name(Eval *e, const Value *callee)
{
	Str type = value_type_name(callee);

	if (callee->kind == V_STRING)
		return value_as_str(callee);
	return callee->kind == V_INVALID ? S("<invalid Value>")
	                                 : str_printf(e->arena, "<%.*s Value>", STR_ARGS(type));
}

// `call` names the callee in its errors, so it needs the text of its first argument.
static bool eval_call_builtin(Eval *e, Call *call, const Ast *const *args, size_t count)
{
	Value *callee = &call->args[0];
	Str name = count ? ast_to_str(e->arena, args[0]) : callee_name(e, callee);

	unbox(callee);
	if (callee->kind == V_INVALID)
		return call_fail(call, "call of nil");
	if (callee->kind != V_FUNC) {
		Str type = value_type_name(callee);
		return call_fail(call, "non-function %.*s of type %.*s", STR_ARGS(name),
		                 STR_ARGS(type));
	}
	return eval_call_func(call, callee->func, call->args + 1, call->count - 1, &call->result);
}

static bool eval_args(Eval *e, const Value *dot, const Signature *signature, const Ast *const *args,
                      size_t count, const Value *final, Value *argv)
{
	for (size_t i = 0; i < count; i++)
		if (!eval_arg(e, dot, param_at(signature, i), args[i], &argv[i]))
			return false;
	if (final) {
		argv[count] = *final;
		return accept(e, param_at(signature, count), &argv[count]);
	}
	return true;
}

// Whether the first argument won: `default` and `required` get what may be empty last.
static bool choice_went(const Call *call)
{
	const Value *decider = call->count ? &call->args[call->count - 1] : &call->result;

	if (!strcmp(call->func->name, "coalesce"))
		decider = &call->args[0];
	return value_truth(decider);
}

static bool run_body(Eval *e, Call *call, const Ast *at, const Ast *const *args, size_t count)
{
	const Ast *outer = e->calling;
	bool ok;

	e->calling = at;
	ok = call->func->body ? call->func->body(call) : eval_call_builtin(e, call, args, count);
	e->calling = outer;
	return ok;
}

// Reads of the keys that a function looks up by itself.
static void trace_look_up(Eval *e, const Call *call)
{
	const char *name = call->func->name;

	if (call->count >= 2 && call->args[0].kind == V_MAP && call->args[1].kind == V_STRING &&
	    (!strcmp(name, "get") || !strcmp(name, "hasKey")))
		trace_read(e, call->args[0].map, value_as_str(&call->args[1]));
}

// Arguments beyond this many come from the arena.
#define ARGS_ON_STACK 6

// Calls a function or, where `receiver` is given, a method. args[0] is the function's own name. `at` is the node
// that errors of the call are said to be at.
static bool eval_call(Eval *e, const Value *dot, const Func *func, const Signature *signature,
                      const Value *receiver, const Ast *at, const Ast *const *args, size_t count,
                      const Value *final, Value *out)
{
	Value local[ARGS_ON_STACK + 1], *argv = local;
	Reads *outer_reads = e->reads, reads = {0};
	size_t given;
	bool choice;
	Call call;

	if (count) {
		args++;
		count--;
	}
	given = count + (final != NULL);
	if (!check_count(e, signature, func->name, given, count))
		return false;
	// A method whose results no template can take: its row says so.
	if (receiver && !func->body)
		return fail_str(e, str_c(func->help));
	choice = IS_TRACED(e) && !e->reads && trace_is_choice(func);
	if (choice)
		e->reads = &reads;
	if (!func->body && func->name[0] != 'c') {
		if (!eval_short_circuit(e, dot, func->name[0] == 'o', &signature->params[0], args,
		                        count, final, out))
			return false;
		e->reads = outer_reads;
		if (choice)
			trace_choice(e, at, &reads, value_truth(out));
		return true;
	}
	if (given > ARGS_ON_STACK)
		argv = arena_alloc(e->arena, (given + 1) * sizeof *argv);
	if (receiver)
		argv[0] = *receiver;
	if (!eval_args(e, dot, signature, args, count, final, argv + (receiver != NULL)))
		return false;
	call = (Call){.eval = e,
	              .arena = e->arena,
	              .traced = IS_TRACED(e),
	              .func = func,
	              .args = argv,
	              .count = given + (receiver != NULL)};
	e->reads = outer_reads;
	if (!run_body(e, &call, at, args, count)) {
		Buf buf = buf_new(e->arena);
		e->node = at;
		buf_printf(&buf, "error calling %s: ", func->name);
		buf_str(&buf, call.error);
		return fail_str(e, buf_view(&buf));
	}
	if (IS_TRACED(e)) {
		trace_look_up(e, &call);
		trace_result(e, &call);
		if (choice)
			trace_choice(e, at, &reads, choice_went(&call));
	}
	*out = call.result;
	return true;
}

static const Func *find_method(const Type *type, Str name)
{
	for (const Func *method = type->methods; method && method->name; method++)
		if (str_is(name, method->name))
			return method;
	return NULL;
}

static bool object_field(Eval *e, const Object *object, Str name, bool has_args, Value *out,
                         bool *found)
{
	const Type *type = object->type;

	*found = object->field && object->field(object, name, out);
	for (size_t i = 0; !*found && type->fields && type->fields[i]; i++)
		if (str_is(name, type->fields[i])) {
			*found = true;
			if (!object->nil)
				*out = object->fields[i];
		}
	if (*found && object->nil)
		return fail(e, "nil pointer evaluating %s.%.*s", type->name, STR_ARGS(name));
	if (*found && has_args)
		return fail_about(e, "", name, " has arguments but cannot be invoked as function");
	return true;
}

static bool map_field(Eval *e, const Map *map, Str name, bool has_args, Value *out)
{
	const Value *found;

	if (has_args)
		return fail_about(e, "", name, " is not a method but has arguments");
	if (IS_TRACED(e))
		trace_read(e, map, name);
	found = map_get(map, name);
	if (found)
		*out = element(map->type, found);
	else if (e->engine->options.strict) {
		Buf buf = buf_new(e->arena);
		buf_c(&buf, "map has no entry for key ");
		num_quote(&buf, name);
		return fail_str(e, buf_view(&buf));
	} else
		*out = zero_element(e->arena, map->type);
	return true;
}

// One name of a chain. `node` is the chain, for errors; args and final are those of the last name.
static bool eval_field(Eval *e, const Value *dot, Str name, const Ast *node, const Ast *const *args,
                       size_t count, const Value *final, Value *receiver, Value *out)
{
	bool has_args = count > 1 || final, found;
	const Func *method = NULL;
	Value inside = *receiver;

	if (receiver->kind == V_INVALID) {
		if (e->engine->options.strict) {
			Buf buf = buf_new(e->arena);
			buf_c(&buf, "nil data; no entry for key ");
			num_quote(&buf, name);
			return fail_str(e, buf_view(&buf));
		}
		*out = value_invalid();
		return true;
	}
	if (receiver->kind == V_NIL)
		return fail_about(e, "nil pointer evaluating interface {}.", name, "");
	if (receiver->kind == V_OBJECT)
		method = find_method(receiver->object->type, name);
	else if (receiver->kind == V_MAP)
		method = find_method(value_map_type(receiver), name);
	else if (receiver->kind == V_LIST)
		method = find_method(receiver->list->type, name);
	if (method)
		return eval_call(e, dot, method, engine_signature(e->engine, method), receiver,
		                 node, args, count, final, out);
	open_container(&inside);
	if (inside.kind == V_MAP)
		return map_field(e, inside.map, name, has_args, out);
	if (receiver->kind == V_OBJECT) {
		if (!object_field(e, receiver->object, name, has_args, out, &found))
			return false;
		if (found)
			return true;
	}
	{
		Str type = shown_type(receiver);
		return fail(e, "can't evaluate field %.*s in type %.*s", STR_ARGS(name),
		            STR_ARGS(type));
	}
}

// For people: names[0..count) led to nothing, though names[count] was asked of it. `parent` is what the last of them was
// looked up in.
static void hint_at_missing(Eval *e, const Value *parent, const Str *names, size_t count)
{
	bool of_values = count > 1 && str_is(names[0], "Values");
	Buf buf = buf_new(e->arena);
	Str nearest = S("");

	if (!count || e->hint.len)
		return;
	for (size_t i = of_values; i < count; i++) {
		if (i > of_values)
			buf_byte(&buf, '.');
		buf_str(&buf, names[i]);
	}
	buf_c(&buf,
	      of_values ? " is not set: values.yaml or a file given with -f would have to have it"
	                : " is nil");
	if (parent->kind == V_MAP) {
		Str *keys = ARENA_ARRAY(e->arena, Str, parent->map->len + 1);
		for (size_t i = 0; i < parent->map->len; i++)
			keys[i] = parent->map->entries[i].key;
		nearest = str_nearest(names[count - 1], keys, parent->map->len);
	}
	if (nearest.len && !str_eq(nearest, names[count - 1])) {
		buf_c(&buf, "; did you mean \"");
		buf_str(&buf, nearest);
		buf_c(&buf, "\"?");
	}
	e->hint = buf_view(&buf);
}

static bool eval_fields(Eval *e, const Value *dot, Value receiver, const Ast *node,
                        const Str *names, size_t name_count, const Ast *const *args, size_t count,
                        const Value *final, Value *out)
{
	Value parent = value_invalid();
	bool ok;

	for (size_t i = 0; i + 1 < name_count; i++) {
		if (!eval_field(e, dot, names[i], node, NULL, 0, NULL, &receiver, out)) {
			hint_at_missing(e, &parent, names, i);
			return false;
		}
		parent = receiver;
		receiver = *out;
	}
	ok = eval_field(e, dot, names[name_count - 1], node, args, count, final, &receiver, out);
	if (!ok && receiver.kind == V_NIL)
		hint_at_missing(e, &parent, names, name_count - 1);
	return ok;
}

static bool eval_variable(Eval *e, const Value *dot, const Ast *node, const Ast *const *args,
                          size_t count, const Value *final, Value *out)
{
	Variable *var;

	e->node = node;
	var = find_var(e, node->names[0]);
	if (!var)
		return false;
	if (var->reads)
		trace_depend(e, var->reads);
	if (node->name_count > 1)
		return eval_fields(e, dot, var->value, node, node->names + 1, node->name_count - 1,
		                   args, count, final, out);
	*out = var->value;
	return not_a_function(e, args, count, final);
}

static bool eval_chain(Eval *e, const Value *dot, const Ast *node, const Ast *const *args,
                       size_t count, const Value *final, Value *out)
{
	static const Param any = {.kind = PARAM_VALUE};
	Value receiver;

	e->node = node;
	if (node->node->kind == AST_NIL)
		return fail_node(e, "indirection through explicit nil in ", node, "");
	if (!eval_arg(e, dot, &any, node->node, &receiver))
		return false;
	return eval_fields(e, dot, receiver, node, node->names, node->name_count, args, count,
	                   final, out);
}

static bool eval_function(Eval *e, const Value *dot, const Ast *node, const Ast *at,
                          const Ast *const *args, size_t count, const Value *final, Value *out)
{
	e->node = node;
	return eval_call(e, dot, node->func, node->signature, NULL, at, args, count, final, out);
}

static bool eval_command(Eval *e, const Value *dot, const Ast *command, const Value *final,
                         Value *out)
{
	const Ast *const *args = (const Ast *const *)command->items;
	const Ast *first = args[0];
	size_t count = command->count;

	switch (first->kind) {
	case AST_FIELD:
		e->node = first;
		return eval_fields(e, dot, *dot, first, first->names, first->name_count, args,
		                   count, final, out);
	case AST_CHAIN:
		return eval_chain(e, dot, first, args, count, final, out);
	case AST_IDENTIFIER:
		return eval_function(e, dot, first, command, args, count, final, out);
	case AST_PIPE:
		return not_a_function(e, args, count, final) && eval_pipeline(e, dot, first, out);
	case AST_VARIABLE:
		return eval_variable(e, dot, first, args, count, final, out);
	default:
		break;
	}
	e->node = first;
	if (!not_a_function(e, args, count, final))
		return false;
	switch (first->kind) {
	case AST_BOOL:
		*out = value_bool(first->truth);
		return true;
	case AST_DOT:
		*out = *dot;
		return true;
	case AST_NIL:
		return fail(e, "nil is not a command");
	case AST_NUMBER:
		return ideal_constant(e, first, out);
	case AST_STRING:
		string_constant(e, first, out);
		return true;
	default:
		return fail_node(e, "can't evaluate command ", first, "");
	}
}

static bool eval_commands(Eval *e, const Value *dot, const Ast *pipe, Value *out)
{
	Value previous;

	for (size_t i = 0; i < pipe->count; i++) {
		previous = *out;
		if (!eval_command(e, dot, pipe->items[i], i ? &previous : NULL, out))
			return false;
		unbox(out);
	}
	return true;
}

// `reads` is what the value hangs on, NULL where nobody asks.
static bool declare(Eval *e, const Ast *pipe, const Value *v, const Reads *reads)
{
	for (size_t i = 0; i < pipe->decl_count; i++) {
		Str name = pipe->decls[i]->names[0];
		if (!pipe->is_assign)
			push_var(e, name, v);
		else if (!set_var(e, name, v))
			return false;
		if (reads)
			trace_variable(e, find_var(e, name), reads, pipe->is_assign);
	}
	return true;
}

static bool eval_pipeline(Eval *e, const Value *dot, const Ast *pipe, Value *out)
{
	Reads *outer, *around, *own;
	bool ok;

	*out = value_invalid();
	if (!pipe)
		return true;
	e->node = pipe;
	if (!pipe->decl_count)
		return eval_commands(e, dot, pipe, out);
	if (!IS_TRACED(e))
		return eval_commands(e, dot, pipe, out) && declare(e, pipe, out, NULL);
	outer = e->reads;
	around = e->around;
	own = ARENA_NEW(e->arena, Reads);
	*(outer ? &e->reads : &e->around) = own;
	ok = eval_commands(e, dot, pipe, out);
	e->reads = outer;
	e->around = around;
	trace_depend(e, own);
	return ok && declare(e, pipe, out, own);
}

static bool expected(Eval *e, const char *what, const Ast *node)
{
	return fail_about(e, "expected ",
	                  str_concat(e->arena, str_c(what), ast_to_str(e->arena, node)), "");
}

// A constant where a parameter of a plain type is wanted.
static bool scalar_constant(Eval *e, const Param *param, const Ast *node, Value *out)
{
	const AstNumber *n = node->kind == AST_NUMBER ? node->number : NULL;

	*out = (Value){.kind = (uint8_t)param->scalar};
	switch (param->scalar) {
	case V_BOOL:
		out->b = node->kind == AST_BOOL && node->truth;
		return node->kind == AST_BOOL || expected(e, "bool; found ", node);
	case V_STRING:
		if (node->kind != AST_STRING)
			return expected(e, "string; found ", node);
		string_constant(e, node, out);
		return true;
	case V_FLOAT32:
	case V_FLOAT64:
		out->f = n ? n->f : 0;
		return (n && n->is_float) || expected(e, "float; found ", node);
	case V_COMPLEX128:
		if (n)
			out->c.re = n->re, out->c.im = n->im;
		return (n && n->is_complex) || expected(e, "complex; found ", node);
	default:
		break;
	}
	if (value_is_uint(out)) {
		out->u = n ? n->u : 0;
		return (n && n->is_uint) || expected(e, "unsigned integer; found ", node);
	}
	out->i = n ? n->i : 0;
	if (param->scalar == V_INT32)
		out->i = (int32_t)out->i;
	return (n && n->is_int) || expected(e, "integer; found ", node);
}

static bool any_constant(Eval *e, const Ast *node, Value *out)
{
	switch (node->kind) {
	case AST_BOOL:
		*out = value_bool(node->truth);
		return true;
	case AST_NUMBER:
		return ideal_constant(e, node, out);
	case AST_STRING:
		string_constant(e, node, out);
		return true;
	default:
		return fail_node(e, "can't handle assignment of ", node,
		                 " to empty interface argument");
	}
}

static bool eval_arg(Eval *e, const Value *dot, const Param *param, const Ast *node, Value *out)
{
	const Ast *self[1] = {node};

	e->node = node;
	switch (node->kind) {
	case AST_DOT:
		*out = *dot;
		return accept(e, param, out);
	case AST_NIL:
		return param_nil(e->arena, param, out) ||
		       fail_about(e, "cannot assign nil to ", param->go_name, "");
	case AST_FIELD:
		return eval_fields(e, dot, *dot, node, node->names, node->name_count, self, 1, NULL,
		                   out) &&
		       accept(e, param, out);
	case AST_VARIABLE:
		return eval_variable(e, dot, node, NULL, 0, NULL, out) && accept(e, param, out);
	case AST_PIPE:
		return eval_pipeline(e, dot, node, out) && accept(e, param, out);
	case AST_IDENTIFIER:
		return eval_function(e, dot, node, node, NULL, 0, NULL, out) &&
		       accept(e, param, out);
	case AST_CHAIN:
		return eval_chain(e, dot, node, NULL, 0, NULL, out) && accept(e, param, out);
	default:
		break;
	}
	if (param->kind == PARAM_SCALAR || param->scalar)
		return scalar_constant(e, param, node, out);
	if (param->kind == PARAM_ANY || param->kind == PARAM_VALUE)
		return any_constant(e, node, out);
	return fail_node(
		e, "can't handle ", node,
		str_to_c(e->arena, str_concat(e->arena, S(" for arg of type "), param->go_name)));
}

// --- walking ---

static Walk walk(Eval *e, const Value *dot, const Ast *node);

static Walk walk_list(Eval *e, const Value *dot, const Ast *list)
{
	e->node = list;
	for (size_t i = 0; i < list->count; i++) {
		Walk went = walk(e, dot, list->items[i]);
		if (went != WALK_ON)
			return went;
	}
	return WALK_ON;
}

static bool print_value(Eval *e, const Ast *node, const Value *v)
{
	e->node = node;
	if (v->kind == V_STRING)
		text_write(e->out, value_as_str(v));
	else if (v->kind == V_INVALID)
		text_write(e->out, S("<no value>"));
	else if (v->kind == V_FUNC)
		return fail_about(e, "can't print ", ast_to_str(e->arena, node),
		                  str_to_c(e->arena, str_concat(e->arena, S(" of type "),
		                                                value_type_name(v))));
	else if (IS_TRACED(e) && v->origin && v->kind != V_LIST && v->kind != V_MAP) {
		Text text = text_new(e->arena, false);
		Str shown;
		format_shown(&text, v);
		shown = text_str(&text);
		text_write_as(e->out, shown, (Str){"", 0, v->origin});
	} else
		format_shown(e->out, v);
	if (e->out->buf.len > e->engine->options.output_limit)
		return fail(e, "the output is larger than %zu bytes",
		            e->engine->options.output_limit);
	return true;
}

// {{ include "x" . }} alone in an action writes straight to the output.
static bool is_bare_include(const Ast *pipe)
{
	const Ast *command = pipe->items[0];

	return pipe->count == 1 && !pipe->decl_count && command->count == 3 &&
	       command->items[0]->kind == AST_IDENTIFIER &&
	       str_is(command->items[0]->text, "include");
}

static bool run_include(Eval *e, Call *call, Str name, const Value *dot, Text *out);

static bool walk_include(Eval *e, const Value *dot, const Ast *command)
{
	const Ast *function = command->items[0];
	Call call = {.eval = e, .arena = e->arena, .traced = IS_TRACED(e)};
	const Ast *outer = e->calling;
	Value argv[2];
	bool ok;

	e->node = function;
	if (!eval_args(e, dot, function->signature, (const Ast *const *)command->items + 1, 2, NULL,
	               argv))
		return false;
	e->calling = command;
	ok = run_include(e, &call, value_as_str(&argv[0]), &argv[1], e->out);
	e->calling = outer;
	if (ok)
		return true;
	e->node = command;
	return fail_about(e, "error calling include: ", call.error, "");
}

// What an action of a traced evaluation writes is known by it.
typedef struct Traced {
	Cause *cause, *action;
} Traced;

static Traced trace_enter(Eval *e, CauseKind kind, const Ast *node)
{
	Traced outer = {e->cause, e->action};

	if (!IS_TRACED(e))
		return outer;
	e->cause = trace_cause(e, kind, node);
	if (kind == CAUSE_ACTION)
		e->action = e->cause;
	e->out->cause = e->cause;
	return outer;
}

static void trace_leave(Eval *e, Traced outer)
{
	if (!IS_TRACED(e))
		return;
	e->cause = outer.cause;
	e->action = outer.action;
	e->out->cause = e->cause;
}

static Walk walk_action(Eval *e, const Value *dot, const Ast *node)
{
	Value v;
	bool ok;

	if (is_bare_include(node->pipe)) {
		e->node = node->pipe;
		return walk_include(e, dot, node->pipe->items[0]) ? WALK_ON : WALK_FAILED;
	}
	ok = eval_pipeline(e, dot, node->pipe, &v);
	if (ok && !node->pipe->decl_count)
		ok = print_value(e, node, &v);
	return ok ? WALK_ON : WALK_FAILED;
}

// Evaluates what an if, with or range turns on; where traced, with the values that decide it.
static bool eval_condition(Eval *e, const Value *dot, const Ast *node, Value *out)
{
	Reads *outer = e->reads, reads = {0};
	bool ok;

	if (!IS_TRACED(e))
		return eval_pipeline(e, dot, node->pipe, out);
	e->reads = &reads;
	ok = eval_pipeline(e, dot, node->pipe, out);
	// What stands in a variable, or was an argument, was read before.
	if (ok && !reads.count)
		trace_read_leaf(e, out);
	e->reads = outer;
	if (ok) {
		trace_depend(e, &reads);
		trace_decide(e, e->cause, &reads, value_truth(out));
	}
	return ok;
}

static Walk walk_if_or_with(Eval *e, const Value *dot, const Ast *node)
{
	Traced outer = trace_enter(e, node->kind == AST_IF ? CAUSE_IF : CAUSE_WITH, node);
	size_t mark = e->var_count;
	Walk went = WALK_ON;
	Value v;

	if (!eval_condition(e, dot, node, &v))
		return WALK_FAILED;
	if (value_truth(&v))
		went = walk(e, node->kind == AST_WITH ? &v : dot, node->list);
	else if (node->else_list)
		went = walk(e, dot, node->else_list);
	e->var_count = mark;
	trace_leave(e, outer);
	return went;
}

typedef struct Range {
	const Ast *node;
	size_t mark; // the stack behind the range's own variables
} Range;

static bool bind_range_vars(Eval *e, const Range *range, const Value *index, const Value *elem)
{
	const Ast *pipe = range->node->pipe;

	if (!pipe->decl_count)
		return true;
	if (pipe->is_assign) {
		if (pipe->decl_count == 1)
			return set_var(e, pipe->decls[0]->names[0], elem);
		return set_var(e, pipe->decls[0]->names[0], index) &&
		       set_var(e, pipe->decls[1]->names[0], elem);
	}
	e->vars[range->mark - 1].value = *elem;
	if (pipe->decl_count > 1)
		e->vars[range->mark - 2].value = *index;
	return true;
}

static bool count_step(Eval *e)
{
	return e->engine->steps++ < e->engine->options.step_limit ||
	       fail(e, "the templates took more than %zu steps", e->engine->options.step_limit);
}

static Walk walk_once(Eval *e, const Range *range, const Value *index, const Value *elem)
{
	const Ast *before = e->node;
	Walk went;

	e->node = range->node->pipe; // what has too many elements
	if (!count_step(e))
		return WALK_FAILED;
	e->node = before;
	if (!bind_range_vars(e, range, index, elem))
		return WALK_FAILED;
	went = walk(e, elem, range->node->list);
	e->var_count = range->mark;
	return went == WALK_CONTINUE ? WALK_ON : went;
}

static Walk range_list(Eval *e, const Range *range, const List *list)
{
	// The length is taken once, and the items too: what the body appends makes a new list.
	const Value *items = list->items;
	size_t len = list->len;

	for (size_t i = 0; i < len; i++) {
		Value index = value_int((int64_t)i), elem = element(list->type, &items[i]);
		Walk went = walk_once(e, range, &index, &elem);
		if (went != WALK_ON)
			return went;
	}
	return WALK_ON;
}

static Walk range_map(Eval *e, const Range *range, Map *map)
{
	size_t len = map->len;
	MapEntry *entries;

	// The body may change the map: it goes over the entries as they were.
	map_sort(map);
	entries = arena_alloc(e->arena, len * sizeof *entries);
	memcpy(entries, map->entries, len * sizeof *entries);
	for (size_t i = 0; i < len; i++) {
		Value key = value_str(entries[i].key), elem = element(map->type, &entries[i].value);
		Walk went = walk_once(e, range, &key, &elem);
		if (went != WALK_ON)
			return went;
	}
	return WALK_ON;
}

static Walk range_int(Eval *e, const Range *range, const Value *v)
{
	uint64_t end = value_is_int(v) && v->i < 0 ? 0 : v->u;

	for (uint64_t i = 0; i < end; i++) {
		Value none = value_invalid(), elem = *v;
		Walk went;
		elem.u = i;
		elem.origin = NULL;
		went = walk_once(e, range, &none, &elem);
		if (went != WALK_ON)
			return went;
	}
	return WALK_ON;
}

// Over a named number: a weekday and those before it.
static Walk range_named(Eval *e, const Range *range, const Object *object, bool *ran)
{
	Value end = object->type->underlying(object);

	*ran = end.i > 0;
	for (int64_t i = 0; i < end.i; i++) {
		Value none = value_invalid(),
		      elem = object->type->number(e->arena, object->type, i);
		Walk went = walk_once(e, range, &none, &elem);
		if (went != WALK_ON)
			return went;
	}
	return WALK_ON;
}

static Walk walk_range_over(Eval *e, const Range *range, const Value *v, bool *ran)
{
	bool named = v->kind == V_OBJECT && v->object->type->number;

	*ran = true;
	if (v->kind == V_LIST && v->list->len)
		return range_list(e, range, v->list);
	if (v->kind == V_MAP && v->map->len)
		return range_map(e, range, v->map);
	if ((named || value_is_int(v) || value_is_uint(v)) && range->node->pipe->decl_count > 1) {
		fail_value(e, "can't use ", v, " to iterate over more than one variable");
		return WALK_FAILED;
	}
	if (named)
		return range_named(e, range, v->object, ran);
	if (value_is_uint(v) || (value_is_int(v) && v->i > 0))
		if (v->u)
			return range_int(e, range, v);
	*ran = false;
	if (value_is_null(v) || value_is_int(v) || value_is_uint(v) || v->kind == V_LIST ||
	    v->kind == V_MAP)
		return WALK_ON;
	fail_value(e, "range can't iterate over ", v, "");
	return WALK_FAILED;
}

static Walk walk_range(Eval *e, const Value *dot, const Ast *node)
{
	Traced outer = trace_enter(e, CAUSE_RANGE, node);
	size_t mark = e->var_count;
	Range range = {.node = node};
	bool ran;
	Walk went;
	Value v;

	e->node = node;
	if (!eval_condition(e, dot, node, &v))
		return WALK_FAILED;
	open_container(&v);
	range.mark = e->var_count;
	went = walk_range_over(e, &range, &v, &ran);
	if (!ran && went == WALK_ON && node->else_list)
		went = walk(e, dot, node->else_list);
	// A break in the else belongs to this range too; a continue there goes to the one around it.
	if (went == WALK_BREAK)
		went = WALK_ON;
	e->var_count = mark;
	trace_leave(e, outer);
	return went;
}

// What a template in progress has of its own.
typedef struct Frame {
	const Tree *tree;
	const Ast *node;
	Text *out;
	size_t var_base, var_count, depth;
	Scope *scope;
	Cause *cause, *action;
	Reads *reads, *around;
} Frame;

static Frame enter(Eval *e, const Tree *tree, const Value *dot, Text *out)
{
	Frame frame = {e->tree,  e->node,  e->out,    e->var_base, e->var_count, e->depth,
	               e->scope, e->cause, e->action, e->reads,    e->around};

	e->tree = tree;
	e->out = out;
	// What this template reads, its caller's condition hangs on.
	e->around = e->reads ? e->reads : e->around;
	e->reads = NULL;
	e->var_base = e->var_count;
	push_var(e, S("$"), dot);
	return frame;
}

static void leave(Eval *e, Frame frame)
{
	e->tree = frame.tree;
	e->node = frame.node;
	e->out = frame.out;
	e->var_base = frame.var_base;
	e->var_count = frame.var_count;
	e->depth = frame.depth;
	e->scope = frame.scope;
	e->cause = frame.cause;
	e->action = frame.action;
	e->reads = frame.reads;
	e->around = frame.around;
}

static void hint_at_template(Eval *e, Str name)
{
	Str pair[2] = {S(""), S("")}; // the best so far, and the next

	for (const Scope *scope = e->scope; scope; scope = scope->outer)
		for (size_t i = 0; i < scope->trees->len; i++) {
			pair[1] = scope->trees->entries[i].key;
			pair[0] = str_nearest(name, pair, 2);
		}
	if (pair[0].len && !e->hint.len)
		e->hint = str_printf(e->arena, "did you mean \"%.*s\"?", STR_ARGS(pair[0]));
}

static Walk walk_template(Eval *e, const Value *dot, const Ast *node)
{
	const Tree *tree;
	Frame frame;
	Value inner;
	Walk went;

	e->node = node;
	tree = scope_find(e->scope, node->text);
	if (!tree) {
		Buf buf = buf_new(e->arena);
		buf_c(&buf, "template ");
		num_quote(&buf, node->text);
		buf_c(&buf, " not defined");
		fail_str(e, buf_view(&buf));
		hint_at_template(e, node->text);
		return WALK_FAILED;
	}
	if (e->depth == TEMPLATE_DEPTH_LIMIT || engine_stack_is_low(e->engine)) {
		fail(e, "exceeded maximum template depth (%d)", TEMPLATE_DEPTH_LIMIT);
		return WALK_FAILED;
	}
	// What its pipeline declares stays declared.
	if (!count_step(e) || !eval_pipeline(e, dot, node->pipe, &inner))
		return WALK_FAILED;
	frame = enter(e, tree, &inner, e->out);
	trace_enter(e, CAUSE_TEMPLATE, node);
	e->depth++;
	went = walk(e, &inner, tree->root);
	leave(e, frame);
	e->out->cause = e->cause;
	return went;
}

static Walk walk(Eval *e, const Value *dot, const Ast *node)
{
	e->node = node;
	switch (node->kind) {
	case AST_TEXT: {
		Str text = node->text;
		text.origin = IS_TRACED(e) ? node->tree->text.origin : NULL;
		text_write(e->out, text);
		return WALK_ON;
	}
	case AST_ACTION: {
		Traced outer = trace_enter(e, CAUSE_ACTION, node);
		Walk went = walk_action(e, dot, node);
		trace_leave(e, outer);
		return went;
	}
	case AST_LIST:
		return walk_list(e, dot, node);
	case AST_IF:
	case AST_WITH:
		return walk_if_or_with(e, dot, node);
	case AST_RANGE:
		return walk_range(e, dot, node);
	case AST_TEMPLATE:
		return walk_template(e, dot, node);
	case AST_BREAK:
		return WALK_BREAK;
	case AST_CONTINUE:
		return WALK_CONTINUE;
	default:
		fail_node(e, "unknown node: ", node, "");
		return WALK_FAILED;
	}
}

// --- templates run by functions ---

// Runs a tree as Go's Execute does: a state of its own, errors as text. On failure the Eval is as before and
// *error is set.
static bool run_tree(Eval *e, CauseKind kind, const Tree *tree, const Value *dot, Text *out,
                     Str *error)
{
	const Cause *outer = out->cause;
	Frame frame = enter(e, tree, dot, out);
	Walk went;

	trace_enter(e, kind, e->calling ? e->calling : tree->root);
	e->depth = 0;
	e->node = NULL;
	if (engine_stack_is_low(e->engine)) {
		fail(e, "exceeded maximum template depth (%d)", TEMPLATE_DEPTH_LIMIT);
		went = WALK_FAILED;
	} else {
		went = count_step(e) ? walk(e, dot, tree->root) : WALK_FAILED;
	}
	if (went == WALK_FAILED) {
		*error = e->error;
		e->failed = false;
	}
	leave(e, frame);
	out->cause = outer;
	return went != WALK_FAILED;
}

static bool no_such_template(Eval *e, Call *call, Str name)
{
	Buf buf = buf_new(e->arena);

	hint_at_template(e, name);

	buf_c(&buf, "template: no template ");
	num_quote(&buf, name);
	buf_c(&buf, " associated with template \"gotpl\"");
	return call_fail_str(call, buf_view(&buf));
}

// Counts how often a name is inside itself; false where that is too often.
static bool count_include(Eval *e, Call *call, Str name, Value **count)
{
	Map *included = e->engine->included;

	*count = map_get(included, name);
	if (!*count) {
		map_set(e->arena, included, name, value_int(0));
		*count = map_get(included, name);
	}
	if ((*count)->i > INCLUDE_DEPTH_LIMIT) {
		Buf buf = buf_new(e->arena);
		buf_c(&buf, "rendering template has a nested reference name: ");
		buf_str(&buf, name);
		buf_c(&buf, ": unable to execute template");
		return call_fail_str(call, buf_view(&buf));
	}
	(*count)->i++;
	return true;
}

static bool run_include(Eval *e, Call *call, Str name, const Value *dot, Text *out)
{
	const Tree *tree;
	Value *count, inner = *dot;
	bool ok;

	if (!count_include(e, call, name, &count))
		return false;
	tree = scope_find(e->scope, name);
	unbox(&inner);
	ok = tree ? run_tree(e, CAUSE_INCLUDE, tree, &inner, out, &call->error)
	          : no_such_template(e, call, name);
	// The table may have grown meanwhile: the entry is looked for again.
	map_get(e->engine->included, name)->i--;
	return ok;
}

bool eval_include(Call *call, Str name, const Value *dot, Text *out)
{
	return run_include(call->eval, call, name, dot, out);
}

static bool parse_tpl(Eval *e, Call *call, Str text, Parsed **out)
{
	Engine *engine = e->engine;
	Value *known = map_get(engine->tpl_parsed, text);
	Diag diag = diag_new(e->arena);
	Buf buf;

	if (known) {
		*out = known->pointer;
		return true;
	}
	*out = ARENA_NEW(e->arena, Parsed);
	if (parse_template(engine, e->arena, S("gotpl"), text, *out, &diag)) {
		map_set(e->arena, engine->tpl_parsed, text,
		        (Value){.kind = V_FUNC, .pointer = *out});
		return true;
	}
	buf = buf_new(e->arena);
	buf_c(&buf, "cannot parse template ");
	num_quote(&buf, text);
	buf_c(&buf, ": ");
	buf_str(&buf, diag.message);
	return call_fail_str(call, buf_view(&buf));
}

bool eval_tpl(Call *call, Str text, const Value *dot, Text *out)
{
	Eval *e = call->eval;
	Scope *outer = e->scope, inner = {outer, NULL};
	size_t from = out->buf.len;
	Value unboxed = *dot;
	Parsed *parsed;
	Str error;
	bool ok;
	Buf buf;

	if (str_find(text, S("{{")) == STR_NONE) {
		text_write(out, text);
		text_remove_no_value(out, from);
		return true;
	}
	if (!parse_tpl(e, call, text, &parsed))
		return false;
	if (parsed->count > 1) {
		inner.trees = map_new(e->arena, &TYPE_ANY_MAP);
		engine_add(e->engine, &inner, parsed);
		e->scope = &inner;
	}
	unbox(&unboxed);
	ok = run_tree(e, CAUSE_TPL, parsed->trees[parsed->count - 1], &unboxed, out, &error);
	e->scope = outer;
	if (ok) {
		text_remove_no_value(out, from);
		return true;
	}
	buf = buf_new(e->arena);
	buf_c(&buf, "error during tpl function execution for ");
	num_quote(&buf, text);
	buf_c(&buf, ": ");
	buf_str(&buf, error);
	return call_fail_str(call, buf_view(&buf));
}

bool eval_call_func(Call *call, const Func *func, const Value *args, size_t count, Value *out)
{
	const Signature *signature = engine_signature(call->eval->engine, func);
	size_t fixed = count_fixed(signature);
	Call inner = {.eval = call->eval,
	              .arena = call->arena,
	              .traced = call->traced,
	              .func = func,
	              .count = count};

	if (signature->variadic ? count < fixed : count != fixed)
		return call_fail(call, "wrong number of args for %s: got %zu want %s%zu",
		                 func->name, count, signature->variadic ? "at least " : "", fixed);
	inner.args = ARENA_ARRAY(call->arena, Value, count + 1);
	for (size_t i = 0; i < count; i++) {
		inner.args[i] = args[i];
		if (!param_accept(call->arena, param_at(signature, i), &inner.args[i],
		                  &call->error))
			return false;
	}
	if (!func->body(&inner))
		return call_fail_str(call, inner.error);
	*out = inner.result;
	return true;
}

Engine *eval_engine(const Eval *e)
{
	return e->engine;
}

bool engine_execute(Engine *engine, Str name, const Value *dot, Text *out, Diag *diag)
{
	Eval e = {.engine = engine,
	          .arena = engine->arena,
	          .scope = engine->scope,
	          .traced = engine->trace != NULL};
	const Tree *tree = scope_find(engine->scope, name);
	size_t from = out->buf.len;
	Str error;

	if (!tree)
		return diag_fail(
			diag, "template: no template \"%.*s\" associated with template \"gotpl\"",
			STR_ARGS(name));
	if (!run_tree(&e, CAUSE_ROOT, tree, dot, out, &error)) {
		diag->detail = e.hint;
		return diag_fail_str(diag, error);
	}
	text_remove_no_value(out, from);
	return true;
}
