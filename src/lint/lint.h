#ifndef LINT_LINT_H
#define LINT_LINT_H

// Rules over the model of k8s/. A rule is a row: id, severity, one line, why it matters, how to mend it, and a function
// that asks the model and reports what it finds. Each family of rules has a file below rules/.
//
// A finding has up to three places: the template line (where to edit the shape), the values line (where to edit the
// content), the rendered line (what the cluster sees). Where the text was not rendered by cleat, only the last is known.
//
// No message ever holds a credential: rules mask what they quote (lint/mask.h).

#include "chart/chart.h"
#include "k8s/model.h"
#include "lint/settings.h"

typedef struct Lint Lint;
typedef struct Rule Rule;
typedef struct Finding Finding;
typedef struct Held Held;
typedef struct ChartText ChartText;

struct Rule {
	const char *id;
	Severity severity;
	const char *summary; // one line
	const char *why;
	const char *mend;
	void (*check)(Lint *lint, const Rule *rule);
};

// Where a finding's line can be shown: the text of a file that was read, by the name that places use.
typedef struct LintFile {
	Str name, text;
	LineIndex *lines;
	Node *document; // the first one; NULL where there is none, or none that can be read
	bool read;      // it was tried
} LintFile;

typedef enum FindingState {
	FINDING_NEW,
	FINDING_SUPPRESSED,
	FINDING_KNOWN, // in the baseline
} FindingState;

// An object that a finding misses, or a key of one, and what left it out of the render.
typedef struct LeftOut {
	Str kind, ns, name;
	Str key; // empty: the whole object
	Str because; // "externalBackend.enabled is true"; empty where no value is known that brings it back
	Place condition; // in a template; without a file where the condition of a subchart decided
	Place value;     // what decided; without a file where no values have it
} LeftOut;

struct Finding {
	const Rule *rule;
	Severity severity;
	Str message; // one sentence
	Str mend;
	Str resource; // "Deployment/train-gru", empty where it is about a file
	Str ns, container;
	Place template, values, manifest; // a place without a file is not known
	Str values_path;                  // the key in the values file
	Str called_from; // "templates/training.yaml:12" where the template line stands in a partial
	Str about; // what tells this finding from others of its rule and resource: part of the fingerprint
	Str fingerprint;
	FindingState state;
	Str reason; // of a suppression
	Str *sets;  // the values sets it belongs to
	size_t set_count, set_cap;
	LeftOut *left_out; // NULL where nothing is missed
	Str configuration; // where the chart's values alone do not show it: the options that do, "--set a.b=true"
};

// Places that begin with `prefix` lie in `folder`: templates of a chart that a kustomization inflates.
typedef struct LintFolder {
	Str prefix, folder;
} LintFolder;

typedef struct Findings {
	Finding **items;
	size_t len, cap;
} Findings;

struct Lint {
	Arena *arena;
	Arena *keep; // where the files' names live, and the suppressions: outlives `arena` where a chart is explored
	const Settings *settings;
	Model *model;
	const Chart *chart; // NULL for plain manifests
	const Map *values;  // what .Values was, where there is a chart
	// Key paths of the values that templates asked for, where there is a chart.
	const Map *reads;
	struct EngineCache *parsed; // its templates, where there is a chart
	Str set;                    // the name of the values set, empty where there is one only
	Map *files;                 // name to LintFile
	Str *value_files;           // those of them that gave this set its values
	size_t value_file_count, value_file_cap;
	Findings findings;
	Held *held; // the credentials of the render and of its values files: see lint/held.h
	size_t held_count, held_cap;
	struct WrittenDown *written;
	size_t written_count, written_cap;
	bool held_known;
	struct Noted *noted; // texts that are never shown: see lint/mask.h
	// Services (model_key of namespace and name) that this configuration turns off: who waits for them is told, who only
	// points at them is not. May be NULL.
	const Map *switched_off;
	struct Suppressions *suppressions; // shared by the sets of one run
	bool later_set; // not the first values set: what the templates' text alone tells was told
	ChartText *chart_text; // what rules/templates.c keeps; NULL before it asks
	Str chart_prefix;      // what names of the engine's templates begin with: "flts/"
	Str chart_folder;      // what places in the chart begin with: "" or "charts/flts/"
	LintFolder *folders;
	size_t folder_count, folder_cap;
};

// All rules, in the order of their families: NULL behind the last.
const Rule *lint_rule_at(size_t i);
const Rule *lint_rule(Str id);
// 'there is no rule "wait-cycl" (did you mean "wait-cycle"?)'
Str lint_no_rule(Arena *arena, Str id);
// The families' rows, each ending in a row without id.
extern const Rule wait_rules[], host_rules[], credential_rules[], quota_rules[], template_rules[],
	reference_rules[], suppression_rules[];
Str lint_severity_name(Severity severity);

// Runs every rule that is on.
void lint_run(Lint *lint);
// Tells findings of one fingerprint apart by their order: "...", "...-2".
void findings_number(Arena *arena, Findings *findings);

// Where a finding is about.
typedef struct Subject {
	Resource *resource;
	Container *container;
	const Workload *workload;
	const Node *node;       // the scalar (or other node) it points at
	size_t offset, len;     // in its value
	size_t decoded;         // where that is base64, the byte of its content, from 1; else 0
	const Node *value_node; // where the content stands, when that is another node
	Str text; // what the finding speaks of, of all that stands there; may be empty
	Resource *value_resource;
	Severity severity; // SEVERITY_DEFAULT: the rule's
} Subject;

Subject subject_of_spot(const Spot *spot);
Subject subject_of_wait(const Wait *wait);
// Whether nobody expects the service in the render: it is declared outside, or this configuration turns it off.
bool lint_service_is_outside(const Lint *lint, Str ns, Str service);
// Reports a finding. `about` tells findings of one rule and resource apart across runs (a name, never a line).
Finding *lint_add(Lint *lint, const Rule *rule, const Subject *subject, Str about, Str message);
// The finding misses an object: of an error, what left it out is searched for. That takes renders, which warnings are not
// worth: many charts have some on purpose.
void lint_missed(Lint *lint, Finding *finding, LeftOut object);
// That of a reference; `key` where the object is there without it, else empty.
void lint_missed_ref(Lint *lint, Finding *finding, const Ref *ref, Str key);
// A finding of a template or values file, without a resource.
Finding *lint_add_at(Lint *lint, const Rule *rule, Place template, Place values, Str about,
                     Str message);

// A place by the names that the person knows: "templates/x.yaml", not "flts/templates/x.yaml".
Place lint_person_place(const Lint *lint, Place place);
void lint_add_file(Lint *lint, Str name, Str text);
// The content of a file's first document; NULL where there is none, or none that can be read.
const Node *lint_document(Lint *lint, Str name);
// A line of a file as it is, credentials and all, without its end; empty where it is not known. Show mask_line of it.
Str lint_line(Lint *lint, Place place);
// The byte of the source that wrote byte `offset` of a scalar's value.
size_t lint_source_offset(const Source *source, const Node *node, size_t offset);
Place lint_node_place(const Source *source, const Node *node, size_t offset);

// Whether an origin's own bytes say a text, or a good part of it. False for an empty one.
bool origin_says(const Origin *origin, Str text);
// Where a byte of a scalar comes from. Places without a file are not known.
typedef struct OriginPlaces {
	Place template, values;
	bool literal; // the template's own text, not what an action of it made
	Str values_path, called_from;
	const Origin *in_values; // what `values` is the place of; NULL for a flag, too
	size_t values_offset;    // of the byte in it
} OriginPlaces;

// `text` is what is spoken of there: where several values were put together and encoded, the one that says it counts.
// May be empty.
OriginPlaces lint_origin(const Source *source, const Node *node, size_t offset, Str text,
                         Arena *arena);
// The same for byte `at` of the content of a scalar that is base64.
OriginPlaces lint_origin_decoded(const Source *source, const Node *node, size_t at, Str text,
                                 Arena *arena);

#endif
