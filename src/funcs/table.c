// Joins the families. Names are looked up while templates are parsed, by binary search over an
// index that was written when the rows were (tools/make-func-index): it costs a start nothing, and
// there is no state that threads could fight about.

#include "funcs/families.h"

#include <string.h>

#include "funcs/table_index.h"

#define FAMILY_COUNT (sizeof families / sizeof families[0])
#define ROW_COUNT    (sizeof rows_by_name / sizeof rows_by_name[0])

// Every row, one after the other: only needed while a row was added and the index not written anew.
static const Func *find_slowly(Str name)
{
	for (size_t i = 0; i < FAMILY_COUNT; i++) {
		for (const Func *row = families[i]; row->name; row++) {
			if (str_is(name, row->name))
				return row;
		}
	}
	return NULL;
}

const Func *func_unindexed(void)
{
	for (size_t i = 0; i < FAMILY_COUNT; i++) {
		for (const Func *row = families[i]; row->name; row++) {
			size_t at = 0;
			while (at < ROW_COUNT && (!rows_by_name[at]->name ||
			                          strcmp(rows_by_name[at]->name, row->name) != 0))
				at++;
			if (at == ROW_COUNT)
				return row;
		}
	}
	return NULL;
}

const Func *func_find(Str name)
{
	size_t low = 0, high = ROW_COUNT;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		// The end of a family has no name: rows were taken out of it.
		const char *row_name = rows_by_name[middle]->name ? rows_by_name[middle]->name : "";
		int order = str_cmp(name, str_c(row_name));

		if (!order)
			return rows_by_name[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return find_slowly(name);
}

size_t func_all(const Func *const **rows)
{
	*rows = rows_by_name;
	return ROW_COUNT;
}
