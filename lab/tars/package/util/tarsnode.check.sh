#!/bin/bash

bash TARS_PATH/tarsnode/util/monitor.sh
exit 0
