// Asks the linked SQLCipher for its own version; exits 0 when it is 4.6 or newer.
#include <sqlcipher/sqlite3.h>

#include <cstdio>

int main() {
  sqlite3* db = nullptr;
  sqlite3_stmt* stmt = nullptr;
  if (sqlite3_open(":memory:", &db) != SQLITE_OK ||
      sqlite3_prepare_v2(db, "PRAGMA cipher_version", -1, &stmt, nullptr) != SQLITE_OK ||
      sqlite3_step(stmt) != SQLITE_ROW) {
    std::puts("no SQLCipher");
    return 2;
  }
  const char* text = reinterpret_cast<const char*>(sqlite3_column_text(stmt, 0));
  std::puts(text);
  int major = 0;
  int minor = 0;
  const bool parsed = std::sscanf(text, "%d.%d", &major, &minor) == 2;
  return parsed && (major > 4 || (major == 4 && minor >= 6)) ? 0 : 1;
}
