#ifndef LINT_STARTS_H
#define LINT_STARTS_H

// Which workloads can start at all. A workload starts once every one of its waits is answered, and a wait once any of
// the workloads behind its service has started: worked out from the ones that wait for nothing, each edge looked at once.

#include "k8s/model.h"

typedef struct Starts Starts;

typedef struct StartCycle {
	const Wait **
		waits; // waits[i]'s workload waits for that of waits[i + 1], the last for the first
	size_t len;
} StartCycle;

// Waits for what is not rendered count as answered: they are findings of their own.
Starts *starts_new(Arena *arena, const Model *model);
// Each cycle once; false when there is no more.
bool starts_next_cycle(Starts *starts, StartCycle *out);
// The workloads that answer a wait: those behind its service, or the objects it names. Sidecars' and the workload's own
// waits that can't block it have none.
size_t starts_targets(const Starts *starts, const Wait *wait, Workload *const **out);

#endif
