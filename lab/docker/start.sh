#!/bin/bash
# What the image of the lab starts, in the place of the real one's docker-init.sh: the same variables and folders. Process 1 is a
# shell, so that what the servers leave behind is waited for.
cd /opt/tars || exit 1
node fill.js || exit 1
. /opt/tars/started

for server in $SERVERS; do
  bash "/usr/local/app/tars/$server/util/start.sh"
done
trap 'exit 0' TERM INT
if [ "$SLAVE" = true ]; then
  sleep infinity &
else
  (cd /usr/local/app/web && exec node bin/www) &
fi
wait $!
