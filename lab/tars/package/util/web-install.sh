#!/bin/bash
echo 'This is a sample package: its web is installed by tplay, not by this script. Nothing was done.'
exit 0
