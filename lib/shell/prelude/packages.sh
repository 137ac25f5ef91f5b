# Packages. Every probe prints a line for each package asked for: the package as it is written in the playbook, and how
# it is, by one call of the package manager's own database.
# shellcheck disable=SC2154 # set in core.sh

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
