#ifndef DATA_YAML_H
#define DATA_YAML_H

// YAML in and out, as go-yaml v2 and v3 read and write it: what they accept and refuse, in their
// words ("yaml: line 3: mapping values are not allowed in this context"), what they quote, fold and
// indent. The layers below are yaml_scan.h (tokens), yaml_parse.h (events), yaml_resolve.h (what a
// plain scalar is) and yaml_emit.h (writing).

#include "data/node.h"
#include "data/text.h"

// Hostile input: deeper nesting ends in an error. go-yaml allows 10000 levels, Go growing its
// stacks; what walks over Values and Nodes here recurses on a stack of 8 MiB or less, and no text
// that means something comes near this.
#define YAML_DEPTH_LIMIT 1000

typedef struct YamlOptions {
	Str file;      // for places
	size_t above;  // lines of the file above the text, where it is a document of several
	bool comments; // keep them; implies v3
	bool v3; // go-yaml v3's rules, which Kustomize reads by (which error comes first, and its
		 // line)
	bool traced; // origins on leaves; of Nodes, those of the text that is read
	// Of Nodes: aliases will be followed, so that one that stands for itself is an error, and so are as many as go-yaml
	// refuses to decode.
	bool followed;
} YamlOptions;

// All documents of `text`, each a NODE_DOCUMENT. An empty stream gives none.
bool yaml_read_all(Arena *arena, Str text, const YamlOptions *options, Node ***documents,
                   size_t *count, Diag *diag);
// The first document, NULL in *document where the text has none.
bool yaml_read(Arena *arena, Str text, const YamlOptions *options, Node **document, Diag *diag);

// What sigs.k8s.io/yaml's Unmarshal makes of a text, as Helm reads values files, Chart.yaml and
// fromYaml: YAML 1.1 booleans, numbers as float64 (int64 where `ints`), keys turned into strings,
// merge keys, duplicate keys refused where `strict` (else the last one wins), only the first
// document. Null for an empty text. Errors are Helm's, from "error converting YAML to JSON: " on.
// That the result is a mapping is for the caller to see. The Value's leaves carry origins (file,
// line, column, key path) where options->traced. Strings that stand in one piece in the text are
// views of it and keep its origin.
typedef struct YamlValueOptions {
	YamlOptions yaml;
	bool ints;   // integers as int64 (uint64 where only that holds them) rather than float64
	bool strict; // duplicate keys are errors
	bool head;   // for yaml_scan_head: NaN may stand where Helm wants a string
} YamlValueOptions;
bool yaml_read_value(Arena *arena, Str text, const YamlValueOptions *options, Value *out,
                     Diag *diag);
// The same from a Node already read.
bool node_to_value(Arena *arena, const Node *node, const YamlValueOptions *options, Value *out,
                   Diag *diag);

typedef struct YamlPair {
	Str key, value;
} YamlPair;

// What Helm reads of every rendered document (its SimpleHead): keys in any case, numbers and
// booleans spelled out.
typedef struct YamlHead {
	Str version, kind, name; // empty where missing
	bool has_metadata;
	YamlPair *annotations;
	size_t annotation_count;
} YamlHead;

// Checks the first document of the text as Helm does and fills its head, without building the rest.
// The error is what Helm prints behind "YAML parse error on FILE: ".
bool yaml_scan_head(Arena *arena, Str text, YamlHead *head, Diag *diag);

// sigs.k8s.io/yaml's Marshal: what Helm's toYaml gives, with the last newline; written to a Text,
// so that string scalars keep their origins. toYaml gives the empty string where this fails.
bool yaml_write_value(Text *out, const Value *v, Diag *diag);
// go-yaml v3's encoder with an indent of 2: toYamlPretty.
bool yaml_write_value_pretty(Text *out, const Value *v, Diag *diag);

// What `kustomize build` prints for one resource, with the last newline, no "---": Kustomize turns
// its Node into JSON and that into YAML by toYaml's writer. So comments, styles, anchors and the
// order of keys are gone, long lines are folded, dates have become timestamps.
// Read the Node with `comments` for the very same bytes: in rare texts (a foot comment behind "|+")
// Kustomize's detour through text makes a comment an empty line of content.
bool yaml_write_resource(Buf *out, const Node *resource, Diag *diag);
// The Value in between: go-yaml v3's reading of the Node (no YAML 1.1 booleans, explicit keys win
// over merged ones, repeated keys and other keys than strings below the top are errors), integers
// as int64 and uint64.
bool node_to_json_value(Arena *arena, const Node *node, Value *out, Diag *diag);

// go-yaml v3's encoder as kyaml sets it up (indent 2, compact sequences): comments, styles, anchors
// and the order of keys stay as they are in the Nodes; nothing is folded. For what people edit, not
// for `kustomize build`.
bool yaml_write_node(Buf *out, const Node *document, Diag *diag);

#endif
