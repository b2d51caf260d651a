// Hashes, base64, PEM, and URLs.

#include "base/buf.h"
#include "base/gourl.h"
#include "base/hash.h"
#include "base/pem.h"
#include "unit.h"

static Str hex(Arena *arena, const uint8_t *bytes, size_t len)
{
	Buf buf = buf_new(arena);

	for (size_t i = 0; i < len; i++)
		buf_printf(&buf, "%02x", bytes[i]);
	return buf_view(&buf);
}

// The examples of FIPS 180 and of RFC 4231.
static void test_hashes_of_the_standards_examples(void **state)
{
	Str two_blocks = S("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
	UNIT_ARENA(arena);
	uint8_t out[SHA512_SIZE];

	(void)state;
	hash_sha1(two_blocks, out);
	assert_str(hex(arena, out, SHA1_SIZE), "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
	hash_sha256(two_blocks, out);
	assert_str(hex(arena, out, SHA256_SIZE),
	           "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	hash_sha512(S("abc"), out);
	assert_str(hex(arena, out, SHA512_SIZE), "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20"
	                                         "a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
	                                         "454d4423643ce80e2a9ac94fa54ca49f");
	hash_hmac_sha256(arena, S("Jefe"), S("what do ya want for nothing?"), out);
	assert_str(hex(arena, out, SHA256_SIZE),
	           "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	assert_int_equal(hash_adler32(S("Wikipedia")), 0x11e60398);
	arena_free(arena);
}

// A million letters: blocks, and what is left over.
static void test_a_long_text_is_hashed_in_blocks(void **state)
{
	UNIT_ARENA(arena);
	Buf buf = buf_new(arena);
	uint8_t out[SHA256_SIZE];

	(void)state;
	buf_fill(&buf, 'a', 1000000);
	hash_sha256(buf_view(&buf), out);
	assert_str(hex(arena, out, SHA256_SIZE),
	           "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	arena_free(arena);
}

// Every length up to three blocks, on whichever instructions this machine has.
static void test_sha256_is_the_same_on_every_processor(void **state)
{
	UNIT_ARENA(arena);
	Buf buf = buf_new(arena);
	uint8_t out[SHA256_SIZE], portable[SHA256_SIZE];

	(void)state;
	for (size_t len = 0; len < 192; len++) {
		hash_sha256(buf_view(&buf), out);
		hash_sha256_portable(buf_view(&buf), portable);
		assert_memory_equal(out, portable, sizeof out);
		buf_byte(&buf, (char)(len * 37 + 11));
	}
	arena_free(arena);
}

static void test_base64_names_the_byte_that_is_wrong(void **state)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	Str out;

	(void)state;
	assert_true(base64_decode(arena, S("YWJj\nZA==\r\n"), &out, &diag));
	assert_str(out, "abcd");
	assert_str(base64_encode(arena, S("abcde")), "YWJjZGU=");
	assert_false(base64_decode(arena, S("YWJj*"), &out, &diag));
	assert_str(diag.message, "illegal base64 data at input byte 4");
	arena_free(arena);
}

static void test_pem_blocks_survive_a_round_trip(void **state)
{
	UNIT_ARENA(arena);
	Buf data = buf_new(arena);
	PemBlock block;

	(void)state;
	buf_fill(&data, 'x', 1000);
	assert_true(pem_decode(arena, pem_encode(arena, "A KEY", buf_view(&data)), &block));
	assert_str(block.type, "A KEY");
	assert_true(str_eq(block.data, buf_view(&data)));
	assert_false(pem_decode(arena, S("-----BEGIN A-----\nYQ==\n-----END B-----\n"), &block));
	assert_false(pem_decode(arena, S("-----BEGIN A-----\nYQ=="), &block));
	assert_false(pem_decode(arena, S(""), &block));
	arena_free(arena);
}

static void assert_url(const char *text, const char *printed)
{
	UNIT_ARENA(arena);
	Diag diag = diag_new(arena);
	GoUrl url;

	if (gourl_parse(arena, str_c(text), &url, &diag))
		assert_str(gourl_string(arena, &url), printed);
	else
		assert_str(diag.message, printed);
	arena_free(arena);
}

static void test_urls_come_apart_and_together(void **state)
{
	(void)state;
	assert_url("HTTP://u:p%2f@h:80/a b?q#f g", "http://u:p%2F@h:80/a%20b?q#f%20g");
	assert_url("mailto:a@b", "mailto:a@b");
	assert_url("http://[::1", "parse \"http://[::1\": missing ']' in host");
	assert_url(
		"http://[1::2::3]/",
		"parse \"http://[1::2::3]/\": invalid host: ParseAddr(\"1::2::3\"): multiple :: in "
		"address (at \":3\")");
	assert_url("a:b:c", "a:b:c");
	assert_url(":a", "parse \":a\": missing protocol scheme");
	assert_url("/%zz", "parse \"/%zz\": invalid URL escape \"%zz\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hashes_of_the_standards_examples),
		cmocka_unit_test(test_a_long_text_is_hashed_in_blocks),
		cmocka_unit_test(test_sha256_is_the_same_on_every_processor),
		cmocka_unit_test(test_base64_names_the_byte_that_is_wrong),
		cmocka_unit_test(test_pem_blocks_survive_a_round_trip),
		cmocka_unit_test(test_urls_come_apart_and_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
