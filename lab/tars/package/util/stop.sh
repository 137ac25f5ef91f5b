#!/bin/bash

bash TARS_PATH/@NAME@/util/execute.sh @NAME@ stop
exit 0
