# Nodes of Erlang target systems: asked through erl_call of the target system itself, by forms on its stdin. The cookie is read
# by it from the file .erlang.cookie of HOME: it stands in no argument. erl_call ends with 0 whatever the node says, so that
# the forms give strings and what is none is an error.
# shellcheck disable=SC2034,SC2154 # names that other files of the prelude set or read

# tp_erl_at ROOT NODE HOME PORT: notes for the others which node they ask; PORT of epmd or empty. Fails when ROOT holds no
# target system.
tp_erl_at() {
  tp_er=$1 tp_en=$2 tp_eh=$3 tp_ep=$4 tp_erts=
  [ ! -f "$1/releases/start_erl.data" ] || read -r tp_erts tp_erel <"$1/releases/start_erl.data" || :
  [ -n "$tp_erts" ] || tp_error "$1 holds no target system (no releases/start_erl.data): install one first" || return
  tp_eb=$1/erts-$tp_erts/bin
  # a name with a dot in its host is a long one
  case ${2#*@} in *.*) tp_ek=-name ;; *) tp_ek=-sname ;; esac
}

# tp_erl SECONDS FORM: sets tp_out to the string that FORM is for the node; 1 when it does not answer, 2 when FORM is no string
# (an error): then tp_out is what came.
tp_erl() {
  tp_out=$(
    HOME=$tp_eh
    [ -z "$tp_ep" ] || export ERL_EPMD_PORT="$tp_ep"
    export HOME
    printf '%s\n' "$2" | "$tp_eb/erl_call" "$tp_ek" "$tp_en" -timeout "$1" -e 2>/dev/null
  ) || :
  case $tp_out in
    '{ok, "'*) tp_out=${tp_out#'{ok, "'} tp_out=${tp_out%'"}'} ;;
    '{ok, []}') tp_out= ;;
    '') return 1 ;;
    *) return 2 ;;
  esac
}

# tp_erl_file FORM: sets tp_out to what FORM prints in an emulator of its own, for a node that is stopped.
tp_erl_file() {
  tp_out=$(
    ROOTDIR=$tp_er BINDIR=$tp_eb EMU=beam PROGNAME=erl HOME=$tp_eh
    export ROOTDIR BINDIR EMU PROGNAME HOME
    "$tp_eb/erlexec" -noinput -boot "$tp_er/bin/start" -eval "$1" 2>&1
  )
}

# tp_erl_look FORM OFFLINE: prints the lines that FORM gives, `|` between them; of a stopped node those of OFFLINE.
tp_erl_look() {
  tp_erl 15 "$1"
  case $? in
    1) tp_erl_file "$2" || tp_error "$tp_out" || return ;;
    2) tp_error "$tp_en says $tp_out" || return ;;
  esac
  printf '%s\n' "$tp_out" | tr '|' '\n'
}

# tp_erl_do SECONDS FORM: has the node do FORM, which gives `error TEXT` when it could not; sets tp_out else.
tp_erl_do() {
  tp_rc=0
  tp_erl "$1" "$2" || tp_rc=$?
  case $tp_rc in
    1) tp_erl_silent || return ;;
    2) tp_error "$tp_en says $tp_out" || return ;;
  esac
  case $tp_out in 'error '*) tp_error "$tp_en: ${tp_out#error }" ;; esac
}

# tp_erl_send SRC NAME: puts the package where release_handler looks for it, under its name when it is whole; it removes it
# when it has unpacked it.
tp_erl_send() {
  tp_p=$tp_er/releases/.tplay.$2.new
  cp -- "$1" "$tp_p" && chmod 0644 -- "$tp_p" && mv -f -- "$tp_p" "$tp_er/releases/$2.tar.gz"
}

# tp_erl_silent: fails with why the node may not answer.
tp_erl_silent() {
  case $("$tp_eb/epmd" ${tp_ep:+-port "$tp_ep"} -names 2>/dev/null) in
    *"name ${tp_en%%@*} at"*)
      tp_error "the node $tp_en runs, but does not answer: is the cookie in $tp_eh/.erlang.cookie its own?"
      ;;
    *) tp_error "the node $tp_en does not answer: start it first" ;;
  esac
}

# tp_erl_back VERSION SECONDS FORM: where tp_out says `ok PID restarts`, waits until the node is back as another process with
# VERSION. FORM gives `PID VERSION` of what runs. release_handler says ok before the emulator goes down, and a start script that
# does not take the data file it is given brings the old release back: nobody else would say so.
tp_erl_back() {
  case $tp_out in *' restarts') ;; *) return 0 ;; esac
  tp_p=${tp_out#ok } tp_n=0
  tp_p=${tp_p%% *}
  while [ "$tp_n" -lt "$2" ]; do
    sleep 1
    tp_n=$((tp_n + 1))
    tp_erl 5 "$3" || continue
    case $tp_out in
      "$tp_p "*) ;;
      *" $1") return 0 ;;
      *)
        tp_error "the emulator was restarted and came back with ${tp_out#* }, not $1: does bin/start take the data file it is given?"
        return
        ;;
    esac
  done
  tp_error "$tp_en has not come back within $2 seconds after its emulator went down: look at its log"
}
