#!/bin/sh
# Installs the code: what runs comes from installed/.
set -eu
cd "$(dirname "$0")"
mkdir -p installed
cp code/server.pl installed/server.pl.new
mv installed/server.pl.new installed/server.pl
cp VERSION installed/VERSION
date +%s >>installed/updates
