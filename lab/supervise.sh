#!/bin/sh
# Boots one host of the lab, and again each time it reboots: under --keep-unit systemd-nspawn does not do that itself
# but ends with status 133. Any other status ends this too.
# usage: supervise.sh BOOTS CGROUP... -- COMMAND...
# BOOTS is a file that gets the number of boots; COMMAND runs in CGROUP/box, this script in CGROUP/loop, so that the
# host's systemd finds a cgroup of its own, shared with no other host and with no process of ours.
set -u

boots=$1
shift
cgroups=
while [ "$1" != -- ]; do
  cgroups="$cgroups $1"
  shift
done
shift

enter() { # NAME: moves this shell into that child of each cgroup
  for cgroup in $cgroups; do
    mkdir -p "$cgroup/$1" && echo 0 >"$cgroup/$1/cgroup.procs" || return 1
  done
}

# What the last boot left is empty, but the kernel may take a moment to see it so.
drop_box() {
  for cgroup in $cgroups; do
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      [ -d "$cgroup/box" ] || break
      find "$cgroup/box" -depth -type d -exec rmdir {} \; 2>/dev/null
      [ ! -d "$cgroup/box" ] || sleep 0.1
    done
  done
}

enter loop || exit 1
count=0
while :; do
  count=$((count + 1))
  echo "$count" >"$boots"
  drop_box
  (enter box && exec "$@")
  status=$?
  [ "$status" = 133 ] || exit "$status"
done
