// Credentials in longer texts: configuration files, scripts, JSON, headers, connection strings. One pass over the bytes:
// what names a credential ends in a separator, so every separator is looked at, and every beginning of a word.

#include "k8s/base64.h"
#include "k8s/credential.h"
#include "k8s/tokens.h"

#include <string.h>

// No name of a setting is longer.
#define NAME_LIMIT 100
// Neither is a password.
#define VALUE_LIMIT 512

// What a byte can be, as bits.
enum {
	ALNUM = 1,
	NAME = 2,        // of a setting's name
	NAME_END = 4,    // the last of a credential's name, or the quote behind it: fast refusal
	WORD_END = 8,    // the last of a word that a credential follows: also Basic, Bearer
	MARK = 16,       // a token's mark may begin with it
	JOINS = 32,      // a token goes on behind it, or a word that is read up to it
	SEPARATOR = 64,  // at_separator looks at it
	ENDS_WORD = 128, // the word before a credential begins behind it
	ANNOUNCES = 256, // words that a credential may follow begin with it
	ESCAPES = 512,
	LOOKED_AT = MARK | SEPARATOR | ENDS_WORD | ESCAPES, // where it stands in no word
};
#define A  (ALNUM | NAME)
#define AE (A | NAME_END | WORD_END)
#define AN (A | ANNOUNCES)
#define AW (A | WORD_END)
#define AM (A | MARK | JOINS)
// clang-format off
static const unsigned short byte_bits[256] = {
	['0'] = A, ['1'] = A, ['2'] = A, ['3'] = A, ['4'] = A, ['5'] = A, ['6'] = A, ['7'] = A, ['8'] = A, ['9'] = A,
	['A'] = A, ['B'] = AN, ['C'] = AW, ['D'] = AE, ['E'] = AE, ['F'] = AM, ['G'] = A, ['H'] = AE, ['I'] = A,
	['J'] = A, ['K'] = AE, ['L'] = AE, ['M'] = A, ['N'] = AE, ['O'] = A, ['P'] = A, ['Q'] = AM, ['R'] = AW,
	['S'] = AE, ['T'] = AE | MARK | JOINS, ['U'] = A, ['V'] = A, ['W'] = A, ['X'] = A, ['Y'] = AE, ['Z'] = A,
	['a'] = A, ['b'] = AN, ['c'] = AW, ['d'] = AE, ['e'] = AE, ['f'] = A, ['g'] = A, ['h'] = AE, ['i'] = A,
	['j'] = A, ['k'] = AE, ['l'] = AE, ['m'] = AN, ['n'] = AE, ['o'] = A, ['p'] = AN, ['q'] = A, ['r'] = AW | ANNOUNCES,
	['s'] = AE, ['t'] = AE, ['u'] = A, ['v'] = A, ['w'] = A, ['x'] = A, ['y'] = AE, ['z'] = A,
	['_'] = NAME | JOINS, ['-'] = NAME | JOINS | MARK | ANNOUNCES, ['.'] = NAME | JOINS | MARK, ['/'] = JOINS | MARK, ['+'] = JOINS,
	['~'] = JOINS, ['='] = JOINS | SEPARATOR | ENDS_WORD, [':'] = MARK | SEPARATOR | ENDS_WORD,
	['>'] = SEPARATOR, [' '] = SEPARATOR | ENDS_WORD, ['@'] = SEPARATOR,
	['"'] = NAME_END | ENDS_WORD, ['\''] = NAME_END | ENDS_WORD, ['\t'] = ENDS_WORD, ['\n'] = ENDS_WORD, ['\\'] = ESCAPES,
};
// clang-format on

static bool is(char c, unsigned bits)
{
	return byte_bits[(unsigned char)c] & bits;
}

static bool is_name_char(char c)
{
	return is(c, NAME);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'';
}

static char byte_at(Str text, size_t at)
{
	return at < text.len ? text.p[at] : '\n';
}

// Lines of files that people write are shorter; in longer ones nothing begins a line.
#define LINE_LIMIT 4096

// A line ends at '\n', and at the "\n" that JSON writes for one.
static size_t line_start(Str text, size_t at)
{
	size_t start = at > LINE_LIMIT ? at - LINE_LIMIT : 0, end = at;
	const char *found = at ? memrchr(text.p + start, '\n', at - start) : NULL;

	if (found)
		start = (size_t)(found - text.p) + 1;
	while (start < end && (found = memrchr(text.p + start, '\\', end - start))) {
		end = (size_t)(found - text.p);
		if (end + 1 < at && text.p[end + 1] == 'n')
			return end + 2;
	}
	return start;
}

static size_t line_end(Str text, size_t at)
{
	while (at < text.len && text.p[at] != '\n')
		at++;
	return at;
}

// Whether only an item's dash, quotes or a shell's `export` stand before byte `at` in its line.
static bool begins_line(Str text, size_t at)
{
	static const char *const words[] = {"export", "ENV", "set", "setenv", "property.", "-D"};
	Str before = str_slice(text, line_start(text, at), at);

	while (before.len && strchr(" \t-\"'", before.p[before.len - 1]) != NULL)
		before.len--;
	before = str_trim_ascii(before);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_is(before, words[i]))
			return true;
	return !before.len;
}

static bool is_comment(Str text, size_t at)
{
	Str line = str_trim_ascii(str_slice(text, line_start(text, at), at));

	return line.len && (strchr("#;", line.p[0]) != NULL || str_has_prefix(line, S("// ")));
}

// The credential's name that ends before byte `at`, which is a separator; `*quoted` where it stands in quotes. Empty where
// its last letters tell that it is none.
static Str name_before(Str text, size_t at, bool *quoted)
{
	size_t end = at, start;

	*quoted = false;
	while (end && is_blank(text.p[end - 1]) && at - end < 20)
		end--;
	if (end && is_quote(text.p[end - 1])) {
		*quoted = true;
		end--;
		if (end && text.p[end - 1] == '\\') // "{\"password\": ...}"
			end--;
	}
	if (!credential_name_may_end(str_to(text, end)))
		return S("");
	start = end;
	while (start && end - start < NAME_LIMIT && is_name_char(text.p[start - 1]))
		start--;
	while (start < end && text.p[start] == '-')
		start++;
	return str_slice(text, start, end);
}

// The value in quotes that opens at `at`.
static bool quoted_value(Str text, size_t at, size_t *start, size_t *end)
{
	bool escaped = byte_at(text, at) == '\\';
	char quote = byte_at(text, at + escaped);

	if (quote != '"' && quote != '\'')
		return false;
	*start = at + escaped + 1;
	for (*end = *start; *end < text.len && *end - *start < VALUE_LIMIT; ++*end) {
		char c = text.p[*end];
		if (c == '\n')
			return false;
		if (escaped ? c == '\\' && byte_at(text, *end + 1) == quote : c == quote)
			return true;
		if (!escaped && c == '\\')
			++*end;
	}
	return false;
}

static bool ends_plain_value(char c)
{
	switch (c) {
	case ' ':
	case '\t':
	case '\r':
	case '\n':
	case ',':
	case ';':
	case '&':
	case '|':
	case '"':
	case '\'':
	case '`':
	case ')':
	case '}':
	case ']':
	case '<':
	case '>':
	case '\\':
		return true;
	default:
		return false;
	}
}

// An unquoted value: the rest of a line that it has for itself, or up to what ends it in the middle of one.
static size_t plain_value_end(Str text, size_t start, bool whole_line)
{
	size_t end = start;

	if (!whole_line) {
		while (end < text.len && end - start < VALUE_LIMIT &&
		       !ends_plain_value(text.p[end]))
			end++;
		return end;
	}
	while (end < text.len && text.p[end] != '\n' &&
	       !(text.p[end] == '\\' && byte_at(text, end + 1) == 'n') &&
	       !(text.p[end] == '#' && end > start && text.p[end - 1] == ' '))
		end++;
	while (end > start && strchr(" \t\r,;", text.p[end - 1]) != NULL)
		end--;
	return end;
}

// Code is no configuration: calls, look-ups, concatenations.
static bool is_expression(Str value)
{
	for (size_t i = 0; i < value.len; i++)
		if (strchr("([{", value.p[i]) != NULL)
			return true;
	return false;
}

static bool has_digit_and_letter(Str value)
{
	bool digit = false, letter = false;

	for (size_t i = 0; i < value.len; i++) {
		digit |= value.p[i] >= '0' && value.p[i] <= '9';
		letter |= ascii_is_alnum(value.p[i]) && !(value.p[i] >= '0' && value.p[i] <= '9');
	}
	return digit && letter;
}

// Not a word of a sentence.
static bool is_mixed(Str value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!(value.p[i] >= 'a' && value.p[i] <= 'z'))
			return true;
	return false;
}

static bool keep(Credential found, Str text, size_t start, size_t end, Credential *out)
{
	Token token;

	if (end > start && token_at(text, start, &token)) // its own form says more than its name
		found = (Credential){.kind = token.key ? CREDENTIAL_KEY : CREDENTIAL_TOKEN,
		                     .what = token.what,
		                     .len = token.len};
	found.at = start;
	*out = found;
	return found.kind != CREDENTIAL_NONE;
}

static Str word_before(Str text, size_t at)
{
	size_t start = at;

	while (start && at - start < NAME_LIMIT && !is(text.p[start - 1], ENDS_WORD))
		start--;
	return str_slice(text, start, at);
}

// Authorization: Basic dXNlcjpwYXNz, Authorization: Bearer ...
static bool header_at(Str text, Str word, size_t start, size_t end, Credential *out)
{
	Str value = str_slice(text, start, end);
	char plain[256];
	Str head;

	if (str_ieq(word, S("Bearer"))) {
		if (value.len < 20 || !has_digit_and_letter(value) || !credential_value(value))
			return false;
		return keep((Credential){CREDENTIAL_NAMED, "a credential", 0, value.len,
		                         .name = S("Authorization")},
		            text, start, end, out);
	}
	head = str_n(plain, base64_head(value, plain, sizeof plain));
	for (size_t i = 0; i < head.len; i++)
		if ((unsigned char)head.p[i] < 0x20 || (unsigned char)head.p[i] > 0x7e)
			return false;
	if (value.len < 8 || head.len < 5 || str_find_byte(head, ':') == STR_NONE)
		return false;
	*out = (Credential){CREDENTIAL_NAMED, "a credential", start, value.len,
	                    .name = S("Authorization")};
	return true;
}

// "example.com/secret": "internal"
static bool is_label(Str text, Str name, bool quoted)
{
	size_t start = (size_t)(name.p - text.p);

	return quoted && start && text.p[start - 1] == '/';
}

// CREATE USER x WITH PASSWORD :'variable'
static bool is_psql_variable(Str text, size_t at)
{
	return text.p[at] == ':' && text.p[at - 1] == ' ' && byte_at(text, at + 1) == '\'';
}

// {secretName: nexus, secretKey: password}: which key of that secret is meant.
static bool names_a_key(Str text, Str name)
{
	size_t start = (size_t)(name.p - text.p);
	Str before = str_slice(text, start > NAME_LIMIT ? start - NAME_LIMIT : 0, start);

	return str_is(name, "secretKey") && str_contains(before, S("secretName"));
}

// -H "X-API-Key: value": the end of the quotes that the name opens; 0 where it opens none.
static size_t header_end(Str text, Str name, size_t start)
{
	size_t before = (size_t)(name.p - text.p), end = start;
	char quote = before ? text.p[before - 1] : ' ';

	if (!is_quote(quote))
		return 0;
	while (end < text.len && end - start < VALUE_LIMIT && text.p[end] != '\n' &&
	       text.p[end] != quote)
		end++;
	return byte_at(text, end) == quote ? end : 0;
}

// name = value, name: value, "name": "value", --name=value, ?name=value&, 'name' => 'value', name := "value"
static bool assigned_at(Str text, size_t at, bool code, Credential *out)
{
	char sign = text.p[at];
	bool name_quoted, quoted, whole_line, spaced;
	Str name, value;
	size_t start = at + 1, end;

	if (!at || !is(text.p[at - 1 - (at > 1 && text.p[at - 1] == ' ')], NAME_END))
		return false;
	start += sign == ':' && byte_at(text, start) == '=';
	switch (byte_at(text, start)) {
	case '=':
	case '~':
	case ':':
	case '/':
		return false;
	}
	start += byte_at(text, start) == '>';
	name = name_before(text, at, &name_quoted);
	if (name.len < 3 || !(credential_name(name) || str_is(name, "_auth")) ||
	    is_comment(text, at) || names_a_key(text, name))
		return false;
	while (is_blank(byte_at(text, start)))
		start++;
	spaced = start > at + 1 || text.p[at - 1] == ' ';
	whole_line = begins_line(text, (size_t)(name.p - text.p));
	if (is_label(text, name, name_quoted) ||
	    (is_psql_variable(text, at) && !name_quoted && !whole_line))
		return false;
	quoted = quoted_value(text, start, &start, &end);
	if (!quoted && str_is(name, "_auth")) // of an .npmrc
		return header_at(text, S("Basic"), start, plain_value_end(text, start, true), out);
	if (!quoted) {
		size_t header = sign == ':' && spaced && !whole_line && !name_quoted
		                        ? header_end(text, name, start)
		                        : 0;
		if (code || (sign == ':' && !whole_line && !name_quoted && !header) ||
		    (sign == '=' && spaced && !whole_line))
			return false;
		end = header ? header : plain_value_end(text, start, whole_line);
		// PGPASSWORD=x psql -h db
		if (sign == '=' && !spaced &&
		    str_find_byte(str_slice(text, start, end), ' ') != STR_NONE)
			end = plain_value_end(text, start, false);
	}
	value = str_trim_ascii(str_slice(text, start, end));
	if (!value.len || (!quoted && is_expression(value)) ||
	    (code && (value.len < 8 || !has_digit_and_letter(value))))
		return false;
	return keep(credential_named(name, value), text, start, end, out);
}

// Of <name>a.password</name><value>...</value>, as Hadoop's files have it: the name before byte `at`.
static Str property_name(Str text, size_t at)
{
	Str before = str_slice(text, at > 2 * NAME_LIMIT ? at - 2 * NAME_LIMIT : 0, at);
	size_t end = str_rfind(before, S("</name>")), start;

	if (end == STR_NONE)
		return S("");
	for (size_t i = end + 7; i < before.len; i++)
		if (strchr(" \t\r\n", before.p[i]) == NULL)
			return S("");
	start = end;
	while (start && before.p[start - 1] != '>')
		start--;
	return str_slice(before, start, end);
}

// <password>value</password>
static bool element_at(Str text, size_t at, Credential *out)
{
	size_t end = at + 1, start = at;
	Str name;

	while (start && is_name_char(text.p[start - 1]) && at - start < NAME_LIMIT)
		start--;
	if (!start || text.p[start - 1] != '<')
		return false;
	name = str_slice(text, start, at);
	if (str_is(name, "value"))
		name = property_name(text, start - 1);
	while (end < text.len && end - at < VALUE_LIMIT && strchr("<\n", text.p[end]) == NULL)
		end++;
	if (byte_at(text, end) != '<' || byte_at(text, end + 1) != '/' || !credential_name(name) ||
	    names_a_key(text, name))
		return false;
	return keep(credential_named(name, str_slice(text, at + 1, end)), text, at + 1, end, out);
}

static bool line_speaks_of(Str text, size_t at, const char *const *words, size_t count)
{
	size_t start = line_start(text, at);

	for (; start < at; start++)
		for (size_t i = 0; i < count; i++)
			if (str_ieq(str_slice(text, start, start + strlen(words[i])),
			            str_c(words[i])) &&
			    (!start || !ascii_is_alnum(text.p[start - 1])))
				return true;
	return false;
}

// CREATE USER app WITH PASSWORD 'x', IDENTIFIED BY 'x'
static bool sql_password_at(Str text, Str word, size_t start, Credential *out)
{
	static const char *const statements[] = {"user ", "role ", "identified "};
	size_t end;

	if ((!str_ieq(word, S("password")) && !str_ieq(word, S("by"))) ||
	    !line_speaks_of(text, start, str_ieq(word, S("by")) ? statements + 2 : statements,
	                    str_ieq(word, S("by")) ? 1 : 2) ||
	    !quoted_value(text, start, &start, &end))
		return false;
	return keep(credential_named(S("password"), str_slice(text, start, end)), text, start, end,
	            out);
}

// Words that a credential may follow.
static bool announces(Str word)
{
	if (word.len < 5)
		return false;
	switch (word.p[0]) {
	case '-':
		return word.p[1] == '-';
	case 'B':
	case 'b':
		return str_ieq(word, S("Basic")) || str_ieq(word, S("Bearer"));
	case 'r':
		return str_is(word, "requirepass");
	case 'm':
		return str_is(word, "masterauth");
	case 'p':
		return str_is(word, "password");
	default:
		return false;
	}
}

// `HTTP_Passwd value`, as Fluent Bit and its kin have it: a line of two words, the first of which is a credential's name.
static bool in_line_of_two(Str text, Str word, size_t start, Credential *out)
{
	size_t end = plain_value_end(text, start, false);
	Str value = str_slice(text, start, end);

	if ((byte_at(text, end) != '\n' && byte_at(text, end) != '\r') || value.len < 6 ||
	    !has_digit_and_letter(value) || is_expression(value) || !credential_name(word) ||
	    !begins_line(text, (size_t)(word.p - text.p)) || is_comment(text, start))
		return false;
	return keep(credential_named(word, value), text, start, end, out);
}

// What stands behind a word, whose last character is a WORD_END, and a space: --password X, requirepass X, `login x password X` of a .netrc, headers.
static bool behind_word_at(Str text, size_t at, bool code, Credential *out)
{
	Str word, value;
	size_t start = at + 1, end;

	word = word_before(text, at);
	while (byte_at(text, start) == ' ')
		start++;
	if (byte_at(text, start) == '\'' && !is_comment(text, at) &&
	    sql_password_at(text, word, start, out))
		return true;
	if (!announces(word))
		return !code && word.len > 5 && in_line_of_two(text, word, start, out);
	if (is_quote(byte_at(text, start)))
		start++;
	end = plain_value_end(text, start, false);
	value = str_slice(text, start, end);
	if (value.len < 3 || value.p[0] == '-' || is_expression(value))
		return false;
	if (str_ieq(word, S("Basic")) || str_ieq(word, S("Bearer")))
		return header_at(text, word, start, end, out);
	if (code)
		return false;
	if (word.p[0] == '-') {
		word = str_from(word, 2);
	} else if (word.p[0] == 'p') {
		if (!str_contains(str_slice(text, line_start(text, at), at), S("login ")))
			return in_line_of_two(text, word, start, out);
	} else {
		if (!begins_line(text, (size_t)(word.p - text.p)))
			return false;
		word = S("password");
	}
	// In a sentence about the option a word follows.
	if (!credential_name(word) || (!credential_is_default(value) && !is_mixed(value)) ||
	    is_comment(text, at))
		return false;
	return keep(credential_named(word, value), text, start, end, out);
}

static bool url_password(Str password, Str host, size_t at, Credential *out)
{
	bool percent = password.len > 2 && password.p[0] == '%'; // an escaped character
	Str judged = percent ? str_from(password, 1) : password;
	Token token;

	*out = (Credential){CREDENTIAL_URL, "a password", at, password.len, .host = host};
	if (token_at(password, 0, &token) && token.len == password.len) {
		out->kind = token.key ? CREDENTIAL_KEY : CREDENTIAL_TOKEN;
		out->what = token.what;
		return true;
	}
	if (credential_is_default(password))
		out->kind = CREDENTIAL_DEFAULT;
	else if (judged.len < 3 || is_expression(judged) || !credential_value(judged))
		return false;
	return true;
}

// Whether the scheme that ends before byte `at` is one under which a git host takes a token as the user.
static bool is_git_scheme(Str text, size_t at)
{
	size_t start = at;

	while (start && at - start < NAME_LIMIT &&
	       (ascii_is_alnum(text.p[start - 1]) || text.p[start - 1] == '+'))
		start--;
	text = str_slice(text, start, at);
	return str_contains(text, S("http")) || str_has_prefix(text, S("git")) ||
	       str_is(text, "ssh");
}

// A host and its port in the place of user and password, with more behind them: http://example.org:80+&@example.com
static bool is_host_with_port(Str user, Str password)
{
	size_t digits = 0;

	while (digits < password.len && ascii_is_digit(password.p[digits]))
		digits++;
	return str_find_byte(user, '.') != STR_NONE && digits > 1 && digits < password.len &&
	       !ascii_is_alnum(password.p[digits]);
}

// Of amqp://user:password@a:5672,user:password@b:5672 the first.
static Str first_of_list(Str authorities)
{
	size_t sign = str_find_byte(authorities, '@');
	size_t comma =
		sign == STR_NONE ? STR_NONE : str_find_byte(str_from(authorities, sign), ',');

	return comma == STR_NONE ? authorities : str_to(authorities, sign + comma);
}

// scheme://user:password@host, read from the sign on
static bool url_at(Str text, size_t at, Credential *out)
{
	size_t start = at + 3, end = start, sign, colon, host;
	Str authority, user, password;

	if (!at || !ascii_is_alnum(text.p[at - 1]))
		return false;
	while (end < text.len && end - start < VALUE_LIMIT &&
	       strchr("/?# \t\r\n\"'`<>|\\)", text.p[end]) == NULL)
		end++;
	authority = first_of_list(str_slice(text, start, end));
	sign = str_rfind(authority, S("@"));
	colon = str_find_byte(authority, ':');
	if (sign == STR_NONE || sign + 1 >= authority.len)
		return false;
	host = sign + 1;
	while (host < authority.len &&
	       (is_name_char(authority.p[host]) || authority.p[host] == '['))
		host++;
	user = str_to(authority, colon < sign ? colon : sign);
	password = colon < sign ? str_slice(authority, colon + 1, sign) : S("");
	authority = str_slice(authority, sign + 1, host);
	if (!authority.len)
		return false;
	if (!password.len || str_is(password, "x-oauth-basic")) {
		// A token alone, as git hosts take it; a Sentry DSN's part before the host is no secret.
		if (user.len < 20 || !has_digit_and_letter(user) || !credential_value(user) ||
		    !is_git_scheme(text, at) || str_contains(authority, S("sentry")) ||
		    str_contains(authority, S("ingest")))
			return false;
		*out = (Credential){CREDENTIAL_URL, "a token", start, user.len, .host = authority};
		return true;
	}
	// A manual's postgresql://user:password@hostname stands in comments.
	return !is_host_with_port(user, password) &&
	       !(credential_is_default(password) && is_comment(text, at)) &&
	       url_password(password, authority, (size_t)(password.p - text.p), out);
}

// user:password@tcp(host:port)/, and Oracle's thin:user/password@host
static bool at_sign_at(Str text, size_t at, Credential *out)
{
	Str rest = str_from(text, at + 1), before;
	bool go = str_has_prefix(rest, S("tcp(")) || str_has_prefix(rest, S("unix("));
	size_t start = at, mark;

	while (start && at - start < VALUE_LIMIT &&
	       strchr(" \t\r\n\"'`=", text.p[start - 1]) == NULL)
		start--;
	before = str_slice(text, start, at);
	if (go) {
		mark = str_find_byte(before, ':');
	} else {
		size_t thin = str_find(before, S("oracle:thin:"));
		mark = thin == STR_NONE ? STR_NONE : str_rfind(before, S("/"));
	}
	if (mark == STR_NONE || !mark)
		return false;
	rest = str_from(rest, go ? str_find_byte(rest, '(') + 1 : 0);
	mark = start + mark + 1;
	start = 0;
	while (start < rest.len && is_name_char(rest.p[start]))
		start++;
	return url_password(str_slice(text, mark, at), str_to(rest, start), mark, out);
}

static bool is_port(Str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return str_is(text, "*");
	return text.len > 0 && text.len < 6;
}

// A line of a .pgpass, or one that a script echoes into it: host:port:database:user:password. Byte `at` is the colon
// behind the host.
static bool pgpass_at(Str text, size_t at, Credential *out)
{
	size_t start = at;
	Str rest, fields[4], password;
	char quote;

	if (!ascii_is_digit(byte_at(text, at + 1)) && byte_at(text, at + 1) != '*')
		return false;
	while (start && at - start < NAME_LIMIT &&
	       (is_name_char(text.p[start - 1]) || text.p[start - 1] == '*'))
		start--;
	quote = start ? text.p[start - 1] : '\n';
	if (!is_quote(quote) && quote != '\n')
		return false;
	rest = str_from(text, start);
	for (size_t i = 0; i < 4; i++) {
		size_t colon = 0;
		while (colon < rest.len && colon < NAME_LIMIT &&
		       (is_name_char(rest.p[colon]) || rest.p[colon] == '*'))
			colon++;
		if (!colon || byte_at(rest, colon) != ':')
			return false;
		fields[i] = str_to(rest, colon);
		if (i == 1 && !is_port(fields[1]))
			return false;
		rest = str_from(rest, colon + 1);
	}
	// Only now, since a line may be a whole dashboard: no character of a field ends one.
	rest = str_to(rest, line_end(rest, 0));
	password = str_trim_ascii(str_to(rest, str_find_byte(rest, quote)));
	if (password.len < 4 || !ascii_is_alnum(fields[3].p[0]) || !credential_value(password) ||
	    is_expression(password) || str_find_byte(password, ':') != STR_NONE)
		return false;
	return keep(credential_named(S("password"), password), text, (size_t)(password.p - text.p),
	            (size_t)(password.p - text.p) + password.len, out);
}

static bool at_separator(Str text, size_t at, bool code, Credential *out)
{
	switch (text.p[at]) {
	case ':':
		if (byte_at(text, at + 1) == '/' && byte_at(text, at + 2) == '/')
			return url_at(text, at, out);
		return pgpass_at(text, at, out) || assigned_at(text, at, code, out);
	case '=':
		return assigned_at(text, at, code, out);
	case '>':
		return element_at(text, at, out);
	case '@':
		return at_sign_at(text, at, out);
	default:
		return false;
	}
}

// Where the pass goes on from inside a word: in it nothing begins but the marks of a few tokens.
static size_t word_end(Str text, size_t at)
{
	while (++at < text.len && (byte_bits[(unsigned char)text.p[at]] & (ALNUM | MARK)) == ALNUM)
		;
	return at;
}

// Whether a token may begin with the word from `at` to `end`, or have its mark there: most words are shorter than any, and
// end in no character of one. An address may be one, too.
static bool may_be_token(Str text, size_t at, size_t end)
{
	return end - at >= TOKEN_LEAST || (end < text.len && is(text.p[end], JOINS)) ||
	       (text.p[at] == 'h' && byte_at(text, end) == ':') ||
	       (is(text.p[at], MARK) && token_mark_begins(text.p[at], byte_at(text, at + 1)));
}

// The same of a byte that is none of a word: dashes lead up to a private key.
static bool begins_mark(Str text, size_t at)
{
	char c = text.p[at], second = byte_at(text, at + 1);

	return token_mark_begins(c, second) || (c == '-' && second == '-');
}

static bool token_found(Str text, size_t at, size_t from, Credential *out)
{
	Token token;

	if (!token_seen(text, at, &token) || token.at < from)
		return false;
	*out = (Credential){.kind = token.key ? CREDENTIAL_KEY : CREDENTIAL_TOKEN,
	                    .what = token.what,
	                    .at = token.at,
	                    .len = token.len};
	return true;
}

// What a pass over a text knows of the byte at hand.
typedef struct Pass {
	size_t word;   // where the word begins that goes on, or ends, before it
	size_t words;  // of its line that ended in a space
	size_t escape; // behind the last backslash
} Pass;

// Whether a credential may stand behind the word that ends before the space at `at`: words of sentences announce none, and
// a line of two words, with `export` of three, has none before it.
static bool may_follow(const Pass *pass, Str text, size_t at, size_t next)
{
	return pass->words < 2 || is(text.p[pass->word], ANNOUNCES) ||
	       byte_at(text, next) == '\'' || at - pass->word > NAME_LIMIT;
}

// Of spaces only the first follows a word; where the next byte that is none stands.
static size_t spaces_end(Str text, size_t at)
{
	return byte_at(text, at + 1) == ' ' ? at + str_indent(str_from(text, at)) : at + 1;
}

// Notes the byte at `at`, which is none of a word and no space.
static void pass_by(Pass *pass, Str text, size_t at)
{
	char c = text.p[at];

	if (is(c, ENDS_WORD))
		pass->word = at + 1;
	if (c == '\\')
		pass->escape = at + 1;
	if (c == '\n' || (c == '\\' && byte_at(text, at + 1) == 'n'))
		pass->words = 0;
}

bool credential_next(Str text, size_t from, bool code, Credential *out)
{
	Pass pass = {.word = from - word_before(text, from).len,
	             .escape = from && text.p[from - 1] == '\\' ? from : 0};

	for (size_t at = from, next; at < text.len; at = next) {
		unsigned bits = byte_bits[(unsigned char)text.p[at]];
		next = at + 1;
		if (bits & ALNUM) {
			// Behind a backslash stands the "n" of an escaped line end, and behind that a
			// word may begin.
			if (at != pass.escape || !at)
				next = word_end(text, at);
			if (may_be_token(text, at, next) && token_found(text, at, from, out))
				return true;
		} else if (text.p[at] == ' ') {
			next = spaces_end(text, at);
			if (at && is(text.p[at - 1], WORD_END)) {
				if (may_follow(&pass, text, at, next) &&
				    behind_word_at(text, at, code, out) && out->at >= from)
					return true;
				pass.words++;
			}
			pass.word = next;
		} else if (bits & LOOKED_AT) {
			if (bits & MARK && begins_mark(text, at) &&
			    token_found(text, at, from, out))
				return true;
			if (bits & SEPARATOR && at_separator(text, at, code, out) &&
			    out->at >= from)
				return true;
			pass_by(&pass, text, at);
		}
	}
	return false;
}
