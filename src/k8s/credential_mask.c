// Every credential of a text at once: for taking them out of what is shown.

#include "base/buf.h"
#include "k8s/credential.h"
#include "k8s/shell.h"
#include "k8s/tools.h"

#include <string.h>

// Scripts nest no deeper than a person can read.
#define DEPTH_LIMIT 60

// A word of a script as it is: empty where only running it would tell.
static Str plain_word(const ShellWord *word)
{
	for (size_t i = 0; i < word->count; i++) {
		const ShellPart *part = &word->parts[i];
		if (part->kind != SHELL_LITERAL)
			return S("");
		if (part->text.len) // the rest must be empty quotes
			return i + 1 == word->count ? part->text : S("");
	}
	return S("");
}

// What a command is given on its input: echo root:PASSWORD | chpasswd, echo PASSWORD | docker login --password-stdin
static void visit_input(const ShellNode *pipe, Str script, CredentialVisit *visit, void *context)
{
	static const char *const readers[] = {"chpasswd", "kinit",  "docker", "podman",
	                                      "helm",     "skopeo", "crane",  "oras"};
	const ShellNode *from = pipe->children[0], *to = pipe->children[1];
	Str writer, reader, said;
	size_t colon, known = 0;
	Credential found;

	if (from->kind != SHELL_SIMPLE || to->kind != SHELL_SIMPLE || from->word_count < 2 ||
	    !to->word_count)
		return;
	writer = plain_word(from->words[0]);
	reader = tool_name(plain_word(to->words[0]));
	while (known < sizeof readers / sizeof *readers && !str_is(reader, readers[known]))
		known++;
	said = plain_word(from->words[from->word_count - 1]);
	colon = known ? STR_NONE : str_find_byte(said, ':');
	if ((!str_is(writer, "echo") && !str_is(writer, "printf")) ||
	    known == sizeof readers / sizeof *readers || !said.len)
		return;
	if (colon != STR_NONE)
		said = str_from(said, colon + 1);
	found = credential_named(S("password"), said);
	if (found.kind == CREDENTIAL_NONE)
		return;
	found.at += (size_t)(said.p - script.p);
	found.name = reader;
	visit(context, &found);
}

static void visit_commands(Arena *arena, const ShellNode *node, Str script, CredentialVisit *visit,
                           void *context, int depth)
{
	Str *words;
	size_t word;
	Credential found;

	if (!node || depth > DEPTH_LIMIT)
		return;
	for (size_t i = 0; i < node->count; i++)
		visit_commands(arena, node->children[i], script, visit, context, depth + 1);
	if (node->kind == SHELL_PIPE && node->count > 1)
		visit_input(node, script, visit, context);
	if (node->kind != SHELL_SIMPLE || node->word_count < 2)
		return;
	words = ARENA_ARRAY(arena, Str, node->word_count);
	for (size_t i = 0; i < node->word_count; i++)
		words[i] = plain_word(node->words[i]);
	for (size_t from = 0; credential_of_words(words, node->word_count, from, &word, &found);
	     from = word + 1) {
		found.at += (size_t)(words[word].p - script.p);
		found.name = tool_name(words[0]);
		visit(context, &found);
	}
}

void credential_of_script(Arena *arena, Str script, CredentialVisit *visit, void *context)
{
	visit_commands(arena, shell_parse(arena, script, NULL), script, visit, context, 0);
}

void credential_each(Arena *arena, Str text, CredentialVisit *visit, void *context)
{
	Credential found;

	for (size_t from = 0; credential_next(text, from, false, &found);
	     from = found.at + (found.len ? found.len : 1))
		visit(context, &found);
	credential_of_script(arena, text, visit, context);
}

typedef struct Masked {
	bool *hidden; // of each byte
} Masked;

static void hide(void *context, const Credential *found)
{
	Masked *masked = context;

	memset(masked->hidden + found->at, true, found->len);
}

Str credential_mask(Arena *arena, Str text)
{
	Masked masked = {ARENA_ARRAY(arena, bool, text.len + 1)};
	Buf buf = buf_new(arena);

	credential_each(arena, text, hide, &masked);
	if (!memchr(masked.hidden, true, text.len))
		return text;
	for (size_t i = 0; i < text.len; i++) {
		if (!masked.hidden[i])
			buf_byte(&buf, text.p[i]);
		else if (!i || !masked.hidden[i - 1])
			buf_c(&buf, "********");
	}
	return buf_view(&buf);
}
