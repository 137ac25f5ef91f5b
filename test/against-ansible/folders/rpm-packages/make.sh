#!/bin/sh
# dnf, and a signed repository of small packages in /srv/rpms with the key KEY: labone 1.0 and 2.0, labuse that requires labdep.
set -eu
export DEBIAN_FRONTEND=noninteractive GNUPGHOME=/srv/rpms/gnupg
for tool in dnf rpmbuild createrepo_c gpg; do
  command -v "$tool" >/dev/null && continue
  apt-get -qq update
  apt-get -qq install -y --no-install-recommends dnf rpm createrepo-c gpg gpg-agent file >/dev/null
done
rm -rf /srv/rpms /srv/got
mkdir -p /srv/rpms/build /etc/yum.repos.d
mkdir -m 0700 "$GNUPGHOME"
cd /srv/rpms/build

spec() { # NAME VERSION [REQUIRES]
  cat >"$1-$2.spec" <<END
Name: $1
Version: $2
Release: 1
Summary: A package of the case
License: MIT
BuildArch: noarch
AutoReqProv: no
${3:+Requires: $3}
%description
One text file.
%install
mkdir -p %{buildroot}/opt/$1
echo '$1 $2' >%{buildroot}/opt/$1/version
%files
/opt/$1
END
}
spec labone 1.0
spec labone 2.0
spec labdep 1.0
spec labuse 1.0 labdep
for name in *.spec; do
  rpmbuild --quiet -bb --define '_topdir /srv/rpms/build/top' --define '_rpmdir /srv/rpms' "$name"
done
gpg --batch --quiet --passphrase '' --quick-gen-key 'lab <lab@localhost>' rsa2048 sign never
gpg --batch --armor --export lab@localhost >/srv/rpms/KEY
rpmsign --define '__gpg /usr/bin/gpg' --define '_gpg_name lab@localhost' --addsign /srv/rpms/noarch/*.rpm >/dev/null
gpgconf --kill all
createrepo_c --quiet /srv/rpms
rm -r /srv/rpms/build
