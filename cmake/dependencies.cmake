# Libraries, all from Debian 12 (deploy/packages).  Versions below are the oldest that are safe to use.
find_package(PkgConfig REQUIRED)
pkg_check_modules(ZMQ REQUIRED IMPORTED_TARGET "libzmq>=4.3.3")
# Its "-isystem …/mit-krb5" CMake 3.25 takes for a folder when it configures a build for the first time and for an option
# from then on, so that the second build would compile everything again.  zmq.h needs nothing from there.
get_target_property(ZMQ_FOLDERS PkgConfig::ZMQ INTERFACE_INCLUDE_DIRECTORIES)
if(ZMQ_FOLDERS)
    list(FILTER ZMQ_FOLDERS EXCLUDE REGEX "krb5")
    set_target_properties(PkgConfig::ZMQ PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${ZMQ_FOLDERS}")
endif()
set_target_properties(PkgConfig::ZMQ PROPERTIES INTERFACE_COMPILE_OPTIONS "")
pkg_check_modules(PQ REQUIRED IMPORTED_TARGET "libpq>=15")
pkg_check_modules(CJSON REQUIRED IMPORTED_TARGET "libcjson>=1.7.15")
pkg_check_modules(MHD REQUIRED IMPORTED_TARGET libmicrohttpd)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
# 7.88: names beyond ASCII in URLs (CURLU_PUNYCODE), and attempts that end without waiting for a silent name server.
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET "libcurl>=7.88")
pkg_check_modules(INIH REQUIRED IMPORTED_TARGET inih)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
# 2.5.0 as Debian 12 mends it; older ones have holes that a log could use.
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET "expat>=2.5")
find_library(CSV_LIBRARY csv REQUIRED)
# Letters: structure tags and outlines came with cairo 1.16, line breaking by attribute with pango 1.50.
pkg_check_modules(CAIRO_PDF REQUIRED IMPORTED_TARGET "cairo-pdf>=1.16")
pkg_check_modules(PANGOCAIRO REQUIRED IMPORTED_TARGET "pangocairo>=1.50")
pkg_check_modules(PANGOFT2 REQUIRED IMPORTED_TARGET "pangoft2>=1.50")
pkg_check_modules(FONTCONFIG REQUIRED IMPORTED_TARGET fontconfig)
