#!/bin/sh
echo 'patchclient: the sample package has none; it is never installed' >&2
exit 1
