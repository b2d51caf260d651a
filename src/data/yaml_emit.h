#ifndef DATA_YAML_EMIT_H
#define DATA_YAML_EMIT_H

// Events to YAML, by the rules of go-yaml's two emitters. Inside data/ only; others use
// data/yaml.h.
//
// v2 (Helm's toYaml) folds at 80 columns and puts sequences at the level of their key; v3
// (toYamlPretty, Kustomize) never folds and knows comments.

#include "data/text.h"
#include "data/yaml_scan.h"

typedef enum EmitKind {
	EMIT_DOCUMENT_START,
	EMIT_DOCUMENT_END,
	EMIT_ALIAS,
	EMIT_SCALAR,
	EMIT_SEQUENCE_START,
	EMIT_SEQUENCE_END,
	EMIT_MAPPING_START,
	EMIT_MAPPING_END,
} EmitKind;

typedef struct EmitEvent {
	uint8_t kind;
	uint8_t style;    // scalars: the ScalarStyle wanted; used where the text allows it
	bool flow, empty; // collections: flow style wanted; nothing in it
	Str anchor, tag;  // tag in full; empty where it goes without saying
	Str value;        // aliases: the name
	Str head, line, foot, tail;
} EmitEvent;

typedef struct Emitter {
	Text *out;
	Arena *scratch; // apart from the text's, which so grows in place
	YamlDialect dialect;
	int best_indent, best_width;
	bool compact; // v3: "- " counts as indentation of sequences in mappings
	bool first;   // no document yet

	uint8_t state;
	uint8_t *states;
	size_t state_count, state_cap;
	int *indents;
	size_t indent_count, indent_cap;
	int indent, column, flow_level;
	int foot_indent; // v3: an empty line goes before content at this indentation; -1 for none
	bool whitespace; // the last byte was white space
	bool indention;  // only indentation and indicators on this line so far
	bool in_mapping, in_simple_key;

	Str head, line, foot, tail, key_line; // v3: comments on their way out
	const char *problem;
} Emitter;

void emitter_open(Emitter *emitter, Text *out, Arena *scratch, YamlDialect dialect, int indent,
                  bool compact);
// False where the event can't be written (`problem` says why).
bool emitter_emit(Emitter *emitter, const EmitEvent *event);

#endif
