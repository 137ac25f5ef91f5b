#!/bin/bash
# For cron, every minute: "check.sh master" on the master, "check.sh" on a slave.

alive() {
    "TARS_PATH/$1/bin/$1" --monitor --config="TARS_PATH/$1/conf/tars.$1.config.conf" 2>/dev/null
}

SERVERS="tarsregistry tarsnode"
if [ "$1" == "master" ]; then
    SERVERS="tarsAdminRegistry $SERVERS"
fi

for SERVER in $SERVERS; do
    if ! alive "$SERVER"; then
        bash "TARS_PATH/$SERVER/util/start.sh"
    fi
done

if [ "$1" == "master" ] && [ -d WEB_PATH/web ]; then
    # shellcheck disable=SC2009 # as above, what the real one looks at is ps
    WEB=$(ps -eo pid,cmd | grep "WEB_PATH/web/bin/www" | grep -v grep)
    if [ "$WEB" == "" ]; then
        export PATH="$PATH:/usr/local/bin" PM2_DISABLE_VERSION_CHECK=1
        (cd WEB_PATH/web && npm run prd)
    fi
fi
exit 0
