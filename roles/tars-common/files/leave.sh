# Ends what runs from TARS_PATH. TARS_DO:
#   segments  prints the ids of shared memory that a process from there made or used last
#   end       ends every process from there (TARS_WAIT seconds to end by itself), then frees TARS_SEGMENTS; tells what it did
set -u

# the processes that run a program below TARS_PATH, by what they were started as: a script's exe is its interpreter
ours() {
  for process in /proc/[0-9]*; do
    case $(tr '\0' ' ' <"$process/cmdline" 2>/dev/null) in
      "$TARS_PATH/"* | *"sh $TARS_PATH/"*) printf '%s\n' "${process#/proc/}" ;;
    esac
  done
}

# of this machine's processes only: a container on it shows the memory of its own
segments() {
  ours=" $(ours | tr '\n' ' ')"
  while read -r _ id _ _ creator last _; do
    case $ours in *" $creator "* | *" $last "*) printf '%s\n' "$id" ;; esac
  done </proc/sysvipc/shm
}

end() {
  pids=$(ours)
  # shellcheck disable=SC2086 # several
  [ -z "$pids" ] || kill $pids
  left=$((TARS_WAIT * 5))
  while [ -n "$(ours)" ]; do
    left=$((left - 1))
    # shellcheck disable=SC2046 # several
    [ "$left" -gt 0 ] || kill -9 $(ours)
    sleep 0.2
  done
  for pid in $pids; do printf 'ended process %s\n' "$pid"; done
  for id in $TARS_SEGMENTS; do
    ipcrm -m "$id" && printf 'freed shared memory %s\n' "$id"
  done
}

case $TARS_DO in
  segments | end) "$TARS_DO" ;;
esac
