#ifndef K8S_TOOLS_H
#define K8S_TOOLS_H

// Commands that ask whether something answers, and where in their arguments it is said what. One table, one reader.

#include "k8s/model.h"

// A word of a command after expansion, with the pieces it was made from.
typedef struct ToolPiece {
	size_t start;     // in the word's text
	size_t offset;    // in the script
	const Node *node; // where its text comes from another place than the script
	Resource *resource;
} ToolPiece;

typedef struct ToolWord {
	Str text;
	ToolPiece *pieces;
	size_t count, cap;
} ToolWord;

typedef struct ToolTarget {
	WaitKind kind;
	Str host;
	int64_t port;
	Str port_name;
	const ToolWord *word; // the one that holds the host
	size_t at;            // where in it
	Str object_kind, object_name, object_ns, condition;
	Str selector; // of all_objects, empty where it takes every one
	bool all_objects;
} ToolTarget;

typedef struct ToolUse {
	Str name;   // as called, without its folder
	bool loops; // the tool itself tries again
	bool endless;
	ToolTarget *targets;
	size_t count, cap;
} ToolUse;

// What `words` (the command first) asks for. False where it is no such tool, or asks for nothing that can be read.
bool tool_read(Arena *arena, const ToolWord *words, size_t count, ToolUse *out);
// Whether a command is one of the table's.
bool tool_is_known(Str command);
// The last part of a command's path.
Str tool_name(Str command);
// host, host:port or a URL: false where `text` is none.
bool tool_address(Str text, Str *host, int64_t *port, Str *port_name);
// libpq's "host=db port=1" and PDO's "mysql:host=db;port=1": false where `text` is none.
bool tool_conninfo(Str text, Str *host, int64_t *port);
// The port a URL's scheme stands for, 0 where it is not known.
int64_t scheme_port(Str scheme);

#endif
