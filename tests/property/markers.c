// A property of origins, tried on any charts and kustomizations: see marker.h.
//
//	markers [-n MOST-OF-EACH] CHART|ROOT//FOLDER...
//
// A kustomization is given as ROOT//FOLDER: every file below the root that it reads may be changed. Prints a line for
// each and the sum; each place that is wrong is printed too. Values whose change makes the render or build fail, or
// that come out nowhere, say nothing and are counted apart.

#include "trials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void try(char *what, size_t most, Count *sum)
{
	char *split = strstr(what, "//");
	Count count = {0};

	if (split) {
		*split = '\0';
		try_kustomization(what, split + 2, most, &count);
		*split = '/';
	} else {
		try_chart(what, most, &count);
	}
	count_print(what, &count);
	count_add(sum, &count);
}

int main(int argc, char **argv)
{
	size_t most = 100;
	Count sum = {0};
	int first = 1;

	if (argc > 2 && !strcmp(argv[1], "-n")) {
		most = (size_t)atol(argv[2]);
		first = 3;
	}
	for (int i = first; i < argc; i++)
		try(argv[i], most ? most : 1, &sum);
	printf("%zu markers, %zu came out at %zu places: %.2f%% exact, %zu derived, %zu wrong, %zu "
	       "strays\n",
	       sum.tried, sum.shown, sum.places,
	       sum.places ? 100.0 * (double)sum.exact / (double)sum.places : 0, sum.derived,
	       sum.wrong, sum.strays);
	printf("%zu passed, %zu failed\n", sum.exact + sum.derived, sum.wrong + sum.strays);
	return sum.wrong || sum.strays || !sum.places;
}
