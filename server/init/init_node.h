// What `equinoded init` does: makes a node on this machine out of its certificate.
#pragma once

#include <filesystem>

#include "base/clock.h"
#include "base/crypto/keywrap.h"
#include "base/random.h"
#include "base/result.h"
#include "domain/access/identity.h"
#include "server/config/config.h"

namespace equinode {

struct InitOptions {
  std::filesystem::path config_file{};
  // What will stand in it. Relative paths are taken from the working folder. Empty ones get a
  // place beside the configuration: data, certificates, audit-anchor, database.key.
  NodeConfig node{};
  // $CREDENTIALS_DIRECTORY; see PlaceOf.
  std::filesystem::path credentials{};
  Argon2Params argon2{};  // Of a passphrase.
};

struct InitReport {
  Identity self{};
  NodeConfig node{};          // With absolute paths, as written.
  std::string fingerprint{};  // Of the node's certificate: what peers compare before they enrol it.
  Instant certificate_expires{};
  bool made_key_file = false;  // It was not there: keep a copy of it apart from the data.
};

// Checks first, then makes: the key file (custody "file", when absent), the data folder (0700), the
// wrapped database key, the database, the audit anchor with the first entry (NODE_MADE), the
// configuration (0600). Never over anything: ALREADY_EXISTS / CONFIG_EXISTS, DATA_FOLDER_NOT_EMPTY,
// ANCHOR_EXISTS. Else the errors of ParseNodeConfig, LoadKeyRing (KEYS_...; an operator's
// certificate is KEYS_IDENTITY), ReadCustody and Database::Open. What it made is taken away again
// when a later step fails.
Result<InitReport> InitNode(const InitOptions& options, const Clock& clock, Random& random);

}  // namespace equinode
