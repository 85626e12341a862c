/* A host in C99: opens bytes that are no table, and must be told so instead of crashing. */

#include <stdio.h>
#include <string.h>

#include "writ.h"

int main(void) {
  unsigned char bytes[256];
  writ_table *table = NULL;
  writ_error error;
  writ_status status;

  memset(bytes, 0x5a, sizeof bytes);
  memset(&error, 0, sizeof error);
  status = writ_table_open(bytes, sizeof bytes, NULL, &table, &error);
  if (status == 0 || table != NULL) {
    fputs("bytes that are no table were accepted\n", stderr);
    return 1;
  }
  return 0;
}
