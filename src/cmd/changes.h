#ifndef CMD_CHANGES_H
#define CMD_CHANGES_H

// Printing what differs between two sets of resources: one line a field, with the line that made it below.

#include "cmd/resources.h"

typedef struct ChangeReport {
	Arena *arena;
	const Changes *changes;
	const ResourceSet *before, *after; // for origins
	Str before_name, after_name;       // for titles
	bool colour;
} ChangeReport;

typedef void ChangePrinter(const ChangeReport *report, Buf *out);

// "text", "json" or "markdown"; NULL for others.
ChangePrinter *changes_printer(Str format);
// What the JSON form says.
Map *changes_value(const ChangeReport *report);
// "2 of 40 resources differ: 1 changed (3 fields), 1 added, 0 removed"
Str changes_summary(const ChangeReport *report);

#endif
