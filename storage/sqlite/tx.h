// What a body of Database::Read or Database::Write works with.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/sqlite/connection.h"

namespace equinode {

// A snapshot: sees all that was committed when it began, and nothing later.
class ReadTx {
 public:
  explicit ReadTx(Connection& connection) : connection_(connection) {}
  ReadTx(const ReadTx&) = delete;
  ReadTx& operator=(const ReadTx&) = delete;

  Statement Prepare(std::string_view sql) { return connection_.Prepare(sql); }

 protected:
  Connection& connection_;
};

// One body of a Write, in a savepoint of its own, on the writer thread. It sees what earlier bodies
// of the same group wrote, although that is not committed yet.
class Tx : public ReadTx {
 public:
  Tx(Connection& connection, std::uint64_t serial, std::uint64_t group)
      : ReadTx(connection), serial_(serial), group_(group) {}

  // Runs after the body succeeded, still inside its savepoint; an error undoes the body.
  void BeforeEnd(std::function<Status()> hook) { before_end_.push_back(std::move(hook)); }
  // Runs after the group's sync, in the order of the bodies, on the writer thread, before any
  // caller of the group is answered. Must not fail and must not call Write.
  void OnCommit(std::function<void()> hook) { on_commit_.push_back(std::move(hook)); }
  // Runs (newest first) when this body is undone, alone or with its group. For changes in memory.
  void OnUndo(std::function<void()> hook) { on_undo_.push_back(std::move(hook)); }
  // Runs once a group, after all OnCommit hooks, for each different `owner`.
  void OnGroupCommit(const void* owner, std::function<void()> hook) {
    on_group_.push_back({owner, std::move(hook)});
  }

  // Tells this transaction from all others of the database's lifetime; rising.
  std::uint64_t serial() const { return serial_; }
  // Number of the group commit that it is part of; rising.
  std::uint64_t group() const { return group_; }

 private:
  friend class Writer;
  struct GroupHook {
    const void* owner = nullptr;
    std::function<void()> run{};
  };

  std::uint64_t serial_;
  std::uint64_t group_;
  std::vector<std::function<Status()>> before_end_{};
  std::vector<std::function<void()>> on_commit_{};
  std::vector<std::function<void()>> on_undo_{};
  std::vector<GroupHook> on_group_{};
};

}  // namespace equinode
