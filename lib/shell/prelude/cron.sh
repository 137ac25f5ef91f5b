# Cron tables. The line before a job, "#Ansible: NAME", says whose it is: the same mark as Ansible's, so that both tools
# see each other's jobs.
# shellcheck disable=SC2154 # set in core.sh

# tp_cron_read USER FILE: sets tp_tab to the lines of a cron table: of FILE, or else of USER ('' for oneself). Fails when
# it cannot be read; a table that is not there has no lines.
tp_cron_read() {
  tp_tab=
  if [ -n "$2" ]; then
    [ ! -e "$2" ] || tp_tab=$(cat -- "$2")
    return
  fi
  tp_whose "$1"
  # shellcheck disable=SC2086 # -u NAME are two words, or none
  tp_tab=$(crontab -l $tp_user_flags 2>&1) && return 0
  case $tp_tab in
    *"no crontab"* | *"No such file"* | *"can't open"*) tp_tab= ;;
    *) tp_error "$tp_tab" ;;
  esac
}

# tp_whose USER: sets tp_user_flags to what crontab needs for a user: nothing for oneself, as only root may say -u.
tp_whose() {
  tp_user_flags=
  [ -z "$1" ] || [ "$1" = "$(id -un)" ] || tp_user_flags="-u $1"
}

# tp_cron USER FILE KIND NAME KEY...: prints the state of a job (KIND job) or of a variable (KIND env): state, line.
tp_cron() {
  tp_cron_read "$1" "$2" || return
  tp_kind=$3 tp_name=$4
  shift 4
  tp_state=absent tp_found='' tp_last=
  tp_ifs=$IFS
  IFS=$tp_nl
  set -f
  for tp_line in $tp_tab; do
    if [ "$tp_state" = absent ]; then
      case $tp_kind:$tp_line in
        job:*) [ "$tp_last" != "#Ansible: $tp_name" ] || tp_state=present tp_found=$tp_line ;;
        env:"$tp_name="*) tp_state=present tp_found=$tp_line ;;
      esac
      tp_last=$tp_line
    fi
  done
  IFS=$tp_ifs
  set +f
  [ "$tp_state" = present ] || tp_found=
  for tp_key; do
    case $tp_key in
      state) tp_kv state "$tp_state" ;;
      line) tp_kv line "$tp_found" ;;
      file) if [ -e "$tp_name" ]; then tp_kv file present; else tp_kv file absent; fi ;;
    esac
  done
}

# tp_cron_set USER FILE KIND NAME LINE: puts a job or a variable into a table, or takes it out when LINE is ''. A file
# without any line left is removed. Prints nothing.
tp_cron_set() {
  tp_cron_read "$1" "$2"
  tp_new=$(tp_cron_edit "$3" "$4" "$5")
  if [ -z "$2" ]; then
    # shellcheck disable=SC2086 # -u NAME are two words, or none
    printf '%s\n' "$tp_new" | crontab $tp_user_flags -
  elif [ -z "$tp_new" ]; then rm -f -- "$2"
  else
    tp_fresh=$2.tplay
    if [ -e "$2" ]; then cp -p -- "$2" "$tp_fresh"; else : >"$tp_fresh" && chmod 0644 -- "$tp_fresh"; fi
    printf '%s\n' "$tp_new" >"$tp_fresh"
    mv -f -- "$tp_fresh" "$2"
  fi
}

# tp_cron_edit KIND NAME LINE: prints tp_tab with the line of that name put in its place; without it when LINE is ''.
tp_cron_edit() {
  tp_done='' tp_skip=
  if [ "$1" = env ] && [ -n "$3" ]; then
    case $tp_nl$tp_tab in *"$tp_nl$2="*) ;; *)
      printf '%s\n' "$3"
      tp_done=1
      ;;
    esac
  fi
  [ -z "$tp_tab" ] || while IFS= read -r tp_line; do
    case $1:$tp_line in
      job:"#Ansible: $2")
        tp_skip=1
        [ -z "$3" ] || [ -n "$tp_done" ] || printf '%s\n%s\n' "$tp_line" "$3"
        tp_done=1
        ;;
      env:"$2="*)
        [ -z "$3" ] || [ -n "$tp_done" ] || printf '%s\n' "$3"
        tp_done=1
        ;;
      *)
        [ -n "$tp_skip" ] || printf '%s\n' "$tp_line"
        tp_skip=
        ;;
    esac
  done <<TP_END
$tp_tab
TP_END
  [ "$1" = env ] || [ -z "$3" ] || [ -n "$tp_done" ] || printf '%s\n%s\n' "#Ansible: $2" "$3"
}

# tp_cron_backup USER FILE: writes the table as it is to a file "crontab" and six odd characters in the temporary folder,
# and says its path on stderr.
tp_cron_backup() {
  tp_cron_read "$1" "$2"
  tp_copy=$(mktemp "${TMPDIR:-/tmp}/crontabXXXXXX")
  printf '%s\n' "$tp_tab" >"$tp_copy"
  printf 'backup: %s\n' "$tp_copy" >&2
}
