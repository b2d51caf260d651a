// Go's package fmt. The order of decisions is fmt's, since what wrong verbs, flags and operands print is
// seen by users as much as what right ones print.

#include "template/format.h"

#include "base/num.h"

#include <string.h>

// fmt's limit for widths and precisions.
#define NUMBER_MAX 1000000
// Values nest at most so deep before printing stops: a map that holds itself has no end (Go dies of it).
#define DEPTH_MAX 4000
// What pointers print as. Go prints an address, another one in every run.
#define ADDRESS 0xc000010000u
// But what needs no memory is always at this one place in Helm 4.1.4.
#define ADDRESS_OF_NOTHING 0x4029440u

typedef struct Printer {
	Text *out;
	Buf scratch;          // a number or quoted string in the making
	const Origin *origin; // of the leaf that is being printed
	int width, precision;
	bool has_width, has_precision;
	bool minus, plus, sharp, space, zero;
	bool plus_v, sharp_v; // %+v and %#v: the flags mean something else there
	bool erroring;        // inside %!verb(type=value): methods are not called
	bool stopped;         // DEPTH_MAX was met
	bool reordered, good_index;
	int depth;
} Printer;

static void print_value(Printer *p, const Value *v, uint32_t verb, int depth);
static void print_arg(Printer *p, const Value *v, uint32_t verb);

static void clear_flags(Printer *p)
{
	p->width = p->precision = 0;
	p->has_width = p->has_precision = false;
	p->minus = p->plus = p->sharp = p->space = p->zero = false;
	p->plus_v = p->sharp_v = false;
}

static Printer printer_new(Text *out)
{
	Printer p;

	memset(&p, 0, sizeof p);
	p.out = out;
	p.scratch = buf_new(out->buf.arena);
	return p;
}

// --- writing with padding ---

static void write_c(Printer *p, const char *text)
{
	text_bytes(p->out, text, strlen(text));
}

static void write_padding(Printer *p, long count)
{
	if (count > 0)
		text_fill(p->out, p->zero && !p->minus ? '0' : ' ', (size_t)count);
}

static long padding(const Printer *p, Str s)
{
	return p->has_width && p->width ? p->width - (long)utf8_count(s) : 0;
}

// A string that prints as it is.
static void pad_own(Printer *p, Str s)
{
	long count = padding(p, s);

	if (!p->minus)
		write_padding(p, count);
	text_write(p->out, s);
	if (p->minus)
		write_padding(p, count);
}

// Bytes made from the leaf at hand.
static void pad_made(Printer *p, Str s)
{
	long count = padding(p, s);

	if (!p->minus)
		write_padding(p, count);
	if (p->origin)
		text_write_as(p->out, s, (Str){p->origin->base, 0, p->origin});
	else
		text_bytes(p->out, s.p, s.len);
	if (p->minus)
		write_padding(p, count);
}

static void pad_made_without_zeros(Printer *p, Str s)
{
	bool zero = p->zero;

	p->zero = false;
	pad_made(p, s);
	p->zero = zero;
}

// --- wrong verbs ---

static void write_bang(Printer *p, uint32_t verb, const char *rest)
{
	write_c(p, "%!");
	text_rune(p->out, verb);
	write_c(p, rest);
}

static void bad_verb(Printer *p, const Value *v, uint32_t verb)
{
	bool erroring = p->erroring;

	p->erroring = true;
	write_bang(p, verb, "(");
	if (value_is_null(v)) {
		write_c(p, "<nil>");
	} else {
		Str name = value_type_name(v);
		text_bytes(p->out, name.p, name.len);
		text_byte(p->out, '=');
		print_arg(p, v, 'v');
	}
	text_byte(p->out, ')');
	p->erroring = erroring;
}

// --- scalars ---

static void print_bool(Printer *p, const Value *v, bool b, uint32_t verb)
{
	if (verb != 't' && verb != 'v') {
		bad_verb(p, v, verb);
		return;
	}
	pad_made(p, b ? S("true") : S("false"));
}

static void upper_scratch(Printer *p, size_t from)
{
	for (size_t i = from; i < p->scratch.len; i++)
		if (p->scratch.p[i] >= 'a' && p->scratch.p[i] <= 'z')
			p->scratch.p[i] = (char)(p->scratch.p[i] - 'a' + 'A');
}

// The sign and the prefix (0x) of the number.
static void write_int_prefix(Printer *p, bool negative, int base, uint32_t verb, bool leading_zero)
{
	Buf *s = &p->scratch;

	if (negative)
		buf_byte(s, '-');
	else if (p->plus)
		buf_byte(s, '+');
	else if (p->space)
		buf_byte(s, ' ');
	if (verb == 'O')
		buf_c(s, "0o");
	if (!p->sharp)
		return;
	if (base == 2)
		buf_c(s, "0b");
	else if (base == 8 && !leading_zero)
		buf_byte(s, '0');
	else if (base == 16)
		buf_c(s, verb == 'X' ? "0X" : "0x");
}

static void format_integer(Printer *p, uint64_t u, bool is_signed, int base, uint32_t verb)
{
	bool negative = is_signed && (int64_t)u < 0;
	long digits_min = 0;
	char digits[64];
	Buf number = {p->scratch.arena, digits, 0, sizeof digits}; // 64 digits always fit

	if (negative)
		u = 0 - u;
	if (p->has_precision) {
		digits_min = p->precision;
		if (digits_min == 0 && u == 0) {
			text_fill(p->out, ' ', p->has_width ? (size_t)p->width : 0);
			return;
		}
	} else if (p->zero && !p->minus && p->has_width) {
		digits_min = p->width - (negative || p->plus || p->space);
	}
	num_format_uint(&number, u, base);
	p->scratch.len = 0;
	write_int_prefix(p, negative, base, verb,
	                 (long)number.len < digits_min || digits[0] == '0');
	if (digits_min > (long)number.len)
		buf_fill(&p->scratch, '0', (size_t)(digits_min - (long)number.len));
	buf_bytes(&p->scratch, digits, number.len);
	if (verb == 'X')
		upper_scratch(p, p->scratch.len - number.len);
	pad_made_without_zeros(p, buf_view(&p->scratch));
}

static void format_0x(Printer *p, uint64_t u, bool prefix)
{
	bool sharp = p->sharp;

	p->sharp = prefix;
	format_integer(p, u, false, 16, 'v');
	p->sharp = sharp;
}

// %U: U+0078, with # also 'x'.
static void format_unicode(Printer *p, uint64_t u)
{
	long digits_min = p->has_precision && p->precision > 4 ? p->precision : 4;
	char digits[16];
	Buf number = {p->scratch.arena, digits, 0, sizeof digits}; // 16 digits always fit

	num_format_uint(&number, u, 16);
	p->scratch.len = 0;
	buf_c(&p->scratch, "U+");
	if (digits_min > (long)number.len)
		buf_fill(&p->scratch, '0', (size_t)(digits_min - (long)number.len));
	buf_bytes(&p->scratch, digits, number.len);
	upper_scratch(p, 0);
	if (p->sharp && u <= 0x10FFFF && num_is_print((uint32_t)u)) {
		buf_c(&p->scratch, " '");
		buf_rune(&p->scratch, (uint32_t)u);
		buf_byte(&p->scratch, '\'');
	}
	pad_made_without_zeros(p, buf_view(&p->scratch));
}

static uint32_t valid_rune(uint64_t u)
{
	return u > 0x10FFFF || (u >= 0xD800 && u <= 0xDFFF) ? 0xFFFD : (uint32_t)u;
}

static void print_integer(Printer *p, const Value *v, uint64_t u, bool is_signed, uint32_t verb)
{
	switch (verb) {
	case 'v':
		if (p->sharp_v && !is_signed)
			format_0x(p, u, true);
		else
			format_integer(p, u, is_signed, 10, verb);
		break;
	case 'd':
		format_integer(p, u, is_signed, 10, verb);
		break;
	case 'b':
		format_integer(p, u, is_signed, 2, verb);
		break;
	case 'o':
	case 'O':
		format_integer(p, u, is_signed, 8, verb);
		break;
	case 'x':
	case 'X':
		format_integer(p, u, is_signed, 16, verb);
		break;
	case 'c':
		p->scratch.len = 0;
		buf_rune(&p->scratch, valid_rune(u));
		pad_made(p, buf_view(&p->scratch));
		break;
	case 'q':
		p->scratch.len = 0;
		num_quote_rune(&p->scratch, valid_rune(u), p->plus);
		pad_made(p, buf_view(&p->scratch));
		break;
	case 'U':
		format_unicode(p, u);
		break;
	default:
		bad_verb(p, v, verb);
	}
}

// # keeps the decimal point, and for %g the zeros behind it. scratch holds sign and number.
static void sharpen_float(Printer *p, uint32_t verb, int precision)
{
	Buf *num = &p->scratch;
	char tail[8]; // "e+123", "p-1074"
	size_t tail_len = 0;
	bool point = false, nonzero = false;
	int digits = 0;

	if (verb == 'g' || verb == 'G' || verb == 'x') // not X: so it is in Go
		digits = precision < 0 ? 6 : precision;
	for (size_t i = 1; i < num->len; i++) {
		char c = num->p[i];
		bool is_exponent = c == 'p' || c == 'P' ||
		                   ((c == 'e' || c == 'E') && verb != 'x' && verb != 'X');
		if (is_exponent) {
			tail_len = num->len - i < sizeof tail ? num->len - i : sizeof tail;
			memcpy(tail, num->p + i, tail_len);
			num->len = i;
		} else if (c == '.') {
			point = true;
		} else {
			nonzero |= c != '0';
			digits -= nonzero;
		}
	}
	if (!point) {
		if (num->len == 2 && num->p[1] == '0')
			digits--;
		buf_byte(num, '.');
	}
	if (digits > 0)
		buf_fill(num, '0', (size_t)digits);
	buf_bytes(num, tail, tail_len);
}

static void format_float(Printer *p, double f, int bits, char verb, int precision)
{
	Buf *num = &p->scratch;
	Str text;

	if (p->has_precision)
		precision = p->precision;
	num->len = 0;
	buf_byte(num, '+');
	num_format_float_bits(num, f, verb, precision, bits);
	if (num->p[1] == '-' || num->p[1] == '+') {
		memmove(num->p, num->p + 1, num->len - 1);
		num->len--;
	}
	if (p->space && num->p[0] == '+' && !p->plus)
		num->p[0] = ' ';
	if (num->p[1] == 'I' || num->p[1] == 'N') {
		text = buf_view(num);
		pad_made_without_zeros(
			p, text.p[1] == 'N' && !p->space && !p->plus ? str_from(text, 1) : text);
		return;
	}
	if (p->sharp && verb != 'b')
		sharpen_float(p, (uint32_t)verb, precision);
	text = buf_view(num);
	if (!p->plus && text.p[0] == '+') {
		pad_made(p, str_from(text, 1));
	} else if (p->zero && !p->minus && p->has_width && p->width > (int)text.len) {
		bool has_width = p->has_width;
		long zeros = p->width - (long)text.len;
		p->has_width = false;
		pad_made(p, str_to(text, 1));
		text_fill(p->out, '0', (size_t)zeros);
		pad_made(p, str_from(text, 1));
		p->has_width = has_width;
	} else {
		pad_made(p, text);
	}
}

// False where the verb is none for floats.
static bool try_float(Printer *p, double f, int bits, uint32_t verb)
{
	switch (verb) {
	case 'v':
		format_float(p, f, bits, 'g', -1);
		return true;
	case 'b':
	case 'g':
	case 'G':
	case 'x':
	case 'X':
		format_float(p, f, bits, (char)verb, -1);
		return true;
	case 'f':
	case 'e':
	case 'E':
		format_float(p, f, bits, (char)verb, 6);
		return true;
	case 'F':
		format_float(p, f, bits, 'f', 6);
		return true;
	}
	return false;
}

static void print_complex(Printer *p, const Value *v, uint32_t verb)
{
	bool plus = p->plus;

	if (!verb || verb > 127 || !strchr("vbgGxXfFeE", (int)verb)) {
		bad_verb(p, v, verb);
		return;
	}
	text_byte(p->out, '(');
	try_float(p, v->c.re, 64, verb);
	p->plus = true;
	try_float(p, v->c.im, 64, verb);
	write_c(p, "i)");
	p->plus = plus;
}

// --- strings ---

// The first `precision` runes.
static Str truncated(const Printer *p, Str s)
{
	size_t at = 0;
	uint32_t rune;

	if (!p->has_precision)
		return s;
	for (int n = p->precision; n > 0 && at < s.len; n--)
		at += utf8_decode(str_from(s, at), &rune);
	return str_to(s, at);
}

static bool can_backquote(Str s)
{
	while (s.len) {
		uint32_t rune;
		size_t size = utf8_decode(s, &rune);
		if (rune == 0xFEFF || (size == 1 && rune == 0xFFFD))
			return false;
		if ((rune < ' ' && rune != '\t') || rune == '`' || rune == 0x7F)
			return false;
		s = str_from(s, size);
	}
	return true;
}

static void write_quoted(Printer *p, Str s, char mark)
{
	text_byte(p->out, mark);
	text_write(p->out, s);
	text_byte(p->out, mark);
}

static void format_quoted(Printer *p, Str s)
{
	const Origin *origin = p->origin;
	bool raw;
	Str quoted;

	s = truncated(p, s);
	raw = p->sharp && can_backquote(s);
	p->scratch.len = 0;
	if (!raw && p->plus)
		num_quote_ascii(&p->scratch, s);
	else if (!raw)
		num_quote(&p->scratch, s);
	quoted = buf_view(&p->scratch);
	if (raw ||
	    quoted.len == s.len + 2) { // nothing had to be escaped: the bytes keep their origins
		long count = p->has_width && p->width ? p->width - (long)utf8_count(s) - 2 : 0;
		if (!p->minus)
			write_padding(p, count);
		write_quoted(p, s, raw ? '`' : '"');
		if (p->minus)
			write_padding(p, count);
		return;
	}
	if (s.origin)
		p->origin = s.origin;
	pad_made(p, quoted);
	p->origin = origin;
}

static void format_hex(Printer *p, Str s, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	const char *prefix = upper ? "0X" : "0x";
	Buf *out = &p->scratch;

	if (p->has_precision && (size_t)p->precision < s.len)
		s = str_to(s, (size_t)p->precision);
	if (!s.len) {
		if (p->has_width)
			write_padding(p, p->width);
		return;
	}
	out->len = 0;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (p->space && i)
			buf_byte(out, ' ');
		if (p->sharp && (p->space || !i))
			buf_bytes(out, prefix, 2);
		buf_byte(out, digits[c >> 4]);
		buf_byte(out, digits[c & 15]);
	}
	if (s.origin)
		p->origin = s.origin;
	pad_made(p, buf_view(out));
}

// False where the verb is none for strings.
static bool try_string(Printer *p, Str s, uint32_t verb)
{
	switch (verb) {
	case 'v':
		if (p->sharp_v)
			format_quoted(p, s);
		else
			pad_own(p, truncated(p, s));
		return true;
	case 's':
		pad_own(p, truncated(p, s));
		return true;
	case 'x':
	case 'X':
		format_hex(p, s, verb == 'X');
		return true;
	case 'q':
		format_quoted(p, s);
		return true;
	}
	return false;
}

// --- lists and maps ---

static bool is_bytes(const List *list)
{
	return list->type->elem == V_UINT8;
}

static Str list_bytes(Printer *p, const List *list)
{
	Buf bytes = buf_new(p->scratch.arena);

	for (size_t i = 0; i < list->len; i++)
		buf_byte(&bytes, (char)list->items[i].u);
	return buf_view(&bytes);
}

static void write_separator(Printer *p, size_t index)
{
	if (index)
		write_c(p, p->sharp_v ? ", " : " ");
}

// What stands before the elements; true where that is already all.
static bool write_open(Printer *p, const char *type_name, bool nil, const char *plain)
{
	if (!p->sharp_v) {
		write_c(p, plain);
		return false;
	}
	write_c(p, type_name);
	write_c(p, nil ? "(nil)" : "{");
	return nil;
}

// Stops printing for good where values nest too deep.
static bool enter(Printer *p)
{
	if (!p->stopped && ++p->depth > DEPTH_MAX) {
		p->stopped = true;
		write_c(p, "%!v(TOODEEP)");
	}
	return !p->stopped;
}

// An element of a list or map, or a field: nil in an interface prints <nil> whatever the verb is.
static void print_element(Printer *p, const Value *v, uint32_t verb, int depth)
{
	if (value_is_null(v))
		write_c(p, p->sharp_v ? "interface {}(nil)" : "<nil>");
	else if (enter(p)) {
		print_value(p, v, verb, depth + 1);
		p->depth--;
	}
}

static void print_list(Printer *p, const List *list, const char *type_name, uint32_t verb,
                       int depth)
{
	if (write_open(p, type_name, list->nil, "["))
		return;
	for (size_t i = 0; i < list->len && !p->stopped; i++) {
		write_separator(p, i);
		print_element(p, &list->items[i], verb, depth);
	}
	write_c(p, p->sharp_v ? "}" : "]");
}

// A []byte itself (not inside another value) has a way of its own.
static void print_bytes(Printer *p, const Value *v, uint32_t verb)
{
	const List *list = v->list;

	if (verb == 's' || verb == 'x' || verb == 'X' || verb == 'q') {
		Str bytes = list_bytes(p, list);
		bytes.origin = v->origin;
		try_string(p, bytes, verb);
	} else {
		print_list(p, list, verb == 'v' || verb == 'd' ? "[]byte" : list->type->name, verb,
		           0);
	}
}

static void print_map(Printer *p, Map *map, const char *type_name, uint32_t verb, int depth)
{
	if (write_open(p, type_name, map->nil, "map["))
		return;
	map_sort(map);
	for (size_t i = 0; i < map->len && !p->stopped; i++) {
		Value key = value_str(map->entries[i].key);
		write_separator(p, i);
		print_value(p, &key, verb, depth + 1);
		text_byte(p->out, ':');
		print_element(p, &map->entries[i].value, verb, depth);
	}
	write_c(p, p->sharp_v ? "}" : "]");
}

// --- pointers and objects ---

static void print_pointer(Printer *p, const Value *v, bool nil, uint32_t verb)
{
	uint64_t address = ADDRESS;

	if (nil)
		address = 0;
	else if (v->kind == V_OBJECT && v->object->type->address)
		address = v->object->type->address;
	else if (v->kind == V_LIST && !v->list->len && !v->list->go_cap)
		address = ADDRESS_OF_NOTHING;

	switch (verb) {
	case 'v':
		if (p->sharp_v) {
			Str name = value_type_name(v);
			text_byte(p->out, '(');
			text_bytes(p->out, name.p, name.len);
			write_c(p, ")(");
			if (nil)
				write_c(p, "nil");
			else
				format_0x(p, address, true);
			text_byte(p->out, ')');
		} else if (nil) {
			pad_own(p, S("<nil>"));
		} else {
			format_0x(p, address, !p->sharp);
		}
		break;
	case 'p':
		format_0x(p, address, !p->sharp);
		break;
	case 'b':
	case 'o':
	case 'd':
	case 'x':
	case 'X':
		print_integer(p, v, address, false, verb);
		break;
	default:
		bad_verb(p, v, verb);
	}
}

static bool object_is(const Object *object, const char *kind)
{
	return object->type->kind_name && strcmp(object->type->kind_name, kind) == 0;
}

static Value object_field(const Object *object, size_t index)
{
	Value v = value_nil();

	if (object->type->all_fields)
		v = object->type->all_field(object, index);
	else if (object->field)
		object->field(object, str_c(object->type->fields[index]), &v);
	else if (object->fields)
		v = object->fields[index];
	return v;
}

static void print_struct(Printer *p, const Object *object, uint32_t verb, int depth)
{
	const char *name = object->type->name;
	const Type *type = object->type;
	const char *const *fields = type->all_fields ? type->all_fields : type->fields;

	if (p->sharp_v)
		write_c(p, name + (name[0] == '*'));
	text_byte(p->out, '{');
	for (size_t i = 0; fields && fields[i] && !p->stopped; i++) {
		Value field = object_field(object, i);
		write_separator(p, i);
		if (p->plus_v || p->sharp_v) {
			write_c(p, fields[i]);
			text_byte(p->out, ':');
		}
		print_element(p, &field, verb, depth);
	}
	text_byte(p->out, '}');
}

// String() or Error(). False where the object has none, or the verb does not ask for it.
static bool print_method(Printer *p, const Object *object, uint32_t verb)
{
	Buf text = buf_new(p->scratch.arena);

	if (!p->erroring && p->sharp_v && object->type->go_string &&
	    object->type->go_string(object, &text)) {
		Str s = buf_view(&text);
		pad_own(p, truncated(p, s));
		return true;
	}
	if (p->erroring || p->sharp_v || !object->type->format || verb > 127 ||
	    !strchr("vsxXq", (int)verb))
		return false;
	if (object->nil) {
		write_c(p, "<nil>");
		return true;
	}
	if (!object->type->format(object, &text))
		return false;
	{
		Str s = buf_view(&text);
		s.origin = p->origin;
		return try_string(p, s, verb);
	}
}

// A file's bytes inside something that is printed: numbers, written without making a Value of each first. Charts do
// print whole dots by mistake, with megabytes of files in them.
static void print_byte_list(Printer *p, Str bytes)
{
	buf_reserve(&p->out->buf, bytes.len * 4 + 2);
	text_byte(p->out, '[');
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned byte = (unsigned char)bytes.p[i];
		char digits[4] = {(char)('0' + byte / 100), (char)('0' + byte / 10 % 10),
		                  (char)('0' + byte % 10)};
		size_t skip = byte >= 100 ? 0 : byte >= 10 ? 1 : 2;
		if (i)
			text_byte(p->out, ' ');
		text_bytes(p->out, digits + skip, 3 - skip);
	}
	text_byte(p->out, ']');
}

static void print_object(Printer *p, const Value *v, uint32_t verb, int depth)
{
	Str bytes;
	const Object *object = v->object;
	const Type *type = object->type;

	if (print_method(p, object, verb))
		return;
	if (depth > 0 && verb == 'v' && !p->sharp_v && !p->plus_v && !p->has_width && type->bytes &&
	    type->bytes(object, &bytes)) {
		print_byte_list(p, bytes);
		return;
	}
	if (type->underlying) {
		Value under = type->underlying(object);
		if (value_is_int(&under))
			print_integer(p, v, under.u, true, verb);
		else if (value_is_uint(&under))
			print_integer(p, v, under.u, false, verb);
		else if (under.kind == V_BOOL)
			print_bool(p, v, under.b, verb);
		else if (value_is_float(&under)
		                 ? !try_float(p, under.f, 64, verb)
		                 : under.kind != V_STRING ||
		                           !try_string(p, value_as_str(&under), verb))
			bad_verb(p, v, verb);
	} else if (type->as_container) {
		Value under = type->as_container(object);
		if (under.kind == V_MAP)
			print_map(p, under.map, type->name, verb, depth);
		else if (under.kind == V_LIST && is_bytes(under.list))
			print_value(p, &under, verb, depth);
		else if (under.kind == V_LIST)
			print_list(p, under.list, type->name, verb, depth);
		else
			bad_verb(p, v, verb);
	} else if (type->name[0] != '*' && !object_is(object, "ptr")) {
		print_struct(p, object, verb, depth);
	} else if (depth == 0 && !object->nil) {
		text_byte(p->out, '&');
		print_struct(p, object, verb, depth + 1);
	} else {
		print_pointer(p, v, object->nil, verb);
	}
}

// --- any value ---

static void print_value(Printer *p, const Value *v, uint32_t verb, int depth)
{
	const Origin *origin = p->origin;

	p->origin = v->origin;
	if (verb == 'w' && !p->erroring && depth > 0) {
		bad_verb(p, v, verb);
		p->origin = origin;
		return;
	}
	switch ((ValueKind)v->kind) {
	case V_INVALID:
	case V_NIL:
		write_c(p, "<nil>");
		break;
	case V_BOOL:
		print_bool(p, v, v->b, verb);
		break;
	case V_FLOAT32:
	case V_FLOAT64:
		if (!try_float(p, v->f, v->kind == V_FLOAT32 ? 32 : 64, verb))
			bad_verb(p, v, verb);
		break;
	case V_COMPLEX128:
		print_complex(p, v, verb);
		break;
	case V_STRING:
		if (!try_string(p, value_as_str(v), verb))
			bad_verb(p, v, verb);
		break;
	case V_LIST:
		if (is_bytes(v->list) && (depth == 0 || (verb < 127 && strchr("sqxX", (int)verb))))
			print_bytes(p, v, verb);
		else
			print_list(p, v->list, v->list->type->name, verb, depth);
		break;
	case V_MAP:
		print_map(p, v->map, value_map_type(v)->name, verb, depth);
		break;
	case V_OBJECT:
		print_object(p, v, verb, depth);
		break;
	case V_FUNC:
		print_pointer(p, v, v->func == NULL, verb);
		break;
	default:
		print_integer(p, v, v->u, value_is_int(v), verb);
	}
	p->origin = origin;
}

static bool has_address(const Value *v, bool *nil)
{
	switch (v->kind) {
	case V_LIST:
		*nil = v->list->nil;
		return true;
	case V_MAP:
		*nil = v->map->nil;
		return true;
	case V_FUNC:
		*nil = !v->func;
		return true;
	case V_OBJECT:
		*nil = v->object->nil;
		return v->object->type->name[0] == '*' || object_is(v->object, "ptr") ||
		       object_is(v->object, "map") || object_is(v->object, "slice");
	}
	return false;
}

// Whether v is looked at for methods, of which %w wants Error: bytes are not, a file's neither.
static bool may_have_methods(const Value *v)
{
	return v->kind == V_MAP || v->kind == V_FUNC || (v->kind == V_LIST && !is_bytes(v->list)) ||
	       (v->kind == V_OBJECT && !v->object->type->bytes);
}

static void print_arg(Printer *p, const Value *v, uint32_t verb)
{
	bool nil;

	if (value_is_null(v)) {
		if (verb == 'T' || verb == 'v')
			pad_own(p, S("<nil>"));
		else
			bad_verb(p, v, verb);
	} else if (verb == 'T') {
		pad_own(p, truncated(p, value_type_name(v)));
	} else if (verb == 'p') {
		if (has_address(v, &nil))
			print_pointer(p, v, nil, verb);
		else
			bad_verb(p, v, verb);
	} else if (verb == 'w' && may_have_methods(v) && !p->erroring) {
		bad_verb(p, v, verb);
	} else {
		print_value(p, v, verb, 0);
	}
}

// --- formats ---

// A format being read.
typedef struct Format {
	Str text;
	size_t at;
	const Value *args;
	size_t count, next; // next: the operand for the next verb
} Format;

static bool at_char(const Format *f, char c)
{
	return f->at < f->text.len && f->text.p[f->at] == c;
}

static bool too_large(int64_t n)
{
	return n > NUMBER_MAX || n < -NUMBER_MAX;
}

// The number at [*at, end). Where it is too large, none, and *at becomes `end`.
static bool parse_number(Str text, size_t *at, size_t end, int *out)
{
	bool any = false;
	int n = 0;

	*out = 0;
	if (*at >= end) {
		*at = end;
		return false;
	}
	for (; *at < end && text.p[*at] >= '0' && text.p[*at] <= '9'; ++*at) {
		if (too_large(n)) {
			*at = end;
			return false;
		}
		n = n * 10 + (text.p[*at] - '0');
		any = true;
	}
	*out = n;
	return any;
}

// The number in brackets at f->at, counted from 0. f->at goes behind the brackets, or by one byte where
// they do not close.
static bool parse_index(Format *f, int *index)
{
	Str rest = str_from(f->text, f->at);
	size_t close, at = 1;
	bool ok;

	*index = 0;
	if (rest.len < 3 || (close = str_find_byte(rest, ']')) == STR_NONE) {
		f->at++;
		return false;
	}
	ok = parse_number(rest, &at, close, index) && at == close;
	f->at += close + 1;
	--*index;
	return ok;
}

// An explicit operand, [n]. True where there was one.
static bool read_index(Printer *p, Format *f)
{
	int index;
	bool ok;

	if (!at_char(f, '['))
		return false;
	p->reordered = true;
	ok = parse_index(f, &index);
	if (ok && index >= 0 && (size_t)index < f->count) {
		f->next = (size_t)index;
		return true;
	}
	p->good_index = false;
	return ok;
}

// The operand that a `*` stands for.
static bool read_int_operand(Format *f, int *out)
{
	const Value *v;
	Value under;
	bool ok;

	*out = 0;
	if (f->next >= f->count)
		return false;
	v = &f->args[f->next++];
	if (v->kind == V_OBJECT && v->object->type->underlying) {
		under = v->object->type->underlying(v->object);
		v = &under;
	}
	ok = value_is_int(v) || (value_is_uint(v) && v->u <= INT64_MAX);
	if (!ok || too_large(v->i))
		return false;
	*out = (int)v->i;
	return true;
}

static void read_flags(Printer *p, Format *f)
{
	for (; f->at < f->text.len; f->at++) {
		switch (f->text.p[f->at]) {
		case '#':
			p->sharp = true;
			break;
		case '0':
			p->zero = true;
			break;
		case '+':
			p->plus = true;
			break;
		case '-':
			p->minus = true;
			break;
		case ' ':
			p->space = true;
			break;
		default:
			return;
		}
	}
}

static void read_width(Printer *p, Format *f, bool *after_index)
{
	if (at_char(f, '*')) {
		f->at++;
		p->has_width = read_int_operand(f, &p->width);
		if (!p->has_width)
			write_c(p, "%!(BADWIDTH)");
		if (p->width < 0) {
			p->width = -p->width;
			p->minus = true;
			p->zero = false;
		}
		*after_index = false;
		return;
	}
	p->has_width = parse_number(f->text, &f->at, f->text.len, &p->width);
	if (*after_index && p->has_width) // "%[3]2d"
		p->good_index = false;
}

static void read_precision(Printer *p, Format *f, bool *after_index)
{
	if (!at_char(f, '.') || f->at + 1 >= f->text.len) // a '.' at the end is the verb
		return;
	f->at++;
	if (*after_index) // "%[3].2d"
		p->good_index = false;
	*after_index = read_index(p, f);
	if (at_char(f, '*')) {
		f->at++;
		p->has_precision = read_int_operand(f, &p->precision);
		if (p->precision < 0) {
			p->precision = 0;
			p->has_precision = false;
		}
		if (!p->has_precision)
			write_c(p, "%!(BADPREC)");
		*after_index = false;
		return;
	}
	if (!parse_number(f->text, &f->at, f->text.len, &p->precision))
		p->precision = 0;
	p->has_precision = true;
}

static void print_verb(Printer *p, Format *f, uint32_t verb)
{
	if (verb == '%') {
		text_byte(p->out, '%');
	} else if (!p->good_index) {
		write_bang(p, verb, "(BADINDEX)");
	} else if (f->next >= f->count) {
		write_bang(p, verb, "(MISSING)");
	} else {
		if (verb == 'v' || verb == 'w') {
			p->sharp_v = p->sharp;
			p->plus_v = p->plus;
			p->sharp = p->plus = false;
		}
		print_arg(p, &f->args[f->next++], verb);
	}
}

static void print_directive(Printer *p, Format *f)
{
	bool after_index;
	uint32_t verb;

	clear_flags(p);
	p->good_index = true;
	read_flags(p, f);
	after_index = read_index(p, f);
	read_width(p, f, &after_index);
	read_precision(p, f, &after_index);
	if (!after_index)
		read_index(p, f);
	if (f->at >= f->text.len) {
		write_c(p, "%!(NOVERB)");
		return;
	}
	f->at += utf8_decode(str_from(f->text, f->at), &verb);
	print_verb(p, f, verb);
}

static void print_extra(Printer *p, const Format *f)
{
	clear_flags(p);
	write_c(p, "%!(EXTRA ");
	for (size_t i = f->next; i < f->count; i++) {
		Str name = value_type_name(&f->args[i]);
		if (i > f->next)
			write_c(p, ", ");
		text_bytes(p->out, name.p, name.len);
		if (value_is_null(&f->args[i]))
			continue;
		text_byte(p->out, '=');
		print_arg(p, &f->args[i], 'v');
	}
	text_byte(p->out, ')');
}

void format_printf(Text *out, Str format, const Value *args, size_t count)
{
	Printer p = printer_new(out);
	Format f = {format, 0, args, count, 0};

	while (f.at < format.len && !p.stopped) {
		Str rest = str_from(format, f.at);
		size_t percent = str_find_byte(rest, '%');
		text_write(out, str_to(rest, percent));
		if (percent == STR_NONE)
			break;
		f.at += percent + 1;
		print_directive(&p, &f);
	}
	if (!p.reordered && f.next < count && !p.stopped)
		print_extra(&p, &f);
}

// --- print and friends ---

static bool prints_as_string(const Value *v)
{
	return v->kind == V_STRING || (v->kind == V_OBJECT && object_is(v->object, "string"));
}

void format_value(Text *out, const Value *v)
{
	if (v->kind == V_STRING) {
		text_write(out, value_as_str(v));
	} else {
		Printer p = printer_new(out);
		print_arg(&p, v, 'v');
	}
}

void format_shown(Text *out, const Value *v)
{
	const Object *object = v->kind == V_OBJECT ? v->object : NULL;

	if (object && !object->nil && object_is(object, "ptr") && !object->type->format) {
		Printer p = printer_new(out);
		print_struct(&p, object, 'v', 0);
	} else {
		format_value(out, v);
	}
}

Str format_to_str(Arena *arena, const Value *v)
{
	Text text;

	if (v->kind == V_STRING)
		return value_as_str(v);
	text = text_new(arena, v->origin != NULL);
	format_value(&text, v);
	return text_str(&text);
}

static void print_each(Text *out, const Value *args, size_t count,
                       void (*write)(Text *out, const Value *v))
{
	bool previous_string = false;

	for (size_t i = 0; i < count; i++) {
		bool string = prints_as_string(&args[i]);
		if (i && !string && !previous_string)
			text_byte(out, ' ');
		write(out, &args[i]);
		previous_string = string;
	}
}

void format_print(Text *out, const Value *args, size_t count)
{
	print_each(out, args, count, format_value);
}

void format_print_shown(Text *out, const Value *args, size_t count)
{
	print_each(out, args, count, format_shown);
}

void format_println(Text *out, const Value *args, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i)
			text_byte(out, ' ');
		format_value(out, &args[i]);
	}
	text_byte(out, '\n');
}

Str format_verb(Arena *arena, const char *format, const Value *v)
{
	Text text = text_new(arena, v->origin != NULL);

	format_printf(&text, str_c(format), v, 1);
	return text_str(&text);
}
