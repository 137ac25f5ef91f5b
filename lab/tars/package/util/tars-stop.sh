#!/bin/bash
# tarsnode is not the first one here, as in the real package: what it watches may come back.

SERVERS="tarsAdminRegistry tarsconfig tarslog tarsnode tarsnotify tarspatch tarsproperty tarsqueryproperty tarsquerystat tarsregistry tarsstat"

for SERVER in $SERVERS; do
    if [ -d "TARS_PATH/$SERVER" ]; then
        echo "stop $SERVER"
        bash "TARS_PATH/$SERVER/util/stop.sh"
    fi
done

if [ -d WEB_PATH/web ]; then
    pm2 stop -s tars-node-web
    pm2 stop -s tars-user-system
fi
exit 0
