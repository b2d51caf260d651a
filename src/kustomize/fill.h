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
	FILL_MAPPING,     // Node *, a mapping
	FILL_BOOL_MAP,    // Node *, a mapping to booleans
	FILL_NOTHING,     // accepted, not kept
} FillKind;

typedef struct FillType FillType;

typedef struct FillField {
	const char *
		name; // behind the last dot; before it, Go's names of embedded structs, for messages
	FillKind kind;
	size_t offset;
	const FillType *type; // of structs; of text, where Go has a name for the type
	size_t seen;          // offset of a bool that tells that the field was there; 0 for none
} FillField;

struct FillType {
	const char *name;      // Go's, for messages
	const char *list_name; // Go's name of the type of lists of it, NULL: "[]types.NAME"
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

#define FILL_TYPE(go_name, c_type, table) FILL_TYPE_LISTED(go_name, NULL, c_type, table)
#define FILL_TYPE_LISTED(go_name, go_list, c_type, table)                                          \
	{                                                                                          \
		go_name, go_list, sizeof(c_type), table, sizeof(table) / sizeof *(table), false    \
	}
#define FILL_TYPE_WITH_NODE(go_name, c_type, table)                                                \
	{                                                                                          \
		go_name, NULL, sizeof(c_type), table, sizeof(table) / sizeof *(table), true        \
	}
// The name of a string's type.
#define FILL_TEXT_TYPE(go_name)                                                                    \
	{                                                                                          \
		go_name, NULL, 0, NULL, 0, false                                                   \
	}

// All but kustomizations are read by a library that makes text of numbers and booleans where a field wants text,
// though not in fields of embedded structs, and that says so in front of its messages.
typedef enum FillMode {
	FILL_KUSTOMIZATION, // YAML 1.1, unknown fields are errors
	FILL_OWN,           // another of Kustomize's own files: YAML 1.1
	FILL_STRICT,        // the same, and unknown fields are errors
	FILL_RESOURCE,      // a resource: YAML 1.2
} FillMode;

// The place of an error is the node's.
bool fill_struct(Arena *arena, const Node *node, const FillType *type, FillMode mode, Str file,
                 void *out, Diag *diag);
// A JSON array of structs.
bool fill_struct_list(Arena *arena, const Node *node, const FillType *type, FillMode mode, Str file,
                      StructList *out, Diag *diag);

void text_list_add(Arena *arena, TextList *list, Str s);
// "[a b]", as Go prints it.
Str text_list_str(Arena *arena, const TextList *list);
void text_map_set(Arena *arena, TextMap *map, Str key, Str value);
const Str *text_map_get(const TextMap *map, Str key);

#endif
