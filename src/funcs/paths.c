// Go's path and, for the names that begin with os, path/filepath: the same on the systems that
// cleat runs on.

#include "base/fs.h"
#include "funcs/families.h"

// A path that was put together anew: a slice of the argument where it says the same as its start.
static bool return_path(Call *c, Str path)
{
	Str s = call_str(c, 0);

	return str_has_prefix(s, path) ? call_return_str(c, str_to(s, path.len))
	                               : call_return_derived(c, path);
}

static bool base(Call *c)
{
	return call_return_str(c, path_base(call_str(c, 0)));
}

static bool dir(Call *c)
{
	return return_path(c, path_dir(c->arena, call_str(c, 0)));
}

static bool clean(Call *c)
{
	return return_path(c, path_clean(c->arena, call_str(c, 0)));
}

static bool ext(Call *c)
{
	return call_return_str(c, path_ext(call_str(c, 0)));
}

static bool is_abs(Call *c)
{
	return call_return_bool(c, str_has_prefix(call_str(c, 0), S("/")));
}

const Func path_funcs[] = {
	{"base", "string -> string", "the last element of a path", base,
         "{{ base \"a/b/c.txt\" }} => c.txt"},
	{"clean", "string -> string", "the shortest path that means the same", clean,
         "{{ clean \"a/./b/../c\" }} => a/c"},
	{"dir", "string -> string", "the path without its last element", dir,
         "{{ dir \"a/b/c.txt\" }} => a/b"},
	{"ext", "string -> string", "what follows the last point of a file's name, point included",
         ext, "{{ ext \"a/b/c.txt\" }} => .txt"},
	{"isAbs", "string -> bool", "whether the path begins at the root", is_abs,
         "{{ isAbs \"/a\" }} => true"},
	{"osBase", "string -> string", "as base, for paths of the operating system", base,
         "{{ osBase \"/a/b\" }} => b"},
	{"osClean", "string -> string", "as clean, for paths of the operating system", clean,
         "{{ osClean \"/a/../b\" }} => /b"},
	{"osDir", "string -> string", "as dir, for paths of the operating system", dir,
         "{{ osDir \"/a/b\" }} => /a"},
	{"osExt", "string -> string", "as ext, for paths of the operating system", ext,
         "{{ osExt \"/a/b.yaml\" }} => .yaml"},
	{"osIsAbs", "string -> bool", "as isAbs, for paths of the operating system", is_abs,
         "{{ osIsAbs \"a/b\" }} => false"},
	{NULL, NULL, NULL, NULL, NULL},
};
