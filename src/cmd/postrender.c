// --post-renderer: rendered documents through a program, by the rules of Helm's pkg/action, which calls plugins so.

#include "cmd/postrender.h"

#include "data/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANNOTATION "postrenderer.helm.sh/postrender-filename"

// --- documents with their file's name ---

// "---" at the start of a line that something follows at once ({{- has eaten the line's end) gets its line end back.
static Str fix_separators(Arena *arena, Str text)
{
	Buf out = buf_new(arena);
	Str rest = text;

	for (size_t at; (at = str_find(rest, S("---"))) != STR_NONE;) {
		bool starts = at ? rest.p[at - 1] == '\n' : rest.p == text.p;
		buf_str(&out, str_to(rest, at + 3));
		rest = str_from(rest, at + 3);
		if (starts && rest.len && !strchr("\n\r \t", rest.p[0]))
			buf_byte(&out, '\n');
	}
	buf_str(&out, rest);
	return buf_view(&out);
}

static Node *child_mapping(Arena *arena, Node *mapping, const char *key)
{
	Node *child = node_get_c(mapping, key);

	if (!child || child->kind != NODE_MAPPING) {
		child = node_new(arena, NODE_MAPPING);
		node_set(arena, mapping, str_c(key), child);
	}
	return child;
}

static void annotate(Arena *arena, Node *document, Str name)
{
	Node *annotations =
		child_mapping(arena, child_mapping(arena, document, "metadata"), "annotations");
	Node *value = node_scalar(arena, name);

	value->style = NODE_SINGLE_QUOTED;
	node_set(arena, annotations, S(ANNOTATION), value);
}

// Takes the name off again; what was made to hold it goes with it.
static Str deannotate(Node *document)
{
	Node *metadata = node_get_c(document, "metadata"), *annotations, *value;
	Str name;

	annotations = metadata && metadata->kind == NODE_MAPPING
	                      ? node_get_c(metadata, "annotations")
	                      : NULL;
	value = annotations && annotations->kind == NODE_MAPPING
	                ? node_get_c(annotations, ANNOTATION)
	                : NULL;
	if (!value)
		return S("");
	name = value->value;
	node_remove(annotations, S(ANNOTATION));
	if (!annotations->len)
		node_remove(metadata, S("annotations"));
	if (!metadata->len)
		node_remove(document, S("metadata"));
	return name;
}

static const char *kind_name(const Node *node)
{
	return node->kind == NODE_SEQUENCE ? "SequenceNode"
	       : node->kind == NODE_ALIAS  ? "AliasNode"
	                                   : "ScalarNode";
}

typedef struct Documents {
	Node **items; // NODE_DOCUMENT
	size_t len;
} Documents;

static bool parse(Arena *arena, Str text, Documents *out, Diag *diag)
{
	YamlOptions options = {.comments = true};
	Buf shown = buf_new(arena);
	size_t kept = 0;

	if (!yaml_read_all(arena, text, &options, &out->items, &out->len, diag))
		return diag_wrap(diag, "MalformedYAMLError");
	for (size_t i = 0; i < out->len; i++) {
		Node *root = out->items[i]->len ? out->items[i]->children[0] : NULL;
		if (!root || node_is_null(root))
			continue;
		if (root->kind != NODE_MAPPING) {
			yaml_write_node(&shown, out->items[i], diag);
			return diag_fail(diag,
			                 "wrong node kind: expected MappingNode but got %s: node "
			                 "contents:\n%.*s\n",
			                 kind_name(root), STR_ARGS(buf_view(&shown)));
		}
		out->items[kept++] = out->items[i];
	}
	out->len = kept;
	return true;
}

static bool merge(Render *render, Buf *out, Diag *diag)
{
	for (size_t i = 0; i < render->file_count; i++) {
		const Rendered *file = &render->files[i];
		Documents docs;
		if (str_has_prefix(path_base(file->name), S("_")) ||
		    !str_trim_space(file->text).len)
			continue;
		if (!parse(render->arena, fix_separators(render->arena, file->text), &docs, diag)) {
			diag_wrap(diag, "parsing %.*s", STR_ARGS(file->name));
			return diag_wrap(diag, "error merging manifests");
		}
		for (size_t k = 0; k < docs.len; k++) {
			annotate(render->arena, docs.items[k]->children[0], file->name);
			if (out->len)
				buf_c(out, "---\n");
			if (!yaml_write_node(out, docs.items[k], diag))
				return diag_wrap(diag, "error merging manifests");
		}
	}
	return true;
}

// What the program printed takes the place of the rendered files, by the names in the annotations.
static bool split(Render *render, Str text, Diag *diag)
{
	Arena *arena = render->arena;
	Map *index = map_new(arena, &TYPE_ANY_MAP);
	Documents docs;
	Buf *texts;
	size_t count = 0;

	if (!parse(arena, text, &docs, diag)) {
		diag_wrap(diag, "error parsing YAML");
		return diag_wrap(diag, "error while parsing post rendered output");
	}
	render->files = ARENA_ARRAY(arena, Rendered, docs.len + 1);
	texts = ARENA_ARRAY(arena, Buf, docs.len + 1);
	for (size_t i = 0; i < docs.len; i++) {
		Str name = deannotate(docs.items[i]->children[0]);
		const Value *at;
		if (!name.len)
			name = str_printf(arena, "generated-by-postrender-%zu.yaml", i);
		at = map_get(index, name);
		if (!at) {
			map_set(arena, index, name, value_int((int64_t)count));
			render->files[count].name = name;
			texts[count++] = buf_new(arena);
			at = map_get(index, name);
		}
		if (texts[at->i].len)
			buf_c(&texts[at->i], "---\n");
		if (!yaml_write_node(&texts[at->i], docs.items[i], diag))
			return diag_wrap(diag, "error while parsing post rendered output");
	}
	for (size_t i = 0; i < count; i++)
		render->files[i].text = buf_view(&texts[i]);
	render->file_count = count;
	return true;
}

// --- the program ---

typedef struct Child {
	pid_t pid;
	int to, from,
		trouble; // its standard input, its standard output, and where exec tells its errno
} Child;

static void run_child(int in, int out, int trouble, char **argv)
{
	int error;
	ssize_t ignored;

	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	error = errno;
	ignored = write(trouble, &error, sizeof error);
	(void)ignored;
	_exit(127);
}

static bool start(Child *child, char **argv, Diag *diag)
{
	int in[2], out[2], trouble[2], error = 0;

	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 ||
	    pipe2(trouble, O_CLOEXEC) != 0)
		return diag_fail(diag, "pipe: %s", strerror(errno));
	child->pid = fork();
	if (child->pid == 0)
		run_child(in[0], out[1], trouble[1], argv);
	close(in[0]);
	close(out[1]);
	close(trouble[1]);
	child->to = in[1];
	child->from = out[0];
	if (child->pid < 0 || read(trouble[0], &error, sizeof error) == sizeof error) {
		if (child->pid > 0)
			waitpid(child->pid, NULL, 0);
		close(child->to);
		close(child->from);
		close(trouble[0]);
		return diag_fail(diag, "%s: %s", argv[0], strerror(error ? error : errno));
	}
	close(trouble[0]);
	fcntl(child->to, F_SETFL, O_NONBLOCK);
	return true;
}

// Largest answer that is taken from it.
#define ANSWER_LIMIT ((size_t)256 << 20)

// Feeds it and reads from it at the same time: either pipe may be full.
static bool talk(Child *child, Str text, Buf *answer, Diag *diag)
{
	struct pollfd fds[2] = {{child->to, POLLOUT, 0}, {child->from, POLLIN, 0}};
	size_t sent = 0;

	for (;;) {
		ssize_t got;
		if (fds[0].fd >= 0 && sent == text.len) {
			close(child->to);
			fds[0].fd = -1;
		}
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return diag_fail(diag, "poll: %s", strerror(errno));
		if (fds[0].fd >= 0 && fds[0].revents) {
			got = write(child->to, text.p + sent, text.len - sent);
			if (got > 0)
				sent += (size_t)got;
			else if (got < 0 && errno != EAGAIN && errno != EINTR)
				sent = text.len; // it does not want more
		}
		if (!fds[1].revents)
			continue;
		buf_reserve(answer, 65536);
		got = read(child->from, answer->p + answer->len, answer->cap - answer->len);
		if (got == 0)
			break;
		if (got > 0)
			answer->len += (size_t)got;
		if (answer->len > ANSWER_LIMIT)
			return diag_fail(diag, "it printed more than %zu bytes", ANSWER_LIMIT);
	}
	if (fds[0].fd >= 0)
		close(child->to);
	return true;
}

static bool run_program(Arena *arena, Str program, const StrList *args, Str text, Buf *answer,
                        Diag *diag)
{
	char **argv = ARENA_ARRAY(arena, char *, args->len + 2);
	void (*pipe_handler)(int) = signal(SIGPIPE, SIG_IGN);
	Child child = {-1, -1, -1, -1};
	int status = 0;
	bool ok;

	argv[0] = str_to_c(arena, program);
	for (size_t i = 0; i < args->len; i++)
		argv[i + 1] = str_to_c(arena, args->items[i]);
	ok = start(&child, argv, diag);
	if (ok) {
		ok = talk(&child, text, answer, diag);
		close(child.from);
		if (!ok)
			kill(child.pid, SIGTERM);
		while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	signal(SIGPIPE, pipe_handler);
	if (ok && WIFSIGNALED(status))
		ok = diag_fail(diag, "it was ended by signal %d", WTERMSIG(status));
	else if (ok && WEXITSTATUS(status))
		ok = diag_fail(diag, "it ended with exit code %d", WEXITSTATUS(status));
	return ok || diag_wrap(diag, "post-renderer \"%.*s\"", STR_ARGS(program));
}

static int compare_files(const void *a, const void *b)
{
	return str_cmp(((const Rendered *)a)->name, ((const Rendered *)b)->name);
}

bool postrender(Render *render, Str program, const StrList *args, Diag *diag)
{
	Buf merged = buf_new(render->arena), answer = buf_new(render->arena);

	if (render->file_count)
		qsort(render->files, render->file_count, sizeof *render->files, compare_files);
	if (!merge(render, &merged, diag))
		return false;
	if (!run_program(render->arena, program, args, buf_view(&merged), &answer, diag))
		return diag_wrap(diag, "error while running post render on files");
	if (!str_trim_space(buf_view(&answer)).len)
		return diag_fail(diag,
		                 "error while running post render on files: post-renderer \"%.*s\" "
		                 "produced empty output",
		                 STR_ARGS(program));
	return split(render, buf_view(&answer), diag);
}
