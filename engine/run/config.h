/**
 * @file config.h
 * tidewaiter.yaml and --set: text that changes settings.
 *
 * YAML is read by libyaml's events and typed by the settings table: `NO`, `0930` and `on` are texts until a row says otherwise. `${NAME}` and
 * `${NAME:-default}` in a value are taken from the environment, `$$` is a dollar. Unknown keys, keys stated twice, aliases and a
 * second document are errors with file, line and column.
 */
#ifndef TIDEWAITER_ENGINE_RUN_CONFIG_H
#define TIDEWAITER_ENGINE_RUN_CONFIG_H

#include "engine/run/settings.h"

/** @return TW_OK; TW_E_MISSING, TW_E_IO, TW_E_SYNTAX, TW_E_UNKNOWN, TW_E_TYPE, TW_E_RANGE, TW_E_CONFLICT, TW_E_LIMIT, all stop */
TW_MUST_USE enum tw_code tw_config_read(struct tw_settings *settings, const char *path, struct tw_error *err);
/** As tw_config_read, from bytes. @param name for messages @param folder prefix of relative paths, "" for none */
TW_MUST_USE enum tw_code tw_config_parse(struct tw_settings *settings, struct tw_slice yaml, const char *name, const char *folder,
                                         struct tw_error *err);
/**
 * "path=value" from the command line. A collection's value is YAML in one line (`lists=[{id: un-sc, format: un-xml, path: un.xml}]`); one
 * entry of a mapping is set by its own path (`kafka.properties.debug=all`, `score.caps.certificate=80`); paths may be given plainly.
 */
TW_MUST_USE enum tw_code tw_config_set(struct tw_settings *settings, const char *assignment, struct tw_error *err);

#endif
