// What commands print that do nothing but print: echo, printf, and the filters behind them in a pipe.

#include "k8s/walk.h"

#include "base/num.h"
#include "base/regex.h"

#include <string.h>

static const char *namespace_file = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

Str word_at(const Words *words, size_t i)
{
	return i < words->len ? words->items[i].text : S("");
}

// The value of an option, as "-d:" or "-d :".
static Str option_text(const Words *words, const char *option)
{
	for (size_t i = 1; i < words->len; i++)
		if (str_has_prefix(words->items[i].text, str_c(option)))
			return words->items[i].text.len > 2 ? str_from(words->items[i].text, 2)
			                                    : word_at(words, i + 1);
	return S("");
}

// --- filters of a line ---

static bool pick_field(Str *text, Str separator, Str number)
{
	int64_t n;
	Str rest = *text, field = S("");

	if (separator.len != 1 || num_parse_int(number, 10, 32, &n) != NUM_OK || n < 1)
		return false;
	for (int64_t i = 0; i < n; i++)
		if (!str_cut(&rest, separator, &field))
			return false;
	*text = field;
	return true;
}

static bool translate(Walk *w, Str *text, Str from, Str to)
{
	Buf buf = buf_new(w->model->arena);
	bool deletes = str_is(from, "-d");

	if (deletes)
		from = to;
	if (str_is(to, "\\n"))
		to = S("\n");
	if (!from.len || (!deletes && !to.len) ||
	    (from.len > 1 && str_find_byte(from, '-') != STR_NONE) ||
	    str_find_byte(from, '[') != STR_NONE)
		return false;
	for (size_t i = 0; i < text->len; i++) {
		size_t at = str_find_byte(from, text->p[i]);
		if (at == STR_NONE)
			buf_byte(&buf, text->p[i]);
		else if (!deletes)
			buf_byte(&buf, to.p[at < to.len ? at : to.len - 1]);
	}
	*text = buf_view(&buf);
	return true;
}

// --- sed's s command ---

#define SED_SPECIAL "(){}+?|"

// sed's expression as RE2 writes it: without -E brackets and plus are plain, and escaped they mean something.
static Str sed_pattern(Walk *w, Str pattern, char delimiter, bool extended)
{
	Buf buf = buf_new(w->model->arena);
	size_t class = STR_NONE; // where the one begins that is open

	for (size_t i = 0; i < pattern.len; i++) {
		char c = pattern.p[i], next = i + 1 < pattern.len ? pattern.p[i + 1] : '\0';
		bool special = c && strchr(SED_SPECIAL, c) != NULL;
		if (class != STR_NONE) {
			bool first = i == class + 1 || (i == class + 2 && pattern.p[i - 1] == '^');
			class = c == ']' && !first ? STR_NONE : class;
		} else if (c == '[') {
			class = i;
		} else if (c == '\\' && next &&
		           (next == delimiter ||
		            (!extended && strchr(SED_SPECIAL, next) != NULL))) {
			c = pattern.p[++i];
		} else if (c == '\\' && next) {
			buf_byte(&buf, c);
			c = pattern.p[++i];
		} else if (special && !extended) {
			buf_byte(&buf, '\\');
		}
		buf_byte(&buf, c);
	}
	return buf_view(&buf);
}

static Str sed_replacement(Walk *w, Str with)
{
	Buf buf = buf_new(w->model->arena);

	for (size_t i = 0; i < with.len; i++) {
		char c = with.p[i], next = i + 1 < with.len ? with.p[i + 1] : '\0';
		if (c == '&') {
			buf_c(&buf, "${0}");
		} else if (c == '$') {
			buf_c(&buf, "$$");
		} else if (c == '\\' && next >= '0' && next <= '9') {
			buf_printf(&buf, "${%c}", next);
			i++;
		} else if (c == '\\' && next) {
			buf_byte(&buf, next == 'n' ? '\n' : next);
			i++;
		} else {
			buf_byte(&buf, c);
		}
	}
	return buf_view(&buf);
}

static void write_piece(void *context, Str piece)
{
	buf_str(context, piece);
}

static bool substitute(Walk *w, Str *text, Str pattern, Str with, bool every)
{
	Diag ignored = diag_new(w->model->arena);
	Buf buf = buf_new(w->model->arena);
	RegexOut out = {w->model->arena, write_piece, &buf};
	Regex *regex;
	size_t *spans, from = 0;

	if (!regex_compile(w->model->arena, pattern, &regex, &ignored))
		return false;
	spans = ARENA_ARRAY(w->model->arena, size_t, 2 * (regex_groups(regex) + 1));
	while (from <= text->len && buf.len < WORD_LIMIT &&
	       regex_search(regex, *text, from, spans)) {
		buf_str(&buf, str_slice(*text, from, spans[0]));
		regex_expand(regex, *text, spans, with, &out);
		from = spans[1];
		if (!every || spans[0] == spans[1])
			break;
	}
	buf_str(&buf, str_from(*text, from));
	*text = buf_view(&buf);
	return buf.len < WORD_LIMIT; // s/a/aa/g again and again
}

// From byte `*at` on up to the delimiter, which is passed.
static bool sed_part(Str script, size_t *at, char delimiter, Str *part)
{
	size_t start = *at;

	while (*at < script.len && script.p[*at] != delimiter)
		*at += script.p[*at] == '\\' ? 2 : 1;
	if (*at >= script.len)
		return false;
	*part = str_slice(script, start, (*at)++);
	return true;
}

static bool ends_sed_command(Str script, size_t at)
{
	return at >= script.len || strchr(" ;\n\t", script.p[at]) != NULL;
}

// s/a/b/;s/c/d/g: false for every other command.
static bool sed_script(Walk *w, Str script, bool extended, Str *text)
{
	for (size_t at = 0; at < script.len;) {
		Str pattern, with;
		char delimiter;
		bool every;
		if (ends_sed_command(script, at)) {
			at++;
			continue;
		}
		if (script.p[at] != 's' || at + 1 >= script.len)
			return false;
		delimiter = script.p[at + 1];
		at += 2;
		if (!sed_part(script, &at, delimiter, &pattern) ||
		    !sed_part(script, &at, delimiter, &with))
			return false;
		every = at < script.len && script.p[at] == 'g';
		at += every;
		if (!ends_sed_command(script, at) ||
		    !substitute(w, text, sed_pattern(w, pattern, delimiter, extended),
		                sed_replacement(w, with), every))
			return false;
	}
	return true;
}

static bool run_sed(Walk *w, const Words *words, Str *text)
{
	bool extended = false, done = false;

	for (size_t i = 1; i < words->len; i++) {
		Str word = word_at(words, i);
		if (str_is(word, "-E") || str_is(word, "-r"))
			extended = true;
		else if (str_is(word, "-e"))
			continue;
		else if (word.len && word.p[0] == '-')
			return false;
		else if (!sed_script(w, word, extended, text))
			return false;
		else
			done = true;
	}
	return done;
}

// --- filters of a text ---

// awk '{print $2}'
static bool run_awk(const Words *words, Str *line)
{
	Str program = str_trim_ascii(word_at(words, words->len - 1)),
	    separator = option_text(words, "-F");

	if (!str_has_prefix(program, S("{")) || !str_has_suffix(program, S("}")))
		return false;
	program = str_trim_ascii(str_slice(program, 1, program.len - 1));
	return str_has_prefix(program, S("print $")) &&
	       pick_field(line, separator.len ? separator : S(" "),
	                  str_trim_ascii(str_from(program, 7)));
}

// One filter on one line of its input: false where only running it would tell.
static bool filter_line(Walk *w, const Words *words, Str *line)
{
	Str name = word_at(words, 0);

	if (str_is(name, "cut"))
		return pick_field(line, option_text(words, "-d"), option_text(words, "-f"));
	if (str_is(name, "sed"))
		return run_sed(w, words, line);
	return str_is(name, "awk") && words->len > 1 && run_awk(words, line);
}

static bool filter_lines(Walk *w, const Words *words, Str *text)
{
	Buf buf = buf_new(w->model->arena);
	Str rest = *text, line;
	size_t count = 0;

	if (str_find_byte(*text, '\n') == STR_NONE) // its own bytes
		return filter_line(w, words, text);
	while (str_cut(&rest, S("\n"), &line)) {
		if (++count > FOR_LIMIT || !filter_line(w, words, &line))
			return false;
		if (count > 1)
			buf_byte(&buf, '\n');
		buf_str(&buf, line);
	}
	*text = buf_view(&buf);
	return true;
}

static bool filter(Walk *w, const Words *words, Str *text)
{
	static const char *const keeps[] = {"sort", "uniq", "cat"};
	Str name = word_at(words, 0);
	bool option = words->len == 2 && str_has_prefix(word_at(words, 1), S("-"));

	if (str_is(name, "tr") && words->len == 3)
		return translate(w, text, word_at(words, 1), word_at(words, 2));
	for (size_t i = 0; i < sizeof keeps / sizeof *keeps; i++)
		if (str_is(name, keeps[i]) && (words->len == 1 || option))
			return true;
	if (str_is(name, "head") && words->len > 1 &&
	    str_has_suffix(word_at(words, words->len - 1), S("1"))) {
		*text = str_to(*text, str_find_byte(*text, '\n'));
		return true;
	}
	if (str_is(name, "xargs") && words->len == 1) {
		*text = str_trim_ascii(*text);
		return true;
	}
	return filter_lines(w, words, text);
}

// --- what starts a pipe ---

static void write_escape(Buf *buf, char c)
{
	if (c == 'n' || c == 't')
		buf_byte(buf, c == 'n' ? '\n' : '\t');
	else if (c != 'c')
		buf_byte(buf, c);
}

// A format once, with the words from `*next` on. Only plain %s, %d and %b.
static bool print_format(Buf *buf, Str format, const Words *words, size_t *next)
{
	for (size_t i = 0; i < format.len; i++) {
		char c = format.p[i], after = i + 1 < format.len ? format.p[i + 1] : '\0';
		if (c == '\\' && after) {
			write_escape(buf, after);
			i++;
		} else if (c == '%' && after && strchr("%sdb", after) != NULL) {
			buf_str(buf, after == '%' ? S("%") : word_at(words, (*next)++));
			i++;
		} else if (c == '%') {
			return false;
		} else {
			buf_byte(buf, c);
		}
	}
	return true;
}

// printf FORMAT WORD...: the format again for what is left.
static bool run_printf(Walk *w, const Words *words, size_t from, Str *text)
{
	Buf buf = buf_new(w->model->arena);
	size_t next = from + 1, before;

	if (str_is(word_at(words, from), "%s") && words->len == from + 2) { // its own bytes
		*text = word_at(words, from + 1);
		return true;
	}
	do {
		before = next;
		if (!print_format(&buf, word_at(words, from), words, &next))
			return false;
	} while (next > before && next < words->len && buf.len < WORD_LIMIT);
	*text = buf_view(&buf);
	if (str_has_suffix(*text, S("\n")))
		*text = str_to(*text, text->len - 1);
	return true;
}

static void run_echo(Walk *w, const Words *words, Str *text)
{
	Buf buf = buf_new(w->model->arena);
	size_t from = 1;
	bool escapes = false;

	for (; str_has_prefix(word_at(words, from), S("-")) && word_at(words, from).len == 2;
	     from++)
		escapes |= str_is(word_at(words, from), "-e");
	*text = word_at(words, from);
	if (words->len <= from + 1 && !escapes)
		return; // its own bytes
	for (size_t i = from; i < words->len; i++) {
		Str word = word_at(words, i);
		if (i > from)
			buf_byte(&buf, ' ');
		for (size_t j = 0; j < word.len; j++) {
			if (escapes && word.p[j] == '\\' && j + 1 < word.len)
				write_escape(&buf, word.p[++j]);
			else
				buf_byte(&buf, word.p[j]);
		}
	}
	*text = buf_view(&buf);
}

static bool starts_pipe(Walk *w, const Words *words, Str *text)
{
	Str name = word_at(words, 0);
	ToolWord value;

	if (str_is(name, "cat") && words->len == 2 && str_is(word_at(words, 1), namespace_file)) {
		*text = w->container->workload->resource->ns;
		return true;
	}
	if (str_is(name, "printenv") && words->len == 2) {
		if (!walk_variable(w, word_at(words, 1), 0, &value))
			return false;
		*text = value.text;
		return true;
	}
	if (str_is(name, "printf") && words->len > 1)
		return run_printf(w, words, str_is(word_at(words, 1), "-v") ? 3 : 1, text);
	if (str_is(name, "echo"))
		run_echo(w, words, text);
	return str_is(name, "echo");
}

bool walk_printed(Walk *w, const Words *words, const Str *input, Str *text)
{
	if (starts_pipe(w, words, text))
		return true;
	if (!input)
		return false;
	*text = *input;
	return filter(w, words, text);
}

static void first_source(const ToolWord *words, size_t count, ToolPiece *source)
{
	for (size_t j = 0; j < count && !source->node; j++)
		for (size_t k = 0; k < words[j].count && !source->node; k++)
			*source = words[j].pieces[k];
}

// A command whose output is worked out costs as much as so many that are only looked at.
#define OUTPUT_STEPS 10

bool walk_output(Walk *w, const ShellNode *node, size_t steps, Str *text, ToolPiece *source)
{
	size_t count = node->kind == SHELL_PIPE ? node->count : 1;
	bool known = false;

	*text = S("");
	for (size_t i = 0; i < count && i < steps; i++) {
		const ShellNode *step = node->kind == SHELL_PIPE ? node->children[i] : node;
		Words words = {0};
		Str input;
		w->steps += OUTPUT_STEPS;
		if (step->kind != SHELL_SIMPLE || w->steps > STEP_LIMIT)
			return false;
		for (size_t j = 0; j < step->word_count; j++)
			walk_expand_split(w, step->words[j], &words);
		if (walk_input(step)) {
			ToolWord document = walk_expand(w, walk_input(step));
			first_source(&document, 1, source);
			*text = document.text;
			known = true;
		}
		if (i == 0 && words.len)
			first_source(words.items + 1, words.len - 1, source);
		input = *text;
		known = walk_printed(w, &words, known ? &input : NULL, text);
		if (!known)
			return false;
	}
	return known && str_find_byte(*text, MODEL_UNKNOWN) == STR_NONE;
}
