#ifndef LINT_MISSING_H
#define LINT_MISSING_H

// Whether what a wait asks for can come at all: one judgement for the rules and the graph.

#include "k8s/model.h"
#include "lint/settings.h"

// Whether the pod itself gives the host an address, in its hostAliases.
bool workload_aliases(const Workload *workload, Str host);
// The person has said that it is provided from elsewhere.
bool wait_is_outside(const Settings *settings, const Wait *wait);
// A name of the cluster, or an object, that nothing rendered is, no operator makes, and nobody provides. False where it
// can't be known: names that are made up while the pod runs, kinds that others make.
bool wait_is_missing(const Model *model, const Settings *settings, const Wait *wait);

#endif
