// `cleat package NAMESPACE/ENV`: a folder of secrets as an archive for those who apply it.
//
// The one who gets it unpacks it into a folder of the namespace and applies the environment:
//
//	tar xzf seldon-system-ml-secrets-20250704.tar.gz -C k8s/manifests/seldon-system
//	kubectl apply -k k8s/manifests/seldon-system/production

#include "cmd/chart_options.h"
#include "cmd/commands.h"
#include "cmd/files.h"
#include "cmd/overlay.h"
#include "cmd/tarball.h"
#include "k8s/credential.h"
#include "k8s/secrets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FOLDER_DEPTH 16
#define PACKAGES     "overlays/packages"

typedef struct PackageCommand {
	Str source, name, date, destination;
	bool check, allow_plaintext, dry_run;
} PackageCommand;

// 20250704 or 2025-07-04.
static bool read_date(Str text, int *year, int *month, int *day)
{
	char digits[9] = "";
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++) {
		bool dash = text.p[i] == '-' && text.len == 10 && (i == 4 || i == 7);
		if (!dash && (text.p[i] < '0' || text.p[i] > '9' || count == 8))
			return false;
		if (!dash)
			digits[count++] = text.p[i];
	}
	return count == 8 && (text.len == 8 || text.len == 10) &&
	       sscanf(digits, "%4d%2d%2d", year, month, day) == 3 && *year >= 1970 && *month >= 1 &&
	       *month <= 12 && *day >= 1 && *day <= 31;
}

static bool check_date(Str value, Diag *diag)
{
	int year, month, day;

	return read_date(value, &year, &month, &day) ||
	       diag_fail(diag, "a date like 20250704 or 2025-07-04 is needed");
}

static bool is_label(Str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-.", name.p[i]) || !name.p[i])
			return false;
	return name.len && name.len <= 253 && name.p[0] != '-' && name.p[0] != '.';
}

static bool check_name(Str value, Diag *diag)
{
	return is_label(value) || diag_fail(diag, "small letters, digits, - and . are allowed");
}

#define ROW(kind, name, letter, field, argument, help, check)                                      \
	{                                                                                          \
		kind, name, letter, offsetof(PackageCommand, field), argument, help, NULL, NULL,   \
			check                                                                      \
	}

static const Option OPTIONS[] = {
	ROW(OPTION_TEXT, "from", 0, source, "DIR",
            "where NAMESPACE/ENV lies (default: " PACKAGES ")", NULL),
	ROW(OPTION_TEXT, "name", 0, name, "NAME",
            "the package's name: NAMESPACE-NAME-secrets-DATE.tar.gz (default: ENV)", check_name),
	ROW(OPTION_TEXT, "date", 0, date, "DATE",
            "its date, as 20250704 (default: SOURCE_DATE_EPOCH, or today)", check_date),
	ROW(OPTION_TEXT, "destination", 'd', destination, "DIR",
            "where to write it (default: the current folder)", NULL),
	ROW(OPTION_FLAG, "check", 0, check, NULL,
            "refuse credentials in plain text: only encrypted ones may be packed", NULL),
	ROW(OPTION_FLAG, "allow-plaintext", 0, allow_plaintext, NULL,
            "pack them all the same, without a word", NULL),
	ROW(OPTION_FLAG, "dry-run", 0, dry_run, NULL, "do everything but write", NULL),
	{.kind = OPTION_END},
};

const OptionTable package_options = {
	"Usage: cleat package NAMESPACE/ENV [options]",
	"Packs a folder with a kustomization.yaml and secrets for those who apply it. The same "
	"input and date\n"
	"give the same bytes. The kustomization is built first: what would not apply is not "
	"packed. Encrypted\n"
	"are SealedSecrets and what SOPS has encrypted; ExternalSecrets hold nothing to hide. Exit "
	"codes: 0\n"
	"written, 1 refused or failed, 2 called wrongly.",
	OPTIONS,
};

typedef struct Package {
	Arena *arena;
	PackageCommand *command;
	Str ns, env, folder;
	Fs *memory; // what goes in, as it will be unpacked: ENV/...
	TarballFile *files;
	size_t file_count, file_cap;
	size_t plain; // credentials in plain text
	Buf notes;
	Diag diag;
} Package;

// --- reading the folder ---

static bool add_folder(Package *p, Fs *fs, Str below, int depth)
{
	Str inside = path_join(p->arena, p->env, below), *names;
	size_t count;

	VEC_PUSH(p->arena, p->files, p->file_count, p->file_cap) =
		(TarballFile){str_concat(p->arena, inside, S("/")), S(""), true};
	if (depth > FOLDER_DEPTH)
		return diag_fail(&p->diag, "%.*s lies too deep", STR_ARGS(inside));
	if (!fs_list(fs, p->arena, below, &names, &count, &p->diag))
		return false;
	for (size_t i = 0; i < count; i++) {
		Str path = path_join(p->arena, below, names[i]),
		    to = path_join(p->arena, inside, names[i]), data;
		FsInfo info = fs_info(fs, path);
		if (names[i].p[0] == '.')
			continue;
		if (info.link)
			return diag_fail(&p->diag,
			                 "%.*s/%.*s is a link: a package holds files only",
			                 STR_ARGS(p->folder), STR_ARGS(path));
		if (info.kind == FS_FOLDER) {
			if (!add_folder(p, fs, path, depth + 1))
				return false;
			continue;
		}
		if (info.kind != FS_FILE)
			return diag_fail(&p->diag, "%.*s/%.*s is no file", STR_ARGS(p->folder),
			                 STR_ARGS(path));
		if (!fs_read(fs, p->arena, path, &data, &p->diag))
			return false;
		fs_memory_put(p->memory, to, data);
		VEC_PUSH(p->arena, p->files, p->file_count, p->file_cap) =
			(TarballFile){to, data, false};
	}
	return true;
}

// --- credentials ---

// The name of a packed file ("/ENV/a.yaml" to the build) as a person finds it.
static Str shown_file(Package *p, Str file)
{
	Str below = str_has_prefix(file, S("/")) ? str_from(file, 1) : file;

	if (str_has_prefix(below, str_concat(p->arena, p->env, S("/"))))
		below = str_from(below, p->env.len + 1);
	return path_join(p->arena, p->folder, below);
}

static void found(Package *p, Str file, Str where, const char *what, Str value)
{
	file = shown_file(p, file);
	p->plain++;
	buf_c(&p->notes, "  ");
	buf_str(&p->notes, diag_escape(p->arena, file));
	if (where.len) {
		buf_c(&p->notes, ": ");
		buf_str(&p->notes, diag_escape(p->arena, where));
	}
	buf_printf(&p->notes, ": %s in plain text: ", what);
	buf_str(&p->notes, diag_escape(p->arena, secret_mask(p->arena, value)));
	buf_byte(&p->notes, '\n');
}

static bool is_sops(Str value)
{
	return str_has_prefix(value, S("ENC[")) && str_has_suffix(value, S("]"));
}

// What kubeseal makes is longer than any key it uses is short of: a session key under RSA, then the text.
#define SEALED_MIN 200

static bool is_sealed(Str value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.p[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    !strchr("+/=\n ", c))
			return false;
	}
	return value.len >= SEALED_MIN;
}

static Str text_of(const Node *node)
{
	return node && node->kind == NODE_SCALAR ? node->value : S("");
}

// Every entry of `field` (data, stringData) of a Secret.
static void check_data(Package *p, const BuiltResource *r, Str resource, const char *field)
{
	const Node *data = node_get_c(r->node, field);

	for (size_t i = 0; data && data->kind == NODE_MAPPING && i + 1 < data->len; i += 2) {
		Str value = text_of(node_follow(data->children[i + 1]));
		if (!value.len || is_sops(value))
			continue;
		found(p, r->file,
		      str_printf(p->arena, "%.*s %s.%.*s", STR_ARGS(resource), field,
		                 STR_ARGS(data->children[i]->value)),
		      "a secret's value", value);
	}
}

static void check_sealed(Package *p, const BuiltResource *r, Str resource)
{
	const Node *spec = node_get_c(r->node, "spec"), *data;

	data = spec && spec->kind == NODE_MAPPING ? node_get_c(spec, "encryptedData") : NULL;
	for (size_t i = 0; data && data->kind == NODE_MAPPING && i + 1 < data->len; i += 2) {
		Str value = text_of(node_follow(data->children[i + 1]));
		if (!is_sealed(value))
			found(p, r->file,
			      str_printf(p->arena, "%.*s spec.encryptedData.%.*s",
			                 STR_ARGS(resource), STR_ARGS(data->children[i]->value)),
			      "what kubeseal has not encrypted, so it is", value);
	}
}

typedef struct Walk {
	Package *package;
	const BuiltResource *resource;
	Str shown;
} Walk;

// Anything else that holds a credential: by its name, or by its shape.
static void check_tree(Walk *w, Str path, Str key, const Node *node)
{
	Package *p = w->package;

	node = node_follow((Node *)node);
	for (size_t i = 0; node->kind == NODE_SEQUENCE && i < node->len; i++)
		check_tree(w, str_printf(p->arena, "%.*s[%zu]", STR_ARGS(path), i), key,
		           node->children[i]);
	for (size_t i = 0; node->kind == NODE_MAPPING && i + 1 < node->len; i += 2) {
		Str name = node->children[i]->value;
		Str here =
			path.len ? str_printf(p->arena, "%.*s.%.*s", STR_ARGS(path), STR_ARGS(name))
				 : name;
		if (str_is(name, "value") && node_get_c(node, "name"))
			name = text_of(node_get_c(node, "name"));
		check_tree(w, here, name, node->children[i + 1]);
	}
	if (node->kind == NODE_SCALAR && node->value.len && !is_sops(node->value) &&
	    !is_sealed(node->value)) {
		Credential credential = credential_find(key, node->value);
		if (credential.kind != CREDENTIAL_NONE && credential.kind != CREDENTIAL_RANDOM)
			found(p, w->resource->file,
			      str_printf(p->arena, "%.*s %.*s", STR_ARGS(w->shown), STR_ARGS(path)),
			      credential.what ? credential.what : "a credential", node->value);
	}
}

static void check_resource(Package *p, const BuiltResource *r)
{
	const Node *metadata = node_get_c(r->node, "metadata");
	Str kind = text_of(node_get_c(r->node, "kind"));
	Str name = metadata && metadata->kind == NODE_MAPPING
	                   ? text_of(node_get_c(metadata, "name"))
	                   : S("");
	Str shown = str_printf(p->arena, "%.*s/%.*s", STR_ARGS(kind), STR_ARGS(name));
	Walk walk = {p, r, shown};

	if (str_is(kind, "Secret")) {
		check_data(p, r, shown, "data");
		check_data(p, r, shown, "stringData");
	} else if (str_is(kind, "SealedSecret")) {
		check_sealed(p, r, shown);
	} else if (!str_is(kind, "ExternalSecret") && !str_is(kind, "SecretStore")) {
		check_tree(&walk, S(""), S(""), r->node);
	}
}

// "KEY=value" lines (of an .env file) and tokens in files that the build does not show as they are.
static void check_text(Package *p, const TarballFile *file)
{
	Str rest = file->data, line;
	Credential credential;

	if (file->folder || str_has_suffix(file->path, S(".yaml")) ||
	    str_has_suffix(file->path, S(".yml")))
		return;
	if (credential_shape(file->data, 0, &credential)) {
		found(p, file->path, S(""), credential.what ? credential.what : "a credential",
		      str_slice(file->data, credential.at, credential.at + credential.len));
		return;
	}
	for (size_t number = 1; str_line(&rest, &line); number++) {
		size_t equals = str_find_byte(line, '=');
		Str name = str_trim_space(str_to(line, equals == STR_NONE ? 0 : equals)), value;
		if (equals == STR_NONE)
			continue;
		value = str_trim_space(str_from(line, equals + 1));
		if (value.len && !is_sops(value) &&
		    credential_find(name, value).kind != CREDENTIAL_NONE)
			found(p, file->path, str_printf(p->arena, "line %zu", number),
			      "a credential", value);
	}
}

static bool check_credentials(Package *p, const Built *built)
{
	if (p->command->allow_plaintext)
		return true;
	for (size_t i = 0; i < built->len; i++)
		check_resource(p, &built->items[i]);
	for (size_t i = 0; i < p->file_count; i++)
		check_text(p, &p->files[i]);
	if (!p->plain)
		return true;
	if (!p->command->check) {
		fprintf(stderr,
		        "Warning: %zu credential%s in plain text (--check refuses them):\n%.*s",
		        p->plain, p->plain == 1 ? "" : "s", STR_ARGS(buf_view(&p->notes)));
		return true;
	}
	diag_fail(&p->diag, "%.*s/%.*s holds %zu credential%s in plain text and is not packed",
	          STR_ARGS(p->ns), STR_ARGS(p->env), p->plain, p->plain == 1 ? "" : "s");
	p->diag.detail = str_printf(p->arena,
	                            "%.*s\nEncrypt them (kubeseal makes SealedSecrets, sops "
	                            "encrypts files), take them from a "
	                            "store (ExternalSecret), or say --allow-plaintext.",
	                            STR_ARGS(buf_view(&p->notes)));
	return false;
}

// --- writing ---

// The date's digits, and its midnight in UTC.
static bool date_of(Package *p, Str *digits, int64_t *seconds)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	time_t now = epoch && *epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
	struct tm tm = {0};
	int year, month, day;

	if (p->command->date.len) {
		if (!read_date(p->command->date, &year, &month, &day))
			return false;
		tm.tm_year = year - 1900;
		tm.tm_mon = month - 1;
		tm.tm_mday = day;
	} else if (!gmtime_r(&now, &tm)) {
		return diag_fail(&p->diag, "the clock says no date");
	}
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	*digits =
		str_printf(p->arena, "%04d%02d%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	*seconds = (int64_t)timegm(&tm);
	return true;
}

static bool write_package(Package *p)
{
	PackageCommand *c = p->command;
	Str digits, bytes, path;
	int64_t seconds = 0;

	if (!date_of(p, &digits, &seconds) ||
	    !tarball_make(p->arena, p->files, p->file_count, seconds, &bytes, &p->diag))
		return false;
	path = str_printf(p->arena, "%.*s-%.*s-secrets-%.*s.tar.gz", STR_ARGS(p->ns),
	                  STR_ARGS(c->name.len ? c->name : p->env), STR_ARGS(digits));
	if (c->destination.len)
		path = path_join(p->arena, c->destination, path);
	if (c->dry_run) {
		printf("%.*s would be written (%zu bytes)\n", STR_ARGS(path), bytes.len);
		return true;
	}
	if (!file_write(p->arena, path, bytes, &p->diag))
		return false;
	printf("%.*s\n", STR_ARGS(path));
	return true;
}

static bool explain_build(Package *p)
{
	diag_wrap(&p->diag, "%.*s would not apply once unpacked", STR_ARGS(p->folder));
	return false;
}

static bool make_package(Package *p)
{
	Fs *fs = fs_folder(p->arena, p->folder, FS_LINKS_INSIDE);
	Buf log = buf_new(p->arena);
	Built built;
	bool ok;

	if (fs_info(fs, S("kustomization.yaml")).kind != FS_FILE &&
	    fs_info(fs, S("kustomization.yml")).kind != FS_FILE)
		return diag_fail(&p->diag,
		                 "there is no %.*s/kustomization.yaml: a package is a "
		                 "kustomization with its secrets",
		                 STR_ARGS(p->folder));
	p->memory = fs_memory(p->arena, p->folder, NULL);
	if (!add_folder(p, fs, S("."), 0))
		return false;
	ok = overlay_build(p->arena, p->memory, str_concat(p->arena, S("/"), p->env), false, &built,
	                   &log, &p->diag);
	fwrite(log.p, 1, log.len, stderr);
	if (!ok)
		return explain_build(p);
	return check_credentials(p, &built) && write_package(p);
}

static bool read_arguments(Package *p, const StrList *args)
{
	Str rest;

	if (args->len != 1)
		return diag_fail(
			&p->diag,
			"cleat package takes one NAMESPACE/ENV; `cleat package --help` says more");
	rest = args->items[0];
	while (str_has_suffix(rest, S("/")))
		rest = str_to(rest, rest.len - 1);
	str_cut(&rest, S("/"), &p->ns);
	p->env = rest.p ? rest : S("");
	if (!is_label(p->ns) || !is_label(p->env))
		return diag_fail(&p->diag,
		                 "\"%.*s\" is no NAMESPACE/ENV, like seldon-system/production",
		                 STR_ARGS(args->items[0]));
	p->folder = path_join(p->arena,
	                      path_join(p->arena,
	                                p->command->source.len ? p->command->source : S(PACKAGES),
	                                p->ns),
	                      p->env);
	return true;
}

int cmd_package(Arena *arena, int argc, char **argv)
{
	PackageCommand *command = ARENA_NEW(arena, PackageCommand);
	Package p = {.arena = arena,
	             .command = command,
	             .notes = buf_new(arena),
	             .diag = diag_new(arena)};
	Buf notes = buf_new(arena);
	StrList args = {0};
	bool help = false;
	int code = 2;

	if (options_parse(arena, &package_options, argc, argv, command, &args, &notes, &help,
	                  &p.diag) &&
	    !help && read_arguments(&p, &args))
		code = make_package(&p) ? 0 : 1;
	if (help) {
		options_help(&package_options, stdout);
		return 0;
	}
	if (code)
		print_failure(arena, &p.diag, false);
	return code;
}
