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
  tp_has crontab || tp_error 'this host has no crontab: install cron (Debian) or cronie (EL)' || return
  tp_whose "$1"
  # a warning is no line of the table
  # shellcheck disable=SC2086 # -u NAME are two words, or none
  tp_tab=$(crontab -l $tp_user_flags 2>/dev/null) && return 0
  # shellcheck disable=SC2086
  tp_said=$(crontab -l $tp_user_flags 2>&1 >/dev/null) || :
  tp_tab=
  case $tp_said in
    *"no crontab"* | *"No such file"* | *"can't open"*) ;;
    *) tp_error "${tp_said:-crontab -l failed}" ;;
  esac
}

# tp_whose USER: sets tp_user_flags to what crontab needs for a user: nothing for oneself, as only root may say -u.
tp_whose() {
  tp_user_flags=
  [ -z "$1" ] || [ "$1" = "$(id -un)" ] || tp_user_flags="-u $1"
}

# tp_cron USER FILE KIND NAME KEY...: prints the state of a job (KIND job) or of a variable (KIND env): state, line; file (is
# there a file NAME?), jobs and envs (the names of all, a line each), backup_file (what tp_cron_backup made in this frame).
tp_cron() {
  tp_cron_read "$1" "$2" || return
  tp_kind=$3 tp_name=$4
  shift 4
  tp_state=absent tp_found='' tp_last='' tp_jobs='' tp_envs=''
  tp_ifs=$IFS
  IFS=$tp_nl
  set -f
  for tp_line in $tp_tab; do
    if [ "$tp_state" = absent ]; then
      case $tp_kind:$tp_line in
        job:*) [ "$tp_last" != "#Ansible: $tp_name" ] || tp_state=present tp_found=$tp_line ;;
        env:"$tp_name="*) tp_state=present tp_found=$tp_line ;;
      esac
    fi
    case $tp_line in
      '#Ansible: '*) tp_jobs=$tp_jobs${tp_line#'#Ansible: '}$tp_nl ;;
      [!A-Za-z_]*) ;;
      *=*) case ${tp_line%%=*} in *[!A-Za-z0-9_]*) ;; *) tp_envs=$tp_envs${tp_line%%=*}$tp_nl ;; esac ;;
    esac
    tp_last=$tp_line
  done
  IFS=$tp_ifs
  set +f
  [ "$tp_state" = present ] || tp_found=
  for tp_key; do
    case $tp_key in
      state) tp_kv state "$tp_state" ;;
      line) tp_kv line "$tp_found" ;;
      file) if [ -e "$tp_name" ]; then tp_kv file present; else tp_kv file absent; fi ;;
      jobs) tp_kv jobs "${tp_jobs%"$tp_nl"}" ;;
      envs) tp_kv envs "${tp_envs%"$tp_nl"}" ;;
      backup_file) tp_value='' && tp_taken_backup && tp_kv backup_file "$tp_value" ;;
    esac
  done
}

# tp_cron_set USER FILE KIND NAME LINE [after|before VARIABLE]: puts a job or a variable into a table, or takes it out when LINE
# is ''; a new variable goes beside that other one, else to the top. A file without any line left is removed. Prints nothing.
tp_cron_set() {
  tp_cron_read "$1" "$2" || return
  case ${6:+$tp_nl$tp_tab} in
    '' | *"$tp_nl$7="*) ;;
    *"$tp_nl$4="*) ;;
    *) tp_error "there is no variable $7 to put $4 beside" || return ;;
  esac
  tp_new=$(tp_cron_edit "$3" "$4" "$5" "${6-}" "${7-}")
  if [ -z "$2" ]; then
    # shellcheck disable=SC2086 # -u NAME are two words, or none
    printf '%s\n' "$tp_new" | crontab $tp_user_flags -
  elif [ -z "$tp_new" ]; then rm -f -- "$2"
  else
    tp_fresh=$(tp_temp) && printf '%s\n' "$tp_new" >"$tp_fresh" || return
    tp_mode_new=0644
    [ ! -e "$2" ] || tp_mode_new=
    tp_install -L -m "$tp_mode_new" "$tp_fresh" "$2"
  fi
}

# tp_cron_edit KIND NAME LINE [after|before VARIABLE]: prints tp_tab with the line of that name put in its place; without it when
# LINE is ''.
tp_cron_edit() {
  tp_done='' tp_skip='' tp_beside=
  if [ "$1" = env ] && [ -n "$3" ]; then
    case $tp_nl$tp_tab in
      *"$tp_nl$2="*) ;;
      *)
        tp_beside=${4-}
        [ -n "$tp_beside" ] || printf '%s\n' "$3"
        tp_done=1
        ;;
    esac
  fi
  [ -z "$tp_tab" ] || while IFS= read -r tp_line; do
    case $tp_beside:$1:$tp_line in
      *:job:"#Ansible: $2")
        tp_skip=1
        [ -z "$3" ] || [ -n "$tp_done" ] || printf '%s\n%s\n' "$tp_line" "$3"
        tp_done=1
        ;;
      *:env:"$2="*)
        [ -z "$3" ] || [ -n "$tp_done" ] || printf '%s\n' "$3"
        tp_done=1
        ;;
      after:env:"${5-}="*) printf '%s\n%s\n' "$tp_line" "$3" && tp_beside= ;;
      before:env:"${5-}="*) printf '%s\n%s\n' "$3" "$tp_line" && tp_beside= ;;
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
# whose path tp_cron tells. Prints nothing.
tp_cron_backup() {
  tp_cron_read "$1" "$2" || return
  tp_copy=$(mktemp "${TMPDIR:-/tmp}/crontabXXXXXX") && printf '%s\n' "$tp_tab" >"$tp_copy" || return
  [ -d "$tp_dir" ] || mkdir -m 0700 -- "$tp_dir" || return
  printf '%s\n' "$tp_copy" >"$tp_dir/backup_file"
}
