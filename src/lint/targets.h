#ifndef LINT_TARGETS_H
#define LINT_TARGETS_H

// What objects name that are no pods: a route's service, the workload that is scaled, the role that is bound.

#include "lint/lint.h"

void targets_check(Lint *lint, const Rule *rule);
// What a tool puts a name into after rendering: HELMSUBST_ACCOUNT, {{ .Release.Namespace }}
bool is_no_name(Str name);

#endif
