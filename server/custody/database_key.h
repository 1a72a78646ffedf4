// The database's key: 32 random bytes, wrapped under what custody holds, in a header file beside
// the database. Changing custody rewraps it and touches no page of the database.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/clock.h"
#include "base/crypto/keywrap.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "server/custody/custody.h"

namespace equinode {

// In the data folder. Text: version, key id, custody, Argon2id parameters, wrapped key, each on a
// line; everything before the wrapped key is bound to it.
inline constexpr std::string_view kKeyHeaderName = "equinode.key";

// Makes a new key and its header (0600, synced, never over another). The folder must be there.
// ALREADY_EXISTS / KEY_HEADER_EXISTS, and the errors of ReadCustody.
Result<Secret> MakeDatabaseKey(const KeyCustody& custody, const CustodyPlace& place, Instant now,
                               Random& random, Argon2Params params = {});

// FAILED_PRECONDITION / NO_KEY_HEADER, KEY_HEADER_DAMAGED, KEY_CUSTODY_OTHER (it was wrapped under
// another kind of custody), UNAUTHENTICATED / WRONG_KEY (custody holds another key or passphrase),
// and the errors of ReadCustody. Makes and changes nothing.
Result<Secret> OpenDatabaseKey(const KeyCustody& custody, const CustodyPlace& place);

// Wraps the same database key under `to` instead, in one rename: a kill leaves the one or the
// other.
Status RewrapDatabaseKey(const KeyCustody& from, const KeyCustody& to, const CustodyPlace& place,
                         Random& random, Argon2Params params = {});

}  // namespace equinode
