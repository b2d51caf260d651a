#ifndef LINT_HELD_H
#define LINT_HELD_H

// Every credential of a render, found once: where it stands, and as what. The rules of the credentials' family are
// views of this table, and what is shown is masked by it.

#include "k8s/credential.h"
#include "lint/lint.h"

struct Held {
	Resource *resource;
	const Workload *workload;
	Container *container;
	const Node *node;
	const char *kind; // "environment variable", "key", "annotation", "argument", "field"
	Str name;         // the variable's, key's or option's; in a longer text the setting's in it
	Str text;         // the credential itself
	size_t offset;    // of it in the node's value; 0 in data that is base64
	bool in_secret;   // in a Secret
	bool encoded;     // `text` is decoded from the node's value
	size_t decoded;   // where in that, from 1
	Credential found;
};

// One in the text of a values file, rendered or not.
typedef struct WrittenDown {
	const LintFile *file;
	size_t line;
	bool in_comment;
	Str key; // of its line
	Str text;
	Credential found;
} WrittenDown;

// Fills lint->held and lint->written, the first time it is called.
void held_collect(Lint *lint);

#endif
