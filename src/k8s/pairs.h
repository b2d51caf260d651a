#ifndef K8S_PAIRS_H
#define K8S_PAIRS_H

// What a text sets: names and values of a configuration file, whatever its format (YAML, JSON, TOML, INI, properties, env
// files, `server a:80;` of nginx), and the options of a command. Nothing is understood but which name a value has, where
// it stands, and which other pairs belong to the same table: enough to find the port beside a host.

#include "data/node.h"

typedef struct Pair {
	Str name;  // the last key before it: the items of a list have the list's
	Str value; // without quotes: a slice of the text
	size_t level; // how deep its name stands: column and open brackets; pairs of one table share it
	size_t table;     // counts [headings] of INI and TOML
	bool first;       // the first of a list's item
	const Node *node; // of an option: the argument that holds the value
} Pair;

typedef struct Pairs {
	Pair *items;
	size_t len, cap;
} Pairs;

// The pairs of a configuration file, in order; a key of a table has an empty value, which lies behind its name.
void pairs_of_text(Arena *arena, Str text, Pairs *out);
// Adds the options of one argument (or of the words of a script): --name=value, -name value, -Dname=value. `*option` is
// the option that still waits for its value; empty at the start.
void pairs_of_argument(Arena *arena, const Node *node, Str text, Str *option, Pairs *out);
// Adds what a connection string of ADO says: Host=db;Port=5432;Database=app, Server=tcp:db,1433.
void pairs_of_connection(Arena *arena, const Node *node, Str text, Pairs *out);
// The value that the table of pair `i` gives `name`, case folded; empty where it gives none.
Str pairs_beside(const Pairs *pairs, size_t i, Str name);
// The key of the table that holds pair `i`; empty where it is in none, or far above.
Str pairs_above(const Pairs *pairs, size_t i);

#endif
