// Through libarchive, which is loaded when the first archive is written.

#include "cmd/tarball.h"

#include "base/buf.h"
#include "base/lib.h"

#include <sys/stat.h>
#include <sys/types.h>

struct archive;
struct archive_entry;

// libarchive's functions in the order of NAMES.
typedef struct Library {
	struct archive *(*new)(void);
	int (*gzip)(struct archive *);
	int (*option)(struct archive *, const char *, const char *, const char *);
	int (*tar)(struct archive *);
	int (*open)(struct archive *, void *, size_t, size_t *);
	int (*header)(struct archive *, struct archive_entry *);
	ssize_t (*data)(struct archive *, const void *, size_t);
	int (*close)(struct archive *);
	int (*free)(struct archive *);
	const char *(*error)(struct archive *);
	struct archive_entry *(*entry_new)(void);
	void (*entry_free)(struct archive_entry *);
	void (*set_path)(struct archive_entry *, const char *);
	void (*set_size)(struct archive_entry *, int64_t);
	void (*set_mode)(struct archive_entry *, mode_t);
	void (*set_time)(struct archive_entry *, time_t, long);
} Library;

static const char *const SONAMES[] = {"libarchive.so.13", "libarchive.so", NULL};
static const char *const NAMES[] = {
	"archive_write_new",
	"archive_write_add_filter_gzip",
	"archive_write_set_filter_option",
	"archive_write_set_format_pax_restricted",
	"archive_write_open_memory",
	"archive_write_header",
	"archive_write_data",
	"archive_write_close",
	"archive_write_free",
	"archive_error_string",
	"archive_entry_new",
	"archive_entry_free",
	"archive_entry_set_pathname",
	"archive_entry_set_size",
	"archive_entry_set_mode",
	"archive_entry_set_mtime",
	NULL,
};

// What tar adds to a file at most (headers, padding), and to the whole.
#define ENTRY_ROOM 4096
#define WHOLE_ROOM (64 << 10)

typedef struct Writing {
	Arena *arena;
	const Library *lib;
	struct archive *archive;
	struct archive_entry *entry;
	int64_t time;
	Diag *diag;
} Writing;

static void release(void *object)
{
	Writing *w = object;

	if (w->entry)
		w->lib->entry_free(w->entry);
	if (w->archive)
		w->lib->free(w->archive);
	w->entry = NULL;
	w->archive = NULL;
}

static bool fail(Writing *w)
{
	const char *reason = w->lib->error(w->archive);

	return diag_fail(w->diag, "the archive can't be written: %s",
	                 reason ? reason : "no reason given");
}

static bool write_file(Writing *w, const TarballFile *file)
{
	bool ok;

	w->entry = w->lib->entry_new();
	if (!w->entry)
		arena_fail(w->arena);
	w->lib->set_path(w->entry, str_to_c(w->arena, file->path));
	w->lib->set_size(w->entry, (int64_t)file->data.len);
	w->lib->set_mode(w->entry, file->folder ? S_IFDIR | 0755 : S_IFREG | 0644);
	w->lib->set_time(w->entry, (time_t)w->time, 0);
	ok = w->lib->header(w->archive, w->entry) == 0 &&
	     (!file->data.len ||
	      w->lib->data(w->archive, file->data.p, file->data.len) == (ssize_t)file->data.len);
	w->lib->entry_free(w->entry);
	w->entry = NULL;
	return ok || fail(w);
}

static bool write_files(Writing *w, const TarballFile *files, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!write_file(w, &files[i]))
			return false;
	return w->lib->close(w->archive) == 0 || fail(w);
}

bool tarball_make(Arena *arena, const TarballFile *files, size_t count, int64_t time, Str *out,
                  Diag *diag)
{
	Library *lib = ARENA_NEW(arena, Library);
	Writing *w = ARENA_NEW(arena, Writing);
	size_t room = WHOLE_ROOM, used = 0;
	char *bytes;
	bool ok;

	for (size_t i = 0; i < count; i++)
		room += ENTRY_ROOM + files[i].path.len + files[i].data.len;
	if (!lib_load(SONAMES, NAMES, (LibFunction *)lib, "libarchive13", diag))
		return false;
	*w = (Writing){arena, lib, lib->new (), NULL, time, diag};
	if (!w->archive)
		arena_fail(arena);
	arena_defer(arena, release, w);
	bytes = arena_alloc(arena, room);
	lib->gzip(w->archive);
	lib->option(w->archive, "gzip", "timestamp", NULL); // no time of making in its head
	lib->option(w->archive, "gzip", "compression-level", "9");
	lib->tar(w->archive);
	ok = (lib->open(w->archive, bytes, room, &used) == 0 || fail(w)) &&
	     write_files(w, files, count);
	arena_undefer(arena, w);
	release(w);
	*out = (Str){bytes, used, NULL};
	return ok;
}
