#ifndef CMD_KUBECONFIG_H
#define CMD_KUBECONFIG_H

#include "cmd/chart_options.h"

// The release's namespace: --namespace, HELM_NAMESPACE, the current context of the kubeconfig, "default". Helm asks in
// this order, so that a render on a developer's machine is the same with both.
Str namespace_of(Arena *arena, const ChartOptions *options);

#endif
