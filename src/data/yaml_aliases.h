#ifndef DATA_YAML_ALIASES_H
#define DATA_YAML_ALIASES_H

// go-yaml's guard against aliases that blow up, each standing for several of the next: the larger the document, the
// smaller the part of the work that may come from aliases, from 99 down to 10 percent. Inside data/ only.

#include <stdbool.h>
#include <stddef.h>

typedef struct AliasGuard {
	size_t decoded, aliased; // nodes visited; those of them behind an alias
} AliasGuard;

static inline bool alias_guard_holds(const AliasGuard *guard)
{
	const double low = 400000, high = 4000000;
	double decoded = (double)guard->decoded;
	double allowed = decoded <= low    ? 0.99
	                 : decoded >= high ? 0.10
	                                   : 0.99 - 0.89 * ((decoded - low) / (high - low));

	return guard->aliased <= 100 || guard->decoded <= 1000 ||
	       (double)guard->aliased / decoded <= allowed;
}

// Counts a visit.
static inline bool alias_guard_step(AliasGuard *guard, bool aliased)
{
	guard->decoded++;
	guard->aliased += aliased;
	return alias_guard_holds(guard);
}

// Counts as many at once, all behind an alias: what holds then held all the way.
static inline bool alias_guard_follow(AliasGuard *guard, size_t nodes)
{
	guard->decoded += nodes;
	guard->aliased += nodes;
	return alias_guard_holds(guard);
}

#endif
