# Where apt gets packages from: sources and their keys.
# shellcheck disable=SC2034,SC2154 # set or read elsewhere in the prelude

# tp_deb822 DEST TEXT GPG_TEXT: prints as `repo` whether DEST has the text: that of GPG_TEXT when tp_ring ends in .gpg.
tp_deb822() {
  tp_src=$2
  case ${tp_ring-} in *.gpg) tp_src=$3 ;; esac
  if [ ! -f "$1" ]; then tp_kv repo absent
  elif cmp -s -- "$tp_src" "$1"; then tp_kv repo current
  else tp_kv repo other
  fi
}

# tp_deb822_set DEST MODE TEXT GPG_TEXT: writes DEST; see tp_deb822.
tp_deb822_set() {
  tp_src=$3
  case ${tp_ring-} in *.gpg) tp_src=$4 ;; esac
  tp_mkdir '' '' 0755 "${1%/*}" && tp_install -m "$2" "$tp_src" "$1"
}

# tp_deb822_gone DEST ASC GPG: prints as `repo` and `key` whether they are absent.
tp_deb822_gone() {
  if tp_exists "$1"; then tp_kv repo present; else tp_kv repo absent; fi
  if tp_exists "$2" "$3"; then tp_kv key present; else tp_kv key absent; fi
}

# tp_deb822_fetch URL CODE ASC GPG: gets a key by CODE, and sets tp_file to it, and tp_ring to where it belongs: ASC when it is
# text, else GPG.
tp_deb822_fetch() {
  tp_apt_file "$1" "$2" && tp_deb822_ring "$1" "$3" "$4"
}

# tp_deb822_ring URL ASC GPG: sets tp_ring to where the key that was got belongs.
tp_deb822_ring() {
  tp_file=$tp_dir/get
  if grep -q -e '^-----BEGIN PGP' "$tp_file"; then tp_ring=$2; else tp_ring=$3; fi
  case $(head -c 1 "$tp_file" | od -An -tx1) in
    *' 98' | *' 99' | *' c6') ;;
    *) grep -q -e '^-----BEGIN PGP PUBLIC KEY' "$tp_file" || tp_error "what is at $1 is no PGP public key" ;;
  esac
}

# tp_deb822_key URL CODE ASC GPG: prints as `key` whether the key is there as it is at URL; see tp_deb822_fetch.
tp_deb822_key() {
  tp_deb822_fetch "$@" || return
  if [ ! -f "$tp_ring" ]; then tp_kv key absent
  elif cmp -s -- "$tp_file" "$tp_ring"; then tp_kv key current
  else tp_kv key other
  fi
}

# tp_deb822_key_set URL CODE ASC GPG: puts the key where it belongs. It must be readable for apt's own user.
tp_deb822_key_set() {
  tp_deb822_ring "$1" "$3" "$4" && tp_mkdir '' '' 0755 "${tp_ring%/*}" && tp_install -m 0644 "$tp_file" "$tp_ring"
}

# tp_source LINE: prints as `source` whether one of apt's lists has this line, in the form that tp_source_form gives it:
# present or absent; and as `file` the first that has it.
tp_source() {
  tp_has apt-get || tp_error 'this host has no apt-get: sources are for Debian and its like' || return
  tp_found=$(tp_source_files | while IFS= read -r tp_file; do
    ! tp_source_filter "$1" 0 <"$tp_file" >/dev/null || printf '%s\n' "$tp_file"
  done)
  if [ -n "$tp_found" ]; then tp_kv source present; else tp_kv source absent; fi
  tp_kv file "${tp_found%%"$tp_nl"*}"
}

# tp_source_files: prints the paths of apt's lists that are there.
tp_source_files() {
  for tp_file in "${tp_sources:-/etc/apt}/sources.list" "${tp_sources:-/etc/apt}"/sources.list.d/*.list; do
    [ ! -f "$tp_file" ] || printf '%s\n' "$tp_file"
  done
}

# tp_source_filter LINE ENABLE: prints a list (stdin) without LINE, or with ENABLE 1 with it where it stood as a comment;
# fails when there was none.
tp_source_filter() {
  tp_line=$1 tp_on=$2 awk '
    function form(text) {
      sub(/[ \t]#.*/, "", text)
      gsub(/[ \t\r]+/, " ", text)
      sub(/\[ /, "[", text)
      sub(/ \]/, "]", text)
      sub(/^ /, "", text)
      sub(/ $/, "", text)
      return text
    }
    BEGIN { on = ENVIRON["tp_on"] + 0; line = ENVIRON["tp_line"]; found = 0 }
    {
      text = $0
      comment = sub(/^[ \t]*#[# \t]*/, "", text)
      if (form(text) == line && comment == on) {
        if (!on) { found = 1; next }
        if (!found) { found = 1; print line; next }
      }
      print
    }
    END { exit !found }'
}

# tp_source_add LINE FILE MODE TEXT: puts TEXT, which is LINE with its comment, at the end of FILE, or LINE where it stood as
# a comment in any list. Prints nothing.
tp_source_add() {
  tp_new_list=$(tp_temp)
  tp_list=$(tp_source_files)
  while [ -n "$tp_list" ]; do
    tp_next "$tp_list"
    if tp_source_filter "$1" 1 <"$tp_next" >"$tp_new_list"; then
      tp_source_keep "$tp_next"
      tp_install "$tp_new_list" "$tp_next"
      return
    fi
  done
  tp_source_keep "$2"
  tp_mkdir '' '' 0755 "${2%/*}"
  if [ -f "$2" ]; then
    # a last line without its end would become one with ours
    { cat -- "$2" && if [ -n "$(tail -c 1 -- "$2")" ]; then echo; fi; } >"$tp_new_list"
    printf '%s\n' "$4" >>"$tp_new_list"
    tp_install "$tp_new_list" "$2"
  else
    printf '%s\n' "$4" >"$tp_new_list"
    tp_install -m "$3" "$tp_new_list" "$2"
  fi
}

# tp_source_remove LINE: takes the line out of all lists; one of sources.list.d that then has none is removed.
tp_source_remove() {
  tp_new_list=$(tp_temp)
  tp_list=$(tp_source_files)
  while [ -n "$tp_list" ]; do
    tp_next "$tp_list"
    tp_source_filter "$1" 0 <"$tp_next" >"$tp_new_list" || continue
    tp_source_keep "$tp_next"
    if [ "${tp_next%.d/*}" != "$tp_next" ] && ! grep -q '[^[:space:]]' "$tp_new_list"; then rm -f -- "$tp_next"
    else tp_install "$tp_new_list" "$tp_next"
    fi
  done
}

# tp_source_keep FILE: keeps how FILE is, or that it is not there, for tp_source_back.
tp_source_keep() {
  tp_kept=$(tp_temp)
  printf '%s\n' "$1" >"$tp_kept.path"
  [ ! -e "$1" ] || cp -p -- "$1" "$tp_kept.file"
}

# tp_source_update RETRIES DELAY: gets new package lists; when it fails everything that was kept is put back.
tp_source_update() {
  tp_rc=0
  tp_apt_update 0 60 "$1" "$2" || tp_rc=$?
  for tp_kept in "$tp_dir"/*.path; do
    [ -e "$tp_kept" ] || continue
    IFS= read -r tp_p <"$tp_kept"
    if [ "$tp_rc" = 0 ]; then :
    elif [ -e "${tp_kept%.path}.file" ]; then cp -p -- "${tp_kept%.path}.file" "$tp_p"
    else rm -f -- "$tp_p"
    fi
    rm -f -- "$tp_kept" "${tp_kept%.path}.file"
  done
  [ "$tp_rc" = 0 ] || tp_error 'the sources are as they were'
}

# tp_gpg WORD...: runs gpg in a private folder, so that no keyring of a user is read or made. Says what is missing.
tp_gpg() {
  tp_has gpg || tp_error 'this host has no gpg: install gnupg (gnupg2)' || return
  [ -d "$tp_dir/gpg" ] || mkdir -p -m 0700 -- "$tp_dir/gpg" || return
  gpg --homedir "$tp_dir/gpg" --batch --no-tty --quiet --no-autostart --no-default-keyring --trust-model always "$@"
}

# tp_key_files KEYRING: prints the keyrings that count: KEYRING, or all that apt trusts when it is empty.
tp_key_files() {
  for tp_file in ${1:+"$1"}; do
    [ ! -s "$tp_file" ] || printf '%s\n' "$tp_file"
    return 0
  done
  for tp_file in "${tp_sources:-/etc/apt}/trusted.gpg" "${tp_sources:-/etc/apt}"/trusted.gpg.d/*.gpg "${tp_sources:-/etc/apt}"/trusted.gpg.d/*.asc; do
    [ ! -s "$tp_file" ] || printf '%s\n' "$tp_file"
  done
}

# tp_key_prints FILE: prints the fingerprints of the keys in a file, those of subkeys behind a blank.
tp_key_prints() {
  tp_shown=$(tp_gpg --with-colons --with-subkey-fingerprint --show-keys "$1" 2>&1) || tp_error "$1 holds no keys: $tp_shown" || return
  printf '%s\n' "$tp_shown" | awk -F: '$1 == "pub" { at = "" } $1 == "sub" { at = " " } $1 == "fpr" { print at $10 }'
}

# tp_key_in ID PRINTS: is a key of this id among the fingerprints? An id is a fingerprint or its end.
tp_key_in() {
  case "$2$tp_nl" in *"$1$tp_nl"*) ;; *) return 1 ;; esac
}

# tp_key_get SOURCE CODE: sets tp_file to a file with the key: what CODE gets to $tp_dir/get, or SOURCE.
tp_key_get() {
  tp_apt_file "$1" "$2" && tp_prints=$(tp_key_prints "$tp_file") || return
  [ -n "$tp_prints" ] || tp_error "$1 holds no key"
}

# tp_key ID KEYRING SOURCE CODE: prints as `key` whether apt has a key: that of ID, or when it is empty the first of SOURCE;
# then `id`, its whole fingerprint where it is known, and `keys`, the ids of all.
tp_key() {
  tp_has gpg || tp_error 'this host has no gpg: install gnupg (gnupg2)' || return
  tp_id=$1
  if [ -z "$tp_id" ]; then
    tp_key_get "$3" "$4" || return
    tp_id=${tp_prints%%"$tp_nl"*}
  fi
  tp_all=
  tp_list=$(tp_key_files "$2")
  while [ -n "$tp_list" ]; do
    tp_next "$tp_list"
    tp_rest=$tp_list
    tp_prints=$(tp_key_prints "$tp_next") || return
    tp_all=$tp_all$tp_prints$tp_nl
    tp_list=$tp_rest
  done
  if tp_key_in "$tp_id" "$tp_all"; then tp_kv key present; else tp_kv key absent; fi
  tp_kv id "$(printf '%s\n%s\n' "$tp_all" "$tp_id" | grep -e "$tp_id\$" | head -n 1 | tr -d ' ')"
  tp_kv keys "$(printf '%s' "$tp_all" | sed -n 's/^ *[0-9A-F]*\([0-9A-F]\{16\}\)$/\1/p' | tr '\n' ' ')"
}

# tp_key_add ID KEYRING SOURCE CODE: adds the keys of SOURCE to KEYRING; one of ID must be among them when it is not empty.
tp_key_add() {
  # without an id the probe has got it just now
  if [ -z "$1" ]; then tp_mode=after; fi
  tp_key_get "$3" "$4"
  [ -z "$1" ] || tp_key_in "$1" "$tp_prints" || tp_error "the key of $3 is $(printf '%s\n' "$tp_prints" | head -n 1), not $1"
  tp_key_write "$2" "$tp_file"
}

# tp_key_write KEYRING FILE...: writes KEYRING anew with what is in it and in the files; with `-d ID` before the name, without
# that key. A keyring without any key is removed.
tp_key_write() {
  tp_id=
  if [ "$1" = -d ]; then tp_id=$2 && shift 2; fi
  tp_ring=$1
  shift
  rm -f -- "$tp_dir/gpg/ring.gpg"
  [ ! -s "$tp_ring" ] || set -- "$tp_ring" "$@"
  tp_gpg --keyring "$tp_dir/gpg/ring.gpg" --import "$@" >&2
  [ -z "$tp_id" ] || tp_gpg --keyring "$tp_dir/gpg/ring.gpg" --yes --delete-keys "$tp_id"
  tp_armor=
  case $tp_ring in *.asc) tp_armor=--armor ;; esac
  tp_gpg --keyring "$tp_dir/gpg/ring.gpg" $tp_armor --export >"$tp_dir/gpg/new" 2>/dev/null
  if [ -s "$tp_dir/gpg/new" ]; then
    tp_mkdir '' '' 0755 "${tp_ring%/*}"
    tp_install -m 0644 "$tp_dir/gpg/new" "$tp_ring"
  else rm -f -- "$tp_ring"
  fi
}

# tp_key_remove ID KEYRING: takes a key out of KEYRING, or out of all that apt trusts when it is empty.
tp_key_remove() {
  tp_list=$(tp_key_files "$2")
  while [ -n "$tp_list" ]; do
    tp_next "$tp_list"
    tp_rest=$tp_list
    tp_prints=$(tp_key_prints "$tp_next")
    if tp_key_in "$1" "$tp_prints"; then tp_key_write -d "$1" "$tp_next"; fi
    tp_list=$tp_rest
  done
}

# tp_apt_download URL BARE CURL_CODE WGET_CODE LOGIN_CODE: gets URL to $tp_dir/get, as tp_download does; where the host has no
# curl and no wget, by apt itself: BARE is URL without its login, which LOGIN_CODE, if it is not empty, puts into a file, tp_config.
tp_apt_download() {
  if tp_has curl || tp_has wget || [ ! -x "${tp_helper:-/usr/lib/apt/apt-helper}" ]; then
    tp_download "$1" "$3" "$4" '' "$tp_dir/get"
    return
  fi
  tp_config=''
  [ -z "$5" ] || eval "$5" || return
  # shellcheck disable=SC2086 # options are words
  tp_said=$("${tp_helper:-/usr/lib/apt/apt-helper}" ${tp_apt_options-} ${tp_config:+"-oDir::Etc::netrc=$tp_config"} download-file "$2" "$tp_dir/get" 2>&1) || tp_error "$tp_said"
}

# tp_key_receive SERVER ID: gets a key from a key server to $tp_dir/get.
tp_key_receive() {
  tp_has dirmngr || tp_error 'this host has no dirmngr, by which gpg asks key servers: install dirmngr' || return
  [ -d "$tp_dir/gpg" ] || mkdir -p -m 0700 -- "$tp_dir/gpg" || return
  rm -f -- "$tp_dir/gpg/got.gpg"
  gpg --homedir "$tp_dir/gpg" --batch --no-tty --quiet --no-default-keyring --keyring "$tp_dir/gpg/got.gpg" --keyserver "$1" --recv-keys "$2" >&2
  tp_rc=$?
  gpgconf --homedir "$tp_dir/gpg" --kill all 2>/dev/null || :
  [ "$tp_rc" = 0 ] || return "$tp_rc"
  tp_gpg --keyring "$tp_dir/gpg/got.gpg" --export >"$tp_dir/get"
}
