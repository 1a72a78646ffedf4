#include "client/convert/zstd.h"

#include <zstd.h>

#include <memory>
#include <string>

namespace equinode {
namespace {

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

Error BadFrame(const char* why) { return Error{Code::kInvalidArgument, "BAD_ENVELOPE", why}; }

}  // namespace

Bytes CompressZstd(ByteView plain) {
  // Making a context costs more than a small frame; each thread keeps its own.
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  if (context == nullptr || plain.empty()) return {};
  Bytes frame(ZSTD_compressBound(plain.size()));
  const std::size_t size =
      ZSTD_compressCCtx(context.get(), frame.data(), frame.size(), plain.data(), plain.size(), 1);
  if (ZSTD_isError(size) != 0 || size >= plain.size()) return {};
  frame.resize(size);
  return frame;
}

Result<Bytes> DecompressZstd(ByteView frame, std::size_t size, std::size_t limit) {
  if (size > limit) return BadFrame("the payload is larger than allowed");
  if (ZSTD_getFrameContentSize(frame.data(), frame.size()) != size) {
    return BadFrame("the payload's frame does not hold what its envelope says");
  }
  if (ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size()) {
    return BadFrame("the payload is one whole frame and nothing after it");
  }
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  if (context == nullptr) {
    return Error{Code::kResourceExhausted, "NO_MEMORY", "no memory to unpack a payload"};
  }
  Bytes plain(size);
  const std::size_t got =
      ZSTD_decompressDCtx(context.get(), plain.data(), plain.size(), frame.data(), frame.size());
  if (ZSTD_isError(got) != 0 || got != size) return BadFrame("the payload's frame is damaged");
  return plain;
}

}  // namespace equinode
