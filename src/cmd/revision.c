#include "cmd/revision.h"

#include "base/buf.h"
#include "base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// A work tree larger than this is more than a person wants compared.
#define ARCHIVE_LIMIT ((size_t)512 << 20)

// --- running git ---

static bool read_pipe(int fd, Buf *out, Diag *diag)
{
	for (;;) {
		ssize_t got;
		buf_reserve(out, 1 << 16);
		got = read(fd, out->p + out->len, out->cap - out->len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return diag_fail(diag, "git: %s", strerror(errno));
		if (got == 0)
			return true;
		out->len += (size_t)got;
		if (out->len > ARCHIVE_LIMIT)
			return diag_fail(diag, "git archive gives more than %zu bytes",
			                 ARCHIVE_LIMIT);
	}
}

static bool spawn_git(const char *const *argv, int write_end, pid_t *pid, Diag *diag)
{
	posix_spawn_file_actions_t actions;
	int error;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, write_end, STDOUT_FILENO);
	error = posix_spawnp(pid, "git", &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return !error || diag_fail(diag, "git can't be run: %s", strerror(error));
}

static bool run_git(Arena *arena, const char *const *argv, Str *out, Diag *diag)
{
	Buf text = buf_new(arena);
	int ends[2], status = 0;
	pid_t pid;
	bool ok;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return diag_fail(diag, "git: %s", strerror(errno));
	ok = spawn_git(argv, ends[1], &pid, diag);
	close(ends[1]);
	if (!ok) {
		close(ends[0]);
		return false;
	}
	ok = read_pipe(ends[0], &text, diag);
	close(ends[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	*out = buf_view(&text);
	return ok && ((WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
	              diag_fail(diag, "git %s failed", argv[1]));
}

// --- reading tar ---

#define BLOCK 512

static Str field(const char *header, size_t at, size_t len)
{
	return (Str){header + at, strnlen(header + at, len), NULL};
}

static bool read_octal(Str text, size_t *out)
{
	*out = 0;
	text = str_trim_ascii(text);
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] < '0' || text.p[i] > '7' || *out > ARCHIVE_LIMIT)
			return false;
		*out = *out * 8 + (size_t)(text.p[i] - '0');
	}
	return true;
}

// "27 path=a/very/long/name\n": the records of an extended header.
static void read_extended(Str text, Str *path, Str *link)
{
	while (text.len) {
		size_t space = str_find_byte(text, ' ');
		uint64_t len;
		Str record;
		if (space == STR_NONE ||
		    num_parse_uint(str_to(text, space), 10, 32, &len) != NUM_OK ||
		    len <= space + 1 || len > text.len)
			return;
		record = str_slice(text, space + 1, len - 1);
		if (str_has_prefix(record, S("path=")))
			*path = str_from(record, 5);
		else if (str_has_prefix(record, S("linkpath=")))
			*link = str_from(record, 9);
		text = str_from(text, len);
	}
}

typedef struct Link {
	Str path, target;
} Link;

typedef struct Tar {
	Arena *arena;
	Fs *memory;
	Link *links;
	size_t link_count, link_cap;
	Str path, link; // of an extended header, for the entry behind it
} Tar;

static void add_entry(Tar *tar, const char *header, Str data)
{
	Str prefix = field(header, 345, 155),
	    path = tar->path.len ? tar->path : field(header, 0, 100);
	Str link = tar->link.len ? tar->link : field(header, 157, 100);
	char type = header[156];

	if (!tar->path.len && prefix.len)
		path = path_join(tar->arena, prefix, path);
	if (type == '0' || type == '\0')
		fs_memory_put(tar->memory, path_clean(tar->arena, path), data);
	else if (type == '2')
		VEC_PUSH(tar->arena, tar->links, tar->link_count, tar->link_cap) =
			(Link){path, path_join(tar->arena, path_dir(tar->arena, path), link)};
	tar->path = tar->link = S("");
}

static bool read_tar(Tar *tar, Str bytes, Diag *diag)
{
	while (bytes.len >= BLOCK && bytes.p[0]) {
		const char *header = bytes.p;
		size_t size;
		Str data;
		if (!read_octal(field(header, 124, 12), &size) || size > bytes.len - BLOCK)
			return diag_fail(diag, "git archive's answer can't be read");
		data = str_slice(bytes, BLOCK, BLOCK + size);
		bytes = str_from(bytes, BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK);
		if (header[156] == 'x')
			read_extended(data, &tar->path, &tar->link);
		else if (header[156] != 'g')
			add_entry(tar, header, data);
	}
	return true;
}

// Links to files inside the tree become those files; others lead nowhere here.
static void resolve_links(Tar *tar)
{
	for (size_t i = 0; i < tar->link_count; i++) {
		Diag ignored = diag_new(tar->arena);
		Str content;
		if (fs_info(tar->memory, tar->links[i].target).kind == FS_FILE &&
		    fs_read(tar->memory, tar->arena, tar->links[i].target, &content, &ignored))
			fs_memory_put(tar->memory, path_clean(tar->arena, tar->links[i].path),
			              content);
	}
}

// --- revisions ---

// A name that git would take for an option is none.
static bool resolve_commit(Arena *arena, Str name, const char **out, Diag *diag)
{
	char *wanted = str_to_c(arena, str_concat(arena, name, S("^{commit}")));
	const char *argv[] = {"git",  "rev-parse", "--verify", "--quiet", "--end-of-options",
	                      wanted, NULL};
	Diag inner = diag_new(arena);
	Str answer;

	if (!run_git(arena, argv, &answer, &inner))
		return diag_fail(diag, "there is no revision \"%.*s\" here", STR_ARGS(name));
	*out = str_to_c(arena, str_trim_space(answer));
	return true;
}

bool revision_merge_base(Arena *arena, Str a, Str b, Str *out, Diag *diag)
{
	const char *argv[] = {"git", "merge-base", NULL, NULL, NULL};

	if (!resolve_commit(arena, a, &argv[2], diag) ||
	    !resolve_commit(arena, b, &argv[3], diag) || !run_git(arena, argv, out, diag))
		return false;
	*out = str_trim_space(*out);
	return true;
}

bool revision_open(Arena *arena, Str name, Revision *out, Diag *diag)
{
	const char *where[] = {"git", "rev-parse", "--show-toplevel", "--show-prefix", NULL};
	const char *archive[] = {"git", "-C", NULL, "archive", "--format=tar", NULL, NULL};
	Tar tar = {.arena = arena, .memory = fs_memory(arena, name, NULL)};
	Str answer, top;

	if (!run_git(arena, where, &answer, diag))
		return diag_wrap(diag, "--rev needs a git repository");
	str_line(&answer, &top);
	out->here = path_clean(arena, str_trim_space(answer));
	archive[2] = str_to_c(arena, top);
	if (!resolve_commit(arena, name, &archive[5], diag) ||
	    !run_git(arena, archive, &answer, diag) || !read_tar(&tar, answer, diag))
		return false;
	resolve_links(&tar);
	out->fs = tar.memory;
	return true;
}
