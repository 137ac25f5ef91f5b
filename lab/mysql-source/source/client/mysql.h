const char *mysql_get_client_info(void);
const char *mysql_character_set(void);
