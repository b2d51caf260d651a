#include "base/lib.h"

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
