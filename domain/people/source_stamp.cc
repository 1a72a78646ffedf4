#include "domain/people/source_stamp.h"

namespace equinode {

SourceOrder OrderOf(const SourceStamp& said, const SourceStamp& known) {
  if (said.updated_us != 0 && known.updated_us != 0 && said.updated_us != known.updated_us) {
    return said.updated_us > known.updated_us ? SourceOrder::kNewer : SourceOrder::kOlder;
  }
  if (said.version != 0 && known.version != 0 && said.version != known.version) {
    return said.version > known.version ? SourceOrder::kNewer : SourceOrder::kOlder;
  }
  return SourceOrder::kUnknown;
}

}  // namespace equinode
