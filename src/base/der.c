#include "base/der.h"

#define TAG_SEQUENCE 16
#define LONG_TAG     0x1f
#define LENGTH_LIMIT (1 << 23)
#define TRUNCATED    "syntax error: data truncated"

typedef struct Head {
	unsigned class, tag;
	bool compound;
	size_t length;
} Head;

// The length behind a tag: one byte, or a count of bytes and those. NULL, or what is wrong with it.
static const char *read_length(Str *rest, size_t *length)
{
	size_t count;

	if (!rest->len)
		return "syntax error: truncated tag or length";
	*length = (unsigned char)rest->p[0];
	*rest = str_from(*rest, 1);
	if (*length < 0x80)
		return NULL;
	count = *length & 0x7f;
	if (!count)
		return "syntax error: indefinite length found (not DER)";
	*length = 0;
	for (size_t i = 0; i < count; i++) {
		if (!rest->len)
			return "syntax error: truncated tag or length";
		if (*length >= LENGTH_LIMIT)
			return "structure error: length too large";
		*length = *length << 8 | (unsigned char)rest->p[0];
		*rest = str_from(*rest, 1);
		if (!*length)
			return "structure error: superfluous leading zeros in length";
	}
	return *length < 0x80 ? "structure error: non-minimal length" : NULL;
}

static const char *read_head(Str *rest, Head *head)
{
	unsigned first;

	if (!rest->len)
		return "syntax error: sequence truncated";
	first = (unsigned char)rest->p[0];
	*head = (Head){first >> 6, first & 0x1f, first & 0x20, 0};
	*rest = str_from(*rest, 1);
	if (head->tag == LONG_TAG)
		return "structure error";
	return read_length(rest, &head->length);
}

static Str asn1(Arena *arena, const char *complaint)
{
	return str_printf(arena, "asn1: %s", complaint);
}

Str der_complaint(Arena *arena, Str der, const char *type, size_t members)
{
	Str rest = der;
	Head head;
	const char *complaint = read_head(&rest, &head);

	if (complaint)
		return asn1(arena, complaint);
	if (head.class || head.tag != TAG_SEQUENCE || !head.compound)
		return str_printf(
			arena,
			"asn1: structure error: tags don't match (16 vs {class:%u tag:%u "
			"length:%zu "
			"isCompound:%s}) {optional:false explicit:false application:false "
			"private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 "
			"set:false "
			"omitEmpty:false} %s @%zu",
			head.class, head.tag, head.length, head.compound ? "true" : "false", type,
			der.len - rest.len);
	if (head.length > rest.len)
		return asn1(arena, TRUNCATED);
	rest = str_to(rest, head.length);
	for (size_t i = 0; i < members; i++) {
		complaint = read_head(&rest, &head);
		if (complaint)
			return asn1(arena, complaint);
		if (head.length > rest.len)
			return asn1(arena, TRUNCATED);
		rest = str_from(rest, head.length);
	}
	return asn1(arena, "structure error");
}
