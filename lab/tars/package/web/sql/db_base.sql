-- db_base of the sample package: base images, 3.x only.

DROP TABLE IF EXISTS `t_base_image`;
CREATE TABLE `t_base_image` (
  `id` int NOT NULL AUTO_INCREMENT,
  `image` varchar(128) NOT NULL DEFAULT '',
  `sha` varchar(128) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
