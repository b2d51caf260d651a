// Where files come from: folders on disk and memory laid over another Fs.

#include "base/fs.h"

#include "base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// --- paths ---

Str path_clean(Arena *arena, Str path)
{
	Buf out = buf_new(arena);
	bool rooted = path.len && path.p[0] == '/';
	Str rest = path, part;
	size_t floor; // what ".." may not cut below

	if (rooted)
		buf_byte(&out, '/');
	floor = out.len;
	while (str_cut(&rest, S("/"), &part)) {
		if (!part.len || str_is(part, "."))
			continue;
		if (!str_is(part, "..")) {
			if (out.len > (size_t)rooted)
				buf_byte(&out, '/');
			buf_str(&out, part);
		} else if (out.len > floor) {
			size_t cut = str_rfind(buf_view(&out), S("/"));
			out.len = cut == STR_NONE || cut < floor ? floor : cut;
		} else if (!rooted) {
			buf_c(&out, out.len ? "/.." : "..");
			floor = out.len;
		}
	}
	if (!out.len)
		buf_byte(&out, '.');
	return buf_view(&out);
}

Str path_join(Arena *arena, Str a, Str b)
{
	if (!a.len)
		return b.len ? path_clean(arena, b) : S("");
	if (!b.len)
		return path_clean(arena, a);
	return path_clean(arena, str_concat(arena, str_concat(arena, a, S("/")), b));
}

Str path_base(Str path)
{
	size_t at;

	if (!path.len)
		return S(".");
	while (path.len && path.p[path.len - 1] == '/')
		path = str_to(path, path.len - 1);
	if (!path.len)
		return S("/");
	at = str_rfind(path, S("/"));
	return at == STR_NONE ? path : str_from(path, at + 1);
}

Str path_dir(Arena *arena, Str path)
{
	size_t at = str_rfind(path, S("/"));

	return path_clean(arena, at == STR_NONE ? S("") : str_to(path, at + 1));
}

Str path_ext(Str path)
{
	for (size_t i = path.len; i > 0 && path.p[i - 1] != '/'; i--)
		if (path.p[i - 1] == '.')
			return str_from(path, i - 1);
	return S("");
}

// --- reading descriptors ---

static bool fail_errno(Diag *diag, const char *verb, Str path, int error)
{
	const char *reason = strerror(error);
	Str lowered = str_copy(diag->arena, str_c(reason));

	// Go's words for errors are the C library's, in small letters.
	if (lowered.len && lowered.p[0] >= 'A' && lowered.p[0] <= 'Z' && error != EIO)
		((char *)lowered.p)[0] |= 0x20;
	return diag_fail(diag, "%s %.*s: %.*s", verb, STR_ARGS(path), STR_ARGS(lowered));
}

// A file is read in one piece of the size it says: where no byte more comes than that, though there was room for one,
// it has ended. A stream (`expect` is 0), or a file that changed, is read in pieces until nothing comes.
static bool read_descriptor(int fd, size_t expect, Arena *arena, Str path, Str *out, Diag *diag)
{
	Buf buf = {arena, arena_alloc(arena, expect + 1), 0, expect + 1};

	for (;;) {
		ssize_t got;
		if (buf.len > FS_FILE_LIMIT)
			return diag_fail(diag, "read %.*s: file is larger than %llu bytes",
			                 STR_ARGS(path), (unsigned long long)FS_FILE_LIMIT);
		if (buf.len == buf.cap)
			buf_reserve(&buf, 65536);
		got = read(fd, buf.p + buf.len, buf.cap - buf.len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail_errno(diag, "read", path, errno);
		if (got == 0)
			break;
		buf.len += (size_t)got;
		if ((size_t)got == expect && buf.len == expect)
			break;
	}
	*out = buf_view(&buf);
	return true;
}

static bool read_path(Arena *arena, const char *path, Str shown, Str *out, Diag *diag)
{
	struct stat info;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return fail_errno(diag, "open", shown, errno);
	if (fstat(fd, &info) != 0)
		ok = fail_errno(diag, "stat", shown, errno);
	else if (S_ISDIR(info.st_mode))
		ok = fail_errno(diag, "read", shown, EISDIR);
	else if (info.st_size < 0 || (uint64_t)info.st_size > FS_FILE_LIMIT)
		ok = diag_fail(diag, "read %.*s: file is larger than %llu bytes", STR_ARGS(shown),
		               (unsigned long long)FS_FILE_LIMIT);
	else
		ok = read_descriptor(fd, S_ISREG(info.st_mode) ? (size_t)info.st_size : 0, arena,
		                     shown, out, diag);
	close(fd);
	return ok;
}

bool fs_read_any(Arena *arena, Str path, Str *out, Diag *diag)
{
	if (str_is(path, "-"))
		return read_descriptor(STDIN_FILENO, 0, arena, S("/dev/stdin"), out, diag);
	return read_path(arena, str_to_c(arena, path), path, out, diag);
}

// --- a folder on disk ---

typedef struct FolderFs {
	Fs fs;
	Str real; // the root with links resolved; empty where it does not exist
	FsLinks links;
} FolderFs;

static bool has_nul(Str s)
{
	return str_find_byte(s, '\0') != STR_NONE;
}

// Whether a clean relative path stays below its root by its own text.
static bool path_is_inside(Str path)
{
	return !(path.len && path.p[0] == '/') && !str_is(path, "..") &&
	       !str_has_prefix(path, S("../"));
}

// Where the path leads with links resolved is below the root.
static bool resolves_inside(const FolderFs *folder, const char *path)
{
	char *real = realpath(path, NULL);
	bool inside = false;

	if (real) {
		Str at = str_c(real);
		inside = str_eq(at, folder->real) || str_is(folder->real, "/") ||
		         (str_has_prefix(at, folder->real) && at.p[folder->real.len] == '/');
		free(real);
	}
	return inside;
}

static char *folder_path(FolderFs *folder, Arena *arena, Str path)
{
	if (str_is(path, "."))
		return str_to_c(arena, folder->fs.root);
	return str_to_c(arena,
	                str_printf(arena, "%.*s/%.*s", STR_ARGS(folder->fs.root), STR_ARGS(path)));
}

static bool folder_allows(FolderFs *folder, Arena *arena, Str path, const char *full, Diag *diag)
{
	if (has_nul(path) || !path_is_inside(path_clean(arena, path)))
		return diag_fail(diag, "open %.*s: the path leaves %.*s", STR_ARGS(path),
		                 STR_ARGS(folder->fs.root));
	if (folder->links == FS_LINKS_INSIDE && access(full, F_OK) == 0 &&
	    !resolves_inside(folder, full))
		return diag_fail(diag, "open %.*s: the link leads out of %.*s", STR_ARGS(path),
		                 STR_ARGS(folder->fs.root));
	return true;
}

static bool folder_read(Fs *fs, Arena *arena, Str path, Str *out, Diag *diag)
{
	FolderFs *folder = (FolderFs *)fs;
	char *full = folder_path(folder, arena, path);

	if (!folder_allows(folder, arena, path, full, diag))
		return false;
	return read_path(arena, full, str_c(full), out, diag);
}

static FsKind kind_of(const struct stat *info)
{
	if (S_ISREG(info->st_mode))
		return FS_FILE;
	return S_ISDIR(info->st_mode) ? FS_FOLDER : FS_OTHER;
}

static bool folder_info(Fs *fs, Str path, FsInfo *out)
{
	FolderFs *folder = (FolderFs *)fs;
	struct stat info, target;
	char full[PATH_MAX];

	*out = (FsInfo){0};
	if (has_nul(path) || folder->fs.root.len + path.len + 2 > sizeof full)
		return false;
	memcpy(full, folder->fs.root.p, folder->fs.root.len);
	full[folder->fs.root.len] = '/';
	memcpy(full + folder->fs.root.len + 1, path.p, path.len);
	full[folder->fs.root.len + 1 + path.len] = '\0';
	if (lstat(full, &info) != 0)
		return false;
	out->link = S_ISLNK(info.st_mode);
	if (out->link) {
		out->escapes = !resolves_inside(folder, full);
		if (stat(full, &target) != 0)
			return true; // a dangling link: there, but of no kind
		info = target;
	}
	out->kind = kind_of(&info);
	out->size = (uint64_t)info.st_size;
	return true;
}

static int compare_names(const void *a, const void *b)
{
	return str_cmp(*(const Str *)a, *(const Str *)b);
}

static void close_folder(void *dir)
{
	closedir(dir);
}

static bool folder_list(Fs *fs, Arena *arena, Str path, Str **names, size_t *count, Diag *diag)
{
	FolderFs *folder = (FolderFs *)fs;
	char *full = folder_path(folder, arena, path);
	size_t cap = 0;
	struct dirent *entry;
	DIR *dir;

	*names = NULL;
	*count = 0;
	if (!folder_allows(folder, arena, path, full, diag))
		return false;
	dir = opendir(full);
	if (!dir)
		return fail_errno(diag, "open", str_c(full), errno);
	arena_defer(arena, close_folder, dir); // should the arena run full meanwhile
	while ((entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		VEC_PUSH(arena, *names, *count, cap) = str_copy(arena, str_c(entry->d_name));
	}
	arena_undefer(arena, dir);
	closedir(dir);
	if (*count)
		qsort(*names, *count, sizeof **names, compare_names);
	return true;
}

Fs *fs_folder(Arena *arena, Str path, FsLinks links)
{
	static const FsOps ops = {folder_read, folder_info, folder_list};
	FolderFs *folder = ARENA_NEW(arena, FolderFs);
	char *real;

	folder->fs.ops = &ops;
	folder->fs.root = path.len ? path : S(".");
	folder->links = links;
	folder->real = S("");
	real = has_nul(path) ? NULL : realpath(str_to_c(arena, folder->fs.root), NULL);
	if (real) {
		folder->real = str_copy(arena, str_c(real));
		free(real);
	}
	return &folder->fs;
}

// --- files in memory, over another ---

typedef struct MemoryFile {
	Str path, content;
} MemoryFile;

typedef struct MemoryFs {
	Fs fs;
	Arena *arena;
	Fs *below;
	MemoryFile *files; // sorted by path
	size_t len, cap;
	bool sorted;
} MemoryFs;

static int compare_files(const void *a, const void *b)
{
	return str_cmp(((const MemoryFile *)a)->path, ((const MemoryFile *)b)->path);
}

// Index of the first file whose path is not before `path`.
static size_t memory_find(MemoryFs *memory, Str path)
{
	size_t low = 0, high = memory->len;

	if (!memory->sorted && memory->len)
		qsort(memory->files, memory->len, sizeof *memory->files, compare_files);
	memory->sorted = true;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (str_cmp(memory->files[mid].path, path) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool memory_read(Fs *fs, Arena *arena, Str path, Str *out, Diag *diag)
{
	MemoryFs *memory = (MemoryFs *)fs;
	size_t at = memory_find(memory, path);

	if (at < memory->len && str_eq(memory->files[at].path, path)) {
		*out = memory->files[at].content;
		return true;
	}
	if (memory->below)
		return fs_read(memory->below, arena, path, out, diag);
	return diag_fail(diag, "open %.*s/%.*s: no such file or directory", STR_ARGS(fs->root),
	                 STR_ARGS(path));
}

// Whether some file lies below `folder`; `*first` is its index.
static bool memory_has_folder(MemoryFs *memory, Str folder, size_t *first)
{
	Str prefix = str_is(folder, ".") ? S("") : str_concat(memory->arena, folder, S("/"));

	*first = memory_find(memory, prefix);
	return *first < memory->len && str_has_prefix(memory->files[*first].path, prefix);
}

static bool memory_info(Fs *fs, Str path, FsInfo *out)
{
	MemoryFs *memory = (MemoryFs *)fs;
	size_t at = memory_find(memory, path);

	*out = (FsInfo){0};
	if (at < memory->len && str_eq(memory->files[at].path, path)) {
		*out = (FsInfo){.kind = FS_FILE, .size = memory->files[at].content.len};
		return true;
	}
	if (memory_has_folder(memory, path, &at)) {
		out->kind = FS_FOLDER;
		return true;
	}
	if (memory->below)
		*out = fs_info(memory->below, path);
	return out->kind != FS_NONE || out->link;
}

static bool memory_list(Fs *fs, Arena *arena, Str path, Str **names, size_t *count, Diag *diag)
{
	MemoryFs *memory = (MemoryFs *)fs;
	size_t cap = 0, kept = 0, first;
	Str prefix = str_is(path, ".") ? S("") : str_concat(arena, path, S("/"));

	*names = NULL;
	*count = 0;
	if (memory->below && fs_info(memory->below, path).kind == FS_FOLDER) {
		if (!fs_list(memory->below, arena, path, names, count, diag))
			return false;
		cap = *count;
	}
	if (memory_has_folder(memory, path, &first))
		for (size_t i = first;
		     i < memory->len && str_has_prefix(memory->files[i].path, prefix); i++) {
			Str rest = str_from(memory->files[i].path, prefix.len), name;
			str_cut(&rest, S("/"), &name);
			VEC_PUSH(arena, *names, *count, cap) = name;
		}
	if (!*count)
		return fs_info(fs, path).kind == FS_FOLDER ||
		       diag_fail(diag, "open %.*s/%.*s: no such file or directory",
		                 STR_ARGS(fs->root), STR_ARGS(path));
	qsort(*names, *count, sizeof **names, compare_names);
	for (size_t i = 0; i < *count; i++)
		if (!kept || !str_eq((*names)[kept - 1], (*names)[i]))
			(*names)[kept++] = (*names)[i];
	*count = kept;
	return true;
}

Fs *fs_memory(Arena *arena, Str root, Fs *below)
{
	static const FsOps ops = {memory_read, memory_info, memory_list};
	MemoryFs *memory = ARENA_NEW(arena, MemoryFs);

	memory->fs.ops = &ops;
	memory->fs.root = root;
	memory->arena = arena;
	memory->below = below;
	return &memory->fs;
}

void fs_memory_put(Fs *fs, Str path, Str content)
{
	MemoryFs *memory = (MemoryFs *)fs;
	size_t at = memory_find(memory, path);

	if (at < memory->len && str_eq(memory->files[at].path, path)) {
		memory->files[at].content = content;
		return;
	}
	// Files usually come in order; what does not is sorted at the next look-up.
	memory->sorted = at == memory->len;
	VEC_PUSH(memory->arena, memory->files, memory->len, memory->cap) =
		(MemoryFile){path, content};
}

// --- a part of another ---

typedef struct BelowFs {
	Fs fs;
	Arena *arena;
	Fs *whole;
	Str folder;
} BelowFs;

static bool below_path(BelowFs *below, Arena *arena, Str path, Str *out, Diag *diag)
{
	Str clean = path_clean(arena, path);

	if (!path_is_inside(clean))
		return diag_fail(diag, "open %.*s: the path leaves %.*s", STR_ARGS(path),
		                 STR_ARGS(below->fs.root));
	*out = path_join(arena, below->folder, clean);
	return true;
}

static bool below_read(Fs *fs, Arena *arena, Str path, Str *out, Diag *diag)
{
	BelowFs *below = (BelowFs *)fs;
	Str full;

	return below_path(below, arena, path, &full, diag) &&
	       fs_read(below->whole, arena, full, out, diag);
}

static bool below_info(Fs *fs, Str path, FsInfo *out)
{
	BelowFs *below = (BelowFs *)fs;
	Diag ignored = diag_new(below->arena);
	Str full;

	*out = (FsInfo){0};
	return below_path(below, below->arena, path, &full, &ignored) &&
	       below->whole->ops->info(below->whole, full, out);
}

static bool below_list(Fs *fs, Arena *arena, Str path, Str **names, size_t *count, Diag *diag)
{
	BelowFs *below = (BelowFs *)fs;
	Str full;

	return below_path(below, arena, path, &full, diag) &&
	       fs_list(below->whole, arena, full, names, count, diag);
}

Fs *fs_below(Arena *arena, Fs *fs, Str folder)
{
	static const FsOps ops = {below_read, below_info, below_list};
	BelowFs *below = ARENA_NEW(arena, BelowFs);

	below->fs.ops = &ops;
	below->fs.root = path_join(arena, fs->root, folder);
	below->arena = arena;
	below->whole = fs;
	below->folder = folder;
	return &below->fs;
}

// --- what everybody calls ---

bool fs_read(Fs *fs, Arena *arena, Str path, Str *out, Diag *diag)
{
	return fs->ops->read(fs, arena, path, out, diag);
}

FsInfo fs_info(Fs *fs, Str path)
{
	FsInfo info;

	fs->ops->info(fs, path, &info);
	return info;
}

bool fs_list(Fs *fs, Arena *arena, Str path, Str **names, size_t *count, Diag *diag)
{
	return fs->ops->list(fs, arena, path, names, count, diag);
}
