const char *tars_version(void);
