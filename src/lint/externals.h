#ifndef LINT_EXTERNALS_H
#define LINT_EXTERNALS_H

// Backends that a chart's values let live elsewhere, and whether they do: `externalBackend: {enabled: true, mlflow: {url}}`,
// `postgresql: {enabled: false}` beside `externalDatabase: {host}`, `redis: {external: {enabled: true, host}}`,
// `database: {type: external, external: {host}}`. Only those that say an address.

#include "data/value.h"

typedef struct External {
	Str because; // "externalBackend is on", "postgresql.enabled is false"
	Str path;    // of the table with the address: "externalBackend.mlflow"
	Str part;    // what lives there: "mlflow", "database"
	bool on;
} External;

typedef struct Externals {
	External *items;
	size_t len, cap;
} Externals;

void externals_read(Arena *arena, const Map *values, Externals *out);
// Whether a service of this name is the cluster's own one of them: its name has the part, or what a database, a cache or
// a broker is called.
bool external_replaces(const External *external, Str service);

#endif
