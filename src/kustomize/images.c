// Names, tags and digests of images.

#include "data/text.h"
#include "kustomize/transform.h"

#include <string.h>

#define FIELD(name, member)                                                                        \
	{                                                                                          \
		name, FILL_STR, offsetof(Image, member), NULL, 0                                   \
	}

static const FillField image_fields[] = {
	FIELD("name", name),      FIELD("newName", new_name),
	FIELD("newTag", new_tag), FIELD("tagSuffix", tag_suffix),
	FIELD("digest", digest),
};
const FillType image_type = FILL_TYPE_WITH_NODE("Image", Image, image_fields);

// --- matching ---

// The name of an image is a regular expression. Most are names like "registry.io/team/app", where only the dot
// has a meaning: it stands for any byte.
static bool is_simple(Str name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.p[i];
		bool letter =
			(c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!letter && !memchr("/_:@.-", c, 6))
			return false;
	}
	return true;
}

bool image_prepare(Build *build, ImageSettings *settings, Diag *diag)
{
	Str name = settings->image.name;

	if (is_simple(name))
		return true;
	if (regex_compile(build->arena,
	                  str_printf(build->arena,
	                             "^%.*s(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$",
	                             STR_ARGS(name)),
	                  &settings->pattern, diag))
		return true;
	return diag_wrap(diag, "the image name '%.*s' is no regular expression", STR_ARGS(name));
}

static size_t tag_length(Str s)
{
	size_t i = 0;

	while (i < s.len && ((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
	                     (s.p[i] >= '0' && s.p[i] <= '9') || memchr("_.{}-", s.p[i], 5)))
		i++;
	return i;
}

static bool is_ascii(Str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] >= 0x80 || s.p[i] == '\n')
			return false;
	return true;
}

static bool matches(const ImageSettings *settings, Str value)
{
	Str name = settings->image.name;

	if (settings->pattern)
		return regex_search(settings->pattern, value, 0, NULL);
	if (value.len < name.len || !is_ascii(value))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (name.p[i] != value.p[i] && name.p[i] != '.')
			return false;
	value = str_from(value, name.len);
	if (value.len && value.p[0] == ':') {
		value = str_from(value, 1);
		value = str_from(value, tag_length(value));
	}
	if (str_has_prefix(value, S("@sha256:"))) {
		value = str_from(value, 8);
		value = str_from(value, tag_length(value));
	}
	return !value.len;
}

// --- taking apart and setting ---

typedef struct ImageParts {
	Str name, tag, digest;
} ImageParts;

// "host:port/name:tag@digest": a colon before the first slash belongs to the host.
static ImageParts split(Str image)
{
	size_t slash = str_find_byte(image, '/'), offset = slash == STR_NONE ? 0 : slash;
	Str search = str_from(image, offset);
	size_t at = str_find_byte(search, '@'), colon = str_find_byte(search, ':');

	if (at == STR_NONE && colon == STR_NONE)
		return (ImageParts){image, S(""), S("")};
	if (at != STR_NONE && (colon == STR_NONE || at < colon))
		return (ImageParts){str_to(image, at + offset), S(""),
		                    str_from(image, at + offset + 1)};
	if (at != STR_NONE)
		return (ImageParts){str_to(image, colon + offset),
		                    str_slice(image, colon + offset + 1, at + offset),
		                    str_from(image, at + offset + 1)};
	return (ImageParts){str_to(image, colon + offset), str_from(image, colon + offset + 1),
	                    S("")};
}

static bool set_image(FieldSetter *setter, Node *field)
{
	const ImageSettings *settings = setter->context;
	const Image *image = &settings->image;
	ImageParts parts;
	Text text;

	if (!tree_expect(field, NODE_SCALAR, setter->diag))
		return false;
	if (!matches(settings, field->value))
		return true;
	parts = split(field->value);
	if (image->new_name.len)
		parts.name = image->new_name;
	if (image->new_tag.len || image->digest.len) {
		parts.tag = image->new_tag;
		parts.digest = image->digest;
	} else if (image->tag_suffix.len) {
		parts.tag = text_concat(setter->arena, parts.tag, image->tag_suffix);
		parts.digest = S("");
	}
	text = text_new(setter->arena, field->value.origin != NULL);
	text_write(&text, parts.name);
	if (parts.tag.len) {
		text_byte(&text, ':');
		text_write(&text, parts.tag);
	}
	if (parts.digest.len) {
		text_byte(&text, '@');
		text_write(&text, parts.digest);
	}
	return tree_set_scalar(field, text_str(&text), "", setter->diag);
}

static bool set_in_containers(Node *containers, FieldSetter *setter)
{
	for (size_t i = 0; i < containers->len; i++) {
		Node *container = containers->children[i], *image;
		if (tree_is_null(container))
			continue;
		if (!tree_expect(container, NODE_MAPPING, setter->diag))
			return false;
		image = tree_get_c(container, "image");
		if (image && !setter->set(setter, image))
			return false;
	}
	return true;
}

static bool holds_containers(Str key)
{
	return str_is(key, "containers") || str_is(key, "initContainers");
}

// Every list called containers or initContainers, wherever it is.
static bool set_everywhere(Node *node, FieldSetter *setter)
{
	size_t step = node->kind == NODE_MAPPING ? 2 : 1;

	if (node->kind != NODE_MAPPING && node->kind != NODE_SEQUENCE)
		return true;
	for (size_t i = step - 1; i < node->len; i += step) {
		Node *child = node->children[i];
		if (child->kind == NODE_SCALAR)
			continue;
		if (!set_everywhere(child, setter))
			return false;
		if (step == 2 && child->kind == NODE_SEQUENCE &&
		    holds_containers(node->children[i - 1]->value) &&
		    !set_in_containers(child, setter))
			return false;
	}
	return true;
}

static bool collect_field(FieldSetter *setter, Node *field)
{
	ImageFields *fields = setter->context;

	if (!tree_expect(field, NODE_SCALAR, setter->diag))
		return false;
	VEC_PUSH(setter->arena, fields->items, fields->len, fields->cap) = field;
	return true;
}

static bool has_images(const Resource *resource)
{
	return !str_is(resource->id.gvk.kind, "CustomResourceDefinition");
}

// First the lists of containers wherever they are, then the configured fields: a field may be both, and is treated
// twice then.
static bool collect_fields(Build *build, const FieldSpecs *specs, ResMap *map, Diag *diag)
{
	FieldSetter setter = {.arena = build->arena,
	                      .diag = diag,
	                      .set = collect_field,
	                      .context = &build->images};

	build->images = (ImageFields){.map = map, .specs = specs->items};
	for (size_t i = 0; i < map->len; i++)
		if (has_images(map->items[i]) && !set_everywhere(map->items[i]->node, &setter))
			return false;
	for (size_t i = 0; i < map->len; i++)
		for (size_t s = 0; s < specs->len && has_images(map->items[i]); s++)
			if (!fieldspec_apply(&specs->items[s], &map->items[i]->id.gvk,
			                     map->items[i]->node, &setter))
				return false;
	return true;
}

bool transform_image(Build *build, const Transformer *transformer, ResMap *map, Diag *diag)
{
	ImageSettings settings = *(const ImageSettings *)transformer->settings;
	FieldSetter setter = {
		.arena = build->arena, .diag = diag, .set = set_image, .context = &settings};
	const ImageFields *fields = &build->images;

	if ((fields->map != map || fields->specs != settings.specs.items) &&
	    !collect_fields(build, &settings.specs, map, diag))
		return false;
	for (size_t i = 0; i < fields->len; i++)
		if (!set_image(&setter, fields->items[i]))
			return false;
	return true;
}
