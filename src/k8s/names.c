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
