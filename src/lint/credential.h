#ifndef LINT_CREDENTIAL_H
#define LINT_CREDENTIAL_H

// Is a text a credential? By its shape (tokens of providers, private keys), by its name (password, apiKey) with a value
// that is one, by being a well-known default. References, paths, names of secrets and placeholders are none.

#include "base/str.h"

typedef enum CredentialKind {
	CREDENTIAL_NONE,
	CREDENTIAL_NAMED,   // its name says so
	CREDENTIAL_RANDOM,  // its name allows it and it looks random
	CREDENTIAL_DEFAULT, // a well-known one
	CREDENTIAL_TOKEN,   // a provider's format
	CREDENTIAL_KEY,     // a private key
} CredentialKind;

typedef struct Credential {
	CredentialKind kind;
	const char *what; // "an AWS access key", "a private key"
	size_t at, len;   // where in the text
} Credential;

// Of a value under a name (a variable, a key, an option); name may be empty.
Credential credential_find(Str name, Str value);
// A provider's token or a private key anywhere in a longer text, from byte `from` on.
bool credential_shape(Str text, size_t from, Credential *out);
bool credential_is_default(Str value);
// Whether a name is a credential's, strictly: what only has to do with one (a secret's name, a token's lifetime) is not.
bool credential_name(Str name);
// Whether a value can be a credential at all: no reference, path, placeholder, switch, sentence.
bool credential_value(Str value);

#endif
