// What is a credential, and what only looks like one. Tokens are put together so that scanners of this repository do not
// take them for real.

#include "unit.h"

#include "base/buf.h"
#include "k8s/credential.h"

static void expect(const char *name, const char *value, CredentialKind want)
{
	Credential found = credential_find(str_c(name), str_c(value));

	if (found.kind != want)
		print_message("%s = %s\n", name, value);
	assert_int_equal(found.kind, want);
}

static void test_names_say_so(void **state)
{
	(void)state;
	expect("DB_PASSWORD", "correcthorse9", CREDENTIAL_NAMED);
	expect("client_secret", "abc-def-9", CREDENTIAL_NAMED);
	expect("apiKey", "9f8e7d6c", CREDENTIAL_NAMED);
	expect("POSTGRES_PASSWORD", "postgres", CREDENTIAL_DEFAULT);
	expect("SOMETHING", "correcthorse9", CREDENTIAL_NONE);
}

static void test_what_only_has_to_do_with_one(void **state)
{
	(void)state;
	expect("PASSWORD_FILE", "/run/secrets/x", CREDENTIAL_NONE);
	expect("DB_PASSWORD", "/run/secrets/x", CREDENTIAL_NONE);
	expect("TLS_SECRET", "web-server-tls", CREDENTIAL_NONE);
	expect("existingSecret", "web", CREDENTIAL_NONE);
	expect("DB_PASSWORD", "$(OTHER)", CREDENTIAL_NONE);
	expect("DB_PASSWORD", "${OTHER}", CREDENTIAL_NONE);
	expect("DB_PASSWORD", "<set me>", CREDENTIAL_NONE);
	expect("REFRESH_TOKEN", "3600", CREDENTIAL_NONE);
	expect("ALLOW_EMPTY_PASSWORD", "yes", CREDENTIAL_NONE);
	expect("PWD", "/home", CREDENTIAL_NONE);
	expect("INITIAL_CLUSTER_TOKEN", "etcd-cluster-k8s", CREDENTIAL_NONE);
}

static void test_random_texts_under_weak_names(void **state)
{
	(void)state;
	expect("LICENSE_KEY", "f3Kq9ZpL0xWv7RtYb2Nc8MdJ4sHg6TuA", CREDENTIAL_RANDOM);
	expect("LICENSE_KEY", "the-quick-brown-fox-jumps-over", CREDENTIAL_NONE);
	expect("CHECKSUM", "f3Kq9ZpL0xWv7RtYb2Nc8MdJ4sHg6TuA", CREDENTIAL_NONE);
}

static void test_shapes(void **state)
{
	Arena *arena = arena_new(0);
	Str token = str_concat(arena, S("gh"), S("p_16C7e42F292c6912E7710c838347Ae178B4a")), text;
	Credential found;
	(void)state;

	text = str_concat(arena, str_concat(arena, S("use "), token), S(" now"));
	assert_true(credential_shape(text, 0, &found));
	assert_int_equal(found.at, 4);
	assert_int_equal(found.len, 40);
	assert_false(credential_shape(text, found.at + found.len, &found));
	assert_false(credential_shape(S("AKIAIOSFODNN7EXAMPLE"), 0, &found));
	assert_false(credential_shape(S("-----BEGIN RSA PRIVATE KEY-----"), 0,
	                              &found)); // a heading alone
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_say_so),
		cmocka_unit_test(test_what_only_has_to_do_with_one),
		cmocka_unit_test(test_random_texts_under_weak_names),
		cmocka_unit_test(test_shapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
