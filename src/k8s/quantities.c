// Kubernetes quantities, as apimachinery's resource.Quantity reads them.

#include "k8s/quantities.h"

#include <stdlib.h>
#include <string.h>

typedef struct Suffix {
	const char *text;
	double factor; // of one, in thousandths
} Suffix;

static const Suffix suffixes[] = {
	{"", 1e3},
	{"n", 1e-6},
	{"u", 1e-3},
	{"m", 1},
	{"k", 1e6},
	{"M", 1e9},
	{"G", 1e12},
	{"T", 1e15},
	{"P", 1e18},
	{"E", 1e21},
	{"Ki", 1024e3},
	{"Mi", 1048576e3},
	{"Gi", 1073741824e3},
	{"Ti", 1099511627776e3},
	{"Pi", 1125899906842624e3},
	{"Ei", 1152921504606846976e3},
};

static int64_t clamp(double d)
{
	if (d >= 9.2e18)
		return INT64_MAX;
	if (d <= -9.2e18)
		return INT64_MIN;
	return (int64_t)(d < 0 ? d - 0.5 : d + 0.5);
}

bool quantity_parse(Str text, int64_t *thousandths)
{
	char number[64];
	size_t len = 0;
	double d;

	text = str_trim_ascii(text);
	while (len < text.len && strchr("+-.0123456789", text.p[len]) != NULL)
		len++;
	if (len + 1 < text.len && (text.p[len] == 'e' || text.p[len] == 'E') &&
	    strchr("+-0123456789", text.p[len + 1]) != NULL) {
		len += 2;
		while (len < text.len && text.p[len] >= '0' && text.p[len] <= '9')
			len++;
	}
	if (!len || len >= sizeof number)
		return false;
	memcpy(number, text.p, len);
	number[len] = '\0';
	char *end;
	d = strtod(number, &end);
	if (*end)
		return false;
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		if (!str_is(str_from(text, len), suffixes[i].text))
			continue;
		*thousandths = clamp(d * suffixes[i].factor);
		return true;
	}
	return false;
}

Str quantity_text(Arena *arena, int64_t thousandths, bool binary)
{
	static const char *const names[] = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
	int64_t whole = thousandths / 1000;
	size_t step = 0;

	if (thousandths % 1000)
		return str_printf(arena, "%lldm", (long long)thousandths);
	while (binary && step < 6 && whole && whole % 1024 == 0) {
		whole /= 1024;
		step++;
	}
	return str_printf(arena, "%lld%s", (long long)whole, names[step]);
}

int64_t quantity_add(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

int64_t quantity_times(int64_t a, int64_t count)
{
	int64_t product;

	return __builtin_mul_overflow(a, count, &product) ? INT64_MAX : product;
}
