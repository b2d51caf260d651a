#ifndef LINT_NEARLY_H
#define LINT_NEARLY_H

// Selectors that select nothing, though they nearly select some pods: all of their labels are right but one. Found by the
// labels that are right and by what is one letter away from the one that is not, without looking at every pod.

#include "k8s/model.h"

typedef struct Nearly {
	const Workload *found; // NULL: none
	Str key, wanted, have; // the label; `have` is empty where the pod has none of that key
	bool slip;             // what it has is but one letter away
} Nearly;

// Remembers what it has looked up; made once for all selectors.
typedef struct NearLabels NearLabels;
NearLabels *near_labels_new(const Model *model);
// One letter away counts for more than another value, which counts only beside a label that is right.
Nearly nearly_selected(NearLabels *labels, Str ns, const Node *selector);

#endif
