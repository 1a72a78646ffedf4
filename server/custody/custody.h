// Who keeps the key that opens the database's key (DESIGN section 5): a key file, a systemd
// credential or a passphrase. They are interchangeable: each wraps the same random database key.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace equinode {

struct KeyCustody {
  enum class Kind : std::uint8_t { kFile, kCredential, kPassphrase };
  enum class From : std::uint8_t { kStdin, kCredential, kFile, kDescriptor };

  Kind kind = Kind::kFile;
  // kFile: 64 hex digits, mode 0600 or less, owned by us or root, outside the data folder.
  std::filesystem::path file{};
  // kCredential: the name of a systemd credential with the same content.
  std::string credential{};
  // kPassphrase: where it comes from; kFile and kCredential use the two above, kDescriptor `fd`. A
  // terminal on stdin is prompted without echo. Never the command line, never the environment.
  From from = From::kStdin;
  int fd = -1;

  friend bool operator==(const KeyCustody&, const KeyCustody&) = default;
};

// What the process was given; handed in so that tests need no environment.
struct CustodyPlace {
  std::filesystem::path data{};         // The data folder: no key may lie in it.
  std::filesystem::path credentials{};  // $CREDENTIALS_DIRECTORY, or empty.
};
CustodyPlace PlaceOf(const std::filesystem::path& data);

// What custody holds: a key of 32 bytes, or the passphrase (1..1024 bytes, the newline at the end
// taken off). FAILED_PRECONDITION with
//   KEY_FILE_MISSING, KEY_FILE_MODE (others may read it), KEY_FILE_OWNER, KEY_FILE_INSIDE (in the
//   data folder), KEY_FILE_EMPTY, KEY_FILE_MALFORMED, NO_CREDENTIALS (not started by systemd with
//   one), NO_PASSPHRASE.
// The message says how to mend it and holds nothing of the key.
Result<Secret> ReadCustody(const KeyCustody& custody, const CustodyPlace& place);

// Makes a key file: 32 random bytes in hex, 0600. ALREADY_EXISTS / KEY_FILE_EXISTS.
Status MakeKeyFile(const std::filesystem::path& file, const CustodyPlace& place, Random& random);

}  // namespace equinode
