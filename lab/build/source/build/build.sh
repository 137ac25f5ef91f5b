#!/bin/bash
# As that of TarsFramework: prepare, all, cleanall, install.
set -e
cd "$(dirname "$0")"
[ "$(id -u)" != 0 ] || { echo "build.sh: as root?" >&2; exit 1; }

case "$1" in
  prepare)
    [ -f ../tarscpp/version.c ] || { echo "build.sh: the submodule tarscpp is empty" >&2; exit 1; }
    date +%s%N >prepared
    ;;
  all)
    cmake ..
    make
    ;;
  cleanall) make clean ;;
  install) make install ;;
  *)
    echo "usage: build.sh prepare|all|cleanall|install" >&2
    exit 1
    ;;
esac
