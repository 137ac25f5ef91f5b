#!/bin/bash
# execute.sh SERVER start|stop: as the real one, ends with 0 whatever happened.

SERVER=$1
COMMAND=$2

BIN="TARS_PATH/${SERVER}/bin/${SERVER}"
CONF="TARS_PATH/tarsnode/data/tars.${SERVER}/conf/tars.${SERVER}.config.conf"
if [ ! -f "$CONF" ]; then
    CONF="TARS_PATH/${SERVER}/conf/tars.${SERVER}.config.conf"
fi

export LD_LIBRARY_PATH="$LD_LIBRARY_PATH:TARS_PATH/${SERVER}/bin:TARS_PATH/tarsnode/data/lib"
chmod a+x "$BIN"

# shellcheck disable=SC2009 # pgrep is not in every real package's world, and this is how the real one looks
PIDS=$(ps -eo pid,cmd | grep "$BIN" | grep -v grep | awk '{print $1}')

if [ "$COMMAND" == "stop" ] || [ "$COMMAND" == "start" ]; then
    for PID in $PIDS; do
        kill -9 "$PID"
        echo "kill -9 $PID"
    done
fi

if [ "$COMMAND" == "start" ]; then
    if [ "$SERVER" == "tarsnode" ]; then
        echo "start $BIN --nodeid=localip.tars.com --config=$CONF"
        "$BIN" --nodeid="localip.tars.com" --config="$CONF" >/dev/null &
    else
        echo "start $BIN --config=$CONF"
        "$BIN" --config="$CONF" >/dev/null &
    fi
fi

exit 0
