// Who waits for what: walks the shell text of containers and notes every command that asks whether something answers
// and keeps the pod from going on until it does.
//
// Three things make a probe a wait: it is the condition of a loop; it stands in a loop that it can end; or an init
// container fails with it and is started anew. Conditions that the container's own variables decide are decided.

#include "k8s/walk.h"

#include "base/num.h"

#include <string.h>

static void walk(Walk *w, const ShellNode *node, Flow flow);

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

// Where the host stands in the script: at `offset` unless it was put together from pieces; then where its text stands.
static size_t host_offset(Str script, size_t offset, Str host, size_t *len)
{
	size_t found;

	if (offset + host.len <= script.len &&
	    str_eq(str_slice(script, offset, offset + host.len), host))
		return offset;
	found = str_find(script, host);
	*len = found == STR_NONE ? 0 : host.len;
	if (found != STR_NONE)
		return found;
	return offset < script.len ? offset : 0;
}

static void note_target(Walk *w, const ToolUse *use, const ToolTarget *target, Flow flow,
                        size_t offset, bool waits)
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
	                       !flow.limited &&
	                       (use->loops ? use->endless : flow.loop != LOOP_NONE && flow.endless),
	               .conditional = flow.conditional,
	               .tries_once = !use->loops && flow.loop == LOOP_NONE,
	               .gives_up = !use->loops && flow.gives_up,
	               .start = w->starts,
	               .value_node = piece.node,
	               .value_resource = piece.resource};
	if (!piece.node && w->node)
		piece.offset = host_offset(w->node->value, piece.offset + (at - piece.start),
		                           target->host, &len);
	else
		len = 0;
	wait->spot = (Spot){w->resource, w->node, piece.offset, len, 0};
	if (!waits && !w->node) { // a command in words: each has a place of its own
		wait->spot = (Spot){piece.resource, piece.node, 0, 0, 0};
		wait->value_node = NULL;
	}
	if (!waits)
		VEC_PUSH(w->model->arena, w->model->uses.items, w->model->uses.len,
		         w->model->uses.cap) = wait;
	else if (waits && !is_noted(w, wait))
		VEC_PUSH(w->model->arena, w->model->waits.items, w->model->waits.len,
		         w->model->waits.cap) = wait;
}

void walk_note(Walk *w, const ToolUse *use, Flow flow, size_t offset)
{
	bool waits = use->loops || flow.loop != LOOP_NONE ||
	             (flow.fails && w->container->kind == CONTAINER_INIT);

	for (size_t i = 0; i < use->count; i++)
		note_target(w, use, &use->targets[i], flow, offset, waits);
}

// --- Commands.

static void run_script(Walk *w, Str script, size_t base, Flow flow);
static void run_words(Walk *w, const ToolWord *words, size_t count, Flow flow, size_t offset);

static bool is_shell(Str name)
{
	return str_is(name, "sh") || str_is(name, "bash") || str_is(name, "ash") ||
	       str_is(name, "dash") || str_is(name, "zsh") || str_is(name, "ksh");
}

// Whether a word is one run of the script's own bytes, so that offsets inside it are offsets in the script.
static bool is_verbatim(const Walk *w, const ToolWord *word)
{
	return w->node && word->text.p >= w->node->value.p &&
	       word->text.p + word->text.len <= w->node->value.p + w->node->value.len;
}

// Where a text begins in the script; STR_NONE where it is none of its bytes.
static size_t base_of(const Walk *w, const ToolWord *word)
{
	return is_verbatim(w, word) ? (size_t)(word->text.p - w->node->value.p) : STR_NONE;
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

// A script or program that a file holds.
static void run_text(Walk *w, ProgramLanguage language, Str text, size_t base, Flow flow)
{
	if (!language)
		language = program_language_of_script(text);
	if (language)
		program_read(w, language, text, base == STR_NONE ? 0 : base, flow);
	else
		run_script(w, text, base, flow);
}

// Runs a file that the script has written or that a config map holds; `language` is that of the interpreter it is given
// to, PROGRAM_NONE for a shell or none.
static void run_file(Walk *w, ProgramLanguage language, Str path, Flow flow)
{
	Str text;
	const Node *node;
	Resource *resource;
	Walk inner = *w;

	for (size_t i = w->file_count; i > 0 && w->depth <= 4; i--) {
		const ToolWord *file = &w->files[i - 1].value;
		if (!str_eq(w->files[i - 1].name, path))
			continue;
		w->depth++;
		run_text(w, language, file->text, base_of(w, file), flow);
		w->depth--;
		return;
	}
	if (!path.len || path.p[0] != '/' || w->depth > 4 ||
	    !mounted_script(w, path, &text, &node, &resource))
		return;
	inner.node = node;
	inner.resource = resource;
	inner.depth++;
	run_text(&inner, language, text, 0, flow);
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
			word_append(w, &all, S(" "), 0, NULL, NULL);
		word_append_word(w, &all, &words[i], 0);
	}
	VEC_PUSH(w->model->arena, w->vars, w->var_count, w->var_cap) = (ShellVar){S("@"), all};
	VEC_PUSH(w->model->arena, w->vars, w->var_count, w->var_cap) = (ShellVar){S("*"), all};
}

// The first of a shell's words that is no option: its script where `*given` (-c), else the file that holds it.
static size_t shell_script(Walk *w, const ToolWord *words, size_t count, bool *given)
{
	size_t i = 1;

	*given = false;
	for (; i < count; i++) {
		Str option = words[i].text;
		if (option.len < 2 || strchr("-+", option.p[0]) == NULL)
			break;
		if (option.p[1] == '-')
			continue;
		w->strict |= str_find_byte(option, 'e') != STR_NONE;
		*given |= str_find_byte(option, 'c') != STR_NONE;
		if (option.p[option.len - 1] == 'o' && ++i < count) // -o pipefail, -eo pipefail
			w->pipefail |= str_is(words[i].text, "pipefail");
	}
	return i;
}

// sh -c TEXT, sh FILE
static void run_shell(Walk *w, const ToolWord *words, size_t count, Flow flow, size_t offset)
{
	bool given;
	size_t at = shell_script(w, words, count, &given);

	if (at >= count)
		return;
	if (given) {
		if (at + 1 < count)
			set_arguments(w, words + at + 1, count - at - 1);
		run_script(w, words[at].text, base_of(w, &words[at]), flow);
	} else if (tool_is_known(words[at].text)) { // bash /app/wait-for-it.sh db:5432
		run_words(w, words + at, count - at, flow, offset);
	} else {
		run_file(w, PROGRAM_NONE, words[at].text, flow);
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
	if (str_is(name, "gosu") || str_is(name, "su-exec") || str_is(name, "chpst"))
		return skip_options(words, count, 1, "u") + 1;
	if (str_is(name, "watch"))
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
			word_append(w, &all, S(" "), 0, NULL, NULL);
		word_append_word(w, &all, &words[i], 0);
	}
	run_script(w, all.text, base_of(w, &all), flow);
}

static void assign_word(Walk *w, const ToolWord *word)
{
	size_t equals = str_find_byte(word->text, '=');

	if (equals != STR_NONE && equals)
		walk_set(w, str_to(word->text, equals),
		         word_slice(w, word, equals + 1, word->text.len));
}

// Tools that take where to connect from the environment where no option says it.
static const struct {
	const char *tool, *variable, *option;
	const char *unless; // options that say it, each between spaces
} environment_hosts[] = {
	{"pg_isready", "PGHOST", "-h", " -h --host -d --dbname "},
	{"pg_isready", "PGPORT", "-p", " -h --host -d --dbname -p --port "},
	{"psql", "PGHOST", "-h", " -h --host -d --dbname "},
	{"psql", "PGPORT", "-p", " -h --host -d --dbname -p --port "},
	{"mysql", "MYSQL_HOST", "-h", " -h --host "},
	{"mysqladmin", "MYSQL_HOST", "-h", " -h --host "},
	{"etcdctl", "ETCDCTL_ENDPOINTS", "--endpoints", " --endpoints "},
	{"vault", "VAULT_ADDR", "-address", " -address --address "},
	{"consul", "CONSUL_HTTP_ADDR", "-http-addr", " -http-addr "},
	{"nats", "NATS_URL", "--server", " -s --server "},
	{"influx", "INFLUX_HOST", "--host", " --host -host "},
	{"temporal", "TEMPORAL_ADDRESS", "--address", " --address "},
	{"tctl", "TEMPORAL_CLI_ADDRESS", "--address", " --address --ad "},
	{"aws", "AWS_ENDPOINT_URL_S3", "--endpoint-url", " --endpoint-url "},
	{"aws", "AWS_ENDPOINT_URL", "--endpoint-url", " --endpoint-url "},
	{"airflow", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "--url", ""},
	{"airflow", "AIRFLOW__CORE__SQL_ALCHEMY_CONN", "--url", ""},
	{"docker-compose-wait", "WAIT_HOSTS", "--hosts", ""},
	{"flyway", "FLYWAY_URL", "-url", " -url "},
	{"liquibase", "LIQUIBASE_COMMAND_URL", "--url", " --url "},
	{"dbmate", "DATABASE_URL", "--url", " -u --url "},
};

// Whether one of the words is one of the options, with its argument or without, or a URL.
static bool says_host(const ToolWord *words, size_t count, const char *options)
{
	for (size_t i = 1; i < count; i++) {
		Str rest = str_c(options), option;
		if (str_contains(words[i].text, S("://")) ||
		    str_contains(words[i].text, S("host=")))
			return true;
		while (str_cut(&rest, S(" "), &option))
			if (option.len && str_has_prefix(words[i].text, option) &&
			    (words[i].text.len == option.len || option.len == 2 ||
			     words[i].text.p[option.len] == '='))
				return true;
	}
	return false;
}

// mc alias set NAME URL, mc config host add NAME URL: the URL that later commands mean by the name, as MC_HOST_NAME says it.
static void note_alias(Walk *w, const ToolWord *words, size_t count)
{
	if (!str_is(tool_name(words[0].text), "mc"))
		return;
	for (size_t i = 2; i + 2 < count; i++)
		if ((str_is(words[i].text, "set") || str_is(words[i].text, "add")) &&
		    str_contains(words[i + 2].text, S("://")))
			walk_set(w, str_concat(w->model->arena, S("MC_HOST_"), words[i + 1].text),
			         words[i + 2]);
}

// mc ls NAME/bucket: what the name stands for.
static bool alias_host(Walk *w, const ToolWord *words, size_t count, size_t offset, ToolWord *url)
{
	for (size_t i = 2; i < count; i++) {
		Str alias = str_to(words[i].text, str_find_byte(words[i].text, '/'));
		if (!str_contains(words[i].text, S("://")) && alias.len &&
		    walk_variable(w, str_concat(w->model->arena, S("MC_HOST_"), alias), offset,
		                  url) &&
		    str_contains(url->text, S("://")))
			return true;
	}
	return false;
}

// The words with what the environment adds to them.
static const ToolWord *with_environment(Walk *w, const ToolWord *words, size_t *count,
                                        size_t offset)
{
	bool compose = str_has_suffix(words[0].text, S("/wait")); // its program's only name
	Str name = compose ? S("docker-compose-wait") : tool_name(words[0].text);
	size_t n = *count, rows = sizeof environment_hosts / sizeof *environment_hosts;
	ToolWord *more, value;
	bool alias = str_is(name, "mc") && !says_host(words, n, "") &&
	             alias_host(w, words, n, offset, &value);

	more = ARENA_ARRAY(w->model->arena, ToolWord, n + 5);
	memcpy(more, words, n * sizeof *words);
	more[0].text = compose ? name : more[0].text;
	if (alias)
		more[n++] = value;
	for (size_t i = 0; i < rows && n < *count + 4; i++) {
		if (!str_is(name, environment_hosts[i].tool) ||
		    says_host(words, *count, environment_hosts[i].unless) ||
		    !walk_variable(w, str_c(environment_hosts[i].variable), offset, &value) ||
		    !value.text.len)
			continue;
		more[n++] = (ToolWord){.text = str_c(environment_hosts[i].option)};
		more[n++] = value;
	}
	*count = n;
	return more;
}

// shift: $2 becomes $1.
static void shift_arguments(Walk *w, const ToolWord *words, size_t count)
{
	static const char *const digits[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
	int64_t by = 1;
	ToolWord left[10];
	size_t len = 0;

	if (count > 1)
		num_parse_int(words[1].text, 10, 32, &by);
	if (by < 1 || by > 9)
		return;
	for (size_t i = (size_t)by; i < 10; i++) {
		if (!walk_variable(w, str_c(digits[i]), 0, &left[len]) || !left[len].text.len)
			left[len] = (ToolWord){0};
		len++;
	}
	while (len > 1 && !left[len - 1].text.len)
		len--;
	set_arguments(w, left, len);
}

static void run_set(Walk *w, const ToolWord *words, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		Str text = words[i].text;
		if (str_is(text, "--") || (text.len && strchr("-+", text.p[0]) == NULL)) {
			size_t before = str_is(text, "--") ? i : i - 1; // stands for $0
			set_arguments(w, words + before, count - before);
			return;
		}
		w->strict |=
			text.len > 1 && text.p[0] == '-' && str_find_byte(text, 'e') != STR_NONE;
		if (text.len > 1 && text.p[text.len - 1] == 'o' && ++i < count) // -o, +o, -euo
			w->pipefail |= text.p[0] == '-' && str_is(words[i].text, "pipefail");
	}
}

// printf -v NAME FORMAT ...
static void print_into(Walk *w, const ToolWord *words, size_t count)
{
	Words all = {.items = (ToolWord *)words, .len = count};
	ToolWord value = {0};
	Str text;

	if (count < 4 || !str_is(words[1].text, "-v") || !walk_printed(w, &all, NULL, &text))
		return;
	word_append(w, &value, text, word_offset(&words[3], 0), NULL, NULL);
	walk_set(w, words[2].text, value);
}

// What the shell itself does. False where it is no such command.
static bool run_builtin(Walk *w, const ToolWord *words, size_t count, Flow flow)
{
	Str name = tool_name(words[0].text);

	if (str_is(name, "export") || str_is(name, "local") || str_is(name, "readonly") ||
	    str_is(name, "declare") || str_is(name, "typeset")) {
		for (size_t i = 1; i < count; i++)
			assign_word(w, &words[i]);
	} else if (str_is(name, "set")) {
		run_set(w, words, count);
	} else if (str_is(name, "shift")) {
		shift_arguments(w, words, count);
	} else if (str_is(name, "eval")) {
		run_eval(w, words, count, flow);
	} else if (str_is(name, "printf")) {
		print_into(w, words, count);
	} else if (str_is(name, ".") || str_is(name, "source")) {
		if (count > 1)
			run_file(w, PROGRAM_NONE, words[1].text, flow);
	} else if (str_is(name, "su") || str_is(name, "runuser")) {
		for (size_t i = 1; i + 1 < count; i++)
			if (str_is(words[i].text, "-c"))
				run_script(w, words[i + 1].text, base_of(w, &words[i + 1]), flow);
	} else {
		return false;
	}
	return true;
}

// python -c TEXT, node FILE
static void run_program(Walk *w, const ToolWord *words, size_t count, Flow flow, size_t offset)
{
	ProgramLanguage language = program_language(words[0].text);
	size_t at = program_argument(language, words, count);

	if (at) {
		program_read(w, language, words[at].text, word_offset(&words[at], offset), flow);
		return;
	}
	for (size_t i = 1; i < count; i++)
		if (words[i].text.len && words[i].text.p[0] != '-') {
			run_file(w, language, words[i].text, flow);
			return;
		}
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
	if (run_builtin(w, words, count, flow))
		return;
	if (is_shell(name)) {
		run_shell(w, words, count, flow, offset);
		return;
	}
	if (program_language(name)) {
		run_program(w, words, count, flow, offset);
		return;
	}
	own = wrapper_words(words, count);
	if (own && own < count) {
		for (size_t i = 1; i < own && str_is(name, "env"); i++)
			assign_word(w, &words[i]);
		if (str_is(name, "watch"))
			flow.loop = LOOP_CONDITION;
		if (str_is(name, "timeout") && flow.loop == LOOP_NONE) {
			flow.limited = true;
			flow.gives_up |= !flow.fails && !flow.judged;
		}
		run_words(w, words + own, count - own, flow, offset);
		return;
	}
	note_alias(w, words, count);
	words = with_environment(w, words, &count, offset);
	if (tool_read(w->model->arena, words, count, &use)) {
		walk_note(w, &use, flow, offset);
		for (size_t i = 1; i + 1 < count; i++) // wait-for-it host:port -- command
			if (str_is(words[i].text, "--") && use.loops) {
				run_words(w, words + i + 1, count - i - 1, flow, offset);
				return;
			}
		return;
	}
	run_file(w, PROGRAM_NONE, words[0].text, flow);
}

// A document or text that a shell or an interpreter is given on its input: bash -s a b <<EOF
static void run_input(Walk *w, const Words *words, const ToolWord *input, Flow flow)
{
	Str name = tool_name(word_at(words, 0));
	ProgramLanguage language = program_language(name);
	size_t first = 1;

	if (language) {
		program_read(w, language, input->text, word_offset(input, 0), flow);
	} else if (is_shell(name)) {
		while (first < words->len && str_has_prefix(word_at(words, first), S("-")))
			first++;
		if (first < words->len) // behind -s
			set_arguments(w, words->items + first - 1, words->len - first + 1);
		run_script(w, input->text, base_of(w, input), flow);
	}
}

// Where a command writes to: a redirection's target, or tee's file.
static Str written_file(Walk *w, const ShellNode *node, const Words *words)
{
	for (size_t i = 0; i < node->redirect_count; i++)
		if (node->redirects[i].target &&
		    (str_is(node->redirects[i].op, ">") || str_is(node->redirects[i].op, ">>")) &&
		    !str_has_prefix(walk_expand(w, node->redirects[i].target).text, S("/dev/")))
			return walk_expand(w, node->redirects[i].target).text;
	for (size_t i = 1; str_is(word_at(words, 0), "tee") && i < words->len; i++)
		if (word_at(words, i).len && word_at(words, i).p[0] != '-')
			return word_at(words, i);
	return S("");
}

// cat > FILE <<EOF, echo TEXT > FILE: what the script runs later.
static void note_file(Walk *w, const ShellNode *node, const Words *words, const ToolWord *input)
{
	Str path = written_file(w, node, words), name = word_at(words, 0), text;
	ToolWord content = {0};

	if (!path.len)
		return;
	if (input && (str_is(name, "cat") || str_is(name, "tee")))
		content = *input;
	else if (walk_printed(w, words, NULL, &text))
		word_append(w, &content, text,
		            words->len > 1 ? word_offset(&words->items[words->len - 1], 0) : 0,
		            NULL, NULL);
	else
		return;
	VEC_PUSH(w->model->arena, w->files, w->file_count, w->file_cap) = (ShellVar){path, content};
}

// /dev/tcp/HOST/PORT in a redirection
static void run_socket(Walk *w, const ToolWord *target, Flow flow, size_t offset)
{
	ToolWord *kept = ARENA_NEW(w->model->arena, ToolWord);
	ToolTarget *found = ARENA_NEW(w->model->arena, ToolTarget);
	ToolUse use = {.name = S("/dev/tcp"), .targets = found, .count = 1};
	Str host = str_from(target->text, 9);
	size_t slash = str_find_byte(host, '/');

	if (!str_has_prefix(target->text, S("/dev/tcp/")) || slash == STR_NONE ||
	    str_find_byte(host, MODEL_UNKNOWN) != STR_NONE)
		return;
	*kept = *target;
	*found = (ToolTarget){.kind = WAIT_TCP, .host = str_to(host, slash), .word = kept, .at = 9};
	num_parse_int(str_from(host, slash + 1), 10, 32, &found->port);
	walk_note(w, &use, flow, offset);
}

static void run_redirects(Walk *w, const ShellNode *node, const Words *words, Flow flow)
{
	const ShellWord *given = walk_input(node);
	ToolWord input = {0};

	if (given)
		input = walk_expand(w, given);
	for (size_t i = 0; i < node->redirect_count; i++)
		if (node->redirects[i].target && node->redirects[i].target != given) {
			ToolWord target = walk_expand(w, node->redirects[i].target);
			run_socket(w, &target, flow, node->offset);
		}
	note_file(w, node, words, given ? &input : NULL);
	if (given)
		run_input(w, words, &input, flow);
}

// --- read: the loops and variables that it fills.

// The separator that IFS=: before a command sets, else white space.
static Str field_separators(Walk *w, const ShellNode *simple)
{
	for (size_t i = 0; i < simple->assign_count; i++)
		if (str_is(simple->assigns[i].name, "IFS"))
			return walk_expand(w, simple->assigns[i].value).text;
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
		ToolWord name = walk_expand(w, simple->words[i]);
		size_t stop;
		if (name.text.len && name.text.p[0] == '-')
			continue;
		while (start < end && strchr(" \t", line->text.p[start]) != NULL)
			start++;
		stop = start;
		while (stop < end && (i + 1 == simple->word_count ||
		                      str_find_byte(separators, line->text.p[stop]) == STR_NONE))
			stop++;
		walk_set(w, name.text, word_slice(w, line, start, stop));
		start = stop < end ? stop + 1 : end;
	}
}

static void assign(Walk *w, const ShellAssign *assign)
{
	ToolWord value = walk_expand(w, assign->value), all;

	if (assign->adds && walk_variable(w, assign->name, assign->value->offset, &all)) {
		word_append(w, &all, S(" "), assign->value->offset, NULL, NULL);
		word_append_word(w, &all, &value, assign->value->offset);
		value = all;
	}
	walk_set(w, assign->name, value);
}

static void walk_simple(Walk *w, const ShellNode *node, Flow flow)
{
	Words words = {0};

	for (size_t i = 0; i < node->count; i++) // process substitutions
		walk(w, node->children[i], flow);
	for (size_t i = 0; i < node->assign_count; i++) {
		const ShellWord *value = node->assigns[i].value;
		if (!node->word_count || !str_is(node->assigns[i].name, "IFS")) // else for this one
			assign(w, &node->assigns[i]);
		for (size_t j = 0; j < value->count; j++) // X=$(nc -z a 1)
			if (value->parts[j].command)
				walk(w, value->parts[j].command, flow);
	}
	for (size_t i = 0; i < node->word_count; i++) {
		walk_expand_split(w, node->words[i], &words);
		for (size_t j = 0; j < node->words[i]->count; j++)
			if (node->words[i]->parts[j].command)
				walk(w, node->words[i]->parts[j].command, flow);
	}
	run_redirects(w, node, &words, flow);
	if (is_read(node) && walk_input(node)) {
		ToolWord line = walk_expand(w, walk_input(node));
		size_t end = str_find_byte(line.text, '\n');
		read_line(w, node, &line, 0, end == STR_NONE ? line.text.len : end);
		return;
	}
	run_words(w, words.items, words.len, flow, node->offset);
}

// --- What a part of a script does, without running it.

typedef struct Traits {
	bool leaves; // break, exit, return
	bool ends;   // exit, return, but not with 0
	bool counts; // compares numbers that are counted, or the time
} Traits;

// $((n + 1)), $(expr $n + 1), $(date +%s)
static bool is_count(const ShellPart *part)
{
	Str command = part->kind == SHELL_COMMAND ? str_trim_ascii(part->text) : S("");

	return part->kind == SHELL_UNKNOWN || str_has_prefix(command, S("expr")) ||
	       str_has_prefix(command, S("date"));
}

// Whether a command's answer is put into the variable: code=$(curl ...)
static bool is_answered(const ShellNode *node, Str name, int depth)
{
	if (!node || depth > DEPTH_LIMIT)
		return false;
	for (size_t i = 0; i < node->assign_count; i++) {
		const ShellWord *value = node->assigns[i].value;
		for (size_t j = 0; j < value->count && str_eq(node->assigns[i].name, name); j++)
			if (value->parts[j].kind == SHELL_COMMAND && !is_count(&value->parts[j]))
				return true;
	}
	for (size_t i = 0; i < node->count; i++)
		if (is_answered(node->children[i], name, depth + 1))
			return true;
	return false;
}

// Whether a side of a comparison in the loop is what a command said, $? or its text, and no count of tries.
static bool is_answer(const ShellNode *loop, const ShellWord *side)
{
	for (size_t i = 0; i < side->count; i++) {
		const ShellPart *part = &side->parts[i];
		if ((part->kind == SHELL_COMMAND && !is_count(part)) ||
		    (part->kind == SHELL_VARIABLE &&
		     (str_is(part->text, "?") || is_answered(loop, part->text, 0))))
			return true;
	}
	return false;
}

static Str literal_word(const ShellNode *node, size_t i)
{
	bool one = i < node->word_count && node->words[i]->count == 1 &&
	           node->words[i]->parts[0].kind == SHELL_LITERAL;

	return one ? node->words[i]->parts[0].text : S("");
}

// [ "$n" -lt 30 ], [[ $n < 30 ]]
static bool compares_count(const ShellNode *loop, const ShellNode *node)
{
	static const char *const signs[] = {"-lt", "-le", "-gt", "-ge", "-eq", "-ne", "<", ">"};

	if (node->kind == SHELL_SIMPLE && !node->word_count && !node->assign_count)
		return true; // (( ... ))
	for (size_t i = 1; i + 1 < node->word_count; i++)
		for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
			if (str_is(literal_word(node, i), signs[k]))
				return !is_answer(loop, node->words[i - 1]) &&
				       !is_answer(loop, node->words[i + 1]);
	return false;
}

// What a part of a loop (or of no loop) does.
static void find_traits(Walk *w, const ShellNode *loop, const ShellNode *node, Traits *out,
                        int depth)
{
	Str command;

	if (!node || depth > DEPTH_LIMIT || w->steps++ > STEP_LIMIT)
		return;
	command = literal_word(node, 0);
	if (str_is(command, "exit") || str_is(command, "return")) {
		out->leaves = true;
		out->ends |= !str_is(literal_word(node, 1), "0");
	}
	out->leaves |= str_is(command, "break");
	out->counts |= compares_count(loop, node);
	for (size_t i = 0; i < node->count; i++)
		find_traits(w, loop, node->children[i], out, depth + 1);
}

// What a loop's body does where it has counted enough: [ $n -gt 30 ] && break
static void find_count_exits(Walk *w, const ShellNode *loop, const ShellNode *node, Traits *out,
                             int depth)
{
	Traits asked = {0};

	if (!node || depth > DEPTH_LIMIT || w->steps++ > STEP_LIMIT)
		return;
	if (node->kind == SHELL_AND || node->kind == SHELL_OR || node->kind == SHELL_IF)
		find_traits(w, loop, node->children[0], &asked, 0);
	for (size_t i = 1; i < node->count && asked.counts; i++)
		find_traits(w, loop, node->children[i], out, 0);
	for (size_t i = 0; i < node->count; i++)
		find_count_exits(w, loop, node->children[i], out, depth + 1);
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

// Whether the condition asks nothing that a command would have to answer: true, [ $n -lt 30 ], (( n < 30 ))
static bool is_constant_condition(const ShellNode *list)
{
	static const char *const words[] = {"true", ":", "false", "[", "[[", "test"};
	const ShellNode *simple = list->count == 1 ? list->children[0] : NULL;

	if (!simple || simple->kind != SHELL_SIMPLE)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_is(literal_word(simple, 0), words[i]))
			return true;
	return !simple->word_count && !simple->assign_count;
}

// while read host port; do ...; done <<EOF, or behind a pipe, which gives `piped`
static bool walk_read_loop(Walk *w, const ShellNode *node, const ToolWord *piped, Flow flow)
{
	const ShellNode *list = node->children[0],
			*simple = list->count == 1 ? list->children[0] : NULL;
	ToolWord text;
	size_t rounds = 0;

	if (node->kind != SHELL_WHILE || !simple || !is_read(simple) ||
	    (!piped && !walk_input(node)))
		return false;
	text = piped ? *piped : walk_expand(w, walk_input(node));
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

static bool has_shift(const ShellNode *node, int depth)
{
	if (!node || depth > DEPTH_LIMIT)
		return false;
	if (node->kind == SHELL_SIMPLE && node->word_count && node->words[0]->count == 1 &&
	    str_is(node->words[0]->parts[0].text, "shift"))
		return true;
	for (size_t i = 0; i < node->count; i++)
		if (has_shift(node->children[i], depth + 1))
			return true;
	return false;
}

// while [ $# -gt 0 ]; do ... $1 ...; shift; done
static bool walk_shift_loop(Walk *w, const ShellNode *node, Flow flow)
{
	ToolWord first;

	if (!has_shift(node->children[1], 0))
		return false;
	for (size_t rounds = 0;
	     rounds < FOR_LIMIT && walk_variable(w, S("1"), 0, &first) && first.text.len &&
	     str_find_byte(first.text, MODEL_UNKNOWN) == STR_NONE;
	     rounds++)
		walk(w, node->children[1], flow);
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
			counts |= is_count(&assign->value->parts[j]);
		if (!counts && asks_for(condition, assign->name, 0))
			return true;
	}
	for (size_t i = 0; i < body->count; i++)
		if (body_decides(w, condition, body->children[i], depth + 1))
			return true;
	return false;
}

// Whether the command is one that gives up after some tries or some time, so that what follows may look at it.
static bool may_give_up(const ShellNode *node)
{
	switch (node->kind) {
	case SHELL_FOR:
	case SHELL_WHILE:
	case SHELL_UNTIL:
		return true;
	case SHELL_SIMPLE:
		return str_is(literal_word(node, 0), "timeout");
	case SHELL_AND:
	case SHELL_OR:
		return may_give_up(node->children[0]);
	default:
		return false;
	}
}

// Whether one of a list's commands from `first` on ends the script, as a wait's "it did not come" does.
static bool may_end(Walk *w, const ShellNode *list, size_t first)
{
	Traits rest = {0};

	if (!may_give_up(list->children[first - 1]))
		return false;
	for (size_t i = first; i < list->count && !rest.ends; i++)
		find_traits(w, NULL, list->children[i], &rest, 0);
	return rest.ends;
}

static void walk_loop(Walk *w, const ShellNode *node, Flow flow)
{
	Traits condition = {0}, body = {0}, counted = {0};
	Flow inner = flow;
	bool decides;

	if (walk_read_loop(w, node, NULL, flow) || walk_shift_loop(w, node, flow))
		return;
	decides = asks_for(node->children[0], S("?"), 0) ||
	          body_decides(w, node->children[0], node->children[1], 0);
	find_traits(w, node, node->children[0], &condition, 0);
	find_traits(w, node, node->children[1], &body, 0);
	find_count_exits(w, node, node->children[1], &counted, 0);
	inner.loop = LOOP_CONDITION;
	inner.gives_up |= (condition.counts || counted.leaves) && !counted.ends && !flow.judged;
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

	find_traits(w, NULL, node->children[0], &body, 0);
	for (size_t i = 0; i < node->word_count; i++)
		walk_expand_split(w, node->words[i], &words);
	if (!words.len || is_counter(words.items[0].text)) { // tries, not things
		inner.loop = body.leaves ? LOOP_BODY : flow.loop;
		inner.endless = false;
		inner.fails = false;
		inner.gives_up = body.leaves && !body.ends && !flow.judged;
		if (!words.len)
			walk(w, node->children[0], inner);
	}
	for (size_t i = 0; i < words.len && i < FOR_LIMIT; i++) {
		walk_set(w, node->name, words.items[i]);
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
				walk_expand(w, node->words[i]);
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
	Traits then = {0}, otherwise = {0};

	find_traits(w, NULL, node->children[1], &then, 0);
	if (node->count > 2)
		find_traits(w, NULL, node->children[2], &otherwise, 0);
	condition.fails = false;
	condition.judged |= then.ends || otherwise.ends;
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
		Traits otherwise = {0};
		find_traits(w, NULL, node->children[1], &otherwise, 0);
		left.fails = flow.fails && !forgives(node->children[1]);
		left.judged |= otherwise.ends;
		right.fails = false;
	}
	walk(w, node->children[0], left);
	if ((node->kind == SHELL_AND && answer == ANSWER_NO) ||
	    (node->kind == SHELL_OR && answer == ANSWER_YES))
		return;
	walk(w, node->children[1], right);
}

// --- pipes whose text is known ---

static Str with_item(Walk *w, Str text, Str place, Str item)
{
	size_t at;

	while (place.len && text.len < WORD_LIMIT && (at = str_find(text, place)) != STR_NONE) {
		Str head = str_concat(w->model->arena, str_to(text, at), item);
		Str tail = str_from(text, at + place.len);
		if (str_contains(item, place))
			return str_concat(w->model->arena, head, tail);
		text = str_concat(w->model->arena, head, tail);
	}
	return text;
}

// The command with items behind its words, or in the place of {}.
static void run_with_items(Walk *w, const Words *command, const ToolWord *items, size_t count,
                           Str place, Flow flow, size_t offset)
{
	ToolWord *words = ARENA_ARRAY(w->model->arena, ToolWord, command->len + count);
	size_t len = command->len;

	memcpy(words, command->items, len * sizeof *words);
	for (size_t i = 0; place.len && i < len; i++) {
		Str text = with_item(w, words[i].text, place, items[0].text);
		if (text.p == words[i].text.p)
			continue;
		words[i] = (ToolWord){0};
		word_append(w, &words[i], text, word_offset(&command->items[i], offset), NULL,
		            NULL);
	}
	for (size_t i = 0; !place.len && i < count; i++)
		words[len++] = items[i];
	run_words(w, words, len, flow, offset);
}

// xargs -n 2 COMMAND, xargs -I{} COMMAND
static void run_xargs(Walk *w, const Words *words, const ToolWord *input, Flow flow, size_t offset)
{
	Words items = {0}, command;
	Str place = S("");
	int64_t group = FOR_LIMIT;
	size_t i = 1;

	for (; i < words->len && str_has_prefix(word_at(words, i), S("-")); i++) {
		Str option = word_at(words, i), value = str_from(option, 2);
		bool takes = option.len > 1 && strchr("nIPLds", option.p[1]) != NULL;
		if (takes && !value.len)
			value = word_at(words, ++i);
		if (str_has_prefix(option, S("-I")))
			place = value;
		else if (str_has_prefix(option, S("-n")))
			num_parse_int(value, 10, 32, &group);
		else if (str_is(option, "-i"))
			place = S("{}");
	}
	if (i >= words->len || group < 1)
		return;
	command = (Words){.items = words->items + i, .len = words->len - i};
	walk_split(w, input, &items);
	if (place.len)
		group = 1;
	for (size_t at = 0; at < items.len && at < FOR_LIMIT; at += (size_t)group) {
		size_t left = items.len - at;
		run_with_items(w, &command, items.items + at,
		               left < (size_t)group ? left : (size_t)group, place, flow, offset);
	}
}

// A command whose input is a text that is known. False where it is one like any other.
static bool walk_fed(Walk *w, const ShellNode *node, const ToolWord *input, Flow flow)
{
	Words words = {0};
	Str name;

	if (node->kind == SHELL_WHILE)
		return walk_read_loop(w, node, input, flow);
	if (node->kind != SHELL_SIMPLE || !node->word_count)
		return false;
	for (size_t i = 0; i < node->word_count; i++)
		walk_expand_split(w, node->words[i], &words);
	name = tool_name(word_at(&words, 0));
	if (str_is(name, "xargs"))
		run_xargs(w, &words, input, flow, node->offset);
	else if (words.len == 1 || str_is(word_at(&words, 1), "-s") ||
	         str_is(word_at(&words, 1), "-"))
		run_input(w, &words, input, flow);
	else
		return false;
	return is_shell(name) || program_language(name) || str_is(name, "xargs");
}

// Commands that fail where nothing comes in: what stands before them has failed, then.
static bool asks_for_input(const ShellNode *node)
{
	static const char *const names[] = {"grep", "egrep", "fgrep", "rg", "read"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (node->kind == SHELL_SIMPLE && node->word_count && node->words[0]->count == 1 &&
		    str_is(tool_name(node->words[0]->parts[0].text), names[i]))
			return true;
	return false;
}

// A pipe ends as its last command does.
static void walk_pipe(Walk *w, const ShellNode *node, Flow flow)
{
	for (size_t i = 0; i < node->count; i++) {
		ToolPiece source = {0};
		ToolWord input = {0};
		Flow own = flow;
		Str text;
		for (size_t j = i + 1; j < node->count && !w->pipefail; j++)
			own.fails &= asks_for_input(node->children[j]);
		if (i && walk_output(w, node, i, &text, &source)) {
			word_append(w, &input, text, source.offset, source.node, source.resource);
			if (walk_fed(w, node->children[i], &input, own))
				continue;
		}
		walk(w, node->children[i], own);
	}
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
	case SHELL_PIPE:
		walk_pipe(w, node, flow);
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
			inner.judged = flow.judged || may_end(w, node, i + 1);
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

	word_append(w, &word, text, 0, NULL, NULL);
	return word;
}

// The argument that holds a wait's host: every argument is a scalar of its own.
static Spot argument_spot(const Walk *w, const Wait *wait, const ToolWord *words,
                          const Node **nodes, size_t count)
{
	for (size_t j = 0; j < count; j++) {
		Str text = words[j].text;
		if (wait->host.p < text.p || wait->host.p > text.p + text.len)
			continue;
		if (text.p == nodes[j]->value.p)
			return (Spot){w->resource, nodes[j], (size_t)(wait->host.p - text.p),
			              wait->host.len, 0};
		return (Spot){w->resource, nodes[j], 0, 0, 0};
	}
	return (Spot){w->resource, nodes[0], 0, 0, 0};
}

static void place_waits(Walk *w, const ToolWord *words, const Node **nodes, size_t count,
                        size_t first, size_t first_use)
{
	Model *model = w->model;

	for (size_t i = first; count && i < model->waits.len; i++)
		if (!model->waits.items[i]->spot.node)
			model->waits.items[i]->spot =
				argument_spot(w, model->waits.items[i], words, nodes, count);
	for (size_t i = first_use; count && i < model->uses.len; i++)
		if (!model->uses.items[i]->spot.node)
			model->uses.items[i]->spot =
				argument_spot(w, model->uses.items[i], words, nodes, count);
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
	{"flyway/flyway", "flyway"},
	{"liquibase/liquibase", "liquibase"},
	{"migrate/migrate", "migrate"},
	{"amacneil/dbmate", "dbmate"},
	{"grpcurl", "grpcurl"},
	{"wait-port", "wait-port"},
};

// An image without an entry point, or with one that ends in exec "$@", runs its arguments.
static bool runs_arguments(const Container *container)
{
	Str first = container->arg_count ? node_text(container->args[0]) : S("");

	return is_shell(tool_name(first)) || tool_is_known(first);
}

static Str image_entry(const Container *container)
{
	bool own = runs_arguments(container);

	for (size_t i = 0; i < sizeof waiting_images / sizeof *waiting_images; i++)
		if (str_contains(container->image, str_c(waiting_images[i].part)) &&
		    (!own || str_is(str_c(waiting_images[i].tool), "wait4x"))) // wait4x mysql DSN
			return str_c(waiting_images[i].tool);
	return S("");
}

// Runs a command of scalars, each with its node.
static void run_nodes(Walk *w, const ToolWord *words, const Node **nodes, size_t count)
{
	Flow flow = {.fails = true};
	size_t first = w->model->waits.len, first_use = w->model->uses.len, at;
	bool given;

	// sh -c SCRIPT: the script is one scalar, and offsets count in it.
	if (count >= 3 && is_shell(tool_name(words[0].text)) &&
	    (at = shell_script(w, words, count, &given)) < count && given) {
		w->node = nodes[at];
		if (at + 1 < count)
			set_arguments(w, words + at + 1, count - at - 1);
		run_script(w, node_text(nodes[at]), 0, flow);
		return;
	}
	if (count)
		run_words(w, words, count, flow, 0);
	place_waits(w, words, nodes, count, first, first_use);
}

static void run_container(Model *model, Container *container)
{
	Walk w = {
		.model = model, .container = container, .resource = container->workload->resource};
	size_t count = container->command_count + container->arg_count, len = 0;
	ToolWord *words = ARENA_ARRAY(model->arena, ToolWord, count + 2);
	const Node **nodes = ARENA_ARRAY(model->arena, const Node *, count + 2);

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
	run_nodes(&w, words, nodes, len);
}

// A hook that a container is not started without.
static void run_post_start(Model *model, Container *container)
{
	const Node *list = node_down(container->node, "lifecycle.postStart.exec.command");
	size_t count = list && list->kind == NODE_SEQUENCE ? node_count(list) : 0;
	Walk w = {.model = model,
	          .container = container,
	          .resource = container->workload->resource,
	          .starts = true};
	ToolWord *words;
	const Node **nodes;

	if (!count)
		return;
	words = ARENA_ARRAY(model->arena, ToolWord, count);
	nodes = ARENA_ARRAY(model->arena, const Node *, count);
	for (size_t i = 0; i < count; i++) {
		nodes[i] = node_item(list, i);
		words[i] = argument(&w, nodes[i]);
	}
	run_nodes(&w, words, nodes, count);
}

// Argo's script and Tekton's steps carry theirs in a field.
static void run_script_field(Model *model, Container *container, const char *field)
{
	const Node *script = node_at(container->node, field);
	Walk w = {.model = model,
	          .container = container,
	          .resource = container->workload->resource,
	          .node = script};
	Str text = node_text(script);

	if (!text.len)
		return;
	w.starts = container->kind != CONTAINER_INIT;
	run_text(&w, PROGRAM_NONE, text, 0, (Flow){.fails = true});
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
			run_post_start(model, container);
			run_script_field(model, container, "script");
			run_script_field(model, container, "source");
			container->wait_count = model->waits.len - container->first_wait;
		}
	}
	for (size_t i = 0; i < model->waits.len; i++)
		resolve(model, model->waits.items[i]);
}
