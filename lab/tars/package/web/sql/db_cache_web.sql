-- db_cache_web of the sample package: DCache's part of the web, 3.x only.

DROP TABLE IF EXISTS `t_apply_app_base`;
CREATE TABLE `t_apply_app_base` (
  `id` int NOT NULL AUTO_INCREMENT,
  `name` varchar(128) NOT NULL DEFAULT '',
  `admin` varchar(255) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
