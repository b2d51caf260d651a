// The metaschemas, without their annotations: only what they demand. They say the same of a keyword from draft to
// draft, so the common parts are written once. Single quotes stand for double ones.

#include "data/schema_meta.h"

// clang-format off

#define BOOL   "{'type':'boolean'}"
#define STRING "{'type':'string'}"
#define NUMBER "{'type':'number'}"
#define ABOVE0 "{'type':'number','exclusiveMinimum':0}"
#define REGEX  "{'type':'string','format':'regex'}"
#define URI    "{'type':'string','format':'uri'}"
#define URIREF "{'type':'string','format':'uri-reference'}"
#define BOTH   "'type':['object','boolean']"

#define SIMPLE_TYPES "'simpleTypes':{'enum':['array','boolean','integer','null','number','object','string']}"

// What a keyword may hold: a schema, a map of schemas. SELF is the draft's way to refer to itself.
#define MAP_OF(SELF) "{'type':'object','additionalProperties':" SELF "}"
#define TYPE(DEFS)                                                                              \
	"'type':{'anyOf':[{'$ref':'#/" DEFS "/simpleTypes'},{'type':'array','items':{'$ref':'#/" \
	DEFS "/simpleTypes'},'minItems':1,'uniqueItems':true}]}"
#define REF(DEFS, NAME) "{'$ref':'#/" DEFS "/" NAME "'}"
#define DEPENDENCY(SELF, STRINGS) MAP_OF("{'anyOf':[" SELF "," STRINGS "]}")

#define ROOT "{'$ref':'#'}"

// Lengths and counts, named as each draft names its definitions.
#define SIZES(DEFS, COUNT, COUNT0)                                                                      \
	"'maxLength':" REF(DEFS, COUNT) ",'minLength':" REF(DEFS, COUNT0) ",'maxItems':" REF(DEFS, COUNT) \
	",'minItems':" REF(DEFS, COUNT0) ",'maxProperties':" REF(DEFS, COUNT)                             \
	",'minProperties':" REF(DEFS, COUNT0) ",'uniqueItems':" BOOL ",'pattern':" REGEX

#define COMBINED(DEFS, SELF)                                                                   \
	"'allOf':" REF(DEFS, "schemaArray") ",'anyOf':" REF(DEFS, "schemaArray") ",'oneOf':" REF( \
		DEFS, "schemaArray") ",'not':" SELF

#define SCHEMA_ARRAY(SELF) "'schemaArray':{'type':'array','minItems':1,'items':" SELF "}"
#define ITEMS(DEFS, SELF) "'items':{'anyOf':[" SELF "," REF(DEFS, "schemaArray") "]}"
#define STRING_ARRAY "'stringArray':{'type':'array','items':{'type':'string'},'uniqueItems':true}"
#define COUNT_6 "'nonNegativeInteger':{'type':'integer','minimum':0}"

static const char DRAFT_4[] =
	"{'$schema':'http://json-schema.org/draft-04/schema#',"
	"'definitions':{" SCHEMA_ARRAY(ROOT) ",'positiveInteger':{'type':'integer','minimum':0},"
	"'positiveIntegerDefault0':{'allOf':[{'$ref':'#/definitions/positiveInteger'},{'default':0}]},"
	SIMPLE_TYPES ",'stringArray':{'type':'array','items':{'type':'string'},'minItems':1,'uniqueItems':true}},"
	"'type':'object','properties':{'id':{'type':'string','format':'uriref'},'$schema':" URI
	",'title':" STRING ",'description':" STRING ",'default':{},"
	"'multipleOf':{'type':'number','minimum':0,'exclusiveMinimum':true},"
	"'maximum':" NUMBER ",'exclusiveMaximum':" BOOL ",'minimum':" NUMBER ",'exclusiveMinimum':" BOOL ","
	SIZES("definitions", "positiveInteger", "positiveIntegerDefault0") ","
	"'additionalItems':{'anyOf':[" BOOL "," ROOT "]}," ITEMS("definitions", ROOT) ","
	"'required':" REF("definitions", "stringArray") ",'additionalProperties':{'anyOf':[" BOOL "," ROOT "]},"
	"'definitions':" MAP_OF(ROOT) ",'properties':" MAP_OF(ROOT) ",'patternProperties':" MAP_OF(ROOT) ","
	"'dependencies':" DEPENDENCY(ROOT, REF("definitions", "stringArray")) ","
	"'enum':{'type':'array','minItems':1,'uniqueItems':true}," TYPE("definitions") ","
	COMBINED("definitions", ROOT) ",'format':" STRING ",'$ref':" STRING "},"
	"'dependencies':{'exclusiveMaximum':['maximum'],'exclusiveMinimum':['minimum']}}";

// What drafts 6 and 7 have in common.
#define DRAFT_67(URL, PATTERN_NAMES, ENUM, MORE)                                                            \
	"{'$schema':'" URL "#','$id':'" URL "#','definitions':{" SCHEMA_ARRAY(ROOT) "," COUNT_6                    \
	",'nonNegativeIntegerDefault0':{'allOf':[{'$ref':'#/definitions/nonNegativeInteger'},{'default':0}]},"     \
	SIMPLE_TYPES "," STRING_ARRAY "}," BOTH ",'properties':{'$id':" URIREF ",'$schema':" URI ",'$ref':" URIREF  \
	",'title':" STRING ",'description':" STRING ",'default':{},'multipleOf':" ABOVE0 ",'maximum':" NUMBER      \
	",'exclusiveMaximum':" NUMBER ",'minimum':" NUMBER ",'exclusiveMinimum':" NUMBER ","                       \
	SIZES("definitions", "nonNegativeInteger", "nonNegativeIntegerDefault0") ",'additionalItems':" ROOT ","    \
	ITEMS("definitions", ROOT) ",'contains':" ROOT ",'required':" REF("definitions", "stringArray")            \
	",'additionalProperties':" ROOT ",'definitions':" MAP_OF(ROOT) ",'properties':" MAP_OF(ROOT)               \
	",'patternProperties':{'type':'object','additionalProperties':" ROOT PATTERN_NAMES "},"                    \
	"'dependencies':" DEPENDENCY(ROOT, REF("definitions", "stringArray")) ",'propertyNames':" ROOT             \
	",'const':{},'enum':{'type':'array','minItems':1,'uniqueItems':true" ENUM "}," TYPE("definitions")         \
	",'format':" STRING MORE "," COMBINED("definitions", ROOT) "}}"

static const char DRAFT_6[] = DRAFT_67("http://json-schema.org/draft-06/schema", "", "", "");

static const char DRAFT_7[] = DRAFT_67(
	"http://json-schema.org/draft-07/schema", ",'propertyNames':{'format':'regex'}", "",
	",'$comment':" STRING ",'readOnly':" BOOL ",'writeOnly':" BOOL ",'examples':{'type':'array'},"
	"'contentMediaType':" STRING ",'contentEncoding':" STRING ",'if':" ROOT ",'then':" ROOT ",'else':" ROOT);

// --- 2019-09 and 2020-12: one metaschema a vocabulary ---

#define URL_2019 "https://json-schema.org/draft/2019-09/"
#define URL_2020 "https://json-schema.org/draft/2020-12/"
#define HEAD_2019(NAME) "{'$schema':'" URL_2019 "schema','$id':'" URL_2019 NAME "','$recursiveAnchor':true," BOTH
#define HEAD_2020(NAME) "{'$schema':'" URL_2020 "schema','$id':'" URL_2020 NAME "','$dynamicAnchor':'meta'," BOTH
#define SELF_2019 "{'$recursiveRef':'#'}"
#define SELF_2020 "{'$dynamicRef':'#meta'}"

#define APPLICATOR(SELF)                                                                                    \
	"'contains':" SELF ",'additionalProperties':" SELF ",'properties':" MAP_OF(SELF)                           \
	",'patternProperties':{'type':'object','additionalProperties':" SELF ",'propertyNames':{'format':'regex'}}" \
	",'dependentSchemas':" MAP_OF(SELF) ",'propertyNames':" SELF ",'if':" SELF ",'then':" SELF ",'else':" SELF   \
	"," COMBINED("$defs", SELF) "},'$defs':{" SCHEMA_ARRAY(SELF) "}}"

#define VALIDATION                                                                                          \
	",'properties':{'multipleOf':" ABOVE0 ",'maximum':" NUMBER ",'exclusiveMaximum':" NUMBER ",'minimum':" NUMBER \
	",'exclusiveMinimum':" NUMBER "," SIZES("$defs", "nonNegativeInteger", "nonNegativeIntegerDefault0")        \
	",'maxContains':" REF("$defs", "nonNegativeInteger") ",'minContains':" REF("$defs", "nonNegativeInteger")   \
	",'required':" REF("$defs", "stringArray") ",'dependentRequired':" MAP_OF(REF("$defs", "stringArray"))      \
	",'const':true,'enum':{'type':'array','items':true}," TYPE("$defs") "},'$defs':{" COUNT_6                   \
	",'nonNegativeIntegerDefault0':" REF("$defs", "nonNegativeInteger") "," SIMPLE_TYPES "," STRING_ARRAY "}}"

#define META_DATA                                                                                           \
	",'properties':{'title':" STRING ",'description':" STRING ",'default':true,'deprecated':" BOOL              \
	",'readOnly':" BOOL ",'writeOnly':" BOOL ",'examples':{'type':'array','items':true}}}"

#define FORMAT ",'properties':{'format':" STRING "}}"

#define CONTENT(SELF) \
	",'properties':{'contentMediaType':" STRING ",'contentEncoding':" STRING ",'contentSchema':" SELF "}}"

#define VOCAB_2019(NAME, REQUIRED) "'" URL_2019 "vocab/" NAME "':" REQUIRED
#define VOCAB_2020(NAME, REQUIRED) "'" URL_2020 "vocab/" NAME "':" REQUIRED

static const char DRAFT_2019[] =
	HEAD_2019("schema") ",'$vocabulary':{" VOCAB_2019("core", "true") "," VOCAB_2019("applicator", "true") ","
	VOCAB_2019("validation", "true") "," VOCAB_2019("meta-data", "true") "," VOCAB_2019("format", "false") ","
	VOCAB_2019("content", "true") "},'allOf':[{'$ref':'meta/core'},{'$ref':'meta/applicator'},"
	"{'$ref':'meta/validation'},{'$ref':'meta/meta-data'},{'$ref':'meta/format'},{'$ref':'meta/content'}],"
	"'properties':{'definitions':" MAP_OF(SELF_2019) ",'dependencies':"
	DEPENDENCY(SELF_2019, "{'$ref':'meta/validation#/$defs/stringArray'}") "}}";

static const char CORE_2019[] =
	HEAD_2019("meta/core") ",'properties':{"
	"'$id':{'type':'string','format':'uri-reference','pattern':'^[^#]*#?$'},'$schema':" URI ","
	"'$anchor':{'type':'string','pattern':'^[A-Za-z][-A-Za-z0-9.:_]*$'},'$ref':" URIREF ","
	"'$recursiveRef':" URIREF ",'$recursiveAnchor':" BOOL ",'$vocabulary':{'type':'object',"
	"'propertyNames':" URI ",'additionalProperties':" BOOL "},'$comment':" STRING ",'$defs':" MAP_OF(SELF_2019) "}}";

static const char APPLICATOR_2019[] =
	HEAD_2019("meta/applicator") ",'properties':{'additionalItems':" SELF_2019 ",'unevaluatedItems':" SELF_2019
	",'unevaluatedProperties':" SELF_2019 "," ITEMS("$defs", SELF_2019) "," APPLICATOR(SELF_2019);

static const char VALIDATION_2019[] = HEAD_2019("meta/validation") VALIDATION;
static const char META_DATA_2019[] = HEAD_2019("meta/meta-data") META_DATA;
static const char FORMAT_2019[] = HEAD_2019("meta/format") FORMAT;
static const char CONTENT_2019[] = HEAD_2019("meta/content") CONTENT(SELF_2019);

static const char DRAFT_2020[] =
	HEAD_2020("schema") ",'$vocabulary':{" VOCAB_2020("core", "true") "," VOCAB_2020("applicator", "true") ","
	VOCAB_2020("unevaluated", "true") "," VOCAB_2020("validation", "true") "," VOCAB_2020("meta-data", "true") ","
	VOCAB_2020("format-annotation", "true") "," VOCAB_2020("content", "true") "},'allOf':[{'$ref':'meta/core'},"
	"{'$ref':'meta/applicator'},{'$ref':'meta/unevaluated'},{'$ref':'meta/validation'},"
	"{'$ref':'meta/meta-data'},{'$ref':'meta/format-annotation'},{'$ref':'meta/content'}],"
	"'properties':{'definitions':" MAP_OF(SELF_2020) ",'dependencies':"
	DEPENDENCY(SELF_2020, "{'$ref':'meta/validation#/$defs/stringArray'}") ","
	"'$recursiveAnchor':{'$ref':'meta/core#/$defs/anchorString'},"
	"'$recursiveRef':{'$ref':'meta/core#/$defs/uriReferenceString'}}}";

static const char CORE_2020[] =
	HEAD_2020("meta/core") ",'properties':{"
	"'$id':{'$ref':'#/$defs/uriReferenceString','pattern':'^[^#]*#?$'},'$schema':" REF("$defs", "uriString") ","
	"'$ref':" REF("$defs", "uriReferenceString") ",'$anchor':" REF("$defs", "anchorString") ","
	"'$dynamicRef':" REF("$defs", "uriReferenceString") ",'$dynamicAnchor':" REF("$defs", "anchorString") ","
	"'$vocabulary':{'type':'object','propertyNames':" REF("$defs", "uriString") ",'additionalProperties':" BOOL "},"
	"'$comment':" STRING ",'$defs':" MAP_OF(SELF_2020) "},'$defs':{"
	"'anchorString':{'type':'string','pattern':'^[A-Za-z_][-A-Za-z0-9._]*$'},'uriString':" URI ","
	"'uriReferenceString':" URIREF "}}";

static const char APPLICATOR_2020[] =
	HEAD_2020("meta/applicator") ",'properties':{'prefixItems':" REF("$defs", "schemaArray") ",'items':" SELF_2020 ","
	APPLICATOR(SELF_2020);

static const char UNEVALUATED_2020[] =
	HEAD_2020("meta/unevaluated") ",'properties':{'unevaluatedItems':" SELF_2020 ",'unevaluatedProperties':"
	SELF_2020 "}}";

static const char VALIDATION_2020[] = HEAD_2020("meta/validation") VALIDATION;
static const char META_DATA_2020[] = HEAD_2020("meta/meta-data") META_DATA;
static const char ANNOTATION_2020[] = HEAD_2020("meta/format-annotation") FORMAT;
static const char ASSERTION_2020[] = HEAD_2020("meta/format-assertion") FORMAT;
static const char CONTENT_2020[] = HEAD_2020("meta/content") CONTENT(SELF_2020);

// clang-format on

static const struct {
	const char *path; // below json-schema.org/
	const char *text;
} metaschemas[] = {
	{"draft-04/schema", DRAFT_4},
	{"draft-06/schema", DRAFT_6},
	{"draft-07/schema", DRAFT_7},
	{"draft/2019-09/schema", DRAFT_2019},
	{"draft/2019-09/meta/core", CORE_2019},
	{"draft/2019-09/meta/applicator", APPLICATOR_2019},
	{"draft/2019-09/meta/validation", VALIDATION_2019},
	{"draft/2019-09/meta/meta-data", META_DATA_2019},
	{"draft/2019-09/meta/format", FORMAT_2019},
	{"draft/2019-09/meta/content", CONTENT_2019},
	{"schema", DRAFT_2020},
	{"draft/2020-12/schema", DRAFT_2020},
	{"draft/2020-12/meta/core", CORE_2020},
	{"draft/2020-12/meta/applicator", APPLICATOR_2020},
	{"draft/2020-12/meta/unevaluated", UNEVALUATED_2020},
	{"draft/2020-12/meta/validation", VALIDATION_2020},
	{"draft/2020-12/meta/meta-data", META_DATA_2020},
	{"draft/2020-12/meta/format-annotation", ANNOTATION_2020},
	{"draft/2020-12/meta/format-assertion", ASSERTION_2020},
	{"draft/2020-12/meta/content", CONTENT_2020},
};

const char *schema_meta_find(Str url)
{
	Str http = S("http://json-schema.org/"), https = S("https://json-schema.org/");

	if (!str_has_prefix(url, http) && !str_has_prefix(url, https))
		return NULL;
	url = str_from(url, str_has_prefix(url, http) ? http.len : https.len);
	for (size_t i = 0; i < sizeof metaschemas / sizeof *metaschemas; i++)
		if (str_is(url, metaschemas[i].path))
			return metaschemas[i].text;
	return NULL;
}
