#include "funcs/words.h"
#include "base/unicode.h"

#include "funcs/letters.h"

#define RUNE_ERROR 0xFFFDu

static bool is_connector(uint32_t rune)
{
	return rune == '-' || rune == '_' || unicode_is_space(rune);
}

static void write_rune(Text *text, uint32_t rune, Str source)
{
	char bytes[4];

	text_write_as(text, str_n(bytes, utf8_encode(rune, bytes)), source);
}

// A rune is held back until the next is known, since of several connectors the last is
// dropped. Words that begin with a run of capitals keep only the first of them.
void words_write_pascal(Text *text, Str s)
{
	bool capital = false; // the word began with one, and nothing but capitals followed
	uint32_t held = 0;
	size_t size = 0;
	Str source = s, rest = s;

	while (rest.len) {
		size = utf8_decode(rest, &held);
		source = str_to(rest, size);
		rest = str_from(rest, size);
		if (!is_connector(held)) {
			capital = letter_is_upper(held);
			held = letter_upper(held);
			break;
		}
		write_rune(text, held, source);
	}
	if (!rest.len) {
		// A string of connectors only has its last one twice: so does xstrings.
		if (s.len)
			write_rune(text, held, source);
		return;
	}
	while (rest.len) {
		uint32_t before = held;
		Str before_source = source;

		size = utf8_decode(rest, &held);
		source = str_to(rest, size);
		rest = str_from(rest, size);
		if (is_connector(before) && !is_connector(held)) {
			capital = letter_is_upper(held);
			held = letter_upper(held);
			continue;
		}
		if (!is_connector(before) && capital) {
			if (letter_is_upper(held))
				held = letter_lower(held);
			else
				capital = false;
		}
		write_rune(text, before, before_source);
	}
	write_rune(text, held, source);
}

// --- snake and kebab case, as xstrings splits words ---

typedef enum WordKind {
	WORD_NONE,
	WORD_NUMBER,
	WORD_UPPER, // capitals, or a capital and the small letters behind it
	WORD_LETTERS,
	WORD_CONNECTOR,
	WORD_PUNCT,
	WORD_OTHER,
} WordKind;

typedef struct Word {
	WordKind kind;
	Str text;
} Word;

// A letter of a script with words of letters: not of Chinese characters.
static bool is_alphabet(uint32_t rune)
{
	if (!letter_is(rune))
		return false;
	return !((rune >= 0x4E00 && rune <= 0x9FCC) || (rune >= 0x3400 && rune <= 0x4D85) ||
	         (rune >= 0x20000 && rune <= 0x2B81D));
}

// The next rune and the bytes up to its end. U+FFFD and what is no UTF-8 belong to what stands
// before them: at the end of the string the rune is `before` again.
static size_t next_rune(Str s, uint32_t before, uint32_t *rune)
{
	size_t total = 0, size;

	while ((size = utf8_decode(str_from(s, total), rune))) {
		total += size;
		if (*rune != RUNE_ERROR)
			return total;
	}
	*rune = before;
	return total;
}

static bool is_small_alphabet(uint32_t rune)
{
	return is_alphabet(rune) && !letter_is_upper(rune);
}

static bool is_other(uint32_t rune)
{
	return !is_connector(rune) && !is_alphabet(rune) && !letter_is_number(rune) &&
	       !letter_is_punct(rune);
}

// How far the runes from `at` on are of one kind. *last is the length of the last of them, *behind
// the rune after them or, at the end, the last.
static size_t word_end(Str s, size_t at, bool (*belongs)(uint32_t), uint32_t rune, size_t *last,
                       uint32_t *behind)
{
	size_t size;

	*behind = rune;
	while (at < s.len) {
		size = next_rune(str_from(s, at), rune, behind);
		if (!belongs(*behind))
			break;
		rune = *behind;
		*last = size;
		at += size;
	}
	return at;
}

// A word that begins with a capital: "HTTPStatus" is "HTTP" and "Status".
static size_t upper_word_end(Str s, size_t first, uint32_t rune)
{
	uint32_t second, behind;
	size_t size, last, end;

	if (first >= s.len)
		return first;
	size = next_rune(str_from(s, first), rune, &second);
	if (letter_is_upper(second)) {
		last = size;
		end = word_end(s, first + size, letter_is_upper, second, &last, &behind);
		return end < s.len && is_alphabet(behind) ? end - last : end;
	}
	if (is_alphabet(second))
		return word_end(s, first + size, is_small_alphabet, second, &last, &behind);
	return first;
}

static Word next_word(Str *rest)
{
	Word word = {WORD_NONE, {"", 0, NULL}};
	bool (*belongs)(uint32_t) = NULL;
	uint32_t rune, behind;
	size_t first, last, end;

	if (!rest->len)
		return word;
	first = end = next_rune(*rest, RUNE_ERROR, &rune);
	if (rune == RUNE_ERROR)
		word.kind = WORD_NONE;
	else if (is_connector(rune))
		word.kind = WORD_CONNECTOR, belongs = is_connector;
	else if (letter_is_punct(rune))
		word.kind = WORD_PUNCT, belongs = letter_is_punct;
	else if (letter_is_upper(rune))
		word.kind = WORD_UPPER, end = upper_word_end(*rest, first, rune);
	else if (is_alphabet(rune))
		word.kind = WORD_LETTERS, belongs = is_small_alphabet;
	else if (letter_is_number(rune))
		word.kind = WORD_NUMBER, belongs = letter_is_number;
	else
		word.kind = WORD_OTHER, belongs = is_other;
	if (belongs)
		end = word_end(*rest, first, belongs, rune, &last, &behind);
	word.text = str_to(*rest, end);
	*rest = str_from(*rest, end);
	return word;
}

static void write_word(Text *text, Word word, char connector)
{
	Str rest = word.text;
	uint32_t rune;
	size_t size;

	if (word.kind != WORD_UPPER && word.kind != WORD_CONNECTOR) {
		text_write(text, rest);
		return;
	}
	for (; (size = utf8_decode(rest, &rune)); rest = str_from(rest, size)) {
		if (is_connector(rune))
			rune = (unsigned char)connector;
		else if (letter_is_upper(rune))
			rune = letter_lower(rune);
		write_rune(text, rune, str_to(rest, size));
	}
}

// Words of small letters and numbers behind a number stay with it; what else follows is set off.
static Word write_with_number(Text *text, Str *rest, Word word, char connector)
{
	while (word.kind == WORD_LETTERS || word.kind == WORD_NUMBER) {
		write_word(text, word, connector);
		word = next_word(rest);
	}
	if (word.kind != WORD_NONE && word.kind != WORD_PUNCT && word.kind != WORD_CONNECTOR)
		text_byte(text, connector);
	return word;
}

// What stands between a written word and the next one. Returns the word to go on with.
static Word join_words(Text *text, Str *rest, Word before, Word word, char connector)
{
	Word number = word;

	if (before.kind == WORD_NUMBER)
		return write_with_number(text, rest, word, connector);
	if (before.kind == WORD_CONNECTOR) {
		write_word(text, before, connector);
		return word;
	}
	if (before.kind == WORD_PUNCT)
		return word;
	if (word.kind != WORD_NUMBER) {
		if (word.kind != WORD_CONNECTOR && word.kind != WORD_PUNCT)
			text_byte(text, connector);
		return word;
	}
	if (!rest->len)
		return word;
	word = next_word(rest);
	if (word.kind != WORD_LETTERS) {
		// The number belongs to the word before it: "Bld4Floor" is "bld4_floor".
		write_word(text, number, connector);
		if (word.kind != WORD_CONNECTOR && word.kind != WORD_PUNCT)
			text_byte(text, connector);
		return word;
	}
	// Small letters follow: "http2xx" is "http_2xx".
	text_byte(text, connector);
	write_word(text, number, connector);
	return write_with_number(text, rest, word, connector);
}

void words_write_lower(Text *text, Str s, char connector)
{
	Str rest = s;
	Word word = next_word(&rest);

	while (rest.len) {
		Word before = word;
		if (word.kind != WORD_CONNECTOR)
			write_word(text, word, connector);
		word = next_word(&rest);
		word = join_words(text, &rest, before, word, connector);
	}
	write_word(text, word, connector);
}
