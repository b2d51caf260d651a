// Reading and writing baselines.

#include "lint/baseline.h"

#include <string.h>

typedef struct Entry {
	Str fingerprint, rule;
	bool found;
} Entry;

// As findings_number makes them: sixteen digits, and a number where there are several.
static bool is_fingerprint(Str text)
{
	size_t digits = 0;

	while (digits < text.len && strchr("0123456789abcdef", text.p[digits]) != NULL)
		digits++;
	return digits == 16 && (text.len == digits || text.p[digits] == '-');
}

// Entries by their fingerprints.
static bool read_entries(Arena *arena, Str file, Str text, Map *out, Diag *diag)
{
	size_t number = 0;
	Str line;

	while (str_line(&text, &line)) {
		Entry *entry = ARENA_NEW(arena, Entry);
		Str rest = str_trim_ascii(line);
		number++;
		if (!rest.len || rest.p[0] == '#')
			continue;
		str_cut(&rest, S(" "), &entry->fingerprint);
		if (!rest.p || !str_cut(&rest, S(" "), &entry->rule) ||
		    !is_fingerprint(entry->fingerprint))
			return diag_fail(diag,
			                 "%.*s:%zu:1: this is no entry of a baseline, which is a "
			                 "fingerprint, a rule and a resource: write it anew "
			                 "(--write-baseline)",
			                 STR_ARGS(file), number);
		table_put(arena, out, entry->fingerprint, entry);
	}
	return true;
}

static bool was_looked_for(Arena *arena, const Settings *settings, Str id)
{
	const Rule *rule = lint_rule(id);

	return !rule ||
	       settings_severity(settings, arena, id, S(""), rule->severity) != SEVERITY_OFF;
}

bool baseline_apply(Arena *arena, Str file, Str text, const Settings *settings, Findings *findings,
                    size_t *mended, Diag *diag)
{
	Map *known = map_new(arena, &TYPE_ANY_MAP);

	*mended = 0;
	if (!read_entries(arena, file, text, known, diag))
		return false;
	for (size_t i = 0; i < findings->len; i++) {
		Finding *finding = findings->items[i];
		Entry *entry = table_get(known, finding->fingerprint);
		if (!entry)
			continue;
		entry->found = true;
		if (finding->state == FINDING_NEW)
			finding->state = FINDING_KNOWN;
	}
	for (size_t i = 0; i < known->len; i++) {
		const Entry *entry = known->entries[i].value.pointer;
		*mended += !entry->found && was_looked_for(arena, settings, entry->rule);
	}
	return true;
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
