// What Helm adds to the templates: include, tpl, required, fail, lookup; and the two functions of
// Sprig that belong to no family.

#include "funcs/families.h"
#include "template/eval.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

// Helm puts these around messages that are shown without the names of templates and functions; the
// engine looks for them.
#define MESSAGE_START "HELM_ERR_START"
#define MESSAGE_END   "HELM_ERR_END"

static bool include(Call *c)
{
	Text text = call_text_open(c);

	return eval_include(c, call_str(c, 0), &c->args[1], &text) &&
	       call_return_rendered(c, &text);
}

static bool tpl(Call *c)
{
	Text text = call_text_open(c);

	return eval_tpl(c, call_str(c, 0), &c->args[1], &text) && call_return_rendered(c, &text);
}

// Ends the render with a message of the chart's author; while linting, goes on with an empty
// string.
static bool fail_for_author(Call *c, Str message)
{
	Buf buf = buf_new(c->arena);

	if (c->eval && engine_options(eval_engine(c->eval))->lint)
		return call_return_c(c, "");
	buf_c(&buf, MESSAGE_START);
	buf_str(&buf, message);
	buf_c(&buf, MESSAGE_END);
	return call_fail_str(c, buf_view(&buf));
}

static bool fail(Call *c)
{
	return fail_for_author(c, call_str(c, 0));
}

static bool required(Call *c)
{
	const Value *v = &c->args[1];

	if (value_is_null(v) || (v->kind == V_STRING && !v->s.len))
		return fail_for_author(c, call_str(c, 0));
	return call_return(c, *v);
}

// `helm template` asks no cluster: nothing is ever found.
static bool lookup(Call *c)
{
	return call_return_map(c, map_new(c->arena, &TYPE_ANY_MAP));
}

static bool hello(Call *c)
{
	return call_return_c(c, "Hello!");
}

// --- getHostByName ---

static void free_addresses(void *addresses)
{
	freeaddrinfo(addresses);
}

static bool address_text(const struct addrinfo *address, char text[INET6_ADDRSTRLEN])
{
	const void *bytes = NULL;

	if (address->ai_family == AF_INET)
		bytes = &((const struct sockaddr_in *)(const void *)address->ai_addr)->sin_addr;
	else if (address->ai_family == AF_INET6)
		bytes = &((const struct sockaddr_in6 *)(const void *)address->ai_addr)->sin6_addr;
	return bytes && inet_ntop(address->ai_family, bytes, text, INET6_ADDRSTRLEN);
}

// One of the addresses of a host, by chance.
static bool return_address(Call *c, Str host)
{
	const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *addresses = NULL;
	char text[INET6_ADDRSTRLEN];
	Str *found = NULL;
	size_t len = 0, cap = 0;
	uint32_t chance;

	if (getaddrinfo(str_to_c(c->arena, host), NULL, &wanted, &addresses) == 0)
		arena_defer(c->arena, free_addresses, addresses);
	else
		addresses = NULL;
	for (const struct addrinfo *a = addresses; a; a = a->ai_next) {
		if (address_text(a, text))
			VEC_PUSH(c->arena, found, len, cap) = str_copy(c->arena, str_c(text));
	}
	// What Go's random number generator says when Sprig lets it choose from none.
	if (!len)
		return call_fail(c, "invalid argument to Intn");
	engine_random(eval_engine(c->eval), &chance, sizeof chance);
	return call_return_str(c, found[chance % len]);
}

// Names are not looked up unless --enable-dns is given: charts could tell the world what they see.
static bool get_host_by_name(Call *c)
{
	if (!c->eval || !engine_options(eval_engine(c->eval))->enable_dns)
		return call_return_c(c, "");
	return return_address(c, call_str(c, 0));
}

const Func helm_funcs[] = {
	{"fail", "string -> string", "ends the render with a message", fail,
         "{{ if eq 1 2 }}{{ fail \"1 equals 2\" }}{{ end }}ok => ok"},
	{"getHostByName", "string -> string",
         "an address of a host; empty unless --enable-dns is given", get_host_by_name,
         "{{ getHostByName \"localhost\" | quote }} => \"\""},
	{"hello", "-> string", "a greeting", hello, "{{ hello }} => Hello!"},
	{"include", "string any -> string",
         "what a named template writes, as a string to go on with", include,
         "{{ define \"x\" }}a{{ . }}{{ end }}{{ include \"x\" 1 | upper }} => A1"},
	{"lookup", "string string string string -> dict",
         "the object of apiVersion, kind, namespace and name in the cluster: without one, nothing",
         lookup, "{{ lookup \"v1\" \"Secret\" \"default\" \"x\" }} => map[]"},
	{"required", "string any -> any",
         "the value; ends the render with a message where it is nil or an empty string", required,
         "{{ required \"a name is needed\" \"x\" }} => x"},
	{"tpl", "string any -> string", "what a string writes when it is run as a template", tpl,
         "{{ tpl \"{{ .a }}\" (dict \"a\" 1) }} => 1"},
	{NULL, NULL, NULL, NULL, NULL},
};
