#!/bin/bash

mkdir -p TARS_PATH/tarspatch/data TARS_PATH/app_log/tars/tarspatch
exit 0
