// Running the rules and keeping what they find.

#include "lint/lint.h"

#include "data/text.h"
#include "data/yaml.h"
#include "k8s/base64.h"
#include "lint/mask.h"
#include "lint/suppress.h"

#include <string.h>

const Rule *lint_rule_at(size_t i)
{
	static const Rule *const families[] = {wait_rules,       host_rules,     credential_rules,
	                                       quota_rules,      template_rules, reference_rules,
	                                       suppression_rules};

	for (size_t f = 0; f < sizeof families / sizeof *families; f++)
		for (const Rule *rule = families[f]; rule->id; rule++)
			if (!i--)
				return rule;
	return NULL;
}

const Rule *lint_rule(Str id)
{
	const Rule *rule;

	for (size_t i = 0; (rule = lint_rule_at(i)); i++)
		if (str_is(id, rule->id))
			return rule;
	return NULL;
}

Str lint_no_rule(Arena *arena, Str id)
{
	Str *names = NULL, nearest;
	size_t count = 0, cap = 0;
	const Rule *rule;

	for (size_t i = 0; (rule = lint_rule_at(i)); i++)
		VEC_PUSH(arena, names, count, cap) = str_c(rule->id);
	nearest = str_nearest(id, names, count);
	return str_printf(arena,
	                  nearest.len ? "there is no rule \"%s\" (did you mean \"%s\"?)"
	                              : "there is no rule \"%s\"",
	                  str_to_c(arena, id), str_to_c(arena, nearest));
}

Str lint_severity_name(Severity severity)
{
	static const char *const names[] = {"default", "off", "info", "warning", "error"};

	return str_c(names[severity]);
}

static Arena *keeping(const Lint *lint)
{
	return lint->keep ? lint->keep : lint->arena;
}

void lint_add_file(Lint *lint, Str name, Str text)
{
	Arena *arena = keeping(lint);
	LintFile *file;

	if (map_get(lint->files, name))
		return;
	if (arena != lint->arena)
		name = str_copy(arena, name);
	file = ARENA_NEW(arena, LintFile);
	file->name = name;
	file->text = text;
	file->lines = line_index_new(arena, text);
	table_put(arena, lint->files, name, file);
	if (lint->suppressions)
		suppressions_read(lint->suppressions, name, text);
}

const Node *lint_document(Lint *lint, Str name)
{
	LintFile *file = table_get(lint->files, name);
	YamlOptions options = {.file = name, .followed = true};
	Diag ignored = diag_new(lint->arena);

	if (!file)
		return NULL;
	if (!file->read &&
	    !yaml_read(keeping(lint), file->text, &options, &file->document, &ignored))
		file->document = NULL;
	file->read = true;
	return node_follow(file->document);
}

Str lint_line(Lint *lint, Place place)
{
	LintFile *file = table_get(lint->files, place.file);
	Str rest, line;

	if (!file || !place.line)
		return S("");
	rest = str_from(file->text, line_index_start(file->lines, place.line - 1));
	return str_line(&rest, &line) ? line : S("");
}

Subject subject_of_spot(const Spot *spot)
{
	return (Subject){.resource = spot->resource,
	                 .node = spot->node,
	                 .offset = spot->offset,
	                 .len = spot->len,
	                 .decoded = spot->decoded};
}

Subject subject_of_wait(const Wait *wait)
{
	Subject subject = subject_of_spot(&wait->spot);

	subject.workload = wait->workload;
	subject.container = wait->container;
	subject.value_node = wait->value_node;
	subject.value_resource = wait->value_resource;
	subject.text = wait->host;
	return subject;
}

// "flts/templates/x.yaml" as the person knows it: "templates/x.yaml", or with the chart's folder in front.
static Str person_file(const Lint *lint, Str file)
{
	if (lint->chart_prefix.len && str_has_prefix(file, lint->chart_prefix))
		return str_concat(lint->arena, lint->chart_folder,
		                  str_from(file, lint->chart_prefix.len));
	for (size_t i = 0; i < lint->folder_count; i++)
		if (str_has_prefix(file, lint->folders[i].prefix))
			return str_concat(lint->arena, lint->folders[i].folder,
			                  str_from(file, lint->folders[i].prefix.len));
	return file;
}

Place lint_person_place(const Lint *lint, Place place)
{
	place.file = person_file(lint, place.file);
	return place;
}

// In the middle of a text, what a helper made (a release's name) is spoken of where the text goes on: the helper's line
// says nothing of it, and is often a library's.
static void leave_helper(const Lint *lint, const Subject *subject, const Node *node,
                         OriginPlaces *found)
{
	OriginPlaces before;

	if (!subject->offset || found->literal || !found->template.file.len)
		return;
	before = lint_origin(subject->resource->source, node, subject->offset - 1, S(""),
	                     lint->arena);
	if (!before.literal || str_eq(before.template.file, found->template.file))
		return;
	found->template = before.template;
	found->called_from = before.called_from;
}

// Of the node that holds what is spoken of: a key's value, or what that says in base64.
static OriginPlaces places_of_content(const Lint *lint, const Subject *subject)
{
	const Source *source = subject->value_resource->source;
	Str value = subject->value_node->value, decoded;
	size_t at = str_find(value, subject->text), inside;

	if (at == STR_NONE && base64_read(lint->arena, value, &decoded) &&
	    (inside = str_find(decoded, subject->text)) != STR_NONE)
		return lint_origin_decoded(source, subject->value_node, inside, subject->text,
		                           lint->arena);
	return lint_origin(source, subject->value_node, at == STR_NONE ? 0 : at, subject->text,
	                   lint->arena);
}

// What lint_origin knows of a finding's own node, or of the node that holds its content.
static OriginPlaces find_places(Lint *lint, Finding *finding, const Subject *subject)
{
	const Source *source = subject->resource->source;
	const Node *node = subject->node ? subject->node : subject->resource->node;
	OriginPlaces found =
		subject->decoded
			? lint_origin_decoded(source, node, subject->decoded - 1, subject->text,
	                                      lint->arena)
			: lint_origin(source, node, subject->offset, subject->text, lint->arena);

	leave_helper(lint, subject, node, &found);
	finding->manifest = lint_node_place(source, node, subject->offset);
	if (subject->value_node && subject->value_resource) {
		OriginPlaces content = places_of_content(lint, subject);
		if (content.values.file.len) {
			found.values = content.values;
			found.values_path = content.values_path;
			found.in_values = content.in_values;
			found.values_offset = content.values_offset;
		}
	}
	finding->values_path = found.values_path;
	finding->template = lint_person_place(lint, found.template);
	finding->values = lint_person_place(lint, found.values);
	if (found.called_from.len)
		finding->called_from = person_file(lint, found.called_from);
	return found;
}

// Of a literal block in a values file, "config: |", the line that is meant, unless it is all of the block. Comments that ignore a finding stand above
// the block, since in it they would be its text.
static void point_into_block(Lint *lint, Finding *finding, const OriginPlaces *found)
{
	Place inner = finding->values;
	Str header = inner.file.len ? lint_line(lint, inner) : S(""), before, line;
	size_t start;

	if (!found->in_values || !found->values_offset || !inner.column ||
	    inner.column > header.len || header.p[inner.column - 1] != '|')
		return;
	before = str_n(found->in_values->base, found->values_offset);
	start = str_rfind(before, S("\n"));
	start = start == STR_NONE ? 0 : start + 1;
	for (size_t i = 0; i <= start; i++)
		inner.line += !i || before.p[i - 1] == '\n';
	line = lint_line(lint, inner);
	for (inner.column = 1; inner.column <= line.len && line.p[inner.column - 1] == ' ';)
		inner.column++;
	finding->values = inner;
}

// Names that end in a hash of the content ("job-963bea36") are one name: they change with every edit and setting.
#define HASH_LEAST 8

static size_t hash_len(Str text)
{
	size_t len = 0, digits = 0;

	while (len < text.len && strchr("0123456789abcdef", text.p[len]) != NULL)
		digits += text.p[len++] <= '9';
	return len >= HASH_LEAST && digits &&
	                       (len == text.len || strchr("-./ ", text.p[len]) != NULL)
	               ? len
	               : 0;
}

static void add_stable(Buf *buf, Str name)
{
	for (size_t i = 0; i < name.len; i++) {
		size_t skip = i && name.p[i - 1] == '-' ? hash_len(str_from(name, i)) : 0;
		buf_byte(buf, skip ? '*' : name.p[i]);
		i += skip ? skip - 1 : 0;
	}
}

// Stable across edits elsewhere: no line, no column, no count.
static Str fingerprint_of(Lint *lint, const Finding *finding)
{
	Buf buf = buf_new(lint->arena);

	buf_c(&buf, finding->rule->id);
	buf_byte(&buf, '\n');
	add_stable(&buf, finding->resource);
	buf_byte(&buf, '\n');
	buf_str(&buf, finding->ns);
	buf_byte(&buf, '\n');
	buf_str(&buf, finding->container);
	buf_byte(&buf, '\n');
	add_stable(&buf, finding->about);
	if (!finding->resource.len) { // whatever folder the chart is called by
		Str file =
			finding->template.file.len ? finding->template.file : finding->values.file;
		bool own = str_has_prefix(file, lint->chart_folder);
		buf_str(&buf, str_from(file, own ? lint->chart_folder.len : 0));
	}
	return str_printf(lint->arena, "%016llx", (unsigned long long)str_hash(buf_view(&buf)));
}

static void keep(Lint *lint, Finding *finding, const Resource *resource)
{
	Str file = finding->template.file.len ? finding->template.file
	           : finding->values.file.len ? finding->values.file
	                                      : finding->manifest.file;

	finding->severity = settings_severity(lint->settings, lint->arena, str_c(finding->rule->id),
	                                      file, finding->severity);
	if (finding->severity == SEVERITY_OFF)
		return;
	finding->fingerprint = fingerprint_of(lint, finding);
	if (lint->suppressions)
		suppressions_apply(lint, lint->suppressions, finding, resource);
	if (lint->set.len)
		VEC_PUSH(lint->arena, finding->sets, finding->set_count, finding->set_cap) =
			lint->set;
	VEC_PUSH(lint->arena, lint->findings.items, lint->findings.len, lint->findings.cap) =
		finding;
}

bool lint_service_is_outside(const Lint *lint, Str ns, Str service)
{
	return (lint->switched_off &&
	        map_get(lint->switched_off, model_key(lint->arena, ns, service, S("")))) ||
	       settings_outside(lint->settings, OUTSIDE_SERVICES, ns, service) ||
	       settings_outside(lint->settings, OUTSIDE_NAMESPACES, S(""), ns);
}

Finding *lint_add(Lint *lint, const Rule *rule, const Subject *subject, Str about, Str message)
{
	Finding *finding = ARENA_NEW(lint->arena, Finding);
	const Resource *resource = subject->resource;
	OriginPlaces places;

	finding->rule = rule;
	finding->severity = subject->severity ? subject->severity : rule->severity;
	finding->message = mask_message(lint, message);
	finding->mend = str_c(rule->mend);
	finding->about = about;
	finding->resource = subject->workload ? subject->workload->what
	                                      : str_printf(lint->arena, "%s/%s",
	                                                   str_to_c(lint->arena, resource->kind),
	                                                   str_to_c(lint->arena, resource->name));
	finding->ns = resource->ns;
	if (subject->container)
		finding->container = subject->container->name;
	places = find_places(lint, finding, subject);
	keep(lint, finding, resource);
	point_into_block(lint, finding, &places);
	return finding;
}

void lint_missed(Lint *lint, Finding *finding, LeftOut object)
{
	if (finding->severity < SEVERITY_ERROR)
		return;
	finding->left_out = ARENA_NEW(lint->arena, LeftOut);
	*finding->left_out = object;
}

void lint_missed_ref(Lint *lint, Finding *finding, const Ref *ref, Str key)
{
	lint_missed(lint, finding,
	            (LeftOut){.kind = str_c(ref_object_kind(ref->kind)),
	                      .ns = ref->ns,
	                      .name = ref->name,
	                      .key = key});
}

Finding *lint_add_at(Lint *lint, const Rule *rule, Place template, Place values, Str about,
                     Str message)
{
	Finding *finding = ARENA_NEW(lint->arena, Finding);

	finding->rule = rule;
	finding->severity = rule->severity;
	finding->message = message;
	finding->mend = str_c(rule->mend);
	finding->about = about;
	finding->template = lint_person_place(lint, template);
	finding->values = lint_person_place(lint, values);
	keep(lint, finding, NULL);
	finding->set_count = 0; // the text is the same in all
	return finding;
}

void findings_number(Arena *arena, Findings *findings)
{
	Map *counts = map_new(arena, &TYPE_ANY_MAP);

	for (size_t i = 0; i < findings->len; i++) {
		Finding *finding = findings->items[i];
		Value *count = map_get(counts, finding->fingerprint);
		if (!count)
			map_set(arena, counts, finding->fingerprint, value_int(1));
		else
			finding->fingerprint =
				str_printf(arena, "%s-%lld", str_to_c(arena, finding->fingerprint),
			                   (long long)++count->i);
	}
}

void lint_run(Lint *lint)
{
	const Rule *rule;

	lint->held_known = false; // of an earlier set
	lint->held_count = lint->written_count = 0;
	mask_collect(lint);
	if (lint->suppressions)
		suppressions_collect(lint, lint->suppressions);
	for (size_t i = 0; (rule = lint_rule_at(i)); i++)
		if (rule->check && (lint->settings->path_count ||
		                    settings_severity(lint->settings, lint->arena, str_c(rule->id),
		                                      S(""), rule->severity) != SEVERITY_OFF))
			rule->check(lint, rule);
}
