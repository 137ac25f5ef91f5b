#include "version.h"

const char *tars_version(void) { return "built here"; }
