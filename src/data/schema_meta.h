#ifndef DATA_SCHEMA_META_H
#define DATA_SCHEMA_META_H

// The metaschemas of the drafts: what a schema must look like to be one.

#include "base/str.h"

// The JSON of the metaschema at a URL on json-schema.org, NULL where there is none. Single quotes stand for
// double ones.
const char *schema_meta_find(Str url);

#endif
