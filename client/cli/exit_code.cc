#include "client/cli/exit_code.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "client/cli/sheet.h"

namespace equinode::cli {
namespace {

// Reasons whose code alone does not tell the exit code, and reasons with a remedy worth telling.
struct Row {
  std::string_view reason{};
  int exit = -1;  // -1 = by the code.
  std::string_view remedy{};
};
constexpr std::array kRows = {
    Row{"USAGE", kExitUsage, "equinode --help tells how it is used"},
    Row{"BAD_OPTION", kExitUsage, ""},
    Row{"NO_CONTEXT", kExitConfig,
        "give --node ADDRESS and --identity DIR, or keep them with: equinode context save"},
    Row{"BAD_CONTEXT", kExitConfig, "equinode context save writes the file anew"},
    Row{"NO_IDENTITY", kExitConfig,
        "the folder holds ca.pem, and NAME.pem and NAME.key as equinode-certs operator makes them"},
    Row{"BAD_IDENTITY_FILES", kExitConfig, ""},
    Row{"KEY_READABLE", kExitConfig, "chmod 600 the file: whoever reads a key can be you"},
    Row{"BAD_CREDENTIALS", kExitConfig, "see that ca.pem, certificate and key belong together"},
    Row{"BAD_ENDPOINT", kExitConfig, "--node is host:port, such as 127.0.0.1:8440"},
    Row{"BAD_PROFILE", kExitConfig, "docs/source-profile.md lists the keys of a source profile"},
    Row{"NO_FEED", kExitConfig, "name it in the source profile (feed = \"...\") or with --feed"},
    Row{"NO_SUCH_PATH", kExitData, ""},
    Row{"NO_SUCH_FILE", kExitData, ""},
    Row{"OUT_NOT_EMPTY", kExitData, ""},
    Row{"PEER_UNREACHABLE", kExitUnavailable,
        "see that equinoded runs there and that the address is right (--node)"},
    Row{"WRONG_PEER", kExitNotPermitted,
        "another node answers at that address; --node-uri says which one is meant"},
    Row{"NOBODY_ANSWERED", kExitTryLater,
        "run the same command again: answers that come in the meantime are kept"},
    Row{"NOBODY_GIVES_COUNTS", kExitUnavailable,
        "docs/reports.md says of each reason what to do; the same command asks anew"},
    Row{"NOT_READY", kExitTryLater, "the node is still starting; ask again in a moment"},
    Row{"NOT_ENROLLED", kExitNotPermitted,
        "an operator of that node enrols peers with: equinode peer add CERTIFICATE"},
    Row{"METHOD_NOT_ALLOWED", kExitNotPermitted,
        "this is for operators of the node's own organisation"},
    Row{"METHOD_NOT_OFFERED", kExitNotPermitted, "a node of this role does not do that"},
    Row{"REVOKED", kExitNotPermitted, "this certificate was revoked; ask for a new one"},
    Row{"MESSAGE_TOO_LARGE", kExitData,
        "it will not fit another time either: shorten the text, or give fewer at once"},
    Row{"IS_A_FOLDER", kExitData, ""},
    Row{"CANNOT_WRITE", kExitFailed, "see that there is room and that you may write there"},
    Row{"STREAM_BROKEN", kExitTryLater, "run the same command again: it goes on where it stopped"},
};

const Row* FindRow(std::string_view reason) {
  for (const Row& row : kRows) {
    if (row.reason == reason) return &row;
  }
  return nullptr;
}

int ExitCodeOfCode(Code code) {
  switch (code) {
    case Code::kOk:
      return kExitOk;
    case Code::kInvalidArgument:
    case Code::kOutOfRange:
      return kExitData;
    case Code::kUnimplemented:
      return kExitUnavailable;
    case Code::kUnavailable:
    case Code::kDeadlineExceeded:
    case Code::kResourceExhausted:
    case Code::kAborted:
      return kExitTryLater;
    case Code::kPermissionDenied:
    case Code::kUnauthenticated:
      return kExitNotPermitted;
    case Code::kCancelled:
    case Code::kUnknown:
    case Code::kNotFound:
    case Code::kAlreadyExists:
    case Code::kFailedPrecondition:
    case Code::kInternal:
    case Code::kDataLoss:
      return kExitFailed;
  }
  return kExitFailed;
}

// Lines stay lines: a message of ours may quote a log.
std::string HarmlessLines(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out.append(out.empty() ? "" : "\n").append(Harmless(text.substr(at, end - at)));
    at = end + 1;
  }
  return out;
}

}  // namespace

int ExitCodeOf(const Error& error) {
  const Row* row = FindRow(error.reason);
  return row != nullptr && row->exit >= 0 ? row->exit : ExitCodeOfCode(error.code);
}

std::string Explain(const Error& error) {
  std::string text = error.message.empty() ? "it failed" : HarmlessLines(error.message);
  text.append(" (").append(Harmless(error.reason)).append(")");
  const Row* row = FindRow(error.reason);
  if (row != nullptr && !row->remedy.empty()) text.append("\nwhat to do: ").append(row->remedy);
  return text;
}

}  // namespace equinode::cli
