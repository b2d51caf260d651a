#ifndef K8S_CREDENTIAL_H
#define K8S_CREDENTIAL_H

// Is a text a credential? By its shape (tokens of providers, private keys), by its name (password, apiKey) with a value
// that is one, by being a well-known default, by where it stands (the password of a URL, a header). References, paths,
// names of secrets and placeholders are none.

#include "base/str.h"

typedef enum CredentialKind {
	CREDENTIAL_NONE,
	CREDENTIAL_NAMED,    // its name says so
	CREDENTIAL_RANDOM,   // its name allows it and it looks random
	CREDENTIAL_URL,      // a URL's password
	CREDENTIAL_DEFAULT,  // a well-known one
	CREDENTIAL_TOKEN,    // a provider's format
	CREDENTIAL_KEY,      // a private key
	CREDENTIAL_REGISTRY, // of an image registry: only where a docker configuration is read
} CredentialKind;

typedef struct Credential {
	CredentialKind kind;
	const char *what; // "an AWS access key", "a private key"
	size_t at, len;   // where in the text
	Str name;         // under which it stands in a longer text, empty where nothing names it
	Str host;         // of a URL
} Credential;

// Of a value under a name (a variable, a key, an option); name may be empty.
Credential credential_find(Str name, Str value);
// The same by the name alone.
Credential credential_named(Str name, Str value);
// A provider's token or a private key anywhere in a longer text, from byte `from` on.
bool credential_shape(Str text, size_t from, Credential *out);
// Anything that is a credential in a longer text (a configuration file, a script, a JSON document), from byte `from` on:
// by its shape, or by what stands before it. In a program's text (`code`) only what stands in quotes has a name.
bool credential_next(Str text, size_t from, bool code, Credential *out);
// What a command's words say: the password behind `curl -u`, `mysql -p`, `redis-cli -a`. Words that are not known are
// empty. `*word` is which one holds it, `from` the first to look at.
bool credential_of_words(const Str *words, size_t count, size_t from, size_t *word,
                         Credential *out);
typedef void CredentialVisit(void *context, const Credential *found);
// What the commands of a shell script say in their words; `name` is the command's.
void credential_of_script(Arena *arena, Str script, CredentialVisit *visit, void *context);
// All of a text: what stands in it, and what it says where it is a command.
void credential_each(Arena *arena, Str text, CredentialVisit *visit, void *context);
// The text without them: ******** in place of each.
Str credential_mask(Arena *arena, Str text);
bool credential_is_default(Str value);
// Whether a name is a credential's, strictly: what only has to do with one (a secret's name, a token's lifetime) is not.
bool credential_name(Str name);
// By its last two letters: nearly every other word is refused by them.
bool credential_name_may_end(Str name);
// Whether a value can be a credential at all: no reference, path, placeholder, switch, sentence.
bool credential_value(Str value);

#endif
