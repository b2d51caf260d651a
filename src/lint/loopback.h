#ifndef LINT_LOOPBACK_H
#define LINT_LOOPBACK_H

// Addresses that mean the pod itself, and whether anything in it may listen there.

#include "lint/lint.h"

bool is_loopback(Str host);
// The workload in which nothing listens where the address leads; NULL where something may, or where the address is none to
// go to: it may as well say where to listen, or be for a browser.
const Workload *loopback_of_nobody(const Lint *lint, const Address *address);
// The same for what an init container waits for: nothing runs beside it yet but sidecars.
bool wait_is_for_nobody(const Wait *wait);

#endif
