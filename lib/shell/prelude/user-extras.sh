# What users have besides their line: local accounts by libuser, ageing, homes, ssh keys, SELinux users.
# shellcheck disable=SC2154 # set in core.sh, files.sh and users.sh

# tp_local_members NAME APPEND GROUPS: as tp_group_members, by libuser's lgroupmod. Prints nothing.
tp_local_members() {
  tp_name=$1 tp_append=$2 tp_wanted=,$3,
  tp_list=
  while IFS=: read -r tp_gr _ tp_id tp_users || [ -n "$tp_gr" ]; do
    case $tp_wanted in
      *,"$tp_gr",* | *,"$tp_id",*)
        case ,$tp_users, in *,"$tp_name",*) ;; *) tp_list="$tp_list -M:$tp_gr" ;; esac
        tp_wanted=${tp_wanted%%,"$tp_gr",*},${tp_wanted#*,"$tp_gr",}
        ;;
      *) case $tp_append:,$tp_users, in 1:*) ;; *,"$tp_name",*) tp_list="$tp_list -m:$tp_gr" ;; esac ;;
    esac
  done <"${tp_etc-/etc}/group"
  for tp_word in $tp_list; do
    lgroupmod "${tp_word%%:*}" "$tp_name" "${tp_word#*:}" || return
  done
}

# tp_local_tools: fails when the host has not libuser's tools for local accounts. Prints nothing.
tp_local_tools() {
  tp_has luseradd && tp_has lusermod && tp_has lgroupmod ||
    tp_error 'local needs luseradd, lusermod and lgroupmod on the host: install libuser'
}

# tp_aging NAME EXPIRES MAX MIN: sets the day an account ends and how long a password is good; `-` leaves it, -1 takes it
# away. Prints nothing.
tp_aging() {
  if tp_has chage; then
    tp_name=$1 tp_days=$2 tp_max=$3 tp_min=$4
    set --
    [ "$tp_days" = - ] || set -- -E "$tp_days"
    [ "$tp_max" = - ] || set -- "$@" -M "$tp_max"
    [ "$tp_min" = - ] || set -- "$@" -m "$tp_min"
    chage "$@" "$tp_name"
    return
  fi
  case $2 in -) ;; -*) tp_account_set shadow "$1" 8 '' ;; *) tp_account_set shadow "$1" 8 "$2" ;; esac &&
    case $3 in -) ;; -*) tp_account_set shadow "$1" 5 '' ;; *) tp_account_set shadow "$1" 5 "$3" ;; esac &&
    case $4 in -) ;; -*) tp_account_set shadow "$1" 4 '' ;; *) tp_account_set shadow "$1" 4 "$4" ;; esac
}

# tp_move_home NAME NEW: moves the home folder of a user where the new one is not there yet. Prints nothing.
tp_move_home() {
  tp_account passwd "$1"
  tp_rest=${tp_line#*:*:*:*:*:}
  tp_rest=${tp_rest%%:*}
  if [ -d "$tp_rest" ] && [ ! -e "$2" ]; then mkdir -p -- "${2%/*}/" && mv -- "$tp_rest" "$2"; fi
}

# tp_key_file NAME FILE: sets tp_key to the path of a user's private key: FILE, from its home when it is no absolute path, and
# tp_ids to uid:gid.
tp_key_file() {
  tp_account passwd "$1"
  tp_rest=${tp_line#*:*:}
  tp_ids=${tp_rest%%:*} tp_rest=${tp_rest#*:}
  tp_ids=$tp_ids:${tp_rest%%:*} tp_rest=${tp_rest#*:*:}
  case $2 in /*) tp_key=$2 ;; *) tp_key=${tp_rest%%:*}/$2 ;; esac
}

# tp_key_state NAME FILE KEY: prints what there is of a user's ssh key: ssh_key (present or absent), ssh_key_file, ssh_public_key,
# ssh_fingerprint.
tp_key_state() {
  tp_key_file "$1" "$2"
  tp_value=
  case $3 in
    ssh_key_file) [ -z "$tp_line" ] || tp_value=$tp_key ;;
    ssh_key) if [ -n "$tp_line" ] && [ -e "$tp_key" ]; then tp_value=present; else tp_value=absent; fi ;;
    ssh_public_key) [ ! -f "$tp_key.pub" ] || tp_value=$(cat -- "$tp_key.pub") ;;
    ssh_fingerprint) [ ! -f "$tp_key.pub" ] || ! tp_has ssh-keygen || tp_value=$(ssh-keygen -l -f "$tp_key.pub" 2>/dev/null) || : ;;
  esac
  tp_kv "$3" "$tp_value"
}

# tp_key_make NAME FILE FORCE TYPE BITS COMMENT PHRASE: makes an ssh key for a user; PHRASE is a file with its passphrase, or
# empty. $HOSTNAME in COMMENT is the host's name. The key is made aside and put in place whole, the public half first. Prints nothing.
tp_key_make() {
  tp_key_file "$1" "$2"
  [ -n "$3" ] || [ ! -e "$tp_key" ] || return 0
  tp_has ssh-keygen || tp_error 'this host has no ssh-keygen: install openssh-client (Debian), openssh (EL) or openssh-keygen (Alpine)' || return
  tp_comment=$6
  case $6 in *'$HOSTNAME'*) tp_comment=${6%%'$HOSTNAME'*}$(uname -n)${6#*'$HOSTNAME'} ;; esac
  # beside a file of ours: that name is free, and stays so
  tp_aside=$(tp_temp).key || return
  set -- "$7" -q -t "$4" ${5:+-b "$5"} -C "$tp_comment" -f "$tp_aside"
  if [ -n "$1" ]; then
    # the passphrase comes by a program: as an argument everybody on the host could read it
    tp_ask=$(tp_temp) && printf '#!/bin/sh\nexec cat -- "$TP_PHRASE"\n' >"$tp_ask" && chmod 0700 "$tp_ask" || return
    tp_phrase=$1
    shift
    TP_PHRASE=$tp_phrase SSH_ASKPASS=$tp_ask SSH_ASKPASS_REQUIRE=force DISPLAY=:0 ssh-keygen "$@" </dev/null
  else
    shift
    ssh-keygen -N '' "$@" </dev/null
  fi || return
  tp_folder=${tp_key%/*}
  [ -d "$tp_folder" ] || tp_mkdir "${tp_ids%%:*}" "${tp_ids#*:}" 0700 "$tp_folder" || return
  tp_install -m 0644 -o "${tp_ids%%:*}" -g "${tp_ids#*:}" "$tp_aside.pub" "$tp_key.pub" &&
    tp_install -m 0600 -o "${tp_ids%%:*}" -g "${tp_ids#*:}" "$tp_aside" "$tp_key"
}

# tp_seuser NAME: sets tp_value to the SELinux user of an account, '' when it has none of its own.
tp_seuser() {
  tp_value=
  [ -e "${tp_selinux-/sys/fs/selinux}/enforce" ] || tp_error 'seuser needs SELinux, which this host does not run' || return
  tp_kind=$(sed -n 's/^SELINUXTYPE=//p' "${tp_etc-/etc}/selinux/config")
  [ ! -r "${tp_etc-/etc}/selinux/$tp_kind/seusers" ] || while IFS=: read -r tp_gr tp_users _; do
    [ "$tp_gr" != "$1" ] || tp_value=$tp_users
  done <"${tp_etc-/etc}/selinux/$tp_kind/seusers"
}
