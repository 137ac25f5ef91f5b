# What no module does with the container of this host: it is kept for a return, and waited for. By docker or podman: their
# command lines are the same for all that is used here.
# TARS_ENGINE (docker or podman), TARS_NAME, TARS_FOLDER (has "good", the number of the container that was found well last),
# TARS_STOP (seconds), and
# TARS_DO: aside  stops the container and keeps it as NAME-previous
#          back   removes the one that did not come up and starts NAME-previous; ends with 3 when there is none, with 4 when the
#                 container is the one that was well: it stays
#          well   waits TARS_WAIT seconds until it runs and something listens on each of TARS_PORTS; prints what is missing
# What is done may be cut between any two steps: the next run goes on from what it finds.
set -u
previous=$TARS_NAME-previous

# of FORMAT CONTAINER: what inspect says, nothing when there is no such container
of() { "$TARS_ENGINE" container inspect --format "$1" "$2" 2>/dev/null; }
there() { of '{{.Id}}' "$1" >/dev/null; }
was_good() { id=$(of '{{.Id}}' "$TARS_NAME") && [ "$(cat "$TARS_FOLDER/good" 2>/dev/null)" = "$id" ]; }

# the one that was well is kept; one that never was makes no second one be forgotten
aside() {
  there "$TARS_NAME" || return 0
  if there "$previous" && ! was_good; then
    "$TARS_ENGINE" rm --force "$TARS_NAME" >/dev/null
    return
  fi
  if there "$previous"; then "$TARS_ENGINE" rm --force "$previous" >/dev/null || return; fi
  "$TARS_ENGINE" stop --time "$TARS_STOP" "$TARS_NAME" >/dev/null && "$TARS_ENGINE" rename "$TARS_NAME" "$previous"
}

# what it printed is kept for root alone: it may have a password in it
back() {
  umask 077
  if there "$TARS_NAME"; then "$TARS_ENGINE" logs "$TARS_NAME" >"$TARS_FOLDER/failed.log" 2>&1; fi
  if was_good; then
    "$TARS_ENGINE" start "$TARS_NAME" >/dev/null && return 4
    return 1
  fi
  there "$previous" || return 3
  if there "$TARS_NAME"; then "$TARS_ENGINE" rm --force "$TARS_NAME" >/dev/null || return 1; fi
  "$TARS_ENGINE" rename "$previous" "$TARS_NAME" && "$TARS_ENGINE" start "$TARS_NAME" >/dev/null || return 1
  of '{{.Id}}' "$TARS_NAME" >"$TARS_FOLDER/good.new" && mv "$TARS_FOLDER/good.new" "$TARS_FOLDER/good"
}

# all addresses of a port: the servers listen on that of INET, others on all
absent() {
  [ "$(of '{{.State.Running}}' "$TARS_NAME")" = true ] || printf 'the container %s does not run; ' "$TARS_NAME"
  listening=$(awk '$4 == "0A" { sub(/.*:/, "", $2); printf " %s ", $2 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
  for port in $TARS_PORTS; do
    case $listening in *" $(printf %04X "$port") "*) ;; *) printf 'nothing listens on port %s; ' "$port" ;; esac
  done
}

well() {
  while absent=$(absent) && [ -n "$absent" ]; do
    TARS_WAIT=$((TARS_WAIT - 1))
    if [ "$TARS_WAIT" -lt 0 ]; then echo "$absent" && return 1; fi
    sleep 1
  done
}

case $TARS_DO in
  aside | back | well) "$TARS_DO" ;;
  *) echo "container.sh: TARS_DO=$TARS_DO" >&2 && exit 2 ;;
esac
