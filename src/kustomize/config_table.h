#ifndef KUSTOMIZE_CONFIG_TABLE_H
#define KUSTOMIZE_CONFIG_TABLE_H

// The fields that Kustomize treats by itself, as rows.

#include "kustomize/config.h"

typedef struct ConfigRow {
	ConfigList list;
	const char *group, *version, *kind, *path;
	bool create;
} ConfigRow;
extern const ConfigRow config_rows[];
extern const size_t config_row_count;

enum {
	POD_CONFIG = 1,   // config maps and secrets
	POD_IDENTITY = 2, // service account, claims, priority
	POD_VARS = 4,     // where $(VAR) is looked for
};

// Kinds that hold a pod's spec at `prefix`, and which groups of fields are looked for in it.
typedef struct PodHolder {
	const char *kind, *version, *prefix;
	int groups;
} PodHolder;
extern const PodHolder pod_holders[];
extern const size_t pod_holder_count;

typedef struct PodField {
	int group;
	const char *target_group, *target_version,
		*target_kind; // what the field names; empty for POD_VARS
	const char *path;
} PodField;
extern const PodField pod_fields[];
extern const size_t pod_field_count;

typedef struct ReferenceRow {
	const char *target_group, *target_version, *target_kind;
	const char *group, *version, *kind, *path;
} ReferenceRow;
extern const ReferenceRow reference_rows[];
extern const size_t reference_row_count;

#endif
