#ifndef CMD_HELP_PAGE_H
#define CMD_HELP_PAGE_H

// What `cleat COMMAND --help` prints, in parts, for manual pages, the manual and completions.

#include "base/diag.h"
#include "cmd/commands.h"

typedef struct HelpOption {
	Str heading;  // set: a heading, nothing else is
	char letter;  // or 0
	Str name;     // "values"
	Str argument; // "FILE", empty for flags
	Str help;
} HelpOption;

typedef struct HelpPage {
	const Command *command;
	Str *usages; // "cleat render [NAME] [CHART] [options]"
	size_t usage_count, usage_cap;
	Str summary; // the lines above the options
	HelpOption *options;
	size_t option_count, option_cap;
} HelpPage;

// The page of a command that --help shows (one with a summary).
HelpPage help_page(Arena *arena, const Command *command);
const HelpOption *help_page_find(const HelpPage *page, Str name);
const HelpOption *help_page_find_letter(const HelpPage *page, char letter);

// An example of a command: it is run by the tests in a copy of this repository.
typedef struct HelpExample {
	const char *command; // name of the command
	const char *line;    // what to type
	const char *says;    // what it is for
	int exit;            // the code it ends with
} HelpExample;

extern const HelpExample HELP_EXAMPLES[]; // a row without command ends it

#endif
