// The parser's code, once for the whole tree.
#define TOML_IMPLEMENTATION
#include "client/toml/parser.h"
