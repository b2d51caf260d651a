// Calls that connect in the text of a program: python -c, node -e, perl -e, ruby -e, php -r, a here-document, a file.
//
// Nothing of the language is known but what is needed to see where a call connects to: texts, with what is put into
// them; variables that are set to them; the environment; joining, formatting and defaults. What else there is makes the
// value unknown, and of what is unknown nothing is said.

#include "k8s/walk.h"

#include "base/num.h"

#include <string.h>

// Variables that stand for variables, texts in texts.
#define VALUE_DEPTH 8
// A call is no longer.
#define CALL_LIMIT 400

#define PY   (1u << PROGRAM_PYTHON)
#define NODE (1u << PROGRAM_NODE)
#define PERL (1u << PROGRAM_PERL)
#define RUBY (1u << PROGRAM_RUBY)
#define PHP  (1u << PROGRAM_PHP)

typedef struct Program {
	Walk *w;
	ProgramLanguage language;
	Str s;
	size_t at;
	size_t base; // of s in the script
	int depth;
} Program;

static ToolWord expression_at(Program *p);
static bool environment_at(Program *p, ToolWord *word);
static ToolWord named_value(Program *p, Str name);

static char char_at(const Program *p, size_t at)
{
	return at < p->s.len ? p->s.p[at] : '\0';
}

static bool is_one_of(char c, const char *set)
{
	return c && strchr(set, c) != NULL;
}

static bool is_name_byte(char c)
{
	return ascii_is_alnum(c) || c == '_';
}

static void skip_space(Program *p)
{
	while (is_one_of(char_at(p, p->at), " \t\n\\"))
		p->at++;
}

static bool take(Program *p, const char *text)
{
	if (!str_has_prefix(str_from(p->s, p->at), str_c(text)))
		return false;
	p->at += strlen(text);
	return true;
}

static bool take_char(Program *p, char c)
{
	size_t before = p->at;

	skip_space(p);
	if (char_at(p, p->at) == c) {
		p->at++;
		return true;
	}
	p->at = before;
	return false;
}

static bool name_at(Program *p, Str *out)
{
	size_t start = p->at;

	while (char_at(p, start) == '$') // perl, php
		start++;
	p->at = start;
	if (ascii_is_digit(char_at(p, start)))
		return false;
	while (is_name_byte(char_at(p, p->at)))
		p->at++;
	*out = str_slice(p->s, start, p->at);
	return p->at > start;
}

// --- texts ---

// A text in quotes: its bytes as they stand.
static bool string_at(Program *p, Str *out, char *quote, bool *formatted)
{
	size_t start = p->at, end;
	size_t width = 1;

	*formatted = false;
	while (p->language == PROGRAM_PYTHON && is_one_of(char_at(p, start), "fFbBrRuU")) {
		*formatted |= ascii_lower(char_at(p, start)) == 'f';
		start++;
	}
	*quote = char_at(p, start);
	if (!is_one_of(*quote, "'\"`") || start - p->at > 2)
		return false;
	if (char_at(p, start + 1) == *quote && char_at(p, start + 2) == *quote)
		width = 3;
	start += width;
	for (end = start; end < p->s.len; end++) {
		if (p->s.p[end] == '\\')
			end++;
		else if (p->s.p[end] == *quote && (width == 1 || (char_at(p, end + 1) == *quote &&
		                                                  char_at(p, end + 2) == *quote)))
			break;
	}
	if (end > p->s.len)
		end = p->s.len;
	*out = str_slice(p->s, start, end);
	p->at = end + width > p->s.len ? p->s.len : end + width;
	return true;
}

// Where an expression begins that is put into a text at byte `at`; 0 where none does. `*close` is what ends it.
static size_t inserted_at(const Program *p, char quote, bool formatted, size_t at, char *close)
{
	char c = char_at(p, at), next = char_at(p, at + 1);

	*close = '}';
	if (formatted && c == '{' && next != '{')
		return at + 1;
	if (p->language == PROGRAM_NODE && quote == '`' && c == '$' && next == '{')
		return at + 2;
	if (p->language == PROGRAM_RUBY && quote == '"' && c == '#' && next == '{')
		return at + 2;
	if ((p->language == PROGRAM_PERL || p->language == PROGRAM_PHP) && quote == '"') {
		if (p->language == PROGRAM_PHP && c == '{' && next == '$')
			return at + 1;
		*close = '\0';
		if (c == '$' && (is_name_byte(next) || next == '{'))
			return at;
	}
	return 0;
}

static void append_text(Program *p, ToolWord *word, size_t start, size_t end)
{
	if (end > start)
		word_append(p->w, word, str_slice(p->s, start, end), p->base + start, NULL, NULL);
}

// A part of a text that may not be known.
static void append_part(Program *p, ToolWord *word, ToolWord part)
{
	if (part.text.len)
		word_append_word(p->w, word, &part, p->base + p->at);
	else
		word_append_unknown(p->w, word, p->base + p->at);
}

// The value of what is put into a text at byte `inner`; `*after` is the byte behind it.
static ToolWord inserted_value(const Program *p, size_t inner, size_t end, char close,
                               size_t *after)
{
	Program expression = *p;
	ToolWord word = {0};
	Str name;

	expression.at = inner;
	expression.s = str_to(p->s, end);
	expression.depth++;
	if (close) {
		word = expression_at(&expression);
		while (expression.at < end && p->s.p[expression.at] != close) // its format
			expression.at++;
		expression.at++;
	} else if (!environment_at(&expression, &word)) {
		bool braces = take(&expression, "${");
		if (name_at(&expression, &name))
			word = named_value(&expression, name);
		if (braces)
			take(&expression, "}");
	}
	*after = expression.at > inner ? expression.at : inner + 1;
	return word;
}

// The text with what is put into it.
static ToolWord text_value(Program *p, Str text, char quote, bool formatted)
{
	size_t start = (size_t)(text.p - p->s.p), end = start + text.len, from = start;
	ToolWord word = {0};

	for (size_t at = start; at < end;) {
		char close;
		size_t inner = inserted_at(p, quote, formatted, at, &close);
		if (inner) {
			append_text(p, &word, from, at);
			append_part(p, &word, inserted_value(p, inner, end, close, &at));
			from = at;
		} else {
			at++;
		}
	}
	append_text(p, &word, from < end ? from : end, end);
	if (!word.count)
		word_append(p->w, &word, text, p->base + start, NULL, NULL);
	return word;
}

// --- variables ---

// Behind `count` commas outside of brackets.
static size_t skip_values(Str s, size_t at, size_t count)
{
	for (int level = 0; count && at < s.len && s.p[at] != '\n'; at++) {
		level += is_one_of(s.p[at], "([{");
		level -= is_one_of(s.p[at], ")]}");
		count -= s.p[at] == ',' && level == 0;
	}
	return at;
}

// In "a, name = x, value" as many values are skipped as names stand before; in "a = x, name = value" none.
static size_t names_before(Str s, size_t at)
{
	size_t count = 0;

	while (at && !is_one_of(s.p[at - 1], "\n;{")) {
		at--;
		if (s.p[at] == '=')
			return 0;
		count += s.p[at] == ',';
	}
	return count;
}

// Goes to the value of "name = value" or of "a, name = x, value" before this place: the last one counts.
static bool find_assigned(Program *p, Str name)
{
	size_t before = p->at, found = STR_NONE;

	for (size_t from = 0, at;
	     (at = str_find(str_to(str_from(p->s, from), before - from), name)) != STR_NONE;
	     from += at + name.len) {
		size_t start = from + at;
		Str rest = str_from(p->s, start + name.len);
		if ((start && is_name_byte(p->s.p[start - 1])) ||
		    (rest.len && is_name_byte(rest.p[0])))
			continue;
		while (rest.len && is_one_of(rest.p[0], ", "))
			rest = str_from(rest, 1);
		while (rest.len && is_name_byte(rest.p[0])) { // the names behind it
			while (rest.len && (is_name_byte(rest.p[0]) || is_one_of(rest.p[0], ", ")))
				rest = str_from(rest, 1);
		}
		if (!rest.len || rest.p[0] != '=' || (rest.len > 1 && is_one_of(rest.p[1], "=>")))
			continue;
		found = (size_t)(rest.p - p->s.p) + 1;
		found = skip_values(p->s, found, names_before(p->s, start));
	}
	p->at = found;
	return found != STR_NONE;
}

static size_t word_start(Str s, size_t end)
{
	while (end && is_name_byte(s.p[end - 1]))
		end--;
	return end;
}

// The function in whose list of parameters the name stands before this place, and how many stand before it there.
static bool find_parameter(const Program *p, Str name, Str *function, size_t *before)
{
	for (size_t from = 0, at;
	     from < p->at &&
	     (at = str_find(str_to(str_from(p->s, from), p->at - from), name)) != STR_NONE;
	     from += at + name.len) {
		size_t start = from + at, open = start;
		if ((start && is_name_byte(p->s.p[start - 1])) ||
		    is_name_byte(char_at(p, start + name.len)))
			continue;
		for (*before = 0; open && !is_one_of(p->s.p[open - 1], "()\n"); open--)
			*before += p->s.p[open - 1] == ',';
		if (!open || p->s.p[open - 1] != '(')
			continue;
		size_t end = open - 1, first = word_start(p->s, end), keyword = first;
		while (keyword && p->s.p[keyword - 1] == ' ')
			keyword--;
		Str defines = str_slice(p->s, word_start(p->s, keyword), keyword);
		if (first == end || (!str_is(defines, "def") && !str_is(defines, "function")))
			continue;
		*function = str_slice(p->s, first, end);
		return true;
	}
	return false;
}

// Goes to what a call hands to the function for its parameter.
static bool find_handed(Program *p, Str name)
{
	Str function;
	size_t before;

	if (!find_parameter(p, name, &function, &before))
		return false;
	for (size_t from = 0, at; (at = str_find(str_from(p->s, from), function)) != STR_NONE;
	     from += at + function.len) {
		size_t start = from + at;
		if (start == (size_t)(function.p - p->s.p) ||
		    char_at(p, start + function.len) != '(' ||
		    (start && is_name_byte(p->s.p[start - 1])))
			continue;
		p->at = skip_values(p->s, start + function.len + 1, before);
		return true;
	}
	return false;
}

static ToolWord named_value(Program *p, Str name)
{
	Program found = *p;
	ToolWord word = {0};

	found.depth++;
	if (found.depth > VALUE_DEPTH)
		return word;
	if (!find_assigned(&found, name)) {
		found.at = p->at;
		if (!find_handed(&found, name))
			return word;
	}
	return expression_at(&found);
}

// --- the environment ---

static void environment_default(Program *p, ToolWord *word)
{
	if (!word->text.len && take_char(p, ','))
		*word = expression_at(p);
}

// os.environ["X"], process.env.X, $ENV{X}, ENV.fetch("X", d), getenv("X"): false where none stands here.
static bool environment_at(Program *p, ToolWord *word)
{
	static const struct {
		const char *text;
		char close; // '\0': a name without quotes follows
	} asks[] = {
		{"os.environ[", ']'},  {"os.environ.get(", ')'},
		{"os.getenv(", ')'},   {"environ.get(", ')'},
		{"environ[", ']'},     {"getenv(", ')'},
		{"process.env[", ']'}, {"process.env.", '\0'},
		{"$ENV{", '}'},        {"ENV.fetch(", ')'},
		{"ENV[", ']'},         {"$_ENV[", ']'},
		{"$_SERVER[", ']'},    {"env.", '\0'},
	};
	size_t start = p->at;

	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
		Str name;
		char quote;
		bool formatted;
		p->at = start;
		if (!take(p, asks[i].text))
			continue;
		if (!string_at(p, &name, &quote, &formatted) && !name_at(p, &name))
			continue;
		*word = (ToolWord){0};
		if (!walk_variable(p->w, name, p->base + start, word))
			*word = (ToolWord){0};
		if (asks[i].close == ')')
			environment_default(p, word);
		if (asks[i].close)
			take_char(p, asks[i].close);
		return true;
	}
	p->at = start;
	return false;
}

// --- values ---

// Calls that give back what they are given.
static bool take_wrapper(Program *p)
{
	static const char *const wrappers[] = {
		"int(",
		"str(",
		"Number(",
		"parseInt(",
		"String(",
		"URI(",
		"URI.parse(",
		"new URL(",
		"Integer(",
		"intval(",
		"Request(",
		"urlparse(",
		"urllib.request.Request(",
		"request.Request(",
		"(",
		"[",
	};

	for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
		if (take(p, wrappers[i]))
			return true;
	return false;
}

// What {} or %s of a text stand for, one after the other.
static ToolWord put_in(Program *p, const ToolWord *format, bool braces)
{
	ToolWord out = {0};
	size_t from = 0;

	take_char(p, '(');
	for (size_t i = 0; i + 1 < format->text.len; i++) {
		char c = format->text.p[i], next = format->text.p[i + 1];
		bool here = braces ? c == '{' && (next == '}' || ascii_is_digit(next))
		                   : c == '%' && is_one_of(next, "sdi");
		ToolWord head;
		if (!here)
			continue;
		head = word_slice(p->w, format, from, i);
		if (head.text.len)
			word_append_word(p->w, &out, &head, p->base + p->at);
		append_part(p, &out, expression_at(p));
		take_char(p, ',');
		i += braces && next != '}' ? 2 : 1;
		from = i + 1;
	}
	ToolWord tail = word_slice(p->w, format, from, format->text.len);
	if (tail.text.len)
		word_append_word(p->w, &out, &tail, p->base + p->at);
	take_char(p, ')');
	return out;
}

static ToolWord number_value(Program *p)
{
	ToolWord word = {0};
	size_t start = p->at;

	while (ascii_is_digit(char_at(p, p->at)))
		p->at++;
	append_text(p, &word, start, p->at);
	return word;
}

// One value, without what is joined to it.
static ToolWord term_at(Program *p)
{
	ToolWord word = {0};
	Str text;
	char quote;
	bool formatted;

	skip_space(p);
	if (environment_at(p, &word))
		return word;
	if (take_wrapper(p)) {
		word = expression_at(p);
		if (!take_char(p, ')'))
			take_char(p, ']');
		return word;
	}
	if (string_at(p, &text, &quote, &formatted))
		return text_value(p, text, quote, formatted);
	if (ascii_is_digit(char_at(p, p->at)))
		return number_value(p);
	if (name_at(p, &text)) {
		if (char_at(p, p->at) == '(') { // some other call
			word_append_unknown(p->w, &word, p->base + p->at);
			return word;
		}
		return named_value(p, text);
	}
	return word;
}

// .format(...), .strip() and % behind a value.
static void change_behind(Program *p, ToolWord *word)
{
	size_t before;

	if (take(p, ".format(")) {
		*word = put_in(p, word, true);
		return;
	}
	for (before = p->at; take(p, ".strip(") || take(p, ".rstrip(") || take(p, ".trim(") ||
	                     take(p, ".toString(") || take(p, ".to_i");
	     before = p->at)
		while (p->at < p->s.len && is_one_of(char_at(p, p->at), "'\"/)"))
			p->at++;
	p->at = before;
	skip_space(p);
	if (p->language == PROGRAM_PYTHON && char_at(p, p->at) == '%') {
		p->at++;
		*word = put_in(p, word, false);
		return;
	}
	p->at = before;
}

// Takes what stands between two values: '+' joins them, '|' takes the second where the first is empty.
static char take_sign(Program *p)
{
	size_t before = p->at;
	bool dots = p->language == PROGRAM_PERL || p->language == PROGRAM_PHP;

	skip_space(p);
	if (take(p, "||") || take(p, "??") || take(p, "//=") || take(p, "or "))
		return '|';
	if (p->language == PROGRAM_PERL && take(p, "//"))
		return '|';
	if (char_at(p, p->at) == '+' || (dots && char_at(p, p->at) == '.')) {
		p->at++;
		return '+';
	}
	p->at = before;
	return '\0';
}

static ToolWord expression_at(Program *p)
{
	ToolWord word = {0}, more;
	char sign;

	if (p->depth > VALUE_DEPTH || p->w->steps++ > STEP_LIMIT)
		return word;
	p->depth++;
	word = term_at(p);
	change_behind(p, &word);
	while ((sign = take_sign(p))) {
		more = term_at(p);
		if (sign == '|') {
			word = word.text.len ? word : more;
			continue;
		}
		if (!word.text.len) // joined to what is not known
			word_append_unknown(p->w, &word, p->base + p->at);
		append_part(p, &word, more);
	}
	p->depth--;
	return word;
}

// --- interpreters ---

static const struct {
	const char *name;
	ProgramLanguage language;
	const char *options; // letters behind which the program stands
} interpreters[] = {
	{"python", PROGRAM_PYTHON, "c"}, {"node", PROGRAM_NODE, "ep"},
	{"nodejs", PROGRAM_NODE, "ep"},  {"bun", PROGRAM_NODE, "e"},
	{"perl", PROGRAM_PERL, "eE"},    {"ruby", PROGRAM_RUBY, "e"},
	{"php", PROGRAM_PHP, "r"},
};

static Str program_name(ProgramLanguage language)
{
	size_t i = 0;

	while (interpreters[i].language != language)
		i++;
	return str_c(interpreters[i].name);
}

// --- calls ---

typedef enum CallShape {
	CALL_HOST_PORT,
	CALL_PORT_HOST,
	CALL_HOST,
	CALL_URL, // or host:port, or a list of them
	CALL_DSN, // a URL, "host=db port=1", or keywords
	CALL_KEYWORDS,
} CallShape;

static const struct {
	const char *call;
	unsigned languages;
	CallShape shape;
	int64_t port; // where the call does not say it
} calls[] = {
	{"create_connection(", PY, CALL_HOST_PORT, 0},
	{"open_connection(", PY, CALL_HOST_PORT, 0},
	{".connect((", PY, CALL_HOST_PORT, 0},
	{".connect_ex((", PY, CALL_HOST_PORT, 0},
	{"telnetlib.Telnet(", PY, CALL_HOST_PORT, 23},
	{"HTTPConnection(", PY, CALL_HOST_PORT, 80},
	{"HTTPSConnection(", PY, CALL_HOST_PORT, 443},
	{"gethostbyname(", PY | PERL | PHP, CALL_HOST, 0},
	{"getaddrinfo(", PY | RUBY, CALL_HOST_PORT, 0},
	{"urlopen(", PY, CALL_URL, 0},
	{"requests.get(", PY, CALL_URL, 0},
	{"requests.head(", PY, CALL_URL, 0},
	{"requests.post(", PY, CALL_URL, 0},
	{"httpx.get(", PY, CALL_URL, 0},
	{"from_url(", PY, CALL_URL, 0},
	{"URLParameters(", PY, CALL_URL, 0},
	{"MongoClient(", PY | NODE, CALL_URL, 27017},
	{"create_engine(", PY, CALL_URL, 0},
	{"Elasticsearch(", PY, CALL_URL, 9200},
	{"Minio(", PY, CALL_URL, 9000},
	{"psycopg2.connect(", PY, CALL_DSN, 5432},
	{"psycopg.connect(", PY, CALL_DSN, 5432},
	{"asyncpg.connect(", PY, CALL_DSN, 5432},
	{"pymysql.connect(", PY, CALL_HOST_PORT, 3306},
	{"MySQLdb.connect(", PY, CALL_HOST_PORT, 3306},
	{"connector.connect(", PY, CALL_HOST_PORT, 3306},
	{"redis.Redis(", PY, CALL_HOST_PORT, 6379},
	{"redis.StrictRedis(", PY, CALL_HOST_PORT, 6379},
	{"ConnectionParameters(", PY, CALL_HOST_PORT, 5672},
	{"KafkaConsumer(", PY, CALL_KEYWORDS, 9092},
	{"KafkaProducer(", PY, CALL_KEYWORDS, 9092},
	{"KafkaAdminClient(", PY, CALL_KEYWORDS, 9092},
	{"boto3.client(", PY, CALL_KEYWORDS, 0},
	{"createConnection(", NODE, CALL_PORT_HOST, 0},
	{".connect(", NODE, CALL_PORT_HOST, 0},
	{"http.get(", NODE, CALL_URL, 80},
	{"http.request(", NODE, CALL_URL, 80},
	{"https.get(", NODE, CALL_URL, 443},
	{"https.request(", NODE, CALL_URL, 443},
	{"fetch(", NODE, CALL_URL, 0},
	{"axios.get(", NODE, CALL_URL, 0},
	{"axios(", NODE, CALL_URL, 0},
	{"got(", NODE, CALL_URL, 0},
	{"dns.lookup(", NODE, CALL_HOST, 0},
	{"dns.resolve(", NODE, CALL_HOST, 0},
	{"new Client(", NODE, CALL_KEYWORDS, 5432},
	{"new Pool(", NODE, CALL_KEYWORDS, 5432},
	{"new Redis(", NODE, CALL_PORT_HOST, 6379},
	{"createClient(", NODE, CALL_KEYWORDS, 6379},
	{"createPool(", NODE, CALL_KEYWORDS, 3306},
	{"INET->new(", PERL, CALL_DSN, 0},
	{"INET6->new(", PERL, CALL_DSN, 0},
	{"IP->new(", PERL, CALL_DSN, 0},
	{"SSL->new(", PERL, CALL_DSN, 0},
	{"DBI->connect(", PERL, CALL_DSN, 0},
	{"->get(", PERL, CALL_URL, 0},
	{"HTTP::Tiny->new->get(", PERL, CALL_URL, 0},
	{"TCPSocket.new(", RUBY, CALL_HOST_PORT, 0},
	{"TCPSocket.open(", RUBY, CALL_HOST_PORT, 0},
	{"Socket.tcp(", RUBY, CALL_HOST_PORT, 0},
	{"Net::HTTP.get(", RUBY, CALL_URL, 0},
	{"Net::HTTP.get_response(", RUBY, CALL_URL, 0},
	{"URI.open(", RUBY, CALL_URL, 0},
	{"PG.connect(", RUBY, CALL_DSN, 5432},
	{"Redis.new(", RUBY, CALL_KEYWORDS, 6379},
	{"fsockopen(", PHP, CALL_HOST_PORT, 0},
	{"stream_socket_client(", PHP, CALL_URL, 0},
	{"file_get_contents(", PHP, CALL_URL, 0},
	{"curl_init(", PHP, CALL_URL, 0},
	{"new PDO(", PHP, CALL_DSN, 0},
	{"mysqli_connect(", PHP, CALL_HOST, 3306},
	{"new mysqli(", PHP, CALL_HOST, 3306},
};

static size_t call_end(const Program *p)
{
	size_t end = p->at;

	for (int level = 1; end < p->s.len && end - p->at < CALL_LIMIT; end++) {
		level += is_one_of(p->s.p[end], "({");
		level -= is_one_of(p->s.p[end], ")}");
		if (!level)
			break;
	}
	return end;
}

// Whether what stands from byte `at` to `end` is a part of a text in quotes, and not all of it.
static bool is_part_of_text(Str s, size_t at, size_t end)
{
	char open = '\0';
	size_t start = 0;

	for (size_t i = 0; i < at; i++) {
		if (!open && is_one_of(s.p[i], "'\"`")) {
			open = s.p[i];
			start = i + 1;
		} else if (s.p[i] == open) {
			open = '\0';
		}
	}
	return open && (at > start || end >= s.len || s.p[end] != open);
}

// connect(host="db"), {host: 'db'}, PeerAddr => 'db': goes to the value of one of the keywords, where the call has it.
static bool find_keyword(Program *p, const char *const *names)
{
	Str call = str_slice(p->s, p->at, call_end(p));

	for (size_t n = 0; names[n]; n++)
		for (size_t from = 0, at;
		     (at = str_find(str_from(call, from), str_c(names[n]))) != STR_NONE;
		     from += at + 1) {
			size_t start = from + at, end = start + strlen(names[n]);
			bool short_form; // {host, port}
			if ((start && is_name_byte(call.p[start - 1])) ||
			    (end < call.len && is_name_byte(call.p[end])) ||
			    is_part_of_text(call, start, end))
				continue;
			while (end < call.len && is_one_of(call.p[end], "'\" "))
				end++;
			short_form = p->language == PROGRAM_NODE && start &&
			             is_one_of(call.p[start - 1], "{, ") &&
			             (end == call.len || is_one_of(call.p[end], ",}"));
			if (short_form) {
				p->at += start;
				return true;
			}
			if (end >= call.len || !is_one_of(call.p[end], "=:"))
				continue;
			end += end + 1 < call.len && call.p[end + 1] == '>' ? 2 : 1;
			p->at += end;
			return true;
		}
	return false;
}

static const char *const host_words[] = {"host",    "hostname", "PeerAddr", "PeerHost",
                                         "servers", "server",   NULL};
static const char *const port_words[] = {"port", "PeerPort", NULL};
static const char *const url_words[] = {
	"bootstrap_servers", "endpoint_url", "url", "connectionString", "dsn", "uri", NULL};

// The next argument behind a comma.
static void next_argument(Program *p)
{
	while (is_one_of(char_at(p, p->at), ", )") && char_at(p, p->at) != ')')
		p->at++;
}

typedef struct Reached {
	ToolWord word; // that holds the host
	Str host;
	int64_t port;
	Str port_name;
} Reached;

static void take_address(Reached *r)
{
	Str rest = r->word.text, part = rest;

	str_cut(&rest, S(","), &part); // the first of a list
	if (!tool_conninfo(part, &r->host, &r->port) &&
	    !tool_address(part, &r->host, &r->port, &r->port_name))
		r->host = S("");
}

static void take_port(Program *p, Reached *r)
{
	ToolWord port = expression_at(p);

	num_parse_int(port.text, 10, 32, &r->port);
}

static bool by_keywords(const Program *p, Reached *r)
{
	Program host = *p, port = *p, url = *p;

	if (find_keyword(&url, url_words)) {
		r->word = expression_at(&url);
		take_address(r);
		return true;
	}
	if (!find_keyword(&host, host_words))
		return false;
	r->word = expression_at(&host);
	take_address(r); // perl's PeerAddr may hold the port
	if (find_keyword(&port, port_words))
		take_port(&port, r);
	return true;
}

static void by_position(Program *p, CallShape shape, Reached *r)
{
	if (shape == CALL_PORT_HOST) {
		Program first = *p;
		r->word = expression_at(&first);
		if (str_contains(r->word.text, S("://"))) {
			take_address(r);
			return;
		}
		take_port(p, r);
		next_argument(p);
		r->word = expression_at(p);
		r->host = r->word.text;
		return;
	}
	r->word = expression_at(p);
	if (shape != CALL_HOST_PORT || str_find_byte(r->word.text, ':') != STR_NONE) {
		take_address(r);
		return;
	}
	r->host = r->word.text;
	next_argument(p);
	if (char_at(p, p->at) != ')')
		take_port(p, r);
}

static bool is_known_host(Str host)
{
	for (size_t i = 0; i < host.len; i++)
		if (!is_name_byte(host.p[i]) && host.p[i] != '-' && host.p[i] != '.')
			return false;
	return host.len > 0;
}

// Where a comment or a text in quotes that begins at byte `at` ends; `at` where none does.
static size_t skip_no_code(const Program *p, size_t at)
{
	char c = char_at(p, at), before = at ? p->s.p[at - 1] : '\n';
	bool slashes = p->language == PROGRAM_NODE || p->language == PROGRAM_PHP;
	bool comment = strchr(" \t\n;", before) != NULL &&
	               (c == '#' ? p->language != PROGRAM_NODE
	                         : slashes && c == '/' && char_at(p, at + 1) == '/');

	if (comment) {
		while (at < p->s.len && p->s.p[at] != '\n')
			at++;
	} else if (is_one_of(c, "'\"`")) {
		for (at++; at < p->s.len && p->s.p[at] != c; at++)
			at += p->s.p[at] == '\\';
		at += at < p->s.len;
	}
	return at;
}

// Whether byte `at` begins a line, or a statement that stands behind another one in it.
static bool begins_statement(Str text, size_t at)
{
	while (at && is_one_of(text.p[at - 1], " \t"))
		at--;
	return !at || is_one_of(text.p[at - 1], "\n;");
}

// Whether the program's code, not its comments and texts, has one of the words. In Python a loop begins a statement:
// [x for x in hosts] is none.
static bool code_has(const Program *p, const char *const *words)
{
	for (size_t at = 0, next; at < p->s.len; at = next) {
		next = skip_no_code(p, at);
		if (next != at)
			continue;
		next = at + 1;
		if (at && is_name_byte(p->s.p[at - 1]))
			continue;
		for (size_t i = 0; words[i]; i++)
			if (str_has_prefix(str_from(p->s, at), str_c(words[i])) &&
			    (p->language != PROGRAM_PYTHON || words[i][0] == 'r' ||
			     begins_statement(p->s, at)))
				return true;
	}
	return false;
}

static bool tries_again(const Program *p)
{
	static const char *const words[] = {"while", "for ",       "for(",        "until", "loop ",
	                                    "retry", "setTimeout", "setInterval", NULL};

	return code_has(p, words);
}

static bool never_ends(const Program *p)
{
	static const char *const words[] = {"while True", "while 1",  "while(true", "while (true",
	                                    "for(;;)",    "for (;;)", "until",      "loop ",
	                                    "setTimeout", NULL};

	return code_has(p, words);
}

static void note_call(Program *p, size_t which, Flow flow)
{
	Reached *r = ARENA_NEW(p->w->model->arena, Reached);
	ToolTarget *target = ARENA_NEW(p->w->model->arena, ToolTarget);
	ToolUse use = {.name = program_name(p->language), .targets = target, .count = 1};
	size_t start = p->at;

	*r = (Reached){0};
	if (!by_keywords(p, r) && calls[which].shape != CALL_KEYWORDS)
		by_position(p, calls[which].shape, r);
	p->at = start;
	if (!is_known_host(r->host) || ascii_is_digit(r->host.p[0]))
		return;
	*target = (ToolTarget){.kind = calls[which].shape == CALL_HOST ? WAIT_NAME : WAIT_TCP,
	                       .host = r->host,
	                       .port = r->port ? r->port : calls[which].port,
	                       .port_name = r->port_name,
	                       .word = &r->word};
	if (target->kind == WAIT_NAME)
		target->port = 0;
	if (r->host.p >= r->word.text.p && r->host.p <= r->word.text.p + r->word.text.len)
		target->at = (size_t)(r->host.p - r->word.text.p);
	use.loops = tries_again(p);
	use.endless = use.loops && never_ends(p);
	walk_note(p->w, &use, flow, p->base + start);
}

ProgramLanguage program_language(Str interpreter)
{
	Str name = tool_name(interpreter);

	while (name.len && (ascii_is_digit(name.p[name.len - 1]) || name.p[name.len - 1] == '.'))
		name.len--;
	for (size_t i = 0; i < sizeof interpreters / sizeof *interpreters; i++)
		if (str_is(name, interpreters[i].name))
			return interpreters[i].language;
	return PROGRAM_NONE;
}

ProgramLanguage program_language_of_script(Str text)
{
	Str line = text, rest = text, word;

	if (!str_has_prefix(text, S("#!")) || !str_line(&rest, &line))
		return PROGRAM_NONE;
	line = str_from(line, 2);
	while (str_cut(&line, S(" "), &word))
		if (program_language(word))
			return program_language(word);
	return PROGRAM_NONE;
}

static bool holds_program(ProgramLanguage language, Str option)
{
	const char *letters = "";

	for (size_t i = 0; i < sizeof interpreters / sizeof *interpreters; i++)
		if (interpreters[i].language == language)
			letters = interpreters[i].options;
	if (str_is(option, "--eval") || str_is(option, "--print"))
		return true;
	// perl -we, python3 -uc; perl's -M and -I take the rest of the word
	return option.len > 1 && option.p[0] == '-' && option.p[1] != '-' &&
	       !is_one_of(option.p[1], "MIX") && is_one_of(option.p[option.len - 1], letters);
}

size_t program_argument(ProgramLanguage language, const ToolWord *words, size_t count)
{
	for (size_t i = 1; i + 1 < count; i++)
		if (holds_program(language, words[i].text))
			return i + 1;
	return 0;
}

void program_read(Walk *w, ProgramLanguage language, Str text, size_t base, Flow flow)
{
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		Program p = {.w = w, .language = language, .s = text, .base = base};
		size_t found;
		if (!(calls[i].languages & 1u << language))
			continue;
		while ((found = str_find(str_from(text, p.at), str_c(calls[i].call))) != STR_NONE) {
			p.at += found + strlen(calls[i].call);
			note_call(&p, i, flow);
		}
	}
}
