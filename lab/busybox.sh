#!/bin/sh
# Makes a host of busybox and dropbear out of their extracted packages: no bash, no GNU tool, no sftp, no systemd.
# usage: busybox.sh ROOT
set -eu
root=$1

mkdir -p "$root/proc" "$root/sys" "$root/run" "$root/srv" "$root/sbin" "$root/var/log" "$root/etc/dropbear"
mkdir -m 0700 "$root/root"
chroot "$root" /bin/busybox --list-full | while read -r applet; do
  [ -e "$root/$applet" ] && continue
  mkdir -p "$root/$(dirname "$applet")"
  ln -s /bin/busybox "$root/$applet"
done

printf 'NAME="BusyBox of the lab"\nID=busybox\n' >"$root/etc/os-release"
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$root/etc/passwd"
printf 'root:*:19000:0:99999:7:::\nnobody:*:19000:0:99999:7:::\n' >"$root/etc/shadow"
printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
chmod 0640 "$root/etc/shadow"
# -s: no passwords; dropbear itself gives root a PATH with sbin
cat >"$root/etc/inittab" <<'EOF'
::sysinit:/bin/hostname -F /etc/hostname
::respawn:/usr/sbin/dropbear -F -E -s -r /etc/dropbear/dropbear_ed25519_host_key
EOF
