#ifndef LINT_IMAGES_H
#define LINT_IMAGES_H

// What well-known images are known not to carry.

#include "k8s/model.h"

bool image_lacks(Str image, Str tool);
// Whether the container's script installs packages first.
bool container_installs(const Container *container);
// "docker.io/library/busybox:1.35@sha256:..." as "busybox".
Str image_name(Str image);
// The tag, empty where there is none; `*digest` tells whether a digest pins it.
Str image_tag(Str image, bool *digest);

#endif
