/** Shell text for a host of the lab that makes podman run there: overlays cannot be stacked, and it may neither limit its own cgroups nor make keyrings. */
export const podmanSetup = `set -e
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq install -y --no-install-recommends podman runc >/dev/null
mkdir -p /etc/containers
printf '[storage]\\ndriver = "vfs"\\ngraphroot = "/var/lib/containers/storage"\\nrunroot = "/run/containers/storage"\\n' >/etc/containers/storage.conf
cat >/etc/containers/containers.conf <<END
[containers]
keyring = false
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
runtime = "runc"
events_logger = "file"
END
for one in /sys/fs/cgroup/*/; do mount -o remount,bind,rw "$one"; done
`;
