#ifndef DATA_YAML_PARSE_H
#define DATA_YAML_PARSE_H

// Tokens to events, by the rules of go-yaml's parser. Inside data/ only; others use data/yaml.h.

#include "data/node.h"
#include "data/yaml_scan.h"

typedef enum EventKind {
	EVENT_STREAM_START,
	EVENT_STREAM_END,
	EVENT_DOCUMENT_START,
	EVENT_DOCUMENT_END,
	EVENT_ALIAS,
	EVENT_SCALAR,
	EVENT_SEQUENCE_START,
	EVENT_SEQUENCE_END,
	EVENT_MAPPING_START,
	EVENT_MAPPING_END,
} EventKind;

typedef struct YamlEvent {
	uint8_t kind;
	uint8_t style; // of scalars: ScalarStyle
	bool flow;     // of collections
	bool implicit; // scalars: a plain one without tag, to be resolved
	YamlMark start, end;
	Str anchor; // p is NULL where there is none
	Str tag;    // in full: "tag:yaml.org,2002:str"
	Str value;
} YamlEvent;

typedef struct TagDirective {
	Str handle, prefix;
} TagDirective;

typedef struct Parser {
	Scanner scanner;
	uint8_t state;
	uint8_t *states;
	size_t state_count, state_cap;
	YamlMark *marks; // where the open collections began
	size_t mark_count, mark_cap;
	TagDirective *tags;
	size_t tag_count, tag_cap;
	NodeComments waiting;  // comments not yet given to an event
	NodeComments comments; // of the event that parser_next gave last, where they are kept
	Str stem;
} Parser;

void parser_open(Parser *parser, Arena *arena, Arena *scratch, Str text, YamlDialect dialect,
                 bool comments);
// Begins anew at a place where a document begins.
void parser_seek(Parser *parser, YamlMark at);
// False on an error; `parser_fail` puts it into words. After the stream's end: that event again.
bool parser_next(Parser *parser, YamlEvent *event);
// "yaml: line 3: did not find expected key", in go-yaml's words and with its line numbers.
bool parser_fail(const Parser *parser, Str file, Diag *diag);

#endif
