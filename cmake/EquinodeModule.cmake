# How every room of the tree is built: one folder, one target, its list in its own CMakeLists.txt.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(EQUINODE_CCACHE ccache)
if(EQUINODE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The sloppiness is what ccache asks for before it keeps what was compiled with a precompiled header.
  set(launcher "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${EQUINODE_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${launcher}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${launcher}")
endif()

# lld links the gRPC binaries several times faster than bfd; any linker gives the same program.
find_program(EQUINODE_LLD ld.lld)
if(EQUINODE_LLD)
  add_link_options(-fuse-ld=lld)
endif()

if(EQUINODE_SANITIZE)
  add_compile_options(-fsanitize=${EQUINODE_SANITIZE} -fno-omit-frame-pointer -O1)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-g1)
  else()
    add_compile_options(-gline-tables-only)
  endif()
  if(EQUINODE_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
  add_link_options(-fsanitize=${EQUINODE_SANITIZE})
else()
  add_compile_options(-O2)
endif()

# libFuzzer finds its way by the edges that an input takes: all code counts them, the targets alone have its main().
if(EQUINODE_LIBFUZZER)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Hardening that costs next to nothing; our own code is strict, generated code is not ours.
add_compile_options(-fstack-protector-strong)
set(EQUINODE_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wconversion
    -Wno-sign-conversion -Wno-missing-field-initializers -Werror)

# Files of one target compiled as one, six at a time: what they read and instantiate alike is done once, which takes a
# third off a cold build. So names in their unnamed namespaces must differ. OFF is quicker for whoever edits one file.
option(EQUINODE_TOGETHER "Compile the files of a room together" ON)
function(equinode_together target)
  if(EQUINODE_TOGETHER)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")  # It takes a file that is included for a header.
      target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
    endif()
  endif()
endfunction()

# equinode_module(<name> SOURCES <files>... [DEPENDS <targets>...] [PRIVATE <targets>...] [TOGETHER])
# makes library equinode_<name> with the alias equinode::<name>. Includes are full paths from the root.
function(equinode_module name)
  cmake_parse_arguments(M "TOGETHER" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  if(M_SOURCES)
    add_library(equinode_${name} STATIC ${M_SOURCES})
    target_include_directories(equinode_${name} PUBLIC "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
    target_compile_options(equinode_${name} PRIVATE ${EQUINODE_WARNINGS})
    target_link_libraries(equinode_${name} PUBLIC ${M_DEPENDS} PRIVATE ${M_PRIVATE})
    if(M_TOGETHER)
      equinode_together(equinode_${name})
    endif()
  else()
    add_library(equinode_${name} INTERFACE)
    target_include_directories(equinode_${name} INTERFACE "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
    target_link_libraries(equinode_${name} INTERFACE ${M_DEPENDS})
  endif()
  add_library(equinode::${name} ALIAS equinode_${name})
endfunction()

# equinode_data(<name> <variable-prefix> FILES <files>...) embeds data files: a header
# "<current dir>/<name>.h" with one std::string_view a file, found as k<CamelCaseFileName>.
function(equinode_data target name)
  cmake_parse_arguments(D "" "NAMESPACE" "FILES" ${ARGN})
  file(RELATIVE_PATH here "${PROJECT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
  set(out "${PROJECT_BINARY_DIR}/${here}/${name}.h")
  list(TRANSFORM D_FILES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" OUTPUT_VARIABLE inputs)
  string(REPLACE ";" "|" joined "${inputs}")
  add_custom_command(OUTPUT "${out}"
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DNAMESPACE=${D_NAMESPACE} "-DFILES=${joined}"
            -P "${PROJECT_SOURCE_DIR}/cmake/EmbedData.cmake"
    DEPENDS ${inputs} "${PROJECT_SOURCE_DIR}/cmake/EmbedData.cmake" VERBATIM)
  target_sources(${target} PRIVATE "${out}")
endfunction()

# The headers that every test includes are read once (tests/precompiled.h): half of what compiling the tests took.
# Tests need no more than -O1: what they check is compiled as it ships. At -O1 GCC 12's warnings that follow the flow of
# values are wrong about std::string.
function(equinode_test_precompiled)
  add_executable(equinode_test_headers EXCLUDE_FROM_ALL ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../tests/precompiled.cc)
  equinode_test_options(equinode_test_headers)
  target_link_libraries(equinode_test_headers PRIVATE GTest::gmock)
  target_precompile_headers(equinode_test_headers PRIVATE <tests/precompiled.h>)
endfunction()

function(equinode_test_options target)
  target_compile_options(${target} PRIVATE ${EQUINODE_WARNINGS} -O1 -Wno-maybe-uninitialized -Wno-array-bounds
    -Wno-stringop-overflow -Wno-stringop-overread -Wno-restrict)
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
endfunction()

# equinode_test(<room> SOURCES <files>... [DEPENDS <targets>...] [LABELS ...] [TIMEOUT s])
# makes <room>_test; CTest names begin with the room.
function(equinode_test room)
  cmake_parse_arguments(T "" "TIMEOUT" "SOURCES;DEPENDS;LABELS" ${ARGN})
  string(REPLACE "." "_" target "${room}")
  add_executable(${target}_test ${T_SOURCES})
  equinode_test_options(${target}_test)
  target_precompile_headers(${target}_test REUSE_FROM equinode_test_headers)
  equinode_together(${target}_test)
  target_link_libraries(${target}_test PRIVATE ${T_DEPENDS} GTest::gmock GTest::gtest_main)
  set_property(GLOBAL APPEND PROPERTY EQUINODE_TESTS ${target}_test)
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 300)
  endif()
  if(EQUINODE_SANITIZE)
    math(EXPR T_TIMEOUT "5 * ${T_TIMEOUT}")  # What a sanitizer costs.
  endif()
  gtest_discover_tests(${target}_test TEST_PREFIX "${room}." DISCOVERY_TIMEOUT 120
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    PROPERTIES TIMEOUT ${T_TIMEOUT} LABELS "${T_LABELS}")
endfunction()

# equinode_bench(<name> SOURCES ... DEPENDS ...) makes bench_<name>; './dev bench' runs them all.
function(equinode_bench name)
  cmake_parse_arguments(B "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(bench_${name} ${B_SOURCES})
  target_compile_options(bench_${name} PRIVATE ${EQUINODE_WARNINGS})
  target_include_directories(bench_${name} PRIVATE "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
  target_link_libraries(bench_${name} PRIVATE ${B_DEPENDS})
  set_property(GLOBAL APPEND PROPERTY EQUINODE_BENCHES bench_${name})
endfunction()

# equinode_fuzz(<name> SOURCES fuzz_x.cc DEPENDS ... [CORPUS dir]) makes fuzz_<name>: with libFuzzer in
# the fuzz preset, else a driver (tests/fuzz/driver.cc) that replays the corpus and mutates it for a while.
function(equinode_fuzz name)
  cmake_parse_arguments(F "" "CORPUS" "SOURCES;DEPENDS" ${ARGN})
  add_executable(fuzz_${name} ${F_SOURCES})
  target_compile_options(fuzz_${name} PRIVATE ${EQUINODE_WARNINGS})
  target_include_directories(fuzz_${name} PRIVATE "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
  target_link_libraries(fuzz_${name} PRIVATE ${F_DEPENDS})
  if(EQUINODE_LIBFUZZER)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(fuzz_${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests/fuzz/driver.cc")
  endif()
  add_test(NAME fuzz.${name} COMMAND fuzz_${name} "${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name}")
  set_tests_properties(fuzz.${name} PROPERTIES TIMEOUT 300)
endfunction()
