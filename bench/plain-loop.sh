# What somebody would write by hand for the tasks of converged.yml: looks first, changes only what differs.
# Fed to `ssh host sh`; the variables that a template would fill are asked of the host here, as facts are there.
set -e
os=$(. /etc/os-release && printf '%s %s' "$NAME" "$VERSION_ID")
address=$(ip -4 route get 192.0.2.1 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p')
memory=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)
cores=$(nproc)
kernel=$(uname -srm)
: "$memory" "$cores" "$kernel"

for name in bin conf data log; do
  [ "$(stat -c '%F %a' "/srv/bench/$name" 2>/dev/null)" = 'directory 755' ] || install -d -m 755 "/srv/bench/$name"
done
getent group bench >/dev/null || groupadd bench
getent passwd bench | grep -q ':/srv/bench:/usr/sbin/nologin$' ||
  useradd -g bench -s /usr/sbin/nologin -d /srv/bench -M bench

same() { # same FILE MODE OWNER: has FILE the content on stdin, and these?
  [ "$(stat -c '%a %U' "$1" 2>/dev/null)" = "$2 $3" ] && [ "$(sha256sum)" = "$(sha256sum <"$1")" ]
}
conf="# managed by tplay
name = $(hostname)
address = $address
os = $os
dir.bin = /srv/bench/bin
dir.conf = /srv/bench/conf
dir.data = /srv/bench/data
dir.log = /srv/bench/log"
printf '%s\n' "$conf" | same /srv/bench/conf/bench.loop 644 root || {
  printf '%s\n' "$conf" >/srv/bench/conf/bench.loop.new && mv /srv/bench/conf/bench.loop.new /srv/bench/conf/bench.loop
}
printf 'bench\n' | same /srv/bench/data/motd 644 bench || {
  printf 'bench\n' >/srv/bench/data/motd && chown bench:bench /srv/bench/data/motd
}
grep -q '^BENCH=1$' /etc/environment || printf 'BENCH=1\n' >>/etc/environment
crontab -l 2>/dev/null | grep -q '^5 \* \* \* \* /bin/true$' ||
  { crontab -l 2>/dev/null; printf '#Ansible: bench\n5 * * * * /bin/true\n'; } | crontab -
stat /srv/bench/data/motd >/dev/null
said=$(cat /srv/bench/data/motd)
[ "$said" = bench ]
[ "$(readlink /srv/bench/current.conf)" = /srv/bench/conf/bench.conf ] ||
  ln -sfn /srv/bench/conf/bench.conf /srv/bench/current.conf
sed -n '/BEGIN ANSIBLE/,/END ANSIBLE/p' /srv/bench/data/hosts | grep -q '^10.0.0.1 bench$' ||
  printf '10.0.0.1 bench\n' >>/srv/bench/data/hosts
systemctl is-enabled cron >/dev/null || systemctl enable cron
systemctl is-active cron >/dev/null || systemctl start cron
