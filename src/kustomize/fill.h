#ifndef KUSTOMIZE_FILL_H
#define KUSTOMIZE_FILL_H

// Reads a mapping into a struct as Go's encoding/json does: fields are named by a table, their names compared
// without case, a null leaves a field as it is, a wrong type is an error that names the field. Kustomize reads its
// own files so: YAML 1.1 to JSON, then JSON into structs.

#include "data/node.h"

typedef struct TextList {
	Str *items;
	size_t len, cap;
} TextList;

typedef struct TextPair {
	Str key, value;
} TextPair;

// Sorted by key, keys unique.
typedef struct TextMap {
	TextPair *items;
	size_t len, cap;
	bool set; // was there, perhaps empty
} TextMap;

typedef enum FillKind {
	FILL_STR,
	FILL_STR_PTR, // Str *, NULL where missing
	FILL_BOOL,
	FILL_INT,         // int64_t
	FILL_STR_LIST,    // TextList
	FILL_STR_MAP,     // TextMap
	FILL_STRUCT,      // in place
	FILL_STRUCT_PTR,  // pointer, NULL where missing
	FILL_STRUCT_LIST, // StructList
	FILL_NODE,        // Node *, anything
	FILL_MAPPING,     // Node *, a mapping
	FILL_NOTHING,     // accepted, not kept
} FillKind;

typedef struct FillType FillType;

typedef struct FillField {
	const char *
		name; // behind the last dot; before it, Go's names of embedded structs, for messages
	FillKind kind;
	size_t offset;
	const FillType *type; // of structs
	size_t seen;          // offset of a bool that tells that the field was there; 0 for none
} FillField;

struct FillType {
	const char *name; // Go's, for messages
	size_t size;
	const FillField *fields;
	size_t field_count;
	// The struct begins with a `const Node *`, which is set to the node it was read from.
	bool keeps_node;
};

typedef struct StructList {
	void *items;
	size_t len;
} StructList;

#define FILL_TYPE(go_name, c_type, table)                                                          \
	{                                                                                          \
		go_name, sizeof(c_type), table, sizeof(table) / sizeof *(table), false             \
	}
#define FILL_TYPE_WITH_NODE(go_name, c_type, table)                                                \
	{                                                                                          \
		go_name, sizeof(c_type), table, sizeof(table) / sizeof *(table), true              \
	}

typedef enum FillMode {
	FILL_OWN,      // one of Kustomize's own files: YAML 1.1
	FILL_STRICT,   // the same, and unknown fields are errors
	FILL_RESOURCE, // a resource: YAML 1.2
} FillMode;

// Messages begin "json: "; the place is the node's line.
bool fill_struct(Arena *arena, const Node *node, const FillType *type, FillMode mode, Str file,
                 void *out, Diag *diag);
// A JSON array of structs.
bool fill_struct_list(Arena *arena, const Node *node, const FillType *type, FillMode mode, Str file,
                      StructList *out, Diag *diag);

void text_list_add(Arena *arena, TextList *list, Str s);
void text_map_set(Arena *arena, TextMap *map, Str key, Str value);
const Str *text_map_get(const TextMap *map, Str key);

#endif
