// The tables of what names end in, row by row.

#define COUNT(a) (sizeof(a) / sizeof *(a))

#include "k8s/addresses.c" // for their tables
#undef COUNT
#include "k8s/credential.c"

#include "unit.h"

static void assert_table(const Str *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_true(name_ends_in(rows[i], rows, count));
		for (size_t j = i + 1; j < count; j++)
			if (name_compare_end(rows[i], rows[j]) >= 0 ||
			    !name_compare_end(rows[j], rows[i]))
				fail_msg("%s and %s", rows[i].p, rows[j].p);
	}
}

static void assert_letters(const Str *rows, size_t count, const NameLetters letters)
{
	NameLetters made = {0};

	for (size_t i = 0; i < count; i++)
		made[rows[i].p[rows[i].len - 1] & 31] |= NAME_BEFORE(rows[i].p[rows[i].len - 2]);
	assert_memory_equal(made, letters, sizeof made);
}

static void test_letters_are_those_of_the_rows(void **state)
{
	(void)state;
	assert_letters(NAME_ENDS, COUNT(NAME_ENDS), NAME_LETTERS);
	assert_letters(ADDRESS_ENDS, COUNT(ADDRESS_ENDS), ADDRESS_LETTERS);
}

static void test_rows_are_sorted_and_none_is_in_vain(void **state)
{
	(void)state;
	assert_table(NAME_ENDS, COUNT(NAME_ENDS));
	assert_table(HARMLESS_ENDS, COUNT(HARMLESS_ENDS));
	assert_table(HOST_ENDS, COUNT(HOST_ENDS));
	assert_table(HOST_ENDS_BESIDE_PORT, COUNT(HOST_ENDS_BESIDE_PORT));
	assert_table(OWN_HOST_ENDS, COUNT(OWN_HOST_ENDS));
	assert_table(ADDRESS_ENDS, COUNT(ADDRESS_ENDS));
	assert_table(PUBLISHED_ENDS, COUNT(PUBLISHED_ENDS));
}

static void test_case_and_separators_do_not_count(void **state)
{
	(void)state;
	assert_true(credential_name(S("AWS.Secret-Access_KEY")));
	assert_true(credential_name(S("jwt.secret.key")));
	assert_false(credential_name(S("jwt.public.key")));
	assert_false(credential_name(S("key")));
	assert_true(names_address(S("kafka.broker-list")));
	assert_false(names_address(S("")));
	assert_true(names_host(S("redis-host"), false));
	assert_false(names_host(S("bind.host"), false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_sorted_and_none_is_in_vain),
		cmocka_unit_test(test_letters_are_those_of_the_rows),
		cmocka_unit_test(test_case_and_separators_do_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
