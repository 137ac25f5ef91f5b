# Users and groups. The files are read here (one grep), not asked for one by one: getent is the way out for accounts of
# a directory service. tp_etc stands for /etc, so that tests can have accounts of their own.
# shellcheck disable=SC2154 # set in core.sh and by the modules

# tp_account FILE NAME: sets tp_line to the line of passwd or group for that name, '' when there is none.
tp_account() {
  tp_line=
  while IFS= read -r tp_text; do
    case $tp_text in "$2":*)
      tp_line=$tp_text
      return 0
      ;;
    esac
  done <"${tp_etc-/etc}/$1"
  tp_has getent && tp_line=$(getent "$1" "$2")
}

# tp_need TOOL: fails with a message when the host has no such command.
tp_need() { tp_has "$1" || tp_error "this host has no tool for users and groups: neither the package shadow (passwd) nor $1"; }

# tp_user NAME PATTERN KEY...: prints the state of a user. PATTERN finds its lines, those of its groups and of the groups
# wanted. The modules set: tp_group and tp_groups (wanted, separated by commas), tp_append (1: others may be there),
# tp_hash (wanted), tp_home (checked for home_exists where the user is to get it).
tp_user() {
  tp_name=$1
  tp_lines=$(grep -sE -e "$2" "${tp_etc-/etc}/passwd" "${tp_etc-/etc}/shadow" "${tp_etc-/etc}/group")
  shift 2
  tp_pw='' tp_shadow='' tp_mem=, tp_ids=,
  tp_ifs=$IFS
  IFS=$tp_nl
  set -f
  for tp_line in $tp_lines; do
    case $tp_line in
      */passwd:"$tp_name":*) tp_pw=${tp_line#*/passwd:} ;;
      */shadow:"$tp_name":*) tp_shadow=${tp_line#*/shadow:"$tp_name":} tp_shadow=${tp_shadow%%:*} ;;
      */group:*) tp_grouped "${tp_line#*/group:}" ;;
    esac
  done
  IFS=$tp_ifs
  [ -n "$tp_pw" ] || ! tp_has getent || tp_pw=$(getent passwd "$tp_name")
  tp_keys=$*
  IFS=:
  # shellcheck disable=SC2086 # to be split: the fields of the line
  set -- $tp_pw
  IFS=$tp_ifs
  for tp_key in $tp_keys; do
    tp_user_key "$tp_key" "$@"
  done
  set +f
}

# tp_grouped LINE: notes a line of the group file: its name and number in tp_ids, the name in tp_mem when tp_name is in it.
tp_grouped() {
  tp_gr=${1%%:*}
  tp_rest=${1#*:*:}
  tp_ids=$tp_ids$tp_gr=${tp_rest%%:*},
  case ,${tp_rest#*:}, in *,"$tp_name",*) tp_mem=$tp_mem$tp_gr, ;; esac
}

# tp_gid GROUP: sets tp_id to the number of a group among the lines seen, '' when it is not there.
tp_gid() {
  tp_id=
  case $1 in
    *[!0-9]*) case $tp_ids in *,"$1"=*) tp_id=${tp_ids#*,"$1"=} tp_id=${tp_id%%,*} ;; *) ! tp_account group "$1" || { tp_id=${tp_line#*:*:} tp_id=${tp_id%%:*}; } ;; esac ;;
    *) tp_id=$1 ;;
  esac
}

# tp_user_key KEY FIELD...: prints one line of a user's state from the fields of its passwd line.
tp_user_key() {
  if [ $# -lt 7 ] && [ "$1" = state ]; then tp_kv state absent
  elif [ $# -lt 7 ]; then tp_kv "$1" ''
  else
    case $1 in
      state) tp_kv state present ;;
      uid) tp_kv uid "$4" ;;
      gid) tp_kv gid "$5" ;;
      group) tp_gid "$tp_group"; if [ "$tp_id" = "$5" ]; then tp_kv group "$tp_group"; else tp_kv group "$5"; fi ;;
      groups) tp_member "$5" ;;
      comment) tp_kv comment "$6" ;;
      home) tp_kv home "$7" ;;
      shell) tp_kv shell "${8-}" ;;
      home_exists) if [ -d "${tp_home:-$7}" ]; then tp_kv home_exists true; else tp_kv home_exists false; fi ;;
      password) if [ "${tp_shadow#!}" = "${tp_hash#!}" ]; then tp_kv password same; else tp_kv password other; fi ;;
      password_lock) case $tp_shadow in !*) tp_kv password_lock true ;; *) tp_kv password_lock false ;; esac ;;
    esac
  fi
}

# tp_member GID: prints the groups line: as wanted when that is how it is, else the groups as they are. The user's own
# group (its gid) counts as one it is in, and is none too many.
tp_member() {
  tp_left=$tp_mem tp_ok=1
  IFS=,
  for tp_gr in $tp_groups; do
    tp_gid "$tp_gr"
    case $tp_gr in *[!0-9]*) ;; *) case $tp_ids in *"=$tp_gr,"*) tp_gr=${tp_ids%%"=$tp_gr,"*} tp_gr=${tp_gr##*,} ;; esac ;; esac
    case $tp_mem in
      *,"$tp_gr",*) tp_left=${tp_left%%,"$tp_gr",*},${tp_left#*,"$tp_gr",} ;;
      *) [ -n "$tp_id" ] && [ "$tp_id" = "$1" ] || tp_ok= ;;
    esac
  done
  if [ -z "${tp_append-}" ]; then
    for tp_gr in $tp_left; do
      tp_gid "$tp_gr"
      [ "$tp_id" = "$1" ] || [ -z "$tp_gr" ] || tp_ok=
    done
  fi
  IFS=$tp_ifs
  tp_mem=${tp_mem#,}
  if [ -n "$tp_ok" ]; then tp_kv groups "$tp_groups"; else tp_kv groups "${tp_mem%,}"; fi
}

# tp_group_state NAME KEY...: prints the state of a group: state, gid.
tp_group_state() {
  tp_account group "$1"
  shift
  for tp_key; do
    tp_rest=${tp_line#*:*:}
    case $tp_key in
      state) if [ -n "$tp_line" ]; then tp_kv state present; else tp_kv state absent; fi ;;
      gid) tp_kv gid "${tp_rest%%:*}" ;;
    esac
  done
}

# tp_account_set FILE NAME FIELD VALUE: puts a value into a field (counted from 1) of a line of passwd or group, for
# hosts without usermod and groupmod. The file is replaced as a whole.
tp_account_set() {
  tp_file=${tp_etc-/etc}/$1
  cp -p -- "$tp_file" "$tp_file.tplay"
  while IFS= read -r tp_text; do
    case $tp_text in
      "$2":*) tp_with "$tp_text" "$3" "$4" ;;
      *) printf '%s\n' "$tp_text" ;;
    esac
  done <"$tp_file" >"$tp_file.tplay"
  mv -f -- "$tp_file.tplay" "$tp_file"
}

# tp_with LINE FIELD VALUE: prints a line whose fields are parted by colons with another value in one of them.
tp_with() {
  tp_head='' tp_tail=$1 tp_n=1
  while [ "$tp_n" -lt "$2" ]; do
    tp_head=$tp_head${tp_tail%%:*}:
    tp_tail=${tp_tail#*:}
    tp_n=$((tp_n + 1))
  done
  case $tp_tail in *:*) tp_tail=:${tp_tail#*:} ;; *) tp_tail= ;; esac
  printf '%s\n' "$tp_head$3$tp_tail"
}

# tp_make_home NAME SKELETON: makes the home folder of a user who has none, from the skeleton. Prints nothing.
tp_make_home() {
  tp_account passwd "$1"
  tp_rest=${tp_line#*:*:}
  tp_ids=${tp_rest%%:*} tp_rest=${tp_rest#*:}
  tp_ids=$tp_ids:${tp_rest%%:*} tp_rest=${tp_rest#*:*:}
  tp_home=${tp_rest%%:*}
  [ ! -d "$tp_home" ] || return 0
  tp_mode='' tp_mask=022
  [ ! -r "${tp_etc-/etc}/login.defs" ] || while read -r tp_key tp_value _; do
    case $tp_key in
      HOME_MODE) tp_mode=$tp_value ;;
      UMASK) tp_mask=$tp_value ;;
    esac
  done <"${tp_etc-/etc}/login.defs"
  (
    umask "$tp_mask"
    mkdir -p -- "$tp_home"
    if [ -d "$2" ]; then cp -R -- "$2/." "$tp_home"; fi
    [ -z "$tp_mode" ] || chmod -- "$tp_mode" "$tp_home"
    chown -R -- "$tp_ids" "$tp_home"
  )
}

# tp_set_groups NAME APPEND GROUP...: puts a user into groups, and unless APPEND is 1 out of all others, for hosts
# without usermod. Prints nothing.
tp_set_groups() {
  tp_name=$1 tp_append=$2
  shift 2
  tp_wanted=" $* "
  while IFS=: read -r tp_gr _ _ tp_users; do
    case ,$tp_users, in
      *,"$tp_name",*) case $tp_wanted in *" $tp_gr "*) ;; *) [ "$tp_append" = 1 ] || printf '%s\n' "$tp_gr" ;; esac ;;
    esac
  done <"${tp_etc-/etc}/group" | while read -r tp_gr; do delgroup "$tp_name" "$tp_gr"; done
  for tp_gr; do
    tp_account group "$tp_gr" || tp_error "there is no group $tp_gr"
    case ,${tp_line##*:}, in *,"$tp_name",*) ;; *) addgroup "$tp_name" "$tp_gr" ;; esac
  done
}
