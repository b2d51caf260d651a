// Lookups in the Unicode tables.

#include "base/unicode.h"

#include <string.h>

// A run of characters that fold alike: first, first + step, ... last.
typedef struct FoldRun {
	uint32_t first, last, step;
	int32_t delta;
} FoldRun;

#include "base/unicode_tables.h"

#define CLASS_COUNT (sizeof classes / sizeof classes[0])
#define FOLD_COUNT  (sizeof fold_runs / sizeof fold_runs[0])

const UnicodeClass *unicode_class(Str name)
{
	size_t low = 0, high = CLASS_COUNT;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(name, str_c(classes[middle].name));

		if (order == 0)
			return &classes[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

void unicode_each_category(char letter, void (*found)(void *context, const UnicodeClass *),
                           void *context)
{
	for (size_t i = 0; i < CLASS_COUNT; i++) {
		// Categories are the two-letter names, but for the script Yi.
		if (classes[i].name[0] == letter && strlen(classes[i].name) == 2 && letter != 'Y')
			found(context, &classes[i]);
	}
}

bool unicode_in(const UnicodeClass *class, uint32_t rune)
{
	size_t low = 0, high = class->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rune < class->ranges[middle].first)
			high = middle;
		else if (rune > class->ranges[middle].last)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

bool unicode_is_letter(uint32_t rune)
{
	static const char *const letters[] = {"Ll", "Lm", "Lo", "Lt", "Lu"};

	if (rune < 0x80)
		return (rune | 0x20) >= 'a' && (rune | 0x20) <= 'z';
	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
		if (unicode_in(unicode_class(str_c(letters[i])), rune))
			return true;
	}
	return false;
}

bool unicode_is_digit(uint32_t rune)
{
	if (rune < 0x80)
		return rune >= '0' && rune <= '9';
	return unicode_in(unicode_class(S("Nd")), rune);
}

// Runs are in the order of their first character, but those of step 2 interlace, so that all that
// begin at or before the rune must be asked.
uint32_t unicode_fold(uint32_t rune)
{
	for (size_t i = 0; i < FOLD_COUNT && fold_runs[i].first <= rune; i++) {
		const FoldRun *run = &fold_runs[i];

		if (rune <= run->last && (rune - run->first) % run->step == 0)
			return (uint32_t)((int64_t)rune + run->delta);
	}
	return rune;
}

void unicode_each_cased(uint32_t first, uint32_t last, void (*found)(void *context, uint32_t rune),
                        void *context)
{
	for (size_t i = 0; i < FOLD_COUNT && fold_runs[i].first <= last; i++) {
		const FoldRun *run = &fold_runs[i];
		uint32_t rune = run->first;

		if (rune < first)
			rune += (first - rune + run->step - 1) / run->step * run->step;
		for (; rune <= run->last && rune <= last; rune += run->step)
			found(context, rune);
	}
}

bool unicode_is_space(uint32_t rune)
{
	switch (rune) {
	case '\t':
	case '\n':
	case '\v':
	case '\f':
	case '\r':
	case ' ':
	case 0x85:
	case 0xA0:
	case 0x1680:
	case 0x2028:
	case 0x2029:
	case 0x202F:
	case 0x205F:
	case 0x3000:
		return true;
	}
	return rune >= 0x2000 && rune <= 0x200A;
}

static bool in_ranges(const UnicodeRange *ranges, size_t count, uint32_t rune)
{
	for (size_t i = 0; i < count; i++)
		if (rune >= ranges[i].first && rune <= ranges[i].last)
			return true;
	return false;
}

bool unicode_is_order(uint32_t rune)
{
	static const UnicodeRange orders[] = {{0, 0x1F},        {0x7F, 0x9F},     {0x61C, 0x61C},
	                                      {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069}};

	if (rune >= ' ' && rune < 0x7F)
		return false;
	return in_ranges(orders, sizeof orders / sizeof *orders, rune);
}

size_t unicode_width(uint32_t rune)
{
	// Blocks of ideographs, syllables and pictures that terminals draw over two cells.
	static const UnicodeRange wide[] = {
		{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xA960, 0xA97C},
		{0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},
		{0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF},
		{0x20000, 0x3FFFD},
	};

	if (rune < 0x300)
		return 1;
	if (unicode_in(unicode_class(S("Mn")), rune) || unicode_in(unicode_class(S("Me")), rune) ||
	    unicode_in(unicode_class(S("Cf")), rune))
		return 0;
	return in_ranges(wide, sizeof wide / sizeof *wide, rune) ? 2 : 1;
}
