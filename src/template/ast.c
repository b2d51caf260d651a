// Nodes as Go prints them in errors.

#include "template/ast.h"

#include "base/num.h"

#include <string.h>

static void write_node(Buf *out, const Ast *node);

static void write_pipe(Buf *out, const Ast *pipe)
{
	for (size_t i = 0; i < pipe->decl_count; i++) {
		if (i)
			buf_c(out, ", ");
		write_node(out, pipe->decls[i]);
	}
	if (pipe->decl_count)
		buf_c(out, pipe->is_assign ? " = " : " := ");
	for (size_t i = 0; i < pipe->count; i++) {
		if (i)
			buf_c(out, " | ");
		write_node(out, pipe->items[i]);
	}
}

static void write_operand(Buf *out, const Ast *node)
{
	bool parens = node->kind == AST_PIPE;

	if (parens)
		buf_byte(out, '(');
	write_node(out, node);
	if (parens)
		buf_byte(out, ')');
}

static void write_branch(Buf *out, const Ast *node, const char *word)
{
	buf_printf(out, "{{%s ", word);
	write_node(out, node->pipe);
	buf_c(out, "}}");
	write_node(out, node->list);
	if (node->else_list) {
		buf_c(out, "{{else}}");
		write_node(out, node->else_list);
	}
	buf_c(out, "{{end}}");
}

static void write_names(Buf *out, const Ast *node, bool dot_first)
{
	for (size_t i = 0; i < node->name_count; i++) {
		if (i || dot_first)
			buf_byte(out, '.');
		buf_str(out, node->names[i]);
	}
}

static void write_template(Buf *out, const Ast *node)
{
	buf_c(out, "{{template ");
	num_quote(out, node->text);
	if (node->pipe) {
		buf_byte(out, ' ');
		write_node(out, node->pipe);
	}
	buf_c(out, "}}");
}

static void write_node(Buf *out, const Ast *node)
{
	switch (node->kind) {
	case AST_TEXT:
	case AST_NUMBER:
	case AST_IDENTIFIER:
		buf_str(out, node->text);
		break;
	case AST_STRING:
		buf_str(out, node->quoted);
		break;
	case AST_BOOL:
		buf_c(out, node->truth ? "true" : "false");
		break;
	case AST_DOT:
		buf_byte(out, '.');
		break;
	case AST_NIL:
		buf_c(out, "nil");
		break;
	case AST_BREAK:
		buf_c(out, "{{break}}");
		break;
	case AST_CONTINUE:
		buf_c(out, "{{continue}}");
		break;
	case AST_ELSE:
		buf_c(out, "{{else}}");
		break;
	case AST_END:
		buf_c(out, "{{end}}");
		break;
	case AST_ACTION:
		buf_c(out, "{{");
		write_node(out, node->pipe);
		buf_c(out, "}}");
		break;
	case AST_PIPE:
		write_pipe(out, node);
		break;
	case AST_COMMAND:
		for (size_t i = 0; i < node->count; i++) {
			if (i)
				buf_byte(out, ' ');
			write_operand(out, node->items[i]);
		}
		break;
	case AST_LIST:
		for (size_t i = 0; i < node->count; i++)
			write_node(out, node->items[i]);
		break;
	case AST_FIELD:
		write_names(out, node, true);
		break;
	case AST_VARIABLE:
		write_names(out, node, false);
		break;
	case AST_CHAIN:
		write_operand(out, node->node);
		write_names(out, node, true);
		break;
	case AST_IF:
		write_branch(out, node, "if");
		break;
	case AST_RANGE:
		write_branch(out, node, "range");
		break;
	case AST_WITH:
		write_branch(out, node, "with");
		break;
	case AST_TEMPLATE:
		write_template(out, node);
		break;
	}
}

Str ast_to_str(Arena *arena, const Ast *node)
{
	Buf buf = buf_new(arena);

	write_node(&buf, node);
	return buf_view(&buf);
}

Str ast_location(Arena *arena, const Ast *node)
{
	Str before = str_to(node->tree->text, node->pos);
	size_t line = 1, start = 0;
	Buf buf = buf_new(arena);

	for (size_t i = 0; i < before.len; i++)
		if (before.p[i] == '\n') {
			line++;
			start = i + 1;
		}
	buf_str(&buf, node->tree->parse_name);
	buf_printf(&buf, ":%zu:%zu", line, before.len - start);
	return buf_view(&buf);
}

bool ast_is_empty(const Ast *node)
{
	if (!node)
		return true;
	if (node->kind == AST_TEXT)
		return str_trim_space(node->text).len == 0;
	if (node->kind != AST_LIST)
		return false;
	for (size_t i = 0; i < node->count; i++)
		if (!ast_is_empty(node->items[i]))
			return false;
	return true;
}

bool ast_includes(const Ast *command, Str *name)
{
	if (command->kind != AST_COMMAND || command->count < 2 ||
	    command->items[0]->kind != AST_IDENTIFIER ||
	    !str_is(command->items[0]->text, "include") || command->items[1]->kind != AST_STRING)
		return false;
	*name = command->items[1]->text;
	return true;
}
