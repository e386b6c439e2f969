# What `cmake --install` puts where.
install(TARGETS kipthoi kipthoi-ingest kipthoi-scorer kipthoi-notifier RUNTIME)
install(FILES deploy/kipthoi.conf.sample TYPE DOC)
install(DIRECTORY schema DESTINATION "${CMAKE_INSTALL_DATADIR}/kipthoi")
install(FILES README.md ARCHITECTURE.md CONTRIBUTING.md SECURITY.md LICENSE docs/protocol.md docs/feed.md docs/mapping.md
    docs/operations.md docs/glossary.md docs/event.schema.json docs/rules.md docs/rules-data.md docs/calendar.md
    docs/targets.md docs/letters.md docs/alerts.md docs/deliveries.md TYPE DOC)
# What people load and edit.
install(DIRECTORY deploy/calendars deploy/codes deploy/letters deploy/procedures deploy/rules deploy/targets
    DESTINATION "${CMAKE_INSTALL_DATADIR}/kipthoi")
install(FILES deploy/ladder.csv deploy/recipients.sample.csv DESTINATION "${CMAKE_INSTALL_DATADIR}/kipthoi")
install(DIRECTORY docs/examples TYPE DOC FILES_MATCHING PATTERN "*.c" PATTERN "*.py")

# The units name their program by its path, which is known only now: --prefix may differ from the configured one.
install(CODE "set(units \"${CMAKE_CURRENT_SOURCE_DIR}/deploy/systemd\")
set(made \"${CMAKE_BINARY_DIR}/systemd\")
set(programs \"${CMAKE_INSTALL_BINDIR}\")")
install(CODE [[
file(GLOB files "${units}/*.service" "${units}/*.target")
foreach(file IN LISTS files)
    get_filename_component(name "${file}" NAME)
    file(READ "${file}" text)
    string(REPLACE "ExecStart=kipthoi-" "ExecStart=${CMAKE_INSTALL_PREFIX}/${programs}/kipthoi-" text "${text}")
    string(REPLACE "file:/usr/local/" "file:${CMAKE_INSTALL_PREFIX}/" text "${text}")
    file(WRITE "${made}/${name}" "${text}")
    file(INSTALL "${made}/${name}" DESTINATION "${CMAKE_INSTALL_PREFIX}/lib/systemd/system")
endforeach()]])
