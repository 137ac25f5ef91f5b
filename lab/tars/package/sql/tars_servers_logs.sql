-- tarslog, apart from the rest: it is for a new db_tars only, since tarslog may have been moved to another node later.

@SERVERS@
