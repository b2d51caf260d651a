// Writes src/base/print_table.c: the runes that Go's strconv.IsPrint calls printable (letters, marks,
// numbers, punctuation, symbols, the ASCII space), as utf8proc's Unicode data has them.
//
//	cc -o make-isprint tools/make-isprint.c -lutf8proc && ./make-isprint > src/base/print_table.c
//
// Go 1.25 has Unicode 15.0.0, so that is the version it insists on.

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#define GO_UNICODE "15.0.0"

static bool is_print(utf8proc_int32_t rune)
{
	if (rune == ' ')
		return true;
	return strchr("LMNPS", utf8proc_category_string(rune)[0]) != NULL;
}

static void table(const char *type, const char *name, utf8proc_int32_t from, utf8proc_int32_t to)
{
	size_t on_line = 0;

	printf("\nconst %s %s[][2] = {", type, name);
	for (utf8proc_int32_t rune = from; rune < to; rune++) {
		if (!is_print(rune))
			continue;
		utf8proc_int32_t first = rune;
		while (rune + 1 < to && is_print(rune + 1))
			rune++;
		printf("%s{0x%x, 0x%x},", on_line++ % 5 ? " " : "\n\t", (unsigned)first,
		       (unsigned)rune);
	}
	printf("\n};\nconst size_t %s_len = sizeof %s / sizeof *%s;\n", name, name, name);
}

int main(void)
{
	if (strcmp(utf8proc_unicode_version(), GO_UNICODE) != 0) {
		fprintf(stderr, "make-isprint: utf8proc has Unicode %s, Go has %s\n",
		        utf8proc_unicode_version(), GO_UNICODE);
		return 1;
	}
	printf("// Made by tools/make-isprint.c from Unicode %s: first and last rune of each "
	       "printable run.\n\n"
	       "// clang-format off\n\n#include \"base/print_table.h\"\n",
	       GO_UNICODE);
	table("uint16_t", "print_table_16", 0, 0x10000);
	table("uint32_t", "print_table_32", 0x10000, 0x110000);
	return 0;
}
