// The option parser.

#include "cmd/options.h"

#include "base/buf.h"
#include "base/num.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void str_list_push(Arena *arena, StrList *list, Str item)
{
	// Command lines are short: growing by one is cheap enough and keeps StrList to what readers need.
	list->items = arena_grow(arena, list->items, list->len * sizeof item,
	                         (list->len + 1) * sizeof item);
	list->items[list->len++] = item;
	list->set = true;
}

typedef struct Parse {
	Arena *arena;
	const OptionTable *table;
	int argc, at;
	char **argv;
	char *target;
	Buf *notes;
	Diag *diag;
} Parse;

static bool takes_value(const Option *option)
{
	return option->kind != OPTION_FLAG && option->kind != OPTION_MAYBE;
}

static const Option *find_long(const OptionTable *table, Str name)
{
	for (const Option *o = table->options; o->kind != OPTION_END; o++)
		if (o->name && str_is(name, o->name))
			return o;
	return NULL;
}

static const Option *find_short(const OptionTable *table, char letter)
{
	for (const Option *o = table->options; o->kind != OPTION_END; o++)
		if (o->letter && o->letter == letter)
			return o;
	return NULL;
}

static bool fail_unknown(Parse *p, Str name)
{
	Str names[128], nearest;
	size_t count = 0;

	for (const Option *o = p->table->options; o->kind != OPTION_END && count < 128; o++)
		if (o->name && o->help)
			names[count++] = str_c(o->name);
	nearest = str_nearest(name, names, count);
	if (nearest.len)
		return diag_fail(p->diag, "unknown flag: --%.*s (did you mean --%.*s?)",
		                 STR_ARGS(name), STR_ARGS(nearest));
	return diag_fail(p->diag, "unknown flag: --%.*s", STR_ARGS(name));
}

static bool fail_value(Parse *p, const Option *option, Str value, Str reason)
{
	Buf quoted = buf_new(p->arena);

	num_quote(&quoted, value);
	if (option->letter)
		return diag_fail(p->diag, "invalid argument %.*s for \"-%c, --%s\" flag: %.*s",
		                 STR_ARGS(buf_view(&quoted)), option->letter, option->name,
		                 STR_ARGS(reason));
	return diag_fail(p->diag, "invalid argument %.*s for \"--%s\" flag: %.*s",
	                 STR_ARGS(buf_view(&quoted)), option->name, STR_ARGS(reason));
}

// strconv.ParseBool.
static bool parse_bool(Str text, bool *out)
{
	static const char *const YES[] = {"1", "t", "T", "TRUE", "true", "True"};
	static const char *const NO[] = {"0", "f", "F", "FALSE", "false", "False"};

	for (size_t i = 0; i < sizeof YES / sizeof *YES; i++) {
		*out = str_is(text, YES[i]);
		if (*out || str_is(text, NO[i]))
			return true;
	}
	return false;
}

// The fields of one CSV line: commas inside double quotes do not count.
static bool push_csv(Parse *p, StrList *list, Str text)
{
	bool quoted = false;
	Buf field = buf_new(p->arena);

	if (!text.len)
		return true;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];
		if (c == '"' && quoted && i + 1 < text.len && text.p[i + 1] == '"') {
			buf_byte(&field, '"');
			i++;
		} else if (c == '"' && (quoted || !field.len)) {
			quoted = !quoted;
		} else if (c == ',' && !quoted) {
			str_list_push(p->arena, list, buf_view(&field));
			field = buf_new(p->arena);
		} else {
			buf_byte(&field, c);
		}
	}
	str_list_push(p->arena, list, buf_view(&field));
	return !quoted;
}

static bool set_flag(Parse *p, const Option *option, Str value)
{
	Buf reason = buf_new(p->arena);
	bool on;

	if (parse_bool(value, &on)) {
		*(bool *)(p->target + option->offset) = on;
		return true;
	}
	buf_c(&reason, "strconv.ParseBool: parsing ");
	num_quote(&reason, value);
	buf_c(&reason, ": invalid syntax");
	return fail_value(p, option, value, buf_view(&reason));
}

static bool set_option(Parse *p, const Option *option, Str value)
{
	void *field = p->target + option->offset;
	Diag inner = diag_new(p->arena);

	if (option->deprecated)
		buf_printf(p->notes, "Flag --%s has been deprecated, %s\n", option->name,
		           option->deprecated);
	if (option->check && !option->check(value, &inner))
		return fail_value(p, option, value, inner.message);
	switch (option->kind) {
	case OPTION_FLAG:
		return set_flag(p, option, value);
	case OPTION_TEXT:
	case OPTION_MAYBE:
		*(Str *)field = value;
		return true;
	case OPTION_LIST:
		str_list_push(p->arena, field, value);
		return true;
	case OPTION_CSV:
		return push_csv(p, field, value) ||
		       fail_value(p, option, value,
		                  S("parse error: extraneous or missing \" in quoted-field"));
	case OPTION_END:
	case OPTION_HEADING:
		break;
	}
	return true;
}

static const char *implied(const Option *option)
{
	return option->kind == OPTION_FLAG ? "true" : option->implied;
}

static bool parse_long(Parse *p, Str text)
{
	size_t equals = str_find_byte(text, '=');
	Str name = str_to(text, equals == STR_NONE ? text.len : equals);
	const Option *option = find_long(p->table, name);

	if (!option)
		return fail_unknown(p, name);
	if (equals != STR_NONE)
		return set_option(p, option, str_from(text, equals + 1));
	if (!takes_value(option))
		return set_option(p, option, str_c(implied(option)));
	if (p->at >= p->argc)
		return diag_fail(p->diag, "flag needs an argument: --%s", option->name);
	return set_option(p, option, str_c(p->argv[p->at++]));
}

static bool parse_short(Parse *p, Str text)
{
	Str letters = text;

	while (letters.len) {
		const Option *option = find_short(p->table, letters.p[0]);
		Str rest = str_from(letters, 1);
		if (!option)
			return diag_fail(p->diag, "unknown shorthand flag: '%c' in -%.*s",
			                 letters.p[0], STR_ARGS(letters));
		if (rest.len && rest.p[0] == '=')
			return set_option(p, option, str_from(rest, 1));
		if (!takes_value(option)) {
			if (!set_option(p, option, str_c(implied(option))))
				return false;
			letters = rest;
			continue;
		}
		if (rest.len)
			return set_option(p, option, rest);
		if (p->at >= p->argc)
			return diag_fail(p->diag, "flag needs an argument: '%c' in -%.*s",
			                 option->letter, STR_ARGS(letters));
		return set_option(p, option, str_c(p->argv[p->at++]));
	}
	return true;
}

static bool is_help(const char *argument)
{
	return !strcmp(argument, "--help") || !strcmp(argument, "-h");
}

bool options_parse(Arena *arena, const OptionTable *table, int argc, char **argv, void *target,
                   StrList *args, Buf *notes, bool *help, Diag *diag)
{
	Parse p = {arena, table, argc, 1, argv, target, notes, diag};
	bool only_args = false;

	while (p.at < argc) {
		Str argument = str_c(argv[p.at++]);
		bool ok = true;
		if (only_args || argument.len < 2 || argument.p[0] != '-')
			str_list_push(arena, args, argument);
		else if (str_is(argument, "--"))
			only_args = true;
		else if (is_help(argument.p))
			*help = true;
		else if (str_has_prefix(argument, S("--")))
			ok = parse_long(&p, str_from(argument, 2));
		else
			ok = parse_short(&p, str_from(argument, 1));
		if (*help)
			return true;
		if (!ok)
			return false;
	}
	return true;
}

bool options_given(const OptionTable *table, int argc, char **argv, const char *name)
{
	const Option *option = find_long(table, str_c(name));

	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		Str argument = str_c(argv[i]);
		if (argument.len == 2 && option && option->letter &&
		    argument.p[1] == option->letter)
			return true;
		if (str_has_prefix(argument, S("--")) &&
		    str_has_prefix(str_from(argument, 2), str_c(name)) &&
		    (argument.len == strlen(name) + 2 || argument.p[strlen(name) + 2] == '='))
			return true;
	}
	return false;
}

// --- help ---

#define HELP_COLUMN 34
#define HELP_WIDTH  100

static void wrap(FILE *out, const char *text)
{
	size_t column = HELP_COLUMN;
	Str rest = str_c(text), word;

	while (str_cut(&rest, S(" "), &word)) {
		if (column > HELP_COLUMN && column + 1 + word.len > HELP_WIDTH) {
			fprintf(out, "\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		}
		if (column > HELP_COLUMN) {
			fputc(' ', out);
			column++;
		}
		fwrite(word.p, 1, word.len, out);
		column += word.len;
	}
	fputc('\n', out);
}

static void print_option(const Option *option, FILE *out)
{
	char left[128];
	int width;

	if (option->kind == OPTION_HEADING) {
		fprintf(out, "\n%s\n", option->help);
		return;
	}
	width = snprintf(left, sizeof left, "  %c%c%s --%s%s%s", option->letter ? '-' : ' ',
	                 option->letter ? option->letter : ' ', option->letter ? "," : " ",
	                 option->name, option->argument ? " " : "",
	                 option->argument ? option->argument : "");
	if (width >= HELP_COLUMN - 1)
		fprintf(out, "%s\n%*s", left, HELP_COLUMN, "");
	else
		fprintf(out, "%-*s", HELP_COLUMN, left);
	wrap(out, option->help);
}

void options_help(const OptionTable *table, FILE *out)
{
	fprintf(out, "%s\n\n%s\n", table->usage, table->summary);
	for (const Option *o = table->options; o->kind != OPTION_END; o++)
		if (o->help)
			print_option(o, out);
}

bool check_colour(Str value, Diag *diag)
{
	return str_is(value, "never") || str_is(value, "auto") || str_is(value, "always") ||
	       diag_fail(diag, "must be one of: never, auto, always");
}

bool wants_colour(Str when)
{
	const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");

	if (str_is(when, "always"))
		return true;
	return !str_is(when, "never") && isatty(STDOUT_FILENO) && !(no_colour && *no_colour) &&
	       !(terminal && !strcmp(terminal, "dumb"));
}
