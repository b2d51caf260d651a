#ifndef K8S_QUANTITIES_H
#define K8S_QUANTITIES_H

// Amounts as Kubernetes writes them: "500m", "1Gi", "2e3". Kept in thousandths, so that all that are in use are exact;
// what is larger than an int64 of them stays at the limit.

#include "base/str.h"

// False where the text is no quantity.
bool quantity_parse(Str text, int64_t *thousandths);
// "1500m" as 1500m, 2048 * 1024 thousandths of Mi as 2Gi where `binary`: for people.
Str quantity_text(Arena *arena, int64_t thousandths, bool binary);
int64_t quantity_add(int64_t a, int64_t b);
int64_t quantity_times(int64_t a, int64_t count);

#endif
