#include "mysql.h"
#include <stdio.h>

int main(void) {
  printf("version=%s charset=%s prefix=%s\n", mysql_get_client_info(), mysql_character_set(), PREFIX);
  return 0;
}
