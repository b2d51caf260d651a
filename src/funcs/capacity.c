#include "funcs/capacity.h"

// The block sizes of Go's allocator; larger ones are whole pages.
static const uint16_t block_sizes[] = {
	8,     16,    24,    32,    48,    64,    80,    96,    112,   128,   144,   160,
	176,   192,   208,   224,   240,   256,   288,   320,   352,   384,   416,   448,
	480,   512,   576,   640,   704,   768,   896,   1024,  1152,  1280,  1408,  1536,
	1792,  2048,  2304,  2688,  3072,  3200,  3456,  4096,  4864,  5120,  5376,  6144,
	6528,  6784,  6912,  8192,  9472,  9728,  10240, 10880, 12288, 13568, 14336, 16384,
	18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768,
};
#define PAGE_SIZE 8192
#define SMALL_MAX 32768
// Blocks larger than this that may hold pointers begin with a header, which the slice does not get.
#define HEADER_LIMIT 512
#define HEADER_SIZE  8
// Up to here a slice doubles when it grows, from here on it grows by less and less.
#define DOUBLE_LIMIT 256

// What elements are in memory.
static size_t element_size(const Type *type, bool *pointers)
{
	*pointers = false;
	switch (type->elem) {
	case V_BOOL:
	case V_INT8:
	case V_UINT8:
		return 1;
	case V_INT:
	case V_INT64:
	case V_FLOAT64:
		return 8;
	default:
		break;
	}
	*pointers = true;
	return type->elem == V_MAP ? 8 : type->elem == V_LIST ? 24 : 16;
}

// The bytes that a request for so many gets.
static size_t block_size(size_t bytes, bool pointers)
{
	size_t header = pointers && bytes > HEADER_LIMIT ? HEADER_SIZE : 0;

	if (bytes > SMALL_MAX - HEADER_SIZE)
		return (bytes + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
	for (size_t i = 0;; i++) {
		if (bytes + header <= block_sizes[i])
			return block_sizes[i] - header;
	}
}

size_t capacity_grow(const Type *type, size_t cap, size_t need)
{
	bool pointers;
	size_t grown = cap, size = element_size(type, &pointers);

	if (need <= cap)
		return cap;
	if (need > cap * 2)
		grown = need;
	else if (cap < DOUBLE_LIMIT)
		grown = cap * 2;
	else
		while (grown < need)
			grown += (grown + 3 * DOUBLE_LIMIT) / 4;
	return block_size(grown * size, pointers) / size;
}

size_t capacity_of(const List *list)
{
	size_t cap = 0;

	if (list->go_cap)
		return list->go_cap;
	while (cap < list->len)
		cap = capacity_grow(list->type, cap, cap + 1);
	return cap;
}

Value capacity_zero(Arena *arena, const Type *type)
{
	List *list;
	Map *map;

	switch (type->elem) {
	case V_NIL:
		return value_nil();
	case V_LIST:
		list = list_new(arena, type->elem_type, 0);
		list->nil = true;
		return value_list(list);
	case V_MAP:
		map = map_new(arena, type->elem_type);
		map->nil = true;
		return value_map(map);
	case V_STRING:
		return value_str(S(""));
	case V_FLOAT64:
		return value_float(0);
	case V_BOOL:
		return value_bool(false);
	default:
		return value_of_kind(type->elem, 0);
	}
}
