#!/bin/sh
# Helm runs this as `helm cleat ...`.
exec "${CLEAT:-cleat}" "$@"
