# The container of this host, by docker or podman: their command lines are the same for all that is used here.
# TARS_ENGINE (its words, quoted), TARS_NAME, TARS_FOLDER (tars.env, and what is known of the container), TARS_IMAGE, TARS_DATA,
# TARS_RESTART, TARS_STOP (seconds), TARS_OPTIONS (words, quoted), and
# TARS_DO: image    prints the number of the image; nothing when it is not there
#          due      prints why the container must be made or looked at anew; nothing when it is the one that was found well
#          replace  puts the one that is there aside as NAME-previous and runs a new one
#          good     notes that the one that runs now was found well
#          back     removes the new one and starts NAME-previous; ends with 3 when there is none
#          well     waits TARS_WAIT seconds until it runs and something listens on each of TARS_PORTS; prints what is missing
# What is done may be cut between any two steps: the next "replace" goes on from what it finds.
set -u
previous=$TARS_NAME-previous

engine() { eval "$TARS_ENGINE \"\$@\""; }
# of FORMAT CONTAINER: what inspect says, nothing when there is no such container
of() { engine container inspect --format "$1" "$2" 2>/dev/null; }
image() { engine image inspect --format '{{.Id}}' "$TARS_IMAGE" 2>/dev/null; }
there() { of '{{.Id}}' "$1" >/dev/null; }
label() { of '{{index .Config.Labels "tplay.wants"}}' "$TARS_NAME"; }
runs() { [ "$(of '{{.State.Running}}' "$TARS_NAME")" = true ]; }
was_good() { [ -n "$1" ] && [ "$(cat "$TARS_FOLDER/good" 2>/dev/null)" = "$1" ]; }

# What the container is made of, as a sum. The password is in it, so it is never an argument: others see those.
wants() {
  { image && printf '%s\n' "$TARS_DATA" "$TARS_RESTART" "$TARS_OPTIONS" && cat "$TARS_FOLDER/tars.env"; } | sha256sum | cut -c1-64
}

due() {
  id=$(of '{{.Id}}' "$TARS_NAME") || id=
  if [ -z "$id" ]; then
    echo 'there is no container'
  elif [ ! -f "$TARS_FOLDER/tars.env" ] || [ "$(label)" != "$(wants)" ]; then
    echo 'it has another image, other options or another environment'
  elif ! runs; then
    echo 'it does not run'
  elif ! was_good "$id"; then
    echo 'it was never found well'
  fi
}

# the name becomes free: the one that was well is kept, one that never was makes no second one be forgotten
put_aside() {
  id=$(of '{{.Id}}' "$TARS_NAME") || return 0
  if there "$previous" && ! was_good "$id"; then
    engine rm --force "$TARS_NAME" >/dev/null
    return
  fi
  if there "$previous"; then engine rm --force "$previous" >/dev/null || return; fi
  engine stop --time "$TARS_STOP" "$TARS_NAME" >/dev/null && engine rename "$TARS_NAME" "$previous"
}

replace() {
  [ -n "$(image)" ] || { echo "there is no image $TARS_IMAGE on this host" >&2 && return 1; }
  if there "$TARS_NAME" && [ "$(label)" = "$(wants)" ]; then
    runs || engine start "$TARS_NAME"
    return
  fi
  put_aside || return
  umask 077
  printf 'tplay.wants=%s\n' "$(wants)" >"$TARS_FOLDER/labels"
  eval "set -- $TARS_OPTIONS"
  engine run --detach --name "$TARS_NAME" --net=host --restart="$TARS_RESTART" --env-file "$TARS_FOLDER/tars.env" \
    --label-file "$TARS_FOLDER/labels" --volume "$TARS_DATA:/data/tars" --volume /etc/localtime:/etc/localtime:ro \
    "$@" "$TARS_IMAGE"
}

good() {
  umask 077
  of '{{.Id}}' "$TARS_NAME" >"$TARS_FOLDER/good.new" && mv "$TARS_FOLDER/good.new" "$TARS_FOLDER/good"
}

# what it printed is kept for root alone: it may have a password in it
back() {
  if there "$TARS_NAME"; then (umask 077 && engine logs "$TARS_NAME" >"$TARS_FOLDER/failed.log" 2>&1); fi
  there "$previous" || return 3
  if there "$TARS_NAME"; then engine rm --force "$TARS_NAME" >/dev/null || return; fi
  engine rename "$previous" "$TARS_NAME" && engine start "$TARS_NAME" >/dev/null && good
}

# all addresses of a port: the servers listen on that of INET, others on all
absent() {
  runs || printf 'the container %s does not run; ' "$TARS_NAME"
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
  image) image || : ;;
  due | replace | good | back | well) "$TARS_DO" ;;
  *) echo "container.sh: TARS_DO=$TARS_DO" >&2 && exit 2 ;;
esac
