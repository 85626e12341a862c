// The same host in C++17, through the same header.

#include "writ.h"

#include <cstdio>

int main() {
  const unsigned char bytes[64] = {};
  writ_table* table = nullptr;
  writ_error error = {};
  const writ_status status = writ_table_open(bytes, sizeof bytes, nullptr, &table, &error);
  if (status == 0 || table != nullptr) {
    std::fputs("bytes that are no table were accepted\n", stderr);
    return 1;
  }
  return 0;
}
