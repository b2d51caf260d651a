#ifndef DATA_VALUE_H
#define DATA_VALUE_H

// What a template sees: Go's interface{}. Kinds and type names are Go's, since templates can ask for
// them (typeOf, kindOf, printf "%T") and errors name them.
//
// Scalars live in the Value; lists, maps and objects are references, as in Go: `set` changes what every
// holder sees. Strings are views into the render's arena. A leaf may carry its origin.

#include "base/buf.h"
#include "base/diag.h"
#include "data/origin.h"

typedef enum ValueKind {
	V_INVALID, // Go's zero reflect.Value: what a missing variable or an empty pipeline gives
	V_NIL,     // a nil interface{}: YAML's null, a missing map entry
	V_BOOL,
	V_INT,
	V_INT8,
	V_INT16,
	V_INT32,
	V_INT64,
	V_UINT,
	V_UINT8,
	V_UINT16,
	V_UINT32,
	V_UINT64,
	V_FLOAT32,
	V_FLOAT64,
	V_COMPLEX128,
	V_STRING,
	V_LIST,
	V_MAP,
	V_OBJECT, // a struct, a pointer to one, or a named type with methods
	V_FUNC,
} ValueKind;

typedef struct Value Value;
typedef struct List List;
typedef struct Map Map;
typedef struct Object Object;
typedef struct Type Type;
struct Call;
struct Func;

struct Value {
	uint8_t kind; // ValueKind
	// The evaluator's: it was reached as an interface{} (an entry of a map, an item of a list), so errors
	// call its type "interface {}" until a pipeline has unwrapped it, as Go's do.
	bool boxed;
	// V_MAP: passed where a map[string]interface{} is wanted, so that its own type's name and methods are gone.
	bool unnamed;
	const Origin *origin;
	union {
		bool b;
		int64_t i;  // every signed kind
		uint64_t u; // every unsigned kind
		double f;
		struct {
			double re, im;
		} c;
		struct {
			const char *p;
			size_t len;
		} s;
		List *list;
		Map *map;
		Object *object;
		const struct Func *func;
		void *pointer; // for tables inside cleat that use a Map; never seen by a template
	};
};

// A composite type. Compared by address: each exists once.
struct Type {
	const char *name;      // as reflect prints it: "map[string]interface {}", "*semver.Version"
	ValueKind kind;        // V_LIST, V_MAP or V_OBJECT
	ValueKind elem;        // V_LIST, V_MAP: kind of the elements; V_NIL means interface{}
	const Type *elem_type; // where elem is V_LIST, V_MAP or V_OBJECT
	const struct Func *methods; // rows with a NULL name at the end; args[0] is the receiver
	// V_OBJECT only.
	const char *
		kind_name; // what kindOf says: "struct", "ptr", "int64" (time.Duration), "map", "slice"
	const char *const *fields; // exported field names, NULL-terminated; values in Object.fields
	bool (*format)(const Object *object,
	               Buf *out); // String() or Error(), NULL where it has none
	// What a named number or string (time.Duration, time.Month) is underneath; NULL elsewhere.
	Value (*underlying)(const Object *object);
	// Another of the same named number, for range; NULL elsewhere.
	Value (*number)(Arena *arena, const Type *type, int64_t n);
	bool (*equal)(const Object *a, const Object *b); // NULL: by address
	// V_OBJECT that Go holds as a map or slice (engine.files): for range, len, index, truth.
	// NULL where it is a struct.
	Value (*as_container)(const Object *object);
	// encoding/json: MarshalJSON, writes a JSON text; NULL where the type has none.
	bool (*json)(const Object *object, Buf *out, Diag *diag);
	// Structs: the names of `fields` in JSON, in their order, "name" or "name,omitempty" or "-"; NULL
	// where they are the Go names.
	const char *const *json_names;
	// What Go holds as a []byte but is kept as text here (a chart's files): the text. NULL elsewhere.
	bool (*bytes)(const Object *object, Str *out);
	// Structs: the names of all fields, NULL-terminated, with those that are not exported, which fmt prints
	// too (%#v, %d of a version), and the value of one of them. NULL where `fields` are all.
	const char *const *all_fields;
	Value (*all_field)(const Object *object, size_t index);
	// What a deep copy makes of it where that loses something, as hidden fields; NULL: the same object.
	Value (*deep_copy)(Arena *arena, const Object *object);
	// GoString(), which %#v prints; NULL where it has none.
	bool (*go_string)(const Object *object, Buf *out);
	// A pointer to something that stands at one place in Helm's own memory, in every run: where. 0 elsewhere.
	uint64_t address;
	// A struct that was reached through a pointer, so that it has the pointer's methods: its type as a copy,
	// which an argument or an element is. NULL elsewhere.
	const Type *copied;
};

extern const Type TYPE_ANY_LIST;    // []interface {}
extern const Type TYPE_ANY_MAP;     // map[string]interface {}
extern const Type TYPE_STRING_LIST; // []string
extern const Type TYPE_STRING_MAP;  // map[string]string
extern const Type TYPE_INT_LIST;    // []int
extern const Type TYPE_BYTES;       // []uint8
extern const Type TYPE_LIST_LIST;   // [][]interface {}
extern const Type TYPE_MAP_LIST;    // []map[string]interface {}
extern const Type TYPE_VALUES;      // common.Values, Helm 4's name for a chart's values

struct List {
	const Type *type;
	bool nil;   // Go's nil slice: prints as [], is null in JSON
	bool grown; // by append or concat
	Value *items;
	size_t len, cap;
	// Free places behind the items that one longer list may take (append in a loop would copy all again and
	// again). They are not part of cap: list_push leaves them alone.
	size_t room;
	// Go's capacity, which `slice` may reach into: 0 stands for what appending one by one leads to.
	size_t go_cap;
	size_t behind; // items of the list that this one was sliced from, which follow its own
};

typedef struct MapEntry {
	Str key;
	Value value;
} MapEntry;

// Keys are strings. Entries are found by hash and walked in key order (byte order, as Go's text/template
// and encoders do). Both orders are built when first needed.
struct Map {
	const Type *type;
	bool nil;
	bool sorted;
	MapEntry *entries;
	size_t len, cap;
	uint32_t *index; // open addressing over entries, NULL while small or stale
	size_t index_cap;
};

struct Object {
	const Type *type;
	bool nil;      // a nil pointer
	Value *fields; // in the order of type->fields
	void *data;    // the C struct behind it
	// For objects that look fields up when asked (NULL elsewhere): overrides type->fields.
	bool (*field)(const Object *object, Str name, Value *out);
};

// Making values.
Value value_invalid(void);
Value value_nil(void);
Value value_bool(bool b);
Value value_int(int64_t i);   // Go's int
Value value_int64(int64_t i); // Go's int64
Value value_of_kind(ValueKind kind, int64_t i);
Value value_float(double f);
Value value_str(Str s); // keeps s.origin
Value value_list(List *list);
Value value_map(Map *map);
Value value_object(Object *object);

Str value_as_str(const Value *v); // of a V_STRING, with its origin

static inline bool value_is_int(const Value *v)
{
	return v->kind >= V_INT && v->kind <= V_INT64;
}
static inline bool value_is_uint(const Value *v)
{
	return v->kind >= V_UINT && v->kind <= V_UINT64;
}
static inline bool value_is_float(const Value *v)
{
	return v->kind == V_FLOAT32 || v->kind == V_FLOAT64;
}
static inline bool value_is_null(const Value *v)
{
	return v->kind <= V_NIL;
}

List *list_new(Arena *arena, const Type *type, size_t cap);
void list_push(Arena *arena, List *list, Value v);

Map *map_new(Arena *arena, const Type *type);
// The entry's value, which may be changed in place, or NULL.
Value *map_get(const Map *map, Str key);
void map_set(Arena *arena, Map *map, Str key, Value v); // the key is viewed, not copied
bool map_delete(Map *map, Str key);
// Entries in key order: map_sort once, then entries[0..len). Setting new keys may undo the order.
void map_sort(Map *map);
// A path of keys, NULL where one is missing or no map.
const Value *value_at(const Value *v, const char *const *path, size_t count);

// Go's truth (text/template's IsTrue): false for zero, empty and nil.
bool value_truth(const Value *v);
// reflect.DeepEqual.
bool value_equal(const Value *a, const Value *b);
// Copies maps and lists all the way down (mitchellh/copystructure, as Helm and Sprig use it).
Value value_deep_copy(Arena *arena, const Value *v);
// `winner`, whose origin notes that it took the place of `loser` (NULL: of nothing). Only where both have origins.
Value value_over(Arena *arena, Value winner, const Value *loser);
// The type of a V_MAP, as templates see it.
const Type *value_map_type(const Value *v);
size_t value_len(const Value *v); // of strings (bytes), lists, maps; 0 elsewhere

// What reflect.TypeOf(v).String() says ("float64", "[]interface {}"); "<nil>" for null.
Str value_type_name(const Value *v);
// What reflect.Kind says ("float64", "slice", "map", "ptr", "invalid").
Str value_kind_name(const Value *v);

#endif
