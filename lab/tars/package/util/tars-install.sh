#!/bin/bash
echo 'This is a sample package: it is installed by tplay, not by this script. Nothing was done.'
exit 0
