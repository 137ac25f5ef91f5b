#!/bin/sh
# Finishes a Debian base whose init is sysvinit with OpenRC, no systemd: in a container there is nothing to mount, to check
# or to wait for, and no console.
# usage: openrc.sh ROOT
set -eu
root=$1

cat >"$root/etc/inittab" <<'END'
id:2:initdefault:
si::sysinit:/etc/init.d/rcS
l0:0:wait:/etc/init.d/rc 0
l2:2:wait:/etc/init.d/rc 2
l6:6:wait:/etc/init.d/rc 6
pf::powerwait:/sbin/shutdown -h now
END
for level in sysinit default off; do
  for link in "$root/etc/runlevels/$level"/*; do
    case ${link##*/} in
      ssh | cron | sendsigs | bootmisc.sh) ;;
      *) rm -f "$link" ;;
    esac
  done
done
# network and file tree are given to the host from outside: a reboot would leave the one down and the other read-only
for name in umountfs umountroot umountnfs.sh; do rm "$root/etc/init.d/$name"; done
echo 'NETDOWN=no' >>"$root/etc/default/halt"
# what has a dependency that is not there would not start
printf 'rc_sys="systemd-nspawn"\nrc_provide="net localmount"\n' >>"$root/etc/rc.conf"
