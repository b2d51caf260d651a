// Images and the tools they lack. Only what is certain for every version in use is listed.

#include "lint/images.h"

#include "k8s/tools.h"

#include <string.h>

typedef struct ImageFacts {
	const char *name; // of the repository, without registry; with its folder where that matters
	const char *tag;  // a part that the tag must have; "!x" must not have
	const char *lacks;
} ImageFacts;

#define CLIENTS                                                                                    \
	" kcat kafkacat kafka-topics.sh kafka-topics kafka-broker-api-versions.sh mongosh mongo "  \
	"cqlsh clickhouse-client "                                                                 \
	"grpc_health_probe grpcurl rabbitmqadmin kubectl oc dockerize wait4x cub mc aws etcdctl "  \
	"vault "
#define SQL   " pg_isready psql mysqladmin mysql mariadb mariadb-admin "
#define CACHE " redis-cli valkey-cli "

// Distributions with dnf or yum: curl is there, but nothing else that asks over the network.
#define REDHAT  CLIENTS SQL CACHE " nc ncat netcat nslookup dig host telnet "
#define NOTHING CLIENTS SQL CACHE " curl wget nc ncat netcat nslookup dig /dev/tcp sh bash python "

static const ImageFacts facts[] = {
	{"busybox", "",
         CLIENTS SQL CACHE
         " curl dig host /dev/tcp bash python ncat netcat openssl wait-for-it.sh "},
	{"alpine", "",
         CLIENTS SQL CACHE " curl dig host /dev/tcp bash python ncat wait-for-it.sh "},
	{"debian", "",
         CLIENTS SQL CACHE " curl wget nc ncat netcat nslookup dig host ping telnet python "},
	{"ubuntu", "",
         CLIENTS SQL CACHE " curl wget nc ncat netcat nslookup dig host ping telnet python "},
	{"curlimages/curl", "", CLIENTS SQL CACHE " /dev/tcp bash python dig ncat "},
	{"curl", "", CLIENTS SQL CACHE " /dev/tcp bash python "},
	{"postgres", "!alpine",
         CLIENTS CACHE " curl wget nc ncat netcat nslookup dig mysqladmin mysql "},
	{"postgres", "alpine", CLIENTS CACHE " curl mysqladmin mysql "},
	{"redis", "!alpine", CLIENTS SQL " curl wget nc ncat netcat nslookup dig "},
	{"redis", "alpine", CLIENTS SQL " curl dig "},
	{"python", "slim", CLIENTS SQL CACHE " curl wget nc ncat netcat nslookup dig ping telnet "},
	{"python", "alpine", CLIENTS SQL CACHE " curl dig host /dev/tcp bash ncat "},
	{"python", "", CLIENTS SQL CACHE " nc ncat netcat nslookup dig telnet "},
	{"node", "slim",
         CLIENTS SQL CACHE " curl wget nc ncat netcat nslookup dig ping telnet python python3 "},
	{"node", "alpine", CLIENTS SQL CACHE " curl dig host /dev/tcp bash ncat python python3 "},
	{"node", "", CLIENTS SQL CACHE " nc ncat netcat nslookup dig telnet "},
	{"amazonlinux", "", REDHAT},
	{"rockylinux", "", REDHAT},
	{"almalinux", "", REDHAT},
	{"centos", "", REDHAT},
	{"fedora", "", REDHAT},
	{"ubi8/ubi", "", REDHAT},
	{"ubi9/ubi", "", REDHAT},
	{"ubi8/ubi-minimal", "", REDHAT},
	{"ubi9/ubi-minimal", "", REDHAT},
	{"distroless/static", "!debug", NOTHING},
	{"distroless/static-debian11", "!debug", NOTHING},
	{"distroless/static-debian12", "!debug", NOTHING},
	{"distroless/base", "!debug", NOTHING},
	{"distroless/base-debian11", "!debug", NOTHING},
	{"distroless/base-debian12", "!debug", NOTHING},
	{"mysql", "", CLIENTS CACHE " pg_isready psql nc netcat "},
	{"mariadb", "", CLIENTS CACHE " pg_isready psql nc netcat "},
	{"nginx", "!alpine", CLIENTS SQL CACHE " nc ncat netcat nslookup dig "},
};

static Str without_digest(Str image, bool *digest)
{
	size_t at = str_find_byte(image, '@');

	*digest = at != STR_NONE;
	return str_to(image, at == STR_NONE ? image.len : at);
}

Str image_tag(Str image, bool *digest)
{
	Str name = tool_name(without_digest(image, digest));
	size_t at = str_find_byte(name, ':');

	return at == STR_NONE ? S("") : str_from(name, at + 1);
}

Str image_name(Str image)
{
	bool digest;
	Str name = tool_name(without_digest(image, &digest));
	size_t at = str_find_byte(name, ':');

	return str_to(name, at == STR_NONE ? name.len : at);
}

// The official images only: "busybox", "docker.io/busybox", "docker.io/library/busybox", mirrors of them.
static bool is_official(Str image, const ImageFacts *fact)
{
	bool digest;
	Str path = without_digest(image, &digest), name = str_c(fact->name), before;
	size_t at = str_rfind(path, name);

	if (at == STR_NONE || !str_eq(image_name(image), tool_name(name)))
		return false;
	before = str_to(path, at);
	if (str_find_byte(name, '/') != STR_NONE)
		return true;
	return !before.len || str_has_suffix(before, S("library/")) ||
	       str_is(before, "docker.io/") || str_has_suffix(before, S("docker/library/")) ||
	       str_is(before, "index.docker.io/") ||
	       str_is(before, "public.ecr.aws/docker/library/") || str_is(before, "mirror.gcr.io/");
}

static bool tag_fits(Str image, const char *wanted)
{
	bool digest;
	Str tag = image_tag(image, &digest);

	if (*wanted == '!')
		return (tag.len || !digest) && str_find(tag, str_c(wanted + 1)) == STR_NONE;
	return !*wanted || str_find(tag, str_c(wanted)) != STR_NONE;
}

bool image_lacks(Str image, Str tool)
{
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
		Str rest = str_c(facts[i].lacks), word;
		if (!is_official(image, &facts[i]) || !tag_fits(image, facts[i].tag))
			continue;
		while (str_cut(&rest, S(" "), &word))
			if (word.len && str_eq(word, tool))
				return true;
		return false;
	}
	return false;
}

bool container_installs(const Container *container)
{
	static const char *const marks[] = {
		"apk add",     "apk --no-cache add", "apt-get",     "apt install", "yum install",
		"dnf install", "microdnf",           "pip install", "wget -O",     "curl -L"};

	for (size_t i = 0; i < container->command_count + container->arg_count; i++) {
		Str text = node_text(i < container->command_count
		                             ? container->command[i]
		                             : container->args[i - container->command_count]);
		for (size_t j = 0; j < sizeof marks / sizeof *marks; j++)
			if (str_contains(text, str_c(marks[j])))
				return true;
	}
	return false;
}
