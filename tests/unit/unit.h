#ifndef UNIT_H
#define UNIT_H

// What unit tests share.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

// An arena whose exhaustion fails the test.
#define UNIT_ARENA(name)                                                                           \
	Arena *name = arena_new(0);                                                                \
	if (setjmp(*arena_trap(name)))                                                             \
	fail_msg("out of memory")

#define assert_str(s, expected)                                                                    \
	do {                                                                                       \
		Str assert_got = (s);                                                              \
		const char *assert_want = (expected);                                              \
		if (assert_got.len != strlen(assert_want) ||                                       \
		    memcmp(assert_got.p, assert_want, assert_got.len))                             \
			fail_msg("got \"%.*s\", want \"%s\"", STR_ARGS(assert_got), assert_want);  \
	} while (0)

#endif
