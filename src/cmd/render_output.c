// The output of `render`.

#include "cmd/render_output.h"

#include "chart/match.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void write_document(Buf *out, Str name, Str content)
{
	buf_c(out, "---\n# Source: ");
	buf_str(out, name);
	buf_byte(out, '\n');
	buf_str(out, content);
	buf_byte(out, '\n');
}

// The same with origins.
static void add_document(Text *out, Str name, Str content)
{
	text_write(out, S("---\n# Source: "));
	text_write(out, name);
	text_byte(out, '\n');
	text_write(out, content);
	text_byte(out, '\n');
}

// --- --output-dir ---

typedef struct Writer {
	Render *render;
	const OutputOptions *options;
	Buf *out;   // "wrote ..." lines
	Map *begun; // files that this render has written to
	Diag *diag;
} Writer;

static bool fail_file(Diag *diag, const char *verb, Str path)
{
	return diag_fail(diag, "%s %.*s: %s", verb, STR_ARGS(path), strerror(errno));
}

// The folder of `path`, made where it is missing, and still below `root` when links are followed: a name made by a
// post-renderer, or a link that lies in the folder already, must not lead out of it.
static bool prepare_folder(Writer *w, Str root, Str path)
{
	Arena *arena = w->render->arena;
	Str folder = path_dir(arena, path);
	char *real_root, *real_folder;
	bool inside;

	for (size_t i = 1; i <= folder.len; i++)
		if (i == folder.len || folder.p[i] == '/')
			if (mkdir(str_to_c(arena, str_to(folder, i)), 0755) != 0 && errno != EEXIST)
				return fail_file(w->diag, "mkdir", str_to(folder, i));
	real_root = realpath(str_to_c(arena, root), NULL);
	real_folder = realpath(str_to_c(arena, folder), NULL);
	inside = real_root && real_folder && str_has_prefix(str_c(real_folder), str_c(real_root)) &&
	         (!strcmp(real_root, "/") || real_folder[strlen(real_root)] == '/' ||
	          real_folder[strlen(real_root)] == '\0');
	free(real_root);
	free(real_folder);
	return inside || diag_fail(w->diag, "%.*s lies outside of --output-dir %.*s: not written",
	                           STR_ARGS(path), STR_ARGS(root));
}

static bool write_bytes(Writer *w, Str path, int flags, Str name, Str content)
{
	Buf text = buf_new(w->render->arena);
	int fd = open(str_to_c(w->render->arena, path), flags | O_WRONLY | O_CLOEXEC | O_NOFOLLOW,
	              0666);
	size_t done = 0;
	bool ok = true;

	if (fd < 0)
		return fail_file(w->diag, "open", path);
	write_document(&text, name, content);
	while (ok && done < text.len) {
		ssize_t got = write(fd, text.p + done, text.len - done);
		if (got < 0 && errno != EINTR)
			ok = fail_file(w->diag, "write", path);
		done += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	return ok;
}

static bool has_parent_step(Str name)
{
	Str part;

	while (str_cut(&name, S("/"), &part))
		if (str_is(part, ".."))
			return true;
	return false;
}

// Writes or appends a document to FOLDER/NAME, as Helm's writeToFile.
static bool write_file(Writer *w, Str folder, Str name, Str content, bool append)
{
	Arena *arena = w->render->arena;
	Str path = str_concat(arena, str_concat(arena, folder, S("/")), name);

	if (has_parent_step(name))
		return diag_fail(w->diag, "%.*s lies outside of --output-dir %.*s: not written",
		                 STR_ARGS(path), STR_ARGS(folder));
	if (!prepare_folder(w, w->options->output_dir, path) ||
	    !write_bytes(w, path, append ? O_APPEND : O_CREAT | O_TRUNC, name, content))
		return false;
	map_set(arena, w->begun, path, value_bool(true));
	buf_c(w->out, "wrote ");
	buf_str(w->out, path);
	buf_byte(w->out, '\n');
	return true;
}

static bool begun(const Writer *w, Str folder, Str name)
{
	Arena *arena = w->render->arena;

	return map_get(w->begun, str_concat(arena, str_concat(arena, folder, S("/")), name)) !=
	       NULL;
}

static bool write_crds(Writer *w)
{
	CrdFile *crds;
	size_t count = render_crds(w->render->arena, w->render->chart, &crds);
	Str folder = w->options->output_dir, data;

	for (size_t i = 0; i < count; i++)
		if (!chart_file_read(w->render->arena, crds[i].file, &data, w->diag) ||
		    !write_file(w, folder, crds[i].name, data, begun(w, folder, crds[i].name)))
			return false;
	return true;
}

// Helm appends hooks to whatever file of that name is there, be it from an earlier render.
static bool write_hooks(Writer *w, Str folder)
{
	struct stat info;

	for (size_t i = 0; i < w->render->hooks.len; i++) {
		const Manifest *hook = &w->render->hooks.items[i];
		Str path = path_join(w->render->arena, folder, hook->name);
		if (w->options->skip_tests && hook->test)
			continue;
		if (!write_file(w, folder, hook->name, hook->content,
		                stat(str_to_c(w->render->arena, path), &info) == 0))
			return false;
	}
	return true;
}

static bool write_all(Writer *w)
{
	const OutputOptions *o = w->options;
	Str folder = o->use_release_name ? path_join(w->render->arena, o->output_dir, o->release)
	                                 : o->output_dir;

	if (o->include_crds && !write_crds(w))
		return false;
	for (size_t i = 0; i < w->render->manifests.len; i++) {
		const Manifest *m = &w->render->manifests.items[i];
		if (!write_file(w, folder, m->name, m->content, begun(w, folder, m->name)))
			return false;
	}
	if (!o->no_hooks && !write_hooks(w, folder))
		return false;
	buf_byte(w->out, '\n'); // what Helm prints of the manifests that it did not print
	return true;
}

// --- standard output ---

static bool compose_crds(Render *render, Text *out, Diag *diag)
{
	CrdFile *crds;
	size_t count = render_crds(render->arena, render->chart, &crds);
	Str data;

	for (size_t i = 0; i < count; i++) {
		if (!chart_file_read(render->arena, crds[i].file, &data, diag))
			return false;
		add_document(out, crds[i].name, data);
	}
	return true;
}

static void trim_end(Text *out)
{
	// It begins with "---" or is empty: only its end can be trimmed.
	text_truncate(out, str_trim_space(buf_view(&out->buf)).len);
	text_byte(out, '\n');
}

static void compose_hooks(Render *render, const OutputOptions *o, Text *out)
{
	for (size_t i = 0; i < render->hooks.len && !o->no_hooks; i++) {
		const Manifest *hook = &render->hooks.items[i];
		if (!(o->skip_tests && hook->test))
			add_document(out, hook->name, hook->content);
	}
}

// The manifest's path below its chart, after "# Source: CHART/": empty where it has no such line.
static Str source_of(Str manifest)
{
	Str mark = S("# Source: "), rest = manifest, line;

	for (size_t at; (at = str_find(rest, mark)) != STR_NONE;) {
		size_t slash;
		rest = str_from(rest, at + mark.len);
		line = rest;
		str_cut(&line, S("\n"), &line);
		slash = str_find_byte(rest, '/');
		if (slash != STR_NONE && slash > 0) {
			// [^/]+ may run over line ends: Helm's pattern allows it.
			Str tail = str_from(rest, slash + 1), path;
			str_cut(&tail, S("\n"), &path);
			if (path.len)
				return path;
		}
	}
	return S("");
}

typedef struct Documents {
	Str *items;
	size_t len, cap;
} Documents;

static Documents split(Arena *arena, Str text)
{
	Documents docs = {0};
	Str rest = str_trim_space(text), document;
	bool first = true;

	while (manifest_next(&rest, &first, &document))
		VEC_PUSH(arena, docs.items, docs.len, docs.cap) = document;
	return docs;
}

static bool show_only(Arena *arena, const OutputOptions *o, Str whole, Buf *out, Diag *diag)
{
	Documents docs = split(arena, whole);
	Str *sources = ARENA_ARRAY(arena, Str, docs.len + 1);

	for (size_t i = 0; i < docs.len; i++)
		sources[i] = source_of(docs.items[i]);
	for (size_t k = 0; k < o->show_only.len; k++) {
		bool found = false;
		for (size_t i = 0; i < docs.len; i++) {
			if (!sources[i].len ||
			    match_path(o->show_only.items[k], sources[i]) != MATCH_YES)
				continue;
			found = true;
			buf_c(out, "---\n");
			buf_str(out, docs.items[i]);
			buf_byte(out, '\n');
		}
		if (!found)
			return diag_fail(diag, "could not find template %.*s in chart",
			                 STR_ARGS(o->show_only.items[k]));
	}
	return true;
}

bool output_compose_text(Render *render, const OutputOptions *o, Text *out, Diag *diag)
{
	if (o->include_crds && !compose_crds(render, out, diag))
		return false;
	for (size_t i = 0; i < render->manifests.len; i++)
		add_document(out, render->manifests.items[i].name,
		             render->manifests.items[i].content);
	trim_end(out);
	compose_hooks(render, o, out);
	return true;
}

bool output_compose(Render *render, const OutputOptions *o, Buf *out, Diag *diag)
{
	Writer writer = {render, o, out, map_new(render->arena, &TYPE_ANY_MAP), diag};
	Text whole = text_new(render->arena, false);

	if (o->output_dir.len) {
		Buf wrote = buf_new(render->arena);
		writer.out = &wrote;
		if (o->show_only.len) // Helm looks for it in what it printed, which is nothing
			return show_only(render->arena, o, S(""), out, diag);
		if (!write_all(&writer))
			return false;
		buf_str(out, buf_view(&wrote));
		return true;
	}
	if (!output_compose_text(render, o, &whole, diag))
		return false;
	if (o->show_only.len)
		return show_only(render->arena, o, buf_view(&whole.buf), out, diag);
	*out = whole.buf;
	return true;
}

void output_compose_broken(Render *render, const OutputOptions *o, Buf *out)
{
	Text whole = text_new(render->arena, false);

	for (size_t i = 0; i < render->file_count; i++)
		if (str_trim_space(render->files[i].text).len)
			add_document(&whole, render->files[i].name, render->files[i].text);
	trim_end(&whole);
	compose_hooks(render, o, &whole);
	buf_str(out, buf_view(&whole.buf));
}
