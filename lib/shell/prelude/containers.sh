# Containers by the command of docker or podman.
# shellcheck disable=SC2154 # set by scripts

# tp_engine_find NAME: sets tp_engine to the program: NAME, or docker where its daemon is, else podman.
tp_engine_find() {
  tp_engine=$1
  if [ -z "$tp_engine" ]; then
    if tp_has docker && { [ -S /var/run/docker.sock ] || [ -n "${DOCKER_HOST-}" ] || ! tp_has podman; }; then tp_engine=docker
    else tp_engine=podman
    fi
  fi
  tp_has "$tp_engine" && return
  tp_error "this host has no ${1:-docker or podman}: install the package docker.io, docker-ce or podman"
}

# tp_inspect KIND NAME WORDS...: prints a line "%% KIND" (or tp_as) and what `WORDS KIND inspect NAME` prints, [] where there
# is none.
tp_inspect() {
  tp_kind=$1 tp_name=$2
  shift 2
  printf '%%%% %s\n' "${tp_as:-$tp_kind}"
  tp_out=$(tp_temp) && tp_err=$(tp_temp) || return
  "$@" "$tp_kind" inspect -- "$tp_name" >"$tp_out" 2>"$tp_err" && { cat -- "$tp_out"; return; }
  # not "no such file": that is a daemon that does not answer
  if grep -qiE 'no such (container|image|object)|image not known|no (container|image) with' "$tp_err"; then
    printf '[]\n'
    return
  fi
  cat -- "$tp_err" >&2
  return 1
}
