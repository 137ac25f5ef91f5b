-- db_tars_web of the sample package.

DROP TABLE IF EXISTS `t_patch_task`;
CREATE TABLE `t_patch_task` (
  `id` int NOT NULL AUTO_INCREMENT,
  `server` varchar(50) DEFAULT NULL,
  `tgz` text,
  `task_id` varchar(32) DEFAULT NULL,
  `posttime` datetime DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;

DROP TABLE IF EXISTS `t_operation_log`;
CREATE TABLE `t_operation_log` (
  `id` int NOT NULL AUTO_INCREMENT,
  `application` varchar(128) NOT NULL DEFAULT '',
  `server_name` varchar(128) NOT NULL DEFAULT '',
  `operator` varchar(128) NOT NULL DEFAULT '',
  `content` text,
  `posttime` datetime DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
