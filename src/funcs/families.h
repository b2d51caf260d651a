#ifndef FUNCS_FAMILIES_H
#define FUNCS_FAMILIES_H

// The families of functions. Each array ends with a row whose name is NULL; funcs/table.c joins
// them.

#include "template/func.h"

extern const Func builtin_funcs[]; // template/builtins.c: Go's own
extern const Func convert_funcs[];
extern const Func crypto_funcs[];
extern const Func data_funcs[];
extern const Func date_funcs[];
extern const Func dict_funcs[];
extern const Func encoding_funcs[];
extern const Func helm_funcs[];
extern const Func list_funcs[];
extern const Func logic_funcs[];
extern const Func math_funcs[];
extern const Func path_funcs[];
extern const Func random_funcs[];
extern const Func reflection_funcs[];
extern const Func regex_funcs[];
extern const Func semver_funcs[];
extern const Func string_funcs[];
extern const Func url_funcs[];

// A row that a family has and the index (table_index.h) lacks, or NULL. For the unit test.
const Func *func_unindexed(void);

#endif
