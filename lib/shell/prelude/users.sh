# Users and groups. The files are read here (one grep), not asked for one by one: getent is the way out for accounts of
# a directory service. tp_etc stands for /etc, so that tests can have accounts of their own.
# shellcheck disable=SC2154 # set in core.sh and by the modules

# tp_account FILE NAME: sets tp_line to the line of passwd or group for that name, '' when there is none. With tp_local
# set nobody else is asked.
tp_account() {
  tp_line=
  while IFS= read -r tp_text || [ -n "$tp_text" ]; do
    case $tp_text in "$2":*)
      tp_line=$tp_text
      return 0
      ;;
    esac
  done <"${tp_etc-/etc}/$1"
  [ -z "${tp_local-}" ] && tp_has getent && tp_line=$(getent "$1" "$2")
}

# tp_user NAME PATTERN KEY...: prints the state of a user. PATTERN finds its lines, those of its groups and of the groups
# wanted. The modules set: tp_group and tp_groups (wanted, separated by commas), tp_append (1: others may be there),
# tp_hash (wanted), tp_home (checked for home_exists where the user is to get it), tp_key_path (of its ssh key).
tp_user() {
  tp_name=$1
  tp_lines=$(grep -sE -e "$2" "${tp_etc-/etc}/passwd" "${tp_etc-/etc}/shadow" "${tp_etc-/etc}/group")
  shift 2
  tp_pw='' tp_shadow='' tp_aged='' tp_mem=, tp_ids=,
  tp_ifs=$IFS
  IFS=$tp_nl
  set -f
  for tp_line in $tp_lines; do
    case $tp_line in
      */passwd:"$tp_name":*) tp_pw=${tp_line#*/passwd:} ;;
      */shadow:"$tp_name":*) tp_aged=${tp_line#*/shadow:"$tp_name":} tp_shadow=${tp_aged%%:*} tp_aged=${tp_aged#*:} ;;
      */group:*) tp_grouped "${tp_line#*/group:}" ;;
    esac
  done
  IFS=$tp_ifs
  [ -n "$tp_pw" ] || [ -n "${tp_local-}" ] || ! tp_has getent || tp_pw=$(getent passwd "$tp_name")
  tp_keys=$*
  IFS=:
  # shellcheck disable=SC2086 # to be split: the fields of the line
  set -- $tp_pw
  IFS=$tp_ifs
  for tp_key in $tp_keys; do
    tp_user_key "$tp_key" "$@" || return
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
      password) tp_password && tp_kv password "$tp_value" ;;
      expires) tp_kv expires "$(tp_nth "$tp_aged" 6)" ;;
      password_expire_min) tp_kv password_expire_min "$(tp_nth "$tp_aged" 2)" ;;
      password_expire_max) tp_kv password_expire_max "$(tp_nth "$tp_aged" 3)" ;;
      ssh_*) tp_key_state "$2" "$tp_key_path" "$1" ;;
      seuser) tp_seuser "$2" && tp_kv seuser "$tp_value" ;;
      password_lock) case $tp_shadow in !*) tp_kv password_lock true ;; *) tp_kv password_lock false ;; esac ;;
    esac
  fi
}

# tp_password: sets tp_value to `same` when the password is the wanted one, be it locked or not, else to `other`.
tp_password() {
  tp_value=other
  # no password at all lets everybody in: that is not what is locked
  if [ -z "$tp_shadow" ] && [ -n "$tp_aged" ]; then
    [ -n "$tp_hash" ] || tp_value=same
    return
  fi
  [ "${tp_shadow#"${tp_shadow%%[!!]*}"}" != "${tp_hash#"${tp_hash%%[!!]*}"}" ] || tp_value=same
}

# tp_nth TEXT NUMBER: prints one of the fields of a text that are parted by colons.
tp_nth() {
  tp_rest=$1 tp_n=$2
  while [ "$tp_n" -gt 1 ]; do
    case $tp_rest in *:*) tp_rest=${tp_rest#*:} ;; *) tp_rest= ;; esac
    tp_n=$((tp_n - 1))
  done
  printf '%s\n' "${tp_rest%%:*}"
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

# tp_make_home NAME SKELETON UMASK: makes the home folder of a user who has none, from the skeleton; UMASK may be empty.
# Prints nothing.
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
  [ -z "${3-}" ] || tp_mask=$3
  (
    umask 022
    case $tp_home in */*/*) mkdir -p -- "${tp_home%/*}" ;; esac
    umask "$tp_mask"
    mkdir -- "$tp_home"
    if [ -d "$2" ]; then cp -R -- "$2/." "$tp_home"; fi
    [ -z "$tp_mode" ] || chmod -- "$tp_mode" "$tp_home"
    chown -R -- "$tp_ids" "$tp_home"
  )
}

# tp_authorized USER PATH: sets tp_path to the file of keys (PATH, where ~ at its start is the user's home, or the one in it)
# and prints account (is there such a user?), uid, gid, and of the file's folder: folder (its kind), above (of the
# one it is in), folder_owner (its uid), folder_mode; of the file, where it is there and no link: file_owner, file_group, file_mode.
tp_authorized() {
  if tp_account passwd "$1"; then
    tp_kv account true
    tp_rest=${tp_line#*:*:}
    tp_kv uid "${tp_rest%%:*}"
    tp_rest=${tp_rest#*:}
    tp_kv gid "${tp_rest%%:*}"
    tp_rest=${tp_rest#*:*:}
    tp_home=${tp_rest%%:*}
  else
    tp_kv account false
    tp_home=
  fi
  if [ -z "$2" ]; then tp_path=$tp_home/.ssh/authorized_keys; else tp_path=$2; fi
  tp_folder=${tp_path%/*}
  tp_kind "${tp_folder:-/}" -L
  tp_kv folder "$tp_kind"
  if [ "$tp_kind" = directory ]; then
    tp_attrs "${tp_folder:-/}" -L && tp_kv folder_owner "$tp_f_uid" && tp_kv folder_mode "$tp_f_mode" || return
  fi
  tp_above=${tp_folder%/*}
  if [ -d "${tp_above:-/}" ]; then tp_kv above directory; else tp_kv above absent; fi
  tp_kind "$tp_path"
  [ "$tp_kind" = file ] || return 0
  tp_attrs "$tp_path" && tp_kv file_owner "$tp_f_uid" && tp_kv file_group "$tp_f_gid" && tp_kv file_mode "$tp_f_mode"
}

# tp_unlinked PATH: makes a link to a file a file of its own with what it leads to. Prints nothing.
tp_unlinked() {
  [ -L "$1" ] || return 0
  tp_new "${1%/*}" || return
  if [ -e "$1" ]; then cat -- "$1" >"$tp_new" || return; fi
  # a link that leads nowhere goes: nothing is a file without a word
  if [ -e "$1" ]; then mv -f -- "$tp_new" "$1"; else rm -f -- "$tp_new" "$1"; fi
}

# tp_keys_folder OWNER MANAGE: makes the folder of $tp_path where it is missing; with MANAGE makes it OWNER's alone. Prints nothing.
tp_keys_folder() {
  tp_folder=${tp_path%/*}
  tp_folder=${tp_folder:-/}
  if [ ! -d "$tp_folder" ]; then
    # aside, so that a run that is cut leaves no folder of another's
    tp_aside=$tp_folder.tplay.$$
    rm -rf -- "$tp_aside" && mkdir -m 0700 -- "$tp_aside" && chown -- "$1" "$tp_aside" && mv -- "$tp_aside" "$tp_folder"
  elif [ -n "$2" ]; then chown -- "$1" "$tp_folder" && chmod -- 0700 "$tp_folder"
  fi
}

# tp_folder_of PATH: prints the kind of the folder that a path is in (folder).
tp_folder_of() {
  case $1 in
    /*/*) tp_kind "${1%/*}" -L ;;
    *) tp_kind / ;;
  esac
  tp_kv folder "$tp_kind"
}
