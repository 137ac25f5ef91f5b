# Packages. Every probe prints a line for each package asked for: the package as it is written in the playbook, and how
# it is, by one call of the package manager's own database.
# shellcheck disable=SC2154 # set in core.sh

# tp_apt WANT SPEC...: prints for each package (NAME, NAME:ARCH or NAME=VERSION) by its name what WANT asks for when it is
# so: "present" (or VERSION), "absent" or "purged"; else "absent", "config" (only its settings are left), "broken", or
# the version there is.
tp_apt() {
  tp_want=$1
  shift
  tp_names=
  for tp_spec; do tp_names="$tp_names ${tp_spec%%=*}"; done
  # shellcheck disable=SC2086,SC2016 # package names; the format is dpkg's
  tp_found=$tp_nl$(dpkg-query -W -f '${db:Status-Abbrev}|${Package}|${Version}\n${db:Status-Abbrev}|${Package}:${Architecture}|${Version}\n' -- $tp_names 2>/dev/null)$tp_nl
  for tp_spec; do tp_apt_one "$tp_spec" "${tp_spec%%=*}"; done
}

# tp_apt_one SPEC NAME: prints the line of one package, from tp_found.
tp_apt_one() {
  tp_state=absent tp_version=
  case $tp_found in
    *"$tp_nl"?[itW]?"|$2|"*)
      tp_state=present
      tp_version=${tp_found#*"$tp_nl"?[itW]?"|$2|"}
      tp_version=${tp_version%%"$tp_nl"*}
      ;;
    *"$tp_nl"?[UFH]?"|$2|"*) tp_state=broken ;;
    *"$tp_nl"?c?"|$2|"*) tp_state=config ;;
  esac
  case $tp_want:$tp_state:$1 in
    present:present:*=*)
      # shellcheck disable=SC2254 # a version may hold *, as for apt-get
      case $tp_version in ${1#*=}) tp_state=${1#*=} ;; *) tp_state=$tp_version ;; esac
      ;;
    present:absent:*=*) ;;
    present:absent:* | present:config:*) ! tp_apt_provided "$2" || tp_state=present ;;
    absent:config:*) tp_state=absent ;;
    purged:absent:*) tp_state=purged ;;
  esac
  tp_kv "$2" "$tp_state"
}

# tp_apt_provided NAME: does an installed package stand for this one, which is no package itself? Prints nothing.
tp_apt_provided() {
  # shellcheck disable=SC2016 # the format is dpkg's
  [ -n "${tp_provides-}" ] || tp_provides=$(dpkg-query -W -f '${db:Status-Abbrev}| ${Provides},\n' 2>/dev/null | sed -n 's/^.i.|//p')
  case $tp_provides in *" $1,"* | *" $1 ("*) ;; *) return 1 ;; esac
  case $(apt-cache policy -- "$1" 2>/dev/null) in *"Candidate: (none)"*) ;; *) return 1 ;; esac
}

# tp_apt_latest COMMAND... -- SPEC...: prints for each package "latest", or what would be installed: from a simulation by
# COMMAND, the apt-get call that would install them.
tp_apt_latest() {
  tp_plan=$tp_nl$(tp_apt_quiet "$@" 2>/dev/null) || tp_plan=failed
  while [ "$1" != -- ]; do shift; done
  shift
  for tp_spec; do
    tp_name=${tp_spec%%=*}
    tp_name=${tp_name%%:*}
    case $tp_plan in
      failed) tp_kv "${tp_spec%%=*}" unknown ;;
      *"${tp_nl}Inst $tp_name "*)
        tp_line=${tp_plan#*"${tp_nl}Inst $tp_name "}
        tp_kv "${tp_spec%%=*}" "${tp_line%%"$tp_nl"*}"
        ;;
      *) tp_kv "${tp_spec%%=*}" latest ;;
    esac
  done
}

# tp_apt_quiet COMMAND...: runs a command of apt that asks nothing; prints what it prints.
tp_apt_quiet() {
  DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical UCF_FORCE_CONFFOLD=1 APT_LISTCHANGES_FRONTEND=none "$@"
}

# tp_apt_run COMMAND...: runs apt-get; says what to do when it fails for want of package lists.
tp_apt_run() {
  tp_apt_quiet "$@" && return
  tp_status=$?
  tp_exists "${tp_lists:-/var/lib/apt/lists}"/*Packages* ||
    tp_error "there are no package lists on this host: add \"update_cache: true\" to the task" || :
  return "$tp_status"
}

# tp_apt_there NAME...: prints those of which something is installed, settings too.
tp_apt_there() {
  # shellcheck disable=SC2016 # the format is dpkg's
  dpkg-query -W -f '${db:Status-Abbrev}|${binary:Package}\n' -- "$@" 2>/dev/null | sed -n 's/^.[^n].|//p'
}

# tp_apt_fresh SECONDS: are the package lists younger? Prints nothing.
tp_apt_fresh() {
  [ "$1" -gt 0 ] || return 1
  tp_stamp=${tp_stamps:-/var/lib/apt/periodic}/update-success-stamp
  [ -e "$tp_stamp" ] || tp_stamp=${tp_lists:-/var/lib/apt/lists}
  [ -n "$(find "$tp_stamp" -maxdepth 0 -newermt "-$1 seconds" 2>/dev/null)" ]
}

# tp_apt_update SECONDS WAIT: gets new package lists unless they are younger; waits for another apt to finish.
tp_apt_update() {
  ! tp_apt_fresh "$1" || return 0
  tp_left=$2
  while ! tp_said=$(tp_apt_quiet apt-get -q update 2>&1); do
    case $tp_said in *"Could not get lock"* | *"Unable to lock"*) ;; *) tp_left=0 ;; esac
    [ "$tp_left" -gt 0 ] || tp_error "$tp_said" || return
    sleep 2
    tp_left=$((tp_left - 2))
  done
}

# tp_apt_cache SECONDS: prints whether the package lists are "fresh" or "old".
tp_apt_cache() {
  if tp_apt_fresh "$1"; then tp_kv cache fresh; else tp_kv cache old; fi
}

# tp_rpm SPEC...: prints for each package, or what a package provides, "present" or "absent". The path or address of a
# package file counts as the package in it.
tp_rpm() {
  tp_found=$tp_nl$(rpm -q --whatprovides --qf 'found %{NAME}\n' -- "$@" 2>&1)$tp_nl
  for tp_spec; do
    case $tp_spec:$tp_found in
      *.rpm:*) tp_rpm_file "$tp_spec" ;;
      *"$tp_nl"*" package provides $tp_spec$tp_nl"* | *" $tp_spec: No such file or directory$tp_nl"* | *" $tp_spec is not owned by any package$tp_nl"*)
        rpm -q -- "$tp_spec" >/dev/null 2>&1
        ;;
    esac
    # shellcheck disable=SC2181 # the status of whatever looked; 0 when nothing had to
    if [ $? = 0 ]; then tp_kv "$tp_spec" present; else tp_kv "$tp_spec" absent; fi
  done
}

# tp_rpm_file PATH: is the package that is in this file, or at this address, installed? Prints nothing.
tp_rpm_file() {
  tp_package=$(rpm -qp --nosignature --qf '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}' -- "$1" 2>/dev/null) && rpm -q -- "$tp_package" >/dev/null 2>&1
}

# tp_rpm_latest COMMAND... -- SPEC...: prints for each package "latest", "absent" or the version there is: from COMMAND,
# dnf's or yum's check-update.
tp_rpm_latest() {
  tp_plan=$("$@" 2>/dev/null)
  case $? in 0 | 100) ;; *) tp_plan=failed ;; esac
  while [ "$1" != -- ]; do shift; done
  shift
  if [ "$*" = '*' ]; then
    case $tp_plan in
      failed) tp_kv '*' unknown ;;
      *[0-9]*) tp_kv '*' outdated ;;
      *) tp_kv '*' latest ;;
    esac
    return
  fi
  tp_rpm "$@" | while IFS='=' read -r tp_spec tp_state; do
    case $tp_state:$tp_nl$tp_plan in
      absent:*) tp_kv "$tp_spec" absent ;;
      *:"${tp_nl}failed") tp_kv "$tp_spec" unknown ;;
      *"$tp_nl${tp_spec%.*}."* | *"$tp_nl$tp_spec."*) tp_rpm_newer "$tp_spec" ;;
      *) tp_kv "$tp_spec" latest ;;
    esac
  done
}

# tp_rpm_newer SPEC: prints "latest", or the version that the plan has for exactly this package.
tp_rpm_newer() {
  tp_state=latest
  while read -r tp_name tp_version _; do
    [ "${tp_name%.*}" != "$1" ] && [ "$tp_name" != "$1" ] || tp_state=$tp_version
  done <<TP_END
$tp_plan
TP_END
  tp_kv "$1" "$tp_state"
}

# tp_apk SPEC...: prints for each package of Alpine "present" or "absent".
tp_apk() {
  tp_found=$tp_nl$(apk info -e -- "$@" 2>/dev/null)$tp_nl
  for tp_spec; do
    case $tp_found in *"$tp_nl$tp_spec$tp_nl"*) tp_kv "$tp_spec" present ;; *) tp_kv "$tp_spec" absent ;; esac
  done
}

# tp_apk_latest SPEC...: prints for each package "latest", "absent", or "outdated".
tp_apk_latest() {
  tp_plan=$tp_nl$(apk -q version -l '<' 2>/dev/null)$tp_nl
  tp_apk "$@" | while IFS='=' read -r tp_spec tp_state; do
    case $tp_state:$tp_plan in
      absent:*) tp_kv "$tp_spec" absent ;;
      *"$tp_nl$tp_spec"-[0-9]*) tp_kv "$tp_spec" outdated ;;
      *) tp_kv "$tp_spec" latest ;;
    esac
  done
}
