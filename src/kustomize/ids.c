// What names a resource.

#include "kustomize/ids.h"

#include "k8s/kinds.h"

Gvk gvk_of(Str api_version, Str kind)
{
	size_t slash = str_find_byte(api_version, '/');

	if (slash == STR_NONE)
		return (Gvk){S(""), api_version, kind};
	return (Gvk){str_to(api_version, slash), str_from(api_version, slash + 1), kind};
}

bool gvk_equal(const Gvk *a, const Gvk *b)
{
	return str_eq(a->kind, b->kind) && str_eq(a->group, b->group) &&
	       str_eq(a->version, b->version);
}

static bool selected(Str have, Str want)
{
	return !want.len || str_eq(have, want);
}

bool gvk_selected(const Gvk *gvk, const Gvk *selector)
{
	return selected(gvk->kind, selector->kind) && selected(gvk->group, selector->group) &&
	       selected(gvk->version, selector->version);
}

static Str or_else(Str s, const char *missing)
{
	return s.len ? s : str_c(missing);
}

Str gvk_str(Arena *arena, const Gvk *gvk)
{
	Buf out = buf_new(arena);

	buf_str(&out, or_else(gvk->kind, "[noKind]"));
	buf_byte(&out, '.');
	buf_str(&out, or_else(gvk->version, "[noVer]"));
	buf_byte(&out, '.');
	buf_str(&out, or_else(gvk->group, "[noGrp]"));
	return buf_view(&out);
}

Str gvk_api_version(Arena *arena, const Gvk *gvk)
{
	if (!gvk->group.len)
		return gvk->version;
	return str_concat(arena, str_concat(arena, gvk->group, S("/")), gvk->version);
}

// Compares "a_b_c" with "x_y_z" as strings without building them.
static int compare_joined(const Str *a, const Str *b, size_t count)
{
	size_t ai = 0, bi = 0, ap = 0, bp = 0;

	for (;;) {
		int ac = ap < a[ai].len ? (unsigned char)a[ai].p[ap] : ai + 1 < count ? '_' : -1;
		int bc = bp < b[bi].len ? (unsigned char)b[bi].p[bp] : bi + 1 < count ? '_' : -1;
		if (ac != bc || ac < 0)
			return ac - bc;
		if (ap++ == a[ai].len) {
			ai++;
			ap = 0;
		}
		if (bp++ == b[bi].len) {
			bi++;
			bp = 0;
		}
	}
}

int gvk_compare(const Gvk *a, const Gvk *b)
{
	int rank = kind_rank(a->kind) - kind_rank(b->kind);
	Str left[] = {or_else(a->group, "~G"), or_else(a->version, "~V"), or_else(a->kind, "~K")};
	Str right[] = {or_else(b->group, "~G"), or_else(b->version, "~V"), or_else(b->kind, "~K")};

	return rank ? rank : compare_joined(left, right, 3);
}

Str resid_namespace(const ResId *id)
{
	if (id->cluster)
		return S(NAMESPACE_NONE);
	return id->ns.len ? id->ns : S("default");
}

bool resid_equal(const ResId *a, const ResId *b)
{
	return str_eq(a->name, b->name) && gvk_equal(&a->gvk, &b->gvk) &&
	       str_eq(resid_namespace(a), resid_namespace(b));
}

bool resid_selected(const ResId *id, const ResId *selector)
{
	return selected(id->name, selector->name) &&
	       (!selector->ns.len || str_eq(resid_namespace(id), resid_namespace(selector))) &&
	       gvk_selected(&id->gvk, &selector->gvk);
}

bool resid_is_empty(const ResId *id)
{
	return !id->gvk.group.len && !id->gvk.version.len && !id->gvk.kind.len && !id->name.len &&
	       !id->ns.len;
}

Str resid_str(Arena *arena, const ResId *id)
{
	Buf out = buf_new(arena);

	buf_str(&out, gvk_str(arena, &id->gvk));
	buf_byte(&out, '/');
	buf_str(&out, or_else(id->name, "[noName]"));
	buf_byte(&out, '.');
	buf_str(&out, or_else(id->ns, "[noNs]"));
	return buf_view(&out);
}
