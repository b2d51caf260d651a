#ifndef LINT_SWITCHES_H
#define LINT_SWITCHES_H

// Values that can be varied without inventing content, found in what a traced render remembers of its decisions:
//
// - booleans that a template or the chart's dependencies asked for, both ways;
// - values that the schema gives an enum, a const or the type boolean: every member;
// - texts that a condition compares with literals (eq, ne, has, hasPrefix ...): the literals.
//
// Never: other texts and numbers, items of lists (--set replaces a list as a whole), credentials, and what the person
// set on the command line, which stays as it was said.
//
// With `every` what was set on the command line counts, too, and so do values that a condition asks only whether they are
// there: texts are emptied, numbers made 0 or 1, what is not set at all made true.

#include "chart/render.h"
#include "lint/schema_choices.h"
#include "lint/settings.h"

// A set of small numbers.
typedef struct Bits {
	uint64_t *words;
	size_t len;
} Bits;

void bits_set(Arena *arena, Bits *bits, size_t i);
void bits_join(Arena *arena, Bits *into, const Bits *from);
bool bits_has(const Bits *bits, size_t i);
bool bits_meet(const Bits *a, const Bits *b);
bool bits_meet3(const Bits *a, const Bits *b, const Bits *c); // one in all of them

// One of a switch's other values, as the option that sets it: "--set", "a.b=true".
typedef struct SwitchValue {
	const char *flag;
	Str text;
} SwitchValue;

typedef struct Switch {
	Str path;  // "externalBackend.enabled", for people and patterns
	Str key;   // as --set wants it, with what has a meaning there escaped
	Value own; // what it was where it was met first
	Place place; // of that; without a file where no values have it, without a line where an option set it
	SwitchValue *values;
	size_t value_count, value_cap;
	Bits files; // the templates' files in which it decided something
} Switch;

// A switch and one of its values.
typedef struct Setting {
	size_t which, value;
} Setting;

typedef struct Settable {
	Setting setting;
	bool decides; // a template's decision or a dependency asked for it; else it was only read
	bool off;     // it sets a boolean to false
	size_t order; // in which it was met
} Settable;

typedef struct Settables {
	Settable *items;
	size_t len, cap;
} Settables;

typedef struct Switches {
	Arena *arena;
	bool every;
	const Patterns *except;
	bool *except_used; // for each pattern: it named something
	SchemaChoices schemas;
	Switch *items;
	size_t len, cap;
	Map *by_path;  // normalized path to index
	Map *files;    // name of a template's file to its number
	Map *together; // pairs of switches that one decision asked for, or one inside the other's
} Switches;

Switches *switches_new(Arena *arena, const Patterns *except);
// Finds what the render asked for. What was not known before is added to `found` in the order of the decisions, the
// first values of all before the second ones, and what turns something on before what turns it off: that a part is
// missing when it is switched off is no news, and when a mode is switched on it is. Works for a render that failed as far as it got.
void switches_learn(Switches *switches, const Render *render, Settables *found);
// The number of a template's file.
size_t switches_file(Switches *switches, Str name);
bool switches_together(const Switches *switches, size_t a, size_t b);
// The switch that a path of a trace or of a dependency's condition is, STR_NONE where it is none.
size_t switches_find(const Switches *switches, const Chart *chart, Str path);
// Sets their values, as the options would.
bool switches_apply(const Switches *switches, const Setting *settings, size_t count, Arena *arena,
                    Map *values, Diag *diag);

#endif
