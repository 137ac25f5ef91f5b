# The programs of MySQL and MariaDB: dumps and what is loaded from them.
# shellcheck disable=SC2034,SC2154 # names that other files of the prelude set or read

# tp_mysql_find NAME...: sets tp_mysql to the first of these programs that is there.
tp_mysql_find() {
  for tp_mysql in "$@"; do ! tp_has "$tp_mysql" || return 0; done
  tp_error "this host has no $1: install mariadb-client (of EL mariadb, or mysql)"
}

# tp_mysql_login FILE [only] OPTIONS...: makes $tp_mysql_home, a private folder: a client whose home it is reads the files
# OPTIONS that are there, and last FILE, so that nothing else decides how it logs in. Its texts are UTF-8 unless OPTIONS
# say otherwise. Sets tp_mysql_only to a flag by which it reads no other files, where `only` is said.
tp_mysql_login() {
  tp_mysql_home=$tp_dir/mysql tp_mysql_only=''
  tp_login=$1
  shift
  [ "${1-}" != only ] || { tp_mysql_only=--defaults-file=$tp_mysql_home/.my.cnf && shift; }
  (
    umask 077
    [ -d "$tp_mysql_home" ] || mkdir -p -- "$tp_mysql_home" || exit
    {
      # else it goes by the locale, which is C here, and texts and names would be read as latin1
      printf '%s\n' '[client]' default-character-set=utf8mb4
      for tp_p in "$@"; do
        [ ! -f "$tp_p" ] || [ ! -r "$tp_p" ] || printf '!include %s\n' "$tp_p"
      done
      cat -- "$tp_login"
    } >"$tp_mysql_home/.my.cnf"
  )
}

# tp_mysql_tls MODE: prints the flags of $tp_mysql by which it speaks TLS. MODE: any certificate; one that the authorities
# vouch for (ca); and of the server's name (name). MariaDB's clients know no `ca` alone.
tp_mysql_tls() {
  case $("$tp_mysql" --version):$1 in
    *MariaDB*:name) printf '%s\n' '--ssl --ssl-verify-server-cert' ;;
    *MariaDB*) printf '%s\n' '--ssl --skip-ssl-verify-server-cert' ;;
    *:name) printf '%s\n' --ssl-mode=VERIFY_IDENTITY ;;
    *:ca) printf '%s\n' --ssl-mode=VERIFY_CA ;;
    *) printf '%s\n' --ssl-mode=REQUIRED ;;
  esac
}

# tp_mysql_source N: prints the flag of $tp_mysql by which a dump says where its server stood: newer MySQL has another word.
tp_mysql_source() {
  tp_help=$("$tp_mysql" --no-defaults --help) || return
  case $tp_help in
    *--source-data*) printf '%s\n' "--source-data=$1" ;;
    *) printf '%s\n' "--master-data=$1" ;;
  esac
}

# tp_mysql_writable TARGET FORMAT: can a dump be written there? It says what is in the way.
tp_mysql_writable() {
  tp_target "$1" || return
  case $tp_target in */*) tp_parent=${tp_target%/*} ;; *) tp_parent=. ;; esac
  [ ! -d "$tp_target" ] || tp_error "$1 is a directory: give the path of a file" || return
  [ -d "$tp_parent/" ] || tp_error "the directory $tp_parent does not exist: make it first" || return
  [ -z "$2" ] || tp_pack_tools "$2" compress
}

# tp_mysql_readable TARGET FORMAT: can it be loaded? It says what is in the way.
tp_mysql_readable() {
  [ -e "$1" ] || tp_error "$1 does not exist on the host" || return
  [ -f "$1" ] || tp_error "$1 is no regular file" || return
  [ -r "$1" ] || tp_error "$1 cannot be read by $(id -un)" || return
  case $2 in
    '') return ;;
    xz) tp_has xz || tp_error "this host has no xz: install xz-utils" ;;
    *) tp_pack_tools "$2" compress ;;
  esac
}

# tp_mysql_print FORMAT WORD...: prints what a client prints, packed; fails when either does, whatever the shell.
tp_mysql_print() (
  tp_format=$1
  shift
  tp_bad=$(tp_temp) || exit
  # the status of a pipe is that of its last command
  { HOME=$tp_mysql_home "$@" || printf '%s ended with status %s\n' "$1" "$?" >"$tp_bad"; } | tp_pack_filter "$tp_format" || exit
  [ ! -s "$tp_bad" ] || tp_error "$(cat -- "$tp_bad")" || exit
  rm -f -- "$tp_bad"
)

# tp_mysql_load FORMAT TARGET WORD...: gives a client what is in TARGET to run. A packed file is read to its end before:
# of one that is damaged nothing is run.
tp_mysql_load() (
  tp_format=$1 tp_file=$2
  shift 2
  HOME=$tp_mysql_home
  export HOME
  if [ -z "$tp_format" ]; then
    "$@" <"$tp_file" >/dev/null
    exit
  fi
  tp_pack_filter "$tp_format" -d <"$tp_file" >/dev/null || tp_error "$tp_file is damaged, and nothing of it was loaded" || exit
  # a client that fails ends what unpacks for it, too
  tp_pack_filter "$tp_format" -d <"$tp_file" 2>/dev/null | "$@" >/dev/null
)
