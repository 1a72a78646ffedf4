# Everything outside our purpose comes from Debian 12. ./dev setup installs each of these.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
find_package(simdjson REQUIRED)
pkg_check_modules(PROTOBUF REQUIRED IMPORTED_TARGET protobuf)
pkg_check_modules(GRPCPP REQUIRED IMPORTED_TARGET grpc++)
pkg_check_modules(SQLCIPHER REQUIRED IMPORTED_TARGET sqlcipher)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(ARGON2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(GMP REQUIRED IMPORTED_TARGET gmp)
pkg_check_modules(MPFR REQUIRED IMPORTED_TARGET mpfr)
pkg_check_modules(CLP REQUIRED IMPORTED_TARGET clp)
find_program(PROTOC protoc REQUIRED)

# pkg-config reports SQLite's version for SQLCipher, so the library itself is asked.
if(NOT EQUINODE_SQLCIPHER_CHECKED)
  try_run(sqlcipher_ok sqlcipher_built "${CMAKE_BINARY_DIR}/check-sqlcipher"
    "${PROJECT_SOURCE_DIR}/cmake/check_sqlcipher.cc"
    CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${SQLCIPHER_INCLUDE_DIRS}"
    LINK_LIBRARIES PkgConfig::SQLCIPHER RUN_OUTPUT_VARIABLE sqlcipher_says)
  string(STRIP "${sqlcipher_says}" sqlcipher_says)
  if(NOT sqlcipher_built OR NOT sqlcipher_ok EQUAL 0)
    message(FATAL_ERROR "SQLCipher 4.6 or newer is needed, found: '${sqlcipher_says}'. "
                        "Run ./dev setup: it takes it from bookworm-backports.")
  endif()
  message(STATUS "SQLCipher ${sqlcipher_says}")
  set(EQUINODE_SQLCIPHER_CHECKED TRUE CACHE INTERNAL "")
endif()
