# What `cmake --install` puts where.
install(TARGETS kipthoi kipthoi-ingest kipthoi-scorer kipthoi-notifier RUNTIME)
install(FILES deploy/kipthoi.conf.sample TYPE DOC)
install(DIRECTORY schema DESTINATION "${CMAKE_INSTALL_DATADIR}/kipthoi")
install(DIRECTORY deploy/systemd/ DESTINATION lib/systemd/system FILES_MATCHING PATTERN "*.service" PATTERN "*.target")
install(FILES README.md ARCHITECTURE.md SECURITY.md LICENSE docs/protocol.md docs/feed.md docs/mapping.md docs/operations.md
    docs/glossary.md TYPE DOC)
