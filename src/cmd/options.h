#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

// Command-line options, described by a table: the table parses them and prints --help. Spelling follows pflag, which
// Helm uses: --name value, --name=value, -n value, -nvalue, -n=value, flags in one (-gn x), "--" ends options, options
// may stand behind arguments.

#include "base/diag.h"
#include "chart/decode.h"

#include <stdio.h>

typedef enum OptionKind {
	OPTION_END,     // ends the table
	OPTION_HEADING, // `help` stands alone above the options that follow
	OPTION_FLAG,    // bool; --name=false is allowed
	OPTION_TEXT,    // Str, the last one counts
	OPTION_MAYBE,   // Str; --name alone means `implied`
	OPTION_LIST,    // StrList, one item each time
	OPTION_CSV,     // StrList, items separated by commas
} OptionKind;

typedef struct Option {
	OptionKind kind;
	const char *name;       // without the dashes
	char letter;            // or 0
	size_t offset;          // of its field in the struct that is filled
	const char *argument;   // what --help calls its value; NULL for flags
	const char *help;       // NULL: not shown
	const char *implied;    // OPTION_MAYBE
	const char *deprecated; // what to use instead: Helm's note goes to standard error
	// Refuses values with Helm's reason; may be NULL.
	bool (*check)(Str value, Diag *diag);
} Option;

typedef struct OptionTable {
	const char *usage;   // "Usage: cleat render [NAME] [CHART] [options]"
	const char *summary; // lines above the options
	const Option *options;
} OptionTable;

// Fills `target` and gathers what is no option in `args`. Notes (deprecations) are added to `notes`. A failure is
// one line in `diag`; the caller exits with 2. `*help` is set where --help or -h was there: nothing else counts then.
bool options_parse(Arena *arena, const OptionTable *table, int argc, char **argv, void *target,
                   StrList *args, Buf *notes, bool *help, Diag *diag);
void options_help(const OptionTable *table, FILE *out);
// Whether the option was given at all.
bool options_given(const OptionTable *table, int argc, char **argv, const char *name);

// auto, always or never, as every command takes it: whether standard output gets colours. NO_COLOR is respected, and so
// is a terminal that says it is dumb.
bool check_colour(Str value, Diag *diag);
bool wants_colour(Str when);

void str_list_push(Arena *arena, StrList *list, Str item);

#endif
