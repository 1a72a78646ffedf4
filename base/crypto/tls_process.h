// TLS 1.3 only, without resumption, for the whole process. gRPC 1.51 has no setting for either: it
// asks for TLS 1.2 or newer, and a resumed session outlives its certificate. OpenSSL's own
// configuration, loaded from memory, is what both of gRPC's sides obey.
#pragma once

#include "base/result.h"

namespace equinode {

// Before the first TLS object of the process; the second call does nothing. Reads no file and no
// variable. Thread-safe. INTERNAL / TLS_CONFIGURATION when OpenSSL refuses it: then nothing may
// listen or dial.
Status ConfigureTlsOfProcess();

}  // namespace equinode
