# Keys of package signatures in rpm's database.
# shellcheck disable=SC2154 # set in core.sh

# tp_gpg_keys: reads keys on stdin; sets tp_ids to the long ids of those in it and tp_prints to their fingerprints, with
# blanks around each. Those of subkeys do not count. Fails with a message where the host has no gpg.
tp_gpg_keys() {
  tp_gpg=$(command -v gpg2 || command -v gpg) || tp_error 'there is no gpg on this host: install the package gnupg2 (gnupg)' || return
  # a home of its own: gpg would make one
  mkdir -p "$tp_dir/gpg" && chmod 0700 "$tp_dir/gpg" || return
  tp_ids=' ' tp_prints=' ' tp_main=
  # without a command gpg shows keys, in versions that have no --show-keys too
  tp_text=$("$tp_gpg" --homedir "$tp_dir/gpg" --no-tty --batch --with-fingerprint --with-colons 2>/dev/null) || :
  while IFS=: read -r tp_type _ _ _ tp_id _ _ _ _ tp_print _; do
    case $tp_type in
      pub) tp_main=1 tp_ids=$tp_ids$tp_id' ' ;;
      sub) tp_main= ;;
      fpr) [ -z "$tp_main" ] || tp_prints=$tp_prints$tp_print' ' tp_main= ;;
    esac
  done <<TP_END
$tp_text
TP_END
}

# tp_rpm_key_file FILE FINGERPRINT: sets tp_want to the ids of the keys in a file. Fails when there is none, or when one has
# another fingerprint than that.
tp_rpm_key_file() {
  [ -f "$1" ] || tp_error "there is no key file $1 on this host" || return
  tp_gpg_keys <"$1" || return
  tp_want=$tp_ids
  [ "$tp_want" != ' ' ] || tp_error "$1 holds no public key" || return
  [ -z "$2" ] || [ "$tp_prints" = " $2 " ] || tp_error "the fingerprint of the key is$tp_prints, not $2"
}

# tp_rpm_key: prints the line "key": present when all of tp_want are in rpm's database, absent when none is, else partly. An
# id may be short.
tp_rpm_key() {
  tp_has rpm || tp_error 'there is no rpm on this host: install the package rpm' || return
  tp_list=$(rpm -q gpg-pubkey --qf '%{DESCRIPTION}\n') || tp_list=
  tp_gpg_keys <<TP_END || return
$tp_list
TP_END
  tp_yes="" tp_no=""
  for tp_id in $tp_want; do
    case $tp_ids in *"$tp_id "*) tp_yes=1 ;; *) tp_no=1 ;; esac
  done
  case $tp_yes$tp_no in 11) tp_kv key partly ;; *) tp_kv key "${tp_yes:+present}${tp_no:+absent}" ;; esac
}

# tp_rpm_key_gone: takes all of tp_want out of rpm's database.
tp_rpm_key_gone() {
  for tp_package in $(rpm -q gpg-pubkey --qf '%{NAME}-%{VERSION}-%{RELEASE}\n'); do
    tp_gpg_keys <<TP_END || return
$(rpm -q "$tp_package" --qf '%{DESCRIPTION}\n')
TP_END
    for tp_id in $tp_want; do
      case $tp_ids in *"$tp_id "*) rpm -e "$tp_package" || return ;; esac
    done
  done
}
