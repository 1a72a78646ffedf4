// What a program does to itself before its first thread. Nothing here is undone.
#pragma once

#include "base/result.h"

namespace equinode {

// No core files, no ptrace by others of the same user (RLIMIT_CORE = 0, PR_SET_DUMPABLE = 0), no
// SIGPIPE, and none of the environment's variables that steer gRPC, OpenSSL or a proxy from
// outside: what a node trusts and with whom it speaks is decided by its configuration alone. Call
// first in main().
Status HardenProcess();

// Blocks SIGTERM, SIGINT, SIGHUP and SIGUSR1 in this thread and in all that it starts, so that a
// library's thread never takes one and ends the process. Call before the first thread, then wait
// with WaitForSignal.
Status BlockSignals();

// Waits for one of the blocked signals and returns its number.
int WaitForSignal();

// How many descriptors this process may hold; raises the soft limit to the hard one first.
std::size_t DescriptorLimit();

}  // namespace equinode
