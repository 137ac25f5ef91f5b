#include "mysql.h"

const char *mysql_get_client_info(void) { return MYSQL_VERSION; }

const char *mysql_character_set(void) { return DEFAULT_CHARSET; }
