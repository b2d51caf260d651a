#include "base/lib.h"

#ifdef CLEAT_STATIC

// All is linked in: a name is looked up in a table that the linker fills.

#define SYMBOL(name) extern void name(void);
#include "base/lib_symbols.h"
#undef SYMBOL

static const struct {
	const char *name;
	LibFunction function;
} SYMBOLS[] = {
#define SYMBOL(name) {#name, name},
#include "base/lib_symbols.h"
#undef SYMBOL
};

// libarchive's tar writer calls this for what tar can't hold (no file of ours is such). Its own definition would bring all
// other formats with it, and six more libraries.
void __archive_write_entry_filetype_unsupported(void);
void __archive_write_entry_filetype_unsupported(void) {}

static LibFunction find_symbol(const char *name)
{
	for (size_t i = 0; i < sizeof SYMBOLS / sizeof *SYMBOLS; i++)
		if (str_is(str_c(name), SYMBOLS[i].name))
			return SYMBOLS[i].function;
	return NULL;
}

bool lib_load(const char *const *sonames, const char *const *symbols, LibFunction *functions,
              const char *package, Diag *diag)
{
	(void)package;
	for (size_t i = 0; symbols[i]; i++) {
		functions[i] = find_symbol(symbols[i]);
		if (!functions[i])
			return diag_fail(diag,
			                 "this static build lacks %s of %s: src/base/lib_symbols.h "
			                 "must name it",
			                 symbols[i], sonames[0]);
	}
	return true;
}

#else

#include <dlfcn.h>

bool lib_load(const char *const *sonames, const char *const *symbols, LibFunction *functions,
              const char *package, Diag *diag)
{
	void *handle = NULL;

	for (size_t i = 0; sonames[i] && !handle; i++)
		handle = dlopen(sonames[i], RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		return diag_fail(diag,
		                 "the library %s is needed for this and was not found; install the "
		                 "package %s",
		                 sonames[0], package);
	for (size_t i = 0; symbols[i]; i++) {
		// POSIX promises that this conversion works; ISO C does not allow a cast for it.
		*(void **)&functions[i] = dlsym(handle, symbols[i]);
		if (!functions[i])
			return diag_fail(diag,
			                 "the library %s lacks %s; install a current package %s",
			                 sonames[0], symbols[i], package);
	}
	return true;
}

#endif
