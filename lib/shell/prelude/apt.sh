# Packages of Debian. Every probe prints a line for each thing asked for: a package as it is written in the playbook and how
# it is, or a command of apt-get and what it would still do. What cannot be is noted in tp_fault.
# shellcheck disable=SC2034,SC2154,SC2016 # set or read elsewhere in the prelude; formats are dpkg's

# tp_apt_here: is this a host of apt? Says so when not.
tp_apt_here() {
  tp_has apt-get && tp_has dpkg-query || tp_error 'this host has no apt-get and dpkg: these packages are for Debian and its like'
}

# tp_apt WANT SIMULATION SPEC...: prints for each SPEC (NAME, NAME:ARCH, NAME=VERSION, NAME>=VERSION, or a pattern of names)
# by its name what is wanted when it is so: "present", VERSION, ">=VERSION", "absent" or "purged"; else "absent",
# "config" (only its settings are left), "broken", or the version there is; of a pattern how many are. WANT present! takes
# what is not there for right (only_upgrade). In a dry run SIMULATION, apt-get's call by which it would be done, says
# whether it can be.
tp_apt() {
  tp_want=${1%!} tp_soft=${1#"${1%!}"} tp_sim=$2 tp_wrong=
  shift 2
  tp_apt_names "$@" || return
  set -f
  # shellcheck disable=SC2086 # package names
  tp_found=$tp_nl$(dpkg-query -W -f '${db:Status-Abbrev}|${Package}|${Version}\n${db:Status-Abbrev}|${Package}:${Architecture}|${Version}\n' -- $tp_names 2>/dev/null)$tp_nl
  set +f
  for tp_spec; do
    tp_name=${tp_spec%%[=>]*}
    case $tp_name in
      *[*?[]*) tp_apt_like "$tp_name" ;;
      *) tp_apt_state "$tp_name" "${tp_spec#"$tp_name"}" ;;
    esac
    [ "$tp_state" = "$tp_right" ] || tp_wrong=1
    tp_apt_kv "$tp_name" "$tp_state"
  done
  [ -z "$tp_wrong" ] || [ "$tp_mode" != 1 ] || tp_apt_ask "$tp_sim" "$@" || :
}

# tp_apt_kv NAME STATE: prints the line of a package; the key of a name that is digits alone begins with a word.
tp_apt_kv() {
  case $1 in *[!0-9]*) tp_kv "$1" "$2" ;; *) tp_kv "package $1" "$2" ;; esac
}

# tp_apt_names SPEC...: sets tp_names to the names in them, patterns replaced by what they match. Fails when one matches
# nothing.
tp_apt_names() {
  tp_names=
  for tp_spec; do
    tp_name=${tp_spec%%[=>]*}
    case $tp_name in
      *[*?[]*)
        tp_apt_match "$tp_name"
        [ -n "$tp_match" ] || tp_error "no package is like $tp_name" || return
        tp_names="$tp_names $tp_match"
        ;;
      *)
        tp_apt_plain "$tp_name"
        tp_names="$tp_names $tp_plain"
        ;;
    esac
  done
}

# tp_apt_plain NAME: sets tp_plain to the name by which dpkg finds it: it knows what is for all architectures, which apt-get has
# as one for the host's own, by no other.
tp_apt_plain() {
  tp_plain=$1
  case $1 in
    *:*)
      tp_native=$(dpkg --print-architecture 2>/dev/null)
      case ${1#*:} in all | native | "$tp_native") tp_plain=${1%%:*} ;; esac
      ;;
  esac
}

# tp_apt_known NAME: has some package just this name? Says so when not. Otherwise apt-get would take a name with a dot for a
# regular expression (apt before 2.0), and labx+ for labx.
tp_apt_known() {
  case $1 in
    *.* | *+ | *+:*) ;;
    *) return 0 ;;
  esac
  apt-cache --all-names pkgnames -- "${1%%:*}" | grep -qxF -e "${1%%:*}" || tp_error "there is no package ${1%%:*}$(tp_apt_lists || printf '; %s' "$tp_apt_hint")"
}

# tp_apt_match PATTERN: sets tp_match to the packages whose names are like PATTERN: those there are lists of, or to be
# removed those that dpkg knows, if any.
tp_apt_match() {
  tp_match=
  case $tp_want in
    absent | purged) tp_match=$(dpkg-query -W -f '${Package}\n' -- "$1" 2>/dev/null | sort -u | tr '\n' ' ') ;;
  esac
  [ -n "$tp_match" ] ||
    tp_match=$(apt-cache pkgnames -- "${1%%[*?[]*}" | grep -x -e "$(printf '%s\n' "$1" | sed -e 's/\./\\./g' -e 's/\*/.*/g' -e 's/?/./g' -e 's/\[!/[^/g')" | sort | tr '\n' ' ')
}

# tp_apt_like PATTERN: sets tp_state to tp_right, what is wanted, when all packages like it are so, else to how many are.
tp_apt_like() {
  tp_all=0 tp_good=0
  tp_apt_match "$1"
  for tp_each in $tp_match; do
    tp_apt_state "$tp_each" ''
    tp_all=$((tp_all + 1))
    [ "$tp_state" != "$tp_right" ] || tp_good=$((tp_good + 1))
  done
  tp_right=$tp_want tp_state=$tp_want
  [ "$tp_all" = "$tp_good" ] || tp_state="$tp_good of $tp_all $tp_want"
}

# tp_apt_state NAME VERSION: sets tp_state to how a package is, from tp_found, and tp_right to how it shall be; VERSION is
# empty or begins with = or >=.
tp_apt_state() {
  tp_state=absent tp_version='' tp_right=$tp_want tp_is=$1
  tp_apt_plain "$1"
  if [ "$tp_plain" != "$1" ]; then
    tp_is=$tp_plain:$tp_native
    case $tp_found in *"|$tp_is|"*) ;; *) tp_is=$tp_plain:all ;; esac
  fi
  case $tp_found in
    *"$tp_nl"?[itW]?"|$tp_is|"*)
      tp_state=present
      tp_version=${tp_found#*"$tp_nl"?[itW]?"|$tp_is|"}
      tp_version=${tp_version%%"$tp_nl"*}
      ;;
    *"$tp_nl"?[UFH]?"|$tp_is|"*) tp_state=broken ;;
    *"$tp_nl"?c?"|$tp_is|"*) tp_state=config ;;
  esac
  case $tp_want:$2 in
    present:'>='*) tp_right=$2 ;;
    present:=*) tp_right=${2#=} ;;
  esac
  case $tp_want:$tp_state:$2 in
    present:present:?*) if tp_apt_is "$tp_version" "$2"; then tp_state=$tp_right; else tp_state=$tp_version; fi ;;
    absent:present:?* | purged:present:?*) tp_apt_is "$tp_version" "$2" || tp_state=$tp_right ;;
    present:absent:?*) ;;
    present:absent: | present:config:) ! tp_apt_provided "$tp_plain" || tp_state=present ;;
    absent:config:*) tp_state=absent ;;
    purged:absent:*) tp_state=purged ;;
  esac
  case $tp_soft$tp_state in !absent | !config) tp_state=$tp_right ;; esac
}

# tp_apt_is VERSION WANTED: is it the version that is wanted? WANTED begins with = or >=, or is empty. Prints nothing.
tp_apt_is() {
  case $2 in
    '') ;;
    '>='*) dpkg --compare-versions "$1" ge "${2#>=}" ;;
    # shellcheck disable=SC2254 # a version may hold *, as for apt-get
    *) case $1 in ${2#=}) ;; *) return 1 ;; esac ;;
  esac
}

# tp_apt_provided NAME: does an installed package stand for this one, which is no package itself? Prints nothing.
tp_apt_provided() {
  [ -n "${tp_provides-}" ] || tp_provides=$(dpkg-query -W -f '${db:Status-Abbrev}| ${Provides},\n' 2>/dev/null | sed -n 's/^.i.|//p')
  case $tp_provides in *" $1,"* | *" $1 ("*) ;; *) return 1 ;; esac
  case $(apt-cache policy -- "$1" 2>/dev/null) in *"Candidate: (none)"*) ;; *) return 1 ;; esac
}

# tp_apt_words SPEC...: sets tp_words to what apt-get takes for them: only what is there, to be removed.
tp_apt_words() {
  case $tp_want in
    absent | purged)
      tp_apt_removed "$@"
      return
      ;;
  esac
  tp_apt_names "$@" || return
  tp_words=
  for tp_spec; do
    case $tp_spec in *[*?[]*) ;; *) tp_apt_known "${tp_spec%%[=>]*}" || return ;; esac
    case $tp_spec in
      *'>='*)
        tp_apt_reaches "${tp_spec%%>=*}" "${tp_spec#*>=}" || return
        tp_words="$tp_words ${tp_spec%%>=*}"
        ;;
      *=*) tp_words="$tp_words ${tp_spec%%[*]*}$(printf %s "${tp_spec#"${tp_spec%%[*]*}"}" | sed 's/[*]/\\*/g')" ;;
      *[*?[]*)
        tp_apt_match "$tp_spec"
        tp_words="$tp_words $tp_match"
        ;;
      *) tp_words="$tp_words $tp_spec" ;;
    esac
  done
}

# tp_apt_removed SPEC...: sets tp_words to those that are there; of a name that had the host's own architecture not what is
# there for a foreign one, of a version only that.
tp_apt_removed() {
  tp_own=' ' tp_words=
  for tp_spec; do
    shift
    tp_name=${tp_spec%%[=>]*}
    tp_apt_plain "$tp_name"
    case $tp_spec in
      *=*)
        tp_version=$(dpkg-query -W -f '${Version}\n' -- "$tp_plain" 2>/dev/null | sed -n 1p)
        [ -n "$tp_version" ] && tp_apt_is "$tp_version" "${tp_spec#"$tp_name"}" || continue
        ;;
    esac
    [ "$tp_plain" = "$tp_name" ] || tp_own="$tp_own$tp_plain "
    set -- "$@" "$tp_name"
  done
  # of no names dpkg-query would tell all there are
  [ "$#" -gt 0 ] || return 0
  tp_apt_names "$@" || return
  set -f
  # shellcheck disable=SC2086 # package names
  for tp_each in $(dpkg-query -W -f '${db:Status-Abbrev}|${binary:Package}\n' -- $tp_names 2>/dev/null | sed -n 's/^.[^n].|//p'); do
    case "$tp_names " in
      *" $tp_each "*) ;;
      *) case $tp_own in *" ${tp_each%:*} "*) [ "${tp_each#*:}" = "$tp_native" ] || continue ;; esac ;;
    esac
    tp_words="$tp_words $tp_each"
  done
  set +f
}

# tp_apt_reaches NAME VERSION: is there such a package of this version or a later one? Says so when not.
tp_apt_reaches() {
  tp_version=$(apt-cache policy -- "$1" 2>/dev/null | sed -n 's/^  Candidate: //p')
  dpkg --compare-versions "${tp_version:-(none)}" ge "$2" 2>/dev/null && [ "$tp_version" != '(none)' ] ||
    tp_error "$1 is to be had in version ${tp_version:-(none)}, not in $2 or later"
}

# tp_apt_do WANT WAIT COMMAND SPEC...: runs COMMAND, a call of apt-get, for the packages; see tp_apt_run.
tp_apt_do() {
  tp_want=${1%!} tp_wait=$2 tp_call=$3
  shift 3
  tp_apt_words "$@" || return
  case $tp_words in *[!\ ]*) ;; *) return 0 ;; esac
  eval "tp_apt_run $tp_wait $tp_call -- $tp_words"
}

# tp_apt_ask SIMULATION SPEC...: sets tp_said to what a simulation says of the packages. When it fails, notes why in
# tp_fault, but not where new lists (tp_fetch) will be got first; returns 1.
tp_apt_ask() {
  tp_call=$1
  shift
  tp_rc=0
  tp_said=$({ tp_apt_words "$@" && eval "tp_apt_quiet $tp_call -- $tp_words"; } 2>&1) || tp_rc=1
  [ "$tp_rc" = 0 ] || tp_apt_why
  return "$tp_rc"
}

# tp_apt_why: notes in tp_fault the errors that tp_said holds.
tp_apt_why() {
  [ -z "$tp_fetch" ] || return 0
  tp_fault=$(printf '%s\n' "$tp_said" | sed -n 's/^E: //p')
  [ -n "$tp_fault" ] || tp_fault=$tp_said
  tp_apt_lists || tp_fault="$tp_fault; $tp_apt_hint"
}
tp_apt_hint='there are no package lists on this host: add "update_cache: true" to the task'

# tp_apt_lists: are there any package lists? Prints nothing.
tp_apt_lists() { tp_exists "${tp_lists:-/var/lib/apt/lists}"/*Packages*; }

# tp_apt_latest WANT SIMULATION SPEC...: prints for each package "latest", or what would be installed, by a simulation of
# the apt-get call that would install them.
tp_apt_latest() {
  tp_want=present tp_plan=failed
  shift
  if tp_apt_ask "$@"; then tp_plan=$tp_nl$tp_said; fi
  shift
  for tp_spec; do
    tp_name=${tp_spec%%[=>]*}
    tp_match=$tp_name
    case $tp_name in *[*?[]*) tp_apt_match "$tp_name" ;; esac
    tp_state=latest
    for tp_each in $tp_match; do
      # apt-get says the architecture of a package only when it is foreign to the host
      case $tp_each in
        *:*) dpkg --print-foreign-architectures | grep -qxF -e "${tp_each#*:}" || tp_each=${tp_each%%:*} ;;
      esac
      case $tp_plan in
        failed) tp_state=unknown ;;
        *"${tp_nl}Inst $tp_each "*)
          tp_line=${tp_plan#*"${tp_nl}Inst $tp_each "}
          tp_line=${tp_line%%"$tp_nl"*}
          case $tp_match in *' '?*) tp_line="$tp_each $tp_line" ;; esac
          if [ "$tp_state" = latest ]; then tp_state=$tp_line; else tp_state="$tp_state, $tp_line"; fi
          ;;
      esac
    done
    tp_apt_kv "$tp_name" "$tp_state"
  done
}

# tp_apt_plan KEY COMMAND...: prints as KEY "done", or what COMMAND, a simulation by apt-get, would do.
tp_apt_plan() {
  tp_key=$1
  shift
  if tp_said=$(tp_apt_quiet "$@" 2>&1); then
    tp_state=$(printf '%s\n' "$tp_said" | sed -n -e 's/^Inst /install /p' -e 's/^Remv /remove /p' -e 's/^Purg /purge /p' -e 's/^Del /delete /p' | cut -d ' ' -f 1,2 | sort -u)
    [ -n "$tp_state" ] || tp_state=$(printf '%s\n' "$tp_said" | sed -n 's/^Conf \([^ ]*\).*/configure \1/p')
    tp_state=$(printf %s "$tp_state" | tr '\n' ',' | sed 's/,/, /g')
    tp_kv "$tp_key" "${tp_state:-done}"
  else
    tp_apt_why
    tp_kv "$tp_key" unknown
  fi
}

# tp_apt_quiet COMMAND...: runs a command of apt that asks nothing; prints what it prints.
tp_apt_quiet() {
  DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical UCF_FORCE_CONFFOLD=1 APT_LISTCHANGES_FRONTEND=none "$@"
}

# tp_apt_run WAIT COMMAND...: runs apt-get, for up to WAIT seconds again where another apt or dpkg has the lock. What it said
# is kept for tp_apt_more; on failure it is printed, with what to do when there are no package lists.
tp_apt_run() {
  tp_end=$(($(date +%s) + $1))
  shift
  [ -d "$tp_dir" ] || mkdir -m 0700 -- "$tp_dir" || return
  while :; do
    tp_rc=0
    tp_apt_quiet "$@" >>"$tp_dir/apt.stdout" 2>"$tp_dir/apt.errors" || tp_rc=$?
    [ "$tp_rc" != 0 ] || break
    grep -q -e 'Could not get lock' -e 'Unable to lock' -e 'Unable to acquire' -e 'is locked by another process' "$tp_dir/apt.errors" || break
    [ "$(date +%s)" -lt "$tp_end" ] || break
    sleep 2
  done
  if [ "$tp_rc" = 0 ]; then cat "$tp_dir/apt.errors" >>"$tp_dir/apt.stderr"
  else
    cat "$tp_dir/apt.stdout" "$tp_dir/apt.errors" >&2
    rm -f "$tp_dir/apt.stdout" "$tp_dir/apt.stderr"
    tp_apt_lists || tp_error "$tp_apt_hint" || :
  fi
  rm -f "$tp_dir/apt.errors"
  return "$tp_rc"
}

# tp_apt_policy STATUS COMMAND...: runs COMMAND while policy-rc.d ends with STATUS, which tells packages not to start services
# (101); then it is as it was. One that an earlier call left when it was killed is put right first.
tp_apt_policy() (
  tp_rcd=${tp_policy_rcd:-/usr/sbin/policy-rc.d}
  tp_apt_policy_back
  trap tp_apt_policy_back EXIT
  trap 'exit 129' HUP
  trap 'exit 143' TERM
  if tp_exists "$tp_rcd"; then mv -f -- "$tp_rcd" "$tp_rcd.tplay" || exit; fi
  printf '#!/bin/sh\n# for as long as tplay installs packages\nexit %d\n' "$1" >"$tp_rcd" && chmod 0755 -- "$tp_rcd" || exit
  shift
  "$@"
)

# tp_apt_policy_back: puts the policy-rc.d back that tp_apt_policy moved away, or removes its own.
tp_apt_policy_back() {
  if tp_exists "$tp_rcd.tplay"; then mv -f -- "$tp_rcd.tplay" "$tp_rcd"
  elif [ -f "$tp_rcd" ] && grep -q '^# for as long as tplay' "$tp_rcd"; then rm -f -- "$tp_rcd"
  fi
}

# tp_apt_more KEY...: prints lines of what else is to be told: cache_update_time, cache_updated, stdout and stderr of what
# tp_apt_run ran, refused.
tp_apt_more() {
  for tp_key; do
    tp_value=
    case $tp_key in
      cache_update_time) tp_apt_time && tp_value=$tp_time ;;
      cache_updated)
        tp_value=false
        tp_apt_time
        if [ -e "$tp_dir/apt.updated" ]; then
          [ "$(cat "$tp_dir/apt.updated")" != "$tp_time" ] || tp_value=true
        fi
        ;;
      stdout | stderr)
        if [ -e "$tp_dir/apt.$tp_key" ]; then tp_value=$(cat "$tp_dir/apt.$tp_key") && rm -f "$tp_dir/apt.$tp_key"; fi
        ;;
      fault) tp_value=${tp_fault-} ;;
    esac
    tp_kv "$tp_key" "$tp_value"
  done
}

# tp_apt_time: sets tp_time to the second in which the package lists were last got, 0 when that is not known.
tp_apt_time() {
  tp_stamp=${tp_stamps:-/var/lib/apt/periodic}/update-success-stamp
  [ -e "$tp_stamp" ] || tp_stamp=${tp_lists:-/var/lib/apt/lists}
  tp_time=$(stat -c %Y -- "$tp_stamp" 2>/dev/null) || tp_time=0
}

# tp_apt_fresh SECONDS: are the package lists younger? Prints nothing.
tp_apt_fresh() {
  [ "$1" -gt 0 ] || return 1
  tp_apt_time
  [ "$(($(date +%s) - tp_time))" -lt "$1" ]
}

# tp_apt_update SECONDS WAIT TRIES DELAY: gets new package lists unless they are younger; waits for another apt to finish,
# and tries again after 1, 2, 4... but at most DELAY seconds.
# A list that cannot be got is an error, as for Ansible; tp_apt_options are further words for apt-get.
tp_apt_update() {
  tp_apt_here || return
  ! tp_apt_fresh "$1" || return 0
  tp_left=$2 tp_tries=${3:-1} tp_pause=1
  while ! tp_said=$(tp_apt_quiet apt-get -q -o APT::Update::Error-Mode=any ${tp_apt_options-} update 2>&1); do
    case $tp_said in
      *"Could not get lock"* | *"Unable to lock"*)
        [ "$tp_left" -gt 0 ] || tp_error "$tp_said" || return
        sleep 2
        tp_left=$((tp_left - 2))
        ;;
      *)
        tp_tries=$((tp_tries - 1))
        [ "$tp_tries" -gt 0 ] || tp_error "$(printf '%s\n' "$tp_said" | grep '^[EW]: ' || printf '%s\n' "$tp_said")" || return
        [ "$tp_pause" -le "${4:-12}" ] || tp_pause=${4:-12}
        sleep "$tp_pause"
        tp_pause=$((tp_pause * 2))
        ;;
    esac
  done
  tp_apt_time
  [ -d "$tp_dir" ] || mkdir -m 0700 -- "$tp_dir" || return
  printf '%s\n' "$tp_time" >"$tp_dir/apt.updated"
}

# tp_apt_cache SECONDS: prints whether the package lists are "fresh" or "old".
tp_apt_cache() {
  if tp_apt_fresh "$1"; then tp_kv cache fresh; else tp_kv cache old; fi
}

# tp_apt_deb KEY FILE DOWNLOAD DOWNGRADE: prints as KEY "installed" when what is in the package file FILE is installed in just
# that version, else the version there is, or "absent"; with DOWNLOAD, code that gets it to $tp_dir/get, it is got first.
# Without DOWNGRADE a later version that is there is noted in tp_fault.
tp_apt_deb() {
  tp_apt_file "$2" "$3" || return
  tp_package=$(dpkg-deb -W --showformat '${Package}:${Architecture}|${Version}' -- "$tp_file") || tp_error "$2 is not a package of Debian" || return
  tp_version=${tp_package#*"|"} tp_package=${tp_package%%"|"*}
  tp_state=$(dpkg-query -W -f '${db:Status-Abbrev}|${Version}\n' -- "${tp_package%:all}" 2>/dev/null | sed -n 's/^.[itW].|//p')
  case $tp_state in
    '') tp_state=absent ;;
    "$tp_version") tp_state=installed ;;
    *)
      [ -n "$4" ] || dpkg --compare-versions "$tp_state" lt "$tp_version" ||
        tp_fault="${tp_package%%:*} $tp_state is installed, which is later than $tp_version of this file: add \"allow_downgrade: true\" to take it"
      ;;
  esac
  tp_kv "$1" "$tp_state"
}

# tp_apt_file FILE DOWNLOAD: sets tp_file to where a package file is; what is downloaded is looked at again after an apply.
tp_apt_file() {
  tp_file=$1
  if [ -n "$2" ]; then
    tp_file=$tp_dir/get
    if [ "$tp_mode" != after ] || [ ! -e "$tp_file" ]; then
      [ -d "$tp_dir" ] || mkdir -m 0700 -- "$tp_dir" || return
      rm -f -- "$tp_file"
      eval "$2" || return
    fi
  fi
  [ -f "$tp_file" ] || tp_error "there is no file $1 on this host" || return
  case $tp_file in /*) ;; *) tp_file=$(pwd)/$tp_file ;; esac
}

# tp_apt_install_file FILE DOWNLOADED COMMAND...: installs a package file, with what it needs, by COMMAND, apt-get's install.
tp_apt_install_file() {
  if [ -n "$2" ]; then tp_file=$tp_dir/get; else tp_apt_file "$1" ''; fi
  shift 2
  [ -d "$tp_dir" ] || mkdir -m 0700 -- "$tp_dir"
  # apt-get knows package files by their ending
  ln -sf -- "$tp_file" "$tp_dir/package.deb"
  "$@" "$tp_dir/package.deb"
  rm -f -- "$tp_dir/package.deb"
}
