// Packaged charts, through libarchive, which is loaded when the first one is met.

#include "chart/archive.h"

#include "base/lib.h"
#include "base/num.h"

#include <sys/stat.h>
#include <sys/types.h>

struct archive;
struct archive_entry;

// libarchive's functions in the order of NAMES. Declared here: the header is needed for nothing else.
typedef struct Library {
	struct archive *(*new)(void);
	int (*gzip)(struct archive *);
	int (*tar)(struct archive *);
	int (*open)(struct archive *, const void *, size_t);
	int (*next)(struct archive *, struct archive_entry **);
	ssize_t (*read)(struct archive *, void *, size_t);
	int (*free)(struct archive *);
	const char *(*error)(struct archive *);
	const char *(*path)(struct archive_entry *);
	const char *(*path_utf8)(struct archive_entry *);
	int64_t (*size)(struct archive_entry *);
	mode_t (*type)(struct archive_entry *);
} Library;

static const char *const SONAMES[] = {"libarchive.so.13", "libarchive.so", NULL};
static const char *const NAMES[] = {
	"archive_read_new",
	"archive_read_support_filter_gzip",
	"archive_read_support_format_tar",
	"archive_read_open_memory",
	"archive_read_next_header",
	"archive_read_data",
	"archive_read_free",
	"archive_error_string",
	"archive_entry_pathname",
	"archive_entry_pathname_utf8",
	"archive_entry_size",
	"archive_entry_filetype",
	NULL,
};

// archive_read_next_header's answers.
#define ANSWER_END  1
#define ANSWER_WARN (-20)

// --- telling what it is ---

static bool has_control_bytes(Str bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.p[i];
		if (c <= 8 || c == 0x0B || (c >= 0x0E && c <= 0x1A) || (c >= 0x1C && c <= 0x1F))
			return true;
	}
	return false;
}

// http.DetectContentType of the first 512 bytes, as Helm asks it: shorter files are padded with zeros there, and
// so are "binary". Kinds that nobody takes for a chart are left out.
static const char *content_type(Str bytes)
{
	static const struct {
		Str mark;
		const char *type;
	} KINDS[] = {
		{{"%PDF-", 5, NULL}, "application/pdf"},
		{{"%!PS-Adobe-", 11, NULL}, "application/postscript"},
		{{"PK\003\004", 4, NULL}, "application/zip"},
		{{"Rar!\x1A\x07", 6, NULL}, "application/x-rar-compressed"},
		{{"\0asm", 4, NULL}, "application/wasm"},
		{{"\x89PNG\r\n\x1A\n", 8, NULL}, "image/png"},
		{{"\xFF\xD8\xFF", 3, NULL}, "image/jpeg"},
		{{"GIF8", 4, NULL}, "image/gif"},
		{{"\xFE\xFF", 2, NULL}, "text/plain; charset=utf-16be"},
		{{"\xFF\xFE", 2, NULL}, "text/plain; charset=utf-16le"},
		{{"\xEF\xBB\xBF", 3, NULL}, "text/plain; charset=utf-8"},
	};
	Str start = str_trim_ascii(str_to(bytes, 512));

	for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
		if (str_has_prefix(bytes, KINDS[i].mark))
			return KINDS[i].type;
	if (str_has_prefix(start, S("<?xml")))
		return "text/xml; charset=utf-8";
	if (str_ieq(str_to(start, 14), S("<!DOCTYPE HTML")) ||
	    str_ieq(str_to(start, 5), S("<HTML")))
		return "text/html; charset=utf-8";
	if (bytes.len < 512 || has_control_bytes(str_to(bytes, 512)))
		return "application/octet-stream";
	return "text/plain; charset=utf-8";
}

bool archive_check(Str bytes, Str name, Diag *diag)
{
	if (str_has_prefix(bytes, S("\x1F\x8B\x08")))
		return true;
	if (str_has_suffix(name, S(".yml")) || str_has_suffix(name, S(".yaml")))
		return diag_fail(
			diag, "file '%.*s' seems to be a YAML file, but expected a gzipped archive",
			STR_ARGS(name));
	return diag_fail(diag, "file '%.*s' does not appear to be a gzipped archive; got '%s'",
	                 STR_ARGS(name), content_type(bytes));
}

// --- reading ---

static bool is_drive(Str path)
{
	return path.len >= 3 && path.p[1] == ':' && path.p[2] == '/' &&
	       ((path.p[0] >= 'a' && path.p[0] <= 'z') || (path.p[0] >= 'A' && path.p[0] <= 'Z'));
}

static Str with_slashes(Arena *arena, Str path)
{
	Buf out = buf_new(arena);

	for (size_t i = 0; i < path.len; i++)
		buf_byte(&out, path.p[i] == '\\' ? '/' : path.p[i]);
	return buf_view(&out);
}

// The path without its first folder; charts packed on Windows may use backslashes.
static bool inner_path(Arena *arena, Str path, Str *out, Diag *diag)
{
	bool windows = str_find_byte(path, '\\') != STR_NONE;
	Str first, rest = path;
	Buf quoted = buf_new(arena);

	str_cut(&rest, windows ? S("\\") : S("/"), &first);
	if (!rest.p)
		rest = S("");
	if (windows)
		rest = with_slashes(arena, rest);
	if (str_has_prefix(rest, S("/")))
		return diag_fail(diag, "chart illegally contains absolute paths");
	*out = path_clean(arena, rest);
	if (str_is(*out, ".")) {
		num_quote(&quoted, path);
		return diag_fail(
			diag, "chart illegally contains content outside the base directory: %.*s",
			STR_ARGS(buf_view(&quoted)));
	}
	if (str_has_prefix(*out, S("..")))
		return diag_fail(diag, "chart illegally references parent directory");
	if (is_drive(*out))
		return diag_fail(diag, "chart contains illegally named files");
	return !str_is(first, "Chart.yaml") || diag_fail(diag, "chart yaml not in base directory");
}

static bool fail_library(const Library *lib, struct archive *archive, Diag *diag)
{
	const char *reason = lib->error(archive);
	Str text = str_c(reason ? reason : "");

	if (str_contains(text, S("runcated")))
		return diag_fail(diag, "unexpected EOF");
	return diag_fail(diag, "archive/tar: invalid tar header");
}

typedef struct Reading {
	Arena *arena;
	const Library *lib;
	struct archive *archive;
	uint64_t room; // bytes that the whole archive may still hold
	Diag *diag;
} Reading;

static bool fail_large(Reading *r)
{
	return diag_fail(r->diag, "decompressed chart is larger than the maximum size %llu",
	                 (unsigned long long)CHART_ARCHIVE_LIMIT);
}

static bool read_entry(Reading *r, struct archive_entry *entry, Str path, Str *out)
{
	int64_t size = r->lib->size(entry);
	Buf data = buf_new(r->arena), quoted = buf_new(r->arena);
	ssize_t got;

	if (size < 0 || (uint64_t)size > r->room)
		return fail_large(r);
	if ((uint64_t)size > CHART_FILE_LIMIT) {
		num_quote(&quoted, path);
		return diag_fail(
			r->diag,
			"decompressed chart file %.*s is larger than the maximum file size %llu",
			STR_ARGS(buf_view(&quoted)), (unsigned long long)CHART_FILE_LIMIT);
	}
	buf_reserve(&data, (size_t)size + 1);
	while (data.len <= (size_t)size &&
	       (got = r->lib->read(r->archive, data.p + data.len, data.cap - data.len)) != 0) {
		if (got < 0)
			return fail_library(r->lib, r->archive, r->diag);
		data.len += (size_t)got;
	}
	r->room -= data.len;
	*out = buf_view(&data);
	if (data.len < (size_t)size || !r->room)
		return fail_large(r);
	return true;
}

static bool read_all(Reading *r, ChartFiles *files)
{
	struct archive_entry *entry;
	int answer;

	while ((answer = r->lib->next(r->archive, &entry)) != ANSWER_END) {
		const char *raw;
		Str path, inner, data;
		if (answer < ANSWER_WARN)
			return fail_library(r->lib, r->archive, r->diag);
		raw = r->lib->path(entry);
		path = str_copy(r->arena, str_c(raw ? raw : r->lib->path_utf8(entry)));
		if (r->lib->type(entry) == S_IFDIR || str_has_suffix(path, S("/")))
			continue;
		if (!inner_path(r->arena, path, &inner, r->diag) ||
		    !read_entry(r, entry, path, &data))
			return false;
		chart_files_add(r->arena, files, inner, data);
	}
	return files->len || diag_fail(r->diag, "no files in chart archive");
}

typedef struct Handle {
	const Library *lib;
	struct archive *archive;
} Handle;

static void release(void *object)
{
	Handle *handle = object;

	handle->lib->free(handle->archive);
}

bool archive_read_files(Arena *arena, Str bytes, ChartFiles *files, Diag *diag)
{
	Library *lib = ARENA_NEW(arena, Library);
	Handle *handle = ARENA_NEW(arena, Handle);
	Reading r = {arena, lib, NULL, CHART_ARCHIVE_LIMIT, diag};
	bool ok;

	if (!bytes.len)
		return diag_fail(diag, "EOF");
	if (!str_has_prefix(bytes, S("\x1F\x8B\x08")))
		return diag_fail(diag, "gzip: invalid header");
	if (!lib_load(SONAMES, NAMES, (LibFunction *)lib, "libarchive13", diag))
		return false;
	handle->lib = lib;
	handle->archive = r.archive = lib->new ();
	if (!r.archive)
		arena_fail(arena);
	arena_defer(arena, release, handle);
	lib->gzip(r.archive);
	lib->tar(r.archive);
	ok = lib->open(r.archive, bytes.p, bytes.len) == 0 ? read_all(&r, files)
	                                                   : fail_library(lib, r.archive, diag);
	arena_undefer(arena, handle);
	lib->free(r.archive);
	return ok;
}
