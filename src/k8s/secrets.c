#include "k8s/secrets.h"

#include "base/buf.h"

#include <string.h>

static const char *length_class(size_t len)
{
	if (len < 8)
		return "under 8";
	if (len < 16)
		return "8 to 15";
	if (len < 32)
		return "16 to 31";
	return len < 64 ? "32 to 63" : "64 or more";
}

// Too short a text would be given away by its ends.
#define ENDS_SHOWN_FROM 8

Str secret_mask(Arena *arena, Str text)
{
	Buf buf = buf_new(arena);
	Str inside = str_trim_ascii(text);
	bool ends = inside.len >= ENDS_SHOWN_FROM && (unsigned char)inside.p[0] < 0x80 &&
	            (unsigned char)inside.p[inside.len - 1] < 0x80;

	if (ends)
		buf_byte(&buf, inside.p[0]);
	buf_c(&buf, "********");
	if (ends)
		buf_byte(&buf, inside.p[inside.len - 1]);
	buf_printf(&buf, " (%s characters)", length_class(inside.len));
	return buf_view(&buf);
}

Str secret_mask_after_colon(Arena *arena, Str line)
{
	size_t colon = str_find(line, S(": "));

	if (colon == STR_NONE)
		return secret_mask(arena, line);
	return str_concat(arena, str_to(line, colon + 2),
	                  secret_mask(arena, str_from(line, colon + 2)));
}

// Parts of names that mean a credential, in small letters, and those that only look as if they did.
static const char *const SECRET_WORDS[] = {"password",   "passwd",      "passphrase", "secret",
                                           "token",      "apikey",      "api_key",    "api-key",
                                           "access_key", "accesskey",   "access-key", "private_key",
                                           "privatekey", "private-key", "credential"};
static const char *const HARMLESS_WORDS[] = {
	"secretname",  "secret_name", "secret-name",    "secretref",  "secretkeyref",
	"tokenreview", "token_url",   "tokenurl",       "token_path", "secretstore",
	"_file",       "-file",       "existingsecret", "pullsecret"};

static bool contains_any(Str name, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_contains(name, str_c(words[i])))
			return true;
	return false;
}

bool secret_is_name(Str name)
{
	char small[128];
	size_t len = name.len < sizeof small
	                     ? name.len
	                     : sizeof small; // a longer name is judged by its beginning
	Str lower = {small, len, NULL};

	for (size_t i = 0; i < len; i++)
		small[i] =
			name.p[i] >= 'A' && name.p[i] <= 'Z' ? (char)(name.p[i] | 0x20) : name.p[i];
	return contains_any(lower, SECRET_WORDS, sizeof SECRET_WORDS / sizeof *SECRET_WORDS) &&
	       !contains_any(lower, HARMLESS_WORDS, sizeof HARMLESS_WORDS / sizeof *HARMLESS_WORDS);
}

// What stands inside the last "[...]" of "env[NAME].value", or the last key.
static Str last_name(Str path)
{
	size_t open = str_rfind(path, S("[")), close = str_rfind(path, S("]"));
	size_t dot = str_rfind(path, S("."));
	Str last = dot == STR_NONE ? path : str_from(path, dot + 1);

	if (str_is(last, "value") && open != STR_NONE && close != STR_NONE && open < close)
		return str_slice(path, open + 1, close);
	return last;
}

bool secret_is_path(Str kind, Str path, const Node *node)
{
	(void)node;
	if (str_is(kind, "Secret") &&
	    (str_has_prefix(path, S("data")) || str_has_prefix(path, S("stringData"))))
		return true;
	return secret_is_name(last_name(path));
}
