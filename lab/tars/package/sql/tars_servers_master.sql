-- What a master has over a slave, but tarslog.
-- "replace into", as in tars_servers.sql.

/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

@SERVERS@
/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
