#!/bin/bash

bash TARS_PATH/@NAME@/util/execute.sh @NAME@ start
exit 0
