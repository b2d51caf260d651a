// Who waits for what: walks the shell text of containers and notes every command that asks whether something answers
// and keeps the pod from going on until it does.
//
// Three things make a probe a wait: it is the condition of a loop; it stands in a loop that it can end; or an init
// container fails with it and is started anew. Conditions that the container's own variables decide are decided.

#include "k8s/model.h"
#include "k8s/tools.h"

#include "base/num.h"

#include <string.h>

// What a script may cost: commands looked at, however they call each other.
#define STEP_LIMIT  20000
#define DEPTH_LIMIT 40
// A word put together from pieces grows no longer than this.
#define WORD_LIMIT ((size_t)16 << 10)
// Items of a `for` list that are followed one by one.
#define FOR_LIMIT 32

typedef enum LoopPlace { LOOP_NONE, LOOP_CONDITION, LOOP_BODY } LoopPlace;

typedef struct Flow {
	LoopPlace loop;
	bool endless, conditional;
	bool decides; // the body sets the variable that its loop asks for
	bool fails;   // a failing command here ends the script with an error
} Flow;

typedef struct ShellVar {
	Str name;
	ToolWord value;
} ShellVar;

typedef struct ShellFunction {
	Str name;
	ShellNode *body;
} ShellFunction;

typedef struct Walk {
	Model *model;
	Container *container;
	Resource *resource; // the one that holds the script
	const Node *node;   // the scalar that holds it
	bool starts;        // a main container's start command
	bool strict;        // set -e
	ShellVar *vars;
	size_t var_count, var_cap;
	ShellFunction *functions;
	size_t function_count, function_cap;
	size_t steps;
	int depth;
} Walk;

static void walk(Walk *w, const ShellNode *node, Flow flow);

static char *unknown(void)
{
	static char text[] = {MODEL_UNKNOWN, '\0'};

	return text;
}

static const ToolWord *find_var(const Walk *w, Str name)
{
	for (size_t i = w->var_count; i > 0; i--)
		if (str_eq(w->vars[i - 1].name, name))
			return &w->vars[i - 1].value;
	return NULL;
}

static void set_var(Walk *w, Str name, ToolWord value)
{
	for (size_t i = w->var_count; i > 0; i--)
		if (str_eq(w->vars[i - 1].name, name)) {
			w->vars[i - 1].value = value;
			return;
		}
	VEC_PUSH(w->model->arena, w->vars, w->var_count, w->var_cap) = (ShellVar){name, value};
}

// --- Expansion: words to texts that remember their places.

static void append(Walk *w, ToolWord *word, Str text, size_t offset, const Node *node,
                   Resource *resource)
{
	if (word->text.len && word->text.len + text.len > WORD_LIMIT)
		text = S(""); // x=$x$x again and again
	VEC_PUSH(w->model->arena, word->pieces, word->count, word->cap) =
		(ToolPiece){word->text.len, offset, node, resource};
	word->text = word->text.len ? str_concat(w->model->arena, word->text, text) : text;
}

static void append_word(Walk *w, ToolWord *word, const ToolWord *more, size_t offset)
{
	size_t base = word->text.len;

	if (base && base + more->text.len > WORD_LIMIT)
		return;
	for (size_t i = 0; i < more->count; i++) {
		ToolPiece piece = more->pieces[i];
		piece.start += base;
		VEC_PUSH(w->model->arena, word->pieces, word->count, word->cap) = piece;
	}
	if (!more->count)
		VEC_PUSH(w->model->arena, word->pieces, word->count, word->cap) =
			(ToolPiece){.start = base, .offset = offset};
	word->text =
		word->text.len ? str_concat(w->model->arena, word->text, more->text) : more->text;
}

// The variable's value, from the script or the container's environment. False where nobody sets it.
static bool variable(Walk *w, Str name, size_t offset, ToolWord *out)
{
	const ToolWord *var = find_var(w, name);
	const Node *node = NULL;
	Resource *resource = NULL;
	Str text;

	*out = (ToolWord){0};
	if (var) {
		*out = *var;
		return true;
	}
	if (model_env(w->model, w->container, name, &text, &node, &resource)) {
		append(w, out, text, offset, node, resource);
		return true;
	}
	if (model_env_has(w->model, w->container, name) || w->container->env_from_count ||
	    (name.len && name.p[0] <= '9')) {
		append(w, out, str_c(unknown()), offset, NULL, NULL);
		return true;
	}
	return false;
}

typedef struct Words {
	ToolWord *items;
	size_t len, cap;
} Words;

static ToolWord expand(Walk *w, const ShellWord *word);
static void expand_split(Walk *w, const ShellWord *word, Words *out);

static void expand_variable(Walk *w, const ShellPart *part, ToolWord *out)
{
	ToolWord value;
	bool set = variable(w, part->text, part->offset, &value);
	char op = part->op.len ? part->op.p[part->op.len - 1] : '\0';
	bool empty_too = part->op.len && part->op.p[0] == ':';

	if (!set && w->container->kind == CONTAINER_MAIN && !part->op.len) {
		append(w, out, str_c(unknown()), part->offset, NULL, NULL); // the image may set it
		return;
	}
	if (op == '-' || op == '=') {
		if (!set || (empty_too && !value.text.len)) {
			value = expand(w, part->word);
			append_word(w, out, &value, part->offset);
			return;
		}
	} else if (op == '+') {
		if (set && value.text.len)
			value = expand(w, part->word);
		append_word(w, out, &value, part->offset);
		return;
	} else if (op == '/') { // ${X/:/ }: an exact text for another
		ToolWord both = expand(w, part->word);
		size_t slash = str_find_byte(both.text, '/'), at;
		Str old = str_to(both.text, slash), new = S("");
		if (slash != STR_NONE)
			new = str_from(both.text, slash + 1);
		for (size_t from = 0;
		     set && old.len && value.text.len < WORD_LIMIT &&
		     (at = str_find(str_from(value.text, from), old)) != STR_NONE;) {
			Str head = str_to(value.text, from + at),
			    tail = str_from(value.text, from + at + old.len);
			value.text = str_concat(w->model->arena,
			                        str_concat(w->model->arena, head, new), tail);
			from += at + new.len;
			if (part->op.len == 1)
				break;
		}
	} else if (op == '%' || op == '#') {
		ToolWord cut = expand(w, part->word);
		if (!set)
			return;
		// ${X%:*}, ${X##*:}: the usual ways to take host and port apart
		if (str_is(cut.text, ":*") && op == '%') {
			size_t at = part->op.len > 1 ? str_find_byte(value.text, ':')
			                             : str_rfind(value.text, S(":"));
			value.text = str_to(value.text, at == STR_NONE ? value.text.len : at);
		} else if (str_is(cut.text, "*:") && op == '#') {
			size_t at = part->op.len > 1 ? str_rfind(value.text, S(":"))
			                             : str_find_byte(value.text, ':');
			value.text = str_from(value.text, at == STR_NONE ? 0 : at + 1);
		} else {
			value = (ToolWord){0};
			append(w, &value, str_c(unknown()), part->offset, NULL, NULL);
		}
	}
	if (set)
		append_word(w, out, &value, part->offset);
}

// --- Commands whose output is known without running them.

static const char *namespace_file = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

static Str word_at(const Words *words, size_t i)
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
	if (!from.len || (!deletes && !to.len) || str_find_byte(from, '-') != STR_NONE ||
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

// One step of a pipe on the text so far: false where only running it would tell.
static bool filter(Walk *w, const Words *words, Str *text)
{
	Str name = word_at(words, 0), program = word_at(words, words->len - 1);

	if (str_is(name, "cut"))
		return pick_field(text, option_text(words, "-d"), option_text(words, "-f"));
	if (str_is(name, "awk") && words->len > 1 && str_has_prefix(program, S("{print $")) &&
	    str_has_suffix(program, S("}")))
		return pick_field(text, option_text(words, "-F"),
		                  str_trim_ascii(str_slice(program, 8, program.len - 1)));
	if (str_is(name, "tr") && words->len == 3)
		return translate(w, text, word_at(words, 1), word_at(words, 2));
	return str_is(name, "xargs") && words->len == 1;
}

// echo, printf and a few files: what starts a pipe.
static bool printed(Walk *w, const Words *words, Str *text)
{
	Str name = word_at(words, 0);
	size_t from = 1;

	if (str_is(name, "cat") && words->len == 2 && str_is(word_at(words, 1), namespace_file)) {
		*text = w->container->workload->resource->ns;
		return true;
	}
	if (str_is(name, "printf") && words->len == 3 && str_is(word_at(words, 1), "%s")) {
		*text = word_at(words, 2);
		return true;
	}
	if (!str_is(name, "echo") && !(str_is(name, "printf") && words->len == 2))
		return false;
	while (str_is(word_at(words, from), "-n") || str_is(word_at(words, from), "-e"))
		from++;
	*text = word_at(words, from);
	for (size_t i = from + 1; i < words->len; i++)
		*text = str_concat(w->model->arena, str_concat(w->model->arena, *text, S(" ")),
		                   word_at(words, i));
	return true;
}

// `*source` is where the first known piece of the text stands.
static bool output_of(Walk *w, const ShellNode *list, Str *text, ToolPiece *source)
{
	const ShellNode *node = list && list->count == 1 ? list->children[0] : NULL;
	size_t steps = node && node->kind == SHELL_PIPE ? node->count : 1;

	for (size_t i = 0; node && i < steps; i++) {
		const ShellNode *step = node->kind == SHELL_PIPE ? node->children[i] : node;
		Words words = {0};
		if (step->kind != SHELL_SIMPLE)
			return false;
		for (size_t j = 0; j < step->word_count; j++)
			expand_split(w, step->words[j], &words);
		for (size_t j = 1; i == 0 && j < words.len && !source->node; j++)
			for (size_t k = 0; k < words.items[j].count && !source->node; k++)
				*source = words.items[j].pieces[k];
		if (!(i ? filter(w, &words, text) : printed(w, &words, text)))
			return false;
	}
	return node != NULL && str_find_byte(*text, MODEL_UNKNOWN) == STR_NONE;
}

// $(NAME) of Kubernetes, or a command whose output is not known, but for a few that only print.
static void expand_command(Walk *w, const ShellPart *part, ToolWord *out)
{
	ToolPiece source = {0};
	ToolWord value;
	Str text;

	if (model_env_has(w->model, w->container, part->text) &&
	    variable(w, part->text, part->offset, &value)) {
		append_word(w, out, &value, part->offset);
		return;
	}
	if (output_of(w, part->command, &text, &source))
		append(w, out, text, source.node ? source.offset : part->offset, source.node,
		       source.resource);
	else
		append(w, out, str_c(unknown()), part->offset, NULL, NULL);
}

static ToolWord expand(Walk *w, const ShellWord *word)
{
	ToolWord out = {0};

	if (!word || w->depth > DEPTH_LIMIT || w->steps > STEP_LIMIT)
		return out;
	w->depth++;
	w->steps++;
	for (size_t i = 0; i < word->count && w->steps++ < STEP_LIMIT; i++) {
		const ShellPart *part = &word->parts[i];
		if (part->kind == SHELL_LITERAL)
			append(w, &out, part->text, part->offset, NULL, NULL);
		else if (part->kind == SHELL_VARIABLE)
			expand_variable(w, part, &out);
		else if (part->kind == SHELL_COMMAND)
			expand_command(w, part, &out);
		else
			append(w, &out, str_c(unknown()), part->offset, NULL, NULL);
	}
	w->depth--;
	return out;
}

static ToolWord sub_word(Walk *w, const ToolWord *word, size_t start, size_t end)
{
	ToolWord part = {.text = str_slice(word->text, start, end)};

	for (size_t i = 0; i < word->count; i++) {
		ToolPiece piece = word->pieces[i];
		size_t next = i + 1 < word->count ? word->pieces[i + 1].start : word->text.len + 1;
		if (next <= start || piece.start >= end)
			continue;
		if (piece.start < start) {
			piece.offset += piece.node ? 0 : start - piece.start;
			piece.start = 0;
		} else {
			piece.start -= start;
		}
		VEC_PUSH(w->model->arena, part.pieces, part.count, part.cap) = piece;
	}
	return part;
}

// Expands a word and splits what stood outside of quotes at spaces.
static void expand_split(Walk *w, const ShellWord *word, Words *out)
{
	ToolWord whole = expand(w, word);
	bool splits = false;
	size_t start = 0;

	for (size_t i = 0; i < word->count; i++)
		splits |= word->parts[i].kind != SHELL_LITERAL &&
		          (!word->parts[i].quoted || str_is(word->parts[i].text, "@"));
	if (!splits) {
		VEC_PUSH(w->model->arena, out->items, out->len, out->cap) = whole;
		return;
	}
	for (size_t i = 0; i <= whole.text.len; i++) {
		bool space = i == whole.text.len || strchr(" \t\n", whole.text.p[i]) != NULL;
		if (!space)
			continue;
		if (i > start)
			VEC_PUSH(w->model->arena, out->items, out->len, out->cap) =
				sub_word(w, &whole, start, i);
		start = i + 1;
	}
}

// --- Noting waits.

// The same again: another round of a loop, another branch.
static bool is_noted(const Walk *w, const Wait *wait)
{
	for (size_t i = w->model->waits.len; i > w->container->first_wait; i--) {
		const Wait *other = w->model->waits.items[i - 1];
		if (other->spot.node == wait->spot.node &&
		    other->spot.offset == wait->spot.offset && other->port == wait->port &&
		    str_eq(other->host, wait->host) && str_eq(other->tool, wait->tool))
			return true;
	}
	return false;
}

static void note_wait(Walk *w, const ToolUse *use, const ToolTarget *target, Flow flow,
                      size_t offset)
{
	Wait *wait = ARENA_NEW(w->model->arena, Wait);
	ToolPiece piece = {.offset = offset};
	size_t at = target->at, len = target->host.len;

	for (size_t i = 0; target->word && i < target->word->count; i++)
		if (target->word->pieces[i].start <= at)
			piece = target->word->pieces[i];
	*wait = (Wait){.workload = w->container->workload,
	               .container = w->container,
	               .kind = target->kind,
	               .tool = use->name,
	               .host = target->host,
	               .port = target->port,
	               .port_name = target->port_name,
	               .object_kind = target->object_kind,
	               .object_name = target->object_name,
	               .object_ns = target->object_ns,
	               .condition = target->condition,
	               .selector = target->selector,
	               .all_objects = target->all_objects,
	               .endless =
	                       use->loops ? use->endless : flow.loop != LOOP_NONE && flow.endless,
	               .conditional = flow.conditional,
	               .tries_once = !use->loops && flow.loop == LOOP_NONE,
	               .start = w->starts,
	               .value_node = piece.node,
	               .value_resource = piece.resource};
	if (!piece.node && w->node) {
		piece.offset += at - piece.start;
		if (piece.offset + len > w->node->value.len ||
		    memcmp(w->node->value.p + piece.offset, target->host.p, len))
			len = 0;
	} else {
		len = 0;
	}
	wait->spot = (Spot){w->resource, w->node, piece.offset, len};
	if (!is_noted(w, wait))
		VEC_PUSH(w->model->arena, w->model->waits.items, w->model->waits.len,
		         w->model->waits.cap) = wait;
}

static void note_use(Walk *w, const ToolUse *use, Flow flow, size_t offset)
{
	bool counts = use->loops || flow.loop != LOOP_NONE ||
	              (flow.fails && w->container->kind == CONTAINER_INIT);

	for (size_t i = 0; counts && i < use->count; i++)
		note_wait(w, use, &use->targets[i], flow, offset);
}

// --- Python, as `python -c` or in a here-document: calls that connect.

typedef struct Snippet {
	Walk *w;
	Str s;
	size_t at;
	size_t base; // of s in the script
	int depth;   // of variables that stand for variables
} Snippet;

static void snippet_space(Snippet *p)
{
	while (p->at < p->s.len && strchr(" \t\n(", p->s.p[p->at]) != NULL)
		p->at++;
}

static bool snippet_string(Snippet *p, Str *out)
{
	char quote;
	size_t start;

	while (p->at < p->s.len && (p->s.p[p->at] == 'f' || p->s.p[p->at] == 'b') &&
	       p->at + 1 < p->s.len && strchr("'\"", p->s.p[p->at + 1]) != NULL)
		p->at++;
	if (p->at >= p->s.len || (p->s.p[p->at] != '"' && p->s.p[p->at] != '\''))
		return false;
	quote = p->s.p[p->at++];
	start = p->at;
	while (p->at < p->s.len && p->s.p[p->at] != quote)
		p->at++;
	*out = str_slice(p->s, start, p->at);
	if (p->at < p->s.len)
		p->at++;
	return true;
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool snippet_name(Snippet *p, Str *out)
{
	size_t start = p->at;

	if (start >= p->s.len || !is_name_byte(p->s.p[start]) ||
	    (p->s.p[start] >= '0' && p->s.p[start] <= '9'))
		return false;
	while (p->at < p->s.len && is_name_byte(p->s.p[p->at]))
		p->at++;
	*out = str_slice(p->s, start, p->at);
	return true;
}

// Behind `count` commas outside of brackets.
static size_t skip_values(Str s, size_t at, size_t count)
{
	for (int level = 0; count && at < s.len && s.p[at] != '\n'; at++) {
		level += strchr("([{", s.p[at]) != NULL;
		level -= strchr(")]}", s.p[at]) != NULL;
		count -= s.p[at] == ',' && level == 0;
	}
	return at;
}

// Goes to the value of "name = value" or of "a, name = x, value" before this place: the last one counts.
static bool snippet_assigned(Snippet *p, Str name)
{
	size_t before = p->at, found = STR_NONE;

	for (size_t from = 0, at;
	     (at = str_find(str_to(str_from(p->s, from), before - from), name)) != STR_NONE;
	     from += at + name.len) {
		size_t start = from + at, skip = 0, line = start;
		Str rest = str_from(p->s, start + name.len);
		if (start && is_name_byte(p->s.p[start - 1]))
			continue;
		while (line && strchr("\n;", p->s.p[line - 1]) == NULL)
			if (p->s.p[--line] == ',')
				skip++;
		while (rest.len && strchr(", ", rest.p[0]) != NULL)
			rest = str_from(rest, 1);
		while (rest.len && is_name_byte(rest.p[0])) { // the names behind it
			while (rest.len &&
			       (is_name_byte(rest.p[0]) || strchr(", ", rest.p[0]) != NULL))
				rest = str_from(rest, 1);
		}
		if (!rest.len || rest.p[0] != '=' || (rest.len > 1 && rest.p[1] == '='))
			continue;
		found = (size_t)(rest.p - p->s.p) + 1;
		found = skip_values(p->s, found, skip);
	}
	p->at = found;
	return found != STR_NONE;
}

// A literal, a variable of the environment or of the program; anything else is not known.
static ToolWord snippet_value(Snippet *p)
{
	static const char *const asks[] = {"os.environ[", "os.environ.get(", "os.getenv(",
	                                   "environ["};
	ToolWord word = {0};
	Str text;
	size_t start;

	snippet_space(p);
	if (str_has_prefix(str_from(p->s, p->at), S("int(")))
		p->at += 4;
	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
		if (!str_has_prefix(str_from(p->s, p->at), str_c(asks[i])))
			continue;
		start = p->at;
		p->at += strlen(asks[i]);
		if (snippet_string(p, &text) && !variable(p->w, text, p->base + start, &word)) {
			while (p->at < p->s.len && strchr(", ", p->s.p[p->at]) != NULL)
				p->at++;
			if (snippet_string(p, &text))
				append(p->w, &word, text, p->base + (size_t)(text.p - p->s.p), NULL,
				       NULL);
		}
		while (p->at < p->s.len && strchr(",", p->s.p[p->at]) == NULL)
			p->at++;
		return word;
	}
	start = p->at;
	if (snippet_string(p, &text)) {
		append(p->w, &word, text, p->base + (size_t)(text.p - p->s.p), NULL, NULL);
		return word;
	}
	if (snippet_name(p, &text)) {
		Snippet assigned = *p;
		assigned.depth++;
		if (assigned.depth < 5 && snippet_assigned(&assigned, text))
			word = snippet_value(&assigned);
		return word;
	}
	while (p->at < p->s.len && p->s.p[p->at] >= '0' && p->s.p[p->at] <= '9')
		p->at++;
	if (p->at > start)
		append(p->w, &word, str_slice(p->s, start, p->at), p->base + start, NULL, NULL);
	return word;
}

// connect(host="db", port=1): goes to the value of the keyword, where the call has it.
static void snippet_keyword(Snippet *p, const char *name)
{
	Str call = str_slice(p->s, p->at, p->at + 200);
	size_t end = str_find_byte(call, ')'), at = str_find(str_to(call, end), str_c(name));

	if (at != STR_NONE && at + strlen(name) < call.len && call.p[at + strlen(name)] == '=')
		p->at += at + strlen(name) + 1;
}

static void read_python(Walk *w, Str text, size_t base, Flow flow)
{
	static const struct {
		const char *call;
		bool url;
	} calls[] = {
		{"create_connection(", false}, {".connect((", false},
		{".connect_ex((", false},      {"urlopen(", true},
		{"requests.get(", true},       {"requests.head(", true},
		{"gethostbyname(", false},     {"getaddrinfo(", false},
		{"psycopg2.connect(", false},  {"psycopg.connect(", false},
		{"pymysql.connect(", false},   {"redis.Redis(", false},
		{"redis.StrictRedis(", false}, {"ConnectionParameters(", false},
		{"connector.connect(", false},
	};
	bool loops = str_contains(text, S("while ")) || str_contains(text, S("for "));

	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		Snippet p = {.w = w, .s = text, .base = base};
		size_t found;
		while ((found = str_find(str_from(text, p.at), str_c(calls[i].call))) != STR_NONE) {
			ToolWord host, *kept = ARENA_NEW(w->model->arena, ToolWord);
			ToolTarget target = {.kind = WAIT_TCP, .word = kept};
			ToolTarget *list = ARENA_NEW(w->model->arena, ToolTarget);
			ToolUse use = {
				.name = S("python"), .loops = loops, .targets = list, .count = 1};
			p.at += found + strlen(calls[i].call);
			snippet_keyword(&p, "host");
			host = snippet_value(&p);
			*kept = host;
			if (calls[i].url) {
				if (!tool_address(host.text, &target.host, &target.port,
				                  &target.port_name))
					continue;
			} else {
				ToolWord port;
				target.host = host.text;
				while (p.at < p.s.len && strchr(", ", p.s.p[p.at]) != NULL)
					p.at++;
				snippet_keyword(&p, "port");
				port = snippet_value(&p);
				num_parse_int(port.text, 10, 32, &target.port);
			}
			if (target.host.p >= host.text.p &&
			    target.host.p <= host.text.p + host.text.len)
				target.at = (size_t)(target.host.p - host.text.p);
			use.endless = loops && str_contains(text, S("while True"));
			*list = target;
			if (target.host.len &&
			    str_find_byte(target.host, MODEL_UNKNOWN) == STR_NONE)
				note_use(w, &use, flow, base);
		}
	}
}

// --- Commands.

static void run_script(Walk *w, Str script, size_t base, Flow flow);
static void run_words(Walk *w, const ToolWord *words, size_t count, Flow flow, size_t offset);

static bool is_shell(Str name)
{
	return str_is(name, "sh") || str_is(name, "bash") || str_is(name, "ash") ||
	       str_is(name, "dash") || str_is(name, "zsh") || str_is(name, "ksh");
}

static size_t word_offset(const ToolWord *word, size_t fallback)
{
	return word->count ? word->pieces[0].offset : fallback;
}

// Whether a word is one run of the script's own bytes, so that offsets inside it are offsets in the script.
static bool is_verbatim(const Walk *w, const ToolWord *word)
{
	return w->node && word->text.p >= w->node->value.p &&
	       word->text.p + word->text.len <= w->node->value.p + w->node->value.len;
}

// The text of a script that a container finds in a volume from a config map.
static bool mounted_script(Walk *w, Str path, Str *text, const Node **node, Resource **resource)
{
	const Node *mounts = node_at(w->container->node, "volumeMounts");
	const Node *volumes = node_at(w->container->workload->pod_spec, "volumes");

	for (size_t i = 0; mounts && mounts->kind == NODE_SEQUENCE && i < mounts->len; i++) {
		const Node *mount = node_item(mounts, i);
		Str at = node_text_at(mount, "mountPath"), sub = node_text_at(mount, "subPath"),
		    key;
		if (!at.len || !str_has_prefix(path, at))
			continue;
		key = str_from(path, at.len);
		while (key.len && key.p[0] == '/')
			key = str_from(key, 1);
		if (sub.len)
			key = sub;
		for (size_t j = 0; volumes && volumes->kind == NODE_SEQUENCE && j < volumes->len;
		     j++) {
			const Node *volume = node_item(volumes, j),
				   *config = node_at(volume, "configMap");
			const Node *items = node_at(config, "items");
			if (!config ||
			    !str_eq(node_text_at(volume, "name"), node_text_at(mount, "name")))
				continue;
			for (size_t k = 0; k < node_count(items); k++)
				if (str_eq(node_text_at(node_item(items, k), "path"), key))
					key = node_text_at(node_item(items, k), "key");
			return model_key_text(w->model, false, w->container->workload->resource->ns,
			                      node_text_at(config, "name"), key, text, node,
			                      resource);
		}
	}
	return false;
}

static void run_mounted(Walk *w, Str path, Flow flow)
{
	Str text;
	const Node *node;
	Resource *resource;
	Walk inner = *w;

	if (!path.len || path.p[0] != '/' || w->depth > 4 ||
	    !mounted_script(w, path, &text, &node, &resource))
		return;
	inner.node = node;
	inner.resource = resource;
	inner.depth++;
	run_script(&inner, text, 0, flow);
	w->steps = inner.steps;
}

// $1 ... and $@. The word before the first is $0.
static void set_arguments(Walk *w, const ToolWord *words, size_t count)
{
	static const char *const digits[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
	ToolWord all = {0};

	for (size_t i = 0; i < 10; i++) {
		ToolWord value = i < count ? words[i] : (ToolWord){0};
		VEC_PUSH(w->model->arena, w->vars, w->var_count, w->var_cap) =
			(ShellVar){str_c(digits[i]), value};
	}
	for (size_t i = 1; i < count; i++) {
		if (i > 1)
			append(w, &all, S(" "), 0, NULL, NULL);
		append_word(w, &all, &words[i], 0);
	}
	VEC_PUSH(w->model->arena, w->vars, w->var_count, w->var_cap) = (ShellVar){S("@"), all};
	VEC_PUSH(w->model->arena, w->vars, w->var_count, w->var_cap) = (ShellVar){S("*"), all};
}

// sh -c TEXT, sh FILE
static void run_shell(Walk *w, const ToolWord *words, size_t count, Flow flow, size_t offset)
{
	for (size_t i = 1; i < count; i++) {
		Str text = words[i].text;
		if (text.len > 1 && text.p[0] == '-' && text.p[1] != '-') {
			if (str_find_byte(text, 'e') != STR_NONE)
				w->strict = true;
			if (str_find_byte(text, 'c') == STR_NONE)
				continue;
			if (i + 2 < count)
				set_arguments(w, words + i + 2, count - i - 2);
			if (i + 1 < count && is_verbatim(w, &words[i + 1]))
				run_script(w, words[i + 1].text,
				           (size_t)(words[i + 1].text.p - w->node->value.p), flow);
			else if (i + 1 < count)
				run_script(w, words[i + 1].text, STR_NONE, flow);
			return;
		}
		if (text.len && text.p[0] == '-')
			continue;
		if (tool_is_known(text)) // bash /app/wait-for-it.sh db:5432
			run_words(w, words + i, count - i, flow, offset);
		else
			run_mounted(w, text, flow);
		return;
	}
}

// Skips a wrapper's own options; `values` are the letters of those with an argument.
static size_t skip_options(const ToolWord *words, size_t count, size_t at, const char *values)
{
	while (at < count && words[at].text.len > 1 && words[at].text.p[0] == '-') {
		char letter = words[at].text.p[1];
		at += words[at].text.len == 2 && strchr(values, letter) != NULL ? 2 : 1;
	}
	return at;
}

// A command that runs another: how many words are its own. 0 where it is none.
static size_t wrapper_words(const ToolWord *words, size_t count)
{
	Str name = tool_name(words[0].text);

	if (str_is(name, "timeout")) {
		size_t at = skip_options(words, count, 1, "ks");
		// busybox's old form: timeout -t 5 cmd
		bool old = count > 2 && str_is(words[1].text, "-t");
		return old ? 3 : at + 1;
	}
	if (str_is(name, "exec") || str_is(name, "command") || str_is(name, "nohup") ||
	    str_is(name, "time") || str_is(name, "sudo") || str_is(name, "busybox") ||
	    str_is(name, "npx") || str_is(name, "toybox") || str_is(name, "builtin"))
		return skip_options(words, count, 1, "ug");
	if (str_is(name, "tini") || str_is(name, "dumb-init") || str_is(name, "catatonit") ||
	    str_is(name, "nice"))
		return skip_options(words, count, 1, "n");
	if (str_is(name, "env")) {
		size_t at = skip_options(words, count, 1, "u");
		while (at < count && str_find_byte(words[at].text, '=') != STR_NONE)
			at++;
		return at;
	}
	return 0;
}

static void call_function(Walk *w, const ShellFunction *function, const ToolWord *words,
                          size_t count, Flow flow)
{
	size_t before = w->var_count;

	if (w->depth > DEPTH_LIMIT)
		return;
	w->depth++;
	set_arguments(w, words, count);
	walk(w, function->body, flow);
	w->var_count = before; // a function's own variables go with it; near enough for the others
	w->depth--;
}

static void run_eval(Walk *w, const ToolWord *words, size_t count, Flow flow)
{
	ToolWord all = {0};

	for (size_t i = 1; i < count; i++) {
		if (i > 1)
			append(w, &all, S(" "), 0, NULL, NULL);
		append_word(w, &all, &words[i], 0);
	}
	run_script(w, all.text,
	           is_verbatim(w, &all) ? (size_t)(all.text.p - w->node->value.p) : STR_NONE, flow);
}

static void assign_word(Walk *w, const ToolWord *word)
{
	size_t equals = str_find_byte(word->text, '=');

	if (equals != STR_NONE && equals)
		set_var(w, str_to(word->text, equals),
		        sub_word(w, word, equals + 1, word->text.len));
}

// libpq's tools and MinIO's take the host from the environment where no option says it.
static const ToolWord *with_environment(Walk *w, const ToolWord *words, size_t *count,
                                        size_t offset)
{
	Str name = tool_name(words[0].text);
	ToolWord *more, host;
	size_t n = *count;

	if (!str_is(name, "pg_isready") && !str_is(name, "psql"))
		return words;
	for (size_t i = 1; i < n; i++)
		if (str_has_prefix(words[i].text, S("-h")) ||
		    str_has_prefix(words[i].text, S("--host")) ||
		    str_contains(words[i].text, S("://")))
			return words;
	if (!variable(w, S("PGHOST"), offset, &host) || !host.text.len)
		return words;
	more = ARENA_ARRAY(w->model->arena, ToolWord, n + 4);
	memcpy(more, words, n * sizeof *words);
	more[n++] = (ToolWord){.text = S("-h")};
	more[n++] = host;
	if (variable(w, S("PGPORT"), offset, &host) && host.text.len) {
		more[n++] = (ToolWord){.text = S("-p")};
		more[n++] = host;
	}
	*count = n;
	return more;
}

static void run_words(Walk *w, const ToolWord *words, size_t count, Flow flow, size_t offset)
{
	Str name;
	size_t own;
	ToolUse use;

	if (!count || w->steps++ > STEP_LIMIT)
		return;
	name = tool_name(words[0].text);
	for (size_t i = w->function_count; i > 0; i--)
		if (str_eq(w->functions[i - 1].name, words[0].text)) {
			call_function(w, &w->functions[i - 1], words, count, flow);
			return;
		}
	if (str_is(name, "export") || str_is(name, "local") || str_is(name, "readonly") ||
	    str_is(name, "declare")) {
		for (size_t i = 1; i < count; i++)
			assign_word(w, &words[i]);
		return;
	}
	if (str_is(name, "set")) {
		for (size_t i = 1; i < count; i++)
			w->strict |= words[i].text.len > 1 && words[i].text.p[0] == '-' &&
			             str_find_byte(words[i].text, 'e') != STR_NONE;
		return;
	}
	if (str_is(name, "eval")) {
		run_eval(w, words, count, flow);
		return;
	}
	if (is_shell(name)) {
		run_shell(w, words, count, flow, offset);
		return;
	}
	if (str_has_prefix(name, S("python"))) {
		for (size_t i = 1; i + 1 < count; i++)
			if (str_is(words[i].text, "-c"))
				read_python(w, words[i + 1].text,
				            word_offset(&words[i + 1], offset), flow);
		return;
	}
	if (str_is(name, ".") || str_is(name, "source")) {
		if (count > 1)
			run_mounted(w, words[1].text, flow);
		return;
	}
	own = wrapper_words(words, count);
	if (own && own < count) {
		run_words(w, words + own, count - own, flow, offset);
		return;
	}
	words = with_environment(w, words, &count, offset);
	if (tool_read(w->model->arena, words, count, &use)) {
		note_use(w, &use, flow, offset);
		for (size_t i = 1; i + 1 < count; i++) // wait-for-it host:port -- command
			if (str_is(words[i].text, "--") && use.loops) {
				run_words(w, words + i + 1, count - i - 1, flow, offset);
				return;
			}
		return;
	}
	run_mounted(w, words[0].text, flow);
}

// /dev/tcp/HOST/PORT in a redirection
static void run_redirects(Walk *w, const ShellNode *node, Flow flow)
{
	for (size_t i = 0; i < node->redirect_count; i++) {
		ToolWord *target = ARENA_NEW(w->model->arena, ToolWord);
		ToolTarget *found = ARENA_NEW(w->model->arena, ToolTarget);
		ToolUse use = {.name = S("/dev/tcp"), .targets = found, .count = 1};
		Str host;
		size_t slash;
		if (!node->redirects[i].target)
			continue;
		*target = expand(w, node->redirects[i].target);
		if (str_is(node->redirects[i].op, "<<") && node->word_count) {
			ToolWord name = expand(w, node->words[0]);
			if (str_has_prefix(tool_name(name.text), S("python")))
				read_python(w, target->text, word_offset(target, node->offset),
				            flow);
			else if (is_shell(tool_name(name.text)))
				run_script(w, target->text, word_offset(target, node->offset),
				           flow);
			continue;
		}
		if (!str_has_prefix(target->text, S("/dev/tcp/")))
			continue;
		host = str_from(target->text, 9);
		slash = str_find_byte(host, '/');
		if (slash == STR_NONE || str_find_byte(host, MODEL_UNKNOWN) != STR_NONE)
			continue;
		*found = (ToolTarget){
			.kind = WAIT_TCP, .host = str_to(host, slash), .word = target, .at = 9};
		num_parse_int(str_from(host, slash + 1), 10, 32, &found->port);
		note_use(w, &use, flow, node->offset);
	}
}

// --- read: the loops and variables that it fills.

// The separator that IFS=: before a command sets, else white space.
static Str field_separators(Walk *w, const ShellNode *simple)
{
	for (size_t i = 0; i < simple->assign_count; i++)
		if (str_is(simple->assigns[i].name, "IFS"))
			return expand(w, simple->assigns[i].value).text;
	return S(" \t");
}

static bool is_read(const ShellNode *node)
{
	return node->kind == SHELL_SIMPLE && node->word_count > 1 && node->words[0]->count == 1 &&
	       str_is(node->words[0]->parts[0].text, "read");
}

// Spreads a line over the variables that `read` names; the last takes what is left.
static void read_line(Walk *w, const ShellNode *simple, const ToolWord *line, size_t start,
                      size_t end)
{
	Str separators = field_separators(w, simple);

	for (size_t i = 1; i < simple->word_count; i++) {
		ToolWord name = expand(w, simple->words[i]);
		size_t stop;
		if (name.text.len && name.text.p[0] == '-')
			continue;
		while (start < end && strchr(" \t", line->text.p[start]) != NULL)
			start++;
		stop = start;
		while (stop < end && (i + 1 == simple->word_count ||
		                      str_find_byte(separators, line->text.p[stop]) == STR_NONE))
			stop++;
		set_var(w, name.text, sub_word(w, line, start, stop));
		start = stop < end ? stop + 1 : end;
	}
}

// The text that a redirection hands to a command's input; NULL where none does.
static const ShellWord *input_text(const ShellNode *node)
{
	for (size_t i = 0; i < node->redirect_count; i++)
		if (str_is(node->redirects[i].op, "<<<") || str_is(node->redirects[i].op, "<<"))
			return node->redirects[i].target;
	return NULL;
}

static void walk_simple(Walk *w, const ShellNode *node, Flow flow)
{
	Words words = {0};

	for (size_t i = 0; i < node->count; i++) // process substitutions
		walk(w, node->children[i], flow);
	for (size_t i = 0; i < node->assign_count; i++) {
		const ShellWord *value = node->assigns[i].value;
		set_var(w, node->assigns[i].name, expand(w, value));
		for (size_t j = 0; j < value->count; j++) // X=$(nc -z a 1)
			if (value->parts[j].command)
				walk(w, value->parts[j].command, flow);
	}
	for (size_t i = 0; i < node->word_count; i++) {
		expand_split(w, node->words[i], &words);
		for (size_t j = 0; j < node->words[i]->count; j++)
			if (node->words[i]->parts[j].command)
				walk(w, node->words[i]->parts[j].command, flow);
	}
	run_redirects(w, node, flow);
	if (is_read(node) && input_text(node)) {
		ToolWord line = expand(w, input_text(node));
		size_t end = str_find_byte(line.text, '\n');
		read_line(w, node, &line, 0, end == STR_NONE ? line.text.len : end);
		return;
	}
	run_words(w, words.items, words.len, flow, node->offset);
}

// --- What a part of a script does, without running it.

typedef struct Traits {
	bool leaves; // break, exit, return
	bool counts; // compares numbers
} Traits;

static void find_traits(Walk *w, const ShellNode *node, Traits *out, int depth)
{
	if (!node || depth > DEPTH_LIMIT || w->steps++ > STEP_LIMIT)
		return;
	for (size_t i = 0; i < node->word_count; i++) {
		Str text = node->words[i]->count == 1 ? node->words[i]->parts[0].text : S("");
		if (i == 0)
			out->leaves |= str_is(text, "break") || str_is(text, "exit") ||
			               str_is(text, "return");
		out->counts |= str_is(text, "-lt") || str_is(text, "-le") || str_is(text, "-gt") ||
		               str_is(text, "-ge") || str_is(text, "-eq") || str_is(text, "-ne");
	}
	if (node->kind == SHELL_SIMPLE && !node->word_count && !node->assign_count)
		out->counts = true; // (( ... ))
	for (size_t i = 0; i < node->count; i++)
		find_traits(w, node->children[i], out, depth + 1);
}

// Whether a word of a test is the variable.
static bool asks_for(const ShellNode *node, Str name, int depth)
{
	if (!node || depth > DEPTH_LIMIT)
		return false;
	for (size_t i = 0; i < node->word_count; i++)
		for (size_t j = 0; j < node->words[i]->count; j++)
			if (node->words[i]->parts[j].kind == SHELL_VARIABLE &&
			    str_eq(node->words[i]->parts[j].text, name))
				return true;
	for (size_t i = 0; i < node->count; i++)
		if (asks_for(node->children[i], name, depth + 1))
			return true;
	return false;
}

static bool is_constant_condition(const ShellNode *list)
{
	const ShellNode *simple = list->count == 1 ? list->children[0] : NULL;
	Str word;

	if (!simple || simple->kind != SHELL_SIMPLE || simple->word_count == 0 ||
	    simple->words[0]->count != 1)
		return false;
	word = simple->words[0]->parts[0].text;
	return str_is(word, "true") || str_is(word, ":") || str_is(word, "false") ||
	       str_is(word, "[");
}

// while read host port; do ...; done <<EOF
static bool walk_read_loop(Walk *w, const ShellNode *node, Flow flow)
{
	const ShellNode *list = node->children[0],
			*simple = list->count == 1 ? list->children[0] : NULL;
	const ShellWord *input = input_text(node);
	ToolWord text;
	size_t rounds = 0;

	if (node->kind != SHELL_WHILE || !simple || !is_read(simple) || !input)
		return false;
	text = expand(w, input);
	for (size_t start = 0; start < text.text.len && rounds++ < FOR_LIMIT;) {
		size_t end = start;
		while (end < text.text.len && text.text.p[end] != '\n')
			end++;
		read_line(w, simple, &text, start, end);
		walk(w, node->children[1], flow);
		start = end + 1;
	}
	return true;
}

// Whether the condition asks for what a command of the body left behind: $?, or a variable that the body sets to
// something that is no count.
static bool body_decides(Walk *w, const ShellNode *condition, const ShellNode *body, int depth)
{
	if (!body || depth > DEPTH_LIMIT || w->steps++ > STEP_LIMIT)
		return false;
	for (size_t i = 0; i < body->assign_count; i++) {
		const ShellAssign *assign = &body->assigns[i];
		bool counts = false;
		for (size_t j = 0; j < assign->value->count; j++)
			counts |= assign->value->parts[j].kind == SHELL_UNKNOWN ||
			          assign->value->parts[j].kind == SHELL_COMMAND;
		if (!counts && asks_for(condition, assign->name, 0))
			return true;
	}
	for (size_t i = 0; i < body->count; i++)
		if (body_decides(w, condition, body->children[i], depth + 1))
			return true;
	return false;
}

static void walk_loop(Walk *w, const ShellNode *node, Flow flow)
{
	Traits condition = {0}, body = {0};
	Flow inner = flow;
	bool decides;

	if (walk_read_loop(w, node, flow))
		return;
	decides = asks_for(node->children[0], S("?"), 0) ||
	          body_decides(w, node->children[0], node->children[1], 0);
	find_traits(w, node->children[0], &condition, 0);
	find_traits(w, node->children[1], &body, 0);
	inner.loop = LOOP_CONDITION;
	inner.endless = !body.leaves && !condition.counts;
	if (body.leaves && !body.counts && !condition.counts &&
	    is_constant_condition(node->children[0]))
		inner.endless = true;
	walk(w, node->children[0], inner);
	inner.loop = decides || (body.leaves && is_constant_condition(node->children[0]))
	                     ? LOOP_BODY
	                     : LOOP_NONE;
	inner.decides = decides;
	if (decides)
		inner.endless = !body.leaves && !body.counts;
	inner.fails = false;
	walk(w, node->children[1], inner);
}

static bool is_counter(Str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!((text.p[i] >= '0' && text.p[i] <= '9') || text.p[i] == MODEL_UNKNOWN ||
		      text.p[i] == '{' || text.p[i] == '}' || text.p[i] == '.'))
			return false;
	return true;
}

static void walk_for(Walk *w, const ShellNode *node, Flow flow)
{
	Words words = {0};
	Traits body = {0};
	Flow inner = flow;

	find_traits(w, node->children[0], &body, 0);
	for (size_t i = 0; i < node->word_count; i++)
		expand_split(w, node->words[i], &words);
	if (!words.len || is_counter(words.items[0].text)) { // tries, not things
		inner.loop = body.leaves ? LOOP_BODY : flow.loop;
		inner.endless = false;
		inner.fails = false;
		if (!words.len)
			walk(w, node->children[0], inner);
	}
	for (size_t i = 0; i < words.len && i < FOR_LIMIT; i++) {
		set_var(w, node->name, words.items[i]);
		walk(w, node->children[0], inner);
	}
}

typedef enum Answer { ANSWER_NO, ANSWER_YES, ANSWER_OPEN } Answer;

static bool is_known(Str s)
{
	return str_find_byte(s, MODEL_UNKNOWN) == STR_NONE;
}

// [ -n "$X" ], [ "$X" = y ], test -z ...
static Answer decide_test(const Words *words)
{
	const ToolWord *t = words->items;
	size_t n = words->len;
	bool yes;

	if (n && (str_is(t[n - 1].text, "]") || str_is(t[n - 1].text, "]]")))
		n--;
	if (n == 3 && (str_is(t[1].text, "-n") || str_is(t[1].text, "-z")) && is_known(t[2].text))
		return (t[2].text.len > 0) == str_is(t[1].text, "-n") ? ANSWER_YES : ANSWER_NO;
	if (n != 4 || !is_known(t[1].text) || !is_known(t[3].text))
		return ANSWER_OPEN;
	yes = str_eq(t[1].text, t[3].text);
	if (str_is(t[2].text, "=") || str_is(t[2].text, "=="))
		return yes ? ANSWER_YES : ANSWER_NO;
	if (str_is(t[2].text, "!="))
		return yes ? ANSWER_NO : ANSWER_YES;
	return ANSWER_OPEN;
}

static Answer decide(Walk *w, const ShellNode *node, int depth)
{
	Words words = {0};
	Answer left, right;

	if (!node || depth > DEPTH_LIMIT)
		return ANSWER_OPEN;
	switch (node->kind) {
	case SHELL_LIST:
	case SHELL_GROUP:
		return node->count == 1 ? decide(w, node->children[0], depth + 1) : ANSWER_OPEN;
	case SHELL_NOT:
		left = decide(w, node->children[0], depth + 1);
		return left == ANSWER_OPEN ? left : left == ANSWER_YES ? ANSWER_NO : ANSWER_YES;
	case SHELL_AND:
	case SHELL_OR:
		left = decide(w, node->children[0], depth + 1);
		right = decide(w, node->children[1], depth + 1);
		if (node->kind == SHELL_AND)
			return left == ANSWER_NO || right == ANSWER_NO     ? ANSWER_NO
			       : left == ANSWER_YES && right == ANSWER_YES ? ANSWER_YES
			                                                   : ANSWER_OPEN;
		return left == ANSWER_YES || right == ANSWER_YES ? ANSWER_YES
		       : left == ANSWER_NO && right == ANSWER_NO ? ANSWER_NO
		                                                 : ANSWER_OPEN;
	case SHELL_SIMPLE:
		for (size_t i = 0; i < node->word_count; i++)
			VEC_PUSH(w->model->arena, words.items, words.len, words.cap) =
				expand(w, node->words[i]);
		if (!words.len)
			return ANSWER_OPEN;
		if (str_is(words.items[0].text, "[") || str_is(words.items[0].text, "[[") ||
		    str_is(words.items[0].text, "test"))
			return decide_test(&words);
		if (str_is(words.items[0].text, "true"))
			return ANSWER_YES;
		return str_is(words.items[0].text, "false") ? ANSWER_NO : ANSWER_OPEN;
	default:
		return ANSWER_OPEN;
	}
}

static void walk_if(Walk *w, const ShellNode *node, Flow flow)
{
	Answer answer = decide(w, node->children[0], 0);
	Flow condition = flow, branch = flow;
	Traits then = {0};

	find_traits(w, node->children[1], &then, 0);
	condition.fails = false;
	if (flow.loop != LOOP_NONE && !then.leaves && !flow.decides && node->count < 3)
		condition.loop = LOOP_NONE;
	walk(w, node->children[0], condition);
	if (answer == ANSWER_OPEN && flow.loop == LOOP_NONE)
		branch.conditional = true;
	if (answer != ANSWER_NO)
		walk(w, node->children[1], branch);
	if (answer != ANSWER_YES && node->count > 2)
		walk(w, node->children[2], branch);
}

// Whether a command can't fail, so that what stands before it with || is forgiven.
static bool forgives(const ShellNode *node)
{
	static const char *const words[] = {"true", ":", "echo", "printf", "sleep", "continue"};
	Str word;

	if (node->kind != SHELL_SIMPLE || !node->word_count || node->words[0]->count != 1)
		return false;
	word = node->words[0]->parts[0].text;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_is(word, words[i]))
			return true;
	return str_is(word, "exit") && node->word_count > 1 && node->words[1]->count &&
	       str_is(node->words[1]->parts[0].text, "0");
}

static void walk_and_or(Walk *w, const ShellNode *node, Flow flow)
{
	Flow left = flow, right = flow;
	Answer answer = decide(w, node->children[0], 0);

	if (node->kind == SHELL_OR) {
		left.fails = flow.fails && !forgives(node->children[1]);
		right.fails = false;
	}
	walk(w, node->children[0], left);
	if ((node->kind == SHELL_AND && answer == ANSWER_NO) ||
	    (node->kind == SHELL_OR && answer == ANSWER_YES))
		return;
	walk(w, node->children[1], right);
}

static void walk(Walk *w, const ShellNode *node, Flow flow)
{
	if (!node || w->depth > DEPTH_LIMIT || w->steps++ > STEP_LIMIT)
		return;
	w->depth++;
	if (node->background)
		flow.fails = false;
	switch (node->kind) {
	case SHELL_SIMPLE:
		walk_simple(w, node, flow);
		break;
	case SHELL_AND:
	case SHELL_OR:
		walk_and_or(w, node, flow);
		break;
	case SHELL_WHILE:
	case SHELL_UNTIL:
		walk_loop(w, node, flow);
		break;
	case SHELL_FOR:
		walk_for(w, node, flow);
		break;
	case SHELL_IF:
		walk_if(w, node, flow);
		break;
	case SHELL_CASE: {
		Flow inner = flow;
		inner.conditional = true;
		for (size_t i = 0; i < node->count; i++)
			walk(w, node->children[i], inner);
		break;
	}
	case SHELL_FUNCTION:
		VEC_PUSH(w->model->arena, w->functions, w->function_count, w->function_cap) =
			(ShellFunction){node->name, node->children[0]};
		break;
	case SHELL_LIST:
		for (size_t i = 0; i < node->count; i++) {
			Flow inner = flow;
			inner.fails = flow.fails && (w->strict || i + 1 == node->count);
			walk(w, node->children[i], inner);
		}
		break;
	default:
		for (size_t i = 0; i < node->count; i++)
			walk(w, node->children[i], flow);
	}
	w->depth--;
}

static void shift_word(ShellWord *word, size_t by);

static void shift_node(ShellNode *node, size_t by)
{
	node->offset += by;
	for (size_t i = 0; i < node->count; i++)
		shift_node(node->children[i], by);
	for (size_t i = 0; i < node->word_count; i++)
		shift_word(node->words[i], by);
	for (size_t i = 0; i < node->assign_count; i++)
		shift_word(node->assigns[i].value, by);
	for (size_t i = 0; i < node->redirect_count; i++)
		if (node->redirects[i].target)
			shift_word(node->redirects[i].target, by);
}

static void shift_word(ShellWord *word, size_t by)
{
	word->offset += by;
	for (size_t i = 0; i < word->count; i++) {
		word->parts[i].offset += by;
		if (word->parts[i].word)
			shift_word(word->parts[i].word, by);
		if (word->parts[i].command)
			shift_node(word->parts[i].command, by);
	}
}

// Walks a script that begins `base` bytes into the scalar; STR_NONE: it is none of its bytes.
static void run_script(Walk *w, Str script, size_t base, Flow flow)
{
	ShellNode *node;

	if (w->depth > DEPTH_LIMIT)
		return;
	w->depth++;
	node = shell_parse(w->model->arena, script, NULL);
	if (base && base != STR_NONE)
		shift_node(node, base);
	walk(w, node, flow);
	w->depth--;
}

// --- A container's command.

static ToolWord argument(Walk *w, const Node *node)
{
	ToolWord word = {0};
	Str text = model_expand(w->model, w->container, node_text(node));

	append(w, &word, text, 0, NULL, NULL);
	return word;
}

// A wait must point at the argument that holds it: every argument is a scalar of its own.
static void place_waits(Walk *w, const ToolWord *words, const Node **nodes, size_t count,
                        size_t first)
{
	for (size_t i = first; i < w->model->waits.len; i++) {
		Wait *wait = w->model->waits.items[i];
		if (wait->spot.node)
			continue;
		for (size_t j = 0; j < count; j++) {
			Str text = words[j].text;
			if (wait->host.p < text.p || wait->host.p > text.p + text.len)
				continue;
			wait->spot = (Spot){w->resource, nodes[j], 0, 0};
			if (text.p == nodes[j]->value.p)
				wait->spot =
					(Spot){w->resource, nodes[j],
				               (size_t)(wait->host.p - text.p), wait->host.len};
			break;
		}
		if (!wait->spot.node && count)
			wait->spot = (Spot){w->resource, nodes[0], 0, 0};
	}
}

// Images whose entry point is itself a tool that waits.
static const struct {
	const char *part, *tool;
} waiting_images[] = {
	{"k8s-wait-for", "k8s-wait-for"},
	{"wait-for-it", "wait-for-it"},
	{"wait4x", "wait4x"},
	{"dockerize", "dockerize"},
	{"wait-for-port", "wait-for-port"},
	{"kubernetes-wait-for", "k8s-wait-for"},
	{"kubectl", "kubectl"},
	{"curl", "curl"},
};

// An image without an entry point, or with one that ends in exec "$@", runs its arguments.
static bool runs_arguments(const Container *container)
{
	Str first = container->arg_count ? node_text(container->args[0]) : S("");

	return is_shell(tool_name(first)) || tool_is_known(first);
}

static Str image_entry(const Container *container)
{
	if (runs_arguments(container))
		return S("");
	for (size_t i = 0; i < sizeof waiting_images / sizeof *waiting_images; i++)
		if (str_contains(container->image, str_c(waiting_images[i].part)))
			return str_c(waiting_images[i].tool);
	return S("");
}

static void run_container(Model *model, Container *container)
{
	Walk w = {
		.model = model, .container = container, .resource = container->workload->resource};
	size_t count = container->command_count + container->arg_count, first = model->waits.len,
	       len = 0;
	ToolWord *words = ARENA_ARRAY(model->arena, ToolWord, count + 2);
	const Node **nodes = ARENA_ARRAY(model->arena, const Node *, count + 2);
	Flow flow = {.fails = true};

	w.starts = container->kind != CONTAINER_INIT;
	if (!container->command_count) {
		Str entry = image_entry(container);
		if (!entry.len && !runs_arguments(container))
			return;
		if (entry.len) {
			nodes[len] = container->image_node;
			words[len++] = (ToolWord){.text = entry};
		}
	}
	for (size_t i = 0; i < count; i++) {
		const Node *node = i < container->command_count
		                           ? container->command[i]
		                           : container->args[i - container->command_count];
		nodes[len] = node;
		words[len++] = argument(&w, node);
	}
	// sh -c SCRIPT: the script is one scalar, and offsets count in it.
	if (len >= 3 && is_shell(tool_name(words[0].text))) {
		for (size_t i = 1; i + 1 < len; i++) {
			Str option = words[i].text;
			if (option.len > 1 && option.p[0] == '-' &&
			    str_find_byte(option, 'c') != STR_NONE) {
				w.node = nodes[i + 1];
				if (i + 2 < len)
					set_arguments(&w, words + i + 2, len - i - 2);
				w.strict = str_find_byte(option, 'e') != STR_NONE;
				run_script(&w, node_text(nodes[i + 1]), 0, flow);
				return;
			}
			w.strict |= str_is(option, "-e");
		}
	}
	if (len)
		run_words(&w, words, len, flow, 0);
	place_waits(&w, words, nodes, len, first);
}

// Argo's script and Tekton's steps carry theirs in a field.
static void run_script_field(Model *model, Container *container, const char *field)
{
	const Node *script = node_at(container->node, field);
	Walk w = {.model = model,
	          .container = container,
	          .resource = container->workload->resource,
	          .node = script};
	Str text = node_text(script), line = text, rest = text;

	if (!text.len)
		return;
	w.starts = container->kind != CONTAINER_INIT;
	str_line(&rest, &line);
	if (str_has_prefix(line, S("#!")) && str_contains(line, S("python")))
		read_python(&w, text, 0, (Flow){.fails = true});
	else
		run_script(&w, text, 0, (Flow){.fails = true});
}

static void resolve(const Model *model, Wait *wait)
{
	Str ns = wait->workload->resource->ns;
	ClusterName name;

	if (wait->kind == WAIT_KUBE) {
		wait->ns = wait->object_ns.len ? wait->object_ns : ns;
		wait->in_render_ns = model_has_namespace(model, wait->ns);
		return;
	}
	if (!model_cluster_name(model, wait->host, ns, &name))
		return;
	wait->ns = name.ns;
	wait->service_name = name.service;
	wait->service = model_service(model, name.ns, name.service);
	wait->in_render_ns = model_has_namespace(model, name.ns);
	if (!wait->service || !wait->port_name.len)
		return;
	for (size_t i = 0; i < wait->service->port_count; i++)
		if (str_eq(wait->service->ports[i].name, wait->port_name))
			wait->port = wait->service->ports[i].number;
}

void model_read_waits(Model *model)
{
	for (size_t i = 0; i < model->workloads.len; i++) {
		Workload *workload = model->workloads.items[i];
		for (size_t j = 0; j < workload->container_count; j++) {
			Container *container = &workload->containers[j];
			container->first_wait = model->waits.len;
			run_container(model, container);
			run_script_field(model, container, "script");
			run_script_field(model, container, "source");
			container->wait_count = model->waits.len - container->first_wait;
		}
	}
	for (size_t i = 0; i < model->waits.len; i++)
		resolve(model, model->waits.items[i]);
}
