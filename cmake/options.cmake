# Compiler options: they live on one target, kipthoi_options, and nowhere else.
option(KIPTHOI_WERROR "Warnings are errors" OFF)
option(KIPTHOI_SANITIZE "Address and undefined-behaviour sanitizers" OFF)
option(KIPTHOI_COVERAGE "Line coverage" OFF)
option(KIPTHOI_FUZZ "libFuzzer targets (clang)" OFF)

add_library(kipthoi_options INTERFACE)
target_compile_features(kipthoi_options INTERFACE c_std_11)
target_compile_definitions(kipthoi_options INTERFACE _GNU_SOURCE)
target_compile_options(kipthoi_options INTERFACE
    -Wall -Wextra -Wshadow -Wconversion -Wformat=2 -Wmissing-prototypes -Werror=implicit-fallthrough
    -fstack-protector-strong)
target_include_directories(kipthoi_options INTERFACE "${CMAKE_SOURCE_DIR}")
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
    target_compile_definitions(kipthoi_options INTERFACE _FORTIFY_SOURCE=2)
endif()
# Where tests let programs die (common/fault.h); release has no such points.
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
    target_compile_definitions(kipthoi_options INTERFACE KIPTHOI_FAULTS)
endif()
if(KIPTHOI_WERROR)
    target_compile_options(kipthoi_options INTERFACE -Werror)
endif()
if(KIPTHOI_SANITIZE)
    target_compile_options(kipthoi_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
    target_link_options(kipthoi_options INTERFACE -fsanitize=address,undefined)
endif()
if(KIPTHOI_COVERAGE)
    target_compile_options(kipthoi_options INTERFACE --coverage -O0)
    target_link_options(kipthoi_options INTERFACE --coverage)
endif()
if(KIPTHOI_FUZZ)
    target_compile_options(kipthoi_options INTERFACE -fsanitize=fuzzer-no-link,address,undefined)
    target_link_options(kipthoi_options INTERFACE -fsanitize=address,undefined)
endif()
