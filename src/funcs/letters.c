#include "funcs/letters.h"

#include "base/unicode.h"

// Characters first to last, and what to add to one of them for its other forms. In an alternating
// run capitals (at even distance from the first) and small letters take turns.
typedef struct CaseRun {
	uint32_t first, last;
	int32_t upper, lower, title;
	bool alternating;
} CaseRun;

#include "funcs/case_table.h"

static const CaseRun *case_run(uint32_t rune)
{
	size_t low = 0, high = sizeof case_runs / sizeof case_runs[0];

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rune < case_runs[middle].first)
			high = middle;
		else if (rune > case_runs[middle].last)
			low = middle + 1;
		else
			return &case_runs[middle];
	}
	return NULL;
}

static bool is_ascii_upper(uint32_t rune)
{
	return rune >= 'A' && rune <= 'Z';
}

static bool is_ascii_lower(uint32_t rune)
{
	return rune >= 'a' && rune <= 'z';
}

// The capital of a small letter in an alternating run; others as they are.
static uint32_t to_capital(const CaseRun *run, uint32_t rune)
{
	return (rune - run->first) % 2 ? rune - 1 : rune;
}

uint32_t letter_upper(uint32_t rune)
{
	const CaseRun *run;

	if (rune < 0x80)
		return is_ascii_lower(rune) ? rune - 0x20 : rune;
	run = case_run(rune);
	if (!run)
		return rune;
	return run->alternating ? to_capital(run, rune) : (uint32_t)((int32_t)rune + run->upper);
}

uint32_t letter_lower(uint32_t rune)
{
	const CaseRun *run;

	if (rune < 0x80)
		return is_ascii_upper(rune) ? rune + 0x20 : rune;
	run = case_run(rune);
	if (!run)
		return rune;
	return run->alternating ? to_capital(run, rune) + 1
	                        : (uint32_t)((int32_t)rune + run->lower);
}

uint32_t letter_title(uint32_t rune)
{
	const CaseRun *run;

	if (rune < 0x80)
		return letter_upper(rune);
	run = case_run(rune);
	if (!run)
		return rune;
	return run->alternating ? to_capital(run, rune) : (uint32_t)((int32_t)rune + run->title);
}

static bool in_any(uint32_t rune, const char *const *names)
{
	for (; *names; names++) {
		if (unicode_in(unicode_class(str_c(*names)), rune))
			return true;
	}
	return false;
}

bool letter_is(uint32_t rune)
{
	return unicode_is_letter(rune);
}

bool letter_is_upper(uint32_t rune)
{
	return rune < 0x80 ? is_ascii_upper(rune) : unicode_in(unicode_class(S("Lu")), rune);
}

bool letter_is_lower(uint32_t rune)
{
	return rune < 0x80 ? is_ascii_lower(rune) : unicode_in(unicode_class(S("Ll")), rune);
}

bool letter_is_title(uint32_t rune)
{
	return rune >= 0x80 && unicode_in(unicode_class(S("Lt")), rune);
}

bool letter_is_number(uint32_t rune)
{
	static const char *const names[] = {"Nd", "Nl", "No", NULL};

	return rune < 0x80 ? rune >= '0' && rune <= '9' : in_any(rune, names);
}

bool letter_is_punct(uint32_t rune)
{
	static const char *const names[] = {"Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", NULL};

	return in_any(rune, names);
}
