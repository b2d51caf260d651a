// Texts that stand behind default, coalesce and or.

#include "lint/fallback.h"

#include "data/text.h"
#include "template/ast.h"

// Whether the text that begins at `pos` of its template is one of the tree's.
static bool holds(const Ast *tree, size_t pos)
{
	if (!tree)
		return false;
	if (tree->kind == AST_STRING)
		return tree->pos <= pos && pos <= tree->pos + tree->quoted.len;
	for (size_t i = 0; (tree->kind == AST_PIPE || tree->kind == AST_COMMAND) && i < tree->count;
	     i++)
		if (holds(tree->items[i], pos))
			return true;
	return false;
}

static bool reads_value(const Ast *tree)
{
	if (tree->kind == AST_FIELD || tree->kind == AST_VARIABLE || tree->kind == AST_CHAIN)
		return true;
	for (size_t i = 0; (tree->kind == AST_PIPE || tree->kind == AST_COMMAND) && i < tree->count;
	     i++)
		if (reads_value(tree->items[i]))
			return true;
	return false;
}

static bool chooses(const Ast *command)
{
	const Ast *name = command->items[0];

	return name->kind == AST_IDENTIFIER &&
	       (str_is(name->text, "default") || str_is(name->text, "coalesce") ||
	        str_is(name->text, "or"));
}

// Whether a choice in the pipeline has the text on one side and a value on the other.
static bool chosen_in(const Ast *pipe, size_t pos)
{
	bool value = false; // what is piped on

	for (size_t i = 0; pipe && i < pipe->count; i++) {
		const Ast *command = pipe->items[i];
		bool text = false;
		for (size_t j = 1; j < command->count; j++) {
			text |= holds(command->items[j], pos);
			value |= reads_value(command->items[j]);
		}
		for (size_t j = 0; j < command->count; j++)
			if (command->items[j]->kind == AST_PIPE &&
			    chosen_in(command->items[j], pos))
				return true;
		if (text && value && chooses(command))
			return true;
		value |= reads_value(command);
	}
	return false;
}

bool text_is_fallback(const Source *source, const Node *node, size_t offset)
{
	size_t at = lint_source_offset(source, node, offset), in_origin = 0;
	const Origin *origin = origin_at(source->text, at, &in_origin);
	const Cause *cause = cause_at(source->text, at);
	Str text;

	while (cause && cause->kind != CAUSE_ACTION)
		cause = cause->outer;
	if (!origin || origin->kind != ORIGIN_TEMPLATE || !origin->base || !cause ||
	    cause->node->kind != AST_ACTION)
		return false;
	text = cause->node->tree->text;
	if (origin->base < text.p || origin->base + in_origin >= text.p + text.len)
		return false;
	return chosen_in(cause->node->pipe, (size_t)(origin->base + in_origin - text.p));
}
