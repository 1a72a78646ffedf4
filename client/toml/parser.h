// toml++ as every room here uses it: without exceptions, and without its assertions, which a broken
// text does not keep: the library then says by itself what is wrong. Its input goes through
// AsciiToml first.
#pragma once

#define TOML_ASSERT(expr) static_assert(true)
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 0  // Its code is in parser.cc.
#include <toml++/toml.h>
