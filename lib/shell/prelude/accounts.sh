# The files of users and groups, written here on hosts without useradd and its kin (busybox alone), and what those tools lack.
# Each file is replaced as a whole; a last line without its end is a line too. tp_etc stands for /etc, so that tests can have accounts of their own.
# shellcheck disable=SC2154 # set in core.sh, files.sh and users.sh

# tp_account_edit FILE FUNCTION WORD...: makes what FUNCTION WORD... prints of a file of accounts its content, where there is such
# a file; owner and mode stay. While it does so the file is locked. Prints nothing.
tp_account_edit() (
  tp_file=${tp_etc-/etc}/$1
  [ -e "$tp_file" ] || exit 0
  shift
  trap 'exit 129' HUP
  trap 'exit 143' TERM
  trap 'exit 141' PIPE
  trap 'rm -f -- "$tp_file.tplay$$"' EXIT
  tp_account_lock "$tp_file" || exit
  trap 'rm -f -- "$tp_file.lock"' EXIT
  tp_fresh=$(tp_temp) && "$@" <"$tp_file" >"$tp_fresh" || tp_error "$tp_file could not be rewritten and is as it was" || exit
  tp_install "$tp_fresh" "$tp_file"
)

# tp_account_lock FILE: makes FILE.lock with this shell's number, as vipw and shadow's tools do, or fails when another process
# keeps it for 15 seconds. One that a dead process left is taken over. Where it is cut, FILE.tplayPID is left. Prints nothing.
tp_account_lock() {
  tp_n=0 tp_own=$1.tplay$$
  (umask 077 && printf '%s' "$$" >"$tp_own") || return
  until ln -- "$tp_own" "$1.lock" 2>/dev/null; do
    tp_pid=
    IFS= read -r tp_pid 2>/dev/null <"$1.lock" || :
    case $tp_pid in
      '' | *[!0-9]*) ;;
      "$$") break ;;
      *)
        # of several that see a dead one's lock one can move it; what it then moved may be a new one, which goes back
        if ! tp_alive "$tp_pid" && mv -- "$1.lock" "$tp_own.old" 2>/dev/null; then
          IFS= read -r tp_word <"$tp_own.old" || :
          [ "$tp_word" = "$tp_pid" ] || ln -- "$tp_own.old" "$1.lock" 2>/dev/null || :
          rm -f -- "$tp_own.old"
          continue
        fi
        ;;
    esac
    tp_n=$((tp_n + 1))
    if [ "$tp_n" -gt 15 ]; then
      rm -f -- "$tp_own"
      tp_error "$1 is locked by ${tp_pid:+process $tp_pid, by }$1.lock: run this again when that has ended, or remove that file if nobody edits accounts"
      return
    fi
    sleep 1
  done
  rm -f -- "$tp_own"
}

# tp_alive PID: is there such a process? Prints nothing.
tp_alive() { kill -0 "$1" 2>/dev/null || [ -d "/proc/$1" ]; }

# tp_account_add FILE LINE: adds a line to passwd, shadow, group or gshadow. Prints nothing.
tp_account_add() { tp_account_edit "$1" tp_with_line "$2"; }

# tp_with_line LINE: prints its input and the line, but no line of that name that a cut run left.
tp_with_line() { tp_without_line "${1%%:*}" && printf '%s\n' "$1"; }

# tp_account_set FILE NAME FIELD VALUE: puts a value into a field (counted from 1) of the line of that name. Prints nothing.
tp_account_set() { tp_account_edit "$1" tp_with_field "$2" "$3" "$4"; }

# tp_with_field NAME FIELD VALUE: prints its input with another value in that field of the line of that name.
tp_with_field() {
  while IFS= read -r tp_text || [ -n "$tp_text" ]; do
    case $tp_text in
      "$1":*) tp_with "$tp_text" "$2" "$3" ;;
      *) printf '%s\n' "$tp_text" ;;
    esac || return
  done
}

# tp_account_drop FILE NAME: takes the line of that name out. Prints nothing.
tp_account_drop() { tp_account_edit "$1" tp_without_line "$2"; }

# tp_without_line NAME: prints its input without the line of that name.
tp_without_line() {
  while IFS= read -r tp_text || [ -n "$tp_text" ]; do
    case $tp_text in "$1":*) ;; *) printf '%s\n' "$tp_text" || return ;; esac
  done
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

# tp_id_owner FILE ID: prints the name that has this number in passwd or group; fails when nobody has.
tp_id_owner() {
  while IFS=: read -r tp_gr _ tp_id _ || [ -n "$tp_gr" ]; do
    [ "$tp_id" != "$2" ] || { printf '%s\n' "$tp_gr" && return; }
  done <"${tp_etc-/etc}/$1"
  return 1
}

# tp_id_free FILE ID NAME: fails with whose it is when another name has this number. Prints nothing.
tp_id_free() {
  tp_owner=$(tp_id_owner "$1" "$2") || return 0
  [ "$tp_owner" = "$3" ] || tp_error "the number $2 is that of $tp_owner: take another one, or use non_unique"
}

# tp_id_next FILE SYSTEM: sets tp_id to a free number: of the system's when SYSTEM is not empty, else one for people.
tp_id_next() {
  if [ -n "$2" ]; then tp_n=100 tp_max=999; else tp_n=1000 tp_max=59999; fi
  while tp_id_owner "$1" "$tp_n" >/dev/null; do
    tp_n=$((tp_n + 1))
    [ "$tp_n" -le "$tp_max" ] || tp_error "there is no free number left in ${tp_etc-/etc}/$1" || return
  done
  tp_id=$tp_n
}

# tp_group_make NAME GID SYSTEM NON_UNIQUE: makes a group; GID may be empty. Prints nothing.
tp_group_make() {
  if [ -n "$2" ]; then tp_gid_new=$2 && { [ -n "$4" ] || tp_id_free group "$2" "$1"; } || return
  else tp_id_next group "$3" && tp_gid_new=$tp_id || return
  fi
  tp_account_add gshadow "$1:!::" && tp_account_add group "$1:x:$tp_gid_new:"
}

# tp_group_change NAME GID NON_UNIQUE: gives a group another number. Prints nothing.
tp_group_change() {
  { [ -n "$3" ] || tp_id_free group "$2" "$1"; } && tp_account_set group "$1" 3 "$2"
}

# tp_group_drop NAME FORCE: removes a group that is no user's own, or any. Prints nothing.
tp_group_drop() {
  tp_account group "$1"
  tp_gid_new=${tp_line#*:*:}
  tp_gid_new=${tp_gid_new%%:*}
  [ -n "$2" ] || while IFS=: read -r tp_gr _ _ tp_id _ || [ -n "$tp_gr" ]; do
    [ "$tp_id" != "$tp_gid_new" ] || tp_error "$1 is the own group of the user $tp_gr: it is not removed" || return
  done <"${tp_etc-/etc}/passwd" || return
  tp_account_drop gshadow "$1" && tp_account_drop group "$1"
}

# tp_user_make NAME UID GROUP COMMENT HOME SHELL SYSTEM NON_UNIQUE: makes a user; all but NAME may be empty. Without GROUP it
# gets one of its name. Prints nothing.
tp_user_make() {
  if [ -n "$2" ]; then tp_uid_new=$2 && { [ -n "$8" ] || tp_id_free passwd "$2" "$1"; } || return
  else tp_id_next passwd "$7" && tp_uid_new=$tp_id || return
  fi
  if [ -n "$3" ]; then
    tp_ids=, && tp_gid "$3"
    tp_gid_new=$tp_id
    [ -n "$tp_gid_new" ] || tp_error "there is no group $3: make it first" || return
  elif tp_account group "$1"; then tp_gid_new=${tp_line#*:*:} tp_gid_new=${tp_gid_new%%:*}
  elif tp_id_owner group "$tp_uid_new" >/dev/null; then tp_group_make "$1" '' "$7" '' || return
  else tp_group_make "$1" "$tp_uid_new" '' '' || return
  fi
  # the line of passwd comes last: with it the user is there
  tp_account_add shadow "$1:!:$(($(date +%s) / 86400)):0:99999:7:::" &&
    tp_account_add passwd "$1:x:$tp_uid_new:$tp_gid_new:$4:${5:-/home/$1}:${6:-/bin/sh}"
}

# tp_user_owner NAME UID GID: gives a user another number and own group, those that are not empty, and to the files in its home
# that had the old ones, as usermod does. Prints nothing.
tp_user_owner() {
  tp_account passwd "$1"
  tp_rest=${tp_line#*:*:}
  tp_uid_old=${tp_rest%%:*} tp_rest=${tp_rest#*:}
  tp_gid_old=${tp_rest%%:*} tp_rest=${tp_rest#*:*:}
  tp_home=${tp_rest%%:*}
  # the files first: while the line has the old number, a run after one that was cut goes on with them
  if [ -n "$3" ] && [ "$3" != "$tp_gid_old" ]; then
    case $tp_home in */*/*) [ ! -d "$tp_home" ] || find "$tp_home" -user "$tp_uid_old" -group "$tp_gid_old" -exec chgrp -h -- "$3" {} + || return ;; esac
    tp_account_set passwd "$1" 4 "$3" || return
  fi
  if [ -n "$2" ] && [ "$2" != "$tp_uid_old" ]; then
    case $tp_home in */*/*) [ ! -d "$tp_home" ] || find "$tp_home" -user "$tp_uid_old" -exec chown -h -- "$2" {} + || return ;; esac
    tp_account_set passwd "$1" 3 "$2" || return
  fi
}

# tp_user_drop NAME REMOVE: removes a user, its groups' lines of it and its own group when nobody else is in it; with REMOVE
# its home and mail, if the home is its own. Prints nothing.
tp_user_drop() {
  tp_account passwd "$1"
  tp_rest=${tp_line#*:*:}
  tp_uid_new=${tp_rest%%:*} tp_rest=${tp_rest#*:}
  tp_gid_new=${tp_rest%%:*} tp_rest=${tp_rest#*:*:}
  tp_home=${tp_rest%%:*}
  tp_group_members "$1" '' '' || return
  [ -z "$2" ] || tp_user_sweep "$1" || return
  # the line of passwd goes last: without it the next run would have nothing to do
  if tp_account group "$1"; then
    case $tp_line in *":$tp_gid_new:") tp_own_group_drop "$1" || return ;; esac
  fi
  tp_account_drop shadow "$1" && tp_account_drop passwd "$1"
}

# tp_own_group_drop NAME: removes the group of a user that goes, unless it is another's own too. Prints nothing.
tp_own_group_drop() {
  while IFS=: read -r tp_gr _ _ tp_id _ || [ -n "$tp_gr" ]; do
    if [ "$tp_id" = "$tp_gid_new" ] && [ "$tp_gr" != "$1" ]; then return 0; fi
  done <"${tp_etc-/etc}/passwd"
  tp_account_drop gshadow "$1" && tp_account_drop group "$1"
}

# tp_user_sweep NAME: removes the mail of a user, and its home tp_home when that is its own. Prints nothing.
tp_user_sweep() {
  rm -f -- "${tp_spool-/var/mail}/$1" || return
  case $tp_home in */*/*) ;; *) return 0 ;; esac
  [ -d "$tp_home" ] && [ ! -L "$tp_home" ] && tp_attrs "$tp_home" && [ "$tp_f_uid" = "$tp_uid_new" ] || return 0
  rm -rf -- "$tp_home"
}

# tp_group_members NAME APPEND GROUPS: puts a user into the groups (parted by commas, names or numbers), and unless APPEND is 1
# out of all others. Prints nothing.
tp_group_members() {
  tp_name=$1 tp_append=$2 tp_wanted=,
  tp_ifs=$IFS
  IFS=,
  for tp_word in $3; do
    tp_gr=$tp_word
    case $tp_gr in
      *[!0-9]*) tp_account group "$tp_gr" ;;
      *) tp_gr=$(tp_id_owner group "$tp_gr") ;;
    esac || tp_error "there is no group $tp_word: make it first" || return
    tp_wanted=$tp_wanted$tp_gr,
  done
  IFS=$tp_ifs
  tp_account_edit group tp_with_members
}

# tp_with_members: prints its input, the group file, with $tp_name in the groups of tp_wanted, and unless tp_append is 1 in no other.
tp_with_members() {
  while IFS= read -r tp_text || [ -n "$tp_text" ]; do
    tp_head=${tp_text%:*} tp_tail=,${tp_text##*:},
    case $tp_wanted in
      *,"${tp_text%%:*}",*) case $tp_tail in *,"$tp_name",*) ;; ,,) tp_tail=,$tp_name, ;; *) tp_tail=$tp_tail$tp_name, ;; esac ;;
      *) case $tp_append:$tp_tail in 1:*) ;; *,"$tp_name",*) tp_tail=${tp_tail%%,"$tp_name",*},${tp_tail#*,"$tp_name",} ;; esac ;;
    esac
    tp_tail=${tp_tail#,}
    printf '%s:%s\n' "$tp_head" "${tp_tail%,}" || return
  done
}

# tp_locked NAME YES: locks a password (1) or takes the lock away (''), in shadow itself. Prints nothing.
tp_locked() {
  tp_account_line shadow "$1"
  tp_rest=${tp_line#*:}
  tp_rest=${tp_rest%%:*}
  if [ -n "$2" ]; then tp_account_set shadow "$1" 2 "!${tp_rest#!}"; else tp_account_set shadow "$1" 2 "${tp_rest#!}"; fi
}

# tp_account_line FILE NAME: sets tp_line to a line of a file of accounts, '' when there is none.
tp_account_line() {
  tp_line=
  while IFS= read -r tp_text || [ -n "$tp_text" ]; do
    case $tp_text in "$2":*) tp_line=$tp_text && return ;; esac
  done <"${tp_etc-/etc}/$1"
}
