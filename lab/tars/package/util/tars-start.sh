#!/bin/bash

SERVERS="tarsAdminRegistry tarsregistry tarsconfig tarsnode tarsnotify tarsproperty tarsqueryproperty tarsquerystat tarsstat tarslog tarspatch"

for SERVER in $SERVERS; do
    if [ -d "TARS_PATH/$SERVER" ]; then
        echo "start $SERVER"
        bash "TARS_PATH/$SERVER/util/start.sh"
        sleep 1
    fi
done

for APP in web web/demo; do
    if [ -f "WEB_PATH/$APP/package.json" ]; then
        (cd "WEB_PATH/$APP" && npm run prd)
    fi
done
exit 0
