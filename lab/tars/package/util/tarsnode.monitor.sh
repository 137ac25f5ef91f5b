#!/bin/bash

TARS_PATH/tarsnode/bin/tarsnode --monitor --config=TARS_PATH/tarsnode/conf/tars.tarsnode.config.conf
ALIVE=$?

if [ "$ALIVE" == "0" ]; then
    exit 0
fi
bash TARS_PATH/tarsnode/util/start.sh
exit 0
