// Looking for the end of a name.

#include "k8s/names.h"

static char folded(char c)
{
	return c == '-' || c == '.' ? '_' : ascii_lower(c);
}

int name_compare_end(Str row, Str name)
{
	for (size_t i = 1; i <= row.len; i++) {
		char c = i <= name.len ? folded(name.p[name.len - i]) : '\0';
		if (c != row.p[row.len - i])
			return (unsigned char)row.p[row.len - i] - (unsigned char)c;
	}
	return 0;
}

bool name_may_end_in(Str name, const NameLetters letters)
{
	return name.len > 1 && letters[folded(name.p[name.len - 1]) & 31] &
	                               NAME_BEFORE(folded(name.p[name.len - 2]));
}

bool name_ends_in(Str name, const Str *rows, size_t count)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = name_compare_end(rows[middle], name);
		if (!order)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

bool name_holds(Str name, Str part)
{
	for (size_t at = 0; at + part.len <= name.len; at++) {
		size_t same = 0;
		while (same < part.len && folded(name.p[at + same]) == folded(part.p[same]))
			same++;
		if (same == part.len)
			return true;
	}
	return false;
}

bool name_is_program(Str name)
{
	static const char *const ends[] = {".js", ".ts",   ".html",   ".css", ".lua", ".rb",
	                                   ".go", ".java", ".groovy", ".tpl", ".py",  ".md"};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (str_has_suffix(name, str_c(ends[i])))
			return true;
	return false;
}

bool name_is_to_be_set(Str host)
{
	static const char *const words[] = {"changeme",   "change_me",    "placeholder",
	                                    "replace_me", "replace_with", "your_",
	                                    "fixme",      "set_me",       "_or_"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (name_holds(host, str_c(words[i])))
			return true;
	return false;
}

bool name_is_slip(Str a, Str b)
{
	size_t i = 0, j = 0;

	if (a.len > b.len + 1 || b.len > a.len + 1 || a.len < 4)
		return false;
	while (i < a.len && i < b.len && a.p[i] == b.p[i])
		i++;
	while (j < a.len - i && j < b.len - i && a.p[a.len - 1 - j] == b.p[b.len - 1 - j])
		j++;
	if (a.len == b.len)
		return a.len - i - j == 1 ||
		       (a.len - i - j == 2 && a.p[i] == b.p[i + 1] && a.p[i + 1] == b.p[i]);
	if (a.len < b.len ? b.p[b.len - 1] == 's' && i == a.len
	                  : a.p[a.len - 1] == 's' && i == b.len)
		return false; // singular and plural are two names
	return (a.len > b.len ? a.len : b.len) - i - j == 1;
}
