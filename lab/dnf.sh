#!/bin/sh
# Gives a Debian base with dnf and rpm a signed repository of small packages in /srv/repo, known to dnf as "lab":
# lab-hello 1.0 and 2.0 (a text file each), lab-world 1.0 that requires lab-hello. The key is /srv/repo/RPM-GPG-KEY-lab.
# usage: dnf.sh ROOT
set -eu
root=$1

mkdir -p "$root/srv/repo" "$root/etc/yum.repos.d" "$root/tmp/build"
cat >"$root/tmp/build/key" <<'EOF'
%no-protection
Key-Type: RSA
Key-Length: 2048
Name-Real: tplay lab
Name-Email: lab@localhost
Expire-Date: 0
EOF

spec() { # NAME VERSION [REQUIRES]
  cat <<EOF
Name: $1
Version: $2
Release: 1
Summary: A package of the lab
License: MIT
BuildArch: noarch
AutoReqProv: no
${3:+Requires: $3}
%description
One text file.
%install
mkdir -p %{buildroot}/usr/share/$1
echo '$1 $2' >%{buildroot}/usr/share/$1/version
%files
/usr/share/$1
EOF
}
spec lab-hello 1.0 >"$root/tmp/build/hello1.spec"
spec lab-hello 2.0 >"$root/tmp/build/hello2.spec"
spec lab-world 1.0 lab-hello >"$root/tmp/build/world.spec"

cat >"$root/tmp/build/run" <<'EOF'
set -eu
cd /tmp/build
export GNUPGHOME=/tmp/build/gnupg
mkdir -m 0700 "$GNUPGHOME"
gpg --batch --quiet --gen-key key
gpg --batch --armor --export lab@localhost >/srv/repo/RPM-GPG-KEY-lab
for spec in *.spec; do
  rpmbuild --quiet -bb --define '_topdir /tmp/build/top' --define '_rpmdir /srv/repo' "$spec"
done
rpmsign --define '__gpg /usr/bin/gpg' --define '_gpg_name lab@localhost' --addsign /srv/repo/noarch/*.rpm
createrepo_c --quiet /srv/repo
gpgconf --kill all
EOF
chroot "$root" /bin/sh /tmp/build/run
rm -rf "$root/tmp/build"

cat >"$root/etc/yum.repos.d/lab.repo" <<'EOF'
[lab]
name=Packages of the lab
baseurl=file:///srv/repo
enabled=1
gpgcheck=0
EOF
