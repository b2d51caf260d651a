// Reading and writing baselines.

#include "lint/baseline.h"

void baseline_apply(Arena *arena, Str text, Findings *findings, size_t *mended)
{
	Map *known = map_new(arena, &TYPE_ANY_MAP);
	Str line;

	*mended = 0;
	while (str_line(&text, &line)) {
		size_t end = str_find_byte(line, ' ');
		Str fingerprint = str_trim_ascii(str_to(line, end == STR_NONE ? line.len : end));
		if (fingerprint.len && fingerprint.p[0] != '#')
			map_set(arena, known, fingerprint, value_bool(false));
	}
	for (size_t i = 0; i < findings->len; i++) {
		Finding *finding = findings->items[i];
		Value *entry = map_get(known, finding->fingerprint);
		if (!entry)
			continue;
		entry->b = true;
		if (finding->state == FINDING_NEW)
			finding->state = FINDING_KNOWN;
	}
	for (size_t i = 0; i < known->len; i++)
		*mended += !known->entries[i].value.b;
}

Str baseline_write(Arena *arena, const Findings *findings)
{
	Buf buf = buf_new(arena);

	buf_c(&buf, "# Findings that are known: cleat lint --baseline this-file. Remove a line to "
	            "see its finding again.\n");
	for (size_t i = 0; i < findings->len; i++) {
		const Finding *finding = findings->items[i];
		if (finding->state == FINDING_SUPPRESSED)
			continue;
		buf_str(&buf, finding->fingerprint);
		buf_byte(&buf, ' ');
		buf_c(&buf, finding->rule->id);
		buf_byte(&buf, ' ');
		buf_str(&buf, diag_escape(arena, finding->resource));
		buf_byte(&buf, '\n');
	}
	return buf_view(&buf);
}
