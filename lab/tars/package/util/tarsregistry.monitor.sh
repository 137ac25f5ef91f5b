#!/bin/bash

# shellcheck disable=SC2009 # as the real one looks
PID=$(ps -eo pid,cmd | grep "TARS_PATH/tarsregistry/bin/tarsregistry" | grep -v grep | awk '{print $1}')

if [ "$PID" == "" ]; then
    bash TARS_PATH/tarsregistry/util/start.sh
fi
exit 0
