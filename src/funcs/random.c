// Random text and numbers. All randomness is the engine's, so that --seed makes a render
// repeatable.

#include "base/pem.h"
#include "funcs/families.h"
#include "template/eval.h"

#include <string.h>

static void random_bytes(Call *c, void *out, size_t len)
{
	if (c->eval != NULL)
		engine_random(eval_engine(c->eval), out, len);
	else
		memset(out, 0, len);
}

// A number below `limit`, each as likely as the other: values from the incomplete last round are
// thrown away.
static uint64_t random_below(Call *c, uint64_t limit)
{
	uint64_t rounds_end = UINT64_MAX - UINT64_MAX % limit, n;

	do
		random_bytes(c, &n, sizeof n);
	while (n >= rounds_end && c->eval != NULL);
	return n % limit;
}

// `count` characters of an alphabet; none where count is negative, as Sprig drops that error.
static bool return_characters(Call *c, const char *alphabet)
{
	int64_t count = call_int(c, 0);
	size_t choices = strlen(alphabet), filled = 0;
	size_t limit = 256 / choices * choices, wanted = count > 0 ? (size_t)count : 0;
	Buf buf = buf_new(c->arena);
	uint8_t pool[256];

	buf_reserve(&buf, wanted);
	while (filled < wanted) {
		random_bytes(c, pool, sizeof pool);
		for (size_t i = 0; i < sizeof pool && filled < wanted; i++) {
			if (pool[i] < limit) {
				buf_byte(&buf, alphabet[pool[i] % choices]);
				filled++;
			}
		}
	}
	return call_return_str(c, buf_view(&buf));
}

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS  "0123456789"

static bool rand_alpha(Call *c)
{
	return return_characters(c, LETTERS);
}

static bool rand_alpha_num(Call *c)
{
	return return_characters(c, LETTERS DIGITS);
}

static bool rand_numeric(Call *c)
{
	return return_characters(c, DIGITS);
}

static bool rand_ascii(Call *c)
{
	return return_characters(c, " !\"#$%&'()*+,-./" DIGITS
	                            ":;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
	                            "abcdefghijklmnopqrstuvwxyz{|}~");
}

static bool rand_bytes(Call *c)
{
	int64_t count = call_int(c, 0);
	char *bytes;

	if (count < 0)
		return call_fail(c, "runtime error: makeslice: len out of range");
	bytes = arena_alloc(c->arena, (size_t)count + 1);
	random_bytes(c, bytes, (size_t)count);
	return call_return_str(c, base64_encode(c->arena, str_n(bytes, (size_t)count)));
}

static bool rand_int(Call *c)
{
	// As Go's, the difference and the sum wrap around.
	uint64_t low = (uint64_t)call_int(c, 0), count = (uint64_t)call_int(c, 1) - low;

	if ((int64_t)count <= 0)
		return call_fail(c, "invalid argument to Intn");
	return call_return_int(c, (int64_t)(low + random_below(c, count)));
}

static bool uuidv4(Call *c)
{
	uint8_t b[16];

	random_bytes(c, b, sizeof b);
	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
	return call_return_str(
		c,
		str_printf(c->arena,
	                   "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
	                   b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
	                   b[12], b[13], b[14], b[15]));
}

static bool shuffle(Call *c)
{
	Str text = call_str(c, 0);
	uint32_t *runes = ARENA_ARRAY(c->arena, uint32_t, text.len + 1);
	size_t count = 0;
	Buf buf = buf_new(c->arena);

	while (text.len > 0)
		text = str_from(text, utf8_decode(text, &runes[count++]));
	for (size_t left = count; left > 1; left--) {
		size_t at = (size_t)random_below(c, left);
		uint32_t swapped = runes[at];

		runes[at] = runes[left - 1];
		runes[left - 1] = swapped;
	}
	for (size_t i = 0; i < count; i++)
		buf_rune(&buf, runes[i]);
	return call_return_derived(c, buf_view(&buf));
}

const Func random_funcs[] = {
	{"randAlpha", "int -> string", "n random letters", rand_alpha,
         "{{ randAlpha 5 | regexMatch \"^[A-Za-z]{5}$\" }} => true"},
	{"randAlphaNum", "int -> string", "n random letters and digits", rand_alpha_num,
         "{{ randAlphaNum 5 | regexMatch \"^[A-Za-z0-9]{5}$\" }} => true"},
	{"randAscii", "int -> string", "n random printable ASCII characters", rand_ascii,
         "{{ randAscii 5 | regexMatch \"^[ -~]{5}$\" }} => true"},
	{"randBytes", "int -> string", "n random bytes in base64", rand_bytes,
         "{{ randBytes 24 | b64dec | len }} => 24"},
	{"randInt", "int int -> int",
         "a random whole number from the first up to, not including, the second", rand_int,
         "{{ randInt 7 8 }} => 7"},
	{"randNumeric", "int -> string", "n random digits", rand_numeric,
         "{{ randNumeric 5 | regexMatch \"^[0-9]{5}$\" }} => true"},
	{"shuffle", "string -> string", "the characters in random order", shuffle,
         "{{ shuffle \"aaa\" }} => aaa"},
	{"uuidv4", "-> string", "a random UUID", uuidv4, "{{ uuidv4 | len }} => 36"},
	{NULL, NULL, NULL, NULL, NULL},
};
