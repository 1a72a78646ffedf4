// What a call that can fail returns: a value or an Error. Std types only, no exceptions.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace equinode {

// The canonical gRPC codes, so that the edge translates one to one (google.aip.dev/193).
enum class Code {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

// `reason` is a stable UPPER_SNAKE word for programs, `message` a lower-case sentence for people.
// Neither holds anything about a person.
struct [[nodiscard]] Error {
  Code code = Code::kUnknown;
  std::string reason{};
  std::string message{};

  friend bool operator==(const Error&, const Error&) = default;
};

// Value-less success.
struct Unit {
  friend bool operator==(const Unit&, const Unit&) = default;
};

template <typename T>
class [[nodiscard]] Result {
  static_assert(!std::is_same_v<std::remove_cv_t<T>, Error>, "a Result of Error is ambiguous");

 public:
  using value_type = T;

  Result(Error error) : state_(std::move(error)) {}  // NOLINT: implicit on purpose
  template <typename U = T>
  requires(std::is_constructible_v<T, U&&> && !std::is_same_v<std::decay_t<U>, Result> &&
           !std::is_same_v<std::decay_t<U>, Error>) Result(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}  // NOLINT

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  const T& value() const& {
    assert(ok());
    return std::get<0>(state_);
  }
  T& value() & {
    assert(ok());
    return std::get<0>(state_);
  }
  T&& value() && {
    assert(ok());
    return std::get<0>(std::move(state_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const Error& error() const& {
    assert(!ok());
    return std::get<1>(state_);
  }
  Error&& error() && {
    assert(!ok());
    return std::get<1>(std::move(state_));
  }

 private:
  std::variant<T, Error> state_;
};

using Status = Result<Unit>;
inline Status Ok() { return Unit{}; }

// The only two macros. EQN_TRY(const X x, Call()) binds the value or returns the error;
// EQN_CHECK(Call()) goes on or returns the error.
#define EQN_CONCAT_INNER(a, b) a##b
#define EQN_CONCAT(a, b) EQN_CONCAT_INNER(a, b)
#define EQN_TRY(declaration, ...) \
  EQN_TRY_IMPL(EQN_CONCAT(eqn_try_, __LINE__), declaration, __VA_ARGS__)
#define EQN_TRY_IMPL(name, declaration, ...)      \
  auto name = (__VA_ARGS__);                      \
  if (!name.ok()) return std::move(name).error(); \
  declaration = std::move(name).value()
#define EQN_CHECK(...) EQN_CHECK_IMPL(EQN_CONCAT(eqn_check_, __LINE__), __VA_ARGS__)
#define EQN_CHECK_IMPL(name, ...)                   \
  do {                                              \
    auto name = (__VA_ARGS__);                      \
    if (!name.ok()) return std::move(name).error(); \
  } while (false)

}  // namespace equinode
