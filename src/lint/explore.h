#ifndef LINT_EXPLORE_H
#define LINT_EXPLORE_H

// Which configurations of a chart to look at: its values with one switch (switches.h) set to another of its values,
// then what that brings into view, then pairs.
//
//	explore_learn(explore, NULL, render)            the chart as it is
//	while ((configuration = explore_next(explore)))
//		apply it, render, explore_learn(explore, configuration, render)
//
// First every value of every switch, from the configuration in which the switch was met first: a switch of a subchart
// that is off is met under the one that turns the subchart on. That is linear in the number of values. Then pairs of
// those, the ones first that are likely to matter together: where one takes away a service that the other makes somebody
// ask for; asked for in one decision (or one inside the other), first where such services are written; then by
// templates that write the same files, then where what one writes refers to what the other writes, then the rest. A
// value that the chart refuses on its own is paired with what it was decided together with only.
// So a configuration comes after those it is made of, and the first that shows a finding is a smallest one. The order
// depends on nothing but the chart and the values.

#include "k8s/model.h"
#include "lint/switches.h"

typedef struct Configuration {
	Setting *settings; // in the order of the switches' numbers
	size_t count;
	Bits files;   // what its last switch decides and changes; of those that are no pair
	Bits reaches; // files with something that those refer to
	Bits lacks;   // services that are gone under it, by their numbers
	Bits asks;    // services that are asked for under it, and not in the chart as it is
	bool pair, refused;
} Configuration;

typedef struct ExploreCounts {
	size_t tried, refused, equal;
	size_t left; // known, and not tried because of the limit
} ExploreCounts;

typedef struct Explore Explore;

Explore *explore_new(Arena *arena, const Patterns *except, size_t limit);
// What a render showed; NULL is the chart as it is. `render` may have failed half-way.
void explore_learn(Explore *explore, Configuration *configuration, const Render *render);
// Whether the render is, byte for byte, one that was there before; if not, it is from now on.
bool explore_is_known(Explore *explore, const Render *render);
// Who makes what, and who refers to whom, in a render. After explore_outside.
void explore_learn_model(Explore *explore, Configuration *configuration, const Model *model);
// Adds to what lives outside the secrets, config maps, claims and accounts that are not made under the configuration
// and are without it, or with fewer of its settings: `serviceAccount.create=false` says that somebody else makes it.
void explore_outside(const Explore *explore, const Configuration *configuration, const Model *model,
                     Settings *settings);
// The services (model_key of namespace and name) that are gone because the configuration, or a part of it, sets switches to false: that what
// points at them does so in vain is what was asked for.
Map *explore_switched_off(Explore *explore, const Configuration *configuration, const Model *model);
// The next one; NULL where nothing is left, or the limit is met.
Configuration *explore_next(Explore *explore);
// The same without its i-th setting, to see whether that shows as much; NULL where it was tried, nothing is left, or
// as many were asked for as the limit allows. For when explore_next has given NULL.
Configuration *explore_without(Explore *explore, const Configuration *configuration, size_t i);
// The chart refuses it.
void explore_refused(Explore *explore, Configuration *configuration);
// Sets its values, as the options would.
bool explore_apply(const Explore *explore, const Configuration *configuration, Arena *arena,
                   Map *values, Diag *diag);
// "--set a.b=true --set-string c=1", as a shell reads it.
Str explore_text(const Explore *explore, const Configuration *configuration, Arena *arena);
// What was done so far; after explore_next has given NULL, what is left too.
ExploreCounts explore_counts(const Explore *explore);
// The i-th of the patterns of `except` that named no switch; false behind the last.
bool explore_unused_pattern(const Explore *explore, size_t *i, Str *pattern);

#endif
