#!/bin/sh
# Makes a fresh clone ready: npm packages, Debian packages, the build. Quick when there is nothing to do.
# usage: sh lab/setup.sh [package ...]        (from anywhere; further Debian packages that something needs)
set -eu
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*"; }

# What the lab, the tests and the checks of the shell code run; a line says for whom.
packages='mmdebstrap systemd-container iproute2 iptables ca-certificates
openssh-client openssh-server procps sudo tar perl
dash bash busybox shellcheck curl wget passwd mariadb-server
python3-pip python3-venv git gpg rsync zip zstd podman runc'"${*:+ $*}"

node_packages() {
  if [ -f node_modules/.package-lock.json ] &&
    [ -z "$(find package-lock.json -newer node_modules/.package-lock.json)" ]; then
    return 0
  fi
  say 'npm ci: node_modules is missing or older than package-lock.json'
  npm ci --include=dev --no-audit --no-fund --loglevel=error
  touch node_modules/.package-lock.json
}

# prints the packages that are not installed
missing_packages() {
  # shellcheck disable=SC2016,SC2086 # dpkg-query's own format; a list of words on purpose
  there=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $packages 2>/dev/null || true)
  for name in $packages; do
    case "
$there
" in
    *"
installed $name
"*) ;;
    *) printf '%s ' "$name" ;;
    esac
  done
}

apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@"
}

# No service may be started by an installation here: no sshd is wanted on this machine, only its program.
refuse_services() {
  # ours may be left of a run that was killed; anybody else's stays
  if [ -e /usr/sbin/policy-rc.d ] && ! grep -q 'tplay lab/setup.sh' /usr/sbin/policy-rc.d; then return 0; fi
  printf '#!/bin/sh\n# put here by tplay lab/setup.sh while it installs\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  trap 'exit 130' HUP INT TERM
}

debian_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "no apt-get here: no lab, and what needs one of these is skipped: $(printf %s "$packages" | tr '\n' ' ')"
    return 0
  fi
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    say "not root: no lab, and what needs these is skipped; as root: apt-get install $missing"
    return 0
  fi
  say "apt-get install $missing"
  refuse_services
  log=$(mktemp)
  # shellcheck disable=SC2086 # a list of words on purpose
  if ! { apt update && RUNLEVEL=1 apt install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    say "apt-get failed (above); what needs $missing is skipped" >&2
    return 0
  fi
  rm -f "$log"
  case " $missing " in
  *' openssh-server '*)
    # where systemd runs, a new sshd would start at the next boot
    if [ -d /run/systemd/system ]; then systemctl disable --quiet ssh.service; fi
    ;;
  esac
}

# sshd refuses to start without it, and only a systemd or init script makes it
sshd_directory() {
  if [ "$(id -u)" = 0 ] && [ -x /usr/sbin/sshd ] && [ ! -d /run/sshd ]; then mkdir -m 0755 /run/sshd; fi
}

build() {
  if ! out=$(node_modules/.bin/tsc 2>&1); then
    printf '%s\n' "$out" >&2
    say 'tsc failed (above)' >&2
    exit 1
  fi
  # the bundle of the program, when what it is made of has changed
  if [ -z "$(find dist/cli/main.js -newer dist/.tsbuildinfo 2>/dev/null)" ]; then node dist/dev/build.js; fi
}

node_packages
debian_packages
sshd_directory
build
